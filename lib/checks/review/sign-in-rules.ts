import { listed } from '../../access/rights-in-words';
import { isTrueOf } from '../../cel/condition';
import { expressionFacts } from '../../cel/expression';
import type { Client, Cluster, Config } from '../../config/config';
import { keyAt } from '../../findings/finding';
import { listOf, mapAt, own, scalarText } from '../../guards';
import { authenticators } from '../../identity/authenticator';
import { loopbackUrls } from '../../identity/redirects';
import { serverVersion } from '../../identity/server-version';
import { certificateAuthorities } from '../../upstream/control-planes';
import {
  has as hasInKanidm,
  refusesLoopbackBesideHttps,
  since,
  stable,
  stopsLoopbackRedirects,
} from '../../upstream/kanidm-versions';
import { has } from '../../upstream/kubernetes';
import { publicIssuers } from '../../upstream/public-issuers';
import { clientMappings } from '../config/placed-mappings';
import type { Rule, RuleFinding } from './review-rule';

const legacyCrypto: Rule = {
  code: 'legacy-crypto',
  onConfig: ({ config }) =>
    [...config.clients.values()]
      .filter(({ name, legacyCrypto: isLegacy }) => isLegacy && isForKubernetes(config, name))
      .map(({ name, path }) => ({
        place: { path: [...path, 'legacyCrypto'] },
        message: `tokens of client ${name} are signed with RS256, but Kubernetes also supports ES256, the default of Kanidm`,
        fix: 'remove `legacyCrypto`',
      })),
};

/**
 * Whether API servers trust a client and all of them accept ES256. All API servers except those of EKS accept it. If no
 * API server trusts the client, the result is `false`: the client belongs to another program, which may need RS256.
 */
function isForKubernetes({ clusters }: Config, name: string): boolean {
  const trusting = [...clusters.values()].filter(({ client, trust }) => client === name || trust.includes(name));
  return trusting.length > 0 && trusting.every(({ controlPlane }) => controlPlane !== 'eks');
}

/** What an AuthenticationConfiguration accepts and allows, compared with flags. */
function advantages({ controlPlane }: Cluster): string {
  const algorithms = 'ES256 and RS256 without a setting';
  const names = 'refuses names that begin with system:';
  // RKE2, Talos and Cluster API restart the API server or the node to change the file.
  return ['kubeadm', 'k3s', 'k0s', 'flags'].includes(controlPlane)
    ? `${algorithms}, ${names}, and can be changed without a restart of the API server`
    : `${algorithms}, and ${names}`;
}

const structured: Rule = {
  code: 'structured-available',
  // No version of EKS accepts an AuthenticationConfiguration.
  onCluster: ({ cluster }) =>
    cluster.controlPlane !== 'eks' &&
    cluster.authentication.method === 'flags' &&
    has(cluster.kubernetes, 'structuredV1beta1')
      ? [
          {
            place: { path: [...cluster.path, 'authentication'] },
            cluster: cluster.name,
            message: `Kubernetes ${cluster.kubernetes.text} supports the AuthenticationConfiguration, which accepts ${advantages(cluster)}`,
            fix: 'write `authentication: { method: structured }`: an AuthenticationConfiguration then replaces the OIDC flags on every control-plane node',
          },
        ]
      : [],
};

/** Whether Kanidm refuses the loopback URLs of a client because another URL of the client is https. */
function refusesLoopback({ kanidm }: Config, { landingUrl, redirectUrls = [] }: Client): boolean {
  const version = serverVersion(kanidm);
  if (!version || !refusesLoopbackBesideHttps(version)) return false;
  return [landingUrl, ...redirectUrls].some((url) => /^https:/i.test(url));
}

const wideRedirects: Rule = {
  code: 'wide-redirects',
  onConfig: ({ config }) =>
    [...config.clients.values()].flatMap((client): RuleFinding[] => {
      const loopback = loopbackUrls(client);
      if (client.absent || !client.localhostRedirects || loopback.length === 0) return [];
      if (refusesLoopback(config, client)) return [];
      const isForKubelogin = [...config.clusters.values()].some((cluster) => cluster.client === client.name);
      const urls = isForKubelogin
        ? '`http://localhost:8000` and `http://localhost:18000`, which kubelogin tries,'
        : 'the URLs that the program uses';
      return [
        {
          place: { path: [...client.path, 'localhostRedirects'] },
          message: `client ${client.name} allows every loopback port and path, in addition to the loopback ${loopback.length === 1 ? 'URL' : 'URLs'} that it lists`,
          fix: `list ${urls} and remove \`localhostRedirects\``,
        },
      ];
    }),
};

const stoppedRedirect: Rule = {
  code: 'browser-stops-redirect',
  onConfig: ({ config: { kanidm, clients, clusters } }) => {
    const version = serverVersion(kanidm);
    if (!version || !stopsLoopbackRedirects(version)) return [];
    const browsers = [...clusters.values()].filter(({ client, kubeconfig }) => {
      const own = clients.get(client);
      return kubeconfig.signIn === 'browser' && own !== undefined && loopbackUrls(own).length > 0;
    });
    if (browsers.length === 0) return [];
    return [
      {
        place: keyAt(kanidm.version ? ['kanidm', 'version'] : ['kanidm']),
        message: `the pages of Kanidm ${version.text} allow redirects to https addresses only, so Chromium, Chrome and Edge block the redirect to kubelogin at http://localhost`,
        fix: `sign in with Firefox, or upgrade Kanidm one minor version at a time, at least to 1.8 and preferably to ${stable.text} (\`kanidm.version\`)`,
      },
    ];
  },
};

const refusedLoopback: Rule = {
  code: 'loopback-beside-https',
  onConfig: ({ config }) =>
    [...config.clients.values()].flatMap((client): RuleFinding[] => {
      const [first] = loopbackUrls(client);
      if (!first || client.absent || !refusesLoopback(config, client)) return [];
      if (client.type === 'public' && client.localhostRedirects) return [];
      const upgrade = `upgrade Kanidm one minor version at a time, at least to 1.9 and preferably to ${stable.text} (\`kanidm.version\`)`;
      return [
        {
          place: keyAt(client.path),
          message: `Kanidm ${serverVersion(config.kanidm)?.text} refuses sign-ins of client ${client.name} that return to ${first.origin}, because the client also has an https URL`,
          fix: client.type === 'public' ? `${upgrade}; until then, write \`localhostRedirects: true\`` : upgrade,
        },
      ];
    }),
};

const serviceAccounts: Rule = {
  code: 'service-account-version',
  onConfig: ({ config }) => {
    const version = serverVersion(config.kanidm);
    if (!version || hasInKanidm(version, 'ID tokens for service accounts')) return [];
    const grants = [...config.clusters.values()].flatMap((cluster) => cluster.grants);
    const names = [...new Set(grants.flatMap((grant) => grant.serviceAccounts))].sort();
    if (names.length === 0) return [];
    return [
      {
        place: keyAt(config.kanidm.version ? ['kanidm', 'version'] : ['kanidm']),
        message: `Kanidm ${version.text} issues no ID tokens for service accounts, so ${listed(names)} cannot sign in to any cluster`,
        fix: `upgrade Kanidm one minor version at a time, at least to ${since('ID tokens for service accounts')} and preferably to ${stable.text} (\`kanidm.version\`)`,
      },
    ];
  },
};

/**
 * Reports the claim `email`. The rules in `checks/config/` report `preferred_username`, the other claim that can
 * change.
 */
const changeableMail: Rule = {
  code: 'changeable-claim',
  onCluster: ({ config, cluster }) => {
    const trusted = authenticators(config, cluster);
    return clientMappings(cluster, trusted).flatMap(({ mapping, path, clients }): RuleFinding[] => {
      const { claim, username } = mapping;
      const read = username ? expressionFacts(username.expression).claims : new Set([claim]);
      // A name that contains the UUID belongs to one person only.
      if (!read?.has('email') || read.has('sub')) return [];
      const names = clients.map(({ client }) => client.name);
      const where =
        names.length < trusted.length
          ? ` in tokens of ${names.length > 1 ? 'clients' : 'client'} ${listed(names)}`
          : '';
      return [
        {
          place: { path: [...path, ...(username ? ['username', 'expression'] : ['claim'])] },
          cluster: cluster.name,
          severity: 'note',
          message: `user names on ${cluster.name} come from \`email\`${where}: anyone who can set a mail address can become the user of that address`,
          fix: `${username ? 'read `claims.sub`' : 'write `claim: sub`'}, the UUID, which never changes`,
        },
      ];
    });
  },
};

const noAuthority: Rule = {
  code: 'api-server-ca-unknown',
  onCluster: ({ cluster }) => {
    const { name, path, controlPlane, kubeconfig } = cluster;
    const where = certificateAuthorities[controlPlane];
    if (where === undefined || kubeconfig.certificateAuthority) return [];
    return [
      {
        place: keyAt(path),
        cluster: name,
        message: `the API server of ${name} has a certificate from its own CA, but the rendered kubeconfig does not contain that CA: kubectl rejects the certificate unless people add the CA themselves`,
        fix: `write \`kubeconfig: { certificateAuthority: { file: ca.crt } }\`; the file is ${where}`,
      },
    ];
  },
};

/**
 * Whether a rule can refuse the tokens of strangers. Two kinds of rules cannot do this: a rule that is true of the
 * token of a stranger, and a rule that only refuses names of Kubernetes.
 */
const isNarrowing = (rule: unknown, stranger: Readonly<Record<string, string>>): boolean =>
  !isTrueOf(scalarText(mapAt(rule).expression), stranger) &&
  !/^\s*(?:[\w.]+\.all\(\s*\w+\s*,\s*)?!\s*[\w.]+\.startsWith\((['"])system:\1\)\s*\)?\s*$/.test(
    scalarText(mapAt(rule).expression),
  );

const openIssuer: Rule = {
  code: 'public-issuer',
  onCluster: ({ cluster }) => {
    const jwt = cluster.jwt.map((entry, i) => ({
      url: scalarText(mapAt(entry, 'issuer').url),
      path: [...cluster.path, 'jwt', i],
      rules: [...listOf(mapAt(entry).claimValidationRules), ...listOf(mapAt(entry).userValidationRules)],
      fix: (claim: string) => `claimValidationRules: [{ claim: ${claim}, requiredValue: … }]`,
    }));
    const issuers = cluster.issuers.map((one) => ({
      url: one.url,
      path: one.path,
      rules: [
        ...Object.keys(one.requiredClaims),
        ...(one.claimValidationRules ?? []),
        ...(one.userValidationRules ?? []),
      ],
      fix: (claim: string) => `requiredClaims: { ${claim}: … }`,
    }));
    return [...issuers, ...jwt].flatMap(({ url, path, rules, fix }): RuleFinding[] => {
      const open = own(publicIssuers, url);
      if (!open || rules.some((rule) => isNarrowing(rule, open.stranger))) return [];
      const accepts =
        rules.length === 0
          ? `${cluster.name} accepts every such token`
          : `the rules of ${cluster.name} accept such tokens of strangers`;
      return [
        {
          place: keyAt(path),
          cluster: cluster.name,
          message: `everybody with an account can get a token of ${open.service}, and ${accepts}: everybody can then sign in and do what every signed-in user may do`,
          fix: `accept only your own tokens: \`${fix(open.claim)}\``,
        },
      ];
    });
  },
};

export const signInRules: readonly Rule[] = [
  legacyCrypto,
  structured,
  wideRedirects,
  stoppedRedirect,
  refusedLoopback,
  serviceAccounts,
  changeableMail,
  noAuthority,
  openIssuer,
];

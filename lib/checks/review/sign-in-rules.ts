import type { Config } from '../../config/config';
import { keyAt } from '../../findings/finding';
import { authenticators } from '../../identity/authenticator';
import { loopbackUrls } from '../../identity/redirects';
import { serverVersion } from '../../identity/server-version';
import { certificateAuthorities } from '../../upstream/control-planes';
import { stable, stopsLoopbackRedirects } from '../../upstream/kanidm-versions';
import { has } from '../../upstream/kubernetes';
import type { Rule, RuleFinding } from './review-rule';

const legacyCrypto: Rule = {
  code: 'legacy-crypto',
  onConfig: ({ config }) =>
    [...config.clients.values()]
      .filter(({ name, legacyCrypto: isLegacy }) => isLegacy && isForKubernetes(config, name))
      .map(({ name, path }) => ({
        place: { path: [...path, 'legacyCrypto'] },
        message: `tokens of client ${name} are signed with RS256, which is meant for programs that do not support ES256; Kubernetes does`,
        fix: 'remove `legacyCrypto`',
      })),
};

/** Whether the API servers that trust a client take ES256: all but those of EKS do. Other programs may need RS256. */
function isForKubernetes({ clusters }: Config, name: string): boolean {
  const trusting = [...clusters.values()].filter(({ client, trust }) => client === name || trust.includes(name));
  return trusting.length > 0 && trusting.every(({ controlPlane }) => controlPlane !== 'eks');
}

const structured: Rule = {
  code: 'structured-available',
  onCluster: ({ cluster }) =>
    cluster.authentication.method === 'flags' && has(cluster.kubernetes, 'structuredV1beta1')
      ? [
          {
            place: { path: [...cluster.path, 'authentication'] },
            cluster: cluster.name,
            message: `Kubernetes ${cluster.kubernetes.text} supports the AuthenticationConfiguration, which accepts every algorithm, refuses names that begin with system:, and reloads without a restart`,
            fix: 'write `method: structured`; the file replaces the flags on every control-plane node',
          },
        ]
      : [],
};

const wideRedirects: Rule = {
  code: 'wide-redirects',
  onConfig: ({ config }) =>
    [...config.clients.values()].flatMap((client): RuleFinding[] => {
      const loopback = loopbackUrls(client);
      if (!client.localhostRedirects || loopback.length === 0) return [];
      const isForKubelogin = [...config.clusters.values()].some((cluster) => cluster.client === client.name);
      const urls = isForKubelogin
        ? '`http://localhost:8000` and `http://localhost:18000`, which kubelogin tries,'
        : 'the URLs that the program uses';
      return [
        {
          place: { path: [...client.path, 'localhostRedirects'] },
          message: `client ${client.name} allows every loopback port and path, besides the ${loopback.length === 1 ? 'one' : loopback.length} that it lists`,
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
        message: `the pages of Kanidm ${version.text} allow redirects to https addresses only, so Chromium, Chrome and Edge stop the way back to kubelogin at http://localhost`,
        fix: `sign in with Firefox, or write \`kanidm.version: "${stable.text}"\`, one minor version at a time; 1.8 and later allow it`,
      },
    ];
  },
};

/** The other claim that can change, `preferred_username`, is a warning of the config itself. */
const changeableMail: Rule = {
  code: 'changeable-claim',
  onCluster: ({ config, cluster }) => {
    const [own] = authenticators(config, cluster);
    if (own?.username.claim !== 'email') return [];
    return [
      {
        place: { path: [...cluster.path, 'authentication', 'claim'] },
        cluster: cluster.name,
        severity: 'note',
        message: `user names on ${cluster.name} come from \`email\`: whoever can change a mail address becomes the user it belonged to`,
        fix: 'write `claim: sub`, the UUID, which never changes',
      },
    ];
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
        message: `the API server of ${name} has a certificate from its own CA, and the rendered kubeconfig does not hold that CA: kubectl refuses the certificate unless people add the CA to their own kubeconfig`,
        fix: `write \`kubeconfig: { certificateAuthority: { file: ca.crt } }\`; the file is ${where}`,
      },
    ];
  },
};

export const signInRules: readonly Rule[] = [
  legacyCrypto,
  structured,
  wideRedirects,
  stoppedRedirect,
  changeableMail,
  noAuthority,
];

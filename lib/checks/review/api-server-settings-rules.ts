import { nearest } from '../../config/nearest';
import { type Issuer, issuersIn } from '../../existing/api-server-issuers';
import { apiServerArguments } from '../../existing/read-carrier';
import type { Json } from '../../guards';
import { type Authenticator, authenticators } from '../../identity/authenticator';
import { signingAlgorithms } from '../../upstream/kubernetes';
import type { ClusterView, Rule, RuleFinding } from './review-rule';

/*
 * Compares the OIDC settings of API servers in hand-written files with the config. After most mistakes, logins fail
 * with a 401 or people have no rights. If the reason is shown at all, it is only in the log of the server.
 */

type Compare = (settings: Issuer, ours: Authenticator) => Pick<RuleFinding, 'message' | 'fix'> | undefined;

const compared =
  (compare: Compare) =>
  (view: ClusterView): RuleFinding[] =>
    each(view, (settings, trusted) => {
      const ours = trusted.find(({ issuer }) => issuer === settings.url);
      return ours && compare(settings, ours);
    });

function each(
  { config, cluster, manifests }: ClusterView,
  compare: (settings: Issuer, trusted: readonly Authenticator[]) => Pick<RuleFinding, 'message' | 'fix'> | undefined,
): RuleFinding[] {
  if (manifests.length === 0) return [];
  const trusted = authenticators(config, cluster);
  return manifests.flatMap(({ object, file, line }) =>
    issuersIn(object).flatMap((settings) => {
      const difference = compare(settings, trusted);
      return difference
        ? [{ ...difference, place: { path: cluster.path, manifest: { file, line } }, cluster: cluster.name }]
        : [];
    }),
  );
}

/**
 * Reports settings with which kube-apiserver exits at once. They were tried on 1.34.4 and 1.37.2. An empty or absent
 * value is ignored, because the file can be a patch.
 */
const start: Rule = {
  code: 'api-server-start',
  readsManifests: true,
  onConfig: ({ manifests }) =>
    manifests.flatMap(({ object, file, line }) =>
      whyNotStarted(object).map((one) => ({ ...one, place: { path: [], manifest: { file, line } } })),
    ),
};

function whyNotStarted(object: Json): Pick<RuleFinding, 'message' | 'fix'>[] {
  const args = apiServerArguments(object);
  const flag = [...(args ?? [])].find(([name, values]) => name.startsWith('oidc-') && values.some(Boolean))?.[0];
  const isTwofold = flag !== undefined && args?.get('authentication-config')?.some(Boolean) === true;
  const both = {
    message: `kube-apiserver does not start with both --authentication-config and --${flag}`,
    fix: 'remove the `oidc-*` arguments, or `authentication-config`',
  };
  const issuers = issuersIn(object);
  const plain = issuers.filter(({ url }) => /^http:/i.test(url));
  // A space counts: kube-apiserver does not know ` ES256`.
  const names = (args?.get('oidc-signing-algs') ?? []).flatMap((one) => one.split(','));
  const unknown = names.filter((name) => /^ *[A-Za-z]+\d* *$/.test(name) && !signingAlgorithms.includes(name));
  return [
    ...(isTwofold ? [both] : []),
    ...plain.map(({ url }) => ({
      message: `kube-apiserver does not start with the issuer ${url}, because it is not https`,
      fix: `write \`${url.replace(/^http:/i, 'https:')}\``,
    })),
    ...unknown.map((name) => ({
      message: `kube-apiserver does not start with the signing algorithm \`${name}\`, which it does not know`,
      fix: `write one or more of ${signingAlgorithms.join(', ')}, separated by commas without spaces`,
    })),
  ];
}

const algorithm: Rule = {
  code: 'api-server-algorithm',
  readsManifests: true,
  onCluster: compared(({ algorithms }, { signingAlgorithm, client }) => {
    if (!algorithms || algorithms.includes(signingAlgorithm)) return undefined;
    return {
      message: `this API server accepts ${algorithms.join(', ')}, but Kanidm signs with ${signingAlgorithm} for client ${client.name}: every login fails`,
      fix: `write \`--oidc-signing-algs=${signingAlgorithm}\``,
    };
  }),
};

const issuer: Rule = {
  code: 'api-server-issuer',
  readsManifests: true,
  onCluster: (view) =>
    each(view, (settings, trusted) => {
      const issuers = trusted.map((one) => one.issuer);
      if (issuers.includes(settings.url)) return undefined;
      const domain = (url: string) => (URL.canParse(url) ? new URL(url).hostname : url).toLowerCase();
      const related = issuers.some((one) => domain(one) === domain(settings.url));
      const near = nearest(settings.url, issuers);
      if (!related && near === undefined) return undefined;
      const slash = settings.url.endsWith('/') ? ': it ends in a slash, but the issuer of Kanidm does not' : '';
      return {
        message: `this API server trusts the issuer ${settings.url}, but in the config, ${view.cluster.name} trusts no client of Kanidm with this issuer${slash}; issuers are compared byte for byte`,
        fix: `write \`${near ?? issuers[0]}\``,
      };
    }),
};

const audience: Rule = {
  code: 'api-server-audience',
  readsManifests: true,
  onCluster: compared(({ audiences }, ours) => {
    if (audiences.includes(ours.audience)) return undefined;
    return {
      message: `this API server expects the audience ${audiences.join(', ') || '(none)'}, but tokens of client ${ours.client.name} have the audience ${ours.audience}`,
      fix: `write the client id \`${ours.audience}\``,
    };
  }),
};

const username: Rule = {
  code: 'api-server-username',
  readsManifests: true,
  onCluster: compared(({ username: theirs }, { username: ours }) => {
    if (
      theirs?.claim === undefined ||
      ours.claim === undefined ||
      (theirs.claim === ours.claim && theirs.prefix === ours.prefix)
    )
      return undefined;
    return {
      message: `this API server takes user names from the claim ${theirs.claim} with ${quoted(theirs.prefix)}, but the bindings use ${ours.claim} with ${quoted(ours.prefix)}`,
      fix: 'use the same claim and prefix in both: apply the rendered settings, or change `authentication` of the cluster',
    };
  }),
};

const groups: Rule = {
  code: 'api-server-groups',
  readsManifests: true,
  onCluster: compared((settings, { groups: ours }) => {
    const { groups: theirs } = settings;
    if (ours?.claim === undefined || (theirs && theirs.claim === undefined)) return undefined;
    if (theirs?.claim === ours.claim && theirs.prefix === ours.prefix && ours.separator === undefined) return undefined;
    const them = theirs ? `the claim ${theirs.claim} with ${quoted(theirs.prefix)}` : 'no claim';
    if (ours.separator !== undefined && theirs?.claim === ours.claim) {
      return {
        message: `the claim ${ours.claim} is a single string, which this API server reads as one group`,
        fix: 'apply the rendered settings, which split the string with an expression',
      };
    }
    return {
      message: `this API server takes group names from ${them}, but the bindings use ${ours.claim} with ${quoted(ours.prefix)}`,
      fix: 'use the same claim and prefix in both: apply the rendered settings, or change `authentication.groups` of the cluster',
    };
  }),
};

const quoted = (prefix: string) => (prefix === '' ? 'no prefix' : `the prefix ${prefix}`);

export const apiServerRules: readonly Rule[] = [start, algorithm, issuer, audience, username, groups];

import type { Authentication, Cluster } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { mapAt, scalarText } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';
import { has, since } from '../../upstream/kubernetes';
import { configFinding } from './config-codes';
import { jwtEntry } from './jwt-rules';

/** The settings of an API server, with the issuers that it trusts in addition to the clients of Kanidm. */
export interface Trusting extends Pick<Cluster, 'path' | 'kubernetes' | 'issuers' | 'jwt'> {
  readonly authentication: Pick<Authentication, 'method' | 'clients'>;
}

/** Reports issuers with which kube-apiserver would not start. */
export function issuers(cluster: Trusting, trusted: readonly Authenticator[]): Finding[] {
  const { path, issuers: others, jwt, authentication } = cluster;
  if (authentication.method === 'flags') {
    const message = (what: string) =>
      `\`${what}\` adds issuers, but flags configure only one issuer: that of the cluster's client`;
    const fix = 'write `authentication: { method: structured }`';
    return [
      ...(others.length > 0
        ? [configFinding('issuers-flags', keyAt([...path, 'issuers']), message('issuers'), fix)]
        : []),
      ...(jwt.length > 0 ? [configFinding('issuers-flags', keyAt([...path, 'jwt']), message('jwt'), fix)] : []),
    ];
  }
  return [
    ...others.flatMap(({ url, discoveryUrl, path: at }) => [
      ...address(url, [...at, 'url'], ofIssuer),
      ...(discoveryUrl === undefined ? [] : discovery(url, discoveryUrl, [...at, 'discoveryUrl'])),
    ]),
    ...entries(cluster),
    ...serviceAccounts(cluster),
    ...repeated(cluster, trusted),
    ...tooMany(cluster, trusted.length),
    ...egress(cluster),
  ];
}

/**
 * Checks the URL of an issuer, or its discovery URL, with the rules of kube-apiserver.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/apis/apiserver/validation/validation.go
 * (validateURL)
 */
function address(url: string, at: Path, fix: string): Finding[] {
  const problem = !URL.canParse(url)
    ? 'is not a URL'
    : !/^https:\/\//i.test(url)
      ? 'is not https'
      : /^https:\/\/[^/?#]*@/i.test(url)
        ? 'has a user name or password'
        : /[?#]/.test(url)
          ? 'has a query or a fragment'
          : /%(?![0-9a-f]{2})/i.test(url)
            ? 'has a `%` without two hexadecimal digits'
            : /[\t\n\r\v\f]|^https:\/\/[^/]*[ `{}|^\\]/i.test(url)
              ? 'has a character that a URL cannot have there'
              : undefined;
  if (problem === undefined) return [];
  const message = `\`${url}\` ${problem}, so the API server would not start`;
  return [configFinding('issuer-url', at, message, fix)];
}

const ofIssuer =
  'write the value that the claim `iss` has in the tokens of this issuer, for example `https://ci.example.com`';

const bare = (url: string): string => url.replace(/\/+$/, '');

function discovery(url: string, discoveryUrl: string, at: Path): Finding[] {
  const fix = 'write the https address of the discovery document';
  if (bare(url) !== bare(discoveryUrl)) return address(discoveryUrl, at, fix);
  const field = at.at(-1);
  const message = `\`${field}\` is the same as the URL of the issuer, which Kubernetes refuses`;
  const same = `remove \`${field}\`, or write the whole address of the discovery document`;
  return [configFinding('issuer-url', at, message, same)];
}

/**
 * Checks the entries of `jwt`, which are rendered unchanged. The API server selects the entry for a token by the
 * entry's URL.
 */
const entries = ({ jwt, path, kubernetes }: Trusting): Finding[] =>
  jwt.flatMap((entry, i) => {
    const { url, discoveryURL } = mapAt(entry, 'issuer');
    const discoveryUrl = scalarText(discoveryURL);
    const at = [...path, 'jwt', i];
    if (typeof url === 'string' && url !== '') {
      const message = `Kaniflux renders the entry for \`${url}\` unchanged and does not know the users of this issuer: one of them may have the same user name as somebody else`;
      const fix = 'move the issuer to `issuers`, if the fields there are enough';
      return [
        ...address(url, [...at, 'issuer', 'url'], ofIssuer),
        ...(discoveryUrl === '' ? [] : discovery(url, discoveryUrl, [...at, 'issuer', 'discoveryURL'])),
        ...jwtEntry(entry, at, kubernetes),
        configFinding('names-not-known', at, message, fix),
      ];
    }
    return [configFinding('issuer-url', at, 'the entry has no `issuer.url`', 'write the URL of the issuer')];
  });

/**
 * Reports the URL that is the issuer of service account tokens by default. kube-apiserver refuses its own issuer in an
 * AuthenticationConfiguration.
 */
const serviceAccounts = ({ issuers: others, jwt, path }: Trusting): Finding[] =>
  [
    ...others.map(({ url, path: at }) => ({ url, at: [...at, 'url'] })),
    ...jwt.map((entry, i) => ({
      url: scalarText(mapAt(entry, 'issuer').url),
      at: [...path, 'jwt', i, 'issuer', 'url'],
    })),
  ].flatMap(({ url, at }) => {
    if (!/^https:\/\/kubernetes\.default\.svc(\.[a-z0-9.-]+)?$/.test(url)) return [];
    const message = `unless \`--service-account-issuer\` is set to another URL, \`${url}\` is the issuer of the cluster's own service account tokens: the API server would not start`;
    const fix = 'remove this issuer: the API server accepts the tokens of its own service accounts anyway';
    return [configFinding('issuer-own', at, message, fix)];
  });

interface Named {
  readonly url: string;
  readonly what: string;
  readonly path: Path;
}

/** Reports a URL or a discovery URL that occurs twice, which kube-apiserver refuses. */
function repeated({ issuers: others, jwt, path }: Trusting, trusted: readonly Authenticator[]): Finding[] {
  const ofEntries = (field: string): Named[] =>
    jwt.map((entry, i) => ({
      url: scalarText(mapAt(entry, 'issuer')[field]),
      what: `jwt[${i}]`,
      path: [...path, 'jwt', i, 'issuer', field],
    }));
  const urls: Named[] = [
    ...trusted.map(({ issuer, client }) => ({ url: issuer, what: `client ${client.name}`, path })),
    ...others.map(({ url, name, path: at }) => ({ url, what: `issuer ${name}`, path: [...at, 'url'] })),
    ...ofEntries('url'),
  ];
  const discoveryUrls: Named[] = [
    ...others.map(({ discoveryUrl = '', name, path: at }) => ({
      url: discoveryUrl,
      what: `issuer ${name}`,
      path: [...at, 'discoveryUrl'],
    })),
    ...ofEntries('discoveryURL'),
  ];
  return [...twice(urls, 'issuer URL'), ...twice(discoveryUrls, 'discovery URL')];
}

function twice(list: readonly Named[], kind: string): Finding[] {
  const seen = new Map<string, string>();
  return list.flatMap(({ url, what, path }) => {
    const first = seen.get(url);
    seen.set(url, first ?? what);
    if (first === undefined || url === '') return [];
    const message = `${what} has the same ${kind} as ${first}, but Kubernetes accepts each ${kind} only once`;
    const fix = first.startsWith('client ')
      ? 'remove this entry: the clients of Kanidm belong in `client` and `trust`'
      : 'keep one of the two issuers; one issuer can have several `audiences`';
    return [configFinding('issuer-twice', path, message, fix)];
  });
}

/**
 * The maximum number of issuers in an AuthenticationConfiguration.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
const limit = 64;

function tooMany({ issuers: others, jwt, path }: Trusting, clients: number): Finding[] {
  const count = clients + others.length + jwt.length;
  if (count <= limit) return [];
  const message = `the cluster has ${count} issuers (each trusted client of Kanidm is one), but Kubernetes accepts only ${limit}`;
  const key = others.length > 0 ? 'issuers' : jwt.length > 0 ? 'jwt' : 'trust';
  return [
    configFinding('issuers-too-many', keyAt([...path, key]), message, 'let several applications share one client'),
  ];
}

const egress = ({ kubernetes, issuers: others, jwt, path: cluster }: Trusting): Finding[] =>
  [
    ...others.map(({ egressSelectorType, path }) => ({ type: egressSelectorType, path })),
    ...jwt.map((entry, i) => ({
      type: mapAt(entry, 'issuer').egressSelectorType,
      path: [...cluster, 'jwt', i, 'issuer'],
    })),
  ].flatMap(({ type, path }) => {
    if (scalarText(type) === '' || has(kubernetes, 'structuredEgress')) return [];
    const message = `Kubernetes ${kubernetes.text} does not support \`egressSelectorType\`, which came with ${since('structuredEgress')}`;
    return [
      configFinding(
        'egress-version',
        keyAt([...path, 'egressSelectorType']),
        message,
        'remove `egressSelectorType`, or upgrade Kubernetes first',
      ),
    ];
  });

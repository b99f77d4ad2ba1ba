import type { Client, Cluster, Config, Issuer, Mapping } from '../config/config';
import { entry } from '../config/config';
import { own } from '../guards';
import { has } from '../upstream/kubernetes';
import { groupScope, separators } from './claims';
import { issuerOf } from './issuer';

/** A name that is read from a claim, and the prefix that is put before it; `''` for no prefix. */
export interface ClaimName {
  readonly claim: string;
  readonly prefix: string;
  readonly expression?: undefined;
}

/** A name that a CEL expression gives. */
export interface ExpressionName {
  readonly expression: string;
  readonly claim?: undefined;
  readonly prefix?: undefined;
  readonly separator?: undefined;
}

/** Groups that are read from a claim. `separator` is set if the claim is one string, which the API server splits. */
export interface ClaimGroups extends ClaimName {
  readonly separator?: string;
}

/** How an API server turns the claims of a token into a user. */
export interface TokenMapping {
  readonly username: ClaimName | ExpressionName;
  readonly groups?: ClaimGroups | ExpressionName;
  readonly requiredClaims: Readonly<Record<string, string>>;
  readonly uid?: Mapping['uid'];
  readonly extra?: Mapping['extra'];
  readonly claimValidationRules?: Mapping['claimValidationRules'];
  readonly userValidationRules?: Mapping['userValidationRules'];
  /** `false` before Kubernetes 1.34, where `claims` is an ordinary map in expressions. */
  readonly claimsByName?: false;
}

/**
 * How an API server reads the tokens of one client. The flags and the AuthenticationConfiguration are rendered from
 * this.
 */
export interface Authenticator extends TokenMapping {
  readonly client: Client;
  readonly issuer: string;
  readonly audience: string;
  /** The algorithm that Kanidm signs with for this client. */
  readonly signingAlgorithm: 'ES256' | 'RS256';
}

/** How an API server reads the tokens of another issuer. */
export interface IssuerAuthenticator extends TokenMapping {
  readonly source: Issuer;
  readonly issuer: string;
}

/**
 * The default prefix of kube-apiserver: `<issuer>#` for every claim except `email`.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server
 */
export const defaultPrefix = (claim: string, issuer: string): string => (claim === 'email' ? '' : `${issuer}#`);

/** Returns an authenticator for each client that the cluster trusts, the cluster's own client first. */
export function authenticators(config: Config, cluster: Cluster): readonly Authenticator[] {
  const last = computed.get(cluster);
  if (last?.config === config) return last.all;
  const all = authenticatorsOf(config, cluster);
  computed.set(cluster, { config, all });
  return all;
}

/** Caches the authenticators of each cluster, since many rules need them for each person. */
const computed = new WeakMap<Cluster, { readonly config: Config; readonly all: readonly Authenticator[] }>();

function authenticatorsOf(config: Config, cluster: Cluster): Authenticator[] {
  const { method, clients } = cluster.authentication;
  return [cluster.client, ...cluster.trust].map((name) => {
    const client = entry(config.clients, name);
    const issuer = issuerOf(config.kanidm, name);
    const { groups, ...mapping } = tokenMapping(own(clients, name) ?? cluster.authentication, issuer, cluster);
    return {
      client,
      issuer,
      audience: name,
      signingAlgorithm: client.legacyCrypto ? 'RS256' : 'ES256',
      ...mapping,
      ...(groups ? { groups: method === 'structured' ? joined(client, groups) : groups } : {}),
    };
  });
}

/**
 * Returns a key of all settings that the authenticators of a cluster depend on. On clusters with the same key, the
 * people of a config have the same user and group names.
 */
export function signInKey({ kubernetes, client, trust, authentication }: Cluster) {
  const { ca: _ca, anonymous: _anonymous, ...mapping } = authentication;
  const settings = JSON.stringify([client, trust, mapping]);
  // Only expressions depend on the version.
  const isOld = !has(kubernetes, 'claimsByName') && /"(?:valueE|e)xpression":/.test(settings);
  return `${settings}${isOld}`;
}

/**
 * Returns a function that takes the URL of an issuer. If the issuer is a client of Kanidm that the cluster trusts, the
 * function returns the names of the claims that the client's claim maps define. For any other issuer, the function
 * returns `undefined`.
 */
export function mappedClaims(config: Config, cluster: Cluster): (issuer: string) => ReadonlySet<string> | undefined {
  const clients = new Map(
    authenticators(config, cluster).map(({ issuer, client }) => [issuer, new Set(Object.keys(client.claims ?? {}))]),
  );
  return (issuer) => clients.get(issuer);
}

/**
 * Returns an authenticator for each entry of `issuers` of a cluster. These issuers are not clients of the Kanidm in the
 * config.
 */
export const issuerAuthenticators = (server: Pick<Cluster, 'issuers' | 'kubernetes'>): IssuerAuthenticator[] =>
  server.issuers.map((source) => ({
    source,
    issuer: source.url,
    ...tokenMapping(source, source.url, server),
  }));

function tokenMapping(mapping: Mapping, issuer: string, { kubernetes }: Pick<Cluster, 'kubernetes'>): TokenMapping {
  const { claim, prefix, username, groups, requiredClaims, uid, extra } = mapping;
  const { claimValidationRules, userValidationRules } = mapping;
  return {
    username: username ?? { claim, prefix: prefix ?? defaultPrefix(claim, issuer) },
    ...(groups ? { groups: groupsName(groups) } : {}),
    requiredClaims,
    ...(uid ? { uid } : {}),
    ...(extra ? { extra } : {}),
    ...(claimValidationRules ? { claimValidationRules } : {}),
    ...(userValidationRules ? { userValidationRules } : {}),
    ...(has(kubernetes, 'claimsByName') ? {} : { claimsByName: false }),
  };
}

const groupsName = ({ claim, prefix, expression }: NonNullable<Mapping['groups']>): ClaimName | ExpressionName =>
  expression === undefined ? { claim, prefix } : { expression };

/**
 * Adds the separator with which a claim map joins its values. Kanidm ignores a claim map called `groups` if a scope
 * makes Kanidm fill the claim `groups` itself.
 */
function joined(client: Client, groups: ClaimName | ExpressionName): ClaimGroups | ExpressionName {
  if (groups.claim === undefined || (groups.claim === 'groups' && groupScope(client))) return groups;
  const map = own(client.claims, groups.claim);
  const separator = map && separators[map.join];
  return separator === undefined ? groups : { ...groups, separator };
}

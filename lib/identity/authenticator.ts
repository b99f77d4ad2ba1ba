import type { Client, Cluster, Config } from '../config/config';
import { entry } from '../config/config';
import { own } from '../guards';
import { groupScope, separators } from './claims';
import { issuerOf } from './issuer';

/** How an API server reads the tokens of one client. Flags and the AuthenticationConfiguration are rendered from it. */
export interface Authenticator {
  readonly client: Client;
  readonly issuer: string;
  readonly audience: string;
  /** The algorithm that Kanidm signs with for this client. */
  readonly signingAlgorithm: 'ES256' | 'RS256';
  /** The claim and the effective prefix; `''` for no prefix. */
  readonly username: { readonly claim: string; readonly prefix: string };
  /** `separator` is set if the claim is one string that the API server splits. */
  readonly groups?: { readonly claim: string; readonly prefix: string; readonly separator?: string };
  readonly requiredClaims: Readonly<Record<string, string>>;
}

/**
 * The default prefix of kube-apiserver: `<issuer>#` for every claim except `email`.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server
 */
export const defaultPrefix = (claim: string, issuer: string): string => (claim === 'email' ? '' : `${issuer}#`);

/** Returns an authenticator for each client that the cluster trusts, the cluster's own client first. */
export function authenticators(config: Config, cluster: Cluster): Authenticator[] {
  const { claim, prefix, groups, requiredClaims, method } = cluster.authentication;
  return [cluster.client, ...cluster.trust].map((name) => {
    const client = entry(config.clients, name);
    const issuer = issuerOf(config.kanidm, name);
    return {
      client,
      issuer,
      audience: name,
      signingAlgorithm: client.legacyCrypto ? 'RS256' : 'ES256',
      username: { claim, prefix: prefix ?? defaultPrefix(claim, issuer) },
      ...(groups ? { groups: { ...groups, ...(method === 'structured' ? joined(client, groups.claim) : {}) } } : {}),
      requiredClaims,
    };
  });
}

/**
 * Returns the separator with which a claim map joins its values. Kanidm ignores a claim map called `groups` if a scope
 * fills its own `groups` claim.
 */
function joined(client: Client, claim: string): { separator?: string } {
  const map = own(client.claims, claim);
  const separator = map && separators[map.join];
  return separator === undefined || (claim === 'groups' && groupScope(client)) ? {} : { separator };
}

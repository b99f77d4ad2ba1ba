import type { Client, Cluster, Config } from '../config/config';
import { entry } from '../config/config';
import { own } from '../guards';
import { groupScope, separators } from './claims';
import { issuerOf } from './issuer';

/** What an API server does with the tokens of one client. Flags and AuthenticationConfiguration are rendered from it. */
export interface Authenticator {
  readonly client: Client;
  readonly issuer: string;
  readonly audience: string;
  /** The algorithm that Kanidm signs with for this client. */
  readonly signingAlgorithm: 'ES256' | 'RS256';
  /** `prefix` is the effective one, `''` for none. */
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

/** An authenticator for each client that the cluster trusts, its own first. */
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

/** How a claim map joins its values. Kanidm's own `groups` claim takes precedence over a claim map called `groups`. */
function joined(client: Client, claim: string): { separator?: string } {
  const map = own(client.claims, claim);
  const separator = map && separators[map.join];
  return separator === undefined || (claim === 'groups' && groupScope(client)) ? {} : { separator };
}

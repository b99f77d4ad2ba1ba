import type { ClientInput } from '../config/schema/config-schema';
import type { Issuer } from '../existing/api-server-issuers';
import type { Identities } from '../existing/kanidm-entries';
import { kanidmClaims } from '../upstream/kanidm-claims';
import type { AdoptedGrant } from './adopt-grants';
import { freeKey } from './free-key';
import { isRs256ByDefault } from './issuer-settings';
import type { Named } from './named';

interface Wanted {
  /** The trusted clients, each with the source that names it. */
  readonly trusted: readonly {
    readonly client: string;
    readonly issuer: { readonly source: string } | Issuer;
  }[];
  readonly grants: readonly AdoptedGrant[];
  /** The users and groups in bindings that stay on the cluster as they are. */
  readonly left?: readonly Named[];
  /** Whether a client has short user names. */
  readonly isShort: (client: string) => boolean;
  readonly isEks: boolean;
}

/**
 * Adds an assumed client for each client that was not read from Kanidm. Only people and groups with a binding can use
 * this client. People whom a binding names directly are put into a new group. Returns notes about each of these
 * clients.
 */
export function assumeClients(identities: Identities, wanted: Wanted): { source: string; text: string }[] {
  const { clients, groups } = identities;
  const { trusted, grants, left = [], isShort, isEks } = wanted;
  const missing = trusted.filter(({ client }) => !clients.has(client));
  if (missing.length === 0) return [];
  const leftOf = (kind: Named['kind']) =>
    left.flatMap((named) => (named.kind === kind && 'key' in named ? [named.key] : []));
  const bound = new Set([...grants.flatMap(({ grant }) => grant.groups ?? []), ...leftOf('group')]);
  const people = [...new Set([...grants.flatMap(({ grant }) => grant.people ?? []), ...leftOf('person')])].sort();
  const holders = [...bound].sort();
  let own: string | undefined;
  if (people.length > 0 || holders.length === 0) {
    own = freeKey(identities, 'k8s_users', 'kubernetes_users');
    groups.set(own, { members: people });
    holders.push(own);
  }
  const scopes = ['openid', 'email', 'profile', 'groups'];
  return missing.flatMap(({ client: name, issuer }) => {
    const redirects = ['http://localhost:8000', 'http://localhost:18000'];
    // Existing tokens have the claims that the API server requires, so the client is assumed to have a claim map for
    // each of these claims.
    const claims = [...('url' in issuer ? issuer.requiredClaims : [])]
      .filter(([claim, value]) => !kanidmClaims.has(claim) && !value.includes(','))
      .map(([claim, value]) => {
        const values = Object.fromEntries(holders.map((group) => [group, [value]]));
        return [claim, { join: 'csv', values }] as const;
      });
    const client: ClientInput = {
      landingUrl: redirects[0] ?? '',
      redirectUrls: redirects,
      scopes: Object.fromEntries(holders.map((group) => [group, [...scopes]])),
      ...(isShort(name) ? { preferShortUsername: true } : {}),
      ...(isEks ? { legacyCrypto: true } : {}),
      ...(claims.length > 0 ? { claims: Object.fromEntries(claims) } : {}),
    };
    clients.set(name, client);
    const parts = [
      'addresses',
      'scopes',
      ...(isShort(name)
        ? ['`preferShortUsername` (in the bindings, no user name of this client ends in `@<domain>`)']
        : []),
      ...(isEks ? ['`legacyCrypto` (EKS accepts RS256 only)'] : []),
      ...claims.map(([claim]) => `the claim \`${claim}\` that the API server requires`),
      ...(own === undefined ? [] : [`the group ${own}`]),
    ];
    const text = `client ${name} was not read from Kanidm, so adopt assumes the following: ${parts.join(', ')}; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client`;
    const rs256 =
      'url' in issuer && isRs256ByDefault(issuer) && !isEks
        ? [
            `without --oidc-signing-algs the API server accepts only RS256, so people can sign in today only if client ${name} has \`legacyCrypto\`; the config assumes that it does not, and Kaniflux renders ES256`,
          ]
        : [];
    return [text, ...rs256].map((one) => ({ source: issuer.source, text: one }));
  });
}

import type { Client, Config } from '../config/config';
import { own } from '../guards';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import type { Authenticator } from './authenticator';
import { groupScope } from './claims';
import { memberships, parentsOf } from './membership';

/**
 * The scopes beside `openid` that put the claims into the token which the API server reads. No more than that: Kanidm
 * refuses a login that asks for a scope outside the client's scope map.
 */
export function scopesFor({ client, username, groups, requiredClaims }: Authenticator): string[] {
  const claims = new Set([username.claim, ...Object.keys(requiredClaims), ...(groups ? [groups.claim] : [])]);
  const scope = claims.has('groups') ? groupScope(client) : undefined;
  return [...(claims.has('email') || claims.has('email_verified') ? ['email'] : []), ...(scope ? [scope] : [])];
}

/**
 * What sign-in asks for and the scope map gives to none of these groups. Kanidm then refuses the whole login: what it
 * compares with is all that a person's groups give together.
 * https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs (process_requested_scopes_for_identity)
 */
function lacking(authenticator: Authenticator, groups: readonly string[]): string[] {
  const { scopes = {} }: Client = authenticator.client;
  const held = new Set([...groups, ...everyonesGroups].flatMap((group) => own(scopes, group) ?? []));
  return scopesFor(authenticator).filter((scope) => !held.has(scope));
}

/** The scopes that a person lacks to sign in. */
export const scopesLackedBy = (config: Config, authenticator: Authenticator, person: string): string[] =>
  lacking(authenticator, memberships(config).groupsOf.get(person) ?? []);

/** The scopes that somebody lacks of whom only this group is known. */
export const scopesLackedThrough = (config: Config, authenticator: Authenticator, group: string): string[] =>
  lacking(authenticator, [group, ...parentsOf(config, group)]);

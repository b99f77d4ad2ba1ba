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
function lacking(client: Client, wanted: readonly string[], groups: readonly string[]): string[] {
  const { scopes = {} } = client;
  const held = new Set([...groups, ...everyonesGroups].flatMap((group) => own(scopes, group) ?? []));
  return wanted.filter((scope) => !held.has(scope));
}

/** What those who sign in to one client lack. Each grant of a fleet asks, and most ask the same. */
interface Lacking {
  readonly wanted: readonly string[];
  /** By the list of groups, which those in the same groups share. */
  readonly byGroups: Map<readonly string[], readonly string[]>;
  /** By group: what any of its members lacks. */
  readonly byMembers: Map<string, readonly string[]>;
}

const ofClient = new WeakMap<Config, Map<Client, Lacking[]>>();
const ofAuthenticator = new WeakMap<Authenticator, Lacking>();

function lackingOf(config: Config, authenticator: Authenticator): Lacking {
  const cached = ofAuthenticator.get(authenticator);
  if (cached) return cached;
  const wanted = scopesFor(authenticator);
  const clients = ofClient.get(config) ?? new Map<Client, Lacking[]>();
  ofClient.set(config, clients);
  const all = clients.get(authenticator.client) ?? [];
  clients.set(authenticator.client, all);
  let lacking = all.find((one) => one.wanted.join() === wanted.join());
  if (!lacking) {
    lacking = { wanted, byGroups: new Map(), byMembers: new Map() };
    all.push(lacking);
  }
  ofAuthenticator.set(authenticator, lacking);
  return lacking;
}

const noGroups: readonly string[] = [];

/** The scopes that a person lacks to sign in. */
export function scopesLackedBy(config: Config, authenticator: Authenticator, person: string): readonly string[] {
  const { wanted, byGroups } = lackingOf(config, authenticator);
  const groups = memberships(config).groupsOf.get(person) ?? noGroups;
  const lacked = byGroups.get(groups) ?? lacking(authenticator.client, wanted, groups);
  byGroups.set(groups, lacked);
  return lacked;
}

/** The scopes that any person in a group lacks to sign in. */
export function scopesLackedByMembers(config: Config, authenticator: Authenticator, group: string): readonly string[] {
  const { byMembers } = lackingOf(config, authenticator);
  const people = memberships(config).peopleIn.get(group) ?? [];
  const lacked = byMembers.get(group) ?? [
    ...new Set(people.flatMap((member) => scopesLackedBy(config, authenticator, member))),
  ];
  byMembers.set(group, lacked);
  return lacked;
}

/** The scopes that somebody lacks of whom only this group is known. */
export const scopesLackedThrough = (config: Config, authenticator: Authenticator, group: string): string[] =>
  lacking(authenticator.client, lackingOf(config, authenticator).wanted, [group, ...parentsOf(config, group)]);

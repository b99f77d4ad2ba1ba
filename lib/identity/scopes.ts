import type { Client, Config } from '../config/config';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import type { Authenticator } from './authenticator';
import { groupScope } from './claims';
import { memberships, parentsOf } from './membership';
import { claimsRead } from './token-mapping';

/**
 * Returns the scopes, besides `openid`, for which Kanidm adds the claims that the API server reads. If the API server
 * may read any claim, these are the scopes that the client offers. Returns no other scope, because Kanidm rejects a
 * login that requests a scope outside the scope map of the client.
 */
export function scopesFor(authenticator: Authenticator): string[] {
  const { client } = authenticator;
  const claims = claimsRead(authenticator);
  const reads = (claim: string) => !claims || claims.has(claim);
  const offersEmail = claims !== undefined || Object.values(client.scopes ?? {}).some((list) => list.includes('email'));
  const scope = reads('groups') ? groupScope(client) : undefined;
  return [...(offersEmail && (reads('email') || reads('email_verified')) ? ['email'] : []), ...(scope ? [scope] : [])];
}

/**
 * Returns the requested scopes that the scope map gives to none of these groups. Kanidm rejects the whole login if the
 * person lacks one of the requested scopes. Kanidm compares the request with the scopes of all groups of the person
 * together.
 * https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs (process_requested_scopes_for_identity)
 */
function lacking(client: Client, wanted: readonly string[], groups: readonly string[]): string[] {
  const isIn = (group: string) => groups.includes(group) || everyonesGroups.includes(group);
  const held = new Set(Object.entries(client.scopes ?? {}).flatMap(([group, list]) => (isIn(group) ? list : [])));
  return wanted.filter((scope) => !held.has(scope));
}

/** A cache of missing scopes for one client, because the same scopes are needed for most grants of a fleet. */
interface Lacking {
  readonly wanted: readonly string[];
  /** Missing scopes by list of groups. Accounts in the same groups share one list, so the list itself is the key. */
  readonly byGroups: Map<readonly string[], readonly string[]>;
  /** By group, the scopes that at least one member lacks. */
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

/** Returns the scopes that a person needs for signing in but does not have. */
export function scopesLackedBy(config: Config, authenticator: Authenticator, person: string): readonly string[] {
  const { wanted, byGroups } = lackingOf(config, authenticator);
  const groups = memberships(config).groupsOf.get(person) ?? noGroups;
  const lacked = byGroups.get(groups) ?? lacking(authenticator.client, wanted, groups);
  byGroups.set(groups, lacked);
  return lacked;
}

/** Returns the scopes that at least one person in a group needs for signing in but does not have. */
export function scopesLackedByMembers(config: Config, authenticator: Authenticator, group: string): readonly string[] {
  const { byMembers } = lackingOf(config, authenticator);
  const people = memberships(config).peopleIn.get(group) ?? [];
  const lacked = byMembers.get(group) ?? [
    ...new Set(people.flatMap((member) => scopesLackedBy(config, authenticator, member))),
  ];
  byMembers.set(group, lacked);
  return lacked;
}

/**
 * Returns the scopes that a member of a group needs for signing in, and that the member gets neither from the group or
 * its parent groups nor from the built-in groups of everybody.
 */
export const scopesLackedThrough = (config: Config, authenticator: Authenticator, group: string): string[] =>
  lacking(authenticator.client, lackingOf(config, authenticator).wanted, [group, ...parentsOf(config, group)]);

import type { Client, Cluster, Config } from '../config/config';
import { own } from '../guards';
import { authenticators, signInKey } from '../identity/authenticator';
import {
  groupScopesOf,
  groupsClaim,
  mayUseThrough,
  surelyUses,
  type TokenClaims,
  tokenClaims,
} from '../identity/claims';
import type { Account } from '../identity/entries';
import { everybodysGroups, memberships, parentsOf } from '../identity/membership';
import { signsIn } from '../identity/required-claims';
import { groupNamesFrom, userNameFrom } from '../identity/subject';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import type { Requester } from './objects';

/** A person, service account or group, with its identity in the tokens of one client that a cluster trusts. */
export interface Principal extends Requester {
  /** `members` are all members of a group whose members are managed in Kanidm, not in the config. */
  readonly kind: 'person' | 'service account' | 'members';
  /** The key in the config, or the name of a built-in group of Kanidm. */
  readonly name: string;
  readonly client: string;
}

/**
 * Returns every principal that can sign in to a cluster. Accounts that are `absent` or that may not use the client are
 * left out. If the members of a group are managed in Kanidm, they are unknown, so the group itself is included.
 */
export function principals(config: Config, cluster: Cluster): readonly Principal[] {
  const key = signInKey(cluster);
  const last = lastPrincipals.get(config);
  if (last?.key === key) return last.principals;
  const made = principalsOn(config, cluster);
  lastPrincipals.set(config, { key, principals: made });
  return made;
}

/**
 * Whether the config puts a principal into a group of the scope map of its client. If not, only Kanidm knows whether
 * the principal can sign in.
 */
export function isInScopeMap(
  config: Config,
  { kind, name, client }: Pick<Principal, 'kind' | 'name' | 'client'>,
): boolean {
  const found = config.clients.get(client);
  if (!found) return false;
  return kind === 'members' ? mayUseThrough(config, name, found) : surelyUses(config, { name }, found);
}

/**
 * Caches the principals of the last evaluated cluster, because people have the same names on most clusters of a config.
 */
const lastPrincipals = new WeakMap<Config, { readonly key: string; readonly principals: readonly Principal[] }>();

function principalsOn(config: Config, cluster: Cluster): Principal[] {
  return authenticators(config, cluster).flatMap((authenticator) => {
    const { client } = authenticator;
    const seenAs = (kind: Principal['kind'], name: string, claims: TokenClaims): Principal => {
      const user = kind === 'members' ? undefined : userNameFrom(authenticator, claims);
      return {
        kind,
        name,
        client: client.name,
        groups: groupNamesFrom(authenticator, claims),
        ...(user ? { user } : {}),
      };
    };
    const signingIn = (kind: 'person' | 'service account', accounts: readonly Account[]) =>
      accounts
        .filter((account) => !account.absent && signsIn(config, cluster, account, authenticator))
        .map((account) => seenAs(kind, account.name, tokenClaims(config, account, client)));
    return [
      ...signingIn('person', [...config.people.values()]),
      ...signingIn('service account', [...config.serviceAccounts.values()]),
      ...keptGroups(config).map((name) => seenAs('members', name, claimsOfMembers(config, name, client))),
    ];
  });
}

/**
 * Returns the groups whose members only Kanidm knows: groups in the config without `members`, and built-in groups that
 * are members of a group.
 */
const keptGroups = (config: Config): string[] => [
  ...[...config.groups.values()]
    .filter(({ members, absent }) => members === undefined && !absent)
    .map(({ name }) => name),
  ...memberships(config).builtIn,
];

/**
 * Returns the claims that every member of a group has if nothing else is known about the member. The claims come from
 * this group, its parent groups, and the groups that contain everybody.
 */
function claimsOfMembers(config: Config, group: string, client: Client): TokenClaims {
  const itself = config.groups.has(group) ? [group] : [];
  const groups = [...new Set([...itself, ...parentsOf(config, group), ...everybodysGroups(config)])];
  const scopes = groupScopesOf(client);
  const maps = Object.entries(client.claims ?? {}).map(([claim, { values }]) => [
    claim,
    [...new Set([group, ...groups].flatMap((name) => own(values, name) ?? []))],
  ]);
  return {
    ...Object.fromEntries(maps),
    ...(scopes.length > 0 ? { groups: groupsClaim(config, scopes, groups) } : {}),
    iss: '',
    aud: client.name,
    preferred_username: '',
    name: '',
  };
}

/**
 * Returns the shortest chain of groups that leads from an entry to a group. The first group of the chain directly
 * contains the entry. The built-in groups of Kanidm that contain everybody count too.
 */
export function wayInto(config: Config, name: string, group: string): string[] {
  if (name === group || everyonesGroups.includes(group)) return [group];
  const { directly, builtIn } = memberships(config);
  const before = new Map<string, string>();
  const everybodys = everyonesGroups.filter((one) => builtIn.includes(one));
  const queue = [name];
  for (const next of queue) {
    for (const parent of [...(directly.get(next) ?? []), ...(next === name ? everybodys : [])]) {
      if (before.has(parent)) continue;
      before.set(parent, next);
      queue.push(parent);
    }
    if (before.has(group)) break;
  }
  const way: string[] = [];
  for (let at: string | undefined = group; at !== undefined && at !== name; at = before.get(at)) way.unshift(at);
  return way;
}

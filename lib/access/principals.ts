import type { Client, Cluster, Config } from '../config/config';
import { own } from '../guards';
import { authenticators } from '../identity/authenticator';
import { groupClaimValues, groupScope, mayUse, type TokenClaims, tokenClaims } from '../identity/claims';
import type { Account } from '../identity/entries';
import { everybodysGroups, memberships, parentsOf } from '../identity/membership';
import { groupNamesFrom, userNameFrom } from '../identity/subject';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import type { Requester } from './objects';

/** Somebody of the config, as one cluster knows them: an entry for each client that the cluster trusts. */
export interface Principal extends Requester {
  /** `members`: whoever Kanidm has in a group whose members the config does not own. */
  readonly kind: 'person' | 'service account' | 'members';
  /** Key in the config. */
  readonly name: string;
  readonly client: string;
}

/**
 * Everybody who can sign in to a cluster. Who may not use the client, or is `absent`, is not among them; of the members
 * of a group that Kanidm keeps that is not known, so they are.
 */
export function principals(config: Config, cluster: Cluster): Principal[] {
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
        .filter((account) => !account.absent && mayUse(config, account, client))
        .map((account) => seenAs(kind, account.name, tokenClaims(config, account, client)));
    return [
      ...signingIn('person', [...config.people.values()]),
      ...signingIn('service account', [...config.serviceAccounts.values()]),
      ...keptGroups(config).map((name) => seenAs('members', name, claimsOfMembers(config, name, client))),
    ];
  });
}

/** The groups whose members Kanidm keeps: those of the config without `members`, and built-in ones that are members. */
const keptGroups = (config: Config): string[] => [
  ...[...config.groups.values()]
    .filter(({ members, absent }) => members === undefined && !absent)
    .map(({ name }) => name),
  ...memberships(config).builtIn,
];

/** What every member's token holds, of whom nothing else is known: this group, those that it is in, and everybody's. */
function claimsOfMembers(config: Config, group: string, client: Client): TokenClaims {
  const itself = config.groups.has(group) ? [group] : [];
  const groups = [...new Set([...itself, ...parentsOf(config, group), ...everybodysGroups(config)])];
  const scope = groupScope(client);
  const maps = Object.entries(client.claims ?? {}).map(([claim, { values }]) => [
    claim,
    [group, ...groups].flatMap((name) => own(values, name) ?? []),
  ]);
  return {
    ...Object.fromEntries(maps),
    ...(scope ? { groups: groups.flatMap((name) => groupClaimValues(config, scope, name)) } : {}),
    iss: '',
    aud: client.name,
    preferred_username: '',
    name: '',
  };
}

/**
 * The shortest way from somebody into a group, from the group they are in to the group asked for. Everybody is in some
 * built-in groups of Kanidm.
 */
export function wayInto(config: Config, name: string, group: string): string[] {
  if (name === group) return [group];
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

import type { Cluster, Config } from '../config/config';
import { entry } from '../config/config';
import { authenticators } from '../identity/authenticator';
import { groupClaimValues, groupScope, mayUse, type TokenClaims, tokenClaims } from '../identity/claims';
import type { Account } from '../identity/entries';
import { memberships, parentsOf } from '../identity/membership';
import { groupNamesFrom, userNameFrom } from '../identity/subject';
import type { Requester } from './objects';

/** Somebody of the config, as one cluster knows them: an entry for each client that the cluster trusts. */
export interface Principal extends Requester {
  /** `members`: whoever Kanidm has in a group whose members the config does not own. */
  readonly kind: 'person' | 'service account' | 'members';
  /** Key in the config. */
  readonly name: string;
  readonly client: string;
}

/** Everybody who can sign in to a cluster. Who may not use the client, or is `absent`, is not among them. */
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
      ...[...config.groups.values()]
        .filter(({ members, absent }) => members === undefined && !absent)
        .map(({ name }) => seenAs('members', name, claimsOfMembers(config, name, client.name))),
    ];
  });
}

/** What every member's token holds, of whom nothing else is known: this group and those that it is in. */
function claimsOfMembers(config: Config, group: string, clientName: string): TokenClaims {
  const client = entry(config.clients, clientName);
  const groups = [group, ...parentsOf(config, group)];
  const scope = groupScope(client);
  const maps = Object.entries(client.claims ?? {}).map(([claim, { values }]) => [
    claim,
    groups.flatMap((name) => values[name] ?? []),
  ]);
  return {
    ...Object.fromEntries(maps),
    ...(scope ? { groups: groups.flatMap((name) => groupClaimValues(config, scope, name)) } : {}),
    iss: '',
    aud: clientName,
    preferred_username: '',
    name: '',
  };
}

/** The shortest way from somebody into a group, from the group they are in to the group asked for. */
export function wayInto(config: Config, name: string, group: string): string[] {
  if (name === group) return [group];
  const { directly } = memberships(config);
  const before = new Map<string, string>();
  const queue = [name];
  for (const next of queue) {
    for (const parent of directly.get(next) ?? []) {
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

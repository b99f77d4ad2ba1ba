import type { Cluster, Config } from '../config/config';
import { authenticators } from '../identity/authenticator';
import { everyonesClaimValues } from '../identity/claims';
import { groupNamesFrom, groupsByName } from '../identity/subject';
import { everyonesGroups } from '../upstream/kanidm-builtin';
import { isBinding, type RbacObject } from './objects';
import type { Principal } from './principals';

/** Names at the API server, each with the built-in group of Kanidm that it stands for. */
export type EveryonesNames = ReadonlyMap<string, string>;

/** The UUIDs of these groups differ only in their last digits. */
const looksBuiltIn = /idm_all_|00000000-0000-0000-0000-0000000000/;

/**
 * Returns the group names in bindings that refer to a built-in Kanidm group that contains everybody. Kaniflux renders
 * no such binding, but a hand-written one can name such a group.
 */
export function everyonesNames(config: Config, cluster: Cluster, objects: readonly RbacObject[]): EveryonesNames {
  const named = new Set(
    objects
      .filter(isBinding)
      .flatMap(({ subjects }) => subjects ?? [])
      .filter(({ kind, name }) => kind === 'Group' && looksBuiltIn.test(name))
      .map(({ name }) => name),
  );
  if (named.size === 0) return new Map();
  return new Map(
    [...groupsByName(config, cluster)].filter(([name, group]) => named.has(name) && everyonesGroups.includes(group)),
  );
}

const claimsWith = (groups: readonly string[]) => ({ iss: '', aud: '', preferred_username: '', name: '', groups });

/**
 * Adds group names to each principal: the names in `names` that the tokens of the principal contain. Principals in the
 * same groups share a list.
 */
export function withEveryones(
  config: Config,
  cluster: Cluster,
  all: readonly Principal[],
  names: EveryonesNames,
): readonly Principal[] {
  if (names.size === 0) return all;
  const byClient = new Map(authenticators(config, cluster).map((one) => [one.client.name, one]));
  const lists = new Map<string, readonly string[]>();
  return all.map((who) => {
    const authenticator = byClient.get(who.client);
    if (!authenticator) return who;
    const claims = claimsWith(everyonesClaimValues(config, who, authenticator.client));
    const more = groupNamesFrom(authenticator, claims).filter((name) => names.has(name) && !who.groups.includes(name));
    if (more.length === 0) return who;
    const groups = [...who.groups, ...more];
    const key = JSON.stringify(groups);
    const shared = lists.get(key) ?? groups;
    lists.set(key, shared);
    return { ...who, groups: shared };
  });
}

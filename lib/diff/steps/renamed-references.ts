import type { Config } from '../../config/config';
import { kinds } from '../../identity/entries';
import { entriesOfKind, type Predecessor } from '../predecessors';
import { leftBehind } from './rename-lines';

/**
 * Returns the config before the change, but with the new names of entries in members, managers, scope maps and claim
 * maps. Kanidm stores these references as UUIDs, so they follow a rename, and disappear with a deleted entry. In the
 * returned config, the entries themselves keep their old keys.
 */
export function withRenamedReferences(before: Config, after: Config, former: Predecessor): Config {
  const names = newNames(after, former);
  for (const { name, movedTo } of leftBehind(before, after, former)) {
    if (movedTo !== undefined) names.set(name, movedTo);
  }
  const deleted = new Set(
    kinds.flatMap(({ kind }) =>
      [...entriesOfKind(after, kind).values()].flatMap(({ name, absent }) =>
        absent ? [former({ kind, name }) ?? name] : [],
      ),
    ),
  );
  return withReferences(before, names, deleted);
}

/** Returns the new name of each entry that was renamed. An entry that is deleted at the same time is not renamed. */
export function newNames(after: Config, former: Predecessor): Map<string, string> {
  const names = new Map<string, string>();
  for (const { kind } of kinds) {
    for (const { name, absent } of entriesOfKind(after, kind).values()) {
      const from = former({ kind, name });
      if (!absent && from !== undefined && from !== name) names.set(from, name);
    }
  }
  return names;
}

/** Returns a config with changed names in its references, and without references to deleted entries. */
export function withReferences(
  config: Config,
  names: ReadonlyMap<string, string>,
  deleted: ReadonlySet<string> = new Set(),
): Config {
  if (names.size + deleted.size === 0) return config;
  const now = (name: string): string => names.get(name) ?? name;
  const isThere = (name: string): boolean => names.has(name) || !deleted.has(name);
  const keyed = <T>(map: Readonly<Record<string, T>> | undefined) =>
    map &&
    Object.fromEntries(
      Object.entries(map)
        .filter(([key]) => isThere(key))
        .map(([key, value]) => [now(key), value]),
    );
  const manager = <T extends { readonly managedBy?: string | null }>(entry: T): T =>
    typeof entry.managedBy === 'string' ? { ...entry, managedBy: now(entry.managedBy) } : entry;
  return {
    ...config,
    serviceAccounts: each(config.serviceAccounts, manager),
    groups: each(config.groups, (group) =>
      manager(group.members ? { ...group, members: group.members.filter(isThere).map(now) } : group),
    ),
    clients: each(config.clients, (client) => ({
      ...client,
      scopes: keyed(client.scopes),
      supplementaryScopes: keyed(client.supplementaryScopes),
      claims:
        client.claims &&
        Object.fromEntries(
          Object.entries(client.claims).map(([claim, map]) => [claim, { ...map, values: keyed(map.values) ?? {} }]),
        ),
    })),
  };
}

const each = <T>(map: ReadonlyMap<string, T>, change: (entry: T) => T): Map<string, T> =>
  new Map([...map].map(([name, entry]) => [name, change(entry)]));

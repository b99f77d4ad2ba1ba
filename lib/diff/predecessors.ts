import type { Principal } from '../access/principals';
import type { Config } from '../config/config';
import { type Entry, type EntryKind, kinds } from '../identity/entries';
import { uuidOf } from '../identity/uuid';
import { isBuiltIn } from '../upstream/kanidm-builtin';

export interface Who {
  readonly kind: EntryKind;
  readonly name: string;
}

/** An entry of Kanidm that gets a new name, because its old key belongs to another entry in the config now. */
export interface ReplacedEntry extends Who {
  readonly map: (typeof kinds)[number]['map'];
}

/** Returns the name of the same account in the other config; `undefined` if the other config has no such account. */
export type Predecessor = (who: Who) => string | undefined;

/** Returns the kind of the entry of a principal; `group` for the members of a group. */
export const kindOfPrincipal = ({ kind }: Pick<Principal, 'kind'>): EntryKind => (kind === 'members' ? 'group' : kind);

export function entriesOfKind(config: Config, kind: EntryKind): ReadonlyMap<string, Entry> {
  const found = kinds.find((one) => one.kind === kind);
  return found ? config[found.map] : new Map();
}

/** Returns the UUID of an entry, set in the config or derived; `undefined` if only Kanidm knows it. */
export const uuidIn = (config: Config, kind: EntryKind, entry: Entry | undefined): string | undefined =>
  entry && uuidOf(config, kind, entry);

/**
 * Returns a function that finds the same account in two configs. Accounts are matched by UUID: a new name with the same
 * UUID is the same account, and the same name with another UUID is another account. If only Kanidm knows the UUID,
 * accounts are matched by name, and `formerly` is ignored: Kanidm may have no account with the former name, and the
 * runbook then creates a new account. If the domain changes, derived UUIDs change too, so only UUIDs
 * that are set in the config are compared. A built-in group is in no config, and nobody can rename it. If the runbook
 * renames the entry that had a key, it creates another entry, which has this key now.
 */
export function predecessors(before: Config, after: Config): Predecessor {
  const sameDomain = before.kanidm.domain === after.kanidm.domain;
  const known = (config: Config, kind: EntryKind, entry: Entry | undefined) =>
    sameDomain ? uuidIn(config, kind, entry) : entry?.id;
  const namesByUuid = (config: Config) =>
    new Map(
      kinds.flatMap(({ kind, map }) =>
        [...config[map].values()].flatMap((entry): [string, string][] => {
          const uuid = known(config, kind, entry);
          return uuid === undefined ? [] : [[`${kind}\n${uuid}`, entry.name]];
        }),
      ),
    );
  const [byUuid, now] = [namesByUuid(before), namesByUuid(after)];
  const replaced = new Set(replacedEntries(before, after).map(({ kind, name }) => `${kind}\n${name}`));
  return ({ kind, name }) => {
    if (kind === 'group' && isBuiltIn(name)) return name;
    const uuid = known(after, kind, entriesOfKind(after, kind).get(name));
    const old = entriesOfKind(before, kind).get(name);
    const same = uuid === undefined ? undefined : byUuid.get(`${kind}\n${uuid}`);
    if (same !== undefined) return same;
    if (!old || replaced.has(`${kind}\n${name}`)) return undefined;
    const was = known(before, kind, old);
    // Another entry has the UUID now.
    if (uuid === undefined && now.has(`${kind}\n${was}`)) return undefined;
    return uuid !== undefined && was !== undefined && uuid !== was ? undefined : name;
  };
}

/**
 * Returns the entries that the runbook first renames to a new key, before it creates another entry with their old key.
 * Only Kanidm knows the UUIDs of these entries. The other entry can itself be a renamed one, whose old key is free then.
 */
export function replacedEntries(before: Config, after: Config): ReplacedEntry[] {
  if (after.kanidm.provision === 'migrations') return [];
  return kinds.flatMap(({ kind, map }) => {
    const [old, now] = [entriesOfKind(before, kind), entriesOfKind(after, kind)];
    const isUnknown = (entry: Entry | undefined) => entry !== undefined && !entry.absent && entry.id === undefined;
    const names = new Set<string>();
    for (const { name } of now.values()) {
      let taker = old.has(name) ? undefined : now.get(name);
      while (taker?.formerly !== undefined && isUnknown(taker)) {
        const named = old.has(taker.formerly) ? now.get(taker.formerly) : undefined;
        if (!named || !isUnknown(named) || names.has(named.name)) break;
        names.add(named.name);
        taker = named;
      }
    }
    return [...names].map((name) => ({ kind, map, name }));
  });
}

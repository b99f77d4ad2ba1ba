import type { Config } from '../config/config';
import { type EntryKind, entriesOf } from '../identity/entries';

/**
 * Returns the stage of each entry, by `kind/name`. Kanidm creates entries stage by stage. The stage of a group is later
 * than those of its member groups. If an entry is renamed and another entry gets its old name, the stage of the other
 * entry is later.
 */
export function stages(config: Config): ReadonlyMap<string, number> {
  const stageOf = new Map<string, number>();
  const earlier = new Map<string, string[]>();
  for (const { kind, entry } of entriesOf(config)) {
    const members = kind === 'group' ? (config.groups.get(entry.name)?.members ?? []) : [];
    add(
      earlier,
      stageKey(kind, entry.name),
      members.filter((name) => config.groups.has(name)).map((name) => stageKey(kind, name)),
    );
    if (entry.formerly !== undefined && entry.formerly !== entry.name) {
      add(earlier, stageKey(kind, entry.formerly), [stageKey(kind, entry.name)]);
    }
  }
  const open = new Set<string>();
  const stage = (key: string): number => {
    const counted = stageOf.get(key);
    if (counted !== undefined) return counted;
    open.add(key);
    const deepest = (earlier.get(key) ?? [])
      .filter((before) => !open.has(before))
      .reduce((max, before) => Math.max(max, 1 + stage(before)), 0);
    open.delete(key);
    stageOf.set(key, deepest);
    return deepest;
  };
  for (const { kind, entry } of entriesOf(config)) stage(stageKey(kind, entry.name));
  return stageOf;
}

export const stageKey = (kind: EntryKind, name: string): string => `${kind}/${name}`;

function add(map: Map<string, string[]>, key: string, values: readonly string[]): void {
  map.set(key, [...(map.get(key) ?? []), ...values]);
}

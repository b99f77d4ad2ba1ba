import type { Config } from '../config/config';
import { type EntryKind, kinds } from '../identity/entries';
import { entriesOfKind, type Predecessor } from './predecessors';

/** An entry that the runbook renames. The config has the old name of the entry as `formerly`. */
export interface RunbookRename {
  readonly kind: EntryKind;
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the entries that only the runbook recognizes as renamed: their UUIDs are not in the config, but `formerly`
 * has the old name. The runbook renames an entry only if Kanidm has no entry with the new name. The config does not say
 * whether Kanidm has an entry with the new name. So the review treats the entry with the new name as a different entry.
 * If the old name is `absent`, the runbook renames the entry, and does not delete it. If the old name belongs to another
 * entry now, the runbook creates this one after the rename.
 */
export function runbookRenames(before: Config, after: Config, former: Predecessor): RunbookRename[] {
  if (after.kanidm.provision === 'migrations') return [];
  return kinds.flatMap(({ kind }) => {
    const [old, now] = [entriesOfKind(before, kind), entriesOfKind(after, kind)];
    return [...now.values()].flatMap(({ name, absent, id, formerly }): RunbookRename[] => {
      const isNew = !absent && id === undefined && former({ kind, name }) === undefined;
      if (!isNew || formerly === undefined || !old.has(formerly)) return [];
      const named = now.get(formerly);
      return named?.id === undefined ? [{ kind, from: formerly, to: name }] : [];
    });
  });
}

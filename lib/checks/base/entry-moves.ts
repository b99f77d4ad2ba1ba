import type { Config } from '../../config/config';
import { type Finding, keyAt } from '../../findings/finding';
import { type Entry, type EntryKind, kinds } from '../../identity/entries';
import { uuidOf } from '../../identity/uuid';
import { deploymentMoves } from './deployment-moves';
import { moveFinding } from './move-codes';
import { uniqueMoves } from './unique-moves';

/**
 * Reports changes between two revisions that Kanidm rejects or that lose data: entries that change their UUID, return
 * after their removal, or swap names; skipped versions; new, empty volumes. Only a comparison can find these, because
 * rendering keeps no state.
 *
 * @param before the config at the base revision
 * @param after the current config, to which the paths of the findings refer
 */
export const identityMoves = (before: Config, after: Config): Finding[] => [
  ...deploymentMoves(before, after),
  ...(before.kanidm.domain === after.kanidm.domain
    ? [...kinds.flatMap(({ kind, map }) => entryMoves(before, after, kind, map)), ...uniqueMoves(before, after)]
    : []),
];

/** Reports entries that the config removes by a wrong UUID. Kanidm would silently keep such an entry. */
export const wrongRemovals = (before: Config, after: Config): Finding[] =>
  kinds.flatMap(({ kind, map }) =>
    [...after[map].values()].flatMap((entry) => {
      const old = [...before[map].values()].find(({ name }) => name === entry.name);
      return old && entry.absent && !old.absent ? wrongRemoval(before, after, kind, { old, entry }) : [];
    }),
  );

function wrongRemoval(before: Config, after: Config, kind: EntryKind, { old, entry }: { old: Entry; entry: Entry }) {
  const [was, is] = [uuidOf(before, kind, old), uuidOf(after, kind, entry)];
  if (was === undefined || was === is) return [];
  const effect =
    is === undefined
      ? 'the config no longer has this UUID. So the runbook removes the entry that has this name at that time. If the entry was renamed in Kanidm, it stays'
      : `\`absent\` would remove the UUID ${is}, so the entry would stay`;
  const message = `\`${entry.name}\` has the UUID ${was} in Kanidm, but ${effect}`;
  const fix = old.id === undefined && old.formerly ? `write \`formerly: ${old.formerly}\` too` : `write \`id: ${was}\``;
  return [moveFinding('removal-misses', keyAt(entry.path), message, fix)];
}

function entryMoves(before: Config, after: Config, kind: EntryKind, map: (typeof kinds)[number]['map']): Finding[] {
  const now: ReadonlyMap<string, Entry> = after[map];
  const formerly = new Set([...now.values()].map((entry) => entry.formerly));
  const ids = new Set([...now.values()].map((entry) => uuidOf(after, kind, entry)));
  return [...before[map].values()].flatMap((old): Finding[] => {
    const entry = now.get(old.name);
    const id = uuidOf(before, kind, old);
    const elsewhere = id !== undefined && ids.has(id);
    if (entry) return elsewhere && uuidOf(after, kind, entry) !== id ? [] : same({ before, after, kind, old, entry });
    if (old.absent || formerly.has(old.name) || elsewhere) return [];
    const message = `\`${old.path.join('.')}\` is no longer in the config, but stays in Kanidm unchanged`;
    const fix = `to delete the entry from Kanidm, write it into the config again, with \`absent: true\`; if the entry was renamed, write \`formerly: ${old.name}\` under its new key`;
    return [moveFinding('entry-left', keyAt(now.size > 0 ? [map] : []), message, fix)];
  });
}

interface Revisions {
  readonly before: Config;
  readonly after: Config;
  readonly kind: EntryKind;
  readonly old: Entry;
  readonly entry: Entry;
}

function same({ before, after, kind, old, entry }: Revisions): Finding[] {
  const [was, is] = [uuidOf(before, kind, old), uuidOf(after, kind, entry)];
  const { path, name } = entry;
  if (entry.absent) return old.absent ? [] : wrongRemoval(before, after, kind, { old, entry });
  if (is === undefined) return [];
  if (old.absent) {
    if (was !== is) return [];
    const message = `\`${name}\` was deleted, and Kanidm keeps its UUID in the recycle bin: no new entry can use that UUID`;
    const fix = entry.id === undefined ? `write \`incarnation: ${(old.incarnation ?? 1) + 1}\`` : 'write another `id`';
    return [moveFinding('return-without-incarnation', keyAt(path), message, fix)];
  }
  if (was === is) return [];
  if (was === undefined) {
    if (before.kanidm.provision === after.kanidm.provision || entry.id !== undefined) return [];
    const message = `\`${name}\` was created by hand, and its UUID is not in the config. Kaniflux would derive another UUID, so Kanidm would reject the entry and skip the whole migration file`;
    return [
      moveFinding(
        'takeover-without-id',
        keyAt(path),
        message,
        'set `id` to the `uuid` that Kanidm shows for the entry',
      ),
    ];
  }
  if (entry.id === undefined && (entry.incarnation ?? 1) > (old.incarnation ?? 1)) {
    const message = `\`${name}\` is deleted and created again, with another UUID and without its credentials`;
    return [
      moveFinding(
        'made-anew',
        [...path, 'incarnation'],
        message,
        'restore the old `incarnation` if this is not intended',
      ),
    ];
  }
  const message = `\`${name}\` has the UUID ${was} in Kanidm and would get ${is}, but Kanidm never changes the UUID of an entry`;
  const back =
    old.formerly !== undefined && entry.formerly === undefined
      ? `write \`formerly: ${old.formerly}\` again`
      : `write \`id: ${was}\``;
  return [moveFinding('uuid-changed', keyAt(path), message, back)];
}

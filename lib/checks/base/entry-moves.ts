import type { Config } from '../../config/config';
import { type Finding, keyAt } from '../../findings/finding';
import { type Entry, type EntryKind, entriesOf, kinds } from '../../identity/entries';
import { uuidOf } from '../../identity/uuid';
import { deploymentMoves } from './deployment-moves';
import { moveFinding } from './move-codes';
import { successorOf, uniqueMoves } from './unique-moves';

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
    [...before[map].values()].flatMap((old) => {
      const entry = successorOf(old, after[map]);
      return entry?.absent && !old.absent ? wrongRemoval(before, after, kind, { old, entry }) : [];
    }),
  );

function wrongRemoval(before: Config, after: Config, kind: EntryKind, { old, entry }: { old: Entry; entry: Entry }) {
  const [was, is] = [uuidOf(before, kind, old), uuidOf(after, kind, entry)];
  if (was === undefined || was === is) return [];
  const renamed = [...entriesOf(after)].find((one) => {
    if (one.kind !== kind || one.entry.absent) return false;
    const id = uuidOf(after, kind, one.entry);
    return id === undefined ? one.entry.formerly === old.name : id === was;
  });
  if (renamed) {
    const [path, oldPath] = [renamed.entry.path.join('.'), entry.path.join('.')];
    const message = `\`${path}\` is the entry that was called \`${old.name}\` before, so the entry is renamed, and \`absent\` does not remove it`;
    const fix = `remove \`${oldPath}\` from the config; to delete the entry instead, remove \`${path}\`, and write \`id: ${was}\` under \`${oldPath}\``;
    return [moveFinding('removal-misses', keyAt(entry.path), message, fix)];
  }
  const effect =
    is === undefined
      ? 'the config no longer has this UUID. So when you run the runbook, it removes whichever entry then has this name. If the entry was renamed in Kanidm, the entry stays'
      : `\`absent\` would remove the UUID ${is}, so the entry would stay`;
  const message = `\`${old.name}\` has the UUID ${was} in Kanidm, but ${effect}`;
  const isDerived = before.kanidm.domain === after.kanidm.domain && after.kanidm.provision === 'migrations';
  const fix = isDerived ? keeping(old, entry, was) : `write \`id: ${was}\``;
  return [moveFinding('removal-misses', keyAt(entry.path), message, fix)];
}

/** Returns how to write an entry so that it keeps the UUID that it had. */
function keeping(old: Entry, entry: Entry, was: string): string {
  if (old.id !== undefined || entry.id !== undefined) return `write \`id: ${was}\``;
  // The UUID is derived from the first key of the entry, and from its incarnation.
  const formerly = old.formerly ?? (old.name === entry.name ? undefined : old.name);
  const { incarnation } = old;
  return [
    ...(formerly === entry.formerly
      ? []
      : [formerly === undefined ? 'remove `formerly`' : `write \`formerly: ${formerly}\``]),
    ...(incarnation === entry.incarnation
      ? []
      : [incarnation === undefined ? 'remove `incarnation`' : `write \`incarnation: ${incarnation}\``]),
  ].join(', and ');
}

function entryMoves(before: Config, after: Config, kind: EntryKind, map: (typeof kinds)[number]['map']): Finding[] {
  const now: ReadonlyMap<string, Entry> = after[map];
  const ids = new Set([...now.values()].map((entry) => uuidOf(after, kind, entry)));
  return [...before[map].values()].flatMap((old): Finding[] => {
    const entry = successorOf(old, now);
    const id = uuidOf(before, kind, old);
    const elsewhere = id !== undefined && ids.has(id);
    if (entry) return elsewhere && uuidOf(after, kind, entry) !== id ? [] : same({ before, after, kind, old, entry });
    if (old.absent || elsewhere) return [];
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
    const message = `\`${old.name}\` was deleted, and Kanidm keeps its UUID in the recycle bin: no new entry can use that UUID`;
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
    const lost = kind === 'group' ? '' : ' and without its credentials';
    const message = `\`${name}\` is deleted and created again, with another UUID${lost}`;
    return [
      moveFinding(
        'made-anew',
        [...path, 'incarnation'],
        message,
        'restore the old `incarnation` if this is not intended',
      ),
    ];
  }
  const message = `\`${old.name}\` has the UUID ${was} in Kanidm and would get ${is}, but Kanidm never changes the UUID of an entry`;
  return [moveFinding('uuid-changed', keyAt(path), message, keeping(old, entry, was))];
}

import type { Config } from '../../config/config';
import { stages } from '../../constructs/migration-order';
import { fileName } from '../../constructs/migrations';
import type { Finding, Path } from '../../findings/finding';
import { type Entry, type EntryKind, entriesOf, kinds } from '../../identity/entries';
import { uuidOf } from '../../identity/uuid';
import { moveFinding } from './move-codes';

/** Returns the entry with the key of `old`, or else the entry whose `formerly` is that key. */
export const successorOf = (old: Entry, now: ReadonlyMap<string, Entry>): Entry | undefined =>
  now.get(old.name) ?? [...now.values()].find(({ formerly }) => formerly === old.name);

interface Holder {
  readonly id: string;
  readonly kind: EntryKind;
  readonly entry: Entry;
  readonly path: Path;
}

/**
 * Reports unique values (names, mail addresses, gid numbers) that cannot move from one entry to another. Kanidm applies
 * the migration files one by one, so an earlier file must remove the value from the old entry.
 */
export function uniqueMoves(before: Config, after: Config): Finding[] {
  if (after.kanidm.provision !== 'migrations') return [];
  const [held, holding] = [holders(before), holders(after)];
  const now = new Map([...entriesOf(after)].map(({ kind, entry }) => [uuidOf(after, kind, entry), { kind, entry }]));
  const order = stages(after);
  return [...holding].flatMap(([value, taker]): Finding[] => {
    const owner = held.get(value);
    if (!owner || owner.id === taker.id) return [];
    const [what = '', text] = [value.slice(0, value.indexOf(' ')), value.slice(value.indexOf(' ') + 1)];
    const old = now.get(owner.id);
    if (old?.entry.absent) return [];
    // `uuid-changed` reports the same entry with another UUID.
    const map = kinds.find(({ kind }) => kind === owner.kind)?.map;
    if (!old && map && successorOf(owner.entry, after[map]) === taker.entry) return [];
    if (!old || keeps(what, old.entry)) {
      const message = `the ${what} \`${text}\` still belongs to \`${owner.entry.path.join('.')}\` in Kanidm`;
      const fix = old
        ? `write the new value into \`${old.entry.path.join('.')}\`, such as \`${what === 'mail' ? 'mail: []' : 'posix: { gid: … }'}\``
        : 'write that entry into the config again, with `absent: true`; if it was renamed, write `formerly` under its new key';
      return [moveFinding('unique-held', taker.path, message, fix)];
    }
    if (fileName(old.kind, old.entry.name, order) < fileName(taker.kind, taker.entry.name, order)) return [];
    const holds = what === 'name' ? ', which has this name now,' : '';
    const message = `Kanidm would give the ${what} \`${text}\` to \`${taker.entry.name}\` before \`${old.entry.name}\`${holds} loses it, so Kanidm would reject the migration file`;
    const fix = takesBack(taker.id, owner.id, { held, holding })
      ? `in an earlier change, give \`${owner.entry.path.join('.')}\` another ${what} that no entry has. Then make this change`
      : `apply only the change of \`${old.entry.name}\` first, and give the ${what} to \`${taker.entry.name}\` in a later change`;
    return [moveFinding('unique-swap', taker.path, message, fix)];
  });
}

type Holders = ReadonlyMap<string, Holder>;

/**
 * Whether an entry takes a value from a second entry, and the second entry directly or indirectly takes a value from
 * the first one. Then neither of them can change first.
 */
function takesBack(taker: string, owner: string, { held, holding }: { held: Holders; holding: Holders }): boolean {
  const reached = new Set([owner]);
  for (const id of reached) {
    for (const [value, { id: now }] of holding) {
      const was = held.get(value);
      if (now === id && was && was.id !== id) reached.add(was.id);
    }
  }
  return reached.has(taker);
}

/** Whether the entry keeps the value in Kanidm. Kanidm does not change an attribute that the config no longer sets. */
const keeps = (what: string, entry: Entry): boolean =>
  (what === 'mail' && !('mails' in entry && entry.mails !== undefined)) ||
  (what === 'gid' && 'posix' in entry && entry.posix !== undefined && entry.posix.gid === undefined);

/** Returns a map from each unique value to the entry that has the value. */
function holders(config: Config): Map<string, Holder> {
  const found = new Map<string, Holder>();
  for (const { kind, entry } of entriesOf(config)) {
    const id = uuidOf(config, kind, entry);
    if (id === undefined || entry.absent) continue;
    const hold = (value: string, path: Path) => found.set(value, { id, kind, entry, path });
    hold(`name ${entry.name}`, entry.path);
    for (const mail of ('mails' in entry && entry.mails) || [])
      hold(`mail ${mail.toLowerCase()}`, [...entry.path, 'mail']);
    if ('posix' in entry && entry.posix?.gid !== undefined)
      hold(`gid ${entry.posix.gid}`, [...entry.path, 'posix', 'gid']);
  }
  return found;
}

import type { Config } from '../../config/config';
import { type EntryKind, kinds } from '../../identity/entries';
import { command, comment } from '../../node-files/shell';
import { entriesOfKind, type Predecessor } from '../predecessors';
import { runbookRenames } from '../runbook-renames';

/** An entry that keeps its UUID and changes its name. */
interface Rename {
  readonly kind: EntryKind;
  readonly from: string;
  readonly to: string;
}

const commands: Readonly<Record<EntryKind, (from: string, to: string) => string>> = {
  person: (from, to) => command('kanidm', 'person', 'update', from, `--newname=${to}`),
  'service account': (from, to) => command('kanidm', 'service-account', 'update', from, `--newname=${to}`),
  group: (from, to) => command('kanidm', 'group', 'rename', from, to),
  client: (from, to) => command('kanidm', 'system', 'oauth2', 'set-name', from, to),
};

const rename = ({ kind, from, to }: Rename): string => commands[kind](from, to);

/**
 * Returns the commands that rename entries, which keep their UUIDs. Names are unique across entries of all kinds, and
 * Kanidm answers 409 if a name is taken. So an entry whose name another entry needs is first renamed to a temporary
 * name.
 */
export function renameLines(before: Config, after: Config, former: Predecessor): string[] {
  const renames = kinds.flatMap(({ kind }) =>
    [...entriesOfKind(after, kind).values()].flatMap(({ name, absent }): Rename[] => {
      const from = former({ kind, name });
      if (absent || from === undefined || from === name || entriesOfKind(before, kind).get(from)?.absent) return [];
      return [{ kind, from, to: name }];
    }),
  );
  const wanted = new Set(renames.map(({ to }) => to));
  const moving = renames.filter(({ from }) => wanted.has(from));
  return [
    ...(moving.length > 0
      ? [
          comment(
            'first give these entries temporary names, because other entries will take the names that these have now',
          ),
        ]
      : []),
    ...moving.map((one) => rename({ ...one, to: temporary(one.from) })),
    ...renames.map((one) => rename(wanted.has(one.from) ? { ...one, from: temporary(one.from) } : one)),
  ];
}

/**
 * Returns the commands that give new names to entries which were removed from the config but stay in Kanidm, if other
 * entries get their old names.
 */
export const freeingLines = (left: readonly LeftBehind[]): string[] =>
  left.flatMap(({ kind, name, movedTo }) =>
    movedTo === undefined
      ? []
      : [
          comment(`this ${kind} ${name} gets another name, because another entry gets the name ${name}`),
          rename({ kind, from: name, to: movedTo }),
        ],
  );

/**
 * Returns the commands that take a mail address or gid number from an entry before another entry gets it. These values
 * are unique, and Kanidm answers 409 while another entry has the value. The commands use the names after the renames.
 */
export function freeingValues(before: Config, after: Config, former: Predecessor): string[] {
  const takers = new Map(holders(after).map(({ value, name }) => [value, name]));
  const names = new Map(
    holdingKinds.flatMap(({ kind }) =>
      // Entries that became absent are left out: earlier commands delete them.
      [...entriesOfKind(after, kind).values()]
        .filter(({ absent }) => !absent)
        .map(({ name }) => [`${kind}\n${former({ kind, name })}`, name]),
    ),
  );
  const left = leftBehind(before, after, former);
  return holders(before).flatMap(({ kind, name, value, free }) => {
    const stays = left.find((one) => one.kind === kind && one.name === name);
    const now = stays ? (stays.movedTo ?? name) : names.get(`${kind}\n${name}`);
    const taker = takers.get(value);
    if (now === undefined || taker === undefined || taker === now) return [];
    return [comment(`${kind} ${now} still has the ${value}, which ${taker} gets`), free(now)];
  });
}

const holdingKinds = kinds.filter(({ kind }) => kind === 'person' || kind === 'group');

interface Holder {
  readonly kind: EntryKind;
  readonly name: string;
  /** What the entry has, as text: `mail ann@example.com`, `gid number 70001`. */
  readonly value: string;
  readonly free: (name: string) => string;
}

const holders = (config: Config): Holder[] =>
  holdingKinds.flatMap(({ kind }) =>
    [...entriesOfKind(config, kind).values()].flatMap((entry): Holder[] => {
      const { name, absent } = entry;
      const mails = !absent && 'mails' in entry ? (entry.mails ?? []) : [];
      const gid = !absent && 'posix' in entry ? entry.posix?.gid : undefined;
      const reset = (now: string) => command('kanidm', kind, 'posix', 'reset-gidnumber', now);
      return [
        ...mails.map((mail) => ({ kind, name, value: `mail ${mail.toLowerCase()}`, free: withoutMail })),
        ...(gid === undefined ? [] : [{ kind, name, value: `gid number ${gid}`, free: reset }]),
      ];
    }),
  );

/**
 * Returns the command that frees the mail address of a person. The client cannot clear an address, so it is replaced by
 * one that nobody can have.
 */
const withoutMail = (name: string): string =>
  command('kanidm', 'person', 'update', name, `--mail=${name}@moving.invalid`);

/** An entry that was removed from the config but stays in Kanidm. */
export interface LeftBehind {
  readonly kind: EntryKind;
  readonly name: string;
  /** The new name of this entry, if another entry takes its present name. */
  readonly movedTo?: string;
}

export function leftBehind(before: Config, after: Config, former: Predecessor): LeftBehind[] {
  const taken = new Set(kinds.flatMap(({ kind }) => [...entriesOfKind(after, kind).keys()]));
  const renamed = runbookRenames(before, after, former);
  const isMoved = (kind: EntryKind, name: string) =>
    taken.has(name) && !renamed.some((one) => one.kind === kind && one.from === name);
  return kinds.flatMap(({ kind }) => {
    const still = new Set([...entriesOfKind(after, kind).keys()].map((name) => former({ kind, name })));
    return [...entriesOfKind(before, kind).values()]
      .filter(({ name, absent }) => !absent && !still.has(name))
      .map(({ name }) => ({ kind, name, ...(isMoved(kind, name) ? { movedTo: `${name.slice(0, 56)}-old` } : {}) }));
  });
}

const temporary = (name: string): string => `${name.slice(0, 56)}-moving`;

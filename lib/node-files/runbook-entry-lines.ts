import type { Config } from '../config/config';
import { type Entry, type EntryKind, entriesOf, type KindOfEntry, kinds } from '../identity/entries';
import { serverVersion } from '../identity/server-version';
import { uuidOf } from '../identity/uuid';
import { has } from '../upstream/kanidm-versions';
import { createClient } from './client-facts';
import { createCommands } from './entry-facts';
import { command, comment, quote } from './shell';

/** Whether migrations create the entries. */
export const isMigrated = ({ kanidm }: Config): boolean => kanidm.provision === 'migrations';

export const present = (config: Config): KindOfEntry[] => [...entriesOf(config)].filter(({ entry }) => !entry.absent);

const absent = (config: Config): KindOfEntry[] => [...entriesOf(config)].filter(({ entry }) => entry.absent);

/**
 * The name of each kind of entry in the functions of the runbook. The name is also the subcommand of `kanidm`, if
 * `kanidm` has one for this kind.
 */
export const word: Readonly<Record<EntryKind, string>> = {
  person: 'person',
  'service account': 'service-account',
  group: 'group',
  client: 'client',
};

export const section = Object.fromEntries(kinds.map(({ kind, map }) => [kind, map]));

/** The classes of the entries that can be created with a given UUID: Kanidm allows this for people and groups only. */
const classes: Readonly<Partial<Record<EntryKind, readonly string[]>>> = {
  person: ['person', 'account'],
  group: ['group'],
};

const canGiveUuid = (config: Config, kind: EntryKind): boolean => {
  const version = serverVersion(config.kanidm);
  return classes[kind] !== undefined && (version === undefined || has(version, '`kanidm raw` with SCIM entries'));
};

/** Renders the commands that read the entries and compare their UUIDs. */
export function comparison(config: Config): string {
  const migrated = isMigrated(config);
  const lines = takersLast(config).map(({ kind, entry }) => {
    const id = uuidOf(config, kind, entry);
    const makes = migrated || canGiveUuid(config, kind);
    return command(
      'entry',
      word[kind],
      entry.name,
      section[kind] ?? '',
      id ?? '-',
      (migrated ? undefined : entry.formerly) ?? '-',
      ...(id !== undefined && makes ? ['made-with-it'] : []),
    );
  });
  const made = present(config).map(({ kind, entry }) => command('there', word[kind], entry.name));
  const gone = absent(config).map(({ kind, entry }) =>
    command('gone', word[kind], entry.name, uuidOf(config, kind, entry) ?? '-'),
  );
  const checks = migrated ? [...made, ...gone] : [];
  const title = comment('All UUIDs are compared before anything is changed.');
  return [title, ...(migrated ? [] : [temporaryLike(config)]), ...lines, 'compared', ...checks].join('\n');
}

/** Renders the names in the config that end as the temporary names of the runbook do. */
function temporaryLike(config: Config): string {
  const names = [...entriesOf(config)].flatMap(({ kind, entry }) =>
    [entry.name, entry.formerly].flatMap((name) => (name?.endsWith('-moving') ? `${word[kind]}:${name}` : [])),
  );
  return `names=${quote(` ${names.join(' ')} `)}`;
}

/**
 * Returns the entries in an order in which an entry comes after the one whose former name it takes. The runbook then
 * already knows that the entry with this name in Kanidm is the one that is renamed.
 */
function takersLast(config: Config): KindOfEntry[] {
  const isIdentified = ({ kind, entry }: KindOfEntry) => uuidOf(config, kind, entry) !== undefined;
  const named = present(config).filter((one) => !isIdentified(one));
  const renamed = new Map(named.map((one) => [`${one.kind} ${one.entry.formerly ?? ''}`, one]));
  const seen = new Set<Entry>();
  const inOrder = (one: KindOfEntry): KindOfEntry[] => {
    if (seen.has(one.entry)) return [];
    seen.add(one.entry);
    const other = renamed.get(`${one.kind} ${one.entry.name}`);
    return other ? [...inOrder(other), one] : [one];
  };
  return [...present(config).filter(isIdentified), ...named.flatMap(inOrder)];
}

/**
 * Renders the commands that delete, rename and create entries, in this order: a name must be free before another entry
 * takes it. Attributes are set later, because the members and groups in them must exist first.
 */
export function changes(config: Config): string {
  return [
    comment(
      'Delete the entries that are `absent` in the config, rename those with another name in Kanidm, and create those that are missing.',
    ),
    ...absent(config).map(({ kind, entry }) => removal(config, kind, entry)),
    'renamed',
    ...present(config).map(({ kind, entry }) =>
      command('new', word[kind], entry.name, ...creation(config, kind, entry)),
    ),
    ...present(config).flatMap(({ entry }) =>
      'mails' in entry && entry.mails ? [command('mails', entry.name, ...entry.mails)] : [],
    ),
    'free_mails',
  ].join('\n');
}

function removal(config: Config, kind: EntryKind, entry: Entry): string {
  const id = uuidOf(config, kind, entry);
  const isTaken = [...entriesOf(config)].some((one) => one.kind === kind && one.entry.name === entry.formerly);
  const former = id === undefined && entry.formerly !== undefined && !isTaken ? [entry.formerly] : [];
  return command('remove', word[kind], entry.name, id ?? '-', ...former);
}

function creation(config: Config, kind: EntryKind, entry: Entry): readonly string[] {
  const id = uuidOf(config, kind, entry);
  if (id !== undefined && classes[kind] && canGiveUuid(config, kind)) {
    const { name } = entry;
    const shown = 'displayName' in entry ? { displayname: entry.displayName } : {};
    return ['make', JSON.stringify({ class: classes[kind], uuid: id, name, ...shown })];
  }
  const { people, serviceAccounts, groups, clients } = config;
  const [person, account] = [people.get(entry.name), serviceAccounts.get(entry.name)];
  const [group, client] = [groups.get(entry.name), clients.get(entry.name)];
  if (kind === 'person' && person) return createCommands.person(person);
  if (kind === 'service account' && account) return createCommands.serviceAccount(account);
  if (kind === 'group' && group) return createCommands.group(group);
  if (kind === 'client' && client) return createClient(client);
  throw new Error(`internal error: ${kind} ${entry.name} is not in the config`);
}

import { v5 } from 'uuid';
import type { Config } from '../config/config';
import { type Entry, type EntryKind, entriesOf } from '../identity/entries';
import { derivedUuid, provisionedUuid, reference } from '../identity/uuid';
import { type Assertion, absent, present } from './migration-assertions';
import type { Migration } from './migration-maps';
import { stageKey, stages } from './migration-order';

const classes: Readonly<Record<EntryKind, string>> = {
  person: '10',
  'service account': '15',
  group: '20',
  client: '40',
};

/**
 * The people, groups and clients of the config as Kanidm's migrations: one file an entry, because Kanidm skips a whole
 * file for one thing in it that it refuses. In this order: what is to be removed, which frees its name; people; service
 * accounts; groups, members first; who manages what, since managers can be groups that come later; clients.
 */
export function migrations(config: Config): Migration[] {
  const order = stages(config);
  const files: Migration[] = [];
  for (const item of entriesOf(config)) {
    const { kind, entry } = item;
    const title = titleOf(kind, entry.name);
    const gone = removed(config, kind, entry);
    if (gone.length > 0) files.push(file(config, `00-absent-${title}.json`, 'absent', gone));
    if (entry.absent) continue;
    const managed = managedBy(config, entry);
    const inline = managed !== undefined && !managed.later ? { entry_managed_by: managed.value } : {};
    const assertion = { ...present(config, item), ...inline };
    files.push(file(config, fileName(kind, entry.name, order), 'present', [assertion]));
    if (managed?.later) {
      const manager = { state: 'present', id: assertion.id, entry_managed_by: managed.value } as const;
      files.push(file(config, `30-manager-${title}.json`, 'managed-by', [manager]));
    }
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The name of the file that makes an entry present. It says when: Kanidm goes by the bytes of names. */
export function fileName(kind: EntryKind, name: string, order: ReadonlyMap<string, number>): string {
  const stage = String(order.get(stageKey(kind, name)) ?? 0).padStart(4, '0');
  return `${classes[kind]}-${stage}-${titleOf(kind, name)}.json`;
}

const titleOf = (kind: EntryKind, name: string) => `${kind.replace(' ', '-')}-${name}`;

/**
 * What has to be gone: the entry itself, or its earlier incarnations. Kanidm keeps what it removed in its recycle bin,
 * with the UUID, so an entry that comes back needs another.
 */
function removed(config: Config, kind: EntryKind, entry: Entry): Assertion[] {
  const { domain } = config.kanidm;
  const earlier = Array.from({ length: (entry.incarnation ?? 1) - 1 }, (_, i) =>
    derivedUuid(domain, kind, entry.formerly ?? entry.name, i + 1),
  );
  return [...earlier, ...(entry.absent ? [provisionedUuid(config, kind, entry)] : [])].map(absent);
}

/** `later`: the manager is an entry that Kanidm may learn of after this one. */
function managedBy(config: Config, entry: Entry): { value: string[] | null; later: boolean } | undefined {
  if (!('managedBy' in entry) || entry.managedBy === undefined) return undefined;
  const manager = entry.managedBy;
  if (manager === null) return { value: null, later: false };
  return {
    value: [reference(config, manager)],
    later: config.groups.has(manager) || config.serviceAccounts.has(manager),
  };
}

/**
 * Strict JSON, although Kanidm would read Hjson. The id is the name under which Kanidm remembers what it applied: made
 * from the entry's UUID and the part, never one that an entry has.
 */
function file(config: Config, name: string, part: Part, assertions: readonly Assertion[]): Migration {
  const id = v5(`migration/${part}/${assertions.at(-1)?.id}`, v5(config.kanidm.domain, v5.DNS));
  return { name, text: `${JSON.stringify({ id, assertions }, null, 2)}\n` };
}

type Part = 'absent' | 'present' | 'managed-by';

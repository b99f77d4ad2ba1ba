import { v5 } from 'uuid';
import type { Config } from '../config/config';
import { type Entry, type EntryKind, entriesOf, type KindOfEntry } from '../identity/entries';
import { derivedUuid, provisionedUuid, reference } from '../identity/uuid';
import { defaultManager } from '../upstream/kanidm-builtin';
import { type Assertion, absent, pkce, present } from './migration-assertions';
import type { Migration } from './migration-maps';
import { stageKey, stages } from './migration-order';

const classes: Readonly<Record<EntryKind, string>> = {
  person: '10',
  'service account': '15',
  group: '20',
  client: '40',
};

/**
 * Returns the people, groups and clients of the config as migrations for Kanidm. Each file is about one entry only,
 * because Kanidm skips a whole file if it refuses anything in it. The order is: removals, which free names; people;
 * service accounts; groups, members first; managers; clients; PKCE of clients.
 */
export function migrations(config: Config): Migration[] {
  const order = stages(config);
  const owned = new Set([...entriesOf(config)].map(({ kind, entry }) => provisionedUuid(config, kind, entry)));
  const files: Migration[] = [];
  for (const item of entriesOf(config)) {
    const { kind, entry } = item;
    const title = titleOf(kind, entry.name);
    const id = provisionedUuid(config, kind, entry);
    const add = (name: string, part: Part, assertions: readonly Assertion[]) =>
      files.push(file(config, name, `migration/${part}/${id}`, assertions));
    const gone = removed(config, { kind, entry, owned });
    if (gone.length > 0) add(`00-absent-${title}.json`, 'absent', gone);
    if (entry.absent) continue;
    add(fileName(kind, entry.name, order), 'present', [present(config, item)]);
    // The manager is set in a separate file, because the manager may be a group that is created later. The file is also
    // written if the config clears the manager (`null`): if the file were removed and later added again, Kanidm would
    // skip the file as already applied.
    const managedBy = managerOf(item);
    if (managedBy !== undefined) {
      const manager = managedBy === null ? null : [reference(config, managedBy)];
      add(`30-manager-${title}.json`, 'managed-by', [{ state: 'present', id, entry_managed_by: manager }]);
    }
    const client = kind === 'client' ? config.clients.get(entry.name) : undefined;
    // The file is also written if PKCE is required, which is the default. If the file were removed and later added
    // again, Kanidm would skip the file as already applied.
    if (client?.type === 'basic') add(`50-pkce-${title}.json`, 'pkce', [pkce(config, client)]);
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The name of the file that creates an entry. Kanidm applies files in the byte order of their names. */
export function fileName(kind: EntryKind, name: string, order: ReadonlyMap<string, number>): string {
  const stage = String(order.get(stageKey(kind, name)) ?? 0).padStart(4, '0');
  return `${classes[kind]}-${stage}-${titleOf(kind, name)}.json`;
}

/** The name of the file that sets a field of an entry. */
export function fileOfField(kind: EntryKind, name: string, order: ReadonlyMap<string, number>, field: string): string {
  if (field === 'managedBy') return `30-manager-${titleOf(kind, name)}.json`;
  if (field === 'disablePkce') return `50-pkce-${titleOf(kind, name)}.json`;
  return fileName(kind, name, order);
}

/**
 * Returns the manager of an entry. Without a manager, nobody could generate an API token for a service account. The
 * default for service accounts is the manager that the documentation of Kanidm uses.
 */
function managerOf({ kind, entry }: KindOfEntry): string | null | undefined {
  if (kind === 'service account') return entry.managedBy === undefined ? defaultManager : entry.managedBy;
  return kind === 'group' ? entry.managedBy : undefined;
}

const titleOf = (kind: EntryKind, name: string) => `${kind.replace(' ', '-')}-${name}`;

interface Removal {
  readonly kind: EntryKind;
  readonly entry: Entry;
  /** The UUIDs of all entries of the config. */
  readonly owned: ReadonlySet<string>;
}

/**
 * What has to be removed: the entry itself if it is `absent`, and its earlier incarnations. Kanidm keeps removed
 * entries and their UUIDs in its recycle bin, so an entry that comes back needs a new UUID. An earlier incarnation is
 * not removed if another entry of the config has its UUID. This happens after a rename: the renamed entry keeps the
 * UUID of its old name (`formerly`). A new entry can then have the old name and a higher incarnation. The first
 * incarnation of the new entry would have the UUID that the renamed entry keeps.
 */
function removed(config: Config, { kind, entry, owned }: Removal): Assertion[] {
  const { domain } = config.kanidm;
  const earlier = Array.from({ length: (entry.incarnation ?? 1) - 1 }, (_, i) =>
    derivedUuid(domain, kind, entry.formerly ?? entry.name, i + 1),
  ).filter((id) => !owned.has(id));
  return [...earlier, ...(entry.absent ? [provisionedUuid(config, kind, entry)] : [])].map(absent);
}

/**
 * Returns a migration file. Kanidm reads Hjson, and JSON is valid Hjson. Kanidm remembers applied files by their `id`,
 * and applies no file at all if two have the same `id`. The `id` is derived from the text
 * `migration/<part>/<UUID of the entry>`, so it differs from the UUID of every entry.
 */
function file(config: Config, name: string, key: string, assertions: readonly Assertion[]): Migration {
  const id = v5(key, v5(config.kanidm.domain, v5.DNS));
  return { name, text: `${JSON.stringify({ id, assertions }, null, 2)}\n` };
}

type Part = 'absent' | 'present' | 'managed-by' | 'pkce';

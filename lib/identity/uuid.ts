import { v5 } from 'uuid';
import type { Config, Kanidm } from '../config/config';
import { own } from '../guards';
import { type Entry, type EntryKind, kinds } from './entries';

/**
 * How each kind is spelled in the input of a derived UUID. These texts must never change, because every derived UUID
 * would change with them.
 */
const spelledInUuid: Readonly<Record<EntryKind, string>> = {
  person: 'person',
  'service account': 'service_account',
  group: 'group',
  client: 'client',
};

/**
 * Returns the UUID that Kaniflux gives an entry. It is a UUID of version 5 (RFC 9562, section 5.5), made from the kind
 * and key of the entry, in a namespace made from the domain. The UUID must never change, because bindings name people
 * by their UUIDs.
 * @throws Error for an unknown kind, which is possible in JavaScript
 */
export function derivedUuid(domain: string, kind: EntryKind, key: string, incarnation = 1): string {
  const spelled = own(spelledInUuid, kind);
  if (spelled === undefined) {
    const known = kinds.map((one) => `\`${one.kind}\``).join(', ');
    throw new Error(`kind: expected one of ${known}, found \`${kind}\``);
  }
  const name = `${spelled}/${key}`;
  return v5(incarnation === 1 ? name : `${name}/${incarnation}`, namespaceOf(domain));
}

/** A cache, because all entries of a config are in one namespace. */
const namespaces = new Map<string, Uint8Array>();

function namespaceOf(domain: string): Uint8Array {
  const namespace = namespaces.get(domain) ?? v5(domain, v5.DNS, new Uint8Array(16));
  namespaces.set(domain, namespace);
  return namespace;
}

/** Whether a text has the form of a UUID, as Kanidm writes it. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** A cache: hashing is slow, and every cluster needs the UUIDs of the same people. */
const derived = new WeakMap<Kanidm, WeakMap<Entry, string>>();

/**
 * Returns the UUID of an entry in Kanidm; `undefined` if the entry was created by hand and the config does not contain
 * its UUID.
 */
export function uuidOf({ kanidm }: Config, kind: EntryKind, entry: Entry): string | undefined {
  if (entry.id) return entry.id;
  if (kanidm.provision !== 'migrations') return undefined;
  const cache = derived.get(kanidm) ?? new WeakMap<Entry, string>();
  derived.set(kanidm, cache);
  const uuid = cache.get(entry) ?? derivedUuid(kanidm.domain, kind, entry.formerly ?? entry.name, entry.incarnation);
  cache.set(entry, uuid);
  return uuid;
}

/**
 * Returns the UUID of an entry that migrations create. Such an entry always has a UUID.
 * @throws Error if Kanidm is not provisioned by migrations
 */
export function provisionedUuid(config: Config, kind: EntryKind, entry: Entry): string {
  const uuid = uuidOf(config, kind, entry);
  if (uuid === undefined)
    throw new Error(
      `${entry.path.join('.')}: internal error: no UUID, because Kaniflux derives UUIDs only for migrations`,
    );
  return uuid;
}

/**
 * Returns how a migration refers to another entry: by UUID, because people can rename themselves, and one unknown name
 * makes Kanidm skip the whole file. Built-in entries are referred to by name, which cannot change.
 */
export function reference(config: Config, name: string): string {
  for (const { kind, map } of kinds) {
    const entry = map === 'clients' ? undefined : config[map].get(name);
    if (entry) return provisionedUuid(config, kind, entry);
  }
  return name;
}

import { v5 } from 'uuid';
import type { Config, Kanidm } from '../config/config';
import { type Entry, type EntryKind, kinds } from './entries';

/** How a kind is spelled in what a UUID is made from. Never to be changed: every derived UUID would be another. */
const spelledInUuid: Readonly<Record<EntryKind, string>> = {
  person: 'person',
  'service account': 'service_account',
  group: 'group',
  client: 'client',
};

/**
 * The UUID that Kaniflux gives an entry it provisions: version 5 (RFC 9562, section 5.5), in a namespace made from the
 * domain, from kind and key. Stable for ever: bindings name people by it.
 */
export function derivedUuid(domain: string, kind: EntryKind, key: string, incarnation = 1): string {
  const name = `${spelledInUuid[kind]}/${key}`;
  return v5(incarnation === 1 ? name : `${name}/${incarnation}`, v5(domain, v5.DNS));
}

/** Hashing takes longer than everything else about a subject, and every cluster asks for the same people. */
const derived = new WeakMap<Kanidm, Map<string, string>>();

/** The UUID of an entry in Kanidm, or `undefined` where it was made by hand and the config doesn't give it. */
export function uuidOf({ kanidm }: Config, kind: EntryKind, entry: Entry): string | undefined {
  if (entry.id) return entry.id;
  if (kanidm.provision !== 'migrations') return undefined;
  const cache = derived.get(kanidm) ?? new Map<string, string>();
  derived.set(kanidm, cache);
  const key = entry.formerly ?? entry.name;
  const cacheKey = `${kind}/${key}/${entry.incarnation ?? 1}`;
  const uuid = cache.get(cacheKey) ?? derivedUuid(kanidm.domain, kind, key, entry.incarnation);
  cache.set(cacheKey, uuid);
  return uuid;
}

/**
 * The UUID of an entry that Kaniflux provisions, which always has one.
 * @throws Error where Kanidm is not provisioned by migrations
 */
export function provisionedUuid(config: Config, kind: EntryKind, entry: Entry): string {
  const uuid = uuidOf(config, kind, entry);
  if (uuid === undefined)
    throw new Error(`${entry.path.join('.')}: internal error: a UUID is derived for migrations only`);
  return uuid;
}

/**
 * How a migration names another entry: by its UUID, since people can rename themselves, and one unknown name makes
 * Kanidm skip the whole file. Kanidm's own entries by name, which stays.
 */
export function reference(config: Config, name: string): string {
  for (const { kind, map } of kinds) {
    const entry = map === 'clients' ? undefined : config[map].get(name);
    if (entry) return provisionedUuid(config, kind, entry);
  }
  return name;
}

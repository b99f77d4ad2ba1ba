import { v5 } from 'uuid';
import type { Client, Config, Group, Kanidm, Person, ServiceAccount } from '../config/config';

export type EntryKind = 'person' | 'service_account' | 'group' | 'client';

type Entry = Person | ServiceAccount | Group | Client;

/**
 * The UUID that Kaniflux gives an entry it provisions: version 5 (RFC 9562, section 5.5), in a namespace made from the
 * domain, from kind and key. Stable for ever: bindings name people by it.
 */
export function derivedUuid(domain: string, kind: EntryKind, key: string, incarnation = 1): string {
  const namespace = v5(domain, v5.DNS);
  return v5(incarnation === 1 ? `${kind}/${key}` : `${kind}/${key}/${incarnation}`, namespace);
}

/** Hashing takes longer than everything else about a subject, and every cluster asks for the same people. */
const derived = new WeakMap<Kanidm, Map<string, string>>();

/** The UUID of an entry in Kanidm, or `undefined` where it was made by hand and the config doesn't give it. */
export function uuidOf(kanidm: Kanidm, kind: EntryKind, entry: Entry): string | undefined {
  if (entry.id) return entry.id;
  if (kanidm.provision !== 'migrations') return undefined;
  const known = derived.get(kanidm) ?? new Map<string, string>();
  derived.set(kanidm, known);
  const key = entry.formerly ?? entry.name;
  const entryKey = `${kind}/${key}/${entry.incarnation ?? 1}`;
  const uuid = known.get(entryKey) ?? derivedUuid(kanidm.domain, kind, key, entry.incarnation);
  known.set(entryKey, uuid);
  return uuid;
}

/** What Kanidm puts into `sub` for a person. */
export const personUuid = (config: Config, person: Person): string | undefined =>
  uuidOf(config.kanidm, 'person', person);

export const groupUuid = (config: Config, group: Group): string | undefined => uuidOf(config.kanidm, 'group', group);

import type { Client, Config, Group, Person, ServiceAccount } from '../config/config';
import { type EntryKind, uuidOf } from './uuid';

export type Entry = Person | ServiceAccount | Group | Client;
export type Kind = EntryKind;

/** The maps of the config by kind, in the order in which Kanidm has to learn of them. */
export const kinds = [
  { kind: 'person', map: 'people' },
  { kind: 'service_account', map: 'serviceAccounts' },
  { kind: 'group', map: 'groups' },
  { kind: 'client', map: 'clients' },
] as const satisfies readonly { kind: EntryKind; map: string }[];

/** Every entry with its kind. */
export function* entriesOf(config: Config): Generator<{ readonly kind: EntryKind; readonly entry: Entry }> {
  for (const { kind, map } of kinds) for (const entry of config[map].values()) yield { kind, entry };
}

/** The UUID of an entry, `undefined` where it was made by hand and the config doesn't give it. */
export const idOrNone = (config: Config, kind: EntryKind, entry: Entry): string | undefined =>
  uuidOf(config.kanidm, kind, entry);

/** The UUID of an entry that Kaniflux provisions. */
export function idOf(config: Config, kind: EntryKind, entry: Entry): string {
  const id = uuidOf(config.kanidm, kind, entry);
  if (id === undefined) throw new Error(`${entry.path.join('.')}: a UUID is derived where Kaniflux provisions only`);
  return id;
}

/**
 * How a migration names another entry: by its UUID, since people can rename themselves, and one unknown name makes
 * Kanidm skip the whole file. Kanidm's own entries by name, which stays.
 */
export function reference(config: Config, name: string): string {
  for (const { kind, map } of kinds) {
    const entry = map === 'clients' ? undefined : config[map].get(name);
    if (entry) return idOf(config, kind, entry);
  }
  return name;
}

import type { Client, Config, Group, Person, ServiceAccount } from '../config/config';

export type Entry = Person | ServiceAccount | Group | Client;

/** Who has credentials of their own, and so gets tokens. */
export type Account = Person | ServiceAccount;

/** The maps of the config by kind of entry, in the order in which Kanidm has to learn of them. */
export const kinds = [
  { kind: 'person', map: 'people' },
  { kind: 'service account', map: 'serviceAccounts' },
  { kind: 'group', map: 'groups' },
  { kind: 'client', map: 'clients' },
] as const;

/** The kinds of Kanidm's entries, spelled as people read them. */
export type EntryKind = (typeof kinds)[number]['kind'];

/** Every entry with its kind. */
export function* entriesOf(config: Config): Generator<{ readonly kind: EntryKind; readonly entry: Entry }> {
  for (const { kind, map } of kinds) for (const entry of config[map].values()) yield { kind, entry };
}

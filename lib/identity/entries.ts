import type { Client, Config, Group, Person, ServiceAccount } from '../config/config';

export type Entry = Person | ServiceAccount | Group | Client;

/** An entry that can have credentials and tokens. */
export type Account = Person | ServiceAccount;

/** The maps of the config by kind of entry, in the order in which the entries are created in Kanidm. */
export const kinds = [
  { kind: 'person', map: 'people' },
  { kind: 'service account', map: 'serviceAccounts' },
  { kind: 'group', map: 'groups' },
  { kind: 'client', map: 'clients' },
] as const;

/** The kinds of Kanidm entries, in the words that messages use. */
export type EntryKind = (typeof kinds)[number]['kind'];

export type KindOfEntry =
  | { readonly kind: 'person'; readonly entry: Person }
  | { readonly kind: 'service account'; readonly entry: ServiceAccount }
  | { readonly kind: 'group'; readonly entry: Group }
  | { readonly kind: 'client'; readonly entry: Client };

/** Yields every entry with its kind, in the order of `kinds`. */
export function* entriesOf(config: Config): Generator<KindOfEntry> {
  for (const entry of config.people.values()) yield { kind: 'person', entry };
  for (const entry of config.serviceAccounts.values()) yield { kind: 'service account', entry };
  for (const entry of config.groups.values()) yield { kind: 'group', entry };
  for (const entry of config.clients.values()) yield { kind: 'client', entry };
}

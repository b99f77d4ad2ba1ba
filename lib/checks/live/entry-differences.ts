import type { Config } from '../../config/config';
import { fieldChanges } from '../../diff/field-changes';
import { type Identities, identitiesOf, type ReadEntry } from '../../existing/kanidm-entries';
import { listOf, mapAt } from '../../guards';
import { type Entry, type EntryKind, kinds } from '../../identity/entries';
import { uuidOf } from '../../identity/uuid';

/** An entry of the config, and the matching entries in Kanidm. */
export interface Pair {
  readonly kind: EntryKind;
  readonly entry: Entry;
  /** The UUID that the config gives or derives. */
  readonly id?: string;
  /** The entry in Kanidm with that UUID. */
  readonly byId?: Found;
  /** The entry in Kanidm with that name. */
  readonly byName?: Found;
}

export interface Found {
  readonly name: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly hasImage: boolean;
}

/** Pairs each entry of the config with the entries in Kanidm that have its UUID or its name. */
export function pairs(config: Config, entries: readonly ReadEntry[]): Pair[] {
  const live = identitiesOf(entries);
  return kinds.flatMap(({ kind, map }) => {
    const withImage = new Set(entries.filter((one) => one.kind === kind && one.hasImage).map(({ name }) => name));
    const found = foundOf(live[map], withImage);
    return [...config[map].values()].map((entry): Pair => {
      const id = uuidOf(config, kind, entry);
      const byId = id === undefined ? undefined : found.find((one) => one.id === id);
      const byName = found.find(({ name }) => name === entry.name);
      return { kind, entry, ...(id ? { id } : {}), ...(byId ? { byId } : {}), ...(byName ? { byName } : {}) };
    });
  });
}

const foundOf = (live: Identities[(typeof kinds)[number]['map']], withImage: ReadonlySet<string>): Found[] =>
  [...live].map(([name, { id, ...fields }]) => ({ name, id: id ?? '', fields, hasImage: withImage.has(name) }));

/**
 * Fields that are not compared like the others: they exist only in the config, they are compared elsewhere, or Kanidm
 * shows only a hash of them (`image`).
 */
const notOfKanidm = new Set(['name', 'path', 'id', 'formerly', 'incarnation', 'absent', 'image', 'mails']);

/** Settings that Kaniflux writes even if they are the default, because API servers and bindings depend on them. */
const ofEveryClient = { preferShortUsername: false, legacyCrypto: false, disablePkce: false } as const;

/** Sections in which Kanidm fills in missing fields, such as a gid number. */
const partial = new Set(['posix', 'policy']);

const defaults: Readonly<Record<string, unknown>> = {
  type: 'public',
  localhostRedirects: false,
  preferShortUsername: false,
  consentPrompt: true,
  legacyCrypto: false,
  disablePkce: false,
};

/**
 * Returns the fields that differ in Kanidm, such as `members` or `scopes.k8s_users`. Fields that the config does not
 * set are not compared.
 * @param names maps the name in Kanidm of each renamed entry to its key in the config
 */
export function differences(entry: Entry, { fields, hasImage }: Found, names: ReadonlyMap<string, string>): string[] {
  const wanted: Record<string, unknown> = {
    ...('landingUrl' in entry ? ofEveryClient : {}),
    ...entry,
    ...('mails' in entry ? { mail: entry.mails } : {}),
  };
  const differing = Object.entries(wanted).flatMap(([field, value]) => {
    if (notOfKanidm.has(field) || value === undefined) return [];
    const [is, should] = [plain(field, fields[field], names), plain(field, value, new Map())];
    return fieldChanges(is, should, partial.has(field) ? 'written' : 'both', field).map(({ path }) =>
      path.replace(/\[.*$/, ''),
    );
  });
  return 'image' in entry && entry.image !== undefined && !hasImage ? [...differing, 'image'] : differing;
}

/**
 * Returns a value in a form that can be compared. Replaces the names of renamed entries with their keys in the config.
 * Returns `undefined` for a default or empty value.
 */
function plain(field: string, value: unknown, names: ReadonlyMap<string, string>): unknown {
  const named = (name: unknown) => names.get(String(name)) ?? name;
  const set = value ?? defaults[field];
  // `posix: {}` is not empty: it makes the entry a POSIX account or group, with a gid that Kanidm derives.
  if (isEmpty(set) && !(field === 'posix' && set !== undefined && set !== null)) return undefined;
  switch (field) {
    case 'mail':
      return [set].flat();
    case 'members':
      return listOf(set).map(named).sort();
    case 'managedBy':
      return named(set);
    case 'scopes':
    case 'supplementaryScopes':
      return rename(set, named);
    case 'claims':
      return Object.fromEntries(
        Object.entries(mapAt(set)).map(([claim, map]) => {
          const { join = 'array', values } = mapAt(map);
          return [claim, { join, values: rename(values, named) }];
        }),
      );
    case 'validFrom':
    case 'expires':
      return new Date(String(set)).getTime();
    case 'landingUrl':
      return normalized(set);
    case 'redirectUrls':
      return listOf(set).map(normalized);
    case 'posix':
    case 'policy':
      return Object.fromEntries(Object.entries(mapAt(set)).filter(([, one]) => one !== null));
    default:
      return set;
  }
}

/** Returns a URL as Kanidm stores it, such as without the port 443 of https. */
const normalized = (url: unknown): string => (URL.canParse(String(url)) ? new URL(String(url)).href : String(url));

const rename = (map: unknown, named: (name: unknown) => unknown) =>
  Object.fromEntries(Object.entries(mapAt(map)).map(([key, value]) => [named(key), value]));

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

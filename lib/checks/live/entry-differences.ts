import type { Client, Config } from '../../config/config';
import { fieldChanges } from '../../diff/field-changes';
import { type Identities, identitiesOf, type ReadEntry } from '../../existing/kanidm-entries';
import { address } from '../../existing/kanidm-values';
import { type Entry, type EntryKind, kinds } from '../../identity/entries';
import { uuidOf } from '../../identity/uuid';

/** An entry of the config beside the one in Kanidm. */
export interface Pair {
  readonly kind: EntryKind;
  readonly entry: Entry;
  /** The UUID that the config gives or derives. */
  readonly id?: string;
  /** What has that UUID in Kanidm. */
  readonly byId?: Found;
  /** What has that name in Kanidm. */
  readonly byName?: Found;
}

export interface Found {
  readonly name: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Each entry of the config with what Kanidm has of it. */
export function pairs(config: Config, entries: readonly ReadEntry[]): Pair[] {
  const live = identitiesOf(entries);
  return kinds.flatMap(({ kind, map }) => {
    const found = foundOf(live[map]);
    return [...config[map].values()].map((entry): Pair => {
      const id = uuidOf(config, kind, entry);
      const byId = id === undefined ? undefined : found.find((one) => one.id === id);
      const byName = found.find(({ name }) => name === entry.name);
      return { kind, entry, ...(id ? { id } : {}), ...(byId ? { byId } : {}), ...(byName ? { byName } : {}) };
    });
  });
}

const foundOf = (live: Identities[(typeof kinds)[number]['map']]): Found[] =>
  [...live].map(([name, { id, ...fields }]) => ({ name, id: id ?? '', fields }));

/** What belongs to the config alone. */
const notOfKanidm = new Set(['name', 'path', 'id', 'formerly', 'incarnation', 'absent', 'image', 'mails']);

/** API servers and bindings rest on these, so that Kaniflux writes them where the config does not. */
const ofEveryClient = { preferShortUsername: false, legacyCrypto: false } as const;

/** Kanidm fills in the rest of these: a gid number, for one. */
const partial = new Set(['posix', 'policy']);

const defaults: Readonly<Record<string, unknown>> = {
  type: 'public',
  localhostRedirects: false,
  preferShortUsername: false,
  consentPrompt: true,
  legacyCrypto: false,
};

/**
 * The fields that the config gives and Kanidm has otherwise, as `members`, `scopes.k8s_users`. What the config leaves
 * out is Kanidm's own affair.
 * @param names what the config calls an entry that Kanidm knows by another name
 */
export function otherwise(entry: Entry, { fields }: Found, names: ReadonlyMap<string, string>): string[] {
  const wanted: Record<string, unknown> = {
    ...('landingUrl' in entry ? ofEveryClient : {}),
    ...entry,
    ...('mails' in entry ? { mail: entry.mails } : {}),
  };
  return Object.entries(wanted).flatMap(([field, value]) => {
    if (notOfKanidm.has(field) || value === undefined) return [];
    const [is, should] = [plain(field, fields[field], names), plain(field, value, new Map())];
    return fieldChanges(is, should, partial.has(field) ? 'written' : 'both', field).map(({ path }) =>
      path.replace(/\[.*$/, ''),
    );
  });
}

/** Names as the config has them, and what stands for nothing as nothing. */
function plain(field: string, value: unknown, names: ReadonlyMap<string, string>): unknown {
  const named = (name: unknown) => names.get(String(name)) ?? name;
  const set = value ?? defaults[field];
  if (isEmpty(set)) return undefined;
  switch (field) {
    case 'mail':
      return [set].flat();
    case 'members':
      return (set as unknown[]).map(named).sort();
    case 'managedBy':
      return named(set);
    case 'scopes':
    case 'supplementaryScopes':
      return rename(set, named);
    case 'claims':
      return Object.fromEntries(
        Object.entries(set as NonNullable<Client['claims']>).map(([claim, { join = 'array', values }]) => [
          claim,
          { join, values: rename(values, named) },
        ]),
      );
    case 'landingUrl':
      return address(String(set));
    case 'redirectUrls':
      return (set as string[]).map(address);
    case 'posix':
    case 'policy':
      return Object.fromEntries(Object.entries(set as object).filter(([, one]) => one !== null));
    default:
      return set;
  }
}

const rename = (map: unknown, named: (name: unknown) => unknown) =>
  Object.fromEntries(Object.entries(map as Record<string, unknown>).map(([key, value]) => [named(key), value]));

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

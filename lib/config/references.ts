import { type Finding, keyAt, type Path, type Place } from '../findings/finding';
import { isMap, own } from '../guards';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { appClientKeys } from './apps';
import { memberName } from './members';
import { nearest, suggest } from './nearest';
import { readingFinding } from './reading-codes';
import type { WholeInput } from './schema/config-schema';
import { clientName, dnsLabel, kanidmName } from './schema/field-patterns';
import { fittingValue } from './written-values';

type Kind = 'people' | 'serviceAccounts' | 'groups' | 'clients' | 'clusters';
type Names = Readonly<Partial<Record<Kind, object | string>>>;

interface Reference {
  readonly kinds: readonly Kind[];
  readonly key: string | undefined;
  readonly path: Path;
  readonly at?: 'key';
  /** Whether the reference may be to a built-in entry of Kanidm. */
  readonly builtIn?: true;
}

const words: Record<Kind, string> = {
  people: 'person',
  serviceAccounts: 'service account',
  groups: 'group',
  clients: 'client',
  clusters: 'cluster',
};
const patterns: Record<Kind, RegExp> = {
  people: new RegExp(kanidmName),
  serviceAccounts: new RegExp(kanidmName),
  groups: new RegExp(kanidmName),
  clients: new RegExp(clientName),
  clusters: new RegExp(dnsLabel),
};
const principals: readonly Kind[] = ['people', 'groups', 'serviceAccounts'];

/**
 * Reports references to entries that do not exist or are `absent`.
 * @param input values have the types of the schema, but required keys may be missing
 * @param named the config including its faulty entries. A reference to a faulty entry is valid. A reference is also
 * valid if its target may be an entry with an invalid name, or an entry in a section of the wrong type
 * @param nameless whether the name in a cluster file could not be read; a reference to an unknown cluster may then mean
 * this cluster
 */
export function referenceProblems(input: WholeInput, named: Names = input, nameless = false): Finding[] {
  const problems: Finding[] = [];
  const names: Record<Kind, Set<string>> = {
    people: namesIn(named.people),
    serviceAccounts: namesIn(named.serviceAccounts),
    groups: namesIn(named.groups),
    clients: new Set([...namesIn(named.clients), ...appClientKeys(input.clusters)]),
    clusters: namesIn(named.clusters),
  };
  const { people, serviceAccounts, groups, clients } = input;
  const entries: Partial<Record<Kind, Readonly<Record<string, { readonly absent?: boolean }>>>> = {
    people,
    serviceAccounts,
    groups,
    clients,
  };
  const isSound = (kind: Kind, key: string) => names[kind].has(key) && !own(entries[kind], key)?.absent;
  for (const { kinds, key, path, at, builtIn } of references(input, isSound)) {
    if (key === undefined) continue;
    const place: Place = at ? keyAt(path) : { path };
    const kind = kinds.find((candidate) => names[candidate].has(key));
    if (kind === undefined) {
      if ((builtIn && isBuiltIn(key)) || (nameless && kinds[0] === 'clusters')) continue;
      if (kinds.some((candidate) => named[candidate] !== undefined && !isMap(named[candidate]))) continue;
      // A group is no member of itself.
      const own = path[0] === 'groups' && path[2] === 'members' ? path[1] : undefined;
      const candidates = kinds.flatMap((candidate) => [...names[candidate]].filter((name) => name !== own));
      const isValid = (name: string) => kinds.some((candidate) => patterns[candidate].test(name));
      const similar = nearest(key, candidates);
      if (similar !== undefined && !isValid(similar)) continue;
      if (
        candidates.some((name) => !isValid(name) && fittingValue(name, patterns[kinds[0] ?? 'people'].source) === key)
      )
        continue;
      const what = kinds.map((candidate) => words[candidate]).join(' or ');
      const isAll = key === '*' && path.at(-2) === 'clusters';
      const fix = isAll
        ? 'write `clusters: "*"`, without a list'
        : suggest(key, candidates.filter(isValid), `add \`${key}\` under \`${kinds[0]}\``);
      problems.push(readingFinding('unknown-reference', place, `there is no ${what} \`${key}\``, fix));
    } else if (own(entries[kind], key)?.absent) {
      const fix = `remove \`${key}\` here, or remove \`absent: true\` from \`${kind}.${key}\``;
      problems.push(
        readingFinding('absent-reference', place, `the ${words[kind]} \`${key}\` has \`absent: true\``, fix),
      );
    }
  }
  return problems;
}

/** The keys of a map; empty for any other value. */
const namesIn = (map: unknown): Set<string> =>
  new Set(typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.keys(map) : []);

type IsSound = (kind: Kind, key: string) => boolean;

/**
 * Yields the references of a config. A config can have many grants, so references in grants are yielded only if
 * `isSound` returns false.
 * @param isSound whether an entry exists and is not `absent`
 */
function* references(input: WholeInput, isSound: IsSound): Generator<Reference> {
  const { groups = {}, serviceAccounts = {}, clients = {}, clusters } = input;
  yield { kinds: ['clusters'], key: input.kanidm?.cluster, path: ['kanidm', 'cluster'] };
  const sound = soundMembers(input);
  for (const [name, { members, managedBy }] of Object.entries(groups)) {
    const keys = members?.map(memberName);
    if (keys?.some((key) => !sound.has(key))) yield* list(principals, keys, ['groups', name, 'members'], true);
    yield* manager(managedBy, ['groups', name, 'managedBy']);
  }
  for (const [name, { managedBy }] of Object.entries(serviceAccounts)) {
    yield* manager(managedBy, ['serviceAccounts', name, 'managedBy']);
  }
  for (const [name, { scopes, supplementaryScopes, claims = {} }] of Object.entries(clients)) {
    yield* keys(scopes, ['clients', name, 'scopes']);
    yield* keys(supplementaryScopes, ['clients', name, 'supplementaryScopes']);
    for (const [claim, { values }] of Object.entries(claims)) {
      yield* keys(values, ['clients', name, 'claims', claim, 'values']);
    }
  }
  yield* granted(input.flux?.writers ?? {}, ['flux', 'writers'], isSound);
  for (const [name, { client, trust, authentication, apps, flux, grants = [] }] of Object.entries(clusters)) {
    yield* granted(flux?.writers ?? {}, ['clusters', name, 'flux', 'writers'], isSound);
    yield { kinds: ['clients'], key: client, path: ['clusters', name, 'client'] };
    yield* list(['clients'], trust, ['clusters', name, 'trust']);
    yield* list(['groups'], apps?.headlamp?.groups, ['clusters', name, 'apps', 'headlamp', 'groups'], true);
    for (const key of Object.keys(authentication?.clients ?? {})) {
      yield { kinds: ['clients'], key, path: ['clusters', name, 'authentication', 'clients', key], at: 'key' };
    }
    for (const [i, grant] of grants.entries()) yield* granted(grant, ['clusters', name, 'grants', i], isSound);
  }
  for (const [i, grant] of (input.grants ?? []).entries()) {
    yield* granted(grant, ['grants', i], isSound);
    yield* chosen(grant.clusters, ['grants', i, 'clusters']);
  }
  for (const [name, role] of Object.entries(input.roles ?? {})) {
    yield* chosen(role.clusters, ['roles', name, 'clusters']);
  }
  for (const [i, { except, who, clusters: on }] of (input.expect ?? []).entries()) {
    yield* list(principals, except, ['expect', i, 'except'], true);
    yield* list(principals, who, ['expect', i, 'who'], true);
    yield* chosen(on, ['expect', i, 'clusters']);
  }
  for (const [i, { cluster }] of (input.checks?.ignore ?? []).entries()) {
    yield { kinds: ['clusters'], key: cluster, path: ['checks', 'ignore', i, 'cluster'] };
  }
}

/** Returns the entries that can be members: groups can have so many members that looking up each again takes long. */
function soundMembers({ people = {}, serviceAccounts = {}, groups = {} }: WholeInput): ReadonlySet<string> {
  const all = [people, serviceAccounts, groups].flatMap((map) => Object.entries<{ absent?: boolean }>(map));
  const sound = new Set(all.map(([name]) => name));
  for (const [name, { absent }] of all) if (absent) sound.delete(name);
  return sound;
}

function* list(kinds: readonly Kind[], keys: readonly string[] = [], path: Path, builtIn?: true): Generator<Reference> {
  for (const [i, key] of keys.entries()) yield { kinds, key, path: [...path, i], ...(builtIn ? { builtIn } : {}) };
}

function* manager(key: string | null | undefined, path: Path): Generator<Reference> {
  if (typeof key === 'string') yield { kinds: principals, key, path, builtIn: true };
}

function* keys(map: object | undefined, path: Path): Generator<Reference> {
  for (const key of Object.keys(map ?? {})) {
    yield { kinds: ['groups'], key, path: [...path, key], at: 'key', builtIn: true };
  }
}

function* granted(
  grant: { people?: string[]; groups?: string[]; serviceAccounts?: string[] },
  path: Path,
  isSound: IsSound,
): Generator<Reference> {
  for (const kind of ['people', 'groups', 'serviceAccounts'] as const) {
    const keys = grant[kind];
    if (keys?.some((key) => !isSound(kind, key))) yield* list([kind], keys, [...path, kind]);
  }
}

function* chosen(choice: string | readonly string[] | undefined, path: Path): Generator<Reference> {
  if (typeof choice === 'object') yield* list(['clusters'], choice, path);
}

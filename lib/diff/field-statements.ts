import type { Config } from '../config/config';
import { isMap } from '../guards';
import { type ConfigChange, configChanges, leaves, matches } from './config-changes';
import { checksFields, clusterFields } from './fields/cluster-fields';
import type { Field, FieldRow } from './fields/field';
import { clientFields, entryFields } from './fields/kanidm-entry-fields';
import { kanidmFields } from './fields/kanidm-fields';
import { plainConfig } from './plain-config';
import { type Predecessor, predecessors, type Who } from './predecessors';
import type { Level, Part, Statement } from './statement';
import { listDifference, shown, shownBoth } from './values';

const cluster = 'clusters.*.';

/**
 * All rows with their patterns split into path segments. Rows for a cluster are written without the prefix
 * `clusters.*`.
 */
const rows = [
  ...[...kanidmFields, ...entryFields, ...clientFields, ...checksFields],
  ...clusterFields.map((row) => ({ ...row, pattern: cluster + row.pattern })),
].map((row) => ({ ...row, parts: row.pattern.split('.') }));

/** Returns the row that describes a field; `undefined` if the field has no row yet. */
export const rowFor = (path: readonly string[]): FieldRow | undefined => rows.find(({ parts }) => matches(path, parts));

/** Returns a statement for each changed field of the resolved config, and for each entry that was added or removed. */
export function fieldStatements(before: Config, after: Config): Statement[] {
  const former = predecessors(before, after);
  const renamed = renames(after, former);
  const old = withNewNames(plainConfig(before), renamed);
  const sides = { before, after };
  return [
    ...renamed.map(renameStatement),
    ...[...configChanges(old, plainConfig(after))].map((change) => statementOf(change, sides)),
  ];
}

function statementOf(change: ConfigChange, sides: Field['sides']): Statement {
  const { path, before, after } = change;
  const whole = entryKinds.find(({ pattern }) => matches(path, pattern));
  if (whole) return entryStatement(change, whole);
  const row = rowFor(path);
  const onCluster = path[0] === 'clusters' && path.length > 2;
  const keys = row ? keysOf(path, row.pattern.split('.')).slice(onCluster ? 1 : 0) : [];
  const field: Field = { keys, before, after, sides };
  const what = row ? named(row.what, keys) : path.slice(onCluster ? 2 : 0).join('.');
  const means = typeof row?.means === 'function' ? row.means(field) : row?.means;
  const text = `${what}${difference(before, after)}${means === undefined ? '' : `: ${means}`}`;
  return {
    part: row?.part ?? 'settings',
    level: levelIn(row, field),
    change: 'changed',
    say: (on) => (onCluster ? `${on}: ${text}` : text),
    clusters: onCluster ? [path[1] ?? ''] : [],
    details: [],
    path: path.join('.'),
  };
}

const levelIn = (row: FieldRow | undefined, field: Field): Level =>
  row === undefined ? 'low' : typeof row.level === 'function' ? row.level(field) : row.level;

const named = (what: string, keys: readonly string[]): string =>
  what.replace(/\$(\d)/g, (_, digit: string) => keys[Number(digit) - 1] ?? '');

/** Returns the segments of a path at the positions where the pattern has `*`. */
const keysOf = (path: readonly string[], pattern: readonly string[]): string[] =>
  pattern.flatMap((part, i) => (part === '**' ? [path.slice(i).join('.')] : part === '*' ? [path[i] ?? ''] : []));

/** Returns ` changed from a to b`, with `not set` for a missing value; for a list ` changed (added a; removed b)`. */
function difference(before: unknown, after: unknown): string {
  if (Array.isArray(before) && Array.isArray(after)) return listChange(before, after);
  const [from, to] =
    before === undefined || after === undefined ? [shown(before), shown(after)] : shownBoth(before, after);
  return ` changed from ${from} to ${to}`;
}

function listChange(before: readonly unknown[], after: readonly unknown[]): string {
  const { added, removed } = listDifference(before, after);
  const each = (items: readonly unknown[]) => items.map((item) => shown(item)).join(', ');
  if (added.length + removed.length === 0) return ` changed the order (${each(after)})`;
  const changes = [
    ...(added.length > 0 ? [`added ${each(added)}`] : []),
    ...(removed.length > 0 ? [`removed ${each(removed)}`] : []),
  ];
  return ` changed (${changes.join('; ')})`;
}

interface EntryKind {
  readonly pattern: readonly string[];
  readonly part: Part;
  readonly level: (added: boolean) => Level;
  /** The description, with `$1` for the key of the entry. */
  readonly what: string;
}

const kind = (pattern: string, part: Part, level: Level | ((added: boolean) => Level), what: string): EntryKind => ({
  pattern: pattern.split('.'),
  part,
  level: typeof level === 'function' ? level : () => level,
  what,
});

const entryKinds: readonly EntryKind[] = [
  kind('kanidm', 'trust', 'low', 'Kanidm'),
  kind('people.*', 'kanidm', 'none', 'person $1'),
  kind('serviceAccounts.*', 'kanidm', 'none', 'service account $1'),
  kind('groups.*', 'kanidm', 'none', 'group $1'),
  kind('clients.*', 'trust', 'low', 'client $1'),
  kind('clusters.*', 'trust', 'low', 'cluster $1'),
  kind(
    'clusters.*.issuers.*',
    'trust',
    (added) => (added ? 'high' : 'low'),
    'the issuer $1, whose tokens the API server accepts,',
  ),
  kind(
    'clusters.*.jwt.*',
    'trust',
    (added) => (added ? 'high' : 'low'),
    'the entry of the AuthenticationConfiguration for $1, which Kaniflux does not evaluate,',
  ),
  kind('clusters.*.authentication.clients.*', 'trust', 'medium', 'the mapping of its own for tokens of client $1'),
  kind('clusters.*.grants.*', 'access', 'none', 'the grant $1'),
  kind('clusters.*.roles.*', 'access', 'none', 'the role $1'),
  kind('checks.ignore.*', 'settings', (added) => (added ? 'low' : 'none'), 'the exception for $1 in `kaniflux check`'),
];

function entryStatement({ path, before, after }: ConfigChange, kind: EntryKind): Statement {
  const added = before === undefined;
  const inCluster = path[0] === 'clusters' && path.length > 2;
  const what = named(kind.what, [path.at(-1) ?? '']);
  const text = `${what} is ${added ? 'new' : 'gone'}`;
  const value = added ? after : before;
  return {
    part: kind.part,
    level: kind.level(added),
    change: added ? 'added' : 'removed',
    say: (on) => (inCluster ? `${on}: ${text}` : text),
    clusters: inCluster ? [path[1] ?? ''] : [],
    // A removed entry can be read on the base branch, so only a new entry lists its fields.
    details: [...leaves(value)]
      .filter(({ path: field, value: is }) => field !== 'absent' || is !== false)
      .map(({ path: field, value: is }) => `${field === '' ? '' : `${field}: `}${shown(is)}`),
    path: path.join('.'),
  };
}

interface Renamed {
  readonly map: 'people' | 'serviceAccounts' | 'groups' | 'clients';
  readonly from: string;
  readonly to: string;
}

/** Returns the entries that changed their name and are still the same account. */
function renames(after: Config, former: Predecessor): Renamed[] {
  return (['people', 'serviceAccounts', 'groups', 'clients'] as const).flatMap((map) =>
    [...after[map].keys()].flatMap((to): Renamed[] => {
      const from = former(whoIn(map, to));
      return from === undefined || from === to ? [] : [{ map, from, to }];
    }),
  );
}

const whoIn = (map: Renamed['map'], name: string): Who => ({ kind: kindOf[map], name });

const kindOf = { people: 'person', serviceAccounts: 'service account', groups: 'group', clients: 'client' } as const;

/** Returns the tree with each renamed entry under its new name, so that the entry is compared with its old self. */
function withNewNames(
  tree: ReturnType<typeof plainConfig>,
  renamed: readonly Renamed[],
): ReturnType<typeof plainConfig> {
  const maps = Object.entries(tree).map(([map, value]): [string, unknown] => {
    const names = new Map(renamed.filter((one) => one.map === map).map(({ from, to }) => [from, to]));
    if (names.size === 0 || !isMap(value)) return [map, value];
    return [map, Object.fromEntries(Object.entries(value).map(([key, entry]) => [names.get(key) ?? key, entry]))];
  });
  return Object.fromEntries(maps);
}

const renameStatement = ({ map, from, to }: Renamed): Statement => ({
  part: 'kanidm',
  level: 'medium',
  change: 'changed',
  say: () => `${kindOf[map]} ${from} is called ${to} from now on: the same account, with its credentials and its UUID`,
  clusters: [],
  details: [],
  path: `${map}.${to}`,
});

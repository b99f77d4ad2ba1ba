import type { Config } from '../config/config';
import { isMap, type Json, mapAt } from '../guards';
import { kinds } from '../identity/entries';
import { type ConfigChange, configChanges, leaves, matches } from './config-changes';
import { renameStatement, renames, withNewNames } from './entry-renames';
import { checksFields, clusterFields } from './fields/cluster-fields';
import type { Field, FieldRow } from './fields/field';
import { clientFields, entryFields } from './fields/kanidm-entry-fields';
import { kanidmFields } from './fields/kanidm-fields';
import { noConfig, plainConfig } from './plain-config';
import { predecessors } from './predecessors';
import { runbookRenames } from './runbook-renames';
import { equalClusters } from './same-clusters';
import type { Level, Part, Statement } from './statement';
import { successorOf } from './steps/cluster-steps';
import { newNames, withReferences } from './steps/renamed-references';
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
  const renamed = renames(before, after, former);
  const equal = equalClusters(before, after);
  const changed = (config: Config): Config => {
    if (config === noConfig) return config;
    return { ...config, clusters: new Map([...config.clusters].filter(([name]) => !equal.has(name))) };
  };
  // In Kanidm, references follow a rename, so a reference with the new name is not a change.
  const was = withReferences(changed(before), newNames(after, former));
  const { tree, replaced } = withNewNames(plainConfig(was), renamed);
  const sides = { before, after };
  const now = plainConfig(changed(after));
  const changes = [...configChanges(tree, now), ...replaced];
  return [
    ...renamed.flatMap((one) => renameStatement(one, renamed)),
    ...changes
      .filter(({ path }) => !isOfDeletion(path, tree, now))
      .map((change) => withFields(statementOf(change, sides), change, now)),
  ];
}

const isAbsent = (entry: unknown): boolean => isMap(entry) && entry.absent === true;

/**
 * Whether a field only changes because its entry is deleted or created again. A deleted entry has no fields, and those
 * of a created entry are listed with it.
 */
function isOfDeletion([map = '', name = '', field = '']: readonly string[], before: Json, after: Json): boolean {
  if (!kinds.some((one) => one.map === map) || field === '') return false;
  const [was, is] = [mapAt(mapAt(before, map), name), mapAt(mapAt(after, map), name)];
  const isKept = ['absent', 'id', 'formerly', 'incarnation'].includes(field);
  return isAbsent(is) !== isAbsent(was) && !isKept;
}

/** Adds the fields of an entry that is created in Kanidm again. */
function withFields(statement: Statement, { path, before }: ConfigChange, after: Json): Statement {
  const [map = '', name = '', field] = path;
  const isCreated = field === 'absent' && before === true && kinds.some((one) => one.map === map);
  return isCreated ? { ...statement, details: fieldsOf(mapAt(mapAt(after, map), name)) } : statement;
}

function statementOf(change: ConfigChange, sides: Field['sides']): Statement {
  const { path, before, after } = change;
  const whole = entryKinds.find(({ pattern }) => matches(path, pattern));
  if (whole) return entryStatement(change, whole, sides);
  const row = rowFor(path);
  const onCluster = path[0] === 'clusters' && path.length > 2;
  const keys = row ? keysOf(path, row.pattern.split('.')).slice(onCluster ? 1 : 0) : [];
  const field: Field = { keys, before, after, sides, ...(onCluster ? { cluster: path[1] ?? '' } : {}) };
  const what = row ? named(row.what, keys) : path.slice(onCluster ? 2 : 0).join('.');
  const means = typeof row?.means === 'function' ? row.means(field) : row?.means;
  const text = row?.instead?.(field) ?? `${what}${difference(before, after)}${means === undefined ? '' : `: ${means}`}`;
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
  /** The description of the field, with `$1` for the key of the entry. */
  readonly what: string;
  /** The consequence if an entry is removed. */
  readonly gone?: (name: string, value: unknown, sides: Field['sides']) => string;
  /** The consequence if an entry is added. */
  readonly isNew?: string;
}

const kind = (
  pattern: string,
  [part, level]: readonly [Part, Level | ((added: boolean) => Level)],
  what: string,
  gone?: EntryKind['gone'],
): EntryKind => ({
  pattern: pattern.split('.'),
  part,
  level: typeof level === 'function' ? level : () => level,
  what,
  ...(gone ? { gone } : {}),
});

/**
 * Returns a text which says that an entry stays in Kanidm. Neither the runbook nor the migrations delete an entry that
 * was removed from the config.
 */
const stays = (what: string): string => `Kanidm keeps ${what} until somebody deletes it (see After merging)`;

/** Returns the consequence of removing a client from the config. */
function withoutClient(name: string, value: unknown): string {
  const url = isMap(value) && typeof value.landingUrl === 'string' ? ` at ${value.landingUrl}` : '';
  return `${stays('the client')}; then nobody can sign in to ${name}${url} any more`;
}

/** Returns the consequence of removing a cluster from the config. */
function withoutCluster(name: string, _value: unknown, { before, after }: Field['sides']): string {
  const successor = successorOf(name, before, after);
  return successor === undefined
    ? 'its API server keeps its settings, and the objects in it stay, until somebody removes them'
    : `${successor} has the same API server, and the objects of ${name} stay until somebody applies the Flux Kustomizations of ${successor}, which replace those of ${name}`;
}

const entryKinds: readonly EntryKind[] = [
  kind('kanidm', ['trust', 'low'], 'Kanidm'),
  kind('people.*', ['kanidm', 'none'], 'person $1', () => stays('the account and its credentials')),
  kind('serviceAccounts.*', ['kanidm', 'none'], 'service account $1', () => stays('the account and its tokens')),
  kind('groups.*', ['kanidm', 'none'], 'group $1', () => stays('the group and its members')),
  kind('clients.*', ['trust', 'low'], 'client $1', withoutClient),
  kind('clusters.*', ['trust', 'low'], 'cluster $1', withoutCluster),
  {
    ...kind(
      'clusters.*.issuers.*',
      ['trust', (added) => (added ? 'high' : 'low')],
      'the issuer $1, whose tokens the API server accepts,',
    ),
    isNew: 'whoever runs the issuer decides who its users are',
  },
  kind(
    'clusters.*.jwt.*',
    ['trust', (added) => (added ? 'high' : 'low')],
    'the entry of the AuthenticationConfiguration for $1, which Kaniflux does not evaluate,',
  ),
  kind('clusters.*.authentication.clients.*', ['trust', 'medium'], 'the separate mapping for tokens of client $1'),
  kind('clusters.*.grants.*', ['settings', 'none'], 'the grant $1'),
  kind('clusters.*.roles.*', ['settings', 'none'], 'the role $1'),
  {
    ...kind(
      'checks.ignore.*',
      ['settings', (added) => (added ? 'low' : 'none')],
      'the entry of `checks.ignore` for $1',
      () => 'the findings that it matched are reported again',
    ),
    isNew: 'the findings that it matches are no longer reported',
  },
  kind(
    'expect.*',
    ['settings', (added) => (added ? 'none' : 'medium')],
    'the expectation that $1',
    () => '`kaniflux check` no longer tests it',
  ),
];

function entryStatement({ path, before, after }: ConfigChange, kind: EntryKind, sides: Field['sides']): Statement {
  const added = before === undefined;
  const inCluster = path[0] === 'clusters' && path.length > 2;
  const what = named(kind.what, [path.at(-1) ?? '']);
  const value = added ? after : before;
  const name = path.at(-1) ?? '';
  if (isAbsent(value)) return absentStatement(what, { path, added, part: kind.part });
  const consequence = added
    ? kind.isNew
    : (renamedLater(path[0] ?? '', name, sides) ?? kind.gone?.(name, value, sides));
  const text = `${what} is ${added ? 'new' : 'gone from the config'}${consequence === undefined ? '' : `: ${consequence}`}`;
  return {
    part: kind.part,
    level: kind.level(added),
    change: added ? 'added' : 'removed',
    say: (on) => (inCluster ? `${on}: ${text}` : text),
    clusters: inCluster ? [path[1] ?? ''] : [],
    // Only the fields of a new entry are listed. Those of a removed entry can be read on the base branch.
    details: added ? fieldsOf(value) : [],
    path: path.join('.'),
  };
}

/** Returns the statement about an entry with `absent: true` that enters or leaves the config. */
const absentStatement = (
  what: string,
  { path, added, part }: { readonly path: readonly string[]; readonly added: boolean; readonly part: Part },
): Statement => ({
  part,
  level: added ? 'low' : 'none',
  change: 'removed',
  say: () =>
    added
      ? `${what} is deleted from Kanidm, if Kanidm has it (absent)`
      : `${what} was \`absent\`, and is gone from the config: if Kanidm still has it, nothing deletes it any more`,
  clusters: [],
  details: [],
  path: path.join('.'),
});

/** Returns what happens to an entry that the runbook renames. */
function renamedLater(map: string, name: string, { before, after }: Field['sides']): string | undefined {
  const renamed = runbookRenames(before, after, predecessors(before, after)).find(
    ({ kind, from }) => from === name && kinds.some((one) => one.kind === kind && one.map === map),
  );
  if (!renamed) return undefined;
  const { kind, to } = renamed;
  const what = kind === 'group' || kind === 'client' ? `the same ${kind}` : 'the same account, with its credentials';
  return `the runbook renames this ${kind} to ${to}: ${what} and its UUID. If Kanidm already has a ${kind} ${to}, the runbook leaves ${name} as it is, and that ${to} gets the access instead`;
}

/**
 * Returns each field of an entry as a line. Empty lists are left out, except the namespaces of a grant, where an empty
 * list means the whole cluster.
 */
const fieldsOf = (entry: unknown): string[] =>
  [...leaves(entry)].flatMap(({ path, value }) => {
    const isEmpty = Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
    if (path === 'namespaces' && isEmpty && isGrant(entry))
      return ['namespaces: none, so it applies to the whole cluster'];
    if (isEmpty || (path === 'absent' && value === false)) return [];
    return [`${path === '' ? '' : `${path}: `}${shown(value)}`];
  });

const isGrant = (entry: unknown): boolean => isMap(entry) && 'roleName' in entry;

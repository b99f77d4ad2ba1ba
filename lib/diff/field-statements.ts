import type { Config } from '../config/config';
import { type Json, mapAt } from '../guards';
import { kinds } from '../identity/entries';
import { type ConfigChange, configChanges, matches } from './config-changes';
import { renameStatement, renames, withNewNames } from './entry-renames';
import { entryStatement, fieldsOf, isAbsent, named } from './entry-statements';
import { clientFields } from './fields/client-fields';
import { checksFields, clusterFields } from './fields/cluster-fields';
import type { Field, FieldRow } from './fields/field';
import { entryFields } from './fields/kanidm-entry-fields';
import { kanidmFields } from './fields/kanidm-fields';
import { noConfig, plainConfig } from './plain-config';
import { predecessors, replacedEntries } from './predecessors';
import { equalClusters } from './same-clusters';
import type { Level, Statement } from './statement';
import { newNames, withReferences } from './steps/renamed-references';
import { listDifference, shown, shownBoth } from './values';

const cluster = 'clusters.*.';

/** All rows, with their patterns split into path segments. The prefix `clusters.*` is added to `clusterFields`. */
const rows = [
  ...[...kanidmFields, ...entryFields, ...clientFields, ...checksFields],
  ...clusterFields.map((row) => ({ ...row, pattern: cluster + row.pattern })),
].map((row) => ({ ...row, parts: row.pattern.split('.') }));

/** Returns the row that describes a field; `undefined` if the field has no row yet. */
const rowFor = (path: readonly string[]): FieldRow | undefined => rows.find(({ parts }) => matches(path, parts));

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
  const { tree, replaced } = withNewNames(plainConfig(was, before), renamed, replacedEntries(before, after));
  const sides = { before, after };
  const now = plainConfig(changed(after), after);
  const changes = [...configChanges(tree, now), ...replaced];
  return [
    ...renamed.flatMap((one) => renameStatement(one, renamed)),
    ...changes
      .filter(({ path }) => !isOfDeletion(path, tree, now))
      .map((change) => withFields(statementOf(change, sides), change, now)),
  ];
}

/**
 * Whether a field only changes because its entry is deleted or created again. A deleted entry has no fields, and the
 * statement about a created entry lists its fields.
 */
function isOfDeletion([map = '', name = '', field = '']: readonly string[], before: Json, after: Json): boolean {
  if (!kinds.some((one) => one.map === map) || field === '') return false;
  const [was, is] = [mapAt(mapAt(before, map), name), mapAt(mapAt(after, map), name)];
  const isKept = ['absent', 'id', 'formerly', 'incarnation'].includes(field);
  return isAbsent(is) !== isAbsent(was) && !isKept;
}

/** If an entry is created in Kanidm again, adds the fields of the entry to the statement. */
function withFields(statement: Statement, { path, before }: ConfigChange, after: Json): Statement {
  const [map = '', name = '', field] = path;
  const isCreated = field === 'absent' && before === true && kinds.some((one) => one.map === map);
  return isCreated ? { ...statement, details: fieldsOf(mapAt(mapAt(after, map), name)) } : statement;
}

function statementOf(change: ConfigChange, sides: Field['sides']): Statement {
  const { path, before, after } = change;
  const whole = entryStatement(change, sides);
  if (whole) return whole;
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

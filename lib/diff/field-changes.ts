import { isMap, own } from '../guards';
import { shown, shownBoth } from './values';

/** A field that differs. `before` or `after` is `undefined` if that side has no such field. */
export interface FieldChange {
  /** The path, such as `spec.rules[pods].verbs`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * The fields to compare: the fields of `both` sides, or only the fields `written` on the second side. Use `written` if
 * the first side is a live cluster, whose API server has filled in further fields.
 */
export type Scope = 'both' | 'written';

/** Lists in which the order matters. The order of other lists is ignored. */
const ordered = new Set(['args', 'command']);

/**
 * The path of the rules of a TLSRoute. These rules have no names, and the API server fills in some of their fields.
 * The rules of a role have the path `rules`, and the API server does not change them.
 */
const filledInByServers = 'spec.rules';

/**
 * Returns the fields that differ between two JSON values. Entries of two lists are matched by an identifying field,
 * such as the name.
 */
export function fieldChanges(before: unknown, after: unknown, scope: Scope = 'both', path = ''): FieldChange[] {
  if (isMap(before) && isMap(after)) {
    const keys =
      scope === 'written' ? Object.keys(after) : [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => fieldChanges(own(before, key), own(after, key), scope, join(path, key)));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, scope, path);
  if (canonical(before) === canonical(after)) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function listChanges(before: readonly unknown[], after: readonly unknown[], scope: Scope, path: string): FieldChange[] {
  if (ordered.has(path.slice(path.lastIndexOf('.') + 1))) {
    return canonical(before) === canonical(after) ? [] : [{ path, before, after }];
  }
  if (scope === 'written' && path === filledInByServers) [before, after] = withoutCovered(before, after);
  const hasKinds = [...before, ...after].every((item) => isMap(item) && typeof item.kind === 'string');
  const old = byIdentity(before, hasKinds);
  const now = byIdentity(after, hasKinds);
  if (!old || !now) return setChanges(before, after, path);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) =>
    fieldChanges(old.get(key), now.get(key), scope, `${path}[${key}]`),
  );
}

/** Removes equal entries from two lists. Fields that a server filled in are ignored. */
function withoutCovered(before: readonly unknown[], after: readonly unknown[]): [unknown[], unknown[]] {
  const left = [...before];
  const taken = (covers: (entry: unknown) => boolean) => {
    const index = left.findIndex(covers);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  };
  const changed = after.filter((item) => !taken((entry) => canonical(entry) === canonical(item)));
  const missing = changed.filter((item) => !taken((entry) => fieldChanges(entry, item, 'written').length === 0));
  return [left, missing];
}

/** Compares lists whose entries have no identifying field: an entry is added or removed, never changed. */
function setChanges(before: readonly unknown[], after: readonly unknown[], path: string): FieldChange[] {
  const old = new Set(before.map(canonical));
  const now = new Set(after.map(canonical));
  return [
    ...before.filter((item) => !now.has(canonical(item))).map((item) => ({ path: `${path}[]`, before: item })),
    ...after.filter((item) => !old.has(canonical(item))).map((item) => ({ path: `${path}[]`, after: item })),
  ];
}

/**
 * Returns the entries of a list by their identity; `undefined` if an entry has no identity or two entries share one.
 */
function byIdentity(list: readonly unknown[], hasKinds: boolean): Map<string, unknown> | undefined {
  const found = new Map<string, unknown>();
  for (const item of list) {
    const identity = isMap(item) ? identityOf(item, hasKinds) : undefined;
    if (identity === undefined || found.has(identity)) return undefined;
    found.set(identity, item);
  }
  return found;
}

/**
 * Returns the identity of an entry of a list.
 * @param hasKinds whether every entry on both sides has a kind. Otherwise, the API server may have filled in the kinds
 * of one side, so a kind is not a part of the identity
 */
function identityOf(item: Record<string, unknown>, hasKinds: boolean): string | undefined {
  const { namespace, name } = isMap(item.metadata) ? item.metadata : item;
  if (typeof name === 'string')
    return [hasKinds && item.kind, namespace, name].filter((part) => typeof part === 'string').join('/');
  for (const key of ['mountPath', 'key', 'path', 'containerPort', 'port', 'host']) {
    const value = item[key];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return undefined;
}

const join = (path: string, key: string) => {
  const part = /^[\w-]+$/.test(key) ? key : `"${key}"`;
  return path === '' ? part : `${path}.${part}`;
};

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part) =>
      isMap(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
    ) ?? ''
  );
}

/** Returns a changed field as a line, with both values. */
export function fieldText({ path, before, after }: FieldChange): string {
  if (before === undefined) return `+ ${path}: ${shown(after)}`;
  if (after === undefined) return `- ${path}: ${shown(before)}`;
  const [from, to] = shownBoth(before, after);
  return `~ ${path}: ${from} -> ${to}`;
}

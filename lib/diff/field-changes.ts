import { isMap, own } from '../guards';

/** One field that is different. A side is `undefined` where it has no such field. */
export interface FieldChange {
  /** `spec.rules[pods].verbs`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** How much is compared: both sides, or what the second one has, as where a server fills in the rest. */
export type Scope = 'both' | 'written';

/** Lists whose order is their meaning. Everywhere else, who is in a list counts, not where. */
const ordered = new Set(['args', 'command']);

/** The rules of a route, which nothing names and which the API server fills in. Those of a role are as written. */
const filledInByServers = 'spec.rules';

/** The fields in which two JSON values differ. The entries of a list are matched by what names them. */
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

/** Two lists without the entries of the second that the first holds, whatever a server has filled in there. */
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

/** Entries that nothing names are there or not. */
function setChanges(before: readonly unknown[], after: readonly unknown[], path: string): FieldChange[] {
  const old = new Set(before.map(canonical));
  const now = new Set(after.map(canonical));
  return [
    ...before.filter((item) => !now.has(canonical(item))).map((item) => ({ path: `${path}[]`, before: item })),
    ...after.filter((item) => !old.has(canonical(item))).map((item) => ({ path: `${path}[]`, after: item })),
  ];
}

/** The entries by what names them; `undefined` where something has no name, or two have one. */
function byIdentity(list: readonly unknown[], hasKinds: boolean): Map<string, unknown> | undefined {
  const found = new Map<string, unknown>();
  for (const item of list) {
    const identity = isMap(item) ? identityOf(item, hasKinds) : undefined;
    if (identity === undefined || found.has(identity)) return undefined;
    found.set(identity, item);
  }
  return found;
}

/** @param hasKinds whether every entry has a kind: a server may fill it in, and then it names nothing */
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

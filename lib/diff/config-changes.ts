import { isMap, own } from '../guards';
import { isSame } from './values';

/** A field of the resolved config that differs, or an entry that exists on one side only. */
export interface ConfigChange {
  readonly path: readonly string[];
  /** The value; `undefined` if this side has no such field. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Paths of entries that are reported as a whole when they are added or removed: a person, a grant, the Kanidm section.
 */
const entries = [
  ['kanidm'],
  ['people', '*'],
  ['serviceAccounts', '*'],
  ['groups', '*'],
  ['clients', '*'],
  ['clusters', '*'],
  ['clusters', '*', 'issuers', '*'],
  ['clusters', '*', 'jwt', '*'],
  ['clusters', '*', 'apps', '*'],
  ['clusters', '*', 'authentication', 'clients', '*'],
  ['clusters', '*', 'grants', '*'],
  ['clusters', '*', 'roles', '*'],
  ['checks', 'ignore', '*'],
  ['expect', '*'],
];

export const matches = (path: readonly string[], pattern: readonly string[]): boolean => {
  if (pattern.at(-1) === '**') {
    const start = pattern.slice(0, -1);
    return path.length > start.length && matches(path.slice(0, start.length), start);
  }
  return path.length === pattern.length && pattern.every((part, i) => part === '*' || part === path[i]);
};

const isEntry = (path: readonly string[]) => entries.some((pattern) => matches(path, pattern));

/** Yields the fields that differ between two plain trees. A list counts as one field. */
export function* configChanges(before: unknown, after: unknown, path: readonly string[] = []): Generator<ConfigChange> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const maps = [before, after].every((side) => side === undefined || isMap(side));
  const onOneSide = before === undefined || after === undefined;
  if (!maps || (onOneSide && isEntry(path))) {
    if (!isSame(before, after)) yield { path, before, after };
    return;
  }
  const [a, b] = [isMap(before) ? before : {}, isMap(after) ? after : {}];
  let inside = false;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    for (const change of configChanges(own(a, key), own(b, key), [...path, key])) {
      inside = true;
      yield change;
    }
  }
  // An empty section differs from a missing one.
  if (!inside && onOneSide) yield { path, before, after };
}

/**
 * Yields the path and value of each field of an entry, such as `policy.sessionExpiry` and `3600`. A list counts as one
 * field.
 */
export function* leaves(value: unknown, path = ''): Generator<{ readonly path: string; readonly value: unknown }> {
  if (value === undefined) return;
  if (isMap(value) && Object.keys(value).length > 0) {
    for (const [key, field] of Object.entries(value)) yield* leaves(field, path === '' ? key : `${path}.${key}`);
    return;
  }
  yield { path, value };
}

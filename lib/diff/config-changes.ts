import { isMap, own } from '../guards';
import { isSame } from './values';

/** One field of the resolved config that is different, or an entry that is on one side only. */
export interface ConfigChange {
  readonly path: readonly string[];
  /** `undefined` where that side has no such field. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What is one thing to a reader, and is new or gone as a whole: a person, a grant, Kanidm itself. */
const entries = [
  ['kanidm'],
  ['people', '*'],
  ['serviceAccounts', '*'],
  ['groups', '*'],
  ['clients', '*'],
  ['clusters', '*'],
  ['clusters', '*', 'grants', '*'],
  ['clusters', '*', 'roles', '*'],
  ['checks', 'ignore', '*'],
];

export const matches = (path: readonly string[], pattern: readonly string[]): boolean => {
  if (pattern.at(-1) === '**') {
    const start = pattern.slice(0, -1);
    return path.length > start.length && matches(path.slice(0, start.length), start);
  }
  return path.length === pattern.length && pattern.every((part, i) => part === '*' || part === path[i]);
};

const isEntry = (path: readonly string[]) => entries.some((pattern) => matches(path, pattern));

/** Every field in which two plain trees differ. A list is one field: what is in it and in which order. */
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
  // A section that is there and empty says something; keys in another order do not.
  if (!inside && onOneSide) yield { path, before, after };
}

/** Every field of an entry with its value, a line each, as `mail[0]: jane@example.com`. */
export function* leaves(value: unknown, path = ''): Generator<{ readonly path: string; readonly value: unknown }> {
  if (value === undefined) return;
  if (isMap(value) && Object.keys(value).length > 0) {
    for (const [key, field] of Object.entries(value)) yield* leaves(field, path === '' ? key : `${path}.${key}`);
    return;
  }
  yield { path, value };
}

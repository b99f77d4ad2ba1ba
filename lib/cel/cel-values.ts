import { keywords, reserved } from './cel-tokens';

/** A value of CEL. All numbers are integers, because others are not supported. */
export type CelValue = string | number | boolean | null | readonly CelValue[] | CelMap | OptionalValue;

export interface CelMap {
  readonly [key: string]: CelValue;
}

/** The result of `.?` and `[?…]`. It has no value if the key is missing. */
export class OptionalValue {
  constructor(readonly value: CelValue | undefined) {}
}

const variables = new WeakSet<object>();

/**
 * Marks the value of `claims` or `user`. kube-apiserver 1.34 and 1.37 refuse `in` and `size` for this value, because it
 * is not an ordinary map.
 */
export function variable(map: CelMap): CelMap {
  variables.add(map);
  return map;
}

export const isVariable = (map: CelMap): boolean => variables.has(map);

/** The characters that are written by name in a field, such as the dot in `claims.kubernetes__dot__io`. */
const named: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' };

/**
 * Returns the key that kube-apiserver looks up for a field or index: it replaces escape sequences such as `__dot__`,
 * also in `claims['a__dot__b']`. `undefined` if a part of the text looks like such a sequence, but is none.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/cel/escaping.go
 */
export function keyOf(text: string): string | undefined {
  let isKey = true;
  const key = text.replace(/__([^_]+)__/g, (sequence: string, name: string) => {
    if (!reserved.has(name) && !keywords.has(name)) {
      isKey &&= Object.hasOwn(named, name);
      return named[name] ?? '';
    }
    isKey &&= sequence === text;
    return name;
  });
  return isKey ? key : undefined;
}

const fromSplit = new WeakSet<object>();

/**
 * Marks the list that `split` returns. kube-apiserver 1.34 and 1.37 refuse it as the result of an expression for
 * groups, because it has another type than an ordinary list. They accept a list that `map` or `filter` makes from it.
 */
export function splitList(list: readonly string[]): readonly string[] {
  fromSplit.add(list);
  return list;
}

export const isSplitList = (value: CelValue): boolean =>
  typeof value === 'object' && value !== null && fromSplit.has(value);

export const isList = (value: CelValue): value is readonly CelValue[] => Array.isArray(value);

export const isCelMap = (value: CelValue): value is CelMap =>
  typeof value === 'object' && value !== null && !isList(value) && !(value instanceof OptionalValue);

export function typeOf(value: CelValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return 'int';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return isList(value) ? 'list' : value instanceof OptionalValue ? 'optional' : 'map';
}

/** Whether two values are equal. Comparing values of different types is not an error. */
export function same(a: CelValue, b: CelValue): boolean {
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((one, i) => b[i] !== undefined && same(one, b[i]));
  }
  if (isCelMap(a) && isCelMap(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => {
        const [left, right] = [a[key], Object.hasOwn(b, key) ? b[key] : undefined];
        return left !== undefined && right !== undefined && same(left, right);
      })
    );
  }
  return a === b;
}

/** Converts a JSON value to CEL; `undefined` if it contains a number that is not an integer, which is not supported. */
export function celValue(json: unknown): CelValue | undefined {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number') return Number.isSafeInteger(json) ? json : undefined;
  if (Array.isArray(json)) {
    const items = json.map(celValue);
    return items.every((one) => one !== undefined) ? items : undefined;
  }
  if (typeof json !== 'object') return undefined;
  const entries: [string, CelValue][] = [];
  for (const [key, one] of Object.entries(json)) {
    const value = celValue(one);
    if (value === undefined) return undefined;
    entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

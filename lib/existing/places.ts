import { isMap } from '../guards';

export interface Placed {
  /** The path of keys, joined by dots. */
  readonly place: string;
  readonly value: unknown;
}

/** Returns the values at a path of keys joined by dots; `*` matches every element of a list or map. */
export function valuesAt(document: unknown, at: string): Placed[] {
  let values: Placed[] = [{ place: '', value: document }];
  for (const key of at === '' ? [] : at.split('.')) {
    values = values.flatMap(({ place, value }) => {
      const keys = key !== '*' ? [key] : Array.isArray(value) || isMap(value) ? Object.keys(value) : [];
      return keys.flatMap((one) => {
        const inner = childOf(value, one);
        return inner === undefined ? [] : [{ place: place === '' ? one : `${place}.${one}`, value: inner }];
      });
    });
  }
  return values;
}

const childOf = (value: unknown, key: string): unknown =>
  Array.isArray(value) ? value[Number(key)] : isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/**
 * Returns the keys of a document that were not read, each with the number of values below it. Values are left out,
 * since some are secret.
 */
export function leftOver(document: unknown, read: readonly string[], at = ''): string[] {
  if (read.some((place) => place === at && at !== '')) return [];
  const isAbove = at === '' || read.some((place) => place.startsWith(`${at}.`));
  const children = Array.isArray(document) || isMap(document) ? Object.entries(document) : [];
  if (isAbove && children.length > 0) {
    return children.flatMap(([key, value]) => leftOver(value, read, at === '' ? key : `${at}.${key}`));
  }
  return [children.length === 0 ? at : `${at} (${leaves(document)})`];
}

function leaves(value: unknown): number {
  const children = Array.isArray(value) || isMap(value) ? Object.values(value) : [];
  if (value === null) return 0;
  return children.length === 0 ? 1 : children.reduce((sum: number, one) => sum + leaves(one), 0);
}

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

/** Returns the parts of a document that were not read. */
export function unreadParts(document: unknown, read: readonly string[], at = ''): Placed[] {
  if (read.some((place) => place === at && at !== '')) return [];
  const isAbove = at === '' || read.some((place) => place.startsWith(`${at}.`));
  const children = Array.isArray(document) || isMap(document) ? Object.entries(document) : [];
  if (isAbove && children.length > 0) {
    return children.flatMap(([key, value]) => unreadParts(value, read, at === '' ? key : `${at}.${key}`));
  }
  return [{ place: at, value: document }];
}

/** Returns the path of a part, with the number of values in it. The values are left out, since some are secret. */
export const partName = ({ place, value }: Placed): string =>
  (Array.isArray(value) || isMap(value)) && Object.keys(value).length > 0 ? `${place} (${leaves(value)})` : place;

/** Returns the names of the parts of a document that were not read. */
export const leftOver = (document: unknown, read: readonly string[]): string[] =>
  unreadParts(document, read).map(partName);

function leaves(value: unknown): number {
  const children = Array.isArray(value) || isMap(value) ? Object.values(value) : [];
  if (value === null) return 0;
  return children.length === 0 ? 1 : children.reduce((sum: number, one) => sum + leaves(one), 0);
}

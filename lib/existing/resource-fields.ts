import { isMap, isOneOf, isText, type Json } from '../guards';
import { leftOver, valuesAt } from './document-paths';
import { nameOf } from './kanidm-values';

const areTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

/** A map with a list of texts under a key. */
type WithList<K extends string> = Json & { readonly [key in K]: readonly string[] };

/**
 * Reads fields of a map and records which fields were read, so that other fields, and values of a wrong type, can be
 * reported.
 */
export class Fields {
  private readonly read: string[] = [];
  constructor(private readonly map: Json) {}

  /** Returns the value at a path of keys joined by dots, if it has the expected type. */
  at<T>(place: string, is: (value: unknown) => value is T): T | undefined {
    const value = valuesAt(this.map, place)[0]?.value;
    if (!is(value)) return undefined;
    this.read.push(place);
    return value;
  }

  /**
   * Whether there is a map at a path. An empty map is recorded as read. A map with fields is not, because callers read
   * its fields one by one.
   */
  has(place: string): boolean {
    const value = valuesAt(this.map, place)[0]?.value;
    if (isMap(value) && Object.keys(value).length === 0) this.read.push(place);
    return isMap(value);
  }

  text(place: string): string | undefined {
    return this.at(place, isText);
  }

  oneOf<const T extends string>(place: string, values: readonly T[]): T | undefined {
    return this.at(place, (value): value is T => isOneOf(values, value));
  }

  number(place: string): number | undefined {
    return this.at(place, (value): value is number => typeof value === 'number');
  }

  flag(place: string): boolean | undefined {
    return this.at(place, (value): value is boolean => typeof value === 'boolean');
  }

  /** Returns the texts in a list, or a single text. */
  texts(place: string): readonly string[] | undefined {
    const texts = this.at(place, (value): value is string | readonly string[] => isText(value) || areTexts(value));
    return isText(texts) ? [texts] : texts;
  }

  /**
   * Returns the paths that were not read. A field that is `null` is not set, for Kubernetes and in the files of NixOS.
   */
  get unread(): string[] {
    return leftOver(this.map, this.read).filter((place) => valuesAt(this.map, place)[0]?.value !== null);
  }
}

/** Whether a value is a list of maps with exactly the keys `group` and KEY, where KEY has a list of texts. */
export const areLists =
  <K extends string>(key: K) =>
  (value: unknown): value is readonly (WithList<K> & { readonly group: string })[] =>
    Array.isArray(value) &&
    value.every((one) => isMap(one) && isText(one.group) && areTexts(one[key]) && Object.keys(one).length === 2);

export const isMapOfTexts = (value: unknown): value is Readonly<Record<string, readonly string[]>> =>
  isMap(value) && Object.values(value).every(areTexts);

/** Returns the lists by group. If a group occurs twice, its lists are merged. */
export function byGroup(
  lists: readonly (readonly [group: string, list: readonly string[]])[],
): Record<string, string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const [group, list] of lists) groups.set(nameOf(group), [...(groups.get(nameOf(group)) ?? []), ...list]);
  return Object.fromEntries([...groups].map(([group, list]) => [group, [...new Set(list)]]));
}

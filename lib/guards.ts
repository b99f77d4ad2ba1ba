/** A JSON or YAML map whose fields are not checked yet. */
export type Json = { readonly [key: string]: unknown };

export const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** Whether a value is a text that is not empty. kube-apiserver treats an empty text as a field that is not set. */
export const isFilledText = (value: unknown): value is string => isText(value) && value !== '';

/**
 * Returns a string, number or boolean as text, and an empty string for any other value. (`String` throws for a map
 * without a prototype.)
 */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/**
 * Returns the value of an own key of a map. Unlike `map[key]`, inherited keys such as `constructor` give `undefined`.
 */
export const own = <T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  map && Object.hasOwn(map, key) ? map[key] : undefined;

/** Returns the map at a path of keys; an empty map if there is none. Inherited keys do not count. */
export function mapAt(value: unknown, ...keys: readonly string[]): Json {
  let node = value;
  for (const key of keys) node = isMap(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  return isMap(node) ? node : {};
}

/** Returns a list unchanged, an empty list for null or undefined, and a list with one element for any other value. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** Returns the message of a thrown value. Does not use `instanceof`, which is false for errors of another realm. */
export const messageOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown && isText(thrown.message)
    ? thrown.message
    : String(thrown);

/**
 * Returns the first line of the message of an error. Removes a colon at the end of the line: `yaml` ends this line with
 * a colon, because the next lines of the message quote the text with the error.
 */
export const firstLineOf = (thrown: unknown): string =>
  (messageOf(thrown).trim().split('\n')[0] ?? '').trim().replace(/:$/, '');

/**
 * Returns the first line of an error of `yaml`, without the text of the file that some messages quote, since this text
 * may be a secret.
 */
export const yamlFaultOf = (thrown: unknown): string =>
  firstLineOf(thrown)
    .replace(/(?<=[^\s:]): .*?(?= at line \d+, column \d+$|$)/, '')
    .replace(/^The \S+ tag /, 'A tag ')
    .replace(/, so \S+ is invalid/, '')
    .replace(/(?<=^Invalid escape sequence|^Unsupported YAML version) \S+/, '')
    .replace(/ in YAML stream(?= at line )/, '');

/** Returns the code of a Node.js error, such as `ENOENT`; `undefined` for any other value. */
export const errorCode = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && isText(thrown.code) ? thrown.code : undefined;

/** Whether a value is one of a list of texts. Narrows its type. */
export const isOneOf = <const T extends string>(list: readonly T[], value: unknown): value is T =>
  list.some((one) => one === value);

/** Like `Object.keys`, but the keys have the type `K` instead of `string`. The object must have no other keys. */
export const keysOf = <K extends string>(map: Readonly<Record<K, unknown>>): K[] =>
  Object.keys(map).filter((key): key is K => Object.hasOwn(map, key));

/** Whether two values of JSON are equal. The order of keys does not matter. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => isSameValue(one, b[i]));
  if (!isMap(a) || !isMap(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSameValue(a[key], b[key]))
  );
}

/** A JSON or YAML map whose fields are not checked yet. */
export type Json = { readonly [key: string]: unknown };

export const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** A scalar as text. Empty for a map, a list and nothing, which `String` can fail on. */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** The value under a key of a map. Unlike `map[key]`, it is `undefined` for what every object inherits: `constructor`. */
export const own = <T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  map && Object.hasOwn(map, key) ? map[key] : undefined;

/** The map at a path of keys, empty where there is none. Inherited keys do not count. */
export function mapAt(value: unknown, ...keys: readonly string[]): Json {
  let node = value;
  for (const key of keys) node = isMap(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  return isMap(node) ? node : {};
}

/** A list as it is, nothing as an empty list, and anything else as a list of one. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** The message of what was thrown. Not by `instanceof`, which is false for errors of another realm. */
export const messageOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown && isText(thrown.message)
    ? thrown.message
    : String(thrown);

/** The code of an error of Node, such as `ENOENT`; `undefined` for anything else. */
export const errorCode = (thrown: unknown): string | undefined =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && isText(thrown.code) ? thrown.code : undefined;

/** Whether a value is one of a list of texts, which narrows its type to theirs. */
export const isOneOf = <const T extends string>(list: readonly T[], value: unknown): value is T =>
  list.some((one) => one === value);

/** The keys of an object whose type has no others than those that are there. */
export const keysOf = <K extends string>(map: Readonly<Record<K, unknown>>): K[] =>
  Object.keys(map).filter((key): key is K => Object.hasOwn(map, key));

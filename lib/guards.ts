/** A JSON or YAML map whose fields are not checked yet. */
export type Json = { readonly [key: string]: unknown };

export const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

/** A scalar as text. Empty for a map, a list and nothing, which `String` can fail on. */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** The map at a path of keys, empty where there is none. Keys that every object inherits are not seen. */
export function mapAt(value: unknown, ...keys: readonly string[]): Json {
  let node = value;
  for (const key of keys) node = isMap(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  return isMap(node) ? node : {};
}

/** A list as it is, nothing as an empty list, and anything else as a list of one. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

import { isMap } from '../../lib/guards';

/**
 * Yields the path of every field of a JSON Schema, with a star for each key of a map. A list is one field, except a
 * list of items with names, which diff treats as a map.
 */
export function* schemaFields(schema: unknown, path = ''): Generator<string> {
  if (!isMap(schema)) return;
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  const { properties, additionalProperties, items } = schema;
  let inside = false;
  if (isMap(properties)) {
    for (const [key, value] of Object.entries(properties)) {
      inside = true;
      yield* schemaFields(value, below(key));
    }
  }
  if (isMap(additionalProperties)) {
    inside = true;
    yield* schemaFields(additionalProperties, below('*'));
  }
  if (isMap(items) && isMap(items.properties) && /(^|\.)(grants|ignore|members|expect)$/.test(path)) {
    inside = true;
    yield* schemaFields(items, below('*'));
  }
  if (!inside) yield path;
}

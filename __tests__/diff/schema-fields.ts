import { isMap } from '../../lib/guards';

/**
 * The path of every field of a JSON Schema, a star for each key of a map. A list is one field, but for lists of what
 * has a name: those are maps to a reader.
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

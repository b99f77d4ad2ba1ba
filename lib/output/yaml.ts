import { isMap, type Json } from '../guards';
import { quoted, scalarText } from './yaml-scalar';

/*
 * Kaniflux has its own YAML writer, because the `yaml` library takes 90 µs for an object, more than the rest of
 * rendering, and does not quote `=` and `---`. The writer only supports JSON values. It writes block style, indented by
 * two spaces, with the keys in the order of the object.
 */

/**
 * Returns the YAML of a JSON value. A string is quoted if a reader of YAML 1.1 or 1.2 could parse it as another type.
 * @throws TypeError for a value that JSON does not have
 */
export function toYaml(value: unknown): string {
  return `${nested(value, '') ?? scalarText(value, '')}\n`;
}

/** Returns several documents as one text, each preceded by a line `---`. */
export const documents = (values: readonly unknown[]): string =>
  values.map((value) => `---\n${toYaml(value)}`).join('');

/** Returns the lines of a non-empty collection, without the indentation of the first line and the final line feed. */
function nested(value: unknown, indent: string): string | undefined {
  if (Array.isArray(value)) return value.length > 0 ? sequence(value, indent) : undefined;
  return isMap(value) ? mapping(value, indent) : undefined;
}

/** The maximum length of a plain key. YAML requires `?` before a key with more than 1,024 characters. */
const longestKey = 1000;

function mapping(map: Json, indent: string): string | undefined {
  const inner = `${indent}  `;
  let text: string | undefined;
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (value === undefined) continue;
    const shown = keyText(key);
    const below = nested(value, inner);
    const line =
      shown.length > longestKey
        ? `? ${shown}\n${indent}: ${below ?? scalarText(value, inner)}`
        : below === undefined
          ? `${shown}: ${scalarText(value, inner)}`
          : `${shown}:\n${inner}${below}`;
    text = text === undefined ? line : `${text}\n${indent}${line}`;
  }
  return text;
}

/**
 * Caches the text of each key, since most objects have the same keys. The limit is far above the number of keys of any
 * config.
 */
const keys = new Map<string, string>();
const mostKeys = 1000;

/** Returns the text of a key. A key must be on one line, so a key with line feeds is quoted. */
function keyText(key: string): string {
  const cached = keys.get(key);
  if (cached !== undefined) return cached;
  const text = key.includes('\n') ? quoted(key) : scalarText(key, '');
  if (keys.size < mostKeys) keys.set(key, text);
  return text;
}

function sequence(items: readonly unknown[], indent: string): string {
  const inner = `${indent}  `;
  return items.map((item) => `- ${nested(item, inner) ?? scalarText(item, inner)}`).join(`\n${indent}`);
}

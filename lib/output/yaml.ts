import { isMap, type Json } from '../guards';
import { quoted, scalarText } from './yaml-scalar';

/*
 * A writer of our own, because the `yaml` library takes 90 µs for an object, more than the rest of rendering, and does
 * not quote `=` and `---`. A manifest is a plain JSON tree, so this writes nothing else: block style, indented by two
 * spaces, keys in the order of the object.
 */

/**
 * YAML of a plain JSON value. A string is quoted if any reader of YAML 1.1 or 1.2 could take it for something else.
 * @throws TypeError for a value that JSON does not have
 */
export function toYaml(value: unknown): string {
  const members = value === undefined ? undefined : nested(value, '');
  return `${members ?? scalarText(value, '')}\n`;
}

/** Several documents in one text, each after a line `---`. */
export const documents = (values: readonly unknown[]): string =>
  values.map((value) => `---\n${toYaml(value)}`).join('');

/** The lines of a collection that is not empty, without the indent of the first line and without a line feed at the end. */
function nested(value: unknown, indent: string): string | undefined {
  if (Array.isArray(value)) return value.length > 0 ? sequence(value, indent) : undefined;
  return isMap(value) ? mapping(value, indent) : undefined;
}

/** In characters. YAML allows 1,024 for a key that is not marked with `?`. */
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

/** The text of each key. Objects share their keys; the limit is far above the number of keys of any config. */
const keys = new Map<string, string>();
const mostKeys = 1000;

/** A key must be on one line, so one with line feeds is quoted. */
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

import { quoted, scalarText } from './yaml-scalar';

/*
 * The `yaml` library takes 90 µs for an object, more than everything else together, and leaves `=` and `---` bare.
 * A manifest is a plain JSON tree, so this writes those only: block style, two spaces, keys in their order.
 */

/**
 * YAML of a plain JSON value. A string that any YAML 1.1 or 1.2 reader could take for something else is quoted.
 * @throws TypeError where there is something in it that JSON has not
 */
export function toYaml(value: unknown): string {
  const members = value === undefined ? undefined : nested(value, '');
  return `${members ?? scalarText(value, '')}\n`;
}

/** Several documents in one text, each begun by `---`. */
export const documents = (values: readonly unknown[]): string =>
  values.map((value) => `---\n${toYaml(value)}`).join('');

/** The lines of a collection that is not empty: the first without its indent, the last without its end. */
function nested(value: unknown, indent: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.length > 0 ? sequence(value, indent) : undefined;
  return mapping(value as Record<string, unknown>, indent);
}

/** Some readers want a key of one line to end within this many characters. */
const longestKey = 1000;

function mapping(map: Record<string, unknown>, indent: string): string | undefined {
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

/** Objects have the same keys again and again; as many as are remembered, no config has. */
const keys = new Map<string, string>();
const mostKeys = 1000;

/** A key has one line. */
function keyText(key: string): string {
  const known = keys.get(key);
  if (known !== undefined) return known;
  const text = key.includes('\n') ? quoted(key) : scalarText(key, '');
  if (keys.size < mostKeys) keys.set(key, text);
  return text;
}

function sequence(items: readonly unknown[], indent: string): string {
  const inner = `${indent}  `;
  return items.map((item) => `- ${nested(item, inner) ?? scalarText(item, inner)}`).join(`\n${indent}`);
}

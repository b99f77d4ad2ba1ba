import { isClear } from '../config/printable';

/** Nearly every string of a manifest, recognised at once: a letter first, and no character with a meaning in YAML. */
const easy = /^(?!e[-+]?[\d_]+$)[A-Za-z](?:[\w./@:#-]*[\w./])?$/i;
const words = /^(?:y|yes|n|no|on|off|true|false|null|nan|inf)$/i;

/** What stands for itself in one line: visible characters, no tab, no line of its own making. */
const visible = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
/** Signs that begin something, `-` and `?` before a space or alone, spaces at an end, `: ` and ` #`, markers, `=` and `<<`. */
const structural = /^[ #&*!|>'"%@`,[\]{}:]|^[-?](?: |$)|: | #|[: ]$|^(?:---|\.\.\.)|^=$|^<<$/;
/** Numbers of YAML 1.1 (octal, binary, base 60, underscores) and 1.2, dates, and nothing. */
const special =
  /^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.[\d_]*)?(?:e[-+]?[\d_]+)?$|^[-+]?0(?:b[01_]+|o[0-7_]+|x[\da-f_]+)$|^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$|^[-+]?\.(?:inf|nan)$|^\d{4}-\d\d?-\d\d?(?:$|[Tt ])|^~?$/i;

const isPlain = (text: string): boolean =>
  visible.test(text) && isClear(text) && !structural.test(text) && !special.test(text) && !words.test(text);

/** A text of lines that a literal block shows as they are: no line with spaces at its end, at most one line feed at the end. */
const literal = /^(?! )[^\n]+(?:\n+[^\n]+)*\n?$/;
const isLiteral = (text: string): boolean =>
  literal.test(text) &&
  !/[ ](?:\n|$)/.test(text) &&
  !/^(?:---|\.\.\.)/m.test(text) &&
  visible.test(text.replaceAll('\n', '')) &&
  isClear(text);

/** A string, number, boolean, null or an empty collection. `indent` is that of the lines of a block. */
export function scalarText(value: unknown, indent: string): string {
  switch (typeof value) {
    case 'string':
      if (easy.test(value) && !(value.length <= 5 && words.test(value))) return value;
      return value.includes('\n') ? block(value, indent) : line(value);
    case 'number':
      if (Number.isFinite(value)) return number(value);
      break;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? '[]' : '{}';
  }
  throw new TypeError(`${String(value)} is not JSON`);
}

/** YAML 1.1 wants a point in a float. */
function number(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}

function line(text: string): string {
  if (isPlain(text)) return text;
  return text.includes('"') && !text.includes("'") && visible.test(text) && isClear(text) ? `'${text}'` : quoted(text);
}

function block(text: string, indent: string): string {
  if (!isLiteral(text)) return quoted(text);
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).replace(/\n(?=[^\n])/g, `\n${indent || '  '}`);
  return `${text.endsWith('\n') ? '|' : '|-'}\n${indent || '  '}${lines}`;
}

/**
 * In double quotes, in one line. JSON's escapes are YAML's; YAML wants some more characters escaped, and a reader what
 * is not seen or seems to be another letter.
 */
export const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]+/gu, (part) =>
    isClear(text)
      ? part.replace(/[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g, escaped)
      : [...part].map(escaped).join(''),
  );

function escaped(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point > 0xffff ? `\\U${point.toString(16).padStart(8, '0')}` : `\\u${point.toString(16).padStart(4, '0')}`;
}

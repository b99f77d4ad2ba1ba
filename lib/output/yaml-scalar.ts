import { isAscii, isClear } from '../config/printable';

/**
 * Matches most strings of manifests. They begin with a letter and contain no spaces, so `:` and `#` inside them have no
 * meaning in YAML.
 */
const easy = /^(?!e[-+]?[\d_]+$|infinity$)[A-Za-z](?:[\w./@:#-]*[\w./])?$/i;
const words = /^(?:y|yes|n|no|on|off|true|false|null|nan|inf|infinity)$/i;

/**
 * Whether a text has only visible characters in one line, without tabs. Tests for ASCII first, because compiling the
 * second expression takes a millisecond.
 */
const isVisible = (text: string): boolean => isAscii(text) || /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(text);
/**
 * Matches texts that contain YAML syntax: an indicator at the start, a space at either end, a colon at the end, `: `
 * and ` #`, document markers, `=` and `<<`. Also matches texts that begin with a typographic quote. In a config,
 * Kaniflux refuses such a text if it is not in YAML quotes.
 */
const structural =
  /^[ #&*!|>'"%@`,[\]{}:\u2018-\u201f\u00ab\u00bb\u2039\u203a]|^[-?](?: |$)|: | #|[: ]$|^(?:---|\.\.\.)|^=$|^<<$/;
/**
 * Matches texts that a YAML reader could parse as a number. Go's readers remove underscores before they parse. In
 * order: decimal numbers; binary, octal and hexadecimal numbers (Go also reads `0b-1`); base 60 of YAML 1.1; infinity
 * and NaN (Rust's `f64` also reads `inf` and `nan` without the dot).
 * https://github.com/yaml/go-yaml/blob/v3/resolve.go, https://yaml.org/type/int.html, https://yaml.org/type/float.html
 */
const numeric =
  /^[-+]?(?:\d+(?:\.\d*)?|\.\d*)?(?:e[-+]?\d*)?$|^[-+]?0(?:[bo][-+]?\d*|x[-+]?[\da-f]*)$|^[-+]?\d+(?::[0-5]?\d)+(?:\.\d*)?$|^[-+]?\.?(?:inf(?:inity)?|nan)$/i;
/** Texts that a YAML reader could parse as a date, a time or null. */
const dateOrNull = /^\d{4}-\d\d?-\d\d?(?:$|[Tt ])|^~$/;

const isPlain = (text: string): boolean =>
  isVisible(text) &&
  isClear(text) &&
  !structural.test(text) &&
  !numeric.test(text.replaceAll('_', '')) &&
  !dateOrNull.test(text) &&
  !words.test(text);

/** A literal block (`|`) needs a text whose first line is not indented, and which ends with at most one line feed. */
const literal = /^(?! )[^\n]+(?:\n+[^\n]+)*\n?$/;
const isLiteral = (text: string): boolean =>
  literal.test(text) &&
  !/[ ](?:\n|$)/.test(text) &&
  !/^(?:---|\.\.\.)/m.test(text) &&
  text.split('\n').every(isVisible) &&
  isClear(text);

/**
 * Whether an object is a map and not, for example, a Date, a Map or a URL. Those have no keys, so nobody but
 * `scalarText` gets them. Does not use `Object.prototype`, which differs from realm to realm.
 */
function isPlainMap(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Returns the YAML of a string, number, boolean, null or empty collection.
 * @param indent the indentation of the lines of a literal block
 * @throws TypeError for a value that JSON does not have
 */
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
      if (value === null) return 'null';
      if (Array.isArray(value)) return '[]';
      if (isPlainMap(value)) return '{}';
  }
  throw new TypeError(`JSON has no value ${String(value)}`);
}

/**
 * Returns a number. A large integer gets an exponent, because YAML readers in Rust refuse integers with more than 64
 * bits. A number with an exponent gets a decimal point, without which it is no float in YAML 1.1.
 */
function number(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value);
  const text = isLarge ? value.toExponential() : String(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

function line(text: string): string {
  if (isPlain(text)) return text;
  return text.includes('"') && !text.includes("'") && isVisible(text) && isClear(text) ? `'${text}'` : quoted(text);
}

function block(text: string, indent: string): string {
  if (!isLiteral(text)) return quoted(text);
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).replace(/\n(?=[^\n])/g, `\n${indent || '  '}`);
  return `${text.endsWith('\n') ? '|' : '|-'}\n${indent || '  '}${lines}`;
}

/**
 * Returns the text in double quotes, on one line. YAML accepts JSON's escapes. If any character is invisible or looks
 * like another, all characters of the text outside of ASCII are escaped. Characters that YAML does not allow are always
 * escaped.
 */
export const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]+/gu, (part) => (isClear(text) ? part : [...part].map(escaped).join('')));

function escaped(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point > 0xffff ? `\\U${point.toString(16).padStart(8, '0')}` : `\\u${point.toString(16).padStart(4, '0')}`;
}

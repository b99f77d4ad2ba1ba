import { X509Certificate } from 'node:crypto';
import { certificatesIn } from '../config/certificates';
import { isMap } from '../guards';
import { sha256 } from '../output/sha256';

/** The maximum length of a value that is printed whole, in characters. */
const longest = 300;

/**
 * Returns a value as one line. A long value is shortened, and its length and SHA-256 are added, so that two different
 * values never look equal.
 */
export function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = textOf(value);
  if (text.length <= longest) return text;
  return `${text.slice(0, longest / 2)}… (${text.length} characters, SHA-256 ${sha256(text)})`;
}

/** Returns two values as text. If one of them is long, only the part where they begin to differ is returned. */
export function shownBoth(before: unknown, after: unknown): [string, string] {
  const [a, b] = [textOf(before), textOf(after)];
  if (a.length <= longest && b.length <= longest) return [shown(before), shown(after)];
  const start = commonStart(a, b);
  return [around(a, start), around(b, start)];
}

function around(text: string, start: number): string {
  const from = Math.max(0, start - 20);
  const part = text.slice(from, from + longest / 2);
  const marks = `${from > 0 ? '…' : ''}${part}${from + part.length < text.length ? '…' : ''}`;
  return `${marks} (${text.length} characters, SHA-256 ${sha256(text)})`;
}

function commonStart(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

function textOf(value: unknown): string {
  if (typeof value === 'string')
    return value.startsWith('-----BEGIN CERTIFICATE-----') ? certificates(value) : quoted(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : value.map(textOf).join(', ');
  if (isMap(value)) return JSON.stringify(sorted(value));
  return String(value);
}

/** Returns a text unchanged, or in quotes if it is empty or could be mistaken for another value. */
const quoted = (text: string): string =>
  /^[^\s",;]+$/.test(text) && !/^(nothing|null|true|false|\d+)$/.test(text) ? text : JSON.stringify(text);

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : isMap(value)
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key])]),
        )
      : value;

/** Returns the subject and the SHA-256 fingerprint of each certificate in a PEM text. */
function certificates(pem: string): string {
  const names = certificatesIn(pem).map((block) => {
    try {
      const { subject, fingerprint256 } = new X509Certificate(block);
      return `certificate of ${subject.replaceAll('\n', ', ')} (SHA-256 ${fingerprint256})`;
    } catch {
      return `certificate that cannot be read (SHA-256 of the text ${sha256(block)})`;
    }
  });
  return names.join('; ');
}

/** Whether two values are equal, ignoring the order of keys in maps. */
export const isSame = (a: unknown, b: unknown): boolean => key(a) === key(b);

/** Returns the entries added to a list and those removed from it; both are empty if only the order changed. */
export function listDifference(
  before: unknown,
  after: unknown,
): { readonly added: unknown[]; readonly removed: unknown[] } {
  const [old, now] = [asList(before), asList(after)];
  const [was, is] = [new Set(old.map(key)), new Set(now.map(key))];
  return { added: now.filter((one) => !was.has(key(one))), removed: old.filter((one) => !is.has(key(one))) };
}

export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

const key = (value: unknown) => JSON.stringify(sorted(value));

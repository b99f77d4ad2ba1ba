import type { Fault } from './yaml-faults';

/** The maximum size of a file. Nobody can review a larger config: 100,000 grants in one file take about 10 MiB. */
export const maxFileSize = 32 * 1024 * 1024;

/**
 * Returns the text of a file, or an error if the file is too large or not UTF-8. If some characters are not UTF-8, the
 * function returns the text with the error. In this text, U+FFFD replaces the invalid characters. The function keeps no
 * reference to the bytes, so that they can be freed.
 */
export function decode(
  content: Uint8Array | (() => Uint8Array),
): string | { readonly fault: Fault; readonly text: string } {
  const bytes = typeof content === 'function' ? content() : content;
  if (bytes.length > maxFileSize) {
    const message = `the file has ${Math.ceil(bytes.length / 2 ** 20)} MiB, more than ${maxFileSize / 2 ** 20} MiB`;
    const fix = 'check that it is a config; a large one can be split with `clusters: clusters/*.yaml`';
    return { fault: { offset: 0, code: 'too-large', message, fix }, text: '' };
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return notUtf8(bytes);
  }
}

function notUtf8(bytes: Uint8Array): { readonly fault: Fault; readonly text: string } {
  const fault = (offset: number, message: string, encoding: string): Fault => ({
    offset,
    code: 'not-utf8',
    message,
    fix: `save the file as UTF-8; \`iconv -f ${encoding} -t UTF-8\` converts a file from ${encoding}`,
  });
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) return { fault: fault(0, 'the file is UTF-16, not UTF-8', 'UTF-16'), text: '' };
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const offset = firstReplaced(text, bytes);
  return { fault: fault(offset, 'the file is not UTF-8: this character is invalid', 'WINDOWS-1252'), text };
}

/** Returns the offset in `text` of the first U+FFFD that the decoder wrote: the file itself can contain U+FFFD too. */
function firstReplaced(text: string, bytes: Uint8Array): number {
  const encoder = new TextEncoder();
  let at = text.indexOf('\ufffd');
  for (let behind = 0, from = 0; at !== -1; from = at, at = text.indexOf('\ufffd', at + 1)) {
    behind += encoder.encode(text.slice(from, at)).length;
    if (bytes[behind] !== 0xef || bytes[behind + 1] !== 0xbf || bytes[behind + 2] !== 0xbd) return at;
  }
  return 0;
}

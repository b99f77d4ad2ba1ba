/*
 * Encodings that use only what both Node and browsers have, because rendering also runs on a web page.
 */

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Returns bytes in hexadecimal. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const toBase64 = (text: string): string =>
  btoa(Array.from(utf8(text), (byte) => String.fromCharCode(byte)).join(''));

/**
 * Decodes base64, with or without padding. If the text is truncated, returns the complete bytes.
 * @throws Error for other characters
 */
export function fromBase64(text: string): Uint8Array {
  const digits = text.replace(/={1,2}$/, '');
  const complete = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
  return Uint8Array.from(atob(complete), (character) => character.charCodeAt(0));
}

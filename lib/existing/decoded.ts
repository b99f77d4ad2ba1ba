import { gunzipSync } from 'node:zlib';

/** The largest text that is decompressed. A longer one is no configuration. */
const maxOutputLength = 2 ** 20;

/**
 * Returns the decoded text of a value: Base64 as in a Secret, also compressed with gzip as in cloud-init and in files
 * of Cluster API, or a `data:` URL as in Ignition. `''` for any other text.
 */
export function decoded(text: string): string {
  const [, base64, data = ''] = /^data:[^,]{0,100}?(;base64)?,(.*)$/s.exec(text) ?? [];
  if (data !== '') return base64 === undefined ? percentDecoded(data) : fromBase64(data);
  return /^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/.test(text) ? fromBase64(text) : '';
}

function fromBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength }).toString('utf8');
  } catch {
    return '';
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

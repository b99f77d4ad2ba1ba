import type { Version } from './config';

/** `1.34`, `v1.34.4`: what the schema's pattern lets through. */
export function parseVersion(text: string): Version {
  const plain = text.replace(/^v/, '');
  const [major = 0, minor = 0, patch] = plain.split('.').map(Number);
  return { text: plain, major, minor, ...(patch === undefined ? {} : { patch }) };
}

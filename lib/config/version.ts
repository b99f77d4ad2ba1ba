import type { Version } from './config';

/**
 * Parses a version in any form that the schema allows: `1.34`, `v1.34.4`, `v1.34.4+k3s1`. The suffix of a distribution
 * is dropped.
 */
export function parseVersion(text: string): Version {
  const plain = text.replace(/^v/, '').replace(/[-+].*$/, '');
  const [major = 0, minor = 0, patch] = plain.split('.').map(Number);
  return { text: plain, major, minor, ...(patch === undefined ? {} : { patch }) };
}

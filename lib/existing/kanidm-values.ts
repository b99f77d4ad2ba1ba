/*
 * Kanidm prints maps as text. The forms here were read from a Kanidm 1.11.1: `docs/verified.md`.
 */

/** The name of `name@domain`. */
export const nameOf = (spn: string): string => spn.replace(/@.*$/s, '');

/** `group@domain: {"email", "openid"}` as group and scopes. */
export function scopeMap(values: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const value of values) {
    const [, group, scopes] = /^(.+?): \{(.*)\}$/s.exec(value) ?? [];
    if (group !== undefined)
      found[nameOf(group)] = [...(scopes ?? '').matchAll(/"([^"]*)"/g)].map(([, one]) => one ?? '');
  }
  return found;
}

const joins: Readonly<Record<string, 'csv' | 'ssv' | undefined>> = { ',': 'csv', ' ': 'ssv' };

interface ClaimMap {
  join?: 'csv' | 'ssv';
  values: Record<string, string[]>;
}

/** `claim:group@domain:;:"one,two"` as claims; the third part joins several values, `;` for an array. */
export function claimMap(values: readonly string[]): Record<string, ClaimMap> {
  const found: Record<string, ClaimMap> = {};
  for (const value of values) {
    const [, claim, group, join, list] = /^([^:]+):([^:]+):(.):"(.*)"$/s.exec(value) ?? [];
    if (claim === undefined || group === undefined) continue;
    const kind = joins[join ?? ''];
    found[claim] ??= { ...(kind ? { join: kind } : {}), values: {} };
    found[claim].values[nameOf(group)] = (list ?? '').split(',');
  }
  return found;
}

/** `label: ssh-ed25519 AAAA… comment` as label and key. */
export function sshKeys(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    // A key without a comment ends in a space.
    values.map((value) => [value.slice(0, value.indexOf(': ')), value.slice(value.indexOf(': ') + 2).trimEnd()]),
  );
}

/** Kanidm ends an address without a path with a slash; people write none. */
export const address = (url: string): string => url.replace(/^([a-z]+:\/\/[^/]+)\/$/, '$1');

/*
 * Kanidm prints maps as text. The forms here were read from a Kanidm 1.11.1: `docs/verified.md`.
 */

/** The name of `name@domain`. */
export const nameOf = (spn: string): string => spn.replace(/@.*$/s, '');

/** `group@domain: {"email", "openid"}` as group and scopes. */
export function scopeMap(values: readonly string[]): Record<string, string[]> {
  const scopes = new Map<string, string[]>();
  for (const value of values) {
    const [, group, list = ''] = /^(.+?): \{(.*)\}$/s.exec(value) ?? [];
    if (group !== undefined)
      scopes.set(
        nameOf(group),
        [...list.matchAll(/"([^"]*)"/g)].map(([, one]) => one ?? ''),
      );
  }
  return Object.fromEntries(scopes);
}

const joins: Readonly<Record<string, 'csv' | 'ssv' | undefined>> = { ',': 'csv', ' ': 'ssv' };

interface ClaimMap {
  join?: 'csv' | 'ssv';
  values: Record<string, string[]>;
}

/** `claim:group@domain:;:"one,two"` as claims; the third part joins several values, `;` for an array. */
export function claimMap(values: readonly string[]): Record<string, ClaimMap> {
  const claims = new Map<string, { join?: 'csv' | 'ssv'; values: Map<string, string[]> }>();
  for (const value of values) {
    const [, claim, group, join, list] = /^([^:]+):([^:]+):(.):"(.*)"$/s.exec(value) ?? [];
    if (claim === undefined || group === undefined) continue;
    const kind = joins[join ?? ''];
    const map = claims.get(claim) ?? { ...(kind ? { join: kind } : {}), values: new Map() };
    claims.set(claim, map);
    map.values.set(nameOf(group), (list ?? '').split(','));
  }
  return Object.fromEntries(
    [...claims].map(([claim, map]) => [claim, { ...map, values: Object.fromEntries(map.values) }]),
  );
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

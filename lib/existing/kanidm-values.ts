import { hasVariableInAddress } from './variables';

/*
 * Parsers for values that Kanidm prints as text. The forms are those of Kanidm 1.11.1 (see `docs/verified.md`).
 */

/** Returns the name in `name@domain`. Kanidm stores names in lower case, and ignores the case in a search. */
export const nameOf = (spn: string): string => spn.replace(/@.*$/s, '').toLowerCase();

/** Returns a difference if an entry has several managers, because a config has room for only one manager. */
export function otherManagers([first, ...rest]: readonly string[] = []): string[] {
  return rest.length === 0
    ? []
    : [
        `the entry has several managers, but a config has only one for each entry: ${first} stays, and the runbook and the migrations remove ${rest.join(', ')}`,
      ];
}

/** Parses `group@domain: {"email", "openid"}` into group and scopes. */
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

/**
 * Parses `claim:group@domain:;:"one,two"` into claims. The name of a claim can contain colons. The part after the group
 * says how Kanidm joins the values in a token; `;` stands for an array.
 */
export function claimMap(values: readonly string[]): Record<string, ClaimMap> {
  const claims = new Map<string, { join?: 'csv' | 'ssv'; values: Map<string, string[]> }>();
  for (const value of values) {
    const [, claim, group, join, list] = /^(.+):([^:]+):(.):"(.*)"$/s.exec(value) ?? [];
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

/** Parses `label: ssh-ed25519 AAAA… comment` into label and key. */
export function sshKeys(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    // Kanidm prints a space after a key without a comment.
    values.map((value) => [value.slice(0, value.indexOf(': ')), value.slice(value.indexOf(': ') + 2).trimEnd()]),
  );
}

/**
 * Returns the domain and the origin of a source. A value that is not valid is left out, and a note is added for it. An
 * example is a variable that Flux or a template replaces: only the cluster has the actual value of the variable.
 */
export function serverPlace(what: string, { domain, origin }: Place): { place: Place; notes: string[] } {
  const faultOf = (name: string, value: string, fault: string | undefined) =>
    fault === undefined
      ? []
      : [
          `${what}: the ${name} \`${value}\` ${fault}, so adopt does not know the ${name}: verify \`kanidm.${name}\` in the config`,
        ];
  const notes = [
    ...(domain ? faultOf('domain', domain, variableIn(domain) ?? (isDomain.test(domain) ? undefined : noDomain)) : []),
    ...(origin ? faultOf('origin', origin, variableIn(origin) ?? (isOrigin(origin) ? undefined : noOrigin)) : []),
  ];
  const place = {
    ...(domain && isDomain.test(domain) ? { domain } : {}),
    // Kanidm drops a default port.
    ...(origin && isOrigin(origin) ? { origin: new URL(origin).origin } : {}),
  };
  return { place, notes };
}

interface Place {
  readonly domain?: string | undefined;
  readonly origin?: string | undefined;
}

const variableIn = (value: string) => (hasVariableInAddress(value) ? 'contains a variable' : undefined);
const isDomain = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;
const noDomain = 'is not a domain name';
const isOrigin = (value: string) => /^https:\/\/[A-Za-z0-9.-]+(:\d+)?\/?$/.test(value) && URL.canParse(value);
const noOrigin = 'is not an address such as https://idm.example.com';

/** Removes the slash that Kanidm appends to an address without a path. */
export const address = (url: string): string => url.replace(/^([a-z]+:\/\/[^/]+)\/$/, '$1');

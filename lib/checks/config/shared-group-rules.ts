import type { Config } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';
import { type GroupScope, groupClaimValues, groupScopes } from '../../identity/claims';
import { groupSubject } from '../../identity/subject';
import { isUuid } from '../../identity/uuid';
import { configFinding } from './config-codes';

/*
 * All clients of a cluster are issuers of one Kanidm, so names of Kanidm groups cannot collide. Values of claim maps
 * can collide, because a claim map applies to one client only. Names from expressions can collide too. The names of
 * people are checked in shared-name-rules.ts.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/value.rs `validate_iname`
 */

/** The values that one client can put into the groups claim. */
interface Source {
  readonly client: string;
  readonly prefix: string;
  /** Maps each value of the claim map, with `prefix` before it, to the Kanidm groups whose members get this value. */
  readonly mapped: ReadonlyMap<string, ReadonlySet<string>>;
  /** The formats in which Kanidm lists its own groups in the claim. */
  readonly forms: readonly GroupScope[];
}

/** Reports group names that two clients give to different people. */
export function sharedGroups(config: Config, path: Path, trusted: readonly Authenticator[]): Finding[] {
  return [...byClaimMaps(config, path, trusted), ...byExpressions(config, path, trusted)];
}

/**
 * Reports different groups of the config that have the same name at the API server, if an expression gives the names.
 */
function byExpressions(config: Config, path: Path, trusted: readonly Authenticator[]): Finding[] {
  if (trusted.every(({ groups }) => groups?.expression === undefined)) return [];
  const owners = new Map<string, { readonly group: string; readonly client: string }>();
  return [...config.groups.keys()].flatMap((group) =>
    trusted.flatMap((one) => {
      const name = groupSubject(config, one, group);
      if (name === undefined) return [];
      const owner = owners.get(name) ?? { group, client: one.client.name };
      owners.set(name, owner);
      if (owner.group === group) return [];
      const message = `the name \`${name}\` means the group ${owner.group} in tokens of client ${owner.client}, but the group ${group} in tokens of client ${one.client.name}`;
      const fix = 'use the same expression for all clients, or give the names from each client a different prefix';
      return [configFinding('prefix-shared', keyAt([...path, 'authentication']), message, fix)];
    }),
  );
}

function byClaimMaps(config: Config, path: Path, trusted: readonly Authenticator[]): Finding[] {
  const sources = trusted.flatMap((one) => sourceOf(one) ?? []);
  return sources.flatMap((a, i) =>
    sources.slice(i + 1).flatMap((b) => {
      const message = differentValue(a, b) ?? groupOfKanidm(config, a, b) ?? groupOfKanidm(config, b, a);
      if (message === undefined) return [];
      const fix =
        'write another value in the claim map of one client, or write `groups: { claim: groups }` and give both clients the scope `groups`';
      return [configFinding('prefix-shared', keyAt([...path, 'authentication', 'groups']), message, fix)];
    }),
  );
}

function sourceOf({ client, groups }: Authenticator): Source | undefined {
  if (groups?.claim === undefined) return undefined;
  const { claim, prefix } = groups;
  const scopeMaps = Object.values(client.scopes ?? {});
  const offered = [...scopeMaps, ...Object.values(client.supplementaryScopes ?? {})].flat();
  const forms = claim === 'groups' ? groupScopes.filter((scope) => offered.includes(scope)) : [];
  // If somebody has one of the scopes for groups, Kanidm's list of groups replaces the claim map.
  const hasList = (scopes: readonly string[]) => groupScopes.some((scope) => scopes.includes(scope));
  const isOverwritten = forms.length > 0 && scopeMaps.every(hasList);
  const mapped = new Map<string, Set<string>>();
  for (const [group, values] of Object.entries(isOverwritten ? {} : (own(client.claims, claim)?.values ?? {}))) {
    for (const value of values) mapped.set(prefix + value, (mapped.get(prefix + value) ?? new Set()).add(group));
  }
  return { client: client.name, prefix, mapped, forms };
}

/** Describes a value that the claim maps of two clients give to different groups. */
function differentValue(a: Source, b: Source): string | undefined {
  for (const [name, groups] of a.mapped) {
    const others = b.mapped.get(name);
    if (!others || (others.size === groups.size && [...groups].every((group) => others.has(group)))) continue;
    return `the name \`${name}\` means ${listed(groups)} in tokens of client ${a.client}, but ${listed(others)} in tokens of client ${b.client}: the API server cannot tell these groups apart`;
  }
  return undefined;
}

/**
 * Describes a value in the claim map of one client that is also the name of a Kanidm group in tokens of `other`, unless
 * both stand for the same group.
 */
function groupOfKanidm(config: Config, { client, mapped }: Source, other: Source): string | undefined {
  for (const [name, groups] of mapped) {
    if (!name.startsWith(other.prefix)) continue;
    const value = name.slice(other.prefix.length);
    const form = other.forms.find((one) => couldName(one, value));
    if (form === undefined) continue;
    const same = [...config.groups.keys()].filter((name) => groupClaimValues(config, form, name).includes(value));
    if (same.length === 1 && groups.size === 1 && same.every((name) => groups.has(name))) continue;
    return `in tokens of client ${client}, a claim map gives the name \`${name}\` to ${listed(groups)}, but in tokens of client ${other.client}, the same name means the Kanidm group \`${value}\`: the API server cannot tell these groups apart`;
  }
  return undefined;
}

/**
 * Whether a value of a claim map could be the name of a Kanidm group, even of one that is not in the config. Names with
 * a domain contain `@`, which a value of a claim map cannot contain.
 */
function couldName(form: GroupScope, value: string): boolean {
  if (form === 'groups_name') return /^[a-z][a-z0-9_-]*$/.test(value);
  return form !== 'groups_spn' && isUuid(value);
}

const listed = (groups: Iterable<string>): string => [...groups].sort().join(' and ');

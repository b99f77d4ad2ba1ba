import type { Config } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';
import { type GroupScope, groupClaimValues, groupScopes } from '../../identity/claims';
import { configFinding } from './config-codes';

/*
 * The clients of a cluster are issuers of one Kanidm, and the API server puts the same prefix before the groups of each.
 * User names need no rule: a UUID, a mail address and a name are unique in Kanidm, and a name has no `@`, so the short
 * form of one person is never the long form of another. The same holds for Kanidm's groups, whose names are never UUIDs.
 * What a claim map says holds for its own client only.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/value.rs `validate_iname`
 */

/** What one client can put into the claim of the groups. */
interface Source {
  readonly client: string;
  /** By value, the groups of Kanidm whose members get it from a claim map. */
  readonly mapped: ReadonlyMap<string, ReadonlySet<string>>;
  /** The forms in which Kanidm lists its own groups there. */
  readonly forms: readonly GroupScope[];
}

/** Groups that two clients give to different people by the same name. Only a claim map can do that. */
export function sharedGroups(config: Config, path: Path, trusted: readonly Authenticator[]): Finding[] {
  const sources = trusted.flatMap((one) => sourceOf(one) ?? []);
  return sources.flatMap((a, i) =>
    sources.slice(i + 1).flatMap((b) => {
      const message = differentValue(a, b) ?? groupOfKanidm(config, a, b) ?? groupOfKanidm(config, b, a);
      if (message === undefined) return [];
      const fix =
        'give the value another name in one of the two, or write `groups: { claim: groups }` and give both clients the scope `groups`';
      return [configFinding('prefix-shared', keyAt([...path, 'authentication', 'groups']), message, fix)];
    }),
  );
}

function sourceOf({ client, groups }: Authenticator): Source | undefined {
  if (!groups) return undefined;
  const { claim } = groups;
  const scopeMaps = Object.values(client.scopes ?? {});
  const offered = [...scopeMaps, ...Object.values(client.supplementaryScopes ?? {})].flat();
  const forms = claim === 'groups' ? groupScopes.filter((scope) => offered.includes(scope)) : [];
  // Kanidm's own list wins where there is one: for everybody, if each scope map asks for it.
  const hasList = (scopes: readonly string[]) => groupScopes.some((scope) => scopes.includes(scope));
  const isOverwritten = forms.length > 0 && scopeMaps.every(hasList);
  const mapped = new Map<string, Set<string>>();
  for (const [group, values] of Object.entries(isOverwritten ? {} : (own(client.claims, claim)?.values ?? {}))) {
    for (const value of values) mapped.set(value, (mapped.get(value) ?? new Set()).add(group));
  }
  return { client: client.name, mapped, forms };
}

/** A value that the claim maps of two clients give to different groups. */
function differentValue(a: Source, b: Source): string | undefined {
  for (const [value, groups] of a.mapped) {
    const others = b.mapped.get(value);
    if (!others || (others.size === groups.size && [...groups].every((group) => others.has(group)))) continue;
    return `client ${a.client} gives \`${value}\` to ${listed(groups)} and client ${b.client} to ${listed(others)}, and the API server makes one group of both`;
  }
  return undefined;
}

/** A value of a claim map that is what the other client calls a group of Kanidm. */
function groupOfKanidm(config: Config, { client, mapped }: Source, other: Source): string | undefined {
  for (const [value, groups] of mapped) {
    const form = other.forms.find((one) => couldName(one, value));
    if (form === undefined) continue;
    const same = [...config.groups.keys()].filter((name) => groupClaimValues(config, form, name).includes(value));
    if (same.length === 1 && groups.size === 1 && same.every((name) => groups.has(name))) continue;
    return `client ${client} gives \`${value}\` to ${listed(groups)} by a claim map, and in tokens of client ${other.client} that is the Kanidm group of this name: the API server makes one group of both`;
  }
  return undefined;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Whether a value of a claim map has the form that names groups; the config need not know the group. A long name has an
 * `@`, which no such value can have.
 */
function couldName(form: GroupScope, value: string): boolean {
  if (form === 'groups_name') return /^[a-z][a-z0-9_-]*$/.test(value);
  return form !== 'groups_spn' && uuid.test(value);
}

const listed = (groups: Iterable<string>): string => [...groups].sort().join(' and ');

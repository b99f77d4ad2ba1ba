import type { Config } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import type { Authenticator } from '../../identity/authenticator';
import { type GroupScope, groupClaimValues, groupScopes } from '../../identity/claims';
import { configFinding } from './config-codes';

/*
 * All clients of a cluster are issuers of one Kanidm, and the API server adds the same prefix to their groups. User
 * names cannot collide: UUIDs, mail addresses and names are unique in Kanidm, and names contain no `@`, so the short
 * name of one person never equals the long name of another. Names of Kanidm groups cannot collide either. Values of
 * claim maps can, because a claim map applies to one client only.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/value.rs `validate_iname`
 */

/** The values that one client can put into the groups claim. */
interface Source {
  readonly client: string;
  /** For each value of the claim map, the Kanidm groups whose members get it. */
  readonly mapped: ReadonlyMap<string, ReadonlySet<string>>;
  /** The formats in which Kanidm lists its own groups in the claim. */
  readonly forms: readonly GroupScope[];
}

/** Reports group names that two clients give to different people. Only a claim map can cause this. */
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
  if (groups?.claim === undefined) return undefined;
  const { claim } = groups;
  const scopeMaps = Object.values(client.scopes ?? {});
  const offered = [...scopeMaps, ...Object.values(client.supplementaryScopes ?? {})].flat();
  const forms = claim === 'groups' ? groupScopes.filter((scope) => offered.includes(scope)) : [];
  // The list of Kanidm groups overrides the claim map for everyone whose scopes request the list.
  const hasList = (scopes: readonly string[]) => groupScopes.some((scope) => scopes.includes(scope));
  const isOverwritten = forms.length > 0 && scopeMaps.every(hasList);
  const mapped = new Map<string, Set<string>>();
  for (const [group, values] of Object.entries(isOverwritten ? {} : (own(client.claims, claim)?.values ?? {}))) {
    for (const value of values) mapped.set(value, (mapped.get(value) ?? new Set()).add(group));
  }
  return { client: client.name, mapped, forms };
}

/** Describes a value that the claim maps of two clients give to different groups. */
function differentValue(a: Source, b: Source): string | undefined {
  for (const [value, groups] of a.mapped) {
    const others = b.mapped.get(value);
    if (!others || (others.size === groups.size && [...groups].every((group) => others.has(group)))) continue;
    return `client ${a.client} gives \`${value}\` to ${listed(groups)} and client ${b.client} to ${listed(others)}, and the API server treats both as one group`;
  }
  return undefined;
}

/** Describes a value of a claim map that equals the name of a Kanidm group in tokens of the other client. */
function groupOfKanidm(config: Config, { client, mapped }: Source, other: Source): string | undefined {
  for (const [value, groups] of mapped) {
    const form = other.forms.find((one) => couldName(one, value));
    if (form === undefined) continue;
    const same = [...config.groups.keys()].filter((name) => groupClaimValues(config, form, name).includes(value));
    if (same.length === 1 && groups.size === 1 && same.every((name) => groups.has(name))) continue;
    return `client ${client} gives \`${value}\` to ${listed(groups)} by a claim map, and in tokens of client ${other.client} that is the name of a Kanidm group: the API server treats both as one group`;
  }
  return undefined;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Whether a value of a claim map could be the name of a Kanidm group, in the config or not. Long names contain `@`,
 * which such a value cannot.
 */
function couldName(form: GroupScope, value: string): boolean {
  if (form === 'groups_name') return /^[a-z][a-z0-9_-]*$/.test(value);
  return form !== 'groups_spn' && uuid.test(value);
}

const listed = (groups: Iterable<string>): string => [...groups].sort().join(' and ');

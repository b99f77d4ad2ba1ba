import type { Cluster, Config } from '../config/config';
import { entry } from '../config/config';
import { own } from '../guards';
import { type Authenticator, authenticators } from './authenticator';
import { groupClaimValues, groupScope, type TokenClaims, tokenClaims } from './claims';

/** Returns the user name that an API server reads from a token; `undefined` if the token lacks the claim. */
export function userNameFrom({ username }: Authenticator, claims: TokenClaims): string | undefined {
  const value = own(claims, username.claim);
  return typeof value === 'string' ? username.prefix + value : undefined;
}

/**
 * Returns the groups that an API server reads from a token. A string claim is one group, unless the API server splits
 * it; then empty names are left out.
 */
export function groupNamesFrom({ groups }: Authenticator, claims: TokenClaims): readonly string[] {
  const value = groups ? own(claims, groups.claim) : undefined;
  if (!groups || value === undefined || typeof value === 'boolean') return [];
  if (typeof value === 'string') return groupNames(groups, value);
  // Accounts in the same groups share the claim, so the names are cached by it.
  const key = `${groups.separator ?? ''}\n${groups.prefix}`;
  const byPrefix = namesOfClaim.get(value) ?? new Map<string, readonly string[]>();
  namesOfClaim.set(value, byPrefix);
  const names = byPrefix.get(key) ?? groupNames(groups, value);
  byPrefix.set(key, names);
  return names;
}

const namesOfClaim = new WeakMap<readonly string[], Map<string, readonly string[]>>();

function groupNames(
  { prefix, separator }: NonNullable<Authenticator['groups']>,
  value: string | readonly string[],
): readonly string[] {
  const taken = typeof value !== 'string' ? value : separator === undefined ? [value] : value.split(separator);
  const names = taken.map((name) => prefix + name);
  return separator === undefined ? names : names.filter((name) => name !== '');
}

interface Names {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly authenticators: readonly Authenticator[];
  readonly people: Map<string, string[]>;
  readonly groups: Map<string, string[]>;
}

/**
 * A cache of the names on the last cluster: its grants name the same people repeatedly. Only one cluster is kept, to
 * limit memory.
 */
let names: Names | undefined;

function namesOn(config: Config, cluster: Cluster): Names {
  if (names?.config !== config || names.cluster !== cluster) {
    names = { config, cluster, authenticators: authenticators(config, cluster), people: new Map(), groups: new Map() };
  }
  return names;
}

/**
 * Returns the user names of a person or service account on a cluster, one for each trusted client. Empty if the config
 * does not contain the value of the claim.
 */
export function personSubjects(config: Config, cluster: Cluster, person: string): readonly string[] {
  const { people, authenticators } = namesOn(config, cluster);
  const cached = people.get(person);
  if (cached) return cached;
  const computed = authenticators.map((authenticator) =>
    userNameFrom(authenticator, identityClaims(config, person, authenticator)),
  );
  return remember(people, person, computed);
}

/** Returns the names of a group on a cluster, one for each trusted client. Empty if no token can contain the group. */
export function groupSubjects(config: Config, cluster: Cluster, group: string): readonly string[] {
  const { groups, authenticators } = namesOn(config, cluster);
  const cached = groups.get(group);
  if (cached) return cached;
  const computed = authenticators.map((authenticator) => {
    const value = groupValue(config, authenticator, group);
    return value === undefined ? undefined : (authenticator.groups?.prefix ?? '') + value;
  });
  return remember(groups, group, computed);
}

function remember(cache: Map<string, string[]>, key: string, computed: readonly (string | undefined)[]): string[] {
  const distinct = [...new Set(computed.filter((name) => name !== undefined))];
  cache.set(key, distinct);
  return distinct;
}

/** Returns the claims that name an account, even if the scope map does not let it sign in yet. */
function identityClaims(config: Config, name: string, { client }: Authenticator): TokenClaims {
  const robot = config.serviceAccounts.get(name);
  if (robot) return tokenClaims(config, robot, client);
  const person = entry(config.people, name);
  const email = person.mails?.[0];
  return { ...tokenClaims(config, person, client), ...(email ? { email } : {}) };
}

/**
 * Returns the value in the token that identifies this group and no other: the group itself if a groups scope fills the
 * claim, otherwise a value that a claim map gives to this group only.
 */
export function groupValue(config: Config, { client, groups }: Authenticator, group: string): string | undefined {
  if (!groups) return undefined;
  const scope = groupScope(client);
  if (groups.claim === 'groups' && scope) {
    return groupClaimValues(config, scope, group).at(-1);
  }
  const values = own(client.claims, groups.claim)?.values ?? {};
  const others = new Set(Object.entries(values).flatMap(([name, list]) => (name === group ? [] : list)));
  return own(values, group)?.find((value) => !others.has(value));
}

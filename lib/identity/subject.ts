import type { Cluster, Config } from '../config/config';
import { type Json, own } from '../guards';
import { builtInGroups, everyonesGroups } from '../upstream/kanidm-builtin';
import { type Authenticator, authenticators, signInKey, type TokenMapping } from './authenticator';
import {
  builtInClaimValues,
  type GroupScope,
  groupClaimValues,
  groupScope,
  groupScopesOf,
  groupsClaim,
  separators,
  type TokenClaims,
  tokenClaims,
} from './claims';
import { everybodysGroups } from './membership';
import { isKnown, type Mapped, mappedGroups, mappedUser } from './token-mapping';

/**
 * Returns the user name that an API server reads from a token of Kanidm; `undefined` if the token has no user name, or
 * the config does not determine the name.
 */
export const userNameFrom = (mapping: TokenMapping, claims: TokenClaims): string | undefined =>
  isKnown(mapping.username) ? nameIn(mappedUser(mapping, claims)) : undefined;

/** Returns the groups that an API server reads from a token; none if the config does not determine them. */
export function groupNamesFrom(mapping: TokenMapping, claims: TokenClaims): readonly string[] {
  const { groups } = mapping;
  if (!isKnown(groups)) return [];
  const value = groups?.claim === undefined ? undefined : own(claims, groups.claim);
  if (!groups || typeof value !== 'object') return nameIn(mappedGroups(mapping, claims)) ?? [];
  // Accounts in the same groups share one value of the claim, so the names are cached by this value.
  const key = `${groups.separator}\n${groups.prefix}`;
  const byPrefix = namesOfClaim.get(value) ?? new Map<string, readonly string[]>();
  namesOfClaim.set(value, byPrefix);
  const names = byPrefix.get(key) ?? nameIn(mappedGroups(mapping, claims)) ?? [];
  byPrefix.set(key, names);
  return names;
}

const nameIn = <T>(mapped: Mapped<T>): T | undefined => mapped?.value;

const namesOfClaim = new WeakMap<readonly string[], Map<string, readonly string[]>>();

interface Names {
  /** The cluster that was last asked about. */
  cluster: Cluster;
  readonly key: string;
  readonly authenticators: readonly Authenticator[];
  readonly people: Map<string, string[]>;
  readonly groups: Map<string, string[]>;
}

/**
 * The names on the cluster that was asked about last. They are reused for the next cluster if it has the same sign-in
 * settings. Otherwise they are replaced, to limit memory.
 */
const lastNames = new WeakMap<Config, Names>();

function namesOn(config: Config, cluster: Cluster): Names {
  const last = lastNames.get(config);
  if (last?.cluster === cluster) return last;
  const key = signInKey(cluster);
  if (last && last.key === key) {
    last.cluster = cluster;
    return last;
  }
  const names = { cluster, key, authenticators: authenticators(config, cluster), people: new Map(), groups: new Map() };
  lastNames.set(config, names);
  return names;
}

/**
 * Returns the user names of a person or service account on a cluster, one for each trusted client. Empty if the config
 * does not contain the value of the claim.
 * @throws Error if the config has no such person or service account
 */
export function personSubjects(config: Config, cluster: Cluster, person: string): readonly string[] {
  const { people, authenticators } = namesOn(config, cluster);
  const cached = people.get(person);
  if (cached) return cached;
  const computed = authenticators.map((authenticator) => personSubject(config, authenticator, person));
  return remember(people, person, computed);
}

/**
 * Returns the user name of a person or service account in tokens of one client; `undefined` if the config does not
 * contain the value of the claim.
 */
export const personSubject = (config: Config, authenticator: Authenticator, person: string): string | undefined =>
  userNameFrom(authenticator, identityClaims(config, person, authenticator));

/**
 * Returns the names of a group on a cluster, one for each trusted client. Empty if no token can contain the group.
 * @throws Error if the config has no such group. It has no built-in groups of Kanidm
 */
export function groupSubjects(config: Config, cluster: Cluster, group: string): readonly string[] {
  const { groups, authenticators } = namesOn(config, cluster);
  const cached = groups.get(group);
  if (cached) return cached;
  if (!config.groups.has(group)) throw new Error(`the config has no group \`${group}\``);
  const computed = authenticators.map((authenticator) => groupSubject(config, authenticator, group));
  return remember(groups, group, computed);
}

/**
 * Returns the groups of Kanidm, including the built-in ones, by the names that the API server can have for them. A
 * group can have several names, because the `groups` claim also contains forms that Kaniflux does not render in
 * bindings. If a claim map gives several groups one name, a group that contains everybody takes precedence.
 */
export function groupsByName(config: Config, cluster: Cluster): ReadonlyMap<string, string> {
  const groups = [...config.groups.keys(), ...builtInGroups, ...everybodysGroups(config), ...everyonesGroups];
  const named = namesOn(config, cluster).authenticators.flatMap((authenticator) => {
    if (!isKnown(authenticator.groups)) return [];
    const scopes = groupScopesOf(authenticator.client);
    const namesOf = (...list: string[]) => {
      const claims = claimsOfGroups(config, authenticator, list);
      // Kanidm lists groups only for people who have a scope for groups. For others, a claim map can set the claim.
      const tokens = scopes.length > 0 ? [claims, { ...claims, groups: valuesOf(config, scopes, list) }] : [claims];
      return tokens.flatMap((token) => nameIn(mappedGroups(authenticator, token)) ?? []);
    };
    // An expression can give names that come from no group.
    const ofNobody = new Set(namesOf());
    return groups.flatMap((group) =>
      namesOf(group)
        .filter((name) => !ofNobody.has(name))
        .map((name) => [name, group] as const),
    );
  });
  return new Map(named);
}

/** Returns the values for groups of the config, and for built-in groups, in the `groups` claim. */
const valuesOf = (config: Config, scopes: readonly GroupScope[], groups: readonly string[]): string[] =>
  groups.flatMap((group) =>
    groupsClaim(config, scopes, [group], config.groups.has(group) ? groupClaimValues : builtInClaimValues),
  );

function remember(cache: Map<string, string[]>, key: string, computed: readonly (string | undefined)[]): string[] {
  const distinct = [...new Set(computed.filter((name) => name !== undefined))];
  cache.set(key, distinct);
  return distinct;
}

/**
 * Returns the claims that the API server can take the name of an account from, even if the scope map does not let the
 * account sign in yet.
 */
function identityClaims(config: Config, name: string, { client }: Authenticator): TokenClaims {
  const robot = config.serviceAccounts.get(name);
  if (robot) return tokenClaims(config, robot, client);
  const person = config.people.get(name);
  if (!person) throw new Error(`the config has no person or service account \`${name}\``);
  const email = person.mails?.[0];
  return { ...tokenClaims(config, person, client), ...(email ? { email } : {}) };
}

/**
 * Returns the name of a group at the API server; `undefined` if no token contains the group, or the config does not
 * determine the name.
 */
export function groupSubject(config: Config, authenticator: Authenticator, group: string): string | undefined {
  const { groups } = authenticator;
  if (!groups) return undefined;
  if (groups.expression === undefined) {
    const value = groupValue(config, authenticator, group);
    return value === undefined ? undefined : groups.prefix + value;
  }
  return isKnown(groups) ? namesByExpression(config, authenticator).get(group) : undefined;
}

const byExpression = new WeakMap<Authenticator, ReadonlyMap<string, string>>();

/**
 * Returns the name that an expression gives for each single group. Names that are in every token, or that stand for
 * several groups, are left out.
 */
function namesByExpression(config: Config, authenticator: Authenticator): ReadonlyMap<string, string> {
  const cached = byExpression.get(authenticator);
  if (cached) return cached;
  const named = (...groups: string[]) =>
    nameIn(mappedGroups(authenticator, claimsOfGroups(config, authenticator, groups))) ?? [];
  const ofNobody = new Set(named());
  const all = [...config.groups.keys(), ...builtInGroups, ...everyonesGroups].map((group) => ({
    group,
    names: named(group).filter((name) => !ofNobody.has(name)),
  }));
  const count = new Map<string, number>();
  for (const name of all.flatMap(({ names }) => names)) count.set(name, (count.get(name) ?? 0) + 1);
  const names = new Map(
    all.flatMap(({ group, names }) =>
      names.filter((one) => count.get(one) === 1).map((name) => [group, name] as const),
    ),
  );
  byExpression.set(authenticator, names);
  return names;
}

/** Returns the claims of a token with only these groups. The claims that differ from person to person are unknown. */
function claimsOfGroups(config: Config, { client, issuer }: Authenticator, groups: readonly string[]): Json {
  const scope = groupScope(client);
  const maps = Object.entries(client.claims ?? {}).flatMap(([claim, { join, values }]) => {
    const held = groups.flatMap((group) => own(values, group) ?? []);
    const separator = separators[join];
    return held.length === 0 ? [] : [[claim, separator === undefined ? held : held.join(separator)]];
  });
  return {
    ...Object.fromEntries(maps),
    ...(scope ? { groups: valuesOf(config, [scope], groups) } : {}),
    iss: issuer,
    aud: client.name,
    sub: undefined,
    preferred_username: undefined,
    name: undefined,
    email: undefined,
    email_verified: undefined,
  };
}

/**
 * Returns the value in the groups claim that identifies this group and no other: the group itself if a groups scope
 * fills the claim, otherwise a value that a claim map gives to this group only.
 */
export function groupValue(config: Config, { client, groups }: Authenticator, group: string): string | undefined {
  if (groups?.claim === undefined) return undefined;
  const scope = groupScope(client);
  if (groups.claim === 'groups' && scope) {
    return groupClaimValues(config, scope, group).at(-1);
  }
  const values = own(client.claims, groups.claim)?.values ?? {};
  const others = new Set(Object.entries(values).flatMap(([name, list]) => (name === group ? [] : list)));
  return own(values, group)?.find((value) => !others.has(value));
}

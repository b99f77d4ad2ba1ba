import type { Cluster, Config } from '../config/config';
import { entry } from '../config/config';
import { type Authenticator, authenticators } from './authenticator';
import { groupClaimValues, groupScope, type TokenClaims, tokenClaims } from './claims';

/** The user name that an API server makes of a token, `undefined` where the claim isn't in it. */
export function userNameFrom({ username }: Authenticator, claims: TokenClaims): string | undefined {
  const value = claims[username.claim];
  return typeof value === 'string' && value !== '' ? username.prefix + value : undefined;
}

/** The groups that an API server makes of a token. A string is a list of one, unless it is told to take it apart. */
export function groupNamesFrom({ groups }: Authenticator, claims: TokenClaims): string[] {
  const value = groups ? claims[groups.claim] : undefined;
  if (!groups || value === undefined || typeof value === 'boolean') return [];
  const { separator } = groups;
  const taken = typeof value !== 'string' ? value : separator === undefined ? [value] : value.split(separator);
  return taken.map((name) => groups.prefix + name);
}

/** What a cluster calls a person: a name for each client that it trusts. Empty where the config doesn't know the claim. */
export function personSubjects(config: Config, cluster: Cluster, person: string): string[] {
  const names = authenticators(config, cluster).map((authenticator) =>
    userNameFrom(authenticator, identityClaims(config, person, authenticator)),
  );
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** What a cluster calls a group: a name for each client that it trusts. Empty where no token can carry it. */
export function groupSubjects(config: Config, cluster: Cluster, group: string): string[] {
  const names = authenticators(config, cluster).map((authenticator) => {
    const value = groupValue(config, authenticator, group);
    return value === undefined ? undefined : (authenticator.groups?.prefix ?? '') + value;
  });
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The claims that name a person, whether or not the scope map lets the person in: a binding may be written first. */
function identityClaims(config: Config, name: string, { client }: Authenticator): TokenClaims {
  const person = entry(config.people, name);
  const email = person.mails?.[0];
  return { ...tokenClaims(config, person, client), ...(email ? { email } : {}) };
}

/**
 * The value that stands in the token for this group and no other: the group itself where a groups scope fills the
 * claim (Kanidm's own form wins over a claim map of the same name), otherwise a value that a claim map gives it alone.
 */
export function groupValue(config: Config, { client, groups }: Authenticator, group: string): string | undefined {
  if (!groups) return undefined;
  const scope = groupScope(client);
  if (groups.claim === 'groups' && scope) {
    return groupClaimValues(config, scope, group).at(-1);
  }
  const values = client.claims?.[groups.claim]?.values ?? {};
  const others = new Set(Object.entries(values).flatMap(([name, list]) => (name === group ? [] : list)));
  return values[group]?.find((value) => !others.has(value));
}

import type { Client, Cluster, Config } from '../config/config';
import { own } from '../guards';
import { kanidmClaims } from '../upstream/kanidm-claims';
import type { Authenticator, TokenMapping } from './authenticator';
import {
  everyonesClaimValues,
  groupScopes,
  isUnknown,
  mayUse,
  possibleGroups,
  separators,
  surelyUses,
  type TokenClaims,
  tokenClaims,
} from './claims';
import type { Account } from './entries';
import { issuerOf, spn } from './issuer';
import { identityOf } from './token-identity';
import { expressionsOn, notDetermined } from './token-mapping';
import { isUuid } from './uuid';

/**
 * Whether an account can sign in to a cluster through a client: Kanidm issues a token to the account, and the API
 * server accepts the token, as far as the config determines its claims.
 */
export const signsIn = (config: Config, cluster: Cluster, account: Account, authenticator: Authenticator): boolean =>
  mayUse(config, account, authenticator.client) &&
  (acceptsAll(authenticator) || whyRefused(config, cluster, account, authenticator).length === 0);

/** Whether the config determines that an account can sign in to a cluster through a client. */
export function surelySignsIn(config: Config, cluster: Cluster, account: Account, authenticator: Authenticator) {
  const { client } = authenticator;
  if (!surelyUses(config, account, client)) return false;
  const { unchecked } = identityOf(authenticator, { ...notDetermined, ...tokenClaims(config, account, client) }, true);
  return unchecked.length === 0 && whyRefused(config, cluster, account, authenticator).length === 0;
}

/** Whether it is certain, without a look at the claims, that the API server accepts the tokens of each account. */
function acceptsAll({ username, groups, uid, extra, ...mapping }: Authenticator): boolean {
  const { requiredClaims, claimValidationRules = [], userValidationRules = [] } = mapping;
  const rules = [...Object.keys(requiredClaims), ...claimValidationRules, ...userValidationRules];
  const isSafe = (name: TokenMapping['username']) => name.expression === undefined && !mayBeSystem(name.prefix);
  const isInAll = username.claim === 'sub' || username.claim === 'preferred_username';
  return rules.length === 0 && !uid && !extra && isInAll && isSafe(username) && (!groups || isSafe(groups));
}

const mayBeSystem = (prefix: string): boolean => prefix.startsWith('system:') || 'system:'.startsWith(prefix);

/**
 * Expressions can name groups whose members only Kanidm knows. All combinations of these groups are tried, up to this
 * number of groups.
 */
const maxCombined = 6;

/** Returns all combinations of the items, beginning with none of them. */
const combinations = (list: readonly string[]): string[][] =>
  Array.from({ length: 2 ** list.length }, (_, n) => list.filter((_one, i) => Math.floor(n / 2 ** i) % 2 === 1));

/**
 * Returns why the API server refuses the tokens of an account, as far as the config determines their claims. The
 * account may be in any of the groups whose members only Kanidm knows. An expression can name some of these groups. So
 * a reason counts only if it holds for each combination of the named groups, and also if the account is in all groups
 * whose members only Kanidm knows.
 */
export function whyRefused(config: Config, cluster: Cluster, account: Account, authenticator: Authenticator): string[] {
  const refusedIn = (more: readonly string[]) =>
    refusals({ config, cluster, account, authenticator }, tokenClaims(config, account, authenticator.client, more));
  let reasons = refusedIn([]);
  if (reasons.length === 0) return reasons;
  const possible = possibleGroups(config);
  const rules = (authenticator.userValidationRules ?? []).map(({ expression }) => expression);
  const texts = [...expressionsOn(authenticator), ...rules];
  const named = possible.filter((group) => texts.some((text) => text.includes(group)));
  if (named.length > maxCombined) return [];
  const [, ...combined] = combinations(named);
  for (const more of named.length < possible.length ? [...combined, possible] : combined) {
    const found = refusedIn(more);
    reasons = reasons.filter((reason) => found.includes(reason));
  }
  return reasons;
}

interface Judged {
  readonly config: Config;
  readonly cluster: Cluster;
  readonly account: Account;
  readonly authenticator: Authenticator;
}

function refusals({ config, cluster, account, authenticator }: Judged, claims: TokenClaims): string[] {
  const { client, requiredClaims } = authenticator;
  // Every token also has the built-in groups, so an expression never sees an empty list.
  const everyones = everyonesClaimValues(config, account, client);
  const whole = Array.isArray(claims.groups) ? { ...claims, groups: [...claims.groups, ...everyones] } : claims;
  const structured = cluster.authentication.method === 'structured';
  const isMet = ([claim, value]: readonly [string, string]): boolean => {
    // If only Kanidm knows the members of a group, the values that the account gets from the claim map are unknown. So
    // the claim counts as met if any token of the client can have the value.
    const groups = Object.keys(own(client.claims, claim)?.values ?? {});
    if (groups.some((group) => isUnknown(config, group))) {
      return unmetBecause(config, client, claim, value) === undefined;
    }
    const actual = own(claims, claim) ?? (claim === 'azp' ? client.name : undefined);
    if (actual !== undefined) return actual === value;
    // A claim can be there without a value: the UUID or the mail address of the account, which only Kanidm knows.
    return Object.hasOwn(claims, claim);
  };
  return [
    // A mapping or a rule whose result is unknown refuses nothing.
    ...identityOf(authenticator, { ...notDetermined, ...whole }, structured).refused,
    ...Object.entries(requiredClaims)
      .filter((one) => !isMet(one))
      .map(([claim, value]) => `the value of the claim ${claim} has to be ${value}`),
  ];
}

const givesEmail = ({ scopes, supplementaryScopes }: Client): boolean =>
  [scopes, supplementaryScopes].some((map) => Object.values(map ?? {}).some((list) => list.includes('email')));

/** Whether no token of a client has a claim: neither Kanidm nor a claim map sets it. */
export function neverHas(client: Client, claim: string): boolean {
  const { claims, scopes, supplementaryScopes } = client;
  if (kanidmClaims.has(claim) || own(claims, claim) !== undefined) return false;
  const given = [scopes, supplementaryScopes].flatMap((map) => Object.values(map ?? {}).flat());
  // https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs (extra_claims_for_account)
  if (claim === 'ssh_publickeys') return !given.includes(claim);
  return claim !== 'groups' || !given.some((scope) => groupScopes.some((one) => one === scope));
}

/**
 * Returns why no token of a client can have a value in a claim; `undefined` if a token can. This includes tokens of
 * people who are not in the config. Do not call this function for a claim that Kanidm fills with groups because of a
 * scope.
 */
export function unmetBecause(config: Config, client: Client, claim: string, value: string): string | undefined {
  const map = own(client.claims, claim);
  if (map && !kanidmClaims.has(claim)) {
    const separator = separators[map.join];
    const parts = separator === undefined ? [value] : value.split(separator);
    // A member of a group gets all values of the group.
    const lists = Object.values(map.values).filter((list) => list.every((one) => parts.includes(one)));
    const values = lists.flat();
    const isSorted = parts.every((part, i) => (parts[i - 1] ?? '') < part);
    return isSorted && parts.every((part) => values.includes(part))
      ? undefined
      : `the claim map of \`${claim}\` does not give this value`;
  }
  switch (claim) {
    case 'iss':
      return differing(value, issuerOf(config.kanidm, client.name));
    case 'aud':
    case 'azp':
      return differing(value, client.name);
    case 'nonce':
    case 'jti':
      return 'each token has another value';
    case 'sub':
      return isUuid(value) ? undefined : 'the value is always a UUID';
    case 'preferred_username': {
      const domain = spn(config.kanidm, '');
      if (client.preferShortUsername)
        return value.includes('@') ? '`preferShortUsername` leaves out the domain' : undefined;
      return value.length > domain.length && value.endsWith(domain) ? undefined : `the value always ends in ${domain}`;
    }
    case 'email':
      if (!givesEmail(client)) return 'no scope map of the client grants the scope `email`';
      return value.includes('@') ? undefined : 'the value is always a mail address';
    default:
      return kanidmClaims.has(claim) ? undefined : 'neither Kanidm nor a claim map sets this claim';
  }
}

const differing = (value: string, actual: string): string | undefined =>
  value === actual ? undefined : `the value is always ${actual}`;

import type { Client, Config } from '../config/config';
import { own } from '../guards';
import { kanidmClaims } from '../upstream/kanidm-claims';
import type { Authenticator } from './authenticator';
import { everyonesClaimValues, mayUse, separators, type TokenClaims, tokenClaims } from './claims';
import type { Account } from './entries';
import { issuerOf, spn } from './issuer';
import { identityOf } from './token-identity';
import { isKnown } from './token-mapping';
import { isUuid } from './uuid';

/**
 * Whether an account can sign in to a cluster through a client: Kanidm issues a token to the account, and the token has
 * the required claims of the API server, as far as the config determines them.
 */
export const signsIn = (config: Config, account: Account, authenticator: Authenticator): boolean =>
  mayUse(config, account, authenticator.client) && meetsRequired(config, account, authenticator);

function meetsRequired(config: Config, account: Account, authenticator: Authenticator): boolean {
  const { client, requiredClaims, username, groups } = authenticator;
  const required = Object.entries(requiredClaims);
  const rules = [...(authenticator.claimValidationRules ?? []), ...(authenticator.userValidationRules ?? [])];
  const isByClaims = username.expression === undefined && groups?.expression === undefined;
  if (required.length + rules.length === 0 && isByClaims) return true;
  const claims = tokenClaims(config, account, client);
  // Every token also has the built-in groups, so an expression never sees an empty list.
  const kind = config.serviceAccounts.get(account.name) === account ? 'service account' : 'person';
  const everyones = everyonesClaimValues(config, { kind, name: account.name }, client);
  const whole = Array.isArray(claims.groups) ? { ...claims, groups: [...claims.groups, ...everyones] } : claims;
  return isRefused(authenticator, whole)
    ? false
    : required.every(([claim, value]) => {
        const actual = own(claims, claim) ?? (claim === 'azp' ? client.name : undefined);
        if (actual !== undefined) return actual === value;
        // The config may lack the UUID or the mail address, but the token has it.
        return claim === 'sub' || (claim === 'email' && givesEmail(client));
      });
}

/**
 * Whether a rule or an expression refuses the token of an account. An expression that Kaniflux cannot evaluate refuses
 * nothing.
 */
function isRefused(authenticator: Authenticator, claims: TokenClaims): boolean {
  const { username, groups, claimValidationRules = [] } = authenticator;
  const mapping = {
    ...authenticator,
    requiredClaims: {},
    claimValidationRules: claimValidationRules.filter(isKnown),
  };
  if (!isKnown(username) || !isKnown(groups)) {
    return identityOf({ ...mapping, ...fixed, userValidationRules: [] }, claims, true).refused.length > 0;
  }
  const known = identityOf(mapping, claims, true);
  if (username.expression !== undefined || known.user !== undefined) return known.refused.length > 0;
  // The config lacks the UUID or mail address that the user name comes from, so the results of rules about the user are
  // unknown.
  const withoutName = { ...mapping, username: fixed.username, userValidationRules: [] };
  return identityOf(withoutName, claims, true).refused.length > 0;
}

/** A mapping that refuses no token. */
const fixed = { username: { expression: "'x'" }, groups: undefined } as const;

const givesEmail = ({ scopes, supplementaryScopes }: Client): boolean =>
  [scopes, supplementaryScopes].some((map) => Object.values(map ?? {}).some((list) => list.includes('email')));

/**
 * Returns why no token of a client can have a value in a claim; `undefined` if a token can. This includes tokens of
 * people who are not in the config. Not for a claim that Kanidm fills with groups because of a scope.
 */
export function unmetBecause(config: Config, client: Client, claim: string, value: string): string | undefined {
  const map = own(client.claims, claim);
  if (map && !kanidmClaims.has(claim)) {
    const separator = separators[map.join];
    const parts = separator === undefined ? [value] : value.split(separator);
    // A member of a group gets all values of the group.
    const lists = Object.values(map.values).filter((list) => list.every((one) => parts.includes(one)));
    const values = lists.flat();
    const isSorted = parts.every((part, i) => i === 0 || (parts[i - 1] ?? '') < part);
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

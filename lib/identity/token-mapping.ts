import { type CelValue, isList, isSplitList } from '../cel/cel-values';
import { type Evaluation, evaluate, expressionFacts } from '../cel/expression';
import { isText, type Json, own } from '../guards';
import { kanidmClaims } from '../upstream/kanidm-claims';
import type { ClaimGroups, ClaimName, ExpressionName, TokenMapping } from './authenticator';

/**
 * The result of a mapping for one token: a value, or the reason why the token is refused. `undefined` if the result is
 * unknown, because the value of a claim is unknown (`undefined`), or because Kaniflux does not evaluate the expression.
 */
export type Mapped<T> =
  | { readonly value: T; readonly refused?: undefined }
  | { readonly refused: string; readonly value?: undefined }
  | undefined;

/**
 * Returns the user name that an API server reads from the claims of a token.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/plugin/pkg/authenticator/token/oidc/oidc.go
 */
export function mappedUser(
  { username, claimsByName }: Pick<TokenMapping, 'username' | 'claimsByName'>,
  claims: Json,
): Mapped<string> {
  if (username.expression === undefined) return claimUser(username, claims);
  const name = text(evaluate(username.expression, claims, 'claims', claimsByName), 'the user name');
  return name?.value === '' ? { refused: 'the expression gives an empty user name' } : name;
}

function claimUser({ claim, prefix }: ClaimName, claims: Json): Mapped<string> {
  const name = claimText(claims, claim, 'the user name');
  if (name?.value === undefined) return name;
  if (claim === 'email' && claims.email_verified !== undefined && claims.email_verified !== true) {
    return { refused: 'the mail address in the token is not verified (email_verified)' };
  }
  return { value: prefix + name.value };
}

/** Returns the UID that an API server reads from the claims of a token; an empty one if there is no mapping for it. */
export function mappedUid(
  { uid, claimsByName }: Pick<TokenMapping, 'uid' | 'claimsByName'>,
  claims: Json,
): Mapped<string> {
  if (uid?.expression !== undefined) return text(evaluate(uid.expression, claims, 'claims', claimsByName), 'the UID');
  return uid?.claim === undefined ? { value: '' } : claimText(claims, uid.claim, 'the UID');
}

/** Returns one extra attribute that an API server reads from the claims of a token. */
export const mappedExtra = (
  { key, valueExpression }: NonNullable<TokenMapping['extra']>[number],
  claims: Json,
  claimsByName?: boolean,
): Mapped<readonly string[]> =>
  texts(evaluate(valueExpression, claims, 'claims', claimsByName), `the extra attribute ${key}`);

function claimText(claims: Json, claim: string, what: string): Mapped<string> {
  const value = own(claims, claim);
  if (value === undefined && Object.hasOwn(claims, claim)) return undefined;
  // Go decodes null as an empty string.
  return value === null
    ? { value: '' }
    : isText(value)
      ? { value }
      : { refused: `the token has no valid claim ${claim}, which the API server uses as ${what}` };
}

const text = (result: Evaluation, what: string): Mapped<string> =>
  after<string>(result, what, (value) =>
    isText(value) ? { value } : { refused: `the expression for ${what} does not give a string` },
  );

const texts = (result: Evaluation, what: string): Mapped<readonly string[]> =>
  after<readonly string[]>(result, what, (value) => {
    if (isSplitList(value)) {
      return {
        refused: `the expression for ${what} gives the unchanged result of \`split\`, which the API server refuses: add \`.map(g, g)\``,
      };
    }
    const list = value === null ? [] : isText(value) ? [value] : value;
    if (typeof list !== 'object' || !isList(list) || !list.every(isText)) {
      return { refused: `the expression for ${what} does not give a list of strings` };
    }
    return { value: list.filter((name) => name !== '') };
  });

/** Returns the groups that an API server reads from the claims of a token. */
export function mappedGroups(
  { groups, claimsByName }: Pick<TokenMapping, 'groups' | 'claimsByName'>,
  claims: Json,
): Mapped<readonly string[]> {
  if (!groups) return { value: [] };
  if (groups.expression === undefined) return claimGroups(groups, claims);
  return texts(evaluate(groups.expression, claims, 'claims', claimsByName), 'the groups');
}

/**
 * With a separator, the rendered CEL expression splits the claim, which must be a string. Without a separator, the
 * claim is a list or a single name.
 */
function claimGroups({ claim, prefix, separator }: ClaimGroups, claims: Json): Mapped<readonly string[]> {
  const value = own(claims, claim);
  if (value === undefined) return { value: [] };
  if (separator !== undefined) {
    if (!isText(value)) return { refused: `the claim ${claim} of the token is not a string` };
    return {
      value: value
        .split(separator)
        .map((name) => prefix + name)
        .filter((name) => name !== ''),
    };
  }
  const names = isText(value) ? [value] : value === null ? [] : value;
  const texts = Array.isArray(names) ? names.map((name: unknown) => (name === null ? '' : name)) : [null];
  if (!texts.every(isText)) return { refused: `the claim ${claim} of the token is not a list of names` };
  return { value: texts.map((name) => prefix + name) };
}

function after<T>(result: Evaluation, what: string, next: (value: CelValue) => Mapped<T>): Mapped<T> {
  if (result === undefined) return undefined;
  if ('value' in result) return next(result.value);
  return { refused: `the expression for ${what} cannot be evaluated: ${result.refused}` };
}

/** The claims of Kanidm whose values the config determines. Other claims, such as `iat`, differ from token to token. */
const determined: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'name',
  'preferred_username',
  'email',
  'email_verified',
]);

/** The claims that Kanidm sets and whose values only the token shows. Each has the value `undefined`: it is unknown. */
export const notDetermined: Json = Object.fromEntries(
  [...kanidmClaims.keys()].filter((claim) => !determined.has(claim)).map((claim) => [claim, undefined]),
);

/** Whether the config determines the user or group names that a mapping makes from tokens of Kanidm. */
export function isKnown(name: ClaimName | ExpressionName | undefined): boolean {
  if (name?.expression === undefined) return true;
  const { isEvaluated, claims } = expressionFacts(name.expression);
  return (
    isEvaluated && claims !== undefined && [...claims].every((one) => determined.has(one) || !kanidmClaims.has(one))
  );
}

/** Returns those expressions of a mapping that can read claims. */
export const expressionsOn = ({
  username,
  groups,
  uid,
  extra = [],
  claimValidationRules = [],
}: TokenMapping): string[] =>
  [
    username.expression,
    groups?.expression,
    uid?.expression,
    ...extra.map(({ valueExpression }) => valueExpression),
    ...claimValidationRules.map(({ expression }) => expression),
  ].filter((text) => text !== undefined);

/** Returns the claims that a mapping reads; `undefined` if it may read any claim. */
export function claimsRead(mapping: TokenMapping): ReadonlySet<string> | undefined {
  const { username, groups, requiredClaims, uid } = mapping;
  const expressions = expressionsOn(mapping).map((text) => expressionFacts(text).claims);
  const claims = new Set([username.claim, groups?.claim, uid?.claim].filter((claim) => claim !== undefined));
  for (const claim of Object.keys(requiredClaims)) claims.add(claim);
  for (const read of expressions) {
    if (!read) return undefined;
    for (const claim of read) claims.add(claim);
  }
  return claims;
}

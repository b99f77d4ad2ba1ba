import { type Evaluation, evaluate } from '../cel/expression';
import { isText, type Json } from '../guards';
import type { TokenMapping } from './authenticator';
import { type Mapped, mappedExtra, mappedGroups, mappedUid, mappedUser } from './token-mapping';

/** The user that an API server derives from a token. */
export interface TokenIdentity {
  readonly user?: string;
  /** `undefined` if the groups are unknown. */
  readonly groups?: readonly string[];
  /** Why the API server refuses the token. */
  readonly refused: readonly string[];
  /** What remains unknown, because Kaniflux does not evaluate an expression. */
  readonly unchecked: readonly string[];
}

/**
 * Maps the claims of a token to a user, and applies the rules of the issuer.
 * @param structured whether the API server has a rendered AuthenticationConfiguration, whose rules refuse names that
 * begin with `system:`
 */
export function identityOf(mapping: TokenMapping, claims: Json, structured: boolean): TokenIdentity {
  const refused: string[] = [];
  const unchecked: string[] = [];
  const settled = <T>(mapped: Mapped<T>, what: string): T | undefined => {
    if (mapped === undefined) unchecked.push(`${what}: Kaniflux does not evaluate the expression`);
    else if (mapped.refused !== undefined) refused.push(mapped.refused);
    return mapped?.value;
  };
  const user = settled(mappedUser(mapping, claims), 'the user name');
  const groups = settled(mappedGroups(mapping, claims), 'the groups');
  const uid = settled(mappedUid(mapping, claims), 'the UID');
  const extra = (mapping.extra ?? []).map(
    (one) =>
      [one.key, settled(mappedExtra(one, claims, mapping.claimsByName), `the extra attribute ${one.key}`)] as const,
  );
  for (const { expression, message } of mapping.claimValidationRules ?? []) {
    const result = evaluate(expression, claims, 'claims', mapping.claimsByName);
    ruled(result, `the rule \`${expression}\``, message, { refused, unchecked });
  }
  if (structured) {
    for (const one of [user, groups].flat()) {
      if (one?.startsWith('system:')) refused.push(`${one} begins with system:, which the rendered rules refuse`);
    }
  }
  const input = { username: user, groups, uid, extra: extraOf(extra, claims) };
  for (const { expression, message } of mapping.userValidationRules ?? []) {
    ruled(evaluate(expression, input, 'user'), `the rule \`${expression}\``, message, { refused, unchecked });
  }
  return { ...(user === undefined ? {} : { user }), ...(groups ? { groups } : {}), refused, unchecked };
}

/**
 * Returns the extra attributes as rules read them; `undefined` if one is unknown. The API server leaves out empty ones.
 */
function extraOf(mapped: readonly (readonly [string, readonly string[] | undefined])[], claims: Json) {
  const { jti = '' } = claims;
  if (mapped.some(([, values]) => values === undefined) || ('jti' in claims && claims.jti === undefined)) {
    return undefined;
  }
  return Object.fromEntries([
    ...(isText(jti) && jti !== '' ? [['authentication.kubernetes.io/credential-id', [`JTI=${jti}`]] as const] : []),
    ...mapped.filter(([, values]) => values?.length),
  ]);
}

function ruled(
  result: Evaluation,
  rule: string,
  message: string | undefined,
  { refused, unchecked }: { readonly refused: string[]; readonly unchecked: string[] },
): void {
  if (result === undefined) unchecked.push(`${rule}: Kaniflux does not evaluate it`);
  else if ('refused' in result) refused.push(`${rule} cannot be evaluated: ${result.refused}`);
  else if (result.value !== true) refused.push(`${rule} is not true${message === undefined ? '' : `: ${message}`}`);
}

import { isMap, isText, type Json, own } from '../guards';
import { objectsIn, parsed } from './json-in-text';
import { plainText } from './plain-text';
import { redacted } from './redact';
import { otherObject, otherText, tokensIn } from './token-search';

/** A token or its claims, extracted from the input. */
export interface TokenText {
  /** A JSON Web Token; `undefined` if the input was only claims. */
  readonly token?: string;
  /** The claims, if the input was claims as JSON instead of a token. */
  readonly claims?: Json;
  /** Notes about the form of the input. They never contain a part of the token. */
  readonly notes: readonly string[];
  /** Whether the input says that an API server refused the token. */
  readonly isRefused?: boolean;
}

/** JSON fields that can hold an ID token; the first that is present is used. */
const fields = ['id_token', 'id-token', 'idToken', 'token'];

/**
 * Finds the token in the input. The token may be bare, in quotes, after `Bearer` or the name of its header, in an
 * ExecCredential, in the cache of kubelogin, in a token response, in a kubeconfig, in a Secret, or anywhere in a longer
 * text such as the output of `curl -v`. Claims as JSON work too.
 */
export function tokenText(input: string): TokenText {
  // PowerShell writes files in UTF-16.
  const text = plainText(input.replaceAll('\u0000', '').replace(/^[\ufeff\ufffd]+/, '')).trim();
  if (text.startsWith('{') || text.startsWith('[')) {
    const value = parsed(text);
    if (isMap(value)) return ofObject(value, text);
  }
  const token = bare(text);
  return (/\s/.test(text) ? isJws : isJwsOrJwe).test(token) ? { token, notes: [] } : inLongerText(text, token);
}

/** A JSON Web Token and nothing else. */
const isJws = /^[\w-]+\.[\w-]*\.[\w-]*$/;
/** Does not match a token that was shortened with `...`. */
const isJwsOrJwe = /^[\w-]+\.[\w-]*\.(?!\.\.)[\w-]*(?:\.[\w-]+\.[\w-]*)?$/;

/** Finds a token in a text that contains more than the token. */
function inLongerText(whole: string, token: string): TokenText {
  const text = withoutChunks(whole);
  const found = tokensIn(text);
  const named = found.filter(({ isIdToken }) => isIdToken);
  const [one, ...others] = named.length === 1 ? named : found;
  if (one && others.length === 0) {
    const more = found.length === 1 ? '' : `, the only one of ${found.length} tokens that the text calls an ID token`;
    return {
      token: one.token,
      notes: [`a token in a longer text${one.encoded ? ', decoded from base64' : ''}${more}`],
    };
  }
  if (found.length > 1)
    return {
      notes: [`a text with ${found.length} different tokens. Pass only the ID token`],
    };
  const claims = objectsIn(text).filter(isClaims);
  if (claims.length === 1) return { claims: claims[0] ?? {}, notes: ['claims as JSON, without a signature'] };
  const none = /\bey[JA]/.test(text) ? 'a text in which no token is complete' : 'a text without a token';
  const other = otherText(token) ?? otherText(text) ?? (/\s/.test(token) ? none : undefined);
  return other === undefined ? { token, notes: [] } : { notes: [other] };
}

/** Whether an object has the claims of a token. The answer of a userinfo endpoint has `sub`, but not the others. */
const isClaims = (value: Json): boolean =>
  isText(value.iss) ||
  'account_id' in value ||
  'session_id' in value ||
  (isText(value.sub) && ('aud' in value || 'exp' in value));

/**
 * Joins the parts of a token that is too long for one cookie. Headlamp, for example, divides such a token into the
 * cookies `NAME.0`, `NAME.1` and so on.
 */
const withoutChunks = (text: string): string =>
  text.replace(
    /(?<![\w-])([\w-]{1,200})\.0=([\w.-]+(?:;\s{0,4}\1\.\d{1,3}=[\w.-]+)+)/g,
    (all, name: string, chunks: string) => {
      const [first = '', ...rest] = chunks.split(/;\s*/).map((one) => one.replace(/^[\w-]+\.(\d+)=/, '$1='));
      const isInOrder = rest.every((one, i) => one.startsWith(`${i + 1}=`));
      return isInOrder ? `${name}=${[first, ...rest.map((one) => one.replace(/^\d+=/, ''))].join('')}` : all;
    },
  );

/** Matches text that may precede a token: the option of curl, the name of the header or field, or the scheme. */
const before =
  /^(?:-H|--header)[ =]|^["']?(?:authorization|x-forwarded-access-token|x-auth-request-access-token|id[-_]?token|access[-_]token|token)["']?\s{0,4}[:=]|^bearer\s/i;

/** Returns the token without quotes, names of headers and fields, and line breaks. */
function bare(text: string): string {
  let token = unquoted(text);
  for (let depth = 0; depth < 4; depth++) token = unquoted(token.replace(before, ''));
  // Terminals and mail programs wrap long lines, so white space inside the token is removed.
  const isWrapped = /^ey[\w.\s-]*$/.test(token) && token.includes('.') && !isWhole(token.split(/\s/, 1)[0] ?? '');
  return isWrapped ? token.replace(/\s/g, '') : token;
}

/** The lengths of a signature in base64url. Those of RSA belong to keys of 2048, 3072 and 4096 bits. */
const lengths: Readonly<Record<string, readonly number[]>> = { ES256: [86], ES384: [128], ES512: [176] };
const rsaLengths = [342, 512, 683];

/** Whether the signature of a token has the length that belongs to the algorithm, so that no part of it is missing. */
function isWhole(token: string): boolean {
  if (!isJws.test(token)) return false;
  const [header = '', , signature = ''] = token.split('.');
  const [, algorithm = ''] = /"alg" ?: ?"(\w+)"/.exec(Buffer.from(header, 'base64url').toString('latin1')) ?? [];
  return (own(lengths, algorithm) ?? rsaLengths).includes(signature.length);
}

/** Returns the text without quotes, commas and white space at both ends. */
function unquoted(text: string): string {
  const outside = new Set('"\'`,;');
  let [start, end] = [0, text.length];
  const isOutside = (at: number) => outside.has(text.charAt(at)) || text.charAt(at).trim() === '';
  while (start < end && isOutside(start)) start++;
  while (end > start && isOutside(end - 1)) end--;
  return text.slice(start, end);
}

/** Returns what an API server answered in the status of a TokenReview. A request has a status too, without an answer. */
function reviewed({ authenticated, error }: Json): Pick<TokenText, 'notes' | 'isRefused'> {
  if (authenticated === true) return { notes: ['the API server that answered this TokenReview accepted the token'] };
  const reason = isText(error) ? `: “${redacted(error).slice(0, 300)}”` : '';
  return authenticated === false || reason !== ''
    ? { isRefused: true, notes: [`the API server that answered this TokenReview refused the token${reason}`] }
    : { notes: [] };
}

function ofObject(value: Json, text: string): TokenText {
  const { status } = value;
  if (value.kind === 'ExecCredential') {
    if (isMap(status) && isText(status.token))
      return { token: status.token.trim(), notes: ['the token of an ExecCredential'] };
    return { notes: ['an ExecCredential without a token: the plugin got no token, or uses a client certificate'] };
  }
  for (const field of fields) {
    const found = value[field];
    if (!isText(found)) continue;
    const what =
      'access_token' in value || 'token_type' in value || 'expires_in' in value
        ? 'a token response'
        : "kubelogin's cache";
    return { token: bare(found), notes: [`the ${field} of ${field === 'token' ? 'a JSON object' : what}`] };
  }
  if (typeof value.access_token === 'string') {
    const why =
      'because the token response has no id_token: the scope `openid` was not requested. kubectl and most applications use the ID token';
    const token = bare(value.access_token);
    return isJwsOrJwe.test(token)
      ? { token, notes: [`the access_token, ${why}`] }
      : {
          notes: [
            'a token response without an id_token, because the scope `openid` was not requested. Its access_token is not a JSON Web Token',
          ],
        };
  }
  const claims = [value, value.payload, value.claims].filter(isMap).find(isClaims);
  if (typeof value.active === 'boolean')
    return { notes: ['an answer about a token (token introspection), and not the token'] };
  if (claims) return { claims, notes: ['claims as JSON, without a signature'] };
  if (isText(value.sub)) {
    return {
      notes: [
        'a JSON object without iss, aud and exp, which each ID token has, such as the answer of the userinfo endpoint',
      ],
    };
  }
  const known = otherObject(value);
  if (known !== undefined) return { notes: [known] };
  const found = tokensIn(text).length > 0 ? inLongerText(text, text) : { notes: ['a JSON object without a token'] };
  if (value.kind !== 'TokenReview' || !isMap(status)) return found;
  const { notes, ...answer } = reviewed(status);
  return { ...found, ...answer, notes: [...found.notes, ...notes] };
}

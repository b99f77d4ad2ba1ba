import { isMap, isText, type Json } from '../guards';
import { objectsIn, parsed } from './json-in-text';
import { plainText } from './plain-text';
import { otherObject, otherText, tokensIn } from './token-search';

/** A token or its claims, extracted from the input. */
export interface TokenText {
  /** A JSON Web Token; `undefined` if the input was only claims. */
  readonly token?: string;
  /** The claims, if the input was claims as JSON instead of a token. */
  readonly claims?: Json;
  /** Notes about the form of the input. They never contain a part of the token. */
  readonly notes: readonly string[];
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
function inLongerText(text: string, token: string): TokenText {
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
  const claims = objectsIn(text).filter((value) => isText(value.iss) || isText(value.sub));
  if (claims.length === 1) return { claims: claims[0] ?? {}, notes: ['claims as JSON, without a signature'] };
  const other = otherText(token) ?? otherText(text) ?? (/\s/.test(token) ? 'a text without a token' : undefined);
  return other === undefined ? { token, notes: [] } : { notes: [other] };
}

/** Matches text that may precede a token: the option of curl, the name of the header or field, or the scheme. */
const before =
  /^(?:-H|--header)[ =]|^["']?(?:authorization|x-forwarded-access-token|x-auth-request-access-token|id[-_]?token|access[-_]token|token)["']?\s{0,4}[:=]|^bearer\s/i;

/** Returns the token without quotes, names of headers and fields, and line breaks. */
function bare(text: string): string {
  let token = unquoted(text);
  for (let depth = 0; depth < 4; depth++) token = unquoted(token.replace(before, ''));
  // Terminals and mail programs wrap long lines, so white space inside the token is removed.
  return /^[\w.\s-]*$/.test(token) && token.includes('.') ? token.replace(/\s/g, '') : token;
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
      'because the token response has no id_token: the scope `openid` was not requested. The API server requires an ID token';
    const token = bare(value.access_token);
    return isJwsOrJwe.test(token)
      ? { token, notes: [`the access_token, ${why}`] }
      : {
          notes: [
            'a token response without an id_token, because the scope `openid` was not requested. Its access_token is not a JSON Web Token',
          ],
        };
  }
  if (typeof value.iss === 'string' || typeof value.sub === 'string' || 'account_id' in value) {
    return { claims: value, notes: ['claims as JSON, without a signature'] };
  }
  const known = otherObject(value);
  if (known !== undefined) return { notes: [known] };
  return tokensIn(text).length > 0 ? inLongerText(text, text) : { notes: ['a JSON object without a token'] };
}

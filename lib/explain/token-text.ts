import { isMap, isText, type Json } from '../guards';

/** A token or its claims, extracted from the input. */
export interface TokenText {
  /** A JSON Web Token; `undefined` if the input was only claims. */
  readonly token?: string;
  /** The claims, if the input was JSON. */
  readonly claims?: Json;
  /** Notes about the form of the input. They never contain a part of the token. */
  readonly notes: readonly string[];
}

/** JSON fields that can hold an ID token; the first that is present is used. */
const fields = ['id_token', 'id-token', 'idToken', 'token'];

/**
 * Finds the token in the input. The token may be bare, in quotes, after `Bearer` or the name of its header, in an
 * ExecCredential, in the cache of kubelogin, in a token response or in a line of a kubeconfig. Claims as JSON work too.
 */
export function tokenText(input: string): TokenText {
  const text = input.replace(/^\ufeff/, '').trim();
  if (text.startsWith('{') || text.startsWith('[')) {
    const value = parsed(text);
    if (isMap(value)) return ofObject(value);
  }
  return { token: bare(text), notes: [] };
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

function ofObject(value: Json): TokenText {
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
      'refresh_token' in value && !('access_token' in value) ? "kubelogin's cache" : 'a token response of Kanidm';
    return { token: bare(found), notes: [`the ${field} of ${field === 'token' ? 'a JSON object' : what}`] };
  }
  if (typeof value.access_token === 'string') {
    return {
      token: bare(value.access_token),
      notes: [
        'the access_token of a token response without an id_token: the scope `openid` was not requested, and the API server requires an ID token',
      ],
    };
  }
  if (typeof value.iss === 'string' || typeof value.sub === 'string' || 'account_id' in value) {
    return { claims: value, notes: ['claims as JSON, without a signature'] };
  }
  return { notes: ['a JSON object without a token'] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { isMap, isText, type Json } from '../guards';

/** A token as people have it, taken out of what it is wrapped in. */
export interface TokenText {
  /** A JSON Web Token; `undefined` where there are claims alone. */
  readonly token?: string;
  /** The claims, where they were given as JSON. */
  readonly claims?: Json;
  /** What was read, where that is worth saying. Never a piece of the token. */
  readonly notes: readonly string[];
}

/** Fields that hold an ID token, in the order in which they count. */
const fields = ['id_token', 'id-token', 'idToken', 'token'];

/**
 * Finds the token in what was piped in: the token itself, in quotes, after `Bearer` or the name of its header, in an
 * ExecCredential, in the cache of kubelogin, in the answer of a token endpoint, in a kubeconfig's line; or its claims.
 */
export function tokenText(input: string): TokenText {
  const text = input.replace(/^\ufeff/, '').trim();
  if (text.startsWith('{') || text.startsWith('[')) {
    const value = parsed(text);
    if (isMap(value)) return ofObject(value);
  }
  return { token: bare(text), notes: [] };
}

/** What stands before a token: the option of curl, the name of the header or field, the scheme. */
const before =
  /^(?:-H|--header)[ =]|^["']?(?:authorization|x-forwarded-access-token|x-auth-request-access-token|id[-_]?token|access[-_]token|token)["']?\s{0,4}[:=]|^bearer\s/i;

/** What is left when quotes, the names of headers and fields, and line breaks are taken off. */
function bare(text: string): string {
  let token = unquoted(text);
  for (let depth = 0; depth < 4; depth++) token = unquoted(token.replace(before, ''));
  // A terminal or a mail breaks a long line; a token has no white space.
  return /^[\w.\s-]*$/.test(token) && token.includes('.') ? token.replace(/\s/g, '') : token;
}

/** Without quotes, commas and white space at both ends, of which a token has none. */
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
    return { notes: ['an ExecCredential without a token: the plugin got none, or it has a client certificate'] };
  }
  for (const field of fields) {
    const found = value[field];
    if (!isText(found)) continue;
    const what = 'refresh_token' in value && !('access_token' in value) ? "kubelogin's cache" : 'an answer of Kanidm';
    return { token: bare(found), notes: [`the ${field} of ${field === 'token' ? 'a JSON object' : what}`] };
  }
  if (typeof value.access_token === 'string') {
    return {
      token: bare(value.access_token),
      notes: [
        'the access_token of an answer without an id_token: the scope `openid` was not asked for, and the API server takes an ID token',
      ],
    };
  }
  if (typeof value.iss === 'string' || typeof value.sub === 'string' || 'account_id' in value) {
    return { claims: value, notes: ['claims as JSON, without a signature'] };
  }
  return { notes: ['a JSON object in which there is no token'] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

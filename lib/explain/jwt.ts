import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { isMap, isText, type Json } from '../guards';

/** The error for text that is not a valid token or JWKS. The message never contains a part of the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

export interface Jwt {
  readonly header: Json;
  readonly claims: Json;
  /** The signed text: the encoded header and claims. */
  readonly signed: string;
  readonly signature: Uint8Array;
}

const longest = 64 * 1024;

/**
 * Decodes a token. The signature is not checked.
 * @throws TokenError if the text is not a JSON Web Token; the message names the kind of text if it is recognised
 */
export function parseJwt(text: string): Jwt {
  const token = text.trim();
  if (token === '') throw new TokenError('standard input is empty: pipe the token in');
  if (token.length > longest) throw new TokenError('the input is too long for a token');
  const parts = token.split('.');
  const [header, claims, signature] = parts;
  if (parts.length === 5 && isEncrypted(header ?? '')) {
    throw new TokenError(
      "the input is an encrypted token (JWE), which only the server can read. Kanidm's refresh tokens and authorization codes are encrypted tokens. Pass the ID token",
    );
  }
  if (header === undefined || claims === undefined || signature === undefined || parts.length > 3) {
    throw new TokenError(
      `the input is not a JSON Web Token, which has three parts separated by dots: the number of parts in the input is ${parts.length === 1 ? 'one' : parts.length > 9 ? 'many' : parts.length}. Pass the ID token`,
    );
  }
  if (!/^[\w-]*$/.test(signature)) throw new TokenError("the token's signature is not base64url");
  return {
    header: part(header, 'header'),
    claims: part(claims, 'payload'),
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Whether the header belongs to a JWE. Only a JWE names an encryption (`enc`). */
function isEncrypted(header: string): boolean {
  try {
    return 'enc' in part(header, 'header');
  } catch {
    return false;
  }
}

function part(text: string, name: string): Json {
  try {
    if (!/^[\w-]*$/.test(text)) throw new Error();
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64url')));
    if (isMap(value)) return value;
  } catch {
    // The error is thrown below.
  }
  throw new TokenError(`the token's ${name} is not JSON in base64url`);
}

const hashes: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };

/**
 * Returns whether one of the keys of a JWKS signed the token.
 * @param source the origin of the keys, for the error message
 * @throws TokenError if the text is not a JWKS
 */
export function isSignedBy(
  { header, signed, signature }: Jwt,
  jwks: string,
  source = 'the file given with --jwks',
): boolean {
  const keys = keysOf(jwks, source).filter(({ kid = '' }) => (header.kid ?? '') === '' || kid === header.kid);
  const [, family = '', size = ''] = /^(RS|ES|PS)(256|384|512)$/.exec(isText(header.alg) ? header.alg : '') ?? [];
  const hash = hashes[size];
  if (hash === undefined) return false;
  return keys.some((jwk) => {
    try {
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      if ((family === 'ES') !== (key.asymmetricKeyType === 'ec')) return false;
      const options = family === 'ES' ? { dsaEncoding: 'ieee-p1363' as const } : family === 'PS' ? { padding: 6 } : {};
      return verify(hash, Buffer.from(signed), { key, ...options }, signature);
    } catch {
      return false;
    }
  });
}

function keysOf(text: string, source: string): (JsonWebKey & { kid?: unknown })[] {
  try {
    const value: unknown = JSON.parse(text);
    if (isMap(value) && Array.isArray(value.keys)) return value.keys.filter(isMap);
  } catch {
    // The error is thrown below.
  }
  throw new TokenError(`${source} is not a JWKS (an object with a list of \`keys\`)`);
}

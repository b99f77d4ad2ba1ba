import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';

/** A token that is none; the message never holds a piece of it. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What is signed, and the signature. */
  readonly signed: string;
  readonly signature: Uint8Array;
}

const longest = 64 * 1024;

/**
 * Takes a token apart, without believing it.
 * @throws TokenError where it is no JSON Web Token
 */
export function parseJwt(text: string): Jwt {
  const token = text.trim().replace(/^Bearer\s+/i, '');
  if (token === '') throw new TokenError('standard input is empty: pipe the token in');
  if (token.length > longest) throw new TokenError('this is too long for a token');
  const [header, claims, signature, ...rest] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) {
    throw new TokenError(
      'this is no JSON Web Token, which has three parts with dots between; Kanidm’s access token is none: take the id token',
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

function part(text: string, name: string): Record<string, unknown> {
  try {
    if (!/^[\w-]*$/.test(text)) throw new Error();
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64url')));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error();
    return value as Record<string, unknown>;
  } catch {
    throw new TokenError(`the token's ${name} is not JSON in base64url`);
  }
}

const hashes: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };

/**
 * Whether a token is signed by one of the keys of a JWKS.
 * @throws TokenError where the text is no JWKS
 */
export function isSignedBy({ header, signed, signature }: Jwt, jwks: string): boolean {
  const keys = keysOf(jwks).filter(({ kid = '' }) => (header.kid ?? '') === '' || kid === header.kid);
  const [, family = '', size = ''] = /^(RS|ES|PS)(256|384|512)$/.exec(String(header.alg)) ?? [];
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

function keysOf(text: string): (JsonWebKey & { kid?: unknown })[] {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    if (Array.isArray(keys)) return keys;
  } catch {
    // told below
  }
  throw new TokenError('the file given with --jwks is no JWKS: an object with a list of `keys`');
}

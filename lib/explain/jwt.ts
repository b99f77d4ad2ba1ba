import { createPublicKey, verify } from 'node:crypto';
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

/** The API server accepts at most 1 MiB of headers, one of which is the token. */
const longest = 1024 * 1024;

/**
 * Decodes a token. The signature is not checked.
 * @throws TokenError if the text is not a JSON Web Token; the message names the kind of text if it is recognised
 */
export function parseJwt(text: string): Jwt {
  const token = text.trim();
  if (token === '') throw new TokenError('standard input is empty: pipe the token in');
  if (token.length > longest)
    throw new TokenError('the input is longer than 1 MiB, and the API server accepts no token of that length');
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
    // Like Go, this replaces bytes that are not UTF-8, and does not accept a byte order mark.
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(text, 'base64url')),
    );
    if (isMap(value)) return value;
  } catch {
    // The error is thrown below.
  }
  throw new TokenError(`the token's ${name} is not JSON in base64url`);
}

const algorithms = /^(RS|ES|PS)(256|384|512)$/;
const hashes: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };

/** The length of a signature in bytes, by the number in ES256, ES384 and ES512. */
const ecLengths: Readonly<Record<string, number>> = { '256': 64, '384': 96, '512': 132 };

/** Go refuses keys of RSA with fewer bits. The signature has as many bits as the key. */
const fewestBits = 1024;

/** Returns why no key can verify the signature: its length does not fit the algorithm. The content is not checked. */
export function signatureFault({
  header,
  signature: { length },
}: Pick<Jwt, 'header' | 'signature'>): string | undefined {
  const [, family = '', size = ''] = algorithms.exec(isText(header.alg) ? header.alg : '') ?? [];
  const bytes = family === 'ES' ? ecLengths[size] : fewestBits / 8;
  if (bytes === undefined || family === '' || (family === 'ES' ? length === bytes : length >= bytes)) return undefined;
  const least = family === 'ES' ? '' : 'at least ';
  return `${length === 0 ? 'the token has no signature' : `the signature of the token has ${length} ${length === 1 ? 'byte' : 'bytes'}`}, but a signature with ${family}${size} has ${least}${bytes} bytes: a part of the token is missing or was changed`;
}

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
  const keys = keysOf(jwks, source)
    .filter(isMap)
    .filter(({ kid = '' }) => (header.kid ?? '') === '' || kid === header.kid);
  const [, family = '', size = ''] = algorithms.exec(isText(header.alg) ? header.alg : '') ?? [];
  const hash = hashes[size];
  if (hash === undefined || signatureFault({ header, signature }) !== undefined) return false;
  return keys.some((jwk) => {
    try {
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      if ((family === 'ES') !== (key.asymmetricKeyType === 'ec') || 'd' in jwk) return false;
      if ((key.asymmetricKeyDetails?.modulusLength ?? fewestBits) < fewestBits) return false;
      const options = family === 'ES' ? { dsaEncoding: 'ieee-p1363' as const } : family === 'PS' ? { padding: 6 } : {};
      return verify(hash, signedBytes(header, signed), { key, ...options }, signature);
    } catch {
      return false;
    }
  });
}

/** Returns what the signature covers: with `b64: false` in the header, the payload before it was encoded. */
function signedBytes(header: Json, signed: string): Buffer {
  if (header.b64 !== false) return Buffer.from(signed);
  const end = signed.indexOf('.') + 1;
  return Buffer.concat([Buffer.from(signed.slice(0, end)), Buffer.from(signed.slice(end), 'base64url')]);
}

/** The elliptic curves that go-jose 2 knows, by type of key. Other types of keys have none. */
const curves: Readonly<Record<string, readonly unknown[] | undefined>> = {
  EC: ['P-256', 'P-384', 'P-521'],
  OKP: ['Ed25519'],
};

/**
 * Returns what is wrong with the first key of a JWKS that go-jose 2 cannot read. The API server then reads none of the
 * keys. Not all such faults are found: certificates, for example, are not checked.
 * @throws TokenError if the text is not a JWKS
 * @see https://github.com/go-jose/go-jose/blob/v2.6.3/jwk.go
 */
export function unreadableKey(jwks: string, source = 'the file given with --jwks'): string | undefined {
  const faults = keysOf(jwks, source).flatMap((key, i): string[] => {
    if (!isMap(key)) return [`key ${i + 1} is not an object`];
    const { kty, crv, kid } = key;
    if (!isText(kty) || !['EC', 'RSA', 'oct', 'OKP'].includes(kty)) {
      return [`key ${i + 1} has ${isText(kty) ? `the type ${kty}` : 'no type'} (kty)`];
    }
    if (curves[kty]?.includes(crv) === false) return [`key ${i + 1} has the curve ${isText(crv) ? crv : ''} (crv)`];
    return isText(kid ?? '') ? [] : [`the kid of key ${i + 1} is not a string`];
  });
  return faults[0];
}

function keysOf(text: string, source: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (isMap(value) && Array.isArray(value.keys)) return value.keys;
  } catch {
    // The error is thrown below.
  }
  throw new TokenError(`${source} is not a JWKS (an object with a list of \`keys\`)`);
}

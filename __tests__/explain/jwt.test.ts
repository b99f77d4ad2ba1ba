import { generateKeyPairSync, sign } from 'node:crypto';
import { isSignedBy, parseJwt, unreadableKey } from '../../lib/explain/jwt';
import { kindOf } from '../../lib/explain/token-kind';

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const text = (header: unknown, claims: unknown, signature = 'c2ln') =>
  `${encode(header)}.${encode(claims)}.${signature}`;

test('a token is decoded', () => {
  expect(parseJwt(` ${text({ alg: 'ES256' }, { sub: 'é' })}\n`)).toMatchObject({
    header: { alg: 'ES256' },
    claims: { sub: 'é' },
    signature: Buffer.from('sig'),
  });
});

test('bytes that are not UTF-8 are replaced, as Go does', () => {
  const claims = Buffer.from('{"name":"Zo\u00eb"}', 'latin1').toString('base64url');
  expect(parseJwt(`${encode({})}.${claims}.c2ln`).claims).toEqual({ name: 'Zo\ufffd' });
});

test.each<[string, string, string]>([
  ['nothing', ' \n', 'standard input is empty'],
  ['a word', 'secret', 'the number of parts in the input is one. Pass the ID token'],
  ['two parts', 'a.b', 'the number of parts in the input is 2.'],
  ['four parts', 'a.b.c.d', 'the number of parts in the input is 4.'],
  ['nine parts', 'a.b.c.d.e.f.g.h.i', 'the number of parts in the input is 9.'],
  ['ten parts', 'a.b.c.d.e.f.g.h.i.j', 'the number of parts in the input is many.'],
  ['an encrypted token', `${encode({ enc: 'A256GCM' })}.b.c.d.e`, 'an encrypted token (JWE)'],
  ['five parts of something else', `${encode({ alg: 'ES256' })}.b.c.d.e`, 'the number of parts in the input is 5.'],
  ['a signature in base64', text({}, {}, 'a+b/'), "the token's signature is not base64url"],
  ['a header that is a list', text([], {}), "the token's header is not JSON in base64url"],
  ['a payload that is none', text({}, 'x'), "the token's payload is not JSON in base64url"],
  ['a payload in base64', `${encode({})}.a+b=.c2ln`, "the token's payload is not JSON"],
  [
    'a payload that is not UTF-8',
    `${encode({})}.${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.c`,
    "the token's payload",
  ],
  ['a payload with a byte order mark', text({}, '\ufeff{}'), "the token's payload is not JSON"],
  ['more than 1 MiB', 'a'.repeat(1024 * 1024 + 1), 'the input is longer than 1 MiB'],
])('%s is refused, and not printed', (_name, input, message) => {
  expect(() => parseJwt(input)).toThrow(message);
  expect(() => parseJwt(input)).not.toThrow('secret');
});

test('1 MiB is read', () => {
  expect(() => parseJwt('a'.repeat(1024 * 1024))).toThrow('the number of parts in the input is one');
});

describe('a signature', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = (...keys: object[]) => JSON.stringify({ keys });
  const jwk = (pair: typeof ec, more: object = {}) => ({ ...pair.publicKey.export({ format: 'jwk' }), ...more });
  const signed = (header: Record<string, unknown>, claims: object = { sub: 'a' }) => {
    const base = `${encode(header)}.${encode(claims)}`;
    const key = String(header.alg).startsWith('ES')
      ? { key: ec.privateKey, dsaEncoding: 'ieee-p1363' as const }
      : { key: rsa.privateKey, ...(String(header.alg).startsWith('PS') ? { padding: 6 } : {}) };
    const hash = `sha${/\d+$/.exec(String(header.alg))?.[0] ?? '256'}`;
    return parseJwt(`${base}.${sign(hash, Buffer.from(base), key).toString('base64url')}`);
  };

  test.each(['ES256', 'RS256', 'RS384', 'RS512', 'PS256'])('of %s is checked', (alg) => {
    const pair = alg.startsWith('ES') ? ec : rsa;
    const token = signed({ alg });
    expect(isSignedBy(token, jwks(jwk(other), jwk(pair)))).toBe(true);
    expect(isSignedBy(token, jwks(jwk(other)))).toBe(false);
    expect(isSignedBy({ ...token, signed: `${token.signed}x` }, jwks(jwk(pair)))).toBe(false);
  });

  test('is checked with the key that the header names, if it names one', () => {
    const token = signed({ alg: 'ES256', kid: 'a' });
    expect(isSignedBy(token, jwks(jwk(ec, { kid: 'a' })))).toBe(true);
    expect(isSignedBy(token, jwks(jwk(ec, { kid: 'b' })))).toBe(false);
    expect(isSignedBy(token, jwks(jwk(ec)))).toBe(false);
    expect(isSignedBy(signed({ alg: 'ES256', kid: '' }), jwks(jwk(ec, { kid: 'b' })))).toBe(true);
  });

  test('of another algorithm is none', () => {
    const token = signed({ alg: 'ES256' });
    for (const alg of ['none', 'HS256', 'RS256', 'ES512', 'XES256', { a: 1 }]) {
      expect(isSignedBy({ ...token, header: { alg } }, jwks(jwk(ec), jwk(rsa)))).toBe(false);
    }
  });

  test('has the length of the algorithm', () => {
    const base = `${encode({ alg: 'ES384' })}.${encode({ sub: 'a' })}`;
    const short = sign('sha384', Buffer.from(base), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
    expect(isSignedBy(parseJwt(`${base}.${short.toString('base64url')}`), jwks(jwk(ec)))).toBe(false);
  });

  test('covers the payload before it was encoded, if the header says so', () => {
    const header = encode({ alg: 'ES256', b64: false, crit: ['b64'] });
    const plain = Buffer.from(`${header}.${JSON.stringify({ sub: 'a' })}`);
    const signature = sign('sha256', plain, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    expect(isSignedBy(parseJwt(`${header}.${encode({ sub: 'a' })}.${signature}`), jwks(jwk(ec)))).toBe(true);
    expect(isSignedBy(signed({ alg: 'ES256', b64: false }), jwks(jwk(ec)))).toBe(false);
  });

  test('is not checked with a private key or a key that is too short', () => {
    const token = signed({ alg: 'ES256' });
    expect(isSignedBy(token, jwks(ec.privateKey.export({ format: 'jwk' })))).toBe(false);
    const short = generateKeyPairSync('rsa', { modulusLength: 512 });
    const base = `${encode({ alg: 'RS256' })}.${encode({})}`;
    const signature = sign('sha256', Buffer.from(base), short.privateKey).toString('base64url');
    expect(isSignedBy(parseJwt(`${base}.${signature}`), jwks(jwk(short)))).toBe(false);
  });

  test('needs a JWKS', () => {
    for (const one of ['x', '[]', '{}', '{"keys":{}}'])
      expect(() => isSignedBy(signed({ alg: 'ES256' }), one, 'https://a.example')).toThrow(
        'https://a.example is not a JWKS',
      );
    expect(isSignedBy(signed({ alg: 'ES256' }), jwks({ kty: 'x' }))).toBe(false);
  });
});

test.each<[string, object, object, RegExp | undefined, (boolean | 'elsewhere')?]>([
  ['an ID token', {}, { iss: 'https://a', sub: 'b', spn: 'c' }, undefined],
  [
    'an API token',
    {},
    { account_id: 'a', token_id: 'b', label: 'ci' },
    /^this is an API token of Kanidm with the label “ci”:/,
    false,
  ],
  ['one without a label', {}, { account_id: 'a', token_id: 'b' }, /^this is an API token of Kanidm:/, false],
  ['half of one', {}, { account_id: 'a' }, undefined],
  ['a session', {}, { session_id: 'a', spn: 'b' }, /^this is a session token/, false],
  ['another session', {}, { session_id: 'a', purpose: 'b' }, /^this is a session token/, false],
  ['a session of an issuer', {}, { session_id: 'a', spn: 'b', iss: 'c' }, undefined],
  ['a session alone', {}, { session_id: 'a' }, undefined],
  ['an access token', { typ: 'at+jwt' }, { iss: 'a' }, /^this is an access token/, true],
  ['a JWT', { typ: 'JWT' }, { iss: 'a' }, undefined],
  ['a service account', {}, { 'kubernetes.io': {} }, /^this is the token of a Kubernetes service account/, 'elsewhere'],
  ['an old one', {}, { iss: 'kubernetes/serviceaccount' }, /^this is the token of a Kubernetes/, 'elsewhere'],
])('%s', (...[_name, header, claims, says, judged]) => {
  const kind = kindOf({ header: { ...header }, claims: { ...claims } });
  if (!says) expect(kind).toBeUndefined();
  else expect(kind).toEqual({ says: expect.stringMatching(says), judged });
});

test.each<[unknown, string | undefined]>([
  [{ kty: 'EC', crv: 'P-256', kid: 'a' }, undefined],
  [{ kty: 'EC', crv: 'P-521' }, undefined],
  [{ kty: 'RSA' }, undefined],
  [{ kty: 'oct' }, undefined],
  [{ kty: 'OKP', crv: 'Ed25519' }, undefined],
  [{ kty: 'OKP', crv: 'X25519' }, 'key 2 has the curve X25519 (crv)'],
  [{ kty: 'EC', crv: 'secp256k1' }, 'key 2 has the curve secp256k1 (crv)'],
  [{ kty: 'AKP', alg: 'ML-DSA-44' }, 'key 2 has the type AKP (kty)'],
  [{}, 'key 2 has no type (kty)'],
  [null, 'key 2 is not an object'],
  [{ kty: 'RSA', kid: 7 }, 'the kid of key 2 is not a string'],
])('go-jose reads a JWKS with %j: %p', (key, fault) => {
  expect(unreadableKey(JSON.stringify({ keys: [{ kty: 'RSA' }, key] }))).toBe(fault);
});

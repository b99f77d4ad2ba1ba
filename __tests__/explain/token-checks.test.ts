import { algorithm, audience, decodedClaims, fetched, malformed, times } from '../../lib/explain/token-checks';

test.each<[string, Record<string, unknown>, string[]]>([
  ['none of them', {}, []],
  ['null for each', { sub: null, nonce: null, at_hash: null, nbf: null }, []],
  ['texts', { sub: 'a', nonce: 'b', at_hash: 'c' }, []],
  ['a number as sub', { sub: 1 }, ['the sub of the token is not a string']],
  ['a list as nonce', { nonce: [] }, ['the nonce of the token is not a string']],
  ['a boolean as at_hash', { at_hash: false }, ['the at_hash of the token is not a string']],
  ['times as numbers and texts', { iat: 1.5, nbf: '10' }, []],
  ['a negative time', { iat: '-1.25' }, []],
  ['a number in a text, in the form of JSON', { exp: '1e11' }, []],
  ['a number in a text, not in the form of JSON', { exp: '010' }, ['the exp of the token is not a time in seconds']],
  ['null as exp', { exp: null }, ['the exp of the token is not a time in seconds']],
  ['a word as exp', { exp: 'soon' }, ['the exp of the token is not a time in seconds']],
  ['a number that Go cannot hold', { exp: 1e30 }, ['the exp of the token is not a time in seconds']],
  ['null as iat', { iat: null }, ['the iat of the token is not a time in seconds']],
  ['a word as iat', { iat: 'now' }, ['the iat of the token is not a time in seconds']],
  ['a unit', { nbf: '10s' }, ['the nbf of the token is not a time in seconds']],
  ['something before it', { nbf: 'x10' }, ['the nbf of the token is not a time in seconds']],
  ['a bare point', { nbf: '10.' }, ['the nbf of the token is not a time in seconds']],
  [
    'two at once',
    { sub: 1, nbf: [] },
    ['the sub of the token is not a string', 'the nbf of the token is not a time in seconds'],
  ],
  [
    'a claim at another address',
    { _claim_names: { groups: 'a' }, _claim_sources: { a: { endpoint: 'https://a' } } },
    [],
  ],
  ['no claim at another address', { _claim_names: null, _claim_sources: null }, []],
  [
    'claims at other addresses that are not objects',
    { _claim_names: 'a', _claim_sources: [] },
    ['the _claim_names of the token is not an object', 'the _claim_sources of the token is not an object'],
  ],
  ...[{ a: 7 }, { a: { endpoint: 7 } }, { b: { access_token: [] } }].map(
    (_claim_sources): [string, Record<string, unknown>, string[]] => [
      'an address that is not one',
      { _claim_sources },
      [
        'an entry in the _claim_sources of the token is not an object, or its `endpoint` or `access_token` is not a string',
      ],
    ],
  ),
  ['an address that is null', { _claim_names: { b: 'a' }, _claim_sources: { a: null } }, []],
  ...[undefined, {}, { b: {} }].map((_claim_sources): [string, Record<string, unknown>, string[]] => [
    'a claim at an address that is missing',
    { _claim_names: { other: 'a' }, _claim_sources },
    [
      'the token says that a claim is at another address (_claim_names), but does not contain this address (_claim_sources)',
    ],
  ]),
])('claims with %s', (_name, claims, expected) => {
  expect(malformed(claims)).toEqual(expected);
});

const foreign = 'the header of the token has an extension (crit) that the API server does not support';
test.each<[string | undefined, Record<string, unknown>, string[]]>([
  ['ES256', { alg: 'ES256' }, []],
  ['ES256', { alg: 'ES256', crit: null, kid: null }, []],
  ['ES256', { alg: 'ES256', kid: 7 }, ['the kid in the header of the token is not a string']],
  ['ES256', { alg: 'RS256' }, ['the token is signed with RS256, but the API server accepts ES256']],
  ['RS256', { alg: 'ES256' }, ['the token is signed with ES256, but the API server accepts RS256']],
  ...['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'].map(
    (alg): [undefined, { alg: string }, string[]] => [undefined, { alg }, []],
  ),
  [
    undefined,
    { alg: 'HS256' },
    ['the token is signed with HS256, but the API server accepts only algorithms of the families RS, ES and PS'],
  ],
  [
    undefined,
    { alg: 'EdDSA' },
    ['the token is signed with EdDSA, but the API server accepts only algorithms of the families RS, ES and PS'],
  ],
  [
    undefined,
    { alg: 'none' },
    ['the token is signed with none, but the API server accepts only algorithms of the families RS, ES and PS'],
  ],
  [undefined, {}, ['the header of the token has no algorithm (alg), or the algorithm is not a string']],
  [undefined, { alg: { a: 1 } }, ['the header of the token has no algorithm (alg), or the algorithm is not a string']],
  [undefined, { alg: 'ES256', crit: [] }, []],
  [undefined, { alg: 'ES256', crit: ['b64'] }, []],
  [undefined, { alg: 'ES256', crit: ['b64', 'exp'] }, [foreign]],
  [undefined, { alg: 'ES256', crit: 'b64' }, [foreign]],
])('where %p is accepted, the header %j', (only, header, expected) => {
  expect(algorithm(only, header)).toEqual(expected);
});

const says = (found: string, wanted = 'k8s') => [
  `the audience of the token is ${found}, but the API server requires the client id ${wanted}`,
];
test.each<[readonly string[], unknown, string[]]>([
  [['k8s'], 'k8s', []],
  [['k8s'], ['other', 'k8s'], []],
  [['a', 'k8s'], ['k8s'], []],
  [['k8s'], ['k8s', null], []],
  [['k8s'], ['k8s', 7], says('not a string or a list of strings')],
  [['k8s'], 7, says('not a string or a list of strings')],
  [['k8s'], 'other', says('other')],
  [['k8s'], ['a', 'b'], says('a, b')],
  [['k8s'], undefined, says('missing')],
  [['k8s'], [], says('missing')],
  [['a', 'b'], 'c', says('c', 'a or b')],
])('of %j the audience %j', (wanted, aud, expected) => {
  expect(audience(wanted, aud)).toEqual(expected);
});

const now = 1_800_000_000;
test.each<[string, Record<string, unknown>, RegExp[]]>([
  ['an hour left', { exp: now + 3600 }, []],
  ['this second', { exp: now }, []],
  ['a part of this second', { exp: now + 0.9 }, []],
  ['a second ago', { exp: now - 1 }, [/^the token expired on 2027-01-15T07:59:59Z; tokens of Kanidm/]],
  [
    'a second ago, of another issuer',
    { iss: 'https://ci.example.com', exp: now - 1 },
    [/^the token expired on 2027-01-15T07:59:59Z$/],
  ],
  ['a text', { exp: String(now - 1) }, [/^the token expired on 2027-01-15T07:59:59Z/]],
  ['none', {}, [/^the token has no expiry time/]],
  ['a word', { exp: 'never' }, []],
  ['a time that no calendar has', { exp: -1e15 }, [/^the token expired on second -1000000000000000;/]],
  ['valid in a minute', { exp: now + 99, nbf: now + 60 }, []],
  [
    'valid later',
    { exp: now + 99, nbf: now + 61 },
    [/^the token is not valid before 2027-01-15T08:01:01Z: check the clocks/],
  ],
])('an expiry of %s', (_name, claims, expected) => {
  const refused = times(claims, now);
  expect(refused).toHaveLength(expected.length);
  for (const [i, pattern] of expected.entries()) expect(refused[i]).toMatch(pattern);
});

const endpoint = 'https://a.example.com';
const groups = { claim: 'groups', prefix: '' };
test.each<[string, object, Record<string, unknown>, object | undefined]>([
  [
    'at another address',
    { groups },
    { _claim_names: { groups: 'a' }, _claim_sources: { a: { endpoint } } },
    { unchecked: expect.stringMatching(/^the groups: /) },
  ],
  ['in another token', { groups }, { _claim_names: { groups: 'a' }, _claim_sources: { a: { JWT: 'x' } } }, undefined],
  [
    'and the name of another claim',
    { groups },
    { _claim_names: { b: 'a' }, _claim_sources: { a: { endpoint } } },
    undefined,
  ],
  [
    'and a name without addresses',
    { groups },
    { _claim_names: {} },
    { refused: expect.stringMatching(/no _claim_sources/) },
  ],
  ['in the token and elsewhere', { groups }, { groups: [], _claim_names: { groups: 'a' } }, undefined],
  ['in no place', { groups }, {}, undefined],
  [
    'of another claim',
    { groups: { claim: 'teams', prefix: '' } },
    { _claim_names: { groups: 'a' }, _claim_sources: { a: { endpoint } } },
    undefined,
  ],
  ['by an expression', { groups: { expression: 'claims.groups' } }, { _claim_names: {} }, undefined],
  ['that are not read', {}, { _claim_names: {} }, undefined],
])('groups %s', (_where, mapping, claims, expected) => {
  expect(fetched({ username: { claim: 'sub', prefix: '' }, requiredClaims: {}, ...mapping }, claims)).toEqual(expected);
});

test('the case of the claims that go-oidc decodes does not matter', () => {
  expect(decodedClaims({ iss: 'a', ISS: 'b', Aud: 'c', Email: 'd', teams: [] })).toEqual({
    iss: 'b',
    aud: 'c',
    Email: 'd',
    teams: [],
  });
});

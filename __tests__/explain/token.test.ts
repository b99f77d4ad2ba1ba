import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entry } from '../../lib/config/config';
import { isSignedBy, parseJwt } from '../../lib/explain/jwt';
import { judge } from '../../lib/explain/token';
import { verdictLines } from '../../lib/explain/token-lines';
import { configOf } from '../config';

const now = 1_800_000_000.5;
const second = Math.floor(now);
const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
const id = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwks = (key: KeyObject) => JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), kid: 'a' }] });

const claims = { iss: issuer, aud: 'k8s', sub: id, exp: second + 900, preferred_username: 'datosh@sso.kammel.dev' };
function token(change: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
  const parts = [
    { alg: 'ES256', kid: 'a', ...header },
    { ...claims, ...change },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(signed), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
const verdict = (text: string, authentication: Record<string, unknown> = {}, keysOf?: string) => {
  const config = configOf({ clusters: { homelab: { kubernetes: '1.34', authentication } } });
  return judge(config, entry(config.clusters, 'homelab'), {
    token: parseJwt(text),
    now,
    ...(keysOf === undefined ? {} : { jwks: keysOf }),
  });
};

test('a good token becomes the user of the binding, and says what it may do', () => {
  const found = verdict(token());
  expect(found).toMatchObject({ refused: [], user: `${issuer}#${id}`, groups: [] });
  expect(verdictLines(configOf(), [found])).toEqual([
    'homelab: no check failed, but some checks could not be made (see `not checked` below)',
    `  user ${issuer}#${id}`,
    `  may do everything (cluster-admin; oidc-cluster-admin, as user ${issuer}#${id})`,
    '  not checked: the signature: pass the keys of the issuer with --jwks, or fetch them with --fetch-jwks',
  ]);
});

test.each<[string, string, RegExp | undefined]>([
  ['ES256', '', /^the token has no signature, but a signature with ES256 has 64 bytes: /],
  ['ES256', 'AA', /^the signature of the token has 1 byte, /],
  ['ES256', 'A'.repeat(84), /has 63 bytes, but a signature with ES256 has 64 bytes/],
  ['ES256', 'A'.repeat(86), undefined],
  ['ES384', 'A'.repeat(86), /a signature with ES384 has 96 bytes/],
  ['ES384', 'A'.repeat(128), undefined],
  ['RS256', 'A'.repeat(170), /has 127 bytes, but a signature with RS256 has at least 128 bytes/],
  ['PS256', 'A'.repeat(171), undefined],
  ['RS512', 'A'.repeat(683), undefined],
])('%s with the signature %s cannot be valid, or can', (alg, signature, reason) => {
  const { refused, unchecked } = verdict(token({}, { alg }).replace(/[^.]*$/, signature), { method: 'structured' });
  expect(refused).toEqual(reason ? [expect.stringMatching(reason)] : []);
  expect(unchecked).toHaveLength(reason ? 0 : 1);
});

test('the token of a service account without a signature is refused', () => {
  const { accepted, refused } = verdict(token({ sub: 'system:serviceaccount:web:app' }).replace(/[^.]*$/, 'AA'));
  expect({ accepted, refused }).toEqual({ accepted: false, refused: [expect.stringMatching(/has 1 byte,/)] });
  const other = { iss: 'https://kubernetes.default.svc', sub: 'system:serviceaccount:web:app' };
  expect(verdict(token(other).replace(/[^.]*$/, '')).refused).toEqual([expect.stringMatching(/no signature/)]);
});

test('the token of a service account is not judged: the API server checks it by keys that the config does not describe', () => {
  const found = verdict(token({ iss: 'https://kubernetes.default.svc', sub: 'system:serviceaccount:web:app' }));
  expect(found).toMatchObject({ accepted: null, refused: [] });
  expect(verdictLines(configOf(), [found])).toEqual([
    'homelab: no check failed, but some checks could not be made (see `not checked` below)',
    '  note: this is the token of a Kubernetes service account (system:serviceaccount:web:app), not of a person',
    '  not checked: whether this cluster issued the token. If so, its API server accepts the token; if not, it refuses the token',
  ]);
  expect(verdict(token({ iss: 'https://kubernetes.default.svc', sub: 'app' })).accepted).toBe(false);
});

test('without a binding nothing is said of bindings that others made', () => {
  const lines = verdictLines(configOf(), [{ ...verdict(token()), user: 'stranger' }]);
  expect(lines[2]).toMatch(/^ {2}no rendered binding names the user .*without other bindings/);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>, Record<string, unknown>, RegExp]>([
  ['another issuer', { iss: 'https://other.example.com' }, {}, {}, /the issuer of the token is https:\/\/other/],
  ['a slash at the end', { iss: `${issuer}/` }, {}, {}, /byte for byte/],
  ['no issuer', { iss: undefined }, {}, {}, /has no issuer/],
  ['another audience', { aud: 'wiki' }, {}, {}, /the audience of the token is wiki/],
  ['no audience', { aud: [] }, {}, {}, /the audience of the token is missing/],
  ['expired', { exp: second - 1 }, {}, {}, /expired on 2027-01-15T07:59:59Z/],
  ['no expiry', { exp: undefined }, {}, {}, /no expiry time/],
  ['far in the future', { nbf: second + 61 }, {}, {}, /not valid before/],
  ['RS256 with flags', {}, { alg: 'RS256' }, {}, /signed with RS256, but the API server accepts ES256/],
  ['expired within this second', { exp: second }, {}, {}, /the token expired/],
  ['a time that is none', { iat: null }, {}, {}, /the iat of the token is not a time/],
  ['a number as user name', { sub: 7 }, {}, {}, /the sub of the token is not a string/],
  ['an audience among numbers', { aud: [7, 'k8s'] }, {}, {}, /the audience of the token is not a string or a list/],
  ['an unknown extension', {}, { crit: ['x'] }, {}, /an extension \(crit\)/],
  ['a required claim in a list', { team: ['a'] }, {}, { requiredClaims: { team: 'a' } }, /has to be a/],
  ['an algorithm that is a number', {}, { alg: 7 }, {}, /has no algorithm/],
  ['an algorithm that is an object', {}, { alg: { toString: 1 } }, { method: 'structured' }, /has no algorithm/],
  ['no algorithm', {}, { alg: 'none' }, { method: 'structured' }, /signed with none/],
  ['HS256', {}, { alg: 'HS256' }, { method: 'structured' }, /only algorithms of the families RS, ES and PS/],
  ['no claim', {}, {}, { claim: 'email' }, /the token has no valid claim email/],
  ['an unverified mail', { email: 'a@example.com', email_verified: false }, {}, { claim: 'email' }, /not verified/],
  ['a required claim', {}, {}, { requiredClaims: { team: 'a' } }, /the claim team has to be a/],
  ['groups that are numbers', { groups: [1] }, {}, { groups: {} }, /is not a list of names/],
  [
    'system:masters, structured',
    { groups: ['masters'] },
    {},
    { method: 'structured', groups: { prefix: 'system:' } },
    /system:masters begins with system:/,
  ],
])('%s is refused', (_name, change, header, authentication, reason) => {
  // A config with the prefix `system:` is refused when it is loaded. This test still evaluates how a server with this
  // prefix behaves.
  const plain = (authentication.groups as { prefix?: string } | undefined)?.prefix === 'system:';
  const config = configOf({
    clients: { k8s: { claims: { team: { join: 'csv', values: { k8s_users: ['a'] } } } } },
    clusters: {
      homelab: { kubernetes: '1.34', authentication: plain ? { method: 'structured', groups: {} } : authentication },
    },
  });
  const cluster = entry(config.clusters, 'homelab');
  const judged = plain
    ? { ...cluster, authentication: { ...cluster.authentication, groups: { claim: 'groups', prefix: 'system:' } } }
    : cluster;
  expect(judge(config, judged, { token: parseJwt(token(change, header)), now }).refused.join('\n')).toMatch(reason);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['several audiences', { aud: ['wiki', 'k8s'] }, {}],
  ['a clock a minute behind', { nbf: second + 60 }, {}],
  ['a time in quotes', { exp: `${second + 60}` }, {}],
  ['no earliest time', { nbf: null }, {}],
  ['null among the audiences', { aud: [null, 'k8s'] }, {}],
  ['no list of groups', { groups: null }, { groups: {} }],
  ['a mail of which nothing is said', { email: 'a@example.com' }, { claim: 'email' }],
  ['a single group', { groups: 'a' }, { groups: {} }],
])('%s is accepted', (_name, change, authentication) => {
  expect(verdict(token(change), authentication).refused).toEqual([]);
});

/*
 * The real API server gave these answers in e2e/login/tokens.ts.
 */
test.each<[string, Record<string, unknown>, string, readonly string[]]>([
  ['an empty user name', { sub: '' }, `${issuer}#`, []],
  ['null', { sub: null, groups: ['a', null] }, `${issuer}#`, ['kanidm:a', 'kanidm:']],
])('%s is read as Go does', (_name, change, user, groups) => {
  expect(verdict(token(change), { groups: {} })).toMatchObject({ refused: [], user, groups });
});

test.each<[unknown, readonly string[] | RegExp, string?]>([
  ['ops dev', ['kanidm:ops', 'kanidm:dev']],
  ['', ['kanidm:']],
  ['ops  dev', ['ops', 'dev'], ''],
  [undefined, []],
  [['ops'], /the claim teams of the token is not a string/],
  [null, /the claim teams of the token is not a string/],
])('a claim %j that is taken apart', (teams, wanted, prefix = 'kanidm:') => {
  const config = configOf({
    clients: { k8s: { claims: { teams: { join: 'ssv', values: { k8s_users: ['ops', 'dev'] } } } } },
    clusters: {
      homelab: { kubernetes: '1.34', authentication: { method: 'structured', groups: { claim: 'teams', prefix } } },
    },
  });
  const { refused, groups } = judge(config, entry(config.clusters, 'homelab'), {
    token: parseJwt(token({ teams })),
    now,
  });
  if (wanted instanceof RegExp) expect(refused.join()).toMatch(wanted);
  else expect({ refused, groups }).toEqual({ refused: [], groups: wanted });
});

test('a token is accepted where its signature was checked, and not before', () => {
  expect(verdict(token()).accepted).toBe(null);
  expect(verdict(token(), {}, jwks(keys.publicKey)).accepted).toBe(true);
  expect(verdict(token({ aud: 'x' }), {}, jwks(keys.publicKey)).accepted).toBe(false);
});

test('groups by their UUID are said to be those of the config', () => {
  const uuid = '11111111-2222-4333-8444-777777777777';
  const config = configOf({
    groups: { k8s_users: { id: uuid } },
    clusters: { homelab: { kubernetes: '1.34', authentication: { groups: {} } } },
  });
  const notes = (groups: readonly string[]) =>
    judge(config, entry(config.clusters, 'homelab'), { token: parseJwt(token({ groups })), now }).notes;
  expect(notes([uuid])).toEqual([
    expect.stringMatching(/is the UUID of the group k8s_users; bindings use kanidm:k8s_users@sso/),
  ]);
  expect(notes([uuid, 'k8s_users@sso.kammel.dev'])).toEqual([]);
  expect(notes(['k8s_users'])).toEqual([
    'kanidm:k8s_users is the name without the domain of the group k8s_users; bindings use kanidm:k8s_users@sso.kammel.dev, and k8s_users@sso.kammel.dev is not in the token: request the scope groups',
  ]);
  expect(notes(['k8s_users2', 'k8s_users@example.net'])).toEqual([]);
});

test('groups by their whole name are said to be those of the config if the bindings use short names', () => {
  const config = configOf({
    kanidm: { domain: 'sso.kammel.dev', version: '1.11.1', helm: undefined },
    clients: { k8s: { scopes: { k8s_users: ['openid', 'email', 'groups_name'] } } },
    clusters: { homelab: { kubernetes: '1.34', authentication: { groups: {} } } },
  });
  const notes = (groups: readonly string[]) =>
    judge(config, entry(config.clusters, 'homelab'), { token: parseJwt(token({ groups })), now }).notes;
  expect(notes(['k8s_users@sso.kammel.dev'])).toEqual([
    'kanidm:k8s_users@sso.kammel.dev is the name with the domain of the group k8s_users; bindings use kanidm:k8s_users, and k8s_users is not in the token: request the scope groups_name',
  ]);
  expect(notes(['k8s_users'])).toEqual([]);
});

test('all that is wrong is said at once', () => {
  expect(verdict(token({ aud: 'x', exp: 1 }, { alg: 'none' })).refused).toHaveLength(3);
});

describe('the signature', () => {
  test('is checked with the keys', () => {
    expect(verdict(token(), {}, jwks(keys.publicKey))).toMatchObject({ refused: [], unchecked: [] });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(verdict(token(), {}, jwks(other.publicKey)).refused.join()).toMatch(/none of the keys/);
  });

  test('is by the key that the header names, and no nameless one will do', () => {
    const nameless = JSON.stringify({ keys: [keys.publicKey.export({ format: 'jwk' })] });
    expect(isSignedBy(parseJwt(token()), nameless)).toBe(false);
    expect(isSignedBy(parseJwt(token({}, { kid: undefined })), nameless)).toBe(true);
    expect(isSignedBy(parseJwt(token({}, { kid: 'b' })), jwks(keys.publicKey))).toBe(false);
    expect(isSignedBy(parseJwt(token({}, { kid: undefined })), jwks(keys.publicKey))).toBe(true);
  });

  test('that is padded is no base64url', () => {
    expect(() => parseJwt(`${token()}==`)).toThrow(/signature is not base64url/);
  });

  test('with a changed payload is none', () => {
    const [header, , signature] = token().split('.');
    const [, payload] = token({ sub: 'somebody else' }).split('.');
    expect(isSignedBy(parseJwt(`${header}.${payload}.${signature}`), jwks(keys.publicKey))).toBe(false);
  });

  test('with RSA keys', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signed = [{ alg: 'RS256' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const text = `${signed}.${sign('sha256', Buffer.from(signed), rsa.privateKey).toString('base64url')}`;
    expect(isSignedBy(parseJwt(text), jwks(rsa.publicKey))).toBe(true);
    expect(isSignedBy(parseJwt(text), jwks(keys.publicKey))).toBe(false);
  });

  test('keys that are none are said', () => {
    expect(() => isSignedBy(parseJwt(token()), 'x')).toThrow(/not a JWKS/);
  });
});

test.each([
  ['nothing', ''],
  ['an access token', 'abcdef'],
  ['five parts', 'a.b.c.d.e'],
  ['parts that are no JSON', 'secret-part.secret-part.c'],
  ['a list', `${Buffer.from('[]').toString('base64url')}.e30.x`],
  ['something endless', 'a'.repeat(100_000)],
])('%s is no token, and the message has no piece of it', (_name, text) => {
  expect(() => parseJwt(text)).toThrow(/standard input|token/i);
  try {
    parseJwt(text);
  } catch (error) {
    expect(String(error)).not.toContain('secret-part');
  }
});

test('a real token of Kanidm 1.11 becomes the groups that it has', () => {
  const real = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'kanidm', 'id-token.json'), 'utf8'));
  const config = configOf({
    kanidm: { domain: 'localhost', origin: 'https://localhost:8461', helm: null, cluster: null, version: '1.11.1' },
    clusters: { homelab: { authentication: { groups: {} } } },
  });
  const parts = [real.header, real.claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const found = judge(config, entry(config.clusters, 'homelab'), {
    token: parseJwt(`${parts.join('.')}.${'A'.repeat(86)}`),
    now: real.claims.iat,
  });
  expect(found.refused).toEqual([]);
  expect(found.user).toBe(`https://localhost:8461/oauth2/openid/k8s#${real.claims.sub}`);
  expect(found.groups).toContain('kanidm:k8s_users@localhost');
});

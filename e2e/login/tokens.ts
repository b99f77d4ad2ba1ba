import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { Issuer, TokenOptions } from '../oidc/issuer';
import type { Answer } from './desk';
import type { Method } from './rows';

type Claims = Readonly<Record<string, unknown>>;

/** A token that differs from a valid one, and the expected answer. */
export interface Attempt {
  readonly name: string;
  /** The row with whose settings it is tried. @default 'groups-scope' */
  readonly row?: string;
  /**
   * Returns the claims that differ.
   * @param now the current time in seconds
   */
  readonly claims?: (claims: Claims, now: number) => Claims;
  /** Returns how it is signed, if this differs. */
  readonly signed?: (issuer: Issuer) => TokenOptions;
  /** Changes the signed token. */
  readonly spoilt?: (token: string) => string;
  /** Returns the expected answer, from the answer for a valid token. */
  readonly answer: (good: User, method: Method) => Answer;
  /** Matches what `explain --log` prints for the line in the API server's log. */
  readonly log?: RegExp;
}

type User = Exclude<Answer, 'refused'>;
const refused = (): Answer => 'refused';
const accepted = (good: User): Answer => good;
const inGroups =
  (...groups: string[]) =>
  (good: User): Answer => ({ ...good, groups });
const withoutName = ({ user, groups }: User): Answer => ({ user: user.replace(/[^#]*$/, ''), groups });

const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const payload = (token: string, change: (claims: Claims) => Claims) => {
  const [header, claims = '', signature] = token.split('.');
  return [header, encoded(change(JSON.parse(Buffer.from(claims, 'base64url').toString()))), signature].join('.');
};

/** Tokens that must not give any rights. */
const wrong: readonly Attempt[] = [
  { name: 'another audience', claims: () => ({ aud: 'wiki' }), answer: refused, log: /was issued for wiki/ },
  { name: 'no audience', claims: () => ({ aud: undefined }), answer: refused, log: /no audience at all/ },
  {
    name: 'another issuer, with the same keys',
    claims: () => ({ iss: 'https://sso.kammel.dev/oauth2/openid/wiki' }),
    answer: refused,
  },
  { name: 'the issuer with a slash', claims: ({ iss }) => ({ iss: `${iss}/` }), answer: refused },
  { name: 'the issuer in capitals', claims: ({ iss }) => ({ iss: String(iss).toUpperCase() }), answer: refused },
  { name: 'no issuer', claims: () => ({ iss: undefined }), answer: refused },
  { name: 'expired an hour ago', claims: (_, now) => ({ exp: now - 3600 }), answer: refused, log: /has expired/ },
  { name: 'expired just now', claims: (_, now) => ({ exp: now }), answer: refused, log: /has expired/ },
  { name: 'no expiry', claims: () => ({ exp: undefined }), answer: refused, log: /has no `exp` claim/ },
  { name: 'an expiry that is a date', claims: () => ({ exp: '2030-01-01' }), answer: refused },
  { name: 'valid from 90 s on', claims: (_, now) => ({ nbf: now + 90 }), answer: refused, log: /clock/ },
  {
    name: 'alg none',
    signed: () => ({ header: { alg: 'none' }, signature: () => '' }),
    answer: refused,
    log: /algorithm/,
  },
  {
    name: 'alg none, with the signature of a good one',
    spoilt: (token) => [encoded({ alg: 'none', typ: 'JWT', kid: 'e2e' }), ...token.split('.').slice(1)].join('.'),
    answer: refused,
    log: /algorithm/,
  },
  {
    name: 'HS256 with the public key',
    signed: (issuer) => ({
      header: { alg: 'HS256' },
      signature: (text) => hmac(issuer.publicKey.export({ type: 'spki', format: 'pem' }), text),
    }),
    answer: refused,
    log: /algorithm/,
  },
  {
    name: 'HS256 with the key as it is in the JWKS',
    signed: (issuer) => ({
      header: { alg: 'HS256' },
      signature: (text) => hmac(JSON.stringify(issuer.jwks.keys[0]), text),
    }),
    answer: refused,
    log: /algorithm/,
  },
  { name: 'a foreign key', signed: () => ({ key: foreign.privateKey }), answer: refused, log: /signature/ },
  {
    name: 'a foreign key that the header brings along',
    signed: () => ({ key: foreign.privateKey, header: { jwk: foreign.publicKey.export({ format: 'jwk' }) } }),
    answer: refused,
    log: /signature/,
  },
  {
    name: 'the key of another algorithm',
    signed: (issuer) => ({ ...issuer.legacy, header: { alg: 'ES256', kid: 'e2e-legacy' } }),
    answer: refused,
    log: /signature/,
  },
  { name: 'an unknown key id', signed: () => ({ header: { kid: 'x' } }), answer: refused, log: /signature/ },
  {
    name: 'a payload changed afterwards',
    spoilt: (token) => payload(token, (claims) => ({ ...claims, sub: 'somebody else' })),
    answer: refused,
    log: /signature/,
  },
  { name: 'no signature', spoilt: (token) => token.replace(/[^.]*$/, ''), answer: refused, log: /signature/ },
  { name: 'half a signature', spoilt: (token) => token.slice(0, -43), answer: refused, log: /signature/ },
  { name: 'a padded signature', spoilt: (token) => `${token}==`, answer: refused },
  { name: 'a number as key id', signed: () => ({ header: { kid: 7 } }), answer: refused },
  { name: 'a time of issue in words', claims: () => ({ iat: 'today' }), answer: refused },
  { name: 'a time of issue that is null', claims: () => ({ iat: null }), answer: refused },
  { name: 'a number as nonce', claims: () => ({ nonce: 7 }), answer: refused },
  {
    name: 'another audience in capitals',
    claims: () => ({ AUD: 'wiki' }),
    answer: refused,
    log: /was issued for wiki/,
  },
  { name: 'an expiry that Go cannot hold', claims: () => ({ exp: 1e30 }), answer: refused },
  { name: 'an expiry with a zero before it', claims: () => ({ exp: '09999999999' }), answer: refused },
  { name: 'an address that is a number', claims: () => ({ _claim_sources: { a: 7 } }), answer: refused },
  {
    name: 'names of claims elsewhere, without addresses',
    claims: () => ({ groups: undefined, _claim_names: {} }),
    answer: refused,
  },
  {
    name: 'a payload that is not encoded, and a signature for an encoded one',
    signed: () => ({ header: { crit: ['b64'], b64: false } }),
    answer: refused,
    log: /signature/,
  },
  {
    name: 'the signature of a shorter algorithm',
    signed: (issuer) => {
      const { key = foreign.privateKey } = issuer.own;
      return {
        header: { alg: 'ES384' },
        signature: (text) => sign('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }),
      };
    },
    answer: refused,
  },
  { name: 'two parts', spoilt: (token) => token.split('.').slice(0, 2).join('.'), answer: refused },
  {
    name: 'an extension that must be understood',
    signed: () => ({ header: { crit: ['x'], x: true } }),
    answer: refused,
  },
  { name: 'no user name', claims: () => ({ sub: undefined }), answer: refused, log: /lacks the claim/ },
  { name: 'a number as user name', claims: () => ({ sub: 7 }), answer: refused },
  { name: 'an audience among numbers', claims: ({ aud }) => ({ aud: [7, aud] }), answer: refused },
  { name: 'groups that are numbers', claims: () => ({ groups: [7] }), answer: refused, log: /groups/ },
  { name: 'groups that are an object', claims: () => ({ groups: { a: 'b' } }), answer: refused, log: /groups/ },
  {
    name: 'a mail address that is not verified',
    row: 'mail',
    claims: () => ({ email_verified: false }),
    answer: refused,
  },
  {
    name: 'a mail address that is verified in words',
    row: 'mail',
    claims: () => ({ email_verified: 'true' }),
    answer: refused,
  },
  { name: 'no mail address', row: 'mail', claims: () => ({ email: undefined }), answer: refused },
  { name: 'no required claim', row: 'required-claims', claims: () => ({ team: undefined }), answer: refused },
  {
    name: 'a required claim that is null',
    row: 'required-claims',
    claims: () => ({ team: null }),
    answer: refused,
  },
  {
    name: 'a required claim in a list',
    row: 'required-claims',
    claims: () => ({ team: ['ops'] }),
    answer: refused,
  },
  {
    name: 'another value of a required claim',
    row: 'required-claims',
    claims: () => ({ unit: 'a' }),
    answer: refused,
  },
];

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** With them, a token is longer than 64 KiB. */
const many = Array.from({ length: 1500 }, (_, i) => `group-with-a-long-name-${i}@idm.example.com`);

const unusual: readonly Attempt[] = [
  { name: 'one of several audiences', claims: ({ aud }) => ({ aud: ['wiki', aud] }), answer: accepted },
  { name: 'valid from 30 s on', claims: (_, now) => ({ nbf: now + 30 }), answer: accepted },
  { name: 'an expiry with a fraction', claims: (_, now) => ({ exp: now + 60.5 }), answer: accepted },
  { name: 'an expiry in quotes', claims: (_, now) => ({ exp: `${now + 60}` }), answer: accepted },
  { name: 'null among the audiences', claims: ({ aud }) => ({ aud: [null, aud] }), answer: accepted },
  { name: 'no earliest time, in as many words', claims: () => ({ nbf: null }), answer: accepted },
  { name: 'an extension that is known', signed: () => ({ header: { crit: ['b64'], b64: true } }), answer: accepted },
  { name: 'no extension, in as many words', signed: () => ({ header: { crit: null } }), answer: accepted },
  { name: 'an expiry in another form', claims: () => ({ exp: '1e11' }), answer: accepted },
  {
    name: 'a payload that is not encoded',
    signed: (issuer) => {
      const { key = foreign.privateKey } = issuer.own;
      return {
        header: { crit: ['b64'], b64: false },
        signature: (text) => {
          const [header = '', claims = ''] = text.split('.');
          const plain = Buffer.concat([Buffer.from(`${header}.`), Buffer.from(claims, 'base64url')]);
          return sign('sha256', plain, { key, dsaEncoding: 'ieee-p1363' });
        },
      };
    },
    answer: accepted,
  },
  {
    name: 'more than a thousand groups',
    claims: () => ({ groups: many }),
    answer: inGroups(...many.map((group) => `kanidm:${group}`)),
  },
  { name: 'no key id', signed: () => ({ header: { kid: undefined } }), answer: accepted },
  { name: 'RS256', signed: ({ legacy }) => legacy, answer: (good, method) => (method === 'flags' ? 'refused' : good) },
  {
    name: 'a member of system:masters, where groups have a prefix',
    claims: () => ({ groups: ['system:masters'] }),
    answer: inGroups('kanidm:system:masters'),
  },
  {
    name: 'a member of system:masters, where groups have none',
    row: 'mail-with-prefix',
    claims: () => ({ groups: ['system:masters'] }),
    // This is why there is the warning `groups-prefix-empty`.
    answer: (good, method) => (method === 'flags' ? { ...good, groups: ['system:masters'] } : 'refused'),
  },
  {
    name: 'system:admin, where users have no prefix',
    row: 'required-claims',
    claims: () => ({ preferred_username: 'system:admin' }),
    answer: (good, method) => (method === 'flags' ? { ...good, user: 'system:admin' } : 'refused'),
  },
  { name: 'no groups', claims: () => ({ groups: undefined }), answer: inGroups() },
  { name: 'groups null', claims: () => ({ groups: null }), answer: inGroups() },
  { name: 'an empty list of groups', claims: () => ({ groups: [] }), answer: inGroups() },
  { name: 'one group as text', claims: () => ({ groups: 'a' }), answer: inGroups('kanidm:a') },
  {
    name: 'null among the groups',
    claims: () => ({ groups: ['a', null] }),
    answer: inGroups('kanidm:a', 'kanidm:'),
  },
  {
    name: 'an empty user name, and no prefix',
    row: 'no-prefix',
    claims: () => ({ sub: '' }),
    answer: (good) => ({ ...good, user: '' }),
  },
  { name: 'an empty user name', claims: () => ({ sub: '' }), answer: withoutName },
  { name: 'a user name null', claims: () => ({ sub: null }), answer: withoutName },
  {
    name: 'a mail address of which nothing is said',
    row: 'mail',
    claims: () => ({ email_verified: undefined }),
    answer: accepted,
  },
  {
    name: 'names in other scripts',
    claims: () => ({ groups: ['Gruppe „ä“', '群组'] }),
    answer: inGroups('kanidm:Gruppe „ä“', 'kanidm:群组'),
  },
];

/** Unusual values of a claim that an expression splits; only for an AuthenticationConfiguration. */
const joined: readonly Attempt[] = [
  { name: 'no claim', row: 'commas', claims: () => ({ teams: undefined }), answer: inGroups() },
  {
    name: 'a single value',
    row: 'commas',
    claims: () => ({ teams: 'ops' }),
    answer: inGroups('kanidm:ops'),
  },
  {
    name: 'an empty value',
    row: 'commas',
    claims: () => ({ teams: '' }),
    answer: inGroups('kanidm:'),
  },
  { name: 'an empty value, without a prefix', row: 'spaces', claims: () => ({ 'k8s:teams': '' }), answer: inGroups() },
  { name: 'a list', row: 'commas', claims: () => ({ teams: ['ops'] }), answer: refused },
  { name: 'null', row: 'commas', claims: () => ({ teams: null }), answer: refused },
  {
    name: 'system:masters',
    row: 'spaces',
    claims: () => ({ 'k8s:teams': 'ops system:masters' }),
    answer: refused,
  },
];

/** Returns the attempts for the settings of a row. */
export const attemptsOn = (row: string, method: Method): readonly Attempt[] =>
  [...wrong, ...unusual, ...(method === 'structured' ? joined : [])].filter(
    ({ row: wanted = 'groups-scope' }) => wanted === row,
  );

export function tokenOf(
  { claims, signed, spoilt }: Attempt,
  issuer: Issuer,
  good: Claims,
  options: TokenOptions,
): string {
  const changed = { ...good, ...claims?.(good, Math.floor(Date.now() / 1000)) };
  const token = issuer.token(changed, signed?.(issuer) ?? options);
  return spoilt?.(token) ?? token;
}

import { generateKeyPairSync } from 'node:crypto';
import type { Issuer, TokenOptions } from '../oidc/issuer';

/** A token that an API server refuses, and the expected explanation of its log line. */
export interface BadToken {
  readonly name: string;
  /** The entry of {@link jwtOf} that the token is for. */
  readonly client: string;
  claims?(now: number): Readonly<Record<string, unknown>>;
  readonly options?: TokenOptions;
  readonly id: string;
  readonly says: RegExp;
}

const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const badTokens: readonly BadToken[] = [
  {
    name: 'no algorithm',
    client: 'k8s',
    options: { header: { alg: 'none' }, signature: () => '' },
    id: 'signing-algorithm',
    says: /none/,
  },
  {
    name: 'a foreign key',
    client: 'k8s',
    options: { key: foreign.privateKey },
    id: 'token-signature',
    says: /None of the keys/,
  },
  {
    name: 'another audience',
    client: 'k8s',
    claims: () => ({ aud: 'headlamp' }),
    id: 'token-audience',
    says: /client k8s, but this token was issued for headlamp/,
  },
  { name: 'expired', client: 'k8s', claims: (now) => ({ exp: now - 60 }), id: 'token-expired', says: /has expired/ },
  {
    name: 'not valid yet',
    client: 'k8s',
    claims: (now) => ({ nbf: now + 600 }),
    id: 'token-not-yet-valid',
    says: /clock/,
  },
  {
    name: 'no user name',
    client: 'mail',
    claims: () => ({ email: undefined }),
    id: 'username-claim',
    says: /lacks the claim `email`/,
  },
  {
    name: 'a user name that is no text',
    client: 'mail',
    claims: () => ({ email: ['a'] }),
    id: 'username-claim',
    says: /`email`.*is not a string/,
  },
  {
    name: 'a mail address that is not verified',
    client: 'mail',
    claims: () => ({ email: 'a@example.com', email_verified: false }),
    id: 'email-not-verified',
    says: /email_verified/,
  },
  {
    name: 'a verification in words',
    client: 'mail',
    claims: () => ({ email: 'a@example.com', email_verified: 'yes' }),
    id: 'email-not-verified',
    says: /email_verified/,
  },
  {
    name: 'groups that are an object',
    client: 'groups',
    claims: () => ({ groups: { a: 'b' } }),
    id: 'groups-claim',
    says: /`groups`/,
  },
  { name: 'no required claim', client: 'required', id: 'required-claim', says: /lacks the claim `team`/ },
  {
    name: 'another value of a required claim',
    client: 'required',
    claims: () => ({ team: 'dev' }),
    id: 'required-claim',
    says: /“ops” for the claim `team`, but the token has “dev”/,
  },
  {
    name: 'a required claim that is a list',
    client: 'required',
    claims: () => ({ team: ['ops'] }),
    id: 'required-claim',
    says: /`team`.*is not a string/,
  },
  {
    name: 'a rule about claims',
    client: 'rule',
    claims: () => ({ hd: 'other' }),
    id: 'claim-validation-rule',
    says: /“another domain”/,
  },
  {
    name: 'a rule about the user',
    client: 'user',
    claims: () => ({ groups: ['system:masters'] }),
    id: 'user-validation-rule',
    says: /“no name of Kubernetes”/,
  },
  {
    name: 'an expression that fails',
    client: 'expression',
    claims: () => ({ team: undefined }),
    id: 'claim-expression',
    says: /user name fails/,
  },
  {
    name: 'an empty name',
    client: 'expression',
    claims: () => ({ team: '' }),
    id: 'claim-expression',
    says: /returns an empty string/,
  },
  {
    name: 'an address in place of a claim that no setting uses',
    client: 'k8s',
    claims: () => ({ _claim_names: { other: 'a' }, _claim_sources: {} }),
    id: 'token-refused',
    says: /source does not exist/,
  },
  {
    name: 'another issuer',
    client: 'k8s',
    claims: () => ({ iss: 'https://other.example.com' }),
    id: 'invalid-bearer-token',
    says: /is equal, byte for byte, to the issuer in the token/,
  },
];

/** Returns the entries of an AuthenticationConfiguration for the tokens, one for each client of the issuer. */
export function jwtOf(issuer: Issuer, ca: string): object[] {
  const username = { claim: 'sub', prefix: '' };
  const entries: Readonly<Record<string, object>> = {
    k8s: { claimMappings: { username } },
    mail: { claimMappings: { username: { claim: 'email', prefix: '' } } },
    groups: { claimMappings: { username, groups: { claim: 'groups', prefix: '' } } },
    required: { claimMappings: { username }, claimValidationRules: [{ claim: 'team', requiredValue: 'ops' }] },
    rule: {
      claimMappings: { username },
      claimValidationRules: [{ expression: 'claims.hd == "example.com"', message: 'another domain' }],
    },
    user: {
      claimMappings: { username, groups: { claim: 'groups', prefix: '' } },
      userValidationRules: [
        { expression: "user.groups.all(group, !group.startsWith('system:'))", message: 'no name of Kubernetes' },
      ],
    },
    expression: { claimMappings: { username: { expression: 'claims.team' } } },
  };
  return Object.entries(entries).map(([client, rest]) => ({
    issuer: { url: `${issuer.origin}/oauth2/openid/${client}`, audiences: [client], certificateAuthority: ca },
    ...rest,
  }));
}

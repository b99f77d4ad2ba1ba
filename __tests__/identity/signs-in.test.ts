import { type Client, entry } from '../../lib/config/config';
import { authenticators, type TokenMapping } from '../../lib/identity/authenticator';
import { mayUse, mayUseThrough, surelyUses } from '../../lib/identity/claims';
import { signsIn } from '../../lib/identity/required-claims';
import { configOf } from '../config';

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

/** datosh and ci are in k8s_users. datosh has a UUID and a mail address, and jane, who is in no group, has neither. */
const config = configOf({
  people: { jane: { displayName: 'Jane' } },
  serviceAccounts: { ci: { displayName: 'CI', id: id(9) } },
  groups: {
    k8s_users: { members: ['datosh', 'ci'] },
    all: { members: ['k8s_users', 'jane'] },
    kept: {},
    outer: { members: ['kept', 'in'] },
    in: { members: ['datosh'] },
  },
});
const jane = entry(config.people, 'jane');
const [authenticator] = authenticators(config, entry(config.clusters, 'homelab'));
if (!authenticator) throw new Error('no client');

const signIn = (mapping: Partial<TokenMapping>, name: string, scopes?: Client['scopes']) =>
  signsIn(config, config.serviceAccounts.get(name) ?? entry(config.people, name), {
    ...authenticator,
    ...mapping,
    client: scopes ? { ...authenticator.client, scopes } : authenticator.client,
  });
const forAll = { all: ['openid', 'email'] };
const forEverybody = { idm_all_persons: ['openid', 'groups'] };
const groupsOf = (expression: string): Partial<TokenMapping> => ({ groups: { expression } });
const rules = (of: 'claimValidationRules' | 'userValidationRules', ...expressions: string[]) => ({
  [of]: expressions.map((expression) => ({ expression, message: 'no' })),
});
const named = (expression: string, more: Partial<TokenMapping> = {}) => ({ username: { expression }, ...more });

test.each<[string, boolean, Partial<TokenMapping>, string, Client['scopes']]>([
  ['in the scope map', true, {}, 'datosh', undefined],
  ['outside the scope map', false, {}, 'jane', undefined],
  ['with another UUID than the required one', false, { requiredClaims: { sub: id(1) } }, 'datosh', undefined],
  ['whose UUID only Kanidm knows', true, { requiredClaims: { sub: id(1) } }, 'jane', forAll],
  ['whose mail address only Kanidm knows', true, { requiredClaims: { email: 'a@b.example' } }, 'jane', forAll],
  [
    'whose mail address only Kanidm knows, which no scope gives',
    false,
    { requiredClaims: { email: 'a@b.example' } },
    'jane',
    { all: ['openid'] },
  ],
  ['without a required claim', false, { requiredClaims: { hd: 'x' } }, 'jane', forAll],
  ['that the required azp names', true, { requiredClaims: { azp: 'k8s' } }, 'ci', undefined],
  ['with another azp than the required one', false, { requiredClaims: { azp: 'x' } }, 'ci', undefined],
  [
    'without a required claim, and with a rule that it meets',
    false,
    { requiredClaims: { azp: 'x' }, ...rules('claimValidationRules', 'claims.name == "CI"') },
    'ci',
    undefined,
  ],
  ['that meets a rule', true, rules('claimValidationRules', 'claims.name == "CI"'), 'ci', undefined],
  ['that breaks one of two rules', false, rules('claimValidationRules', 'true', 'claims.name == "x"'), 'ci', undefined],
  ['that a rule about the time may refuse', true, rules('claimValidationRules', 'has(claims.nonce)'), 'ci', undefined],
  ['that breaks a rule of the user', false, rules('userValidationRules', 'user.username == "x"'), 'ci', undefined],
  ['that a rule of the user cannot decide', true, rules('userValidationRules', 'user.username == "x"'), 'jane', forAll],
  ['that a rule breaks in an expression', false, named('claims.missing'), 'ci', undefined],
  ['named by an expression', true, named("'k:' + claims.name"), 'ci', undefined],
  ['whose name would begin with system:', false, named("'system:' + claims.name"), 'ci', undefined],
  [
    'named by an expression over an unknown claim',
    true,
    named("has(claims.nonce) ? 'a' : 'system:b'"),
    'ci',
    undefined,
  ],
  [
    'named by an expression over an unknown claim, that breaks a rule of the claims',
    false,
    named("has(claims.nonce) ? 'a' : 'b'", rules('claimValidationRules', 'claims.name == "x"')),
    'ci',
    undefined,
  ],
  [
    'named by an expression over an unknown claim, with a rule of the user',
    true,
    named("has(claims.nonce) ? 'a' : 'b'", rules('userValidationRules', 'user.username == "c"')),
    'ci',
    undefined,
  ],
  [
    'whose groups come from an unknown claim',
    true,
    { ...rules('userValidationRules', 'size(user.groups) == 0'), groups: { expression: '[string(claims.iat)]' } },
    'ci',
    undefined,
  ],
  ['whose groups an expression cannot read', false, groupsOf('dyn(claims.groups).map(g, g)'), 'ci', forAll],
  ['in no group, whose groups an expression cannot read', false, groupsOf('claims.missing'), 'jane', forAll],
  ['whose groups an expression reads', true, groupsOf('dyn(claims.groups).map(g, g)'), 'ci', undefined],
  ['in no group, with the built-in groups', true, groupsOf('[string(dyn(claims.groups)[0])]'), 'jane', forEverybody],
])('an account %s can sign in: %p', (_who, expected, authentication, name, client) => {
  expect(signIn(authentication, name, client)).toBe(expected);
});

/** A client that is open to k8s_users and others. */
const clientFor = (scopes: Client['scopes']): Client => ({
  ...authenticator.client,
  scopes: { k8s_users: ['openid'], ...scopes },
});

test.each<[string, Client['scopes'], boolean]>([
  ['a group that Kanidm keeps', { kept: ['openid'] }, true],
  ['a group with one inside that Kanidm keeps', { outer: ['email', 'openid'] }, true],
  ['a built-in group', { idm_admins: ['openid'] }, true],
  ['a group of others', { in: ['openid'] }, false],
  ['a group that Kanidm keeps, without openid', { kept: ['email'], in: ['openid'] }, false],
])('with %s in the scope map, anybody may use the client: %p', (_what, scopes, expected) => {
  expect(mayUse(config, jane, clientFor(scopes))).toBe(expected);
  expect(surelyUses(config, jane, clientFor(scopes))).toBe(false);
});

test('everybody may use a client that is open to idm_all_persons', () => {
  const client = clientFor({ idm_all_persons: ['openid'] });
  expect(surelyUses(config, jane, client)).toBe(true);
  expect(mayUseThrough(config, 'kept', client)).toBe(true);
});

test('an account that the config does not have may not use a client', () => {
  expect(surelyUses(config, { name: 'nobody' }, clientFor({}))).toBe(false);
});

test.each([
  ['k8s_users', true],
  ['in', true],
  ['outer', true],
  ['kept', true],
  ['idm_admins', false],
])('the members of %s may use a client that is open to the group outside: %p', (group, expected) => {
  expect(mayUseThrough(config, group, clientFor({ outer: ['openid'] }))).toBe(expected);
});

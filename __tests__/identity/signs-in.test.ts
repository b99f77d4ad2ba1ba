import { type Client, entry } from '../../lib/config/config';
import { type Authenticator, authenticators, type TokenMapping } from '../../lib/identity/authenticator';
import { builtInClaimValues, everyonesClaimValues, mayUse, mayUseThrough, surelyUses } from '../../lib/identity/claims';
import { signsIn, whyRefused } from '../../lib/identity/required-claims';
import { configOf } from '../config';

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

/**
 * datosh and ci are in k8s_users. datosh has a UUID and a mail address. jane, who is only in the group all, has
 * neither. The config says that joe has no mail address.
 */
const config = configOf({
  kanidm: { version: '1.11' },
  people: { jane: { displayName: 'Jane' }, joe: { displayName: 'Joe', mail: [] } },
  serviceAccounts: { ci: { displayName: 'CI', id: id(9) } },
  groups: {
    k8s_users: { members: ['datosh', 'ci'] },
    all: { members: ['k8s_users', 'jane', 'joe'] },
    kept: {},
    also: {},
    outer: { members: ['kept', 'in'] },
    in: { members: ['datosh'] },
    gone: { absent: true },
  },
});
const jane = entry(config.people, 'jane');
const homelab = entry(config.clusters, 'homelab');
const [authenticator] = authenticators(config, homelab);
if (!authenticator) throw new Error('no client');

const structured = { ...homelab, authentication: { ...homelab.authentication, method: 'structured' as const } };

const signIn = (mapping: Partial<Authenticator>, name: string, scopes?: Client['scopes'], cluster = structured) =>
  signsIn(config, cluster, config.serviceAccounts.get(name) ?? entry(config.people, name), {
    ...authenticator,
    ...mapping,
    ...(scopes ? { client: { ...(mapping.client ?? authenticator.client), scopes } } : {}),
  });
const forAll = { all: ['openid', 'email'] };
const withGroups = { all: ['openid', 'groups'] };
const inBuiltIn = (name: string) =>
  rules('claimValidationRules', `dyn(claims.groups).exists(g, g.startsWith('${name}@'))`);
const claimMap = (values: Record<string, string[]>, prefix: string): Partial<Authenticator> => ({
  username: { claim: 'sub', prefix: 'k:' },
  groups: { claim: 'team', prefix },
  client: { ...authenticator.client, claims: { team: { join: 'array', values } } },
});
const forEverybody = { idm_all_persons: ['openid', 'groups'] };
const groupsOf = (expression: string): Partial<TokenMapping> => ({ groups: { expression } });
const rules = (of: 'claimValidationRules' | 'userValidationRules', ...expressions: string[]) => ({
  [of]: expressions.map((expression) => ({ expression, message: 'no' })),
});
const extra = (valueExpression: string) => ({ extra: [{ key: 'example.com/a', valueExpression }] });
const named = (expression: string, more: Partial<TokenMapping> = {}) => ({ username: { expression }, ...more });

test.each<[string, boolean, Partial<Authenticator>, string, Client['scopes']]>([
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
  [
    'without the claim of the user name',
    false,
    { username: { claim: 'email', prefix: '' } },
    'ci',
    { all: ['openid'] },
  ],
  ['whose mail address only Kanidm knows', true, { username: { claim: 'email', prefix: '' } }, 'ci', forAll],
  ['whose mail address is the user name', true, { username: { claim: 'email', prefix: '' } }, 'datosh', forAll],
  ['whose user name only Kanidm knows', true, { username: { claim: 'email', prefix: '' } }, 'jane', forAll],
  ['without the claim of the UID', false, { uid: { claim: 'email' } }, 'ci', { all: ['openid'] }],
  ['whose UID only Kanidm knows', true, { uid: { claim: 'sub' } }, 'jane', forAll],
  ['whose UID only the token shows', true, { uid: { claim: 'jti' } }, 'ci', undefined],
  ['without a claim for an extra attribute', false, extra('claims.email'), 'ci', { all: ['openid'] }],
  ['with the claim for an extra attribute', true, extra('claims.email'), 'datosh', forAll],
  ['whose extra attribute only Kanidm knows', true, extra('claims.email'), 'jane', forAll],
  [
    'that a rule about the id of the credential cannot decide',
    true,
    rules('userValidationRules', "'x' in user.extra['authentication.kubernetes.io/credential-id']"),
    'datosh',
    undefined,
  ],
  [
    'that may be in the group of a rule, whose members only Kanidm knows',
    true,
    rules('claimValidationRules', "dyn(claims.groups).exists(g, g.startsWith('kept@'))"),
    'ci',
    { all: ['openid', 'groups'] },
  ],
  [
    'that may be in one group of a rule and not in the other, whose members only Kanidm knows',
    true,
    rules(
      'claimValidationRules',
      "dyn(claims.groups).exists(g, g.startsWith('outer@')) && !dyn(claims.groups).exists(g, g.startsWith('kept@'))",
    ),
    'ci',
    { all: ['openid', 'groups'] },
  ],
  [
    'that may be in two groups of a rule and not in the third, whose members only Kanidm knows',
    true,
    rules(
      'claimValidationRules',
      "['outer@', 'also@'].all(p, dyn(claims.groups).exists(g, g.startsWith(p))) && !dyn(claims.groups).exists(g, g.startsWith('kept@'))",
    ),
    'ci',
    { all: ['openid', 'groups'] },
  ],
  [
    'that a rule about such groups can never accept',
    false,
    rules('claimValidationRules', "claims.name == 'x' || (claims.name == 'also@' && claims.name == 'kept@')"),
    'ci',
    { all: ['openid', 'groups'] },
  ],
  [
    'outside the group of a rule, whose members the config lists',
    false,
    rules('claimValidationRules', "dyn(claims.groups).exists(g, g.startsWith('in@'))"),
    'ci',
    { all: ['openid', 'groups'] },
  ],
  [
    'without a mail address, which the user name needs',
    false,
    { username: { claim: 'email', prefix: 'k:' } },
    'joe',
    forAll,
  ],
  [
    'without a mail address, which a required claim needs',
    false,
    { requiredClaims: { email: 'a@b.example' } },
    'joe',
    forAll,
  ],
  ['whose prefix is system:', false, { username: { claim: 'sub', prefix: 'system:' } }, 'ci', undefined],
  ['whose prefix begins with system:', false, { username: { claim: 'sub', prefix: 'system:k:' } }, 'ci', undefined],
  ['whose prefix contains system:', true, { username: { claim: 'sub', prefix: 'k:system:' } }, 'ci', undefined],
  ['in a group called system:masters', false, claimMap({ all: ['system:masters'] }, ''), 'ci', undefined],
  [
    'in a group that its prefix makes system:masters',
    false,
    claimMap({ all: ['tem:masters'] }, 'sys'),
    'ci',
    undefined,
  ],
  [
    'in a group called system:masters after its prefix',
    true,
    claimMap({ all: ['system:masters'] }, 'k:'),
    'ci',
    undefined,
  ],
  ['in no group called system:masters', true, claimMap({ in: ['system:masters'] }, ''), 'ci', undefined],
  ['that is in idm_all_accounts as everybody is', true, inBuiltIn('idm_all_accounts'), 'ci', withGroups],
  ['that is no person, and so not in idm_all_persons', false, inBuiltIn('idm_all_persons'), 'ci', withGroups],
  ['that is a person, and so in idm_all_persons', true, inBuiltIn('idm_all_persons'), 'jane', withGroups],
  ['in no group, with the built-in groups', true, groupsOf('[string(dyn(claims.groups)[0])]'), 'jane', forEverybody],
])('an account %s can sign in: %p', (_who, expected, authentication, name, client) => {
  expect(signIn(authentication, name, client)).toBe(expected);
});

test('with flags, no rule refuses a name that begins with system:', () => {
  const mapping = { username: { claim: 'name', prefix: 'system:' } };
  expect(signIn(mapping, 'ci')).toBe(false);
  expect(
    signIn(mapping, 'ci', undefined, {
      ...homelab,
      authentication: { ...homelab.authentication, method: 'flags' } as never,
    }),
  ).toBe(true);
});

test.each<[Partial<TokenMapping>, string, string[]]>([
  [{}, 'ci', []],
  [{ requiredClaims: { hd: 'x', azp: 'k8s' } }, 'ci', ['the value of the claim hd has to be x']],
  [
    { requiredClaims: { sub: id(1) }, ...rules('claimValidationRules', 'claims.name == "CI"') },
    'ci',
    ['the value of the claim sub has to be 00000000-0000-4000-8000-000000000001'],
  ],
  [rules('claimValidationRules', 'claims.name == "x"'), 'ci', ['the rule `claims.name == "x"` is not true: no']],
])('by %j, the API server refuses %s because of %j', (mapping, name, expected) => {
  const account = entry(config.serviceAccounts, name);
  expect(whyRefused(config, structured, account, { ...authenticator, ...mapping })).toEqual(expected);
});

test.each([
  ['a group whose members only Kanidm knows', 'kept', true],
  ['a built-in group', 'idm_admins', true],
  ['a group that the config lists without the account', 'in', false],
])('a claim map gives a required value through %s', (_what, group, expected) => {
  const client = {
    ...authenticator.client,
    claims: { role: { join: 'csv' as const, values: { [group]: ['admin'] } } },
  };
  const account = entry(config.serviceAccounts, 'ci');
  const mapping = { ...authenticator, client, requiredClaims: { role: 'admin' } };
  expect(signsIn(config, structured, account, mapping)).toBe(expected);
  expect(signsIn(config, structured, account, { ...mapping, requiredClaims: { role: 'other' } })).toBe(false);
});

test('a claim map may give the value of one group only, if Kanidm knows the members of two', () => {
  const claims = { role: { join: 'csv' as const, values: { kept: ['admin'], outer: ['viewer'] } } };
  const mapping = { ...authenticator, client: { ...authenticator.client, claims }, requiredClaims: { role: 'admin' } };
  expect(signsIn(config, structured, entry(config.serviceAccounts, 'ci'), mapping)).toBe(true);
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
  ['an absent group', { gone: ['openid'] }, false],
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

const spnOf = (name: string) => `${name}@sso.kammel.dev`;
const idOfPersons = '00000000-0000-0000-0000-000000000035';
const idOfAccounts = '00000000-0000-0000-0000-000000000036';

test.each<[Parameters<typeof builtInClaimValues>[1], string, string[]]>([
  ['groups', 'idm_all_persons', [idOfPersons, spnOf('idm_all_persons')]],
  ['groups', 'idm_admins', [spnOf('idm_admins')]],
  ['groups_spn', 'idm_all_persons', [spnOf('idm_all_persons')]],
  ['groups_name', 'idm_all_persons', ['idm_all_persons']],
  ['groups_name', 'idm_admins', ['idm_admins']],
  ['groups_uuid', 'idm_all_persons', [idOfPersons]],
  ['groups_uuid', 'idm_admins', []],
])('the scope %s adds for the built-in group %s: %j', (scope, group, expected) => {
  expect(builtInClaimValues(config, scope, group)).toEqual(expected);
});

test.each<[Parameters<typeof everyonesClaimValues>[1], string, string[]]>([
  [{ kind: 'person', name: 'jane' }, 'groups_uuid', [idOfPersons, idOfAccounts]],
  [{ kind: 'service account', name: 'ci' }, 'groups_uuid', [idOfAccounts]],
  [{ kind: 'members', name: 'k8s_users' }, 'groups_uuid', [idOfAccounts]],
  [{ kind: 'members', name: 'idm_all_persons' }, 'groups_uuid', [idOfPersons, idOfAccounts]],
  [{ kind: 'members', name: 'idm_all_accounts' }, 'groups_uuid', [idOfAccounts]],
  [{ kind: 'members', name: 'idm_all_accounts' }, 'email', []],
  [{ kind: 'person', name: 'jane' }, 'email', []],
])('the groups of everybody that a token of %j has with the scope %s: %j', (who, scope, expected) => {
  const client = { ...authenticator.client, scopes: { all: ['openid', scope] } };
  expect(everyonesClaimValues(config, who, client)).toEqual(expected);
});

test('the groups of everybody have each form that one of the scopes asks for', () => {
  const client = {
    ...authenticator.client,
    scopes: { all: ['openid', 'groups_name'] },
    supplementaryScopes: { all: ['groups_spn'], in: ['groups_uuid'] },
  };
  const values = (kind: 'person' | 'members', name: string) => everyonesClaimValues(config, { kind, name }, client);
  const names = ['idm_all_persons', 'idm_all_accounts'];
  expect(values('person', 'jane')).toEqual(names.flatMap((name) => [spnOf(name), name]));
  expect(values('members', 'idm_all_accounts')).toEqual([idOfAccounts, spnOf('idm_all_accounts'), 'idm_all_accounts']);
});

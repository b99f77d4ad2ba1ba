import type { Json } from '../../lib/guards';
import type { TokenMapping } from '../../lib/identity/authenticator';
import { identityOf } from '../../lib/identity/token-identity';
import {
  claimsRead,
  isKnown,
  mappedExtra,
  mappedGroups,
  mappedUid,
  mappedUser,
} from '../../lib/identity/token-mapping';

const refused = (text: string) => ({ refused: text });
const notText = 'the expression for the user name does not give a string';
const noNames = 'the expression for the groups does not give a list of strings';

test.each<[object, Json, unknown]>([
  [{ claim: 'sub', prefix: 'p:' }, { sub: 'u', email_verified: false }, { value: 'p:u' }],
  [{ claim: 'sub', prefix: '' }, { sub: null }, { value: '' }],
  [
    { claim: 'sub', prefix: '' },
    {},
    refused('the token has no valid claim sub, which the API server uses as the user name'),
  ],
  [
    { claim: 'uid', prefix: '' },
    { uid: 7 },
    refused('the token has no valid claim uid, which the API server uses as the user name'),
  ],
  [{ claim: 'email', prefix: '' }, { email: 'a@b.example' }, { value: 'a@b.example' }],
  [{ claim: 'email', prefix: '' }, { email: 'a@b.example', email_verified: true }, { value: 'a@b.example' }],
  [
    { claim: 'email', prefix: '' },
    { email: 'a@b.example', email_verified: false },
    refused('the mail address in the token is not verified (email_verified)'),
  ],
  [{ expression: "'k:' + claims.sub" }, { sub: 'u' }, { value: 'k:u' }],
  [{ expression: 'claims.n' }, { n: 7 }, refused(notText)],
  [{ expression: 'claims.sub' }, { sub: '' }, refused('the expression gives an empty user name')],
  [{ expression: 'claims.sub' }, {}, refused('the expression for the user name cannot be evaluated: no such key: sub')],
  [{ expression: 'claims.sub' }, { sub: undefined }, undefined],
])('the user name by %j from %j is %j', (username, claims, expected) => {
  expect(mappedUser({ username } as TokenMapping, claims)).toEqual(expected);
});

const team = { claim: 'team', prefix: 'g:' };
const csv = { claim: 'team', prefix: '', separator: ',' };
test.each<[object | undefined, Json, unknown]>([
  [undefined, { groups: ['a'] }, { value: [] }],
  [team, { groups: ['a'] }, { value: [] }],
  [{ claim: 'constructor', prefix: '' }, {}, { value: [] }],
  [team, { team: ['a', 'b'] }, { value: ['g:a', 'g:b'] }],
  [team, { team: 'a,b' }, { value: ['g:a,b'] }],
  [team, { team: null }, { value: [] }],
  [team, { team: ['a', null] }, { value: ['g:a', 'g:'] }],
  [team, { team: ['a', 7] }, refused('the claim team of the token is not a list of names')],
  [team, { team: { a: 'b' } }, refused('the claim team of the token is not a list of names')],
  [{ ...csv, prefix: 'g:' }, { team: 'a,b' }, { value: ['g:a', 'g:b'] }],
  [csv, { team: 'a,,b' }, { value: ['a', 'b'] }],
  [csv, { team: ['a'] }, refused('the claim team of the token is not a string')],
  [{ expression: 'dyn(claims.team)' }, { team: ['a', '', 'b'] }, { value: ['a', 'b'] }],
  [{ expression: 'claims.team' }, { team: 'a' }, { value: ['a'] }],
  [{ expression: 'claims.team' }, { team: '' }, { value: [] }],
  [{ expression: 'claims.team' }, { team: null }, { value: [] }],
  [{ expression: 'claims.team' }, { team: ['a', 7] }, refused(noNames)],
  [{ expression: 'claims.team' }, { team: 7 }, refused(noNames)],
  [{ expression: 'claims.team' }, { team: { a: 'b' } }, refused(noNames)],
  [
    { expression: "claims.team.split(',')" },
    { team: 'a,b' },
    refused(
      'the expression for the groups gives the unchanged result of `split`, which the API server refuses: add `.map(g, g)`',
    ),
  ],
  [{ expression: "claims.team.split(',').map(g, g)" }, { team: 'a,b' }, { value: ['a', 'b'] }],
  [{ expression: 'claims.team' }, {}, refused('the expression for the groups cannot be evaluated: no such key: team')],
  [{ expression: 'claims.team' }, { team: undefined }, undefined],
])('the groups by %j from %j are %j', (groups, claims, expected) => {
  expect(mappedGroups({ groups } as TokenMapping, claims)).toEqual(expected);
});

test.each<[object | undefined, Json, unknown]>([
  [undefined, {}, { value: '' }],
  [{ claim: 'a' }, { a: 'x' }, { value: 'x' }],
  [{ claim: 'a' }, { a: null }, { value: '' }],
  [{ claim: 'a' }, { a: 7 }, refused('the token has no valid claim a, which the API server uses as the UID')],
  [{ claim: 'a' }, { a: undefined }, undefined],
  [{ expression: 'claims.a' }, { a: 'x' }, { value: 'x' }],
  [{ expression: 'claims.a' }, { a: '' }, { value: '' }],
  [{ expression: 'claims.a' }, { a: null }, refused('the expression for the UID does not give a string')],
  [{ expression: 'claims.a' }, {}, refused('the expression for the UID cannot be evaluated: no such key: a')],
  [{ expression: 'claims.a' }, { a: undefined }, undefined],
])('the UID by %j from %j is %j', (uid, claims, expected) => {
  expect(mappedUid({ uid } as TokenMapping, claims)).toEqual(expected);
});

test.each<[Json, unknown]>([
  [{ a: 'x' }, { value: ['x'] }],
  [{ a: ['x', ''] }, { value: ['x'] }],
  [{ a: '' }, { value: [] }],
  [{ a: null }, { value: [] }],
  [{ a: 7 }, refused('the expression for the extra attribute example.com/a does not give a list of strings')],
  [{ a: undefined }, undefined],
])('an extra attribute from %j is %j', (claims, expected) => {
  expect(mappedExtra({ key: 'example.com/a', valueExpression: 'claims.a' }, claims)).toEqual(expected);
});

test.each([
  ['claims.iss', true],
  ['claims.sub', true],
  ['claims.aud', true],
  ['claims.name', true],
  ['claims.preferred_username', true],
  ['claims.email', true],
  ["claims.email_verified ? 'a' : 'b'", true],
  ['claims.groups', true],
  ['claims.team', true],
  ['claims.nonce', false],
  ['claims.sub + claims.nonce', false],
  ["claims.sub.matches('a') ? 'a' : 'b'", false],
  ["size(claims) == 1 ? 'a' : 'b'", false],
])('whether the config determines what %s gives: %p', (expression, expected) => {
  expect(isKnown({ expression })).toBe(expected);
});

test('the config determines a name that is read from a claim', () => {
  expect(isKnown({ claim: 'nonce', prefix: '' })).toBe(true);
  expect(isKnown(undefined)).toBe(true);
});

const mapping = (more: Partial<TokenMapping>): TokenMapping => ({
  username: { claim: 'sub', prefix: '' },
  requiredClaims: {},
  ...more,
});

test.each<[Partial<TokenMapping>, string[] | undefined]>([
  [{}, ['sub']],
  [
    { groups: { claim: 'groups', prefix: '' }, uid: { claim: 'uid' }, requiredClaims: { hd: 'x' } },
    ['groups', 'hd', 'sub', 'uid'],
  ],
  [
    { username: { expression: 'claims.a' }, groups: { expression: 'claims.b' }, uid: { expression: 'claims.c' } },
    ['a', 'b', 'c'],
  ],
  [{ extra: [{ key: 'example.com/a', valueExpression: 'claims.d' }] }, ['d', 'sub']],
  [{ claimValidationRules: [{ expression: 'claims.e == "x"', message: 'no' }] }, ['e', 'sub']],
  [{ claimValidationRules: [{ expression: 'size(claims) > 1', message: 'no' }] }, undefined],
])('the claims that %j reads are %j', (more, expected) => {
  const read = claimsRead(mapping(more));
  expect(read && [...read].sort()).toStrictEqual(expected);
});

const plain = { user: 'u', groups: [], refused: [], unchecked: [] };
const groups = { claim: 'groups', prefix: '' };
const rule = (expression: string, message?: string) =>
  [{ expression, message }] as TokenMapping['claimValidationRules'];

test.each<[string, Partial<TokenMapping>, Json, object]>([
  ['has its user', {}, {}, plain],
  ['has its groups', { groups }, { groups: ['a'] }, { ...plain, groups: ['a'] }],
  [
    'without the claim of the user name is refused',
    { username: { claim: 'uid', prefix: '' } },
    {},
    {
      groups: [],
      refused: ['the token has no valid claim uid, which the API server uses as the user name'],
      unchecked: [],
    },
  ],
  [
    'with a user name and groups that are not evaluated has neither',
    { username: { expression: 'claims.a' }, groups: { expression: 'claims.b' } },
    { a: undefined, b: undefined },
    {
      refused: [],
      unchecked: [
        'the user name: Kaniflux does not evaluate the expression',
        'the groups: Kaniflux does not evaluate the expression',
      ],
    },
  ],
  ['that meets a rule of the claims is accepted', { claimValidationRules: rule('claims.sub == "u"', 'no') }, {}, plain],
  [
    'that breaks a rule of the claims is refused with its message',
    { claimValidationRules: rule('claims.sub == "x"', 'not x') },
    {},
    { ...plain, refused: ['the rule `claims.sub == "x"` is not true: not x'] },
  ],
  [
    'that breaks a rule without a message is refused',
    { claimValidationRules: rule('claims.sub == "x"') },
    {},
    { ...plain, refused: ['the rule `claims.sub == "x"` is not true'] },
  ],
  [
    'that a rule cannot be evaluated on is refused',
    { claimValidationRules: rule('claims.hd == "x"', 'no') },
    {},
    { ...plain, refused: ['the rule `claims.hd == "x"` cannot be evaluated: no such key: hd'] },
  ],
  [
    'is not checked by a rule that is not evaluated',
    { claimValidationRules: rule('claims.sub.matches("a")', 'no') },
    {},
    { ...plain, unchecked: ['the rule `claims.sub.matches("a")`: Kaniflux does not evaluate it'] },
  ],
  [
    'that meets the rules of the user is accepted',
    { groups, userValidationRules: rule('user.username == "u" && user.groups.all(g, g == "a")', 'no') },
    { groups: ['a'] },
    { ...plain, groups: ['a'] },
  ],
  [
    'that breaks a rule of the user is refused',
    { userValidationRules: rule('user.username == "x"', 'no') },
    {},
    { ...plain, refused: ['the rule `user.username == "x"` is not true: no'] },
  ],
  [
    'is not checked by a rule about a UID that is unknown',
    { uid: { claim: 'a' }, userValidationRules: rule('user.uid == "x"', 'no') },
    { a: undefined },
    {
      ...plain,
      unchecked: [
        'the UID: Kaniflux does not evaluate the expression',
        'the rule `user.uid == "x"`: Kaniflux does not evaluate it',
      ],
    },
  ],
  [
    'that meets a rule about the UID is accepted',
    { uid: { claim: 'sub' }, userValidationRules: rule('user.uid == "u"', 'no') },
    {},
    plain,
  ],
  ['without a UID has an empty one for rules', { userValidationRules: rule('user.uid == ""', 'no') }, {}, plain],
  [
    'without the claim of the UID is refused',
    { uid: { claim: 'a' } },
    {},
    { ...plain, refused: ['the token has no valid claim a, which the API server uses as the UID'] },
  ],
  [
    'for which an extra attribute fails is refused',
    { extra: [{ key: 'example.com/a', valueExpression: 'claims.a' }] },
    {},
    {
      ...plain,
      refused: ['the expression for the extra attribute example.com/a cannot be evaluated: no such key: a'],
    },
  ],
  [
    'is checked by rules about the extra attributes, without empty ones',
    {
      extra: ['a', 'b'].map((name) => ({ key: `example.com/${name}`, valueExpression: `claims.${name}` })),
      userValidationRules: [
        ...(rule('user.extra == {"x": ["y"]}') ?? []),
        ...(rule("user.extra['example.com/a'] == ['x']") ?? []),
        ...(rule('has(user.extra) && size(user.extra) == 2') ?? []),
      ],
    },
    { a: 'x', b: '', jti: 'c' },
    { ...plain, unchecked: ['the rule `user.extra == {"x": ["y"]}`: Kaniflux does not evaluate it'] },
  ],
  [
    'without an id has no credential ID for rules',
    { userValidationRules: rule('size(user.extra) == 0', 'no') },
    {},
    plain,
  ],
  [
    'with an empty id has no credential ID for rules',
    { userValidationRules: rule('size(user.extra) == 0', 'no') },
    { jti: '' },
    plain,
  ],
  [
    'whose id is a number has no credential ID for rules',
    { userValidationRules: rule('size(user.extra) == 0', 'no') },
    { jti: 7 },
    plain,
  ],
  [
    'with an id has a credential ID for rules',
    {
      userValidationRules: rule("user.extra['authentication.kubernetes.io/credential-id'] == ['JTI=c']", 'no'),
    },
    { jti: 'c' },
    plain,
  ],
  [
    'is not checked by a rule about the extra attributes, if one of two is unknown',
    {
      extra: ['a', 'b'].map((name) => ({ key: `example.com/${name}`, valueExpression: `claims.${name}` })),
      userValidationRules: rule('size(user.extra) == 1', 'no'),
    },
    { a: 'x', b: undefined },
    {
      ...plain,
      unchecked: [
        'the extra attribute example.com/b: Kaniflux does not evaluate the expression',
        'the rule `size(user.extra) == 1`: Kaniflux does not evaluate it',
      ],
    },
  ],
])('a token %s', (_what, more, claims, expected) => {
  expect(identityOf(mapping(more), { sub: 'u', ...claims }, true)).toStrictEqual(expected);
});

test('names that begin with system: are refused with an AuthenticationConfiguration, and not with flags', () => {
  const claims = { sub: 'system:admin', groups: ['a:system:b', 'system:masters'] };
  const names = { user: claims.sub, groups: claims.groups, unchecked: [] };
  const reason = 'begins with system:, which the rendered rules refuse';
  expect(identityOf(mapping({ groups }), claims, true)).toEqual({
    ...names,
    refused: [`system:admin ${reason}`, `system:masters ${reason}`],
  });
  expect(identityOf(mapping({ groups }), claims, false)).toEqual({ ...names, refused: [] });
});

test.each([
  ['claims.a__dash__b', true, { user: 'x', unchecked: [] }],
  ['claims.a__dash__b', false, { unchecked: ['the user name: Kaniflux does not evaluate the expression'] }],
  ["claims['a-b']", false, { user: 'x', unchecked: [] }],
])('the user name by %s, with claims by name: %p', (expression, byName, expected) => {
  const old = byName ? {} : { claimsByName: false as const };
  const made = identityOf({ username: { expression }, requiredClaims: {}, ...old }, { 'a-b': 'x' }, true);
  expect(made).toEqual({ groups: [], refused: [], ...expected });
});

import { claimExpression, ownerExpression } from '../../lib/cel/claim-expression';
import { evaluate, expressionFacts } from '../../lib/cel/expression';
import { literalPrefix, requiredPrefix } from '../../lib/cel/literal-prefix';

const claims = {
  sub: 'u1',
  preferred_username: 'jane@idm.example.com',
  groups: ['k8s_admins@idm.example.com', 'others@idm.example.com'],
  number: 7,
  half: 0.5,
  nested: { team: 'web' },
  unknown: undefined,
};

test.each<[string, unknown]>([
  ['claims.sub', 'u1'],
  ["'a:' + claims['sub']", 'a:u1'],
  ["claims.preferred_username.split('@')[0].upperAscii()", 'JANE'],
  ["claims.?missing.orValue('none')", 'none'],
  ["has(claims.missing) ? 'a' : claims.nested.team", 'web'],
  ["dyn(claims.groups).filter(g, g.startsWith('k8s_')).map(g, 'o:' + g.split('@')[0])", ['o:k8s_admins']],
  ["claims.missing == 'a' || claims.sub == 'u1'", true],
  ["!('x' in dyn(claims.groups)) && size(claims.sub) == 2", true],
  [String.raw`"\x41\u0042\103" + r'\n' + '''"'''`, String.raw`ABC\n"`],
  ['string(claims.number) + [claims.sub][0] // a comment', '7u1'],
])('%s', (text, value) => {
  expect(evaluate(text, claims)).toEqual({ value });
});

test.each([
  ['claims.missing', 'no such key: missing'],
  ['claims.number.startsWith("a")', 'no such overload: startsWith(int, string)'],
  ['claims.sub + 7', 'no such overload: string + int'],
  ["'sub' in claims", 'no such overload: in map'],
  ['dyn(claims.groups)[9]', 'no such key or index: 9'],
  ['claims.sub ? "a" : "b"', 'expected a bool'],
])('%s refuses the token', (text, why) => {
  const { half: _half, unknown: _unknown, ...known } = claims;
  expect(evaluate(text, known)).toEqual({ refused: expect.stringContaining(why) });
});

test.each([
  ["claims.sub.matches('a')"],
  ["claims.sub.replace('u', 'v', 1)"],
  ["'team' in claims.nested"],
  ['claims.number + 1'],
  ['claims.half'],
  ['claims.unknown'],
  ['timestamp(0)'],
  ["{'a': claims.sub}"],
  ['optional.of(claims.sub).value()'],
])('%s is not evaluated', (text) => {
  expect(evaluate(text, claims)).toBeUndefined();
  expect(expressionFacts(text).error).toBeUndefined();
});

test.each([
  ['claims.sub +', 'expected a value, found the end, at character 13'],
  ["'a", 'the string has no end, at character 1'],
  ['claims.sub claims.sub', 'expected an operator or the end'],
  ['claims.groups.map(g, g)', 'write `dyn(claims.groups).map(…)`'],
  ["[claims.sub, 'a']", 'different types'],
  ['username', 'there is no variable `username`'],
  ['has(claims)', '`has` needs a field'],
  [String.raw`'\q'`, 'unknown escape sequence'],
  [`${'('.repeat(300)}1${')'.repeat(300)}`, 'less nesting'],
])('%s does not compile', (text, why) => {
  expect(expressionFacts(text).error).toContain(why);
  expect(evaluate(text, claims)).toBeUndefined();
});

test('the claims that an expression reads', () => {
  const read = (text: string) => expressionFacts(text).claims && [...(expressionFacts(text).claims ?? [])];
  expect(read("claims.a + claims['b'] + claims.?c.orValue('') + claims[?'d'].orValue('')")).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
  expect(read('dyn(claims.groups).map(claim, claim + claims.e)')).toEqual(['groups', 'e']);
  expect(read("size(claims) > 3 ? 'a' : 'b'")).toBeUndefined();
});

test.each([
  ["'ci:' + claims.sub", 'ci:'],
  ["dyn(claims.groups).filter(g, true).map(g, 'ci:' + g)", 'ci:'],
  ["has(claims.a) ? 'ci:a:' + claims.a : 'ci:' + claims.sub", 'ci:'],
  ["has(claims.groups) ? dyn(claims.groups).map(g, 'ci:' + g) : []", 'ci:'],
  ['claims.sub', ''],
  ["claims.sub + 'ci:'", ''],
  ["'ci:' +", ''],
])('every name that %s gives begins with %j', (text, prefix) => expect(literalPrefix(text)).toBe(prefix));

test('the prefix that a rule requires', () => {
  expect(requiredPrefix("user.username.startsWith('ci:')", 'username')).toBe('ci:');
  expect(requiredPrefix("!user.username.startsWith('ci:')", 'username')).toBe('');
  expect(requiredPrefix("user.groups.all(g, g.startsWith('ci:'))", 'groups')).toBe('ci:');
  expect(requiredPrefix("user.groups.exists(g, g.startsWith('ci:'))", 'groups')).toBe('');
});

test.each<[string, object | undefined]>([
  ['claims.sub', { claim: 'sub', prefix: '' }],
  [`(claims['sub'])`, { claim: 'sub', prefix: '' }],
  [`'a' + ":" + claims.sub`, { claim: 'sub', prefix: 'a:' }],
  [`dyn(claims['groups']).map(x, 'a:' + x)`, { claim: 'groups', prefix: 'a:' }],
  [`'a:' + dyn(claims.groups).map(x, 'a:' + x)`, undefined],
  [`dyn(claims.groups).map(x, x + ':a')`, undefined],
  [`dyn(claims.groups).map(x, y, 'a:' + x)`, undefined],
  ["claims.sub + '@a'", undefined],
  ['claims.?sub', undefined],
  ['user.sub', undefined],
  ["claims.preferred_username.split('@')[0]", undefined],
  ["'a", undefined],
])('%s reads one claim, with a prefix or without', (text, read) => {
  expect(claimExpression(text)).toEqual(read);
});

test.each([
  ["'a:' + claims.preferred_username.split('@')[0]", 'preferred_username'],
  ["'a:' + claims.email", 'email'],
  ["'a:' + claims.preferred_username.split('@')[1]", undefined],
  ["'a:' + claims.preferred_username.split('.')[0]", undefined],
  ["'a:' + claims.email.split('@')[0]", undefined],
])('%s belongs to the owner of a claim', (text, claim) => {
  expect(ownerExpression(text)?.claim).toBe(claim);
});

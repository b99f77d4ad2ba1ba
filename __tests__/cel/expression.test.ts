import { claimExpression, ownerExpression } from '../../lib/cel/claim-expression';
import { evaluate, expressionFacts } from '../../lib/cel/expression';
import { literalPrefix, literalPrefixes, requiredPrefix } from '../../lib/cel/literal-prefix';
import fc, { runs } from '../fast-check';

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
  ["['ci:x'] + claims.groups", ''],
  ["['gitlab:' + claims.a, 'gitlab-ref:' + claims.b]", 'gitlab'],
])('every name that %s gives begins with %j', (text, prefix) => expect(literalPrefix(text)).toBe(prefix));

test.each<[string, string[]]>([
  // A sum of lists contains the names of both.
  ["['a:' + claims.path] + claims.groups", ['a:', '']],
  ["dyn(claims.groups) + ['a:' + claims.path]", ['', 'a:']],
  ["dyn(claims.roles).map(r, 'a:' + r) + dyn(claims.groups).map(g, g)", ['a:', '']],
  ["dyn(claims.roles).map(r, 'a:' + r) + dyn(claims.groups).map(g, 'b:' + g)", ['a:', 'b:']],
  ["['a:x'].filter(g, true) + claims.groups", ['a:x', '']],
  ["(has(claims.a) ? ['a:x'] : []) + claims.groups", ['a:x', '']],
  ["dyn(['a:' + claims.path]) + claims.groups", ['a:', '']],
  ["dyn(dyn(['a:x']) + (has(claims.a) ? claims.groups : []))", ['a:x', '']],
  ['[] + claims.groups', ['']],
  ["['a:x'] + ['b:x'] + ['c:' + claims.c]", ['a:x', 'b:x', 'c:']],
  // If one operand is a string, the sum is a string.
  ["'a:' + claims.x + ':b'", ['a:']],
  ["claims.x + 'a:'", ['']],
  ["dyn('a:') + claims.x", ['a:']],
  ["(has(claims.x) ? 'a:' : 'b:') + claims.y", ['a:', 'b:']],
  ["(has(claims.x) ? 'a:' : '') + claims.y", ['a:', '']],
  ["(has(claims.x) ? dyn('a:') : dyn(['b:'])) + dyn(claims.y)", ['a:', 'b:', '']],
  ["has(claims.x) ? 'a:' + claims.x : ''", ['a:']],
  ["has(claims.x) ? ['a:' + claims.x] : null", ['a:']],
  ['["a:" + claims.x, "a-ref:" + claims.y]', ['a:', 'a-ref:']],
  ['["a:" + claims.x, claims.y]', ['a:', '']],
  ["[['a:x'], claims.y]", ['a:x', '']],
  // Parts that are not evaluated.
  ["claims.x.dyn('a:')", ['']],
  ["dyn(claims.groups).all(g, 'a:' == g)", ['']],
  ["('a:' + claims.x).replace('a', 'b')", ['']],
  ["['a:' + claims.x].map(g, g)", ['']],
  ["['a:' + claims.x].map(g, g.startsWith('a:'), g)", ['']],
  ["{'a:': claims.x}.map(k, k)", ['']],
  ["['a:x', 'b:x'][1]", ['']],
  ["['a:x'].join('')", ['']],
  ["'a:%s'.format([claims.x])", ['']],
  ["optional.of(['a:x']).orValue(['b:x'])", ['']],
  ["[?optional.of('a:x')]", ['']],
  ["cel.bind(x, 'a:', x + claims.x)", ['']],
])('the beginnings of the names that %s gives', (text, starts) => expect(literalPrefixes(text)).toEqual(starts));

test('many beginnings are taken together', () => {
  const sum = Array.from({ length: 40 }, (_, i) => `(has(claims.c${i}) ? 'a${i}' : 'a')`).join(' + ');
  expect(literalPrefixes(sum)).toEqual(['a']);
  const list = Array.from({ length: 40 }, (_, i) => `['${i}:' + claims.c${i}]`).join(' + ');
  expect(literalPrefixes(list)).toContain('');
});

const literals = fc.constantFrom(
  "'a:'",
  "'ab'",
  "''",
  "'a:b'",
  'null',
  '[]',
  'claims.sub',
  'dyn(claims.groups)',
  "claims['preferred_username']",
);
const expressions = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    literals,
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `(${a} + ${b})`),
    fc
      .tuple(fc.constantFrom('true', 'false'), tie('part'), tie('part'))
      .map(([condition, a, b]) => `(${condition} ? dyn(${a}) : dyn(${b}))`),
    fc.array(tie('part'), { maxLength: 3 }).map((items) => `[${items.map((one) => `dyn(${one})`).join(', ')}]`),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `dyn(${a}).map(x, ${b} + x)`),
    tie('part').map((a) => `dyn(${a}).map(x, x != 'a:', x)`),
    tie('part').map((a) => `dyn(${a}).filter(x, x != 'a:')`),
    tie('part').map((a) => `dyn(${a}).split(':')`),
    tie('part').map((a) => `dyn(${a}).join('a')`),
    tie('part').map((a) => `dyn(${a}).replace('a', 'b')`),
    tie('part').map((a) => `[${a}][0]`),
  ),
})).part;

const stringsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.flatMap(stringsIn) : [];

test('no expression gives a name with another beginning', () => {
  let names = 0;
  fc.assert(
    fc.property(expressions, (text) => {
      const result = evaluate(text, claims);
      if (!result || 'refused' in result) return;
      const starts = literalPrefixes(text);
      for (const name of stringsIn(result.value).filter((one) => one !== '')) {
        names += 1;
        expect({ text, name, start: starts.find((start) => name.startsWith(start)) }).toEqual({
          text,
          name,
          start: expect.any(String),
        });
      }
    }),
    { numRuns: runs(3000) },
  );
  expect(names).toBeGreaterThan(500);
});

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

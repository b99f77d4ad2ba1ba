import { canonical, claimExpression, ownerExpression } from '../../lib/cel/claim-expression';
import { evaluate, expressionFacts } from '../../lib/cel/expression';
import { literalPrefixes, requiredPrefix } from '../../lib/cel/literal-prefix';
import fc, { runs } from '../fast-check';

const claims = {
  sub: 'u1',
  preferred_username: 'jane@idm.example.com',
  groups: ['k8s_admins@idm.example.com', 'others@idm.example.com'],
  number: 7,
  big: 1_000_000,
  half: 0.5,
  nested: { team: 'web', 'a-b': 'c' },
  nothing: null,
  'kubernetes.io': { namespace: 'web' },
  a__b__c: 'd',
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
  ["string(true) + string('a')", 'truea'],
  [String.raw`'\a\b\f\n\r\t\v\\\?\"\'\`' + "\U0001F600"`, '\x07\b\f\n\r\t\v\\?"\'`\u{1F600}'],
  ["claims.?nested.team.orValue('none')", 'web'],
  ["claims.?nested[?'team'].orValue('none')", 'web'],
  ["claims.?missing[?'team'].orValue('none')", 'none'],
  ["claims.?missing.?team.orValue('none')", 'none'],
  ["claims.?sub.hasValue() && !claims[?'missing'].hasValue()", true],
  ["dyn(claims.groups)[?9].orValue('none')", 'none'],
  ['[-5][0] == -5', true],
  ['[] + dyn(claims.groups)', claims.groups],
  ['dyn(claims.groups) + []', claims.groups],
  ["['a'] + ['b']", ['a', 'b']],
  ["'others@idm.example.com' in dyn(claims.groups)", true],
  ["'a' in ['b']", false],
  ['claims.big - claims.number', 999_993],
  ['claims.number < 7 || claims.number > 7 || claims.number <= 6 || claims.number >= 8', false],
  ['claims.number <= 7 && claims.number >= 7 && claims.number < 8 && claims.number > 6', true],
  ["dyn(claims.groups).map(g, g.startsWith('k8s_'), g)", ['k8s_admins@idm.example.com']],
  ["dyn(claims.groups).exists(g, g.startsWith('k8s_'))", true],
  ["dyn(claims.groups).exists(g, g == 'x')", false],
  ["dyn(claims.groups).exists_one(g, g.startsWith('k8s_'))", true],
  ["dyn(claims.groups).exists_one(g, g.endsWith('.com'))", false],
  ["dyn(claims.groups).all(g, g.endsWith('.com'))", true],
  ["dyn(claims.groups).all(g, g.contains('k8s_'))", false],
  // An error of one item counts only if no item decides.
  ["[dyn(7), dyn('a')].exists(x, x.startsWith('a'))", true],
  ["[dyn(7), dyn('a')].all(x, x.startsWith('b'))", false],
  // An error of one side counts only if the other does not decide.
  ["claims.missing == 'a' && claims.sub == 'u2'", false],
  ['has(claims.nested.team) && !has(claims.nested.missing)', true],
  ["claims.preferred_username.replace('e', '$&').lowerAscii()", 'jan$&@idm.$&xampl$&.com'],
  ["claims.sub.split('').join('-') + ['a', 'b'].join()", 'u-1ab'],
  ["dyn(['a', 'b']) == ['a', 'b'] && ['a'] != ['a', 'b'] && ['a', 'c'] != ['a', 'b']", true],
  // If a value has no parts, `has` and the access to an optional field give no error.
  ["claims.?nothing.?team.orValue('none') + claims.?nothing.team.orValue('none')", 'nonenone'],
  ["claims.?sub[?0].orValue('none') + claims.nothing.?team.orValue('none')", 'nonenone'],
  ['has(claims.nothing.team) || has(claims.sub.team) || has(claims.?missing.team)', false],
  ['has(claims.?nested.team) && has(claims.nothing)', true],
  ["claims.?nothing.orValue('none') == null", true],
  ['claims.?sub.orValue(claims.missing)', 'u1'],
  ["claims.?nested[?0].orValue('none')", 'none'],
  ["!!claims.sub == 'u1' && !!!false && --1 == 1", true],
  ['claims.kubernetes__dot__io.namespace', 'web'],
  ["claims['kubernetes__dot__io'].namespace + claims['kubernetes.io'].namespace", 'webweb'],
  ["claims.?a__b__c.orValue('none')", 'none'],
  ['size(claims.nested) == 2 && size(dyn(claims.groups)) == 2', true],
])('%s', (text, value) => {
  expect(evaluate(text, claims)).toEqual({ value });
});

test.each([
  ['claims.missing', 'no such key: missing'],
  ['claims.number - claims.sub', 'no such overload: int - string'],
  ['claims.number < claims.sub', 'no such overload: int < string'],
  ['claims.number.startsWith("a")', 'no such overload: startsWith(int, string)'],
  ['claims.sub + 7', 'no such overload: string + int'],
  ["'sub' in claims", 'no such overload: in map'],
  ['dyn(claims.groups)[9]', 'no such index: 9'],
  ['claims.sub ? "a" : "b"', 'expected a bool, found a string'],
  ['dyn(true) + "a"', 'no such overload: bool + string'],
  ['dyn(null).a', 'no such overload: null[string]'],
  ['claims.nothing.team', 'no such overload: null[string]'],
  ['has(claims.groups.team)', 'no such overload: list[string]'],
  ['claims.a__b__c', 'no such key: a__b__c'],
  ['size(claims) > 0', 'no such overload: size(map)'],
  ['claims.size() > 0', 'no such overload: size(map)'],
  ["dyn(claims.groups)['a']", 'no such overload: list[string]'],
  ['claims.?missing.orValue(claims.absent)', 'no such key: absent'],
  ['!(!claims.sub)', 'expected a bool, found a string'],
  ['dyn(claims.sub).map(c, c)', 'no such overload: map of a string'],
  ["[dyn(7), dyn('a')].join('-')", 'no such overload: join(list, string)'],
  ["[dyn(7), dyn('a')].exists(x, x.startsWith('b'))", 'no such overload: startsWith(int, string)'],
  ["[dyn(7), dyn('a')].all(x, x.startsWith('a'))", 'no such overload: startsWith(int, string)'],
  ["claims.missing == 'a' && claims.sub == 'u1'", 'no such key: missing'],
])('%s refuses the token', (text, why) => {
  const { half: _half, unknown: _unknown, ...known } = claims;
  expect(evaluate(text, known)).toEqual({ refused: expect.stringContaining(why) });
});

// An API server does not load these.
test.each([
  ["size('a', 'b')"],
  ['size(1)'],
  ['dyn(1, 2)'],
  ["string('a', 'b')"],
  ['string([1])'],
  ["claims.?sub.orValue('a', 'b')"],
  ["claims.?sub.hasValue('a')"],
  ["claims.sub.lowerAscii('a')"],
  ["claims.sub.startsWith('a', 'b')"],
  ["['a'].join('b', 'c')"],
  ["claims.sub.replace('u', 7)"],
  ['claims.sub.split(7)'],
])('%s has no value', (text) => expect(evaluate(text, claims)).not.toHaveProperty('value'));

test.each([
  ["claims.sub.matches('a')"],
  ["sets.contains(['a'], ['a'])"],
  ["'%s %d'.format([dyn(claims.sub), 7])"],
  ['claims.sub.format([claims.sub, 7])'],
  ["'%s'.format([claims.groups[0]])"],
  // The part that Kaniflux does not evaluate may decide the result.
  ["claims.sub > 'a' && claims.missing"],
  ["[dyn('b'), dyn(7)].exists(x, x > 'a')"],
  ['claims.nested.a__dash__b'],
  ["claims.sub.replace('u', 'v', 1)"],
  ["'team' in claims.nested"],
  ['claims.number + 1'],
  ['claims.half'],
  ['claims.unknown'],
  ['timestamp(0)'],
  ["{'a': claims.sub}"],
  ['optional.of(claims.sub).value()'],
  ["claims.sub.replace('', 'x')"],
  ["claims.sub.split('', 1)"],
  ['dyn(claims.nested).map(k, k)'],
  ["claims.sub >= 'a'"],
  ['claims.number - 1 < 5'],
  ['size(claims.sub) - claims.number < 5'],
  ['string(claims.big)'],
  ['claims.number * 2 > 5'],
  ['claims.number / 2 % 2 <= 5'],
  ['-claims.number'],
  ["-'a'"],
  ['12u'],
  ['7U'],
  ['0x1Fu'],
  ["b'a'"],
  ['google.Message{a: 1, b: claims.sub,}'],
  ['google.Message{}'],
  ["{?'a': claims.?sub, 'b': 1,}"],
  ['[claims.sub, ?claims.?missing,]'],
  ["[?claims.?missing, 'a']"],
  ["claims.?groups.optMap(g, ['a']).orValue([])"],
  ["claims.?groups.optFlatMap(g, optional.of(['a'])).orValue([])"],
  ["dyn(claims.groups).transformList(i, g, 'a' + g)"],
  ["dyn(claims.groups).exists(i, g, g == 'a')"],
  ['dyn(claims.groups).sortBy(g, g)'],
])('%s is not evaluated', (text) => {
  expect(evaluate(text, claims)).toBeUndefined();
  expect(expressionFacts(text).error).toBeUndefined();
});

test('the name of a library is no value, so an expression with one is not evaluated for any token', () => {
  expect(expressionFacts("sets.contains(['a'], ['a'])").isEvaluated).toBe(false);
  expect(expressionFacts("dyn(claims.groups).exists(sets, sets.contains('a'))").isEvaluated).toBe(true);
  expect(expressionFacts("dyn(claims.groups).exists(g, g == 'a') && sets.contains([], [])").isEvaluated).toBe(false);
  expect(expressionFacts("dyn(claims.groups).exists(g, g.contains('a'))").isEvaluated).toBe(true);
});

test.each([
  ['claims.sub +', 'expected a value, found the end, at character 13'],
  ["'a", 'the string has no end, at character 1'],
  ['claims.sub claims.sub', 'expected an operator or the end'],
  ['claims.groups.map(g, g)', 'write `dyn(claims.groups).map(…)`'],
  ["claims['groups'].map(g, g)", 'write `dyn(…).map(…)`'],
  ["claims.?groups.orValue(['a']).exists(g, g == 'a')", 'write `dyn(…).exists(…)`'],
  ["claims[?'groups'].value().all(g, g == 'a')", 'write `dyn(…).all(…)`'],
  ['(has(claims.a) ? claims.a : []).map(g, g)', 'write `dyn(…).map(…)`'],
  ['(has(claims.a) ? [] : claims.a).map(g, g)', 'write `dyn(…).map(…)`'],
  ["(has(claims.a) ? claims.a : ['none']).map(g, g)", 'write `dyn(…).map(…)`'],
  ['(type(claims.a) == string ? [claims.a] : claims.a).map(g, g)', 'write `dyn(…).map(…)`'],
  ['(has(claims.a) ? claims.a : null).filter(g, true)', 'write `dyn(…).filter(…)`'],
  ['(has(claims.a) ? claims.a : {}).exists(g, true)', 'write `dyn(…).exists(…)`'],
  ['(has(claims.a) ? dyn([]) : claims.a).map(g, g)', 'write `dyn(…).map(…)`'],
  ['claims.?a.or(claims.?b).orValue([]).map(g, g)', 'write `dyn(…).map(…)`'],
  ['optional.of(claims.a).value().map(g, g)', 'write `dyn(…).map(…)`'],
  ['[claims.groups][0].map(g, g)', 'write `dyn(…).map(…)`'],
  ["[claims.sub.split('@')[1], claims.name]", 'different types'],
  ['[claims.name, claims.name + claims.sub]', 'different types'],
  ["[claims.sub.split('@')[0], claims.?n.orValue(claims.hd)]", 'different types'],
  ["[has(claims.a) ? 'a' : dyn('b'), claims.a]", 'different types'],
  ["dyn(claims.groups).exists('x')", '`exists` cannot have 1 argument'],
  ["dyn(claims.groups).existsOne(x, x == 'a')", '`existsOne` cannot have 2 arguments'],
  ["dyn(claims.groups).filter(i, x, x == 'a')", '`filter` cannot have 3 arguments'],
  ['math.abs(-1) == 1', 'there is no variable `math`'],
  ["json.decode(claims.sub) == ''", 'there is no variable `json`'],
  ["'a'.reverse() == 'a'", '`reverse` cannot be called on a string'],
  ["rb'a' == b'a'", 'expected an operator or the end'],
  ["claims.sub.matches('a++')", 'has `++`: a repetition cannot be repeated'],
  ["claims.sub.matches('a{2}?+')", 'has `{2}?+`: a repetition cannot be repeated'],
  ["claims.sub.matches('(?>a)')", 'do not support `(?>`'],
  [String.raw`claims.sub.matches(r'\u0041')`, 'do not support `\\u`'],
  ["claims.sub.matches('a|*')", 'has `|*`, where there is nothing to repeat'],
  [String.raw`claims.sub.matches(r'a\')`, 'ends with `\\`'],
  ["'%s'.format([[claims.sub, 'a']])", 'different types'],
  ["'a:%s'.format([claims.sub])", 'write `dyn(claims.sub)` in the list of `format`'],
  ["'%s:%s'.format(['a', claims['sub']])", 'write `dyn(…)` in the list of `format`'],
  ["'%s'.format([sub])", 'there is no variable `sub`'],
  ["'%s'.join([claims.sub, 'a'])", 'different types'],
  ["[claims.sub, 'a']", 'different types: write `dyn(…)` around each item'],
  ["[dyn(claims.sub), 'a']", 'different types'],
  ['[claims.sub, dyn(claims.groups)]', 'different types'],
  ["[claims.?sub.orValue('a'), 'a']", 'different types'],
  ['[cel.bind(x, claims.sub, x)]', 'there is no variable `cel`'],
  ['base64.decode(claims.sub)', 'there is no variable `base64`'],
  ['claims.?groups.optMap(g, h)', 'there is no variable `h`'],
  ['username', 'there is no variable `username`'],
  ['has(claims)', '`has` needs a field'],
  ['has(claims.?a)', '`has` needs a field'],
  ['claims.in', 'expected the name of a field, found `in`'],
  ['claims.true', 'expected the name of a field, found `true`'],
  ["claims.sub.startswith('x')", 'Kubernetes has no function `startswith`; write `startsWith`'],
  ['len(claims.groups) > 0', 'Kubernetes has no function `len`; write `size`'],
  ["claims.sub.replaceAll('a', 'b')", 'Kubernetes has no function `replaceAll`; write `replace`'],
  ['now() < timestamp(claims.exp)', 'Kubernetes has no function `now`'],
  ["dyn(claims.groups).exists(g, g.endswith('a'))", 'Kubernetes has no function `endswith`; write `endsWith`'],
  ["dyn(claims.groups).exists(sets, sets.containz('a'))", 'Kubernetes has no function `containz`; write `contains`'],
  ["startsWith(claims.sub, 'x')", 'write `….startsWith(…)`, after a value'],
  ['claims.sub.int() > 0', 'write `int(…)`, with the value in parentheses'],
  ["'a:' + claims.sub + 1", '`+` needs two values of the same type, found a string and a number'],
  ["claims.sub.lowerAscii() != null ? 'a' : 'b'", '`!=` needs two values of the same type'],
  ["claims.sub.split('@').contains('a')", '`contains` cannot be called on a list'],
  ["claims.sub.split('@').first", 'a list has no field `first`'],
  ["claims.sub.split('@')['a']", 'the index of a list is a number, found a string'],
  ["claims.sub.lowerAscii()[0] + 'a'", '`[…]` needs a list or a map before it, found a string'],
  ["claims.sub in 'a'", '`in` needs a list or a map on its right side, found a string'],
  ["!claims.sub.split('@')", '`!` needs a boolean, found a list'],
  ['claims.sub.trim() && claims.a', '`&&` needs a boolean, found a string'],
  ["size(claims.sub) ? 'a' : 'b'", '`?:` needs a boolean, found a number'],
  ["claims.sub.matches('^[a-z')", 'has a `[` without `]`'],
  ["claims.sub.matches('[]a')", 'has a `[` without `]`'],
  ["claims.sub.matches('(a|b')", 'does not have a `)` for each `(`'],
  ["claims.sub.matches('(?!a)b')", 'do not support `(?!`'],
  ["claims.sub.matches('(?<=a)b')", 'do not support `(?<=`'],
  ["claims.sub.matches(r'(a)\\1')", 'do not support `\\1`'],
  ["claims.sub.matches('*.example.com')", 'begins with `*`'],
  ["[claims.groups[0], 'a']", 'different types'],
  ["['a', null]", 'different types'],
  ["has(claims.a) ? 'a' : ['b']", 'the two results of `?:` have different types'],
  ["has(claims.a) ? [] : ''", 'the two results of `?:` have different types'],
  ["has(claims.a) ? 'a' + claims.a : null", 'the two results of `?:` have different types'],
  ["has(claims.a) ? dyn(claims.a).map(g, g) : 'a'.lowerAscii()", 'the two results of `?:` have different types'],
  [String.raw`'\q'`, 'unknown escape sequence'],
  [String.raw`'\ud800'`, 'no such character'],
  [String.raw`'\U00110000'`, 'no such character'],
  ['claims.groups[0', 'expected `]`, found the end'],
  ["['a' 'b']", 'expected `,`, found'],
  ["{'a' 'b'}", 'expected `:`, found'],
  ["{'a': 1 'b': 2}", 'expected `,`, found'],
  ['a.B{x 1}', 'expected `:`, found `1`'],
  ['a.B{x: 1 y: 2}', 'expected `,`, found `y`'],
  ["'a'{b: 1}", 'expected an operator or the end, found `{`'],
  ['size(claims.sub,)', 'expected an argument, found `)`'],
  ['size(?claims.sub)', 'expected a value, found `?`'],
  ["claims.'a'", "expected the name of a field, found `'a'`"],
  ["dyn(claims.groups).map('a', 'b')", 'the first argument of `map` must be a variable, at character 20'],
  ["claims.sub ? 'a'", 'expected `:`, found the end'],
  ['has(size(claims.sub))', '`has` needs a field'],
  ['has(claims.a, claims.b)', '`has` needs a field'],
  ['dyn(claims.groups).exists(g, h == g)', 'there is no variable `h`'],
  ['for', 'expected a value, found `for`'],
  [`${'('.repeat(300)}1${')'.repeat(300)}`, 'less nesting'],
])('%s does not compile', (text, why) => {
  expect(expressionFacts(text).error).toContain(why);
  expect(evaluate(text, claims)).toBeUndefined();
});

test.each([
  "dyn(claims.?groups.orValue([])).map(g, 'a' + g)",
  "(has(claims.groups) ? dyn(claims.groups) : []).map(g, 'a' + g)",
  "claims.nested.a.map(g, 'a' + g)",
  "claims.?groups.orValue(dyn(['a'])).map(g, 'a' + g)",
  "claims.groups[0].map(g, 'a' + g)",
  "[dyn(claims.sub), dyn('a')]",
  '[claims.sub, claims.name]',
  "['a', claims.sub.lowerAscii(), 'b' + claims.sub, string(claims.level)]",
  '[claims.groups[0], claims.groups[1]]',
  '(has(claims.a) ? claims.a : dyn([])).map(g, g)',
  '(has(claims.a) ? claims.a : claims.b.c).map(g, g)',
  'claims.?a.or(claims.?b).orValue(dyn([])).map(g, g)',
  "[[claims.groups[0]][0], claims.name + claims.sub, has(claims.a) ? dyn('a') : 'b']",
  "[claims.sub.split('@')[0], claims.sub + 'a', ['b'][0]]",
  '[claims.name, has(claims.a) ? claims.a : "b", claims.?c.orValue("d")]',
  "dyn(claims.groups).existsOne(i, g, g == 'a') && dyn(claims.groups).exists_one(i, g, g == 'a')",
  String.raw`b'''a\'''b''' == b"""a""" && br'\' == bR'''a'b''' && '''a\'''b''' == claims.a`,
  "[optional.of('a')].unwrapOpt() == ['a'] && 'a'.includes('a')",
  String.raw`claims.sub.matches(r'^(?:a+?|b??|\++|[+]+|c{2}?|{x}+)*(d?)?$|^e|\x41\_\\\pL')`,
  'has(claims.a) ? claims.a : null',
  "has(claims.a) ? claims.a : ['b']",
  "has(claims.a) ? dyn('a') : ['b']",
  "has(claims.a) ? dyn(claims.a).map(g, 'a' + g) : []",
  "has(claims.a) ? 'a' : has(claims.b) ? 'b' + claims.b : string(claims.c)",
  'claims.`in`',
  "claims.sub.charAt(0).trim().substring(0, 1) + claims.sub.find('a')",
  "dyn(claims.groups).sort().distinct().slice(0, 1).first().orValue('a') == 'a'",
  'timestamp(claims.iat).getFullYear() > 2000 && duration("1h").getHours() > 0',
  "ip('1.2.3.4').family() == 4 && ip.isCanonical('::1') && cidr('10.0.0.0/8').containsIP('10.1.1.1')",
  "url(claims.a).getHostname() == 'x' && isQuantity('1') && quantity('1').isGreaterThan(quantity('0'))",
  "semver('1.2.3').major() == 1 && format.named('uuid').hasValue()",
  "matches(claims.sub, 'a') && size(claims.sub) > 0 && claims.sub.size() > 0",
  'dyn(claims.a).transformMap(k, v, v).size() == optional.of(1).or(optional.none()).value()',
  "claims.sub in dyn(claims.a) || claims.sub in ['a'] || claims.a[0] == null || claims.a['b'] == 1",
  "claims.sub.split('@')[size(claims.sub.split('@')) - 1] + dyn(1)",
  String.raw`claims.sub.matches(r'^[]a)(?=*[:alpha:]]\[\([^*]+(?:a|b)?(?P<n>x)\\$')`,
  String.raw`claims.sub.matches(r'\Q[(?=\E') && claims.sub.matches(claims.a) && claims.sub.matches(r'\12')`,
])('%s compiles', (text) => {
  expect(expressionFacts(text).error).toBeUndefined();
});

test.each<[string, number | undefined]>([
  ["claims.sub.trim() == 'a' && dyn(claims.groups).isSorted()", undefined],
  ["dyn(claims.groups).exists(first, first == 'a')", undefined],
  ["!format.dns1123Label().validate('a').hasValue()", 31],
  ["dyn(claims.groups).exists(i, g, g == 'a')", 32],
  ["dyn(claims.groups).first().orValue('a') == 'a'", 33],
  ["dyn(claims.groups).exists(g, isSemver(g)) && dyn(claims.groups).sort()[0] == 'a'", 34],
  ['claims.`a-b` == dyn(claims.groups).distinct()', 37],
  ["'`a`' == claims.a", undefined],
  ["dyn(claims.groups).includes('a')", 37],
])('the minor version that %s needs is %j', (text, minor) => {
  expect(expressionFacts(text).needs?.minor).toBe(minor);
});

test('before Kubernetes 1.34, the claims are an ordinary map', () => {
  const { half: _half, unknown: _unknown, ...known } = claims;
  const value = (text: string) => evaluate(text, known, 'claims', false);
  expect(value('size(claims) > 3 && claims.size() > 3')).toEqual({ value: true });
  expect(value("claims.sub + claims['kubernetes.io'].namespace + claims.a__b__c")).toEqual({ value: 'u1webd' });
  expect(value('claims.missing')).toEqual({ refused: 'no such key: missing' });
  expect(value("'sub' in claims")).toBeUndefined();
  expect(value('claims.kubernetes__dot__io.namespace')).toBeUndefined();
  expect(value("has(claims.kubernetes__dot__io) ? 'a' : 'b'")).toBeUndefined();
});

test('a rule for users reads only the fields of a user', () => {
  const error = (text: string) => expressionFacts(text, 'user').error;
  expect(error("user.name == 'x'")).toBe('`user` has no field `name`; it has username, uid, groups, extra');
  expect(
    error("user.username != '' && user.uid != '' && size(user.groups) > 0 && size(user.extra) == 0"),
  ).toBeUndefined();
  expect(expressionFacts("claims.name == 'x'").error).toBeUndefined();
});

test.each([
  ["user.groups.exists(g, g.startswith('a'))", 'Kubernetes has no function `startswith`'],
  ['user.groups.length() > 0', 'Kubernetes has no function `length`; write `size`'],
  ["user.groups.any('x')", 'Kubernetes has no function `any`; write `exists`'],
  ["user.extra['a'] == 'x'", '`==` needs two values of the same type, found a list and a string'],
  ["user.groups[0] == ['x']", '`==` needs two values of the same type, found a string and a list'],
  ["user.groups.contains('x')", '`contains` cannot be called on a list'],
  ["user.username.exists(c, c == 'x')", '`exists` cannot be called on a string'],
  ['user.groups.size > 0', 'a list has no field `size`'],
  ["user.username in 'x'", '`in` needs a list or a map'],
  ['user.uid == null', '`==` needs two values of the same type, found a string and a null'],
  ['!user.groups', '`!` needs a boolean, found a list'],
  ["user['username'] == 'a'", 'write `user.username`: `user` has no keys'],
])('as a rule for users, %s does not compile', (text, why) => {
  expect(expressionFacts(text, 'user').error).toContain(why);
});

test.each([
  "user.extra['a'].exists(v, v == 'x') && user.extra['a'][0] == 'x' && user.extra.a.size() == 1",
  "'a' in user.extra && 'x' in user.groups && user.groups[0].startsWith('x') && user.groups.join(',') != ''",
  "user.extra.all(k, k != 'x') && user.username.split(':').size() == 2 && !user.username.matches('^x')",
  "user.?uid.orValue('') == ''",
])('as a rule for users, %s compiles', (text) => expect(expressionFacts(text, 'user').error).toBeUndefined());

test('the claims that an expression reads', () => {
  const read = (text: string) => expressionFacts(text).claims && [...(expressionFacts(text).claims ?? [])];
  expect(read("claims.a + claims['b'] + claims.?c.orValue('') + claims[?'d'].orValue('')")).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
  expect(read('dyn(claims.groups).map(claim, claim + claims.e)')).toEqual(['groups', 'e']);
  expect(read("{'a': claims.x, claims.y: [claims.z][claims.i]}")).toEqual(['x', 'y', 'z', 'i']);
  expect(read("size(claims) > 3 ? 'a' : 'b'")).toBeUndefined();
  expect(read('claims[claims.name]')).toBeUndefined();
  expect([...expressionFacts("claims.a + claims['b']").selected]).toEqual(['a']);
});

test.each<[string, string[]]>([
  ["dyn(claims.groups).filter(g, true).map(g, 'ci:' + g)", ['ci:']],
  ["has(claims.groups) ? dyn(claims.groups).map(g, 'ci:' + g) : []", ['ci:']],
  ["'ci:' +", ['']],
  // The sum of two lists contains the names of both lists.
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
  // Parts that Kaniflux does not evaluate.
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

test('two spellings of one expression have the same text, and two expressions do not', () => {
  expect(canonical(`claims["sub"]+'a'`)).toBe(canonical(`(claims['sub'] + "a")`));
  expect(canonical('claims.sub')).not.toBe(canonical("claims['sub']"));
  expect(canonical("'a")).toBe(canonical("'a"));
});

test('many beginnings are taken together', () => {
  const choice = (count: number) =>
    `${Array.from({ length: count }, (_, i) => `has(claims.c${i}) ? 'a${i}:' + claims.x : `).join('')}null`;
  expect(literalPrefixes(choice(30))).toHaveLength(30);
  expect(literalPrefixes(choice(31))).toEqual(['a']);
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
  expect(requiredPrefix("user.groups.all(g, user.username.startsWith('ci:'))", 'groups')).toBe('');
  expect(requiredPrefix("user.groups.all(g, h.startsWith('ci:'))", 'groups')).toBe('');
  expect(requiredPrefix("user.username.startsWith('ci:', 'a')", 'username')).toBe('');
  expect(requiredPrefix('user.username.startsWith(7)', 'username')).toBe('');
  expect(requiredPrefix('user.username.startsWith(user.uid)', 'username')).toBe('');
  expect(requiredPrefix('user.username.startsWith()', 'username')).toBe('');
  expect(requiredPrefix("user.username.startsWith('ci:'", 'username')).toBe('');
});

test.each<[string, object | undefined]>([
  ['claims.sub', { claim: 'sub', prefix: '' }],
  [`(claims['sub'])`, { claim: 'sub', prefix: '' }],
  [`'a' + ":" + claims.sub`, { claim: 'sub', prefix: 'a:' }],
  [`dyn(claims['groups']).map(x, 'a:' + x)`, { claim: 'groups', prefix: 'a:' }],
  [`'a:' + dyn(claims.groups).map(x, 'a:' + x)`, undefined],
  [`dyn(claims.groups).map(x, x + ':a')`, undefined],
  [`dyn(claims.groups).map(x, y, 'a:' + x)`, undefined],
  [`dyn(claims.groups).filter(x, 'a:' + x)`, undefined],
  [`dyn(claims.groups).map(x, y)`, undefined],
  ['claims.groups.map(x, x)', undefined],
  ['dyn().map(x, x)', undefined],
  ["'a:' == claims.sub", undefined],
  ['7 + claims.sub', undefined],
  ['claims[?"sub"]', undefined],
  ['claims[7]', undefined],
  ['user["sub"]', undefined],
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
  ["claims.preferred_username.split('@', 1)[0]", undefined],
  ['claims.preferred_username.split()[0]', undefined],
  ['claims.preferred_username.split(claims.a)[0]', undefined],
  ["claims.preferred_username.replace('@')[0]", undefined],
  ["split('@')[0]", undefined],
  ['dyn(claims.groups).map(g, g)[0]', undefined],
  ["'a", undefined],
])('%s belongs to the owner of a claim', (text, claim) => {
  expect(ownerExpression(text)?.claim).toBe(claim);
});

test.each([
  "dyn(claims.list).exists(user, user['name'] == 'x')",
  "dyn(claims.list).exists(user, user.groups == 'x')",
  'dyn(claims.list).map(user, user.username.foo)',
])('in %s, the variable of the loop is not the user of Kubernetes', (text) => {
  expect(expressionFacts(text).error).toBeUndefined();
  expect(expressionFacts(text.replaceAll('user', 'claims')).error).toBeUndefined();
});

test('a class without an end is found after many others', () => {
  expect(expressionFacts(`claims.sub.matches('${'[a]'.repeat(100)}')`).error).toBeUndefined();
  expect(expressionFacts(`claims.sub.matches('${'[a]'.repeat(100)}[')`).error).toContain('without `]`');
});

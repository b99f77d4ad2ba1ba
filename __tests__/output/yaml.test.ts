import { runInNewContext } from 'node:vm';
import { CORE_SCHEMA, load as otherLoad } from 'js-yaml';
import { parse, stringify } from 'yaml';
import { documents, toYaml } from '../../lib/output/yaml';
import fc, { runs } from '../fast-check';
import { hardStrings, json } from './random-values';

/** Three readers: for YAML 1.2, for YAML 1.1, and from another library. */
const readers: Record<string, (yaml: string) => unknown> = {
  'yaml 1.2': (yaml) => parse(yaml, { version: '1.2' }),
  'yaml 1.1': (yaml) => parse(yaml, { version: '1.1' }),
  'js-yaml': (yaml) => otherLoad(yaml, { schema: CORE_SCHEMA }),
};

describe.each(Object.entries(readers))('what toYaml writes is read back as it was by %s:', (_, read) => {
  test('any JSON value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(read(toYaml(value))).toEqual(value);
      }),
      { numRuns: runs(80) },
    );
  });

  test.each(hardStrings.map((hard) => [JSON.stringify(hard).slice(0, 40), hard]))(
    '%s, wherever it stands',
    (_, hard) => {
      for (const value of [hard, [hard], { a: hard }, { a: { b: [hard, { c: hard }], d: 1 } }, [[hard]]]) {
        expect(read(toYaml(value))).toEqual(value);
      }
      const key = Object.fromEntries([[hard, { [`${hard}x`]: 1 }]]);
      expect(read(toYaml([key]))).toEqual([key]);
    },
  );
});

test('ordinary values are written as the yaml library writes them', () => {
  const value = {
    apiVersion: 'v1',
    metadata: { name: 'oidc-cluster-admin', labels: { a: 'true', 'b.example/c': '1.32' }, empty: {} },
    list: ['--oidc-issuer-url=https://sso.kammel.dev/oauth2/openid/k8s', 'two words', 'say "hi"', '10m', '0.1.2', []],
    script: 'set -eu\n\nif true; then\n  echo yes\nfi\n',
    chomped: 'a\nb',
    nested: [[1, [2]], { a: null, b: [{ c: -1.5 }] }],
  };
  expect(toYaml(value)).toBe(stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }));
});

test.each([
  ...['+_1', '-_00', '9e_-1', '0_b1', '0b-1', '0o+7', '0_x1F', '1_2_:30', '-inf', '+NaN', 'Infinity', '-infinity'],
])('%s is quoted: a reader of Go or Rust takes it for a number', (number) => {
  expect(toYaml(number)).toBe(`"${number}"\n`);
});

test('typographic quotes at the start of a text are quoted, as a config needs it', () => {
  expect(toYaml({ a: '\u201cb\u201d', c: 'd \u201ce\u201d' })).toBe('a: "\u201cb\u201d"\nc: d \u201ce\u201d\n');
});

test.each(['+a', '-_a', '9e-x', '0b1c', '0xg', '1:60', 'info', '-info', 'v1', '10.0.0.1', 'a_1'])(
  '%s is not: every reader takes it for a string',
  (text) => {
    expect(toYaml(text)).toBe(`${text}\n`);
  },
);

test.each([
  [9007199254740991, '9007199254740991\n'],
  [9007199254740992, '9.007199254740992e+15\n'],
  [-1e20, '-1.0e+20\n'],
  [1e-7, '1.0e-7\n'],
  [1.5e-7, '1.5e-7\n'],
  [0, '0\n'],
  [-0, '-0.0\n'],
])('%d is written so that readers with 64 bits read it', (number, text) => {
  expect(toYaml(number)).toBe(text);
});

test.each([
  ...[
    '.55',
    '1:3',
    '-1:30',
    '1:30.55',
    '-0b1',
    '2001-1-14',
    '2001-12-1',
    '2001-12-14 21:59',
    '2001-12-14T21:59',
    '~',
    '',
  ],
  ...['- a', '-', '? a', '?', 'a:', 'a: b', 'a #b', ' a', 'a ', '---a', '...', '=', '<<', '[a'],
])('%j is quoted', (text) => expect(toYaml(text)).toBe(`"${text}"\n`));

test.each([
  ...['a? b', 'a- b', 'wait...', 'a --- b', 'a=', '=a', 'a<<', '<<a', 'a:b', 'a#b', "it's", 'a "b"', 'Zoë', '👋'],
  ...['a0b1', 'x-0b1', 'a1:30', 'a2001-12-14', '2001-12-14a', 'a~', '~a', 'infinity-x', 'nonono', 'e5x', 'x'],
])('%j is plain', (text) => expect(toYaml(text)).toBe(`${text}\n`));

test.each([
  ['"hi" she', `'"hi" she'`],
  [`"it's"`, `"\\"it's\\""`],
  ['"a\tb', '"\\"a\\tb"'],
  ['"vi\u0435w', '"\\"vi\\u0435w"'],
  ['vi\u0435w', '"vi\\u0435w"'],
  ['"\u00e9', `'"\u00e9'`],
  ['\t\u00e9', '"\\t\\u00e9"'],
  ['\u00e9\u200b', '"\\u00e9\\u200b"'],
  ['a\uffff', '"a\\uffff"'],
  ['a\u{e0041}', '"a\\U000e0041"'],
  ['a\ud800', '"a\\ud800"'],
  ['a\nb', '|-\n  a\n  b'],
  ['a\n\n  b\n', '|\n  a\n\n    b'],
  ['a ---\nb', '|-\n  a ---\n  b'],
  ['a\n---', '"a\\n---"'],
  ['a\nb ', '"a\\nb "'],
  ['a \nb', '"a \\nb"'],
  ['a\nb\n\n', '"a\\nb\\n\\n"'],
  [' a\nb', '" a\\nb"'],
  ['a\n\tb', '"a\\n\\tb"'],
  ['vi\u0435w\nb', '"vi\\u0435w\\nb"'],
  ['a\n\ud800', '"a\\n\\ud800"'],
])('%j is written as %s', (text, yaml) => expect(toYaml(text)).toBe(`${yaml}\n`));

test.each([
  [1000, (key: string) => `${key}: 1\n`],
  [1001, (key: string) => `? ${key}\n: 1\n`],
])('a key with %d characters', (length, text) => {
  const key = 'x'.repeat(length);
  expect(toYaml({ [key]: 1 })).toBe(text(key));
});

test('members that are undefined are left out, as JSON does', () => {
  expect(toYaml({ a: undefined, b: { c: undefined }, d: 1 })).toBe('b: {}\nd: 1\n');
});

test('what is not JSON is refused', () => {
  expect(() => toYaml({ a: Number.NaN })).toThrow('JSON has no value NaN');
  expect(() => toYaml([undefined])).toThrow('JSON has no value undefined');
  for (const value of [new Date(0), new Map([['a', 1]]), new Set([1]), new URL('https://example.com'), /a/]) {
    expect(() => toYaml({ a: [value] })).toThrow(`JSON has no value ${String(value)}`);
  }
  const others = [Object.create(null), JSON.parse('{}'), runInNewContext('({})')];
  expect(toYaml(others)).toBe('- {}\n- {}\n- {}\n');
});

test('each document begins with its marker', () => {
  expect(documents([{ a: 1 }, { b: 2 }])).toBe('---\na: 1\n---\nb: 2\n');
  expect(documents([])).toBe('');
});

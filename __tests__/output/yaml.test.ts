import { CORE_SCHEMA, load as otherLoad } from 'js-yaml';
import { parse, stringify } from 'yaml';
import { documents, toYaml } from '../../lib/output/yaml';
import fc, { runs } from '../fast-check';

const hardStrings = [
  ...[
    'no',
    'No',
    'NO',
    'yes',
    'y',
    'N',
    'on',
    'Off',
    'true',
    'False',
    'null',
    'Null',
    '~',
    '',
    ' ',
    'nan',
    '.nan',
    '.NaN',
  ],
  ...[
    'inf',
    '.inf',
    '-.INF',
    '0777',
    '0o777',
    '0x1F',
    '0b11',
    '1e3',
    '1E3',
    'e5',
    'e-0',
    'E+1',
    '1.',
    '.5',
    '+1',
    '-0',
    '1_000',
    '12:30',
  ],
  ...[
    '190:20:30',
    '1:30.5',
    '2001-12-14',
    '2001-12-14T21:59:43Z',
    '2001-12-14 21:59:43.10 -5',
    '=',
    '<<',
    '-',
    '?',
    ':',
  ],
  ...[
    '- a',
    '? a',
    ': a',
    'a: b',
    'a:',
    'a:b',
    'a #b',
    'a#b',
    '#a',
    '@a',
    '`a',
    '%a',
    '!a',
    '&a',
    '*a',
    '|',
    '>',
    '|-',
  ],
  ...['[a', ']', '{', 'a, b', '"a"', "'a'", "it's", '"it\'s"', '---', '--- a', '...', 'a\n---\nb', 'a\n...\n', 'a\nb'],
  ...[
    'a\nb\n',
    'a\n\n',
    '\na',
    '\n',
    '\n\n',
    ' a',
    'a ',
    ' a\n b',
    'a\n  b\nc',
    'a \nb',
    'a\n\n\nb',
    '\ta',
    'a\tb',
    'a\r\nb',
  ],
  ...[
    '\r',
    'a\u0000b',
    '\u0007',
    '\u001b[0m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\ufeffa',
    'a\n\ufeffb',
    '👋',
  ],
  ...['ä', '中文', 'e\u0301', 'a\\b', '"', "'", '\\', 'a"b\nc', 'x'.repeat(3000), `${'long '.repeat(60)}end`, '<none>'],
  ...[
    'https://a.b/c#d',
    'system:masters',
    'oidc:a@b.c',
    'a-',
    '-a',
    '/x',
    './x',
    '~/x',
    '__proto__',
    'constructor',
    'NaN',
  ],
  ...[
    '10.0.0.1',
    '0.1.2',
    '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16',
    '--oidc-username-claim=sub',
    '5m',
    '1e',
    '0x',
    '1_a',
    '12e03',
  ],
  // Numbers for Go's readers, which drop every underscore, and for Rust's.
  ...['+_1', '-_00', '9e_-1', '0_b1', '0b-1', '0o+7', '0_x1F', '1_2_:30', '-inf', '+NaN', 'Infinity', '-infinity'],
];

const text = fc.oneof(
  fc.constantFrom(...hardStrings),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[\w .:#@/'"|>?!&*%`,[\]{}=~<+\n\t-]{0,30}$/),
  fc.stringMatching(/^[-+0-9._:eExoTZ ]{0,12}$/),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** Three readers: one of YAML 1.2, one of 1.1, and one by another hand. */
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

test.each(['+a', '-_a', '9e-x', '0b1c', '0xg', '1:60', 'info', '-info', 'v1', '10.0.0.1', 'a_1'])(
  '%s is not: every reader takes it for a string',
  (text) => {
    expect(toYaml(text)).toBe(`${text}\n`);
  },
);

test('members that are undefined are left out, as JSON does', () => {
  expect(toYaml({ a: undefined, b: { c: undefined }, d: 1 })).toBe('b: {}\nd: 1\n');
});

test('what is not JSON is refused', () => {
  expect(() => toYaml({ a: Number.NaN })).toThrow('JSON has no value NaN');
  expect(() => toYaml([undefined])).toThrow('JSON has no value undefined');
});

test('each document begins with its marker', () => {
  expect(documents([{ a: 1 }, { b: 2 }])).toBe('---\na: 1\n---\nb: 2\n');
  expect(documents([])).toBe('');
});

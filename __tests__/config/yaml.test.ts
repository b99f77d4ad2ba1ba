import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar, isSeq, type Node, parseDocument, stringify } from 'yaml';
import { oneConfig } from '../../bench/input';
import { parseSource } from '../../lib/config/source';
import { clearerScalar } from '../../lib/config/yaml-ambiguous';
import { readWithFaults } from '../../lib/config/yaml-faults';
import { YamlPlaces } from '../../lib/config/yaml-places';
import { readValue } from '../../lib/config/yaml-values';
import { toYaml } from '../../lib/output/yaml';
import { homeLabText } from '../config';
import fc, { runs } from '../fast-check';

const fixtures = ['valid', 'invalid'].flatMap((folder) => {
  const path = join(__dirname, '..', 'fixtures', folder);
  return readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8'));
});

const parse = (text: string) => parseSource('f.yaml', new TextEncoder().encode(text));
const codes = (text: string) => parse(text).faults.map(({ code }) => code);

type Path = readonly (string | number)[];

/** Yields all paths in a value, and some that do not exist. */
function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  yield [...path, 'none', 0];
  for (const [key, child] of Object.entries(value)) {
    yield* pathsIn(child, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** Returns the offset of a path according to `yaml`; `undefined` for an empty value, which has no position. */
function placeInYaml(root: Node | null, path: Path, at: 'key' | 'value'): number | undefined {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined;
    const [key, value] = isSeq(node) ? [node.items[Number(step)], node.items[Number(step)]] : [pair?.key, pair?.value];
    if (!isNode(key)) return offset;
    const place = at === 'value' && depth === path.length - 1 ? value : key;
    if (!isNode(place) || (isScalar(place) && place.source === '')) return undefined;
    offset = place.range?.[0] ?? offset;
    node = value;
  }
  return offset;
}

/**
 * Checks that js-yaml reads a text as `yaml` does: with the same value and the same positions. Returns whether js-yaml
 * accepts the text.
 */
function expectSame(text: string): boolean {
  const read = readValue(text);
  const { faults } = parse(text);
  if (!('value' in read) || faults.length > 0) return false;
  const library = readWithFaults(text);
  expect({ text, value: read.value, faults: [] }).toEqual({ text, ...library });
  expect(JSON.stringify(read.value)).toBe(JSON.stringify(library.value));
  const places = new YamlPlaces(text);
  const root = parseDocument(text, { version: '1.2', merge: false }).contents;
  const elsewhere = [...pathsIn(read.value)].flatMap((path) =>
    (['key', 'value'] as const).flatMap((at) => {
      const expected = placeInYaml(root, path, at);
      const { offset } = places.find(path, at);
      return expected === undefined || offset === expected ? [] : [{ text, path, at, offset, expected }];
    }),
  );
  expect(elsewhere).toEqual([]);
  return true;
}

/** Characters and words that have a meaning in YAML, or look as if they had one. */
const spice = fc.oneof(
  fc.constantFrom(...'\n -:#,[]{}\'"&*!|>%@`~?=<\\\t\r/._+09aeé\u0085\u2028\ufeff'),
  fc.constantFrom('\n  ', '\n    - ', '- ', ': ', ' #', '---\n', '...\n', 'null', 'true', 'yes', '0x1f', '1e3', '.inf'),
  fc.constantFrom('<<', "''", '\n\n', '    ', '>-\n  a\n   b\n', '|2\n   c\n', '"a\\n b"', '"a\n  b"', '\\x41', '~'),
  fc.constantFrom('\n  a: b', ' [a, b]', '{ a: b }', 'a: ', '|\n', '"a": ', '? ', '__proto__: ', '1.0', '-1', '0o7'),
  fc.constantFrom('012', '+1', '-0', '1_0', '1e999', '12345678901234567890', 'Null', '\r\n'),
);

describe('YAML', () => {
  test('of configs is read', () => {
    expect(expectSame(homeLabText)).toBe(true);
    expect(expectSame(oneConfig({ clusters: 2, grants: 9 }))).toBe(true);
    expect(fixtures.filter((text) => expectSame(text)).length).toBeGreaterThan(fixtures.length * 0.8);
  });

  test('holds comments, quotes, flow, block scalars and lists in the column of their key', () => {
    const text = `---
# a comment
a: # another
  b: 'x # y'   # z
  c: "1.0"
  "d|": |- # text
    one
    two
  e:
  f: >
    folded
    text
l:
- d: [e, { f: g, i: [ ]}]
  # in between
  j: http://k:1/l
- m n, [o] - p
-
- |
  q
# end
`;
    expect(parse(text).value).toEqual({
      a: { b: 'x # y', c: '1.0', 'd|': 'one\ntwo', e: null, f: 'folded text\n' },
      l: [{ d: ['e', { f: 'g', i: [] }], j: 'http://k:1/l' }, 'm n, [o] - p', null, 'q\n'],
    });
    expect(expectSame(text)).toBe(true);
  });

  test('with a tab before a block scalar is refused, as one of the libraries does', () => {
    expectSame('\t|\n# c\na: b\n');
    expect(parse('\t|\n# c\na: b\n').faults).toMatchObject([{ code: 'tab-indent' }]);
  });

  test('is read as both libraries read it, whatever is changed in it', () => {
    const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), spice), { maxLength: 4 });
    const small = `# c\na:\n  b: [x, "0.10"]\n  c: { d: 1, e: f g }\nl:\n  - p: true\n    o: p:q\n  - r\ns: t # u\n`;
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(fc.constant(small), fc.constantFrom(homeLabText, ...fixtures)), edits, (base, changes) => {
        let text = base;
        for (const [where, cut, put] of changes) {
          const at = Math.floor(where * text.length);
          text = text.slice(0, at) + put + text.slice(at + cut);
        }
        if (expectSame(text)) taken++;
      }),
      { numRuns: runs(120) },
    );
    expect(taken).toBeGreaterThan(runs(120) / 6);
  });

  test('is read as both libraries read it, whatever stands in it', () => {
    const scalar = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ unit: spice, maxLength: 4 }),
      fc.integer(),
      fc.boolean(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(
        fc.stringMatching(/^[a-z][\w.-]{0,5}$/),
        fc.oneof(scalar, tie('tree'), fc.array(tie('entry'), { maxLength: 3 })),
        { maxKeys: 4 },
      ),
      entry: fc.oneof(scalar, tie('tree')),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(0, 1, 2), (value, way) => {
        const texts = [toYaml(value), stringify(value), stringify(value, { collectionStyle: 'flow' })];
        expectSame(texts[way] as string);
      }),
      { numRuns: runs(50) },
    );
  });

  test('that the two libraries read differently is refused', () => {
    expect(codes('a: b\rc: d\n')).not.toEqual([]);
  });

  test('keys such as __proto__ and constructor are keys like any other', () => {
    const { value } = parse('__proto__: { a: 1 }\nconstructor: { prototype: { b: 2 } }\ntoString: c\n');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(codes('constructor: a\nconstructor: b\n')).toEqual(['duplicate-key']);
  });

  test.each(['0x1F', '1.0', '-0', '+1', 'True', 'FALSE', '0.10', '1.5e+3'])(
    'a key %s is refused, where it would become another text',
    (key) => {
      const plain = [`a:\n  ${key}: b\n`, `a: { ${key}: b }\n`, `a: {c: d,${key} : b}\n`, `a: [${key}: b]\n`];
      const bare = [`a: {${key}}\n`, `a: {b: c, ${key}:, d: e}\n`, `a: [${key}:, b]\n`, `a: {${key} , b: c}\n`];
      const explicit = [`? ${key}\n: b\n`, `? ${key}\na: b\n`, `a: { ? ${key} }\n`];
      for (const text of [...plain, ...bare, ...explicit]) {
        expect({ text, codes: codes(text) }).toEqual({ text, codes: ['yaml-key'] });
      }
      expect(parse(`a: { "${key}": b }\n`).value).toEqual({ a: { [key]: 'b' } });
    },
  );

  test.each(['1', '10', '-1', '1.5', 'true', 'a1.0'])('a key %s is that text', (key) => {
    expect(parse(`a:\n  ${key}: b\n`).value).toEqual({ a: { [key]: 'b' } });
  });

  test('keys that are one text are the same key, however they are spelled', () => {
    expect(codes('a: { 1: x, "1": y }\n')).toEqual(['duplicate-key']);
    expect(codes('a: { 1: x, "01": y }\n')).toEqual([]);
  });
});

describe('a scalar', () => {
  test.each([
    ['yes', 'off', 'On', 'NO'],
    ['012', '-07', '0o14', '0b11', '+0x1F', '1_000', '12:30:00', '1:30', '.inf', '-.INF', '.nan'],
    ['2026-11-24', '2026-11-24T10:00:00Z', '=', '12345678901234567890', '1e999'],
    ['1e3', '1E3', '-1e+3', '1.5e3', '.5E3'],
  ])('that readers take for different things is refused: %s', (...scalars) => {
    for (const scalar of scalars) {
      expect([scalar, codes(`a: ${scalar}\n`)]).toEqual([scalar, ['ambiguous-scalar']]);
      expect([scalar, codes(`a: [x, ${scalar}]\n`)]).toEqual([scalar, ['ambiguous-scalar']]);
      expect(parse(`a: "${scalar}"\n`).value).toEqual({ a: scalar });
    }
  });

  test.each([
    'true',
    'y',
    'n',
    'yesterday',
    'none',
    'online',
    '0',
    '10',
    '-1',
    '0.5',
    '1.34',
    '1.5e+3',
    '0x1F',
    '1.2.3',
  ])('that all take for the same is read: %s', (scalar) => expect(clearerScalar(scalar)).toBeUndefined());

  test.each([
    '10.0.0.1',
    '00 22 * * *',
    '1.34.4',
    'http://localhost:8000',
    '10m',
    '[::1]:80',
    '2026-11',
    '9007199254740991',
  ])('that looks a little like one of them is read: %s', (scalar) => expect(clearerScalar(scalar)).toBeUndefined());

  test('that is a merge key, or an ambiguous key, is refused in its place', () => {
    expect(parse('a:\n  <<: { b: c }\n').faults).toMatchObject([{ code: 'ambiguous-scalar', line: 2, column: 3 }]);
    expect(parse('a:\n  b: c\n  no: d\n').faults).toMatchObject([{ code: 'ambiguous-scalar', line: 3, column: 3 }]);
  });
});

const anchor = 'remove the anchor; anchors are not supported';
const alias = 'repeat the value; aliases are not supported';
const tag = 'remove the tag; tags are not supported';
const twice = 'keep one of the two keys';
const neighbors = 'indent the line like its neighbors, and close brackets and quotes before it';
const colon = 'quote a string that contains `: ` or ends with `:`, or indent the line like its neighbors';
const close = 'close the bracket or quote, here or in an earlier line';
const nested = 'YAML does not expect a key here';
const column = 'this line is not indented like the other keys of its map';

test.each<[string, ...[string, number, number, string, string][]]>([
  ['', ['empty-file', 1, 1, 'the file is empty', 'write a config; `kaniflux init` creates one']],
  [
    '# c\rkanidm: {}\r',
    [
      'yaml-unclear',
      1,
      4,
      'some YAML readers treat a carriage return without a line feed as the end of a line, and others do not',
      'end each line with a line feed',
    ],
  ],
  ...[['a: [\n  b,\n]\n', ']', 3, 1] as const, ['a:\n  b: {\n    c: d\n  }\n', '}', 4, 3] as const].map(
    ([text, bracket, line, column]): [string, [string, number, number, string, string]] => [
      text,
      [
        'yaml-unclear',
        line,
        column,
        `some YAML readers refuse \`${bracket}\` at this indentation`,
        'indent this line further than the key whose value ends here',
      ],
    ],
  ),
  ['# c\r\n', ['empty-file', 1, 1, 'the file is empty', 'write a config; `kaniflux init` creates one']],
  ['# c\n', ['empty-file', 1, 1, 'the file is empty', 'write a config; `kaniflux init` creates one']],
  ['null\n', ['empty-file', 1, 1, 'the file is empty', 'write a config; `kaniflux init` creates one']],
  [
    'a: 1\n---\nb: 2\n',
    [
      'several-documents',
      2,
      1,
      'a second document begins here',
      'remove the `---`, and also remove the text after it if that text is not a part of this config',
    ],
  ],
  [
    'a: &x [1]\nb: *x\n',
    ['yaml-anchor', 1, 4, '`&x` is an anchor', anchor],
    ['yaml-alias', 2, 4, '`*x` is an alias of another value', alias],
  ],
  [
    '- &x a\n- !t &y b\n',
    ['yaml-anchor', 1, 3, '`&x` is an anchor', anchor],
    ['yaml-anchor', 2, 6, '`&y` is an anchor', anchor],
    ['yaml-tag', 2, 3, '`!t` is a tag', tag],
  ],
  ['a: !t {b: 1}\n', ['yaml-tag', 1, 4, '`!t` is a tag', tag]],
  ['a:\n  b: 1\n  b: 2\n', ['duplicate-key', 3, 3, 'the map has this key twice', twice]],
  ['a: {1: x, "1": y}\n', ['duplicate-key', 1, 11, 'the map has this key twice', twice]],
  ['\ta: 1\n', ['tab-indent', 1, 1, 'a tab indents this line', 'indent with spaces']],
  ['a:\n   b: 1\n  c: 2\n', ['yaml-syntax', 3, 1, column, neighbors]],
  ['a: b: c\n', ['yaml-syntax', 1, 4, nested, colon]],
  ['a: @x\n', ['yaml-syntax', 1, 4, 'Plain value cannot start with reserved character @', 'quote the string']],
  ['a: "x\n', ['yaml-syntax', 2, 1, 'Missing closing "quote', close]],
  [
    'a: "\\q"\n',
    [
      'yaml-syntax',
      1,
      5,
      'Invalid escape sequence \\q',
      'write each backslash twice, or put the string in single quotes',
    ],
  ],
  ['? [a]\n: b\n', ['yaml-key', 1, 3, 'a key must be a name', 'write `name: value`']],
  ['a:\n  ~: x\n', ['yaml-key', 2, 3, 'a key must be a name', 'write `name: value`']],
  ['a:\n  1.0: x\n', ['yaml-key', 2, 3, '`1.0` is not a name', 'if this is a name, write `"1.0"`']],
  [
    'a: 012\n',
    [
      'ambiguous-scalar',
      1,
      4,
      'YAML readers disagree about `012`',
      'write `"012"` for a string, or the number in plain decimal digits',
    ],
  ],
  [
    'a:\n  no: 1\n',
    ['ambiguous-scalar', 2, 3, 'YAML readers disagree about `no`', 'write `true` or `false`, or `"no"` for a string'],
  ],
  [
    'until: 2027-01-31\nother: 2027-01-31\n',
    ['ambiguous-scalar', 2, 8, 'YAML readers disagree about `2027-01-31`', 'write `"2027-01-31"`'],
  ],
  [
    'until: &x 2027-01-31\n',
    ['yaml-anchor', 1, 8, '`&x` is an anchor', anchor],
    ['ambiguous-scalar', 1, 11, 'YAML readers disagree about `2027-01-31`', 'write `2027-01-31`'],
  ],
  [
    '<<: { b: c }\n',
    [
      'ambiguous-scalar',
      1,
      1,
      'YAML readers disagree about `<<`',
      'write the fields themselves; merge keys are not supported',
    ],
  ],
  [
    'a: 12345678901234567890\n',
    [
      'ambiguous-scalar',
      1,
      4,
      'YAML readers disagree about `12345678901234567890`',
      'write `"12345678901234567890"`: the number is too large',
    ],
  ],
])('%j is told what to write', (text, ...expected) => {
  const { faults, value } = parse(text);
  expect(faults.map(({ code, line, column, message, fix }) => [code, line, column, message, fix])).toEqual(expected);
  expect(value).toBeUndefined();
});

test.each<[string, unknown]>([
  ['until: 2027-01-31\n', { until: '2027-01-31' }],
  ['a: [{ name: x, until: 2027-01-31 }]\n? b\n: c\n', { a: [{ name: 'x', until: '2027-01-31' }], b: 'c' }],
  ['a: "2027-01-31"\n', { a: '2027-01-31' }],
])('%j is read', (text, value) => expect(parse(text)).toMatchObject({ value, faults: [] }));

test.each<[string, Path, number]>([
  ['a:\nb: 1\n', ['a'], 2],
  ['a: # none\nb: 1\n', ['a'], 2],
  ['l:\n  -\n  - x\n', ['l', 0], 6],
  ['l:\n  - x\n  -\n', ['l', 1], 12],
  ['l:\n  -\n  -\n', ['l', 1], 10],
  ['{ a: , b: 1 }\n', ['a'], 4],
  ['a: |\n  x\n', ['a'], 3],
  ['a: >- # folded\n  x\n', ['a'], 3],
  ['a: |+\n\n  x\nb: "|"\n', ['a'], 3],
  ['- |\n  x\n- >\n  y\n', [1], 10],
  ['a: [x, [y, z], w]\n', ['a', 2], 15],
  ['a: [x, [y, z], w]\n', ['a', 1, 1], 11],
  ['a: [x, { k: [y] }, w]\n', ['a', 3], 0],
  ['- a:\n-\n', [1], 6],
  ['- -\n  -\n- \n', [0, 1], 7],
  ['- -\n  -\n- \n', [1], 9],
  ['a: { "b": "c", \'d\': \'e\' }\n', ['a', 'd'], 20],
])('in %j, the value of %j is at %i', (text, path, offset) => {
  expect(new YamlPlaces(text).find(path, 'value').offset).toBe(offset);
});

test.each([
  ['a: &x 1\n', 4],
  ['a: !t 1\n', 3],
  ['a: !t &x 1\n', 7],
  ['a: 2027-01-31\n', 0],
  ['a: 012\n', 0],
  ['a: [\n', 5],
  ['', 0],
  ['null\n', 0],
  ['a: 1\n---\nb: 2\n', 0],
])('%j is refused at %i', (text, refusedAt) => expect(readValue(text)).toEqual({ refusedAt }));

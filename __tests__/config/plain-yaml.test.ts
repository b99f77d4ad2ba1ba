import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { oneConfig } from '../../bench/input';
import { placePlainYaml, readPlainYaml } from '../../lib/config/plain-yaml';
import { readYaml } from '../../lib/config/yaml-library';
import { find, type Tree } from '../../lib/config/yaml-text';
import { toYaml } from '../../lib/output/yaml';
import { homeLabText } from '../config';

const fixtures = ['valid', 'invalid'].flatMap((folder) => {
  const path = join(__dirname, '..', 'fixtures', folder);
  return readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8'));
});

/** Every path in a value, with some that are not there. */
function* pathsIn(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  yield [...path, 'none', 0];
  for (const key of keys) yield* pathsIn((value as Record<string | number, unknown>)[key], [...path, key]);
}

/** Where everything is, and how it is written. */
const placesIn = <Node>(value: unknown, tree: Tree<Node>): string =>
  Array.from(pathsIn(value), (path) => {
    const { offset, node } = find(tree, path, 'value');
    return `${path.join('.')} ${find(tree, path, 'key').offset} ${offset} ${node === undefined ? '' : tree.written(node)}`;
  }).join('\n');

/** What it takes, it takes as the library does: value, places, and scalars as they are written. */
function expectSame(text: string): boolean {
  const value = readPlainYaml(text);
  if (value === undefined) return false;
  const library = readYaml(text);
  expect({ text, value, faults: [] }).toEqual({ text, value: library.value, faults: library.faults });
  expect(JSON.stringify(value)).toBe(JSON.stringify(library.value));
  expect({ text, places: placesIn(value, placePlainYaml(text)) }).toEqual({
    text,
    places: placesIn(value, library.tree),
  });
  return true;
}

/** Signs and words that mean something in YAML, or that look as if. */
const spice = fc.oneof(
  fc.constantFrom(...'\n -:#,[]{}\'"&*!|>%@`~?=<\\\t\r/._+09aeé\u0085\u2028'),
  fc.constantFrom(
    '\n  ',
    '\n    - ',
    '- ',
    ': ',
    ' #',
    '---\n',
    '...\n',
    'null',
    'true',
    'yes',
    '0x1f',
    '1e3',
    '.inf',
    '<<',
    "''",
  ),
  fc.constantFrom(
    '\n  a: b',
    ' [a, b]',
    '{ a: b }',
    'a: ',
    '|\n',
    '"a": ',
    '? ',
    '__proto__: ',
    '1.0',
    '-1',
    '0o7',
    '012',
  ),
);

const runs = 400;

describe('plain YAML', () => {
  test('is what configs are written in', () => {
    expect(readPlainYaml(homeLabText)).toBeDefined();
    expect(readPlainYaml(oneConfig({ clusters: 2, grants: 9 }))).toBeDefined();
    expect(expectSame(homeLabText)).toBe(true);
    expect(fixtures.filter((text) => expectSame(text)).length).toBeGreaterThan(fixtures.length * 0.8);
  });

  test('holds comments, quotes, flow and lists in the column of their key', () => {
    const text = `---
# a comment
a: # another
  b: 'x # y'   # z
  c: "1.0"
l:
- d: [e, { f: g, i: [ ]}]
  # in between
  j: http://k:1/l
- m n, [o] - p
# end
`;
    expect(readPlainYaml(text)).toEqual({
      a: { b: 'x # y', c: '1.0' },
      l: [{ d: ['e', { f: 'g', i: [] }], j: 'http://k:1/l' }, 'm n, [o] - p'],
    });
    expect(expectSame(text)).toBe(true);
  });

  test('is read as the library reads it, whatever is changed in it', () => {
    const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), spice), { maxLength: 4 });
    const small = `# c\na:\n  b: [x, "0.10"]\n  c: { d: 1, e: f g }\nl:\n  - n: true\n    o: p:q\n  - r\ns: t # u\n`;
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
      { numRuns: runs * 3 },
    );
    expect(taken).toBeGreaterThan(runs / 2);
  });

  test('is read as the library reads it, whatever stands in it', () => {
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
      { numRuns: runs },
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readClusters } from '../../lib/config/clusters';
import { maxFileSize } from '../../lib/config/decode';
import { collect, locate, positionOf } from '../../lib/config/locate';
import { memoryReader } from '../../lib/config/reader';
import { parseSource } from '../../lib/config/source';
import { parseVersion } from '../../lib/config/version';
import { loadConfig } from '../../lib/load-config';
import { homeLabText } from '../config';

const bytes = (text: string) => new TextEncoder().encode(text);
const codes = (text: string | Uint8Array) =>
  parseSource('kaniflux.yaml', typeof text === 'string' ? bytes(text) : text).faults.map(({ code }) => code);

describe('the text of a file', () => {
  test('becomes its value, with each thing in its place', () => {
    const source = parseSource('f.yaml', bytes('a:\n  b: [x, 0.10]\n'));
    expect(source.faults).toEqual([]);
    expect(source.value).toEqual({ a: { b: ['x', 0.1] } });
    expect(source.locate(['a', 'b', 1])).toEqual({ line: 2, column: 10 });
    expect(source.locate(['a', 'b'], 'key')).toEqual({ line: 2, column: 3 });
    expect(source.written(['a', 'b', 1])).toBe('0.10');
  });

  test('a path that is not there stands where its nearest parent is', () => {
    const source = parseSource('f.yaml', bytes('a:\n  b: 1\n'));
    expect(source.locate(['a', 'c', 'd'])).toEqual({ line: 1, column: 1 });
  });

  test.each(['a:\n  b: [x, 0.10]\n  c: |\n    text\n', 'a: &anchor 1\n', '1.0: x\nb: {"c": "d"}\n'])(
    'has the same places if they are kept while it is read: %j',
    (text) => {
      const later = parseSource('f.yaml', bytes(text));
      const kept = parseSource('f.yaml', bytes(text), { keepPlaces: true });
      for (const path of [[], ['a'], ['a', 'b'], ['a', 'b', 1], ['a', 'c'], ['1'], ['b', 'c']]) {
        expect(kept.locate(path)).toEqual(later.locate(path));
        expect(kept.locate(path, 'key')).toEqual(later.locate(path, 'key'));
        expect(kept.written(path)).toBe(later.written(path));
      }
    },
  );

  test.each([
    ['of a few bytes is read without more', 10, []],
    ['of more than a megabyte is announced before and after it is parsed', 2 ** 20, ['before', 'after']],
  ])('%s', (_, spaces, expected) => {
    const calls: string[] = [];
    const largeText = { before: () => calls.push('before'), after: () => calls.push('after') };
    const { value } = parseSource('f.yaml', bytes(`a: 1 #${' '.repeat(spaces)}\n`), { largeText });
    expect(value).toEqual({ a: 1 });
    expect(calls).toEqual(expected);
  });

  test('of more than a megabyte keeps its places', () => {
    const text = `- 7: x # ${' '.repeat(2 ** 20)}\n  'b': "\\x41"\n- c: |-\n    d\n  e: 1.50\n`;
    const { locate, written } = parseSource('f.yaml', () => bytes(text));
    expect(
      [
        [0, '7'],
        [0, 'b'],
        [1, 'c'],
        [1, 'e'],
      ].map((path) => locate(path)),
    ).toEqual([
      { line: 1, column: 6 },
      { line: 2, column: 8 },
      { line: 3, column: 6 },
      { line: 5, column: 6 },
    ]);
    expect(written([1, 'e'])).toBe('1.50');
  });

  test('is announced before and after more than a hundred cluster files', () => {
    const calls: string[] = [];
    const largeText = { before: () => calls.push('before'), after: () => calls.push('after') };
    const read = (count: number) => {
      const files = Array.from({ length: count }, (_, i) => [`c${i}.yaml`, `name: c${i}`]);
      readClusters('*.yaml', memoryReader(Object.fromEntries(files)), { largeText });
      return calls.splice(0);
    };
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`c${i}.yaml`, `name: c${i}`]));
    expect(readClusters('*.yaml', memoryReader(many)).sources.size).toBe(101);
    expect(readClusters('*.yaml', memoryReader(many), {}).sources.size).toBe(101);
    expect(read(100)).toEqual([]);
    expect(read(101)).toEqual(['before', 'after']);
  });

  test('a byte order mark and Windows line ends are read', () => {
    const source = parseSource('f.yaml', bytes('\ufeffa: 1\r\nb: 2\r\n'));
    expect(source.value).toEqual({ a: 1, b: 2 });
    expect(source.line(2)).toBe('b: 2');
  });

  test('a key like __proto__ is a key like any other', () => {
    const { value } = parseSource('f.yaml', bytes('__proto__: { admin: true }\n'));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  test.each([
    ['a: "x\u0085y"\n', 'U+0085', 6],
    ['# \u2028\na: 1\n', 'U+2028', 3],
    ['a: 1 # \u2029\n', 'U+2029', 8],
  ])('that has %j is refused: a writer of YAML 1.1 meant a line break by it', (text, character, column) => {
    const { value, faults } = parseSource('f.yaml', bytes(text));
    expect(value).toBeUndefined();
    expect(faults).toEqual([
      expect.objectContaining({ code: 'yaml-unclear', line: 1, column, message: expect.stringContaining(character) }),
    ]);
  });

  test('with the same characters as escapes is read', () => {
    const { value, faults } = parseSource('f.yaml', bytes('a: "\\u0085\\L\\u2029"\n'));
    expect({ value, faults }).toEqual({ value: { a: '\u0085\u2028\u2029' }, faults: [] });
  });

  test('that is not UTF-8 is refused', () => {
    expect(codes(new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]))).toEqual(['not-utf8']);
  });

  test('of fifty megabytes is refused without being parsed', () => {
    expect(codes(new Uint8Array(50 * 1024 * 1024))).toEqual(['too-large']);
    expect(maxFileSize).toBeLessThan(50 * 1024 * 1024);
  });

  test('that is nested without end is refused', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{a: ', '}'],
      ['- ', ''],
    ] as const) {
      for (const times of [200, 100_000]) {
        expect(codes(open.repeat(times) + close.repeat(times))).toContain('nested-too-deep');
      }
    }
    expect(codes('? '.repeat(100_000))).toEqual(['nested-too-deep']);
  });

  test('a bomb of aliases is refused before it multiplies', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) =>
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
    );
    const found = codes(`a: &a-1 [x]\n${levels.join('\n')}\n`);
    expect(new Set(found)).toEqual(new Set(['yaml-anchor', 'yaml-alias']));
  });
});

describe('loadConfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('reads a file of the disk', () => {
    writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
    expect(loadConfig(join(folder, 'kaniflux.yaml')).kanidm.domain).toBe('sso.kammel.dev');
  });

  test('throws every error in one, and says why a file or folder cannot be read', () => {
    writeFileSync(join(folder, 'bad.yaml'), 'kanidm: {}\nclusters: {}\ncolour: blue\n');
    expect(() => loadConfig(join(folder, 'bad.yaml'))).toThrow(/`domain` is missing[\s\S]*`colour` is not a field/);
    expect(() => loadConfig(folder)).toThrow(/EISDIR/);
    expect(() => loadConfig(join(folder, 'none.yaml'))).toThrow(/ENOENT/);
  });
});

test.each<[string, Uint8Array, string, string]>([
  [
    'too large',
    new Uint8Array(maxFileSize + 1),
    'the file has 33 MiB, more than 32 MiB',
    'check that it is a config; a large one can be split with `clusters: clusters/*.yaml`',
  ],
  [
    'not UTF-8',
    new Uint8Array([0xff]),
    'the file is not UTF-8: this character is invalid',
    'save the file as UTF-8; `iconv -f WINDOWS-1252 -t UTF-8` converts a file from WINDOWS-1252',
  ],
  [
    'UTF-16',
    new Uint8Array([0xff, 0xfe, 0x61, 0]),
    'the file is UTF-16, not UTF-8',
    'save the file as UTF-8; `iconv -f UTF-16 -t UTF-8` converts a file from UTF-16',
  ],
  [
    'nested too deeply',
    bytes('['.repeat(1001)),
    'the file is nested too deeply to be read',
    'check for stray brackets and dashes',
  ],
])('a file that is %s is told so', (_, content, message, fix) => {
  const { faults, locate, has, written, value } = parseSource('f.yaml', content);
  expect(faults).toMatchObject([{ line: 1, column: 1, message, fix }]);
  expect([locate(['a']), has(['a']), has([]), written(['a']), value]).toEqual([
    { line: 1, column: 1 },
    false,
    false,
    undefined,
    undefined,
  ]);
});

test.each([
  ['after characters of several bytes', [...bytes('ä: ü\nb: ö'), 0xfc, 0x0a], 2, 5],
  ['after a replacement character that the file has', [...bytes('\ufffd\n\ufffd'), 0xe4], 2, 2],
  ['after a byte order mark', [0xef, 0xbb, 0xbf, ...bytes('a\n'), 0xe4], 2, 1],
])('the first byte that is not UTF-8 is found %s', (_, content, line, column) => {
  expect(parseSource('f.yaml', new Uint8Array(content)).faults).toMatchObject([{ code: 'not-utf8', line, column }]);
});

test.each([
  ['a conflict of Git', 'a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n', 2, 1, /^keep one of the two/],
  ['no space after a colon', 'a:\n  b:c\n  d: e\n', 2, 3, /with a space after the colon$/],
  ['a no-break space after a colon', 'a:\n  b:\u00a0c\n  d: e\n', 2, 5, /^write a plain space$/],
  ['a no-break space in the indentation', 'a:\n  b:\n\u00a0\u00a0  c: d\n    e: f\n', 3, 1, /^write a plain space$/],
  ['a no-break space in a string', 'a:\n  b: x\u00a0y: z\n', 2, 6, /^quote a string that contains/],
  ['a full-width colon', 'a:\n  b\uff1ac\n  d: e\n', 2, 4, /^write `:`, with a space/],
  ['a dash of a text processor', 'a:\n  \u2013 b: c\n    d: e\n', 2, 3, /^write `-`$/],
  ['no space after a hyphen', 'a:\n  -b: c\n    d: e\n', 2, 3, /^write a space after the `-`$/],
  ['a comment of another language', 'a: b\n// c\nd: e\n', 2, 1, /^begin the comment with `#`$/],
  ['a variable in braces', `a: { b: ${'$'}{C} }\n`, 1, 10, /evaluates no templates/],
  ['typographic quotes', 'a: \u201cb\u2019s\u201d\n', 1, 4, /^write `"b\u2019s"`$/],
  ['typographic quotes after a colon', '{"a":\u201cb\u201d}\n', 1, 6, /^write `"b"`$/],
  ['single typographic quotes', 'a: \u2018b\u2019s\u2019\n', 1, 4, /^write `"b\u2019s"`$/],
  ['German single quotes', 'a: \u201ab\u2018\n', 1, 4, /^write `"b"`$/],
  ['no space after the hyphen of a map', 'a:\n  -{ b: c, d: e }\n', 2, 3, /^write a space after the `-`$/],
  ['a last day', 'until: 2027-1-5\n', 1, 8, /^write `2027-01-05`$/],
  ['a last day with a time', '- until: 2027-01-31T00:00:00Z\n', 1, 10, /^write `2027-01-31`$/],
  ['a day when an account expires', 'expires: 2027-1-31\n', 1, 10, /^write `"2027-01-31T00:00:00Z"`$/],
  ['a time when an account expires', 'expires: 2027-01-31T00:00:00Z\n', 1, 10, /^write `"2027-01-31T00:00:00Z"`$/],
  ['a time with a space', 'expires: 2027-1-31 10:00:00Z\n', 1, 10, /^write `"2027-01-31T10:00:00Z"`$/],
  ['a time without a zone', 'validFrom: 2027-01-31T10:00\n', 1, 12, /^write `"2027-01-31T10:00:00Z"`$/],
  ['a time with a zone', 'expires: 2027-1-31T10:00:00+02:00\n', 1, 10, /^write `"2027-01-31T10:00:00\+02:00"`$/],
  ['another day', 'a: 2027-1-5\n', 1, 4, /^write `"2027-1-5"`$/],
  ['days in a list', 'until: [2027-1-5]\n', 1, 9, /^write `"2027-1-5"`$/],
  ['typographic quotes around a key', '\u201eb\u201c: c\n', 1, 1, /^write `"b"`$/],
  ['an unquoted *', 'a: [*]\n', 1, 5, /^quote the string that begins with `\*`$/],
  ['a quote in a string', "a: 'x'y'\n", 1, 7, /in double quotes if it contains single quotes$/],
  ['another quote in a string', 'a: "x"y""\n', 1, 7, /in single quotes if it contains double quotes$/],
  ['a line indented less', '  a: b\n c: d\n', 2, 2, /^indent the line/],
  ['two values', 'a: {b: c} d\n', 1, 11, /^fix the YAML here$/],
  ['a list in the line of its key', 'a: - b\n', 1, 4, /next line$/],
  ['a backslash', 'a: "\\d"\n', 1, 5, /each backslash twice/],
  ['a template', 'a: {{ b }}\n', 1, 5, /evaluates no templates/],
  ['a map as a key', '{ {a: b}: c }\n', 1, 3, /^write `name: value`$/],
  ['an anchor', 'a: &x\n  b: c\n', 1, 4, /^remove the anchor/],
  ['a tag', 'a: !!str  b\n', 1, 4, /^remove the tag/],
])('the fix of %s can be followed', (_, text, line, column, fix) => {
  expect(parseSource('f.yaml', bytes(text)).faults).toMatchObject([{ line, column, fix: expect.stringMatching(fix) }]);
});

test('the name of a token of the parser is not in the message about a list in the line of its key', () => {
  const [fault] = parseSource('f.yaml', bytes('a: - b\n')).faults;
  expect(fault?.message).toBe('this list begins in the line of its key');
});

test.each([
  ['quotes inside a text', 'a: the \u201cb\u201d\n'],
  ['two texts in quotes', 'a: \u201cb\u201d and \u201cc\u201d\n'],
  ['two texts in single quotes', 'a: \u2018b\u2019 or \u2018c\u2019\n'],
  ['an apostrophe', 'a: b\u2019s\n'],
  ['typographic quotes in plain ones', 'a: "\u201cb\u201d"\n'],
  ['a hyphen before a number, and before a word', 'a: -1\nb: -c\n'],
])('%s are read as they stand', (_, text) => expect(codes(text)).toEqual([]));

test('what follows from a tab is not reported', () => {
  expect(codes('a: 1\n\tb: 2\n\tb: 3\na: 2\n').filter((code) => code !== 'tab-indent')).toEqual([]);
});

test('what only looks like a conflict is text', () => {
  expect(codes('a: |\n  <<<<<<< HEAD\n')).toEqual([]);
});

test('lines and columns are counted from 1, and lines have no ends', () => {
  const source = parseSource('f.yaml', bytes('a: 1\r\nbb:\n  - c: x\n\n  - d\n'));
  expect([1, 2, 3, 4, 5, 6, 7].map((line) => source.line(line))).toEqual([
    'a: 1',
    'bb:',
    '  - c: x',
    '',
    '  - d',
    '',
    '',
  ]);
  expect([['a'], ['bb'], ['bb', 0], ['bb', 0, 'c'], ['bb', 1]].map((path) => source.locate(path))).toEqual([
    { line: 1, column: 4 },
    { line: 3, column: 3 },
    { line: 3, column: 5 },
    { line: 3, column: 8 },
    { line: 5, column: 5 },
  ]);
  expect([source.has(['bb', 1]), source.has(['bb', 2]), source.has(['bb', 'c']), source.has([])]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test('findings are sorted by file, line, column and code, and misleading characters are spelled out', () => {
  const main = parseSource('z.yaml', bytes('a: { b: 1, c: 2 }\nclusters: x\u200b\n'));
  const own = parseSource('a.yaml', bytes('name: own\nserver: x\n'));
  const broken = parseSource('b.yaml', bytes('a: 1\na: 2\n'));
  const sources = {
    main,
    clusters: new Map([
      ['own', own],
      ['broken', broken],
    ]),
  };
  const at = (code: string, ...path: string[]) => ({
    ...{ code, severity: 'error' as const, place: { path }, message: 'm\u200b', fix: 'f\u200b' },
  });
  const found = collect(sources, [
    at('x', 'clusters', 'own', 'server'),
    at('y', 'clusters'),
    at('b', 'a', 'c'),
    at('a', 'a', 'c'),
    at('c', 'a', 'b'),
  ]);
  expect(found.map(({ file, line, column, code }) => [file, line, column, code])).toEqual([
    ['z.yaml', 1, 9, 'c'],
    ['z.yaml', 1, 15, 'a'],
    ['z.yaml', 1, 15, 'b'],
    ['z.yaml', 2, 11, 'y'],
    ['a.yaml', 2, 9, 'x'],
    ['b.yaml', 2, 1, 'duplicate-key'],
  ]);
  expect(found[3]).toMatchObject({ message: 'm\\u200b', fix: 'f\\u200b', excerpt: 'clusters: x\\u200b' });
  expect(found[5]).toMatchObject({ severity: 'error', excerpt: 'a: 2', message: 'the map has this key twice' });
  const draft = { ...at('x', 'a'), message: (cluster: string) => `on ${cluster}.` };
  const subject = { cluster: 'c', grant: 'g', group: 'h' };
  expect(locate(sources, draft)).toMatchObject({ message: 'on .' });
  expect(locate(sources, draft)).not.toHaveProperty('cluster');
  expect(locate(sources, draft, subject)).toMatchObject({ message: 'on c.', ...subject });
  expect(locate(sources, { ...draft, cluster: 'd', grant: 'e', group: 'f' }, subject)).toMatchObject({
    ...{ message: 'on d.', cluster: 'd', grant: 'e', group: 'f' },
  });
  const fleet = locate(sources, { ...draft, clusters: ['d', 'e'] }, subject);
  expect(fleet).toMatchObject({ message: 'on .', clusters: ['d', 'e'] });
  expect(fleet).not.toHaveProperty('cluster');
  const manifest = { file: 'm.yaml', line: 7 };
  expect(locate(sources, { ...draft, place: { path: [], manifest } })).toMatchObject({
    ...{ ...manifest, column: 1, excerpt: '' },
  });
  expect(positionOf(sources, { path: [], manifest })).toEqual({ ...manifest, column: 1 });
  expect(positionOf(sources, { path: ['clusters', 'own', 'server'] })).toEqual({ file: 'a.yaml', line: 2, column: 9 });
});

test.each([
  ['1.34', { text: '1.34', major: 1, minor: 34 }],
  ['v1.34.4', { text: '1.34.4', major: 1, minor: 34, patch: 4 }],
  ['v1.34.4+k3s1', { text: '1.34.4', major: 1, minor: 34, patch: 4 }],
  ['1.30.9-eks-a1b2', { text: '1.30.9', major: 1, minor: 30, patch: 9 }],
])('the version %s is read', (text, version) => expect(parseVersion(text)).toStrictEqual(version));

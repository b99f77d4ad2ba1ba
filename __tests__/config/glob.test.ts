import picomatch from 'picomatch';
import { baseOf, globMatcher } from '../../lib/config/glob';
import { memoryReader } from '../../lib/config/reader';

const fits = (glob: string, path: string): boolean => globMatcher(glob)?.(path) ?? false;

test.each([
  ['clusters/*.yaml', 'clusters/a.yaml', 'clusters/a/b.yaml'],
  ['clusters/*.yaml', 'clusters/a.b.yaml', 'clusters/.a.yaml'],
  ['clusters/.*.yaml', 'clusters/.a.yaml', 'clusters/a.yaml'],
  ['**/*.yaml', 'a.yaml', '.git/a.yaml'],
  ['fleet/**/c.yaml', 'fleet/a/b/c.yaml', 'fleet/a/b/d.yaml'],
  ['fleet/**/c.yaml', 'fleet/c.yaml', 'fleets/c.yaml'],
  ['fleet/**', 'fleet/a/b', 'other/a'],
  ['c?.yaml', 'c1.yaml', 'c12.yaml'],
  ['c[0-3].yaml', 'c2.yaml', 'c4.yaml'],
  ['c[^0-3].yaml', 'c4.yaml', 'c2.yaml'],
  ['{eu,us}-*.yaml', 'us-1.yaml', 'ap-1.yaml'],
  ['{a,b{c,d}}/*.yaml', 'bd/x.yaml', 'b/x.yaml'],
  ['a\\*.yaml', 'a*.yaml', 'ab.yaml'],
  ['*a*b*c', 'xaxbxc', 'xaxcxb'],
  ['ä*.yaml', 'äö.yaml', 'aö.yaml'],
])('%s means %s, and not %s, here and for picomatch', (glob, hit, miss) => {
  for (const matcher of [(path: string) => fits(glob, path), picomatch(glob)]) {
    expect(matcher(hit)).toBe(true);
    expect(matcher(miss)).toBe(false);
  }
});

test('many stars and a long name: an expression of picomatch does not come back', () => {
  const glob = `clusters/${'*a'.repeat(60)}b.yaml`;
  expect(fits(glob, `clusters/${'a'.repeat(250)}.yaml`)).toBe(false);
  expect(fits(glob, `clusters/${'a'.repeat(240)}b.yaml`)).toBe(true);
  expect(fits(`${'**/a/'.repeat(40)}b`, 'a/'.repeat(1000))).toBe(false);
});

test('braces that multiply without end mean nothing', () => {
  expect(globMatcher('{a,b}'.repeat(30))).toBeUndefined();
});

test.each([
  ['clusters/*.yaml', 'clusters'],
  ['*.yaml', ''],
  ['a/b/{c,d}/*.yaml', 'a/b'],
  ['a/**/b.yaml', 'a'],
  ['a/b.yaml', 'a'],
])('%s is looked for below %p', (glob, base) => expect(baseOf(glob)).toBe(base));

test.each([
  ['c[ab].yaml', ['ca.yaml', 'cb.yaml'], ['cc.yaml', 'c.yaml', 'c[ab].yaml']],
  ['c[!ab].yaml', ['cc.yaml'], ['ca.yaml', 'cb.yaml']],
  ['c[0-3x].yaml', ['c0.yaml', 'c3.yaml', 'cx.yaml'], ['c4.yaml', 'cy.yaml']],
  ['c[]a].yaml', ['c].yaml', 'ca.yaml'], ['cb.yaml']],
  ['c[^]a].yaml', ['cb.yaml'], ['c].yaml', 'ca.yaml']],
  ['c[a', ['c[a'], ['ca', 'c']],
  ['[.]a', ['.a'], ['a', 'xa']],
  ['?a', ['xa'], ['.a', 'a']],
  ['[!b]a', ['xa'], ['.a', 'ba']],
  ['**', ['a', 'a/b'], ['.a', 'a/.b']],
  ['a/*/c', ['a/b/c'], ['a/.b/c', 'a/c', 'a/b/b/c']],
  ['a\\', ['a\\'], ['a']],
  ['\\{a,b}', ['{a,b}'], ['a', 'b', '\\a']],
  ['\\\\{a,b}', ['\\a', '\\b'], ['{a,b}', 'a']],
  ['{a}', ['{a}'], ['a']],
  ['{a,}b', ['ab', 'b'], ['{a,}b']],
])('%s means %j, and not %j', (glob, hits, misses) => {
  expect(hits.filter((path) => !fits(glob, path))).toEqual([]);
  expect(misses.filter((path) => fits(glob, path))).toEqual([]);
});

test.each(['a/b?/c.yaml', 'a/[b]/c.yaml', 'a/{b,c}/d.yaml', 'a/b\\*/c.yaml', 'a/*/b/c.yaml'])(
  '%s is looked for below a',
  (glob) => expect(baseOf(glob)).toBe('a'),
);

test('files in memory are read and listed by their paths', () => {
  const { read, list } = memoryReader({ 'b/y': 'Y', 'a/x': new Uint8Array([88]), 'ab/z': 'Z' });
  const text = (path: string) => new TextDecoder().decode(read(path));
  expect([text('a/x'), text('./b/y')]).toEqual(['X', 'Y']);
  expect(() => read('c')).toThrow("ENOENT: no such file, open 'c'");
  expect([list(''), list('.'), list('a'), list('c')]).toEqual([
    ['a/x', 'ab/z', 'b/y'],
    ['a/x', 'ab/z', 'b/y'],
    ['a/x'],
    [],
  ]);
});

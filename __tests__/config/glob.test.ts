import picomatch from 'picomatch';
import { baseOf, globMatcher } from '../../lib/config/glob';

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

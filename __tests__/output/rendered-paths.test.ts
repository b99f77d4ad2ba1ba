import { foldersAbove, Paths } from '../../lib/output/rendered-paths';

/** Adds paths one after the other. Returns the error message for the last path, or `undefined` if this path is accepted. */
function add(...paths: readonly string[]): string | undefined {
  const added = new Paths();
  for (const path of paths.slice(0, -1)) added.add(path);
  try {
    for (const path of paths.slice(-1)) added.add(path);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

test.each([
  ...['', '/', '/x', 'a/', 'a//b', '.', '..', '../x', './a', 'a/.', 'a/./b', 'a/..', 'a/../b'],
  ...['a\\b', 'C:a', 'a*', 'a?', 'a"', '<a', 'a>', 'a|', 'a\n', 'a\u0000', 'a\u0085'],
])('%j is no path of a file', (path) => {
  expect(add(path)).toBe(`OutputError: '${path}' can't be the path of a rendered file`);
});

test.each(['.kaniflux', '.kaniflux.json', '.kaniflux.tmp/0', '.KANIFLUX.lock', '.kaniflux/a'])(
  '%s is reserved',
  (path) => expect(add(path)).toBe(`OutputError: '${path}' is a reserved name`),
);

test.each([
  ['a.yaml'],
  ['...'],
  ['.a/..b/c..'],
  ['Ä b/(c)#&.json'],
  ['.kanifluxes'],
  ['a.kaniflux'],
  ['a/.kaniflux.json'],
  ['a/b', 'a/c', 'a/d/e', 'ab'],
])('valid, also together: %s', (...paths) => expect(add(...paths)).toBeUndefined());

test.each([
  [['c/a', 'c/a'], "'c/a' and 'c/a'"],
  [['c/a', 'c/A'], "'c/a' and 'c/A'"],
  [['e\u0301', '\u00e9'], "'e\u0301' and '\u00e9'"],
  [['c/a', 'C/b'], "'c/' and 'C/b'"],
  [['x/c/a', 'x/C/b'], "'x/c/' and 'x/C/b'"],
  [['c', 'c/d'], "'c' and 'c/d'"],
  [['c', 'C/d/e'], "'c' and 'C/d/e'"],
  [['c/d', 'C'], "'c/' and 'C'"],
  [['x/c/d', 'x/c'], "'x/c/' and 'x/c'"],
])('%j would be the same file on some file systems', (paths, both) => {
  expect(add(...paths)).toBe(`OutputError: two rendered files would be the same on some file systems: ${both}`);
});

test('a path is there with its own spelling only', () => {
  const paths = new Paths();
  paths.add('a/B');
  expect(['a/B', 'a/b', 'a', 'B'].map((path) => paths.has(path))).toEqual([true, false, false, false]);
});

test.each([
  ['a', []],
  ['a/b', ['a']],
  ['a/bc/d/e', ['a', 'a/bc', 'a/bc/d']],
])('the folders above %s are %j', (path, folders) => expect(foldersAbove(path)).toEqual(folders));

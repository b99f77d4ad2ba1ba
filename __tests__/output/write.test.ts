import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { check, contents, files, output, removeTemporary, temporary, write } from './folder';

afterEach(removeTemporary);

const first = { 'a/one.yaml': 'one\n', 'a/two.yaml': 'two\n', 'b/three.yaml': 'three\n' };

async function written(): Promise<string> {
  const dist = temporary();
  await write(dist, files(first));
  return dist;
}

describe('writing', () => {
  test('makes the files, and an index of their hashes', async () => {
    const dist = join(temporary(), 'new', 'dist');
    const result = await write(dist, files(first));
    expect(output(dist)).toEqual(first);
    expect(result).toMatchObject({ created: Object.keys(first), changed: [], removed: [], unchanged: 0 });
    const index = JSON.parse(readFileSync(join(dist, '.kaniflux.json'), 'utf8'));
    expect(Object.keys(index.files)).toEqual(Object.keys(first));
    // sha256sum of "one\n"
    expect(index.files['a/one.yaml']).toBe('2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806');
  });

  test('leaves what is the same alone, the index too', async () => {
    const dist = await written();
    const times = () => Object.keys(contents(dist)).map((path) => statSync(join(dist, path), { bigint: true }).mtimeNs);
    const before = times();
    expect(await write(dist, files(first))).toMatchObject({ created: [], changed: [], unchanged: 3 });
    expect(times()).toEqual(before);
  });

  test('touches only what changed', async () => {
    const dist = await written();
    const inode = () => statSync(join(dist, 'a/two.yaml')).ino;
    const before = inode();
    const result = await write(dist, files({ ...first, 'a/one.yaml': 'other\n' }));
    expect(result).toMatchObject({ created: [], changed: ['a/one.yaml'], removed: [], repaired: [], unchanged: 2 });
    expect(inode()).toBe(before);
    expect(readFileSync(join(dist, 'a/one.yaml'), 'utf8')).toBe('other\n');
  });

  test('removes what an earlier run wrote, and the folders that are empty then', async () => {
    const dist = await written();
    const result = await write(dist, files({ 'b/three.yaml': 'three\n' }));
    expect(result.removed).toEqual(['a/one.yaml', 'a/two.yaml']);
    expect(contents(dist)).toEqual({ '.kaniflux.json': expect.any(String), 'b/three.yaml': 'three\n' });
  });

  test('never touches what is not ours', async () => {
    const dist = await written();
    writeFileSync(join(dist, 'a/mine.txt'), 'mine');
    writeFileSync(join(dist, 'README.md'), 'mine');
    await write(dist, []);
    expect(output(dist)).toEqual({ 'README.md': 'mine', 'a/mine.txt': 'mine' });
  });

  test('writes a file again that was edited by hand, and says so', async () => {
    const dist = await written();
    writeFileSync(join(dist, 'a/one.yaml'), 'edited\n');
    expect((await write(dist, files(first))).repaired).toEqual(['a/one.yaml']);
    expect(output(dist)).toEqual(first);
    writeFileSync(join(dist, 'a/one.yaml'), 'edited\n');
  });

  test('leaves a file that was edited by hand and is no longer rendered, and says so once', async () => {
    const dist = await written();
    writeFileSync(join(dist, 'a/one.yaml'), 'edited\n');
    const rest = files({ 'b/three.yaml': 'three\n' });
    expect(await check(dist, rest)).toMatchObject({ stale: ['a/one.yaml', 'a/two.yaml'] });
    expect(await write(dist, rest)).toMatchObject({ left: ['a/one.yaml'], removed: ['a/two.yaml'], repaired: [] });
    expect(output(dist)).toEqual({ 'a/one.yaml': 'edited\n', 'b/three.yaml': 'three\n' });
    expect(await write(dist, rest)).toMatchObject({ left: [], removed: [], unchanged: 1 });
    await expect(write(dist, files(first))).rejects.toThrow('did not write this file');
  });

  test('makes a program executable, and fixes that too', async () => {
    const dist = temporary();
    const program = [{ path: 'run.sh', text: 'true\n', executable: true }];
    await write(dist, program);
    expect(statSync(join(dist, 'run.sh')).mode & 0o111).toBe(0o111);
    chmodSync(join(dist, 'run.sh'), 0o644);
    expect((await write(dist, program)).changed).toEqual(['run.sh']);
    expect(statSync(join(dist, 'run.sh')).mode & 0o111).toBe(0o111);
  });

  test('takes a foreign file with the very same bytes as its own', async () => {
    const dist = temporary();
    writeFileSync(join(dist, 'one'), 'one\n');
    expect(await write(dist, files({ one: 'one\n' }))).toMatchObject({ unchanged: 1, created: [] });
    expect((await write(dist, [])).removed).toEqual(['one']);
  });

  test('turns a file of ours into a folder, and back', async () => {
    const dist = temporary();
    await write(dist, files({ a: '1' }));
    await write(dist, files({ 'a/b/c': '2', 'a/d': '3' }));
    expect(output(dist)).toEqual({ 'a/b/c': '2', 'a/d': '3' });
    writeFileSync(join(dist, 'a/b/mine'), 'mine');
    await expect(write(dist, files({ a: '1' }), { shown: 'dist' })).rejects.toThrow('dist/a is a folder');
    rmSync(join(dist, 'a/b/mine'));
    await write(dist, files({ a: '1' }));
    expect(output(dist)).toEqual({ a: '1' });
  });

  test('follows a link to the folder itself', async () => {
    const base = temporary();
    mkdirSync(join(base, 'real'));
    symlinkSync(join(base, 'real'), join(base, 'dist'));
    await write(join(base, 'dist'), files(first));
    expect(output(join(base, 'real'))).toEqual(first);
    expect(realpathSync(join(base, 'dist'))).toBe(realpathSync(join(base, 'real')));
  });

  test('keeps both sides of a merge whose index has conflicts', async () => {
    const dist = await written();
    await write(dist, files({ ...first, 'c/four.yaml': 'four\n', 'c/five.yaml': 'five\n' }));
    const index = readFileSync(join(dist, '.kaniflux.json'), 'utf8');
    const entry = /^ {4}"c\/four.yaml":\n.*\n/m;
    writeFileSync(
      join(dist, '.kaniflux.json'),
      index.replace(entry, (lines) => `<<<<<<< HEAD\n=======\n${lines}>>>>>>> other\n`),
    );
    writeFileSync(join(dist, 'a/one.yaml'), '<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> other\n');
    writeFileSync(join(dist, 'c/five.yaml'), '<<<<<<< HEAD\nfive\n=======\n5\n>>>>>>> other\n');
    const result = await write(dist, files(first));
    expect(result).toMatchObject({ changed: ['a/one.yaml'], removed: ['c/four.yaml'], left: ['c/five.yaml'] });
    expect(output(dist)).toEqual({ ...first, 'c/five.yaml': expect.stringContaining('<<<') });
  });

  test('uses either hash where git merged two branches', async () => {
    const dist = await written();
    const index = readFileSync(join(dist, '.kaniflux.json'), 'utf8');
    writeFileSync(
      join(dist, '.kaniflux.json'),
      index.replace(/("a\/one.yaml":\n)(.*\n)/, `$1      "${'0'.repeat(64)}",\n$2`),
    );
    expect((await write(dist, files({ 'b/three.yaml': 'three\n' }))).removed).toEqual(['a/one.yaml', 'a/two.yaml']);
  });
});

describe('a part', () => {
  const isA = { scope: (path: string) => path.startsWith('a/') };

  test('leaves the others and their entries in the index', async () => {
    const dist = await written();
    const result = await write(dist, files({ 'a/one.yaml': 'changed\n' }), isA);
    expect(result).toMatchObject({ changed: ['a/one.yaml'], removed: ['a/two.yaml'] });
    const whole = temporary();
    await write(whole, files({ 'a/one.yaml': 'changed\n', 'b/three.yaml': 'three\n' }));
    expect(contents(dist)).toEqual(contents(whole));
  });
});

describe('refused, with the folder as it was:', () => {
  async function refused(prepare: (dist: string) => void, artifacts: Record<string, string>, message: RegExp | string) {
    const dist = await written();
    prepare(dist);
    const before = contents(dist);
    await expect(write(dist, files(artifacts), { shown: 'dist' })).rejects.toThrow(message);
    expect(contents(dist)).toEqual(before);
  }
  const put = (path: string) => (dist: string) => {
    mkdirSync(join(dist, path, '..'), { recursive: true });
    writeFileSync(join(dist, path), 'mine');
  };
  const nothing = () => undefined;

  test.each<[string, (dist: string) => void, Record<string, string>, RegExp | string]>([
    ['a foreign file in the way', put('c/new'), { ...first, 'a/one.yaml': 'x', 'c/new': 'x' }, /\n {2}dist\/c\/new$/],
    ['a foreign file for a folder', put('c'), { ...first, 'c/new': 'x' }, 'dist/c is a file'],
    ['a folder for a file', put('c/d'), { ...first, c: 'x' }, 'dist/c is a folder'],
    ['two folders that differ in case', nothing, { 'c/a': 'x', 'C/b': 'y' }, "'c/' and 'C/b'"],
    ['two names that differ in case', nothing, { 'c/a': 'x', 'c/A': 'y' }, "'c/a' and 'c/A'"],
    ['two spellings of one letter', nothing, { 'e\u0301': 'x', '\u00e9': 'y' }, 'two rendered files'],
    ['a file that is a folder of another', nothing, { c: 'x', 'c/d': 'y' }, "'c' and 'c/d'"],
    ['a path out of the folder', nothing, { '../x': 'x' }, "can't be the path"],
    ['an absolute path', nothing, { '/x': 'x' }, "can't be the path"],
    ...[
      'a/',
      'a//b',
      './a',
      'a/./b',
      'a/..',
      'a\\b',
      'C:a',
      'a*',
      'a?',
      'a"',
      '<a',
      'a|',
      'a\n',
      'a\u0000',
      'a\u0085',
    ].map((path): [string, () => void, Record<string, string>, string] => [
      `the path ${JSON.stringify(path)}`,
      nothing,
      { [path]: 'x' },
      "can't be the path",
    ]),
    ['a name of the writer', nothing, { '.kaniflux.json': 'x' }, 'is a reserved name'],
    ['its name in capitals', nothing, { '.KANIFLUX.lock': 'x' }, 'is a reserved name'],
    [
      'an index with conflict markers and something else',
      (dist) => writeFileSync(join(dist, '.kaniflux.json'), '<<<<<<< a\n    "\\x": "0",\n=======\n>>>>>>> b\n'),
      first,
      /is not JSON.*fix: restore it from git/,
    ],
    ['an index that is none', (dist) => writeFileSync(join(dist, '.kaniflux.json'), 'x'), first, 'is not JSON'],
    [
      'an index of a later version',
      (dist) => writeFileSync(join(dist, '.kaniflux.json'), '{"version":3,"files":{}}'),
      first,
      'another version',
    ],
    [
      'an index that leads out of the folder',
      (dist) => writeFileSync(join(dist, '.kaniflux.json'), '{"version":1,"files":{"../../x":"0"}}'),
      first,
      "can't be the path",
    ],
  ])('%s', (_, prepare, artifacts, message) => refused(prepare, artifacts, message));

  test('one path twice', async () => {
    const twice = [...files({ 'c/a': 'x' }), ...files({ 'c/a': 'y' })];
    await expect(write(temporary(), twice)).rejects.toThrow("'c/a' and 'c/a'");
  });

  test('a folder that is a link, even where only to remove', async () => {
    const dist = await written();
    const outside = temporary();
    writeFileSync(join(outside, 'one.yaml'), 'one\n');
    rmSync(join(dist, 'a'), { recursive: true });
    symlinkSync(outside, join(dist, 'a'));
    await expect(write(dist, files({ 'a/one.yaml': 'new' }))).rejects.toThrow('is a symbolic link');
    await write(dist, files({ 'b/three.yaml': 'three\n' }));
    expect(output(outside)).toEqual({ 'one.yaml': 'one\n' });
  });

  test('a file that is a link', async () => {
    const dist = await written();
    const outside = join(temporary(), 'file');
    writeFileSync(outside, 'mine');
    rmSync(join(dist, 'a/one.yaml'));
    symlinkSync(outside, join(dist, 'a/one.yaml'));
    await expect(write(dist, files({ ...first, 'a/one.yaml': 'new' }))).rejects.toThrow('is a symbolic link');
    expect(readFileSync(outside, 'utf8')).toBe('mine');
  });

  test('an error while rendering', async () => {
    const dist = await written();
    const before = contents(dist);
    function* failing() {
      yield { path: 'a/one.yaml', text: 'new' };
      throw new Error('no more');
    }
    await expect(write(dist, failing())).rejects.toThrow('no more');
    expect(contents(dist)).toEqual(before);
    const fresh = join(temporary(), 'dist');
    await expect(write(fresh, failing())).rejects.toThrow('no more');
    expect(existsSync(fresh)).toBe(false);
  });

  test('a run that is asked to stop', async () => {
    const dist = await written();
    const before = contents(dist);
    const signal = AbortSignal.abort();
    await expect(write(dist, files({ x: 'y' }), { signal })).rejects.toThrow('nothing was changed');
    expect(contents(dist)).toEqual(before);
  });
});

describe('checking', () => {
  test('names what is missing, changed and stale, and writes nothing', async () => {
    const dist = await written();
    writeFileSync(join(dist, 'a/two.yaml'), 'edited');
    const before = contents(dist);
    const rendered = files({ 'a/two.yaml': 'two\n', 'b/three.yaml': 'three\n', 'b/four.yaml': 'four\n' });
    expect(await check(dist, rendered)).toEqual({
      missing: ['b/four.yaml'],
      changed: ['a/two.yaml'],
      stale: ['a/one.yaml'],
    });
    expect(contents(dist)).toEqual(before);
  });

  test('finds nothing after a run, and the index where it alone is missing', async () => {
    const dist = await written();
    expect(await check(dist, files(first))).toEqual({ missing: [], changed: [], stale: [] });
    rmSync(join(dist, '.kaniflux.json'));
    expect((await check(dist, files(first))).missing).toEqual(['.kaniflux.json']);
  });

  test('finds everything missing where there is no folder', async () => {
    const { missing } = await check(join(temporary(), 'none'), files(first));
    expect(missing).toEqual(Object.keys(first));
  });
});

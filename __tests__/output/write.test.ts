import fs, {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { formatIndex } from '../../lib/output/file-index';
import { sha256 } from '../../lib/output/sha256';
import { check, contents, files, output, removeTemporary, temporary, write } from './folder';

afterEach(() => {
  jest.restoreAllMocks();
  removeTemporary();
});

/** Makes a function of `node:fs` fail with an error code for one file. */
function fail(name: 'readFileSync' | 'writeFileSync' | 'mkdirSync', code: string, ending: RegExp): void {
  const real = fs[name] as (...args: unknown[]) => unknown;
  jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
    if (!ending.test(String(args[0]))) return real(...args);
    throw Object.assign(new Error(`${code}: failed`), { code });
  }) as never);
}

/** Writes an index with the hashes of these texts. */
function putIndex(dist: string, texts: Record<string, string>, before?: Record<string, string>): void {
  const hashes = (record: Record<string, string>) =>
    new Map(Object.entries(record).map(([path, text]) => [path, [sha256(text)]]));
  const index = formatIndex({ files: hashes(texts), ...(before ? { before: hashes(before) } : {}) });
  writeFileSync(join(dist, '.kaniflux.json'), index);
}

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
    expect(result).toEqual({
      created: Object.keys(first),
      changed: [],
      repaired: [],
      removed: [],
      left: [],
      unchanged: 0,
      recovered: false,
    });
    const index = JSON.parse(readFileSync(join(dist, '.kaniflux.json'), 'utf8'));
    expect(Object.keys(index.files)).toEqual(Object.keys(first));
    // sha256sum of "one\n"
    expect(statSync(join(dist, '.kaniflux.json')).mode & 0o777).toBe(0o644 & ~process.umask());
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
    await write(dist, files({ other: '' }));
    expect(output(dist)).toEqual({ 'README.md': 'mine', 'a/mine.txt': 'mine', other: '' });
  });

  test('writes a file again that was edited by hand, and says so', async () => {
    const dist = await written();
    writeFileSync(join(dist, 'a/one.yaml'), 'edited\n');
    expect((await write(dist, files(first))).repaired).toEqual(['a/one.yaml']);
    expect(output(dist)).toEqual(first);
    writeFileSync(join(dist, 'a/one.yaml'), 'edited\n');
  });

  test('takes files with other line ends, which Git can change on checkout, for its own', async () => {
    const dist = await written();
    for (const path of ['a/one.yaml', 'a/two.yaml']) {
      writeFileSync(join(dist, path), readFileSync(join(dist, path), 'utf8').replaceAll('\n', '\r\n'));
    }
    const rest = files({ 'a/one.yaml': 'one\n', 'b/three.yaml': 'three\n' });
    expect(await check(dist, rest)).toMatchObject({ changed: [], converted: ['a/one.yaml'], stale: ['a/two.yaml'] });
    expect(await write(dist, rest)).toMatchObject({ changed: ['a/one.yaml'], removed: ['a/two.yaml'], left: [] });
    expect(output(dist)).toEqual({ 'a/one.yaml': 'one\n', 'b/three.yaml': 'three\n' });
    writeFileSync(join(dist, 'a/one.yaml'), 'edited\r\n');
    expect(await check(dist, rest)).toMatchObject({ changed: ['a/one.yaml'], converted: [] });
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
    const mode = () => statSync(join(dist, 'run.sh')).mode & 0o777;
    expect(mode()).toBe(0o755 & ~process.umask());
    chmodSync(join(dist, 'run.sh'), 0o644);
    expect((await write(dist, program)).changed).toEqual(['run.sh']);
    expect(mode()).toBe(0o755 & ~process.umask());
    expect((await write(dist, files({ 'run.sh': 'true\n' }))).changed).toEqual(['run.sh']);
    expect(mode()).toBe(0o644 & ~process.umask());
  });

  test('writes a file again whose hash the index does not keep', async () => {
    const dist = temporary();
    await write(dist, files({ 'ACCESS.md': 'old' }));
    writeFileSync(join(dist, 'ACCESS.md'), 'edited');
    expect(await write(dist, files({ 'ACCESS.md': 'new' }))).toMatchObject({ changed: ['ACCESS.md'], repaired: [] });
    expect(output(dist)).toEqual({ 'ACCESS.md': 'new' });
  });

  test('writes only the index again if nothing else changed', async () => {
    const dist = await written();
    const index = readFileSync(join(dist, '.kaniflux.json'), 'utf8');
    writeFileSync(join(dist, '.kaniflux.json'), `${index}\n`);
    const inode = statSync(join(dist, 'a/one.yaml')).ino;
    expect(await write(dist, files(first))).toMatchObject({ changed: [], unchanged: 3, recovered: false });
    expect(contents(dist)).toEqual({ ...first, '.kaniflux.json': index });
    expect(statSync(join(dist, 'a/one.yaml')).ino).toBe(inode);
  });

  test('removes the temporary folder that a killed run left', async () => {
    const dist = await written();
    mkdirSync(join(dist, '.kaniflux.tmp'));
    writeFileSync(join(dist, '.kaniflux.tmp/0'), 'x');
    expect(await write(dist, files(first))).toMatchObject({ unchanged: 3, recovered: true });
    expect(output(dist)).toEqual(first);
    expect((await write(dist, files(first))).recovered).toBe(false);
  });

  test.each([
    ['.kaniflux.tmp/notes.txt', (path: string) => writeFileSync(path, 'mine')],
    ['.kaniflux.tmp/1', (path: string) => mkdirSync(path)],
    ['.kaniflux.tmp/2', (path: string) => symlinkSync('0', path)],
  ])('keeps %s, which somebody else put into the temporary folder', async (path, create) => {
    const dist = await written();
    mkdirSync(join(dist, '.kaniflux.tmp'));
    writeFileSync(join(dist, '.kaniflux.tmp/0'), 'x');
    create(join(dist, path));
    const error = `Kaniflux did not write dist/${path}, and needs this name for its temporary files; move it`;
    await expect(write(dist, files({ other: '' }), { shown: 'dist' })).rejects.toThrow(error);
    expect(readdirSync(join(dist, '.kaniflux.tmp'))).toHaveLength(2);
    expect(contents(dist)).toMatchObject(first);
  });

  test('keeps a file and a link with the name of the temporary folder', async () => {
    for (const create of [(path: string) => writeFileSync(path, ''), (path: string) => symlinkSync('a', path)]) {
      const dist = await written();
      create(join(dist, '.kaniflux.tmp'));
      await expect(write(dist, files({ other: '' }), { shown: 'dist' })).rejects.toThrow(
        'Kaniflux did not write dist/.kaniflux.tmp, and needs this name',
      );
      expect(lstatSync(join(dist, '.kaniflux.tmp')).isDirectory()).toBe(false);
    }
  });

  test('takes a foreign file with the very same bytes as its own', async () => {
    const dist = temporary();
    writeFileSync(join(dist, 'one'), 'one\n');
    expect(await write(dist, files({ one: 'one\n' }))).toMatchObject({ unchanged: 1, created: [] });
    expect((await write(dist, files({ other: '' }))).removed).toEqual(['one']);
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

  test.each(['an interrupted run', 'a merge'])('is refused after %s', async (which) => {
    const dist = await written();
    if (which === 'a merge') fs.appendFileSync(join(dist, '.kaniflux.json'), '=======\n');
    else putIndex(dist, first, {});
    const before = contents(dist);
    await expect(write(dist, files(first), { ...isA, shown: 'dist' })).rejects.toThrow(
      'dist/.kaniflux.json comes from an interrupted run or a Git merge, so --cluster cannot be used yet; fix: run synth for all clusters first, without --cluster',
    );
    expect(contents(dist)).toEqual(before);
    expect(await write(dist, files(first))).toMatchObject({ unchanged: 3, recovered: which !== 'a merge' });
  });
});

describe('after a run that was killed while it replaced files', () => {
  const [old, next] = [
    { kept: 'old', gone: 'old', 'd/e/gone': 'old' },
    { kept: 'new', added: 'new', 'f/added': 'new' },
  ];
  const put = (dist: string, texts: Record<string, string>) => {
    for (const { path, text } of files(texts)) {
      mkdirSync(join(dist, dirname(path)), { recursive: true });
      if (!path.endsWith('/')) writeFileSync(join(dist, path), text);
    }
  };

  test.each<[string, Record<string, string>, object, Record<string, string>]>([
    [
      'nothing was replaced',
      old,
      { created: ['added', 'f/added'], changed: ['kept'], removed: ['d/e/gone', 'gone'] },
      next,
    ],
    ['all was replaced', next, { unchanged: 3, removed: [] }, next],
    [
      'a file of the earlier run was edited',
      { kept: 'edited' },
      { created: ['added', 'f/added'], repaired: ['kept'] },
      next,
    ],
    ['all was removed', {}, { created: ['kept', 'added', 'f/added'] }, next],
    ['empty folders were left', { ...next, 'd/e/x/': '' }, { unchanged: 3, removed: [] }, next],
    ['a file to remove was edited', { ...next, gone: 'edited' }, { left: ['gone'] }, { ...next, gone: 'edited' }],
    ['a folder is at the path of a file to remove', { ...next, 'gone/x': '' }, { left: [] }, { ...next, 'gone/x': '' }],
  ])('%s', async (_, present, result, after) => {
    const dist = temporary();
    put(dist, present);
    putIndex(dist, next, old);
    expect(await write(dist, files(next))).toMatchObject({ ...result, recovered: true });
    expect(output(dist)).toEqual(after);
    expect((await write(dist, files(next))).recovered).toBe(false);
  });

  test('the earlier config can be rendered again, also over an edited file', async () => {
    const dist = temporary();
    put(dist, { ...next, gone: 'edited' });
    putIndex(dist, next, old);
    const result = { created: ['d/e/gone'], changed: ['kept'], repaired: ['gone'], removed: ['added', 'f/added'] };
    expect(await write(dist, files(old))).toMatchObject(result);
    expect(output(dist)).toEqual(old);
  });

  test.each<[Record<string, string>, Record<string, string>]>([
    [{ 't/a': 'new' }, { t: 'old' }],
    [{ t: 'new' }, { 't/a': 'old' }],
  ])('a file in place of a folder: from %j back to %j', async (added, kept) => {
    const dist = temporary();
    put(dist, kept);
    putIndex(dist, added, kept);
    expect(await write(dist, files(kept))).toMatchObject({ unchanged: 1, removed: [], left: [], recovered: true });
    expect(output(dist)).toEqual(kept);
  });

  test('a file of that run alone that has another content is foreign', async () => {
    const dist = temporary();
    writeFileSync(join(dist, 'added'), 'mine');
    putIndex(dist, next, old);
    await expect(write(dist, files(next))).rejects.toThrow('Kaniflux did not write this file');
    expect(output(dist)).toEqual({ added: 'mine' });
  });
});

describe('a folder that cannot be written', () => {
  test.each(['EACCES', 'EPERM', 'EROFS'])('is compared, and refused only if it has to change: %s', async (code) => {
    const dist = await written();
    fail('writeFileSync', code, /lock[^/]*$/);
    expect(await write(dist, files(first))).toMatchObject({ unchanged: 3, recovered: false });
    await expect(write(dist, files({ a: 'x' }), { shown: 'dist' })).rejects.toThrow(
      /^dist: .*; (change its permissions, or )?name another folder with -o$/,
    );
    expect(output(dist)).toEqual(first);
  });

  test('is not left where it is new', async () => {
    fail('writeFileSync', 'ENOSPC', /lock[^/]*$/);
    const dist = join(temporary(), 'dist');
    await expect(write(dist, files(first), { shown: 'dist' })).rejects.toThrow(
      /^dist: no space left on the disk; free some space and run again$/,
    );
    expect(existsSync(dist)).toBe(false);
    const old = temporary();
    await expect(write(old, files(first))).rejects.toThrow('no space left');
    expect(existsSync(old)).toBe(true);
  });

  test('or created, or that has no place for new files', async () => {
    const dist = await written();
    fail('mkdirSync', 'ENOSPC', /(new|\.kaniflux\.tmp)$/);
    for (const folder of [dist, join(dist, 'new')]) {
      await expect(write(folder, files({ x: 'y' }), { shown: 'dist' })).rejects.toThrow(
        /^dist: no space left on the disk; free some space and run again$/,
      );
    }
    expect(output(dist)).toEqual(first);
  });

  test('is a file, or is below one', async () => {
    const file = join(temporary(), 'file');
    writeFileSync(file, 'mine');
    for (const run of [write, check]) {
      await expect(run(file, files(first))).rejects.toThrow(`${file} is not a folder; name a folder with -o`);
    }
    await expect(write(join(file, 'dist'), [], { shown: 'dist' })).rejects.toThrow(
      'dist: a file is in the place of a folder; move the file',
    );
  });

  test('an error that is not one of the file system stays as it is', async () => {
    const dist = await written();
    const error = new TypeError('unforeseen');
    const real = fs.renameSync;
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      if (String(to).endsWith('/x')) throw error;
      real(from, to);
    });
    await expect(write(dist, files({ x: 'y' }))).rejects.toBe(error);
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
    [
      'a foreign file in the way',
      put('c/new'),
      { ...first, 'a/one.yaml': 'x', 'c/new': 'x' },
      /^Kaniflux did not write this file and does not overwrite it; move or delete:\n {2}dist\/c\/new$/,
    ],
    [
      'a foreign file whose name begins one of ours',
      put('b/three'),
      { ...first, 'b/three': 'x' },
      'did not write this file',
    ],
    [
      'a folder in place of the index',
      (dist) => {
        rmSync(join(dist, '.kaniflux.json'));
        mkdirSync(join(dist, '.kaniflux.json'));
      },
      first,
      'dist/.kaniflux.json is a folder',
    ],
    [
      'two foreign files',
      (dist) => ['c', 'd'].map((path) => put(path)(dist)),
      { c: 'x', ...first, d: 'x' },
      /^Kaniflux did not write these files and does not overwrite them; move or delete:\n {2}dist\/c\n {2}dist\/d$/,
    ],
    [
      'a foreign file for a folder',
      put('c'),
      { ...first, 'c/new': 'x' },
      'dist/c is a file, but Kaniflux needs a folder with this name; move it',
    ],
    [
      'a folder for a file',
      put('c/d'),
      { ...first, c: 'x' },
      'dist/c is a folder, but Kaniflux writes a file with this name; move it',
    ],
    ['an empty folder for a file', (dist) => mkdirSync(join(dist, 'c')), { ...first, c: 'x' }, 'dist/c is a folder'],
    ['a folder with one more file', put('a/mine'), { a: 'x' }, 'dist/a is a folder'],
    [
      'a folder with a link',
      (dist) => {
        rmSync(join(dist, 'a/two.yaml'));
        symlinkSync('one.yaml', join(dist, 'a/two.yaml'));
      },
      { a: 'x' },
      'dist/a is a folder',
    ],
    [
      'a link for a file',
      (dist) => symlinkSync('a/one.yaml', join(dist, 'c')),
      { ...first, c: 'one\n' },
      'dist/c is a symbolic link, but Kaniflux writes a file with this name; move it',
    ],
    [
      'a link for a folder',
      (dist) => symlinkSync('a', join(dist, 'c')),
      { ...first, 'c/one.yaml': 'one\n' },
      'dist/c is a symbolic link, which Kaniflux does not follow; replace it with a folder',
    ],
    [
      'a link in place of a file of an earlier run, for a folder',
      (dist) => {
        rmSync(join(dist, 'a/one.yaml'));
        symlinkSync('../b', join(dist, 'a/one.yaml'));
      },
      { 'a/one.yaml/b': 'x' },
      'dist/a/one.yaml is a symbolic link, which Kaniflux does not follow',
    ],
    [
      'an index that names a path twice',
      (dist) => putIndex(dist, { 'c/a': '', 'C/a': '' }),
      first,
      "two rendered files would be the same on some file systems: 'C/a' and 'c/a'",
    ],
    [
      'an index whose earlier part leads out of the folder',
      (dist) => putIndex(dist, {}, { '../x': '' }),
      first,
      "'../x' can't be the path",
    ],
    ['two folders that differ in case', nothing, { 'c/a': 'x', 'C/b': 'y' }, "'c/' and 'C/b'"],
    ['two names that differ in case', nothing, { 'c/a': 'x', 'c/A': 'y' }, "'c/a' and 'c/A'"],
    ['a file that is a folder of another', nothing, { c: 'x', 'c/d': 'y' }, "'c' and 'c/d'"],
    ['a path out of the folder', nothing, { '../x': 'x' }, "can't be the path"],
    ['a name of the writer', nothing, { '.kaniflux.json': 'x' }, 'is a reserved name'],
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
    expect(await write(dist, files({ 'a/two.yaml': 'two\n' }))).toMatchObject({ removed: ['b/three.yaml'], left: [] });
    expect(output(dist)).toEqual({ 'a/one.yaml': '(link)', 'a/two.yaml': 'two\n' });
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
    const empty = temporary();
    await expect(write(empty, failing())).rejects.toThrow('no more');
    expect(contents(empty)).toEqual({});
    expect(existsSync(empty)).toBe(true);
  });

  test('a run that is asked to stop', async () => {
    const dist = await written();
    const before = contents(dist);
    const signal = AbortSignal.abort();
    await expect(write(dist, files({ x: 'y' }), { signal })).rejects.toThrow('interrupted: nothing was changed');
    expect(contents(dist)).toEqual(before);
  });

  test('a run that is asked to stop while it renders, before it has rendered everything', async () => {
    const dist = await written();
    const before = contents(dist);
    const abort = new AbortController();
    let rendered = 0;
    function* many() {
      for (; rendered < 100; rendered++) {
        if (rendered === 2) abort.abort();
        yield { path: `c/${rendered}`, text: 'x' };
      }
    }
    await expect(write(dist, many(), { signal: abort.signal })).rejects.toMatchObject({
      name: 'Interrupted',
      message: 'interrupted: nothing was changed',
    });
    expect(rendered).toBeLessThan(20);
    expect(contents(dist)).toEqual(before);
  });

  test('more foreign files than a message should list', async () => {
    const dist = await written();
    const paths = Array.from({ length: 21 }, (_, i) => `c${i}`);
    for (const path of paths) put(path)(dist);
    const rendered = (count: number) => files(Object.fromEntries(paths.slice(0, count).map((path) => [path, 'x'])));
    await expect(write(dist, rendered(20))).rejects.toThrow(/\/c0\n[\s\S]*\/c19$/);
    await expect(write(dist, rendered(21))).rejects.toThrow(/\/c0\n[\s\S]*\/c19\n {2}and 1 more$/);
  });

  test('a socket', async () => {
    const dist = await written();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(dist, 'c'), resolve));
    const run = write(dist, files({ c: 'x' }), { shown: 'x//dist//' });
    await expect(run).rejects.toThrow(
      'x//dist/c is not a plain file, but Kaniflux writes a file with this name; move it',
    );
    await new Promise((resolve) => server.close(resolve));
  });

  test.each([
    ['EACCES', "dist/a/one.yaml can't be read; change its permissions"],
    ['EPERM', "dist/a/one.yaml can't be read; change its permissions"],
    ['EIO', 'dist/a/one.yaml: the disk reports an error'],
  ])('a file that cannot be read: %s', async (code, message) => {
    const dist = await written();
    fail('readFileSync', code, /one\.yaml$/);
    await expect(write(dist, files(first), { shown: 'dist' })).rejects.toThrow(message);
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
      converted: [],
      stale: ['a/one.yaml'],
    });
    expect(contents(dist)).toEqual(before);
  });

  test('finds nothing after a run, and the index where it alone is missing', async () => {
    const dist = await written();
    expect(await check(dist, files(first))).toEqual({ missing: [], changed: [], converted: [], stale: [] });
    writeFileSync(join(dist, '.kaniflux.json'), `${readFileSync(join(dist, '.kaniflux.json'), 'utf8')}\n`);
    expect(await check(dist, files(first))).toEqual({
      missing: [],
      changed: ['.kaniflux.json'],
      converted: [],
      stale: [],
    });
    rmSync(join(dist, '.kaniflux.json'));
    expect(await check(dist, files(first))).toEqual({
      missing: ['.kaniflux.json'],
      changed: [],
      converted: [],
      stale: [],
    });
  });

  test.each<[string, Record<string, string>, object]>([
    ['a missing file', { ...first, c: 'x' }, { missing: ['c'], changed: [], converted: [], stale: [] }],
    [
      'a changed file',
      { ...first, 'a/one.yaml': 'x' },
      { missing: [], changed: ['a/one.yaml'], converted: [], stale: [] },
    ],
    ['a foreign file', { ...first, mine: 'x' }, { missing: [], changed: ['mine'], converted: [], stale: [] }],
    [
      'both',
      { ...first, 'a/one.yaml': 'x', c: 'x' },
      { missing: ['c'], changed: ['a/one.yaml'], converted: [], stale: [] },
    ],
    [
      'a stale file',
      { 'a/one.yaml': 'x', 'a/two.yaml': 'two\n' },
      { missing: [], changed: ['a/one.yaml'], converted: [], stale: ['b/three.yaml'] },
    ],
  ])('does not name the index beside %s', async (_, rendered, difference) => {
    const dist = await written();
    writeFileSync(join(dist, 'mine'), 'mine');
    expect(await check(dist, files(rendered))).toEqual(difference);
  });

  test('is refused if the folder changed meanwhile', async () => {
    const dist = await written();
    utimesSync(dist, 1, 1);
    function* meanwhile() {
      yield* files(first);
      writeFileSync(join(dist, 'x'), '');
    }
    await expect(check(dist, meanwhile())).rejects.toThrow(`another run wrote to ${dist} at the same time; run again`);
  });

  test('finds everything missing where there is no folder', async () => {
    const { missing } = await check(join(temporary(), 'none'), files(first));
    expect(missing).toEqual(Object.keys(first));
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskReader } from '../../lib/existing/disk-reader';
import { gitReaders, isIgnored, submodulesNotCheckedOut } from '../../lib/existing/git';
import { RevisionError, RevisionFileError } from '../../lib/existing/git-objects';

let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-git-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Makes a repository with one commit, and changes the work tree afterwards. */
function repository(): void {
  git('init', '-q');
  mkdirSync(join(folder, 'clusters/deep'), { recursive: true });
  write('.gitignore', '*.secret\n');
  write('a.yaml', 'old');
  write('empty.yaml', '');
  write('clusters/one.yaml', 'one\ntwo\n');
  write('clusters/deep/ü b.yaml', 'grün');
  git('add', '.');
  git('commit', '-qm', 'first');
  write('a.yaml', 'new');
  write('later.yaml', 'later');
}
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

test('files are read from the revision, whether they were listed or not', () => {
  repository();
  const reader = gitReaders('HEAD')(folder);
  expect(text(reader.read('a.yaml'))).toBe('old');
  expect(text(reader.read('./a.yaml'))).toBe('old');
  expect(text(reader.read('clusters/deep/ü b.yaml'))).toBe('grün');
  expect(() => reader.read('later.yaml')).toThrow(new RevisionFileError('later.yaml is not in HEAD'));
  expect(reader.list('')).toEqual([
    '.gitignore',
    'a.yaml',
    'clusters/deep/ü b.yaml',
    'clusters/one.yaml',
    'empty.yaml',
  ]);
  expect(text(reader.read('./a.yaml'))).toBe('old');
  expect(text(reader.read('empty.yaml'))).toBe('');
  expect(text(reader.read('clusters/one.yaml'))).toBe('one\ntwo\n');
  expect(text(reader.read('clusters/deep/ü b.yaml'))).toBe('grün');
  expect(() => reader.read('./later.yaml')).toThrow(new RevisionFileError('./later.yaml is not in HEAD'));
});

test('listed files are read with one process: the repository is not asked for each of them', () => {
  repository();
  const reader = gitReaders('HEAD')(folder);
  reader.list('');
  expect(text(reader.read('a.yaml'))).toBe('old');
  rmSync(join(folder, '.git'), { recursive: true });
  expect(text(reader.read('./clusters/one.yaml'))).toBe('one\ntwo\n');
  expect(() => reader.read('later.yaml')).toThrow('is not in a git repository');
  // git ends before it reads so long an input.
  expect(() => reader.read('a'.repeat(4_000_000))).toThrow('is not in a git repository');
});

test('paths are relative to the folder, which can be below the root of the repository', () => {
  repository();
  const reader = gitReaders('HEAD')(join(folder, 'clusters'));
  expect(text(reader.read('one.yaml'))).toBe('one\ntwo\n');
  expect(reader.list('')).toEqual(['deep/ü b.yaml', 'one.yaml']);
  expect(reader.list('deep')).toEqual(['deep/ü b.yaml']);
  expect(reader.list('shallow')).toEqual([]);
  expect(text(reader.read('one.yaml'))).toBe('one\ntwo\n');
  expect(() => reader.read('a.yaml')).toThrow(new RevisionFileError('a.yaml is not in HEAD'));
});

test('a tag and an earlier commit are revisions, and submodules are no files', () => {
  repository();
  git('tag', 'v1');
  git('update-index', '--add', '--cacheinfo', `160000,${text(git('rev-parse', 'HEAD')).trim()},clusters/sub`);
  git('commit', '-qam', 'second');
  expect(text(gitReaders('v1')(folder).read('a.yaml'))).toBe('old');
  expect(text(gitReaders('HEAD~1')(folder).read('a.yaml'))).toBe('old');
  expect(text(gitReaders('HEAD')(folder).read('a.yaml'))).toBe('new');
  expect(gitReaders('HEAD')(folder).list('clusters')).toEqual(['clusters/deep/ü b.yaml', 'clusters/one.yaml']);
});

test.each([
  ['HEAD:a.yaml', '`HEAD:a.yaml` is not a commit; name one'],
  ['^HEAD', '`^HEAD` is not a commit; name one'],
  ['', 'the revision is empty; name one, for example origin/main'],
])('%p is not a commit', (revision, message) => {
  repository();
  expect(() => gitReaders(revision)(folder)).toThrow(new RevisionError(message));
});

test('a commit can be found by its message', () => {
  repository();
  git('commit', '-qam', 'second');
  expect(text(gitReaders(':/first')(folder).read('a.yaml'))).toBe('old');
});

test.each(['nothing', '--output=x', 'HEAD~1..HEAD'])('%s is no revision', (revision) => {
  repository();
  expect(() => gitReaders(revision)(folder)).toThrow(
    new RevisionError(
      `git cannot find the revision \`${revision}\`; for a branch of the remote, write \`origin/BRANCH\`; for a tag, first run \`git fetch --tags\``,
    ),
  );
});

test('a repository without a commit, and a folder without a repository', () => {
  const message = `${folder} is not in a git repository`;
  expect(() => gitReaders('HEAD')(folder)).toThrow(new RevisionError(message));
  git('init', '-q');
  expect(() => gitReaders('HEAD')(folder)).toThrow(
    expect.objectContaining({
      name: 'RevisionError',
      message: 'the git repository has no commit yet, so there is nothing to compare with',
    }),
  );
});

test("git's own reason is printed if it refuses a repository, or if there is no git", () => {
  repository();
  const { PATH, GIT_TEST_ASSUME_DIFFERENT_OWNER: owner } = process.env;
  const reason = () => {
    try {
      gitReaders('HEAD')(folder);
    } catch (error) {
      return String(error);
    }
    return undefined;
  };
  try {
    process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = '1';
    expect(reason()).toBe(
      `RevisionError: git cannot read the repository of ${folder}: detected dubious ownership in repository at '${folder}'; fix: git config --global --add safe.directory ${folder}`,
    );
    process.env.PATH = folder;
    expect(reason()).toBe('RevisionError: git is not installed');
  } finally {
    process.env.PATH = PATH;
    if (owner === undefined) delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER;
    else process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = owner;
  }
});

test('symbolic links to files are followed, at the revision as on the disk', () => {
  repository();
  mkdirSync(join(folder, 'links'));
  symlinkSync('../clusters/one.yaml', join(folder, 'links/one.yaml'));
  symlinkSync('../clusters', join(folder, 'links/clusters'));
  symlinkSync('missing.yaml', join(folder, 'links/nowhere.yaml'));
  symlinkSync('/etc/hostname', join(folder, 'links/out.yaml'));
  git('add', '.');
  git('commit', '-qm', 'links');
  const readers = [gitReaders('HEAD')(folder), diskReader(folder)];
  for (const reader of readers) {
    expect(reader.list('links')).toEqual(['links/nowhere.yaml', 'links/one.yaml', 'links/out.yaml']);
    expect(text(reader.read('links/one.yaml'))).toBe('one\ntwo\n');
    expect(text(reader.read('links/clusters/one.yaml'))).toBe('one\ntwo\n');
    expect(() => reader.read('links/nowhere.yaml')).toThrow();
  }
  write('clusters/one.yaml', 'changed\n');
  expect(readers.map((reader) => text(reader.read('links/one.yaml')))).toEqual(['one\ntwo\n', 'changed\n']);
  expect(() => readers[0]?.read('links/out.yaml')).toThrow(
    'in HEAD, links/out.yaml is a symbolic link to a place outside the repository, so its content is not known',
  );
});

describe('a submodule', () => {
  const outer = () => join(folder, 'outer');
  const inOuter = (...args: string[]) =>
    execFileSync('git', [
      ...['-C', outer(), '-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'protocol.file.allow=always'],
      ...args,
    ]);
  const commit = (content: string) => {
    git('checkout', '-q', '.');
    write('clusters/one.yaml', content);
    git('commit', '-qam', content);
  };

  beforeEach(() => {
    repository();
    mkdirSync(outer());
    write('.gitignore', 'outer\n');
    commit('first');
    inOuter('init', '-q');
    inOuter('submodule', '--quiet', 'add', folder, 'sub');
    inOuter('commit', '-qm', 'first');
    commit('second');
    inOuter('-C', 'sub', 'pull', '-q');
    inOuter('commit', '-qam', 'second');
  });

  test.each([
    ['HEAD', 'second'],
    ['HEAD~1', 'first'],
  ])('has the commit that the repository had at %s', (revision, content) => {
    const reader = gitReaders(revision)(outer());
    expect(reader.list('')).toEqual(expect.arrayContaining(['.gitmodules', 'sub/a.yaml', 'sub/clusters/one.yaml']));
    expect(reader.list('sub/clusters')).toEqual(['sub/clusters/deep/ü b.yaml', 'sub/clusters/one.yaml']);
    for (const fresh of [reader, gitReaders(revision)(outer())]) {
      expect(text(fresh.read('sub/clusters/one.yaml'))).toBe(content);
    }
    const folders = gitReaders(revision, outer());
    expect(text(folders(join(outer(), 'sub/clusters')).read('one.yaml'))).toBe(content);
    expect(() => reader.read('sub/missing.yaml')).toThrow(`missing.yaml is not in ${revision}`);
  });

  test('is a repository of its own for those who work in it', () => {
    const sub = join(outer(), 'sub');
    commit('third');
    inOuter('-C', 'sub', 'pull', '-q');
    expect(text(gitReaders('HEAD', sub)(join(sub, 'clusters')).read('one.yaml'))).toBe('third');
    expect(text(gitReaders('HEAD', outer())(join(sub, 'clusters')).read('one.yaml'))).toBe('second');
  });

  test('that is not checked out has no files, and one without its commit is an error', () => {
    expect(submodulesNotCheckedOut(outer(), 'HEAD', outer())).toEqual([]);
    inOuter('submodule', '--quiet', 'deinit', '-f', 'sub');
    expect(submodulesNotCheckedOut(outer(), 'HEAD', outer())).toEqual(['sub']);
    expect(gitReaders('HEAD')(outer()).list('')).toEqual(['.gitmodules']);
    inOuter('update-index', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    inOuter('commit', '-qm', 'a commit that nobody has');
    inOuter('-c', 'advice.detachedHead=false', 'checkout', '-q', 'HEAD~1');
    inOuter('submodule', '--quiet', 'update', '--init');
    const read = () => gitReaders('HEAD@{1}')(outer()).list('');
    const message = `the submodule sub lacks the commit that belongs to HEAD@{1}; fetch it first: \`git -C sub fetch origin ${'1'.repeat(40)}\``;
    expect(read).toThrow(new RevisionError(message));
    expect(() => gitReaders('HEAD@{1}', outer())(join(outer(), 'sub'))).toThrow(new RevisionError(message));
  });
});

test('whether git ignores a file', () => {
  expect(isIgnored(folder, 'key.secret')).toBe(false);
  repository();
  expect(isIgnored(folder, 'key.secret')).toBe(true);
  expect(isIgnored(folder, 'clusters/key.secret')).toBe(true);
  expect(isIgnored(folder, 'a.yaml')).toBe(false);
  expect(isIgnored(folder, '--version')).toBe(false);
});

test('a name that a tag and a branch share is refused, because git takes the tag', () => {
  repository();
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('tag', 'origin/main');
  expect(() => gitReaders('origin/main~0')(folder)).toThrow(
    new RevisionError(
      '`origin/main` has more than one meaning in this git repository: refs/remotes/origin/main, refs/tags/origin/main; write one of them in full',
    ),
  );
  expect(text(gitReaders('refs/remotes/origin/main')(folder).read('a.yaml'))).toBe('old');
  const short = text(git('rev-parse', '--short', 'HEAD')).trim();
  expect(text(gitReaders(short)(folder).read('a.yaml'))).toBe('old');
  git('branch', short);
  expect(() => gitReaders(short)(folder)).toThrow(`refs/heads/${short}, and a commit whose hash begins with ${short}`);
  git('update-ref', 'refs/heads/HEAD', 'HEAD');
  expect(text(gitReaders('HEAD')(folder).read('a.yaml'))).toBe('old');
});

test('a bare repository that a branch contains is not asked for the revision', () => {
  repository();
  execFileSync('git', ['clone', '-q', '--bare', folder, join(folder, 'clusters/deep/bare')]);
  const inside = join(folder, 'clusters/deep/bare');
  expect(() => gitReaders('HEAD')(inside)).toThrow(
    `cannot use bare repository '${inside}' (safe.bareRepository is 'explicit'); fix: remove the bare repository from this folder`,
  );
  expect(text(gitReaders('HEAD')(join(folder, 'clusters/deep')).read('ü b.yaml'))).toBe('grün');
});

describe('the variables of git', () => {
  const names = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_GLOB_PATHSPECS'] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  afterEach(() => {
    for (const [name, value] of before) if (value === undefined) delete process.env[name];
  });

  test('that git sets in its hooks do not change what a path means', () => {
    repository();
    write('one.yaml', 'at the root');
    git('add', '.');
    git('commit', '-qm', 'second');
    process.env.GIT_DIR = join(folder, '.git');
    process.env.GIT_GLOB_PATHSPECS = '1';
    expect(text(gitReaders('HEAD')(join(folder, 'clusters')).read('one.yaml'))).toBe('one\ntwo\n');
  });

  test('that name a work tree are used', () => {
    repository();
    renameSync(join(folder, '.git'), join(folder, 'data'));
    process.env.GIT_DIR = join(folder, 'data');
    process.env.GIT_WORK_TREE = folder;
    expect(text(gitReaders('HEAD')(join(folder, 'clusters')).read('one.yaml'))).toBe('one\ntwo\n');
  });
});

test('a file that the repository lacks is an error, and not an empty or a missing file', () => {
  repository();
  const sha = text(git('rev-parse', 'HEAD:clusters/one.yaml')).trim();
  rmSync(join(folder, '.git/objects', sha.slice(0, 2), sha.slice(2)));
  const lacks = `the repository of ${folder} lacks the object ${sha}, which the revision needs`;
  expect(() => gitReaders('HEAD')(folder).read('clusters/one.yaml')).toThrow(lacks);
  const reader = gitReaders('HEAD')(folder);
  reader.list('');
  expect(() => reader.read('a.yaml')).toThrow(lacks);
  const tree = text(git('rev-parse', 'HEAD:clusters')).trim();
  rmSync(join(folder, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  expect(() => gitReaders('HEAD')(folder).list('')).toThrow(RevisionError);
});

test('the files that a sparse checkout lacks are listed, also below a folder that does not exist', () => {
  repository();
  git('add', '.');
  git('commit', '-qm', 'second');
  const missing = (path: string, below = '') => diskReader(join(folder, path)).notCheckedOut?.(below);
  expect(missing('')).toEqual([]);
  git('sparse-checkout', 'set', '--no-cone', '/*', '!/clusters/deep');
  expect(missing('')).toEqual(['clusters/deep/ü b.yaml']);
  expect(missing('clusters')).toEqual(['deep/ü b.yaml']);
  expect(missing('', 'clusters/deep')).toEqual(['clusters/deep/ü b.yaml']);
  expect(missing('clusters/deep')).toEqual(['ü b.yaml']);
  expect(missing('', 'empty.yaml')).toEqual([]);
  git('sparse-checkout', 'disable');
  expect(missing('')).toEqual([]);
});

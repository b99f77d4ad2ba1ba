import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitReaders, isIgnored, RevisionError } from '../../lib/existing/git';

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
  expect(() => reader.read('later.yaml')).toThrow(new RevisionError('later.yaml is not in HEAD'));
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
  expect(() => reader.read('./later.yaml')).toThrow(new RevisionError('./later.yaml is not in HEAD'));
});

test('listed files are read with one process: the repository is not asked for each of them', () => {
  repository();
  const reader = gitReaders('HEAD')(folder);
  reader.list('');
  expect(text(reader.read('a.yaml'))).toBe('old');
  rmSync(join(folder, '.git'), { recursive: true });
  expect(text(reader.read('./clusters/one.yaml'))).toBe('one\ntwo\n');
  expect(() => reader.read('later.yaml')).toThrow(new RevisionError('later.yaml is not in HEAD'));
});

test('paths are relative to the folder, which can be below the root of the repository', () => {
  repository();
  const reader = gitReaders('HEAD')(join(folder, 'clusters'));
  expect(text(reader.read('one.yaml'))).toBe('one\ntwo\n');
  expect(reader.list('')).toEqual(['deep/ü b.yaml', 'one.yaml']);
  expect(reader.list('deep')).toEqual(['deep/ü b.yaml']);
  expect(reader.list('shallow')).toEqual([]);
  expect(text(reader.read('one.yaml'))).toBe('one\ntwo\n');
  expect(() => reader.read('a.yaml')).toThrow(new RevisionError('a.yaml is not in HEAD'));
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

test.each(['nothing', '--output=x', 'HEAD:a.yaml'])('%s is no revision', (revision) => {
  repository();
  expect(() => gitReaders(revision)(folder)).toThrow(
    new RevisionError(
      `git cannot find the revision \`${revision}\`; in CI fetch it first: \`git fetch --depth=1 origin main\``,
    ),
  );
});

test('a repository without a commit, and a folder without a repository', () => {
  const message = `${folder} is not in a git repository, or git is not installed`;
  expect(() => gitReaders('HEAD')(folder)).toThrow(new RevisionError(message));
  git('init', '-q');
  expect(() => gitReaders('HEAD')(folder)).toThrow(
    expect.objectContaining({
      name: 'RevisionError',
      message: 'the git repository has no commit yet, so there is nothing to compare with',
    }),
  );
});

test('whether git ignores a file', () => {
  expect(isIgnored(folder, 'key.secret')).toBe(false);
  repository();
  expect(isIgnored(folder, 'key.secret')).toBe(true);
  expect(isIgnored(folder, 'clusters/key.secret')).toBe(true);
  expect(isIgnored(folder, 'a.yaml')).toBe(false);
  expect(isIgnored(folder, '--version')).toBe(false);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultBranch, otherHooks } from '../../lib/existing/repository';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-branch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const id = '0123456789abcdef0123456789abcdef01234567';

test.each([
  ['that of a repository without a commit', { HEAD: 'ref: refs/heads/master\n' }, 'master'],
  ['a name with a slash', { HEAD: 'ref: refs/heads/team/trunk\n' }, 'team/trunk'],
  ['main, on another branch', { HEAD: 'ref: refs/heads/topic\n', 'refs/heads/main': `${id}\n` }, 'main'],
  [
    'master, on another branch',
    { HEAD: 'ref: refs/heads/topic\n', 'packed-refs': `${id} refs/heads/master\n` },
    'master',
  ],
  [
    'that of origin, even beside main',
    {
      HEAD: 'ref: refs/heads/main\n',
      'refs/heads/main': `${id}\n`,
      'refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/develop\n',
    },
    'develop',
  ],
  [
    'not a branch whose name ends like it',
    { HEAD: 'ref: refs/heads/a\n', 'packed-refs': `${id} refs/heads/x/main\n` },
    'a',
  ],
  ['unknown, on no branch', { HEAD: `${id}\n` }, undefined],
  ['unknown, with reftables', { HEAD: 'ref: refs/heads/.invalid\n' }, undefined],
])('%s', (_, files, branch) => {
  for (const [path, text] of Object.entries(files)) write(`.git/${path}`, text);
  expect(defaultBranch(folder)).toBe(branch);
});

test('a work tree has the branches of its repository', () => {
  write('repository/.git/refs/heads/master', `${id}\n`);
  write('repository/.git/worktrees/tree/HEAD', 'ref: refs/heads/topic\n');
  write('repository/.git/worktrees/tree/commondir', '../..\n');
  write('tree/.git', `gitdir: ${join(folder, 'repository/.git/worktrees/tree')}\n`);
  expect(defaultBranch(join(folder, 'tree'))).toBe('master');
});

test('outside a repository, there is none', () => expect(defaultBranch(folder)).toBeUndefined());

test.each<[string, Record<string, string>, string | undefined]>([
  ['no hook', { 'hooks/pre-commit.sample': '' }, undefined],
  ['a hook of its own', { 'hooks/pre-commit.sample': '', 'hooks/pre-push': '' }, '.git/hooks'],
  ['the hooks of a package', { config: '[core]\n\thooksPath = .husky/_\n' }, '.husky/_'],
  ['the hooks of Kaniflux', { config: '[core]\n\thookspath = .githooks\n', 'hooks/pre-push': '' }, undefined],
])('a repository with %s', (_, files, hooks) => {
  for (const [path, text] of Object.entries(files)) write(`.git/${path}`, text);
  expect(otherHooks(folder)).toBe(hooks);
});

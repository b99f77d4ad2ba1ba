import { remedy } from '../../lib/existing/git-commit';

const unshallow = 'this clone may lack the commit: `git fetch --unshallow` fetches all commits of its branches';
const write = 'for a branch of the remote, write `origin/BRANCH`; for a tag, first run `git fetch --tags`';
const fetch = (depth: string, branch: string) =>
  `fetch it first: \`git fetch ${depth}origin +refs/heads/${branch}:refs/remotes/origin/${branch}\``;

test.each([
  ['origin/main', fetch('--depth=1 ', 'main')],
  ['origin/release/1.0', fetch('--depth=1 ', 'release/1.0')],
  ['origin/HEAD', 'set it first: `git remote set-head origin --auto`'],
  ['refs/remotes/origin/main', fetch('--depth=1 ', 'main')],
  ['origin/main~1', fetch('--depth=1 ', 'main')],
  ['origin/here~1', unshallow],
  ['HEAD~1', unshallow],
  ['HEAD@{1}', unshallow],
  ['deadbeef', unshallow],
  ['main', write],
  ['v1.0', write],
  ['origin/here..origin/main', write],
])('git cannot find %s in a shallow clone', (revision, expected) => {
  expect(remedy(revision, true, (ref) => ref === 'refs/remotes/origin/here')).toBe(expected);
});

test.each([
  ['origin/develop', fetch('', 'develop')],
  ['origin/here~1', write],
  ['HEAD~1', write],
  ['deadbeef', write],
  ['main', write],
  ['--output=x', write],
])('git cannot find %s in a complete clone, which stays complete', (revision, expected) => {
  expect(remedy(revision, false, (ref) => ref === 'refs/remotes/origin/here')).toBe(expected);
});

test('the command quotes a branch with characters of the shell', () => {
  expect(remedy('origin/a;b', false, () => false)).toBe(
    "fetch it first: `git fetch origin '+refs/heads/a;b:refs/remotes/origin/a;b'`",
  );
});

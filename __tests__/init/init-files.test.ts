import { parse } from 'yaml';
import { newFiles } from '../../lib/init/init-files';
import { settingsOf } from '../../lib/init/settings';
import { workflowText } from '../../lib/init/workflow';

const written = (folder: string, start = 'new-kanidm', cdk8s = false) =>
  newFiles(settingsOf({ general: { start }, clusters: [], people: [] }), { folder, branch: 'main' }, cdk8s);
const paths = (...args: Parameters<typeof written>) => written(...args).map(({ path }) => path);

test('the config and the files of npm lie in the folder, and what GitHub and Git read at the root', () => {
  expect(paths('')).toEqual(['kaniflux.yaml', '.gitignore', '.github/workflows/kaniflux.yaml', '.githooks/pre-commit']);
  expect(paths('infra/access', 'new-kanidm', true)).toEqual([
    'infra/access/kaniflux.yaml',
    'infra/access/.gitignore',
    '.github/workflows/kaniflux.yaml',
    '.githooks/pre-commit',
    'infra/access/cdk8s.yaml',
    'infra/access/main.ts',
  ]);
  // `adopt` writes the config.
  expect(paths('', 'existing-sign-in')).not.toContain('kaniflux.yaml');
  expect(written('').flatMap(({ path, executable }) => (executable ? [path] : []))).toEqual(['.githooks/pre-commit']);
});

test.each([
  [
    '',
    'npx --no-install kaniflux synth --check\nnpx --no-install kaniflux check --severity warning',
    'kaniflux.yaml dist',
  ],
  [
    "it's",
    "(\n  cd 'it'\\''s'\n  npx --no-install kaniflux synth --check\n  npx --no-install kaniflux check --severity warning\n)",
    "'it'\\''s/kaniflux.yaml' 'it'\\''s/dist'",
  ],
])('the hook in the folder %j', (folder, commands, files) => {
  expect(written(folder).find(({ path }) => path === '.githooks/pre-commit')?.text).toBe(`#!/bin/sh
# Rejects a commit if dist/ is out of date. Written by \`kaniflux init\`; you can edit it.
# Turn it on once in each clone: git config core.hooksPath .githooks
set -e
${commands}
# The commands above read the files on the disk. The commit contains only what is staged.
left=
git diff --cached --quiet -- ${files} || left="$(git ls-files --modified --others --exclude-standard -- ${files})"
if [ -n "$left" ]; then
  printf 'These files have changes that are not staged. Stage them with git add:\\n%s\\n' "$left" >&2
  exit 1
fi
`);
});

test('private keys, the report and the packages stay out of Git', () => {
  expect(written('').find(({ path }) => path === '.gitignore')?.text).toBe(
    'node_modules/\nkaniflux-report.html\n# Private keys.\n*.key\n',
  );
});

test.each([
  ['', undefined, undefined],
  ['infra/access', './infra/access/dist', 'infra/access/package-lock.json'],
])('the config and the workflow in the folder %j', (folder, dist, lock) => {
  const [config] = written(folder);
  expect(parse(config?.text ?? '').flux?.path).toBe(dist);
  const { env, jobs } = parse(workflowText(folder, 'main'));
  expect(env).toEqual({ FOLDER: folder || '.' });
  const [, setup] = jobs.check.steps;
  expect(setup.with).toEqual({
    'node-version': 24,
    cache: 'npm',
    ...(lock === undefined ? {} : { 'cache-dependency-path': lock }),
  });
});

test('the workflow recognizes the comment that it wrote before', () => {
  const { jobs } = parse(workflowText('', 'main'));
  expect(jobs.comment.steps[0].run).toContain("export MARKER='<!-- kaniflux: access -->'\n");
});

describe('the workflow of a second folder', () => {
  const paths = (folder: string, workflow: string) =>
    newFiles(settingsOf({ general: {}, clusters: [], people: [] }), { folder, branch: 'main', workflow }, false)
      .filter(({ path }) => path.startsWith('.github'))
      .map(({ path, text }) => [path, parse(text).jobs.review.name]);

  test.each([
    ['apps/edge', '', '.github/workflows/kaniflux-apps-edge.yaml', 'review in apps/edge'],
    ['my apps/ä', '', '.github/workflows/kaniflux-my-apps-.yaml', 'review in my apps/ä'],
    ['', 'apps/edge', '.github/workflows/kaniflux-root.yaml', 'review in the root'],
  ])('%j beside that of %j is a file of its own, with jobs of other names', (folder, other, path, name) => {
    expect(paths(folder, workflowText(other, 'main'))).toEqual([[path, name]]);
  });

  test.each([
    ['the same folder', 'apps/edge', workflowText('apps/edge', 'trunk')],
    ['no folder', 'apps/edge', 'on: push\n'],
  ])('a workflow of %s stays the only one', (_, folder, workflow) => {
    expect(paths(folder, workflow)).toEqual([['.github/workflows/kaniflux.yaml', undefined]]);
  });
});

test('a required check does not wait for ever: the workflow also runs in a merge queue, and for another target branch', () => {
  const { on, jobs } = parse(workflowText('', 'main'));
  expect(on).toMatchObject({ merge_group: null, pull_request: { types: expect.arrayContaining(['edited']) } });
  // GitHub reports a job that is left out because of a condition as successful.
  expect(jobs.review.if).toBe("github.event_name == 'pull_request'");
});

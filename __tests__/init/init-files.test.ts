import { spawnSync } from 'node:child_process';
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
    "kaniflux.yaml dist ':(glob)clusters/*.yaml'",
  ],
  [
    "it's",
    "(\n  cd 'it'\\''s'\n  npx --no-install kaniflux synth --check\n  npx --no-install kaniflux check --severity warning\n)",
    "'it'\\''s/kaniflux.yaml' 'it'\\''s/dist' ':(glob)it'\\''s/clusters/*.yaml'",
  ],
])('the hook in the folder %j', (folder, commands, files) => {
  expect(written(folder).find(({ path }) => path === '.githooks/pre-commit')?.text).toBe(`#!/bin/sh
# Rejects a commit if dist/ is out of date. Written by \`kaniflux init\`; you can edit it.
# Turn it on once in each clone: git config core.hooksPath .githooks
set -e
${commands}
# The commands above read the files on the disk. The commit contains only what is staged.
# If the config names other files, such as certificates, add them here.
set -- ${files}
left=
git diff --cached --quiet -- "$@" || left="$(git ls-files --modified --others --exclude-standard -- "$@")"
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
  const within = (folder: string, workflows: Readonly<Record<string, string>>) =>
    newFiles(
      settingsOf({ general: {}, clusters: [], people: [] }),
      { folder, branch: 'main', existing: (path) => workflows[path] },
      false,
    ).filter(({ path }) => path.startsWith('.github'));
  const paths = (folder: string, workflow: string) =>
    within(folder, { '.github/workflows/kaniflux.yaml': workflow }).map(({ path, text }) => [
      path,
      parse(text).jobs.review.name,
    ]);

  test.each([
    ['apps/edge', '', '.github/workflows/kaniflux-apps-edge.yaml', 'review in apps/edge'],
    ['my apps/ä', '', '.github/workflows/kaniflux-my-apps-.yaml', 'review in my apps/ä'],
    ['', 'apps/edge', '.github/workflows/kaniflux-root.yaml', 'review in the root'],
  ])('%j beside that of %j is a file of its own, with jobs of other names', (folder, other, path, name) => {
    expect(paths(folder, workflowText(other, 'main'))).toEqual([[path, name]]);
  });

  test('folders whose names differ only in other characters have different files, also in a second run', () => {
    const workflows: Record<string, string> = {};
    const run = (folder: string) =>
      within(folder, workflows).map(({ path, text }) => {
        workflows[path] ??= text;
        return path;
      });
    const folders = ['c', 'a/b', 'a-b', 'a b', '\u00fc', '\u00f6', 'root', ''];
    const first = folders.flatMap(run);
    expect(first.map((path) => path.replace('.github/workflows/kaniflux', ''))).toEqual([
      '.yaml',
      '-a-b.yaml',
      '-a-b-2.yaml',
      '-a-b-3.yaml',
      '--.yaml',
      '---2.yaml',
      '-root.yaml',
      '-root-2.yaml',
    ]);
    expect(folders.flatMap(run)).toEqual(first);
    expect(first.map((path) => parse(workflows[path] ?? '').env.FOLDER)).toEqual([...folders.slice(0, -1), '.']);
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

describe('the branch of the nightly pull request', () => {
  const { jobs } = parse(workflowText('', 'main'));
  const script: string = jobs.expire.steps.at(-1).run;
  const branches = (...folders: string[]) =>
    folders.map((FOLDER) => {
      const lines = `${script.slice(0, script.indexOf('git switch'))}printf %s "$branch"`;
      return spawnSync('bash', ['-ec', lines], { env: { PATH: process.env.PATH, FOLDER }, encoding: 'utf8' }).stdout;
    });

  test('contains the name of a folder, and nothing else where the name has only plain characters', () => {
    expect(branches('.', 'infra', 'a-b')).toEqual(['kaniflux/expire', 'kaniflux/expire-infra', 'kaniflux/expire-a-b']);
  });

  test('differs for folders whose names differ only in other characters', () => {
    const names = branches('a/b', 'a.b', 'a-b', '\u00fc', '\u00f6');
    expect(new Set(names).size).toBe(5);
    expect(names[0]).toMatch(/^kaniflux\/expire-a-b-[0-9a-f]{8}$/);
  });
});

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
  ['', 'npx --no-install kaniflux synth --check'],
  ['infra/access', 'cd infra/access\nnpx --no-install kaniflux synth --check'],
  ["it's", "cd 'it'\\''s'\nnpx --no-install kaniflux synth --check"],
])('the hook in the folder %j', (folder, commands) => {
  expect(written(folder).find(({ path }) => path === '.githooks/pre-commit')?.text).toBe(`#!/bin/sh
# Rejects a commit if dist/ is out of date. Written by \`kaniflux init\`; you can edit it.
# Turn it on once in each clone: git config core.hooksPath .githooks
set -e
${commands}
npx --no-install kaniflux check --severity warning
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
  expect(jobs.comment.steps[0].run).toMatch(/^marker='<!-- kaniflux: access -->'\n/);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { action, github, must, pack, runner, sh } from './repository';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-pull-request-'));
const repository = join(folder, 'repository');
const initialise =
  'npx --no-install kaniflux init --yes --domain idm.example.com --server https://192.0.2.10:6443 --kubernetes 1.34' +
  ' --person example --break-glass safe';
const commit = 'npx --no-install kaniflux synth -q && git add -A && git commit -qm';
/** A command line that adds a grant to the last cluster of the config. */
const grant = (name: string) =>
  `echo '      - { name: ${name}, clusterRole: view, people: [example] }' >> kaniflux.yaml && ${commit} ${name}`;

/** A pull request with the grant `mine`, and a newer commit of the base branch with the grant `other`. */
beforeAll(() => {
  const tarball = pack(repository);
  must(repository, 'git init -q -b main && npm init -y');
  must(repository, `npm install --save-dev ./${tarball} && ${initialise} --cluster homelab && ${commit} first`);
  must(repository, `git checkout -q -b change && ${grant('mine')}`);
  must(repository, 'git checkout -q -b merge main && git merge -q --no-ff -m merge change');
  must(repository, `git checkout -q main && ${grant('other')}`);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

const base = { BASE: 'refs/remotes/origin/main' };
const checkoutOf = (name: string, ...options: string[]) => {
  const checkout = join(folder, name, 'checkout');
  must(folder, `git clone -q ${options.join(' ')} file://${repository} ${checkout}`);
  return checkout;
};

describe.each([
  ['the workflow', runner],
  ['the action', action],
])('%s', (name, run) => {
  const place = name.replace(' ', '-');

  test('a newer commit of the base branch is not taken for a change of the pull request', () => {
    const checkout = checkoutOf(`${place}-merged`, '--branch merge');
    const merge = must(checkout, 'git rev-parse HEAD').trim();
    const { results, output } = run(checkout, 'review', { ...base, GITHUB_SHA: merge });
    expect(results.map(({ status }) => status)).not.toContain(1);
    expect(output).toContain('mine');
    expect(output).not.toContain('other');
  });

  test('a commit that is not the merge of the pull request is compared with the base branch', () => {
    const checkout = checkoutOf(`${place}-head`, '--branch change');
    const { output } = run(checkout, 'review', { ...base, GITHUB_SHA: '0'.repeat(40) });
    expect(output).toContain('other');
  });

  test('a checkout without the base branch is not reviewed, and the comment says why', () => {
    const checkout = checkoutOf(`${place}-shallow`, '--branch merge --depth 1');
    const { results, output } = run(checkout, 'review', base);
    expect(results.map(({ status }) => status)).toContain(2);
    expect(output).toContain(
      '    The checkout does not contain origin/main: set fetch-depth to 0 for actions/checkout.',
    );
    // A checkout with the merge commit and its parents is enough for the review.
    must(checkout, 'git fetch -q --depth 2 origin merge');
    const merge = must(checkout, 'git rev-parse HEAD').trim();
    expect(run(checkout, 'review', { ...base, GITHUB_SHA: merge }).output).toContain('mine');
  });

  test('each folder has a comment of its own', () => {
    const there = checkoutOf(`${place}-comment`);
    const more = { TEXT: 'text', COMMENTS: 'repos/o/r/issues/7/comments', ...github(there, '') };
    run(there, 'comment', { ...more, FOLDER: 'apps/edge' });
    expect(readFileSync(join(there, 'comment.md'), 'utf8')).toBe('<!-- kaniflux: access in apps/edge -->\ntext\n');
  });

  test('a text that is cut inside a character', () => {
    const checkout = checkoutOf(`${place}-long`, '--branch merge');
    const program = join(checkout, 'node_modules/.bin/kaniflux');
    must(checkout, `mkdir -p ${join(checkout, 'node_modules/.bin')} && git rm -q package.json package-lock.json`);
    writeFileSync(program, '#!/bin/sh\nprintf "%119999s🔴 the end" ""\n', { mode: 0o755 });
    must(checkout, 'git config user.name a && git commit -qam change');
    must(checkout, 'git update-ref refs/remotes/origin/main HEAD');
    const bin = join(checkout, '..', 'bin');
    must(checkout, `mkdir ${bin} && ln -s /bin/true ${bin}/npm`);
    const { results, output } = run(checkout, 'review', { ...base, PATH: `${bin}:${process.env.PATH}` });
    expect(results.at(-1)).toMatchObject({ name: 'Review', status: 0 });
    expect(output).toMatch(/ {119999}\n\n… cut here: run kaniflux diff\n/);
  });
});

test.each([
  ['review', 'push', 'The mode review needs the event pull_request, found push.'],
  ['review', 'pull_request_target', 'The mode review needs the event pull_request, found pull_request_target.'],
  ['reviews', 'pull_request', "The input mode is review, comment, check or expire, found 'reviews'."],
  ['', 'pull_request', "The input mode is review, comment, check or expire, found ''."],
])('the action refuses the mode %j in the event %s', (mode, event, message) => {
  const checkout = checkoutOf(`refused-${mode}-${event}`, '--branch merge');
  const { results, output } = action(checkout, mode, { ...base, EVENT: event });
  expect(results[0]).toMatchObject({ status: 1, stdout: `::error::${message}\n` });
  // The comment says that nothing was reviewed.
  if (mode === 'review') expect(output).toContain(`    ${message}\n`);
});

test('the hook refuses a commit that leaves out a changed or new file of dist/', () => {
  const checkout = checkoutOf('hook');
  must(checkout, 'git config core.hooksPath .githooks && npm ci --silent && echo note > note');
  must(checkout, 'sed -i s/192.0.2.10/192.0.2.11/ kaniflux.yaml && npx --no-install kaniflux synth -q');
  // The hook does not refuse a commit that contains only other files.
  must(checkout, 'git add note && git commit -qm note');
  must(checkout, 'git add kaniflux.yaml');
  const { status, stderr } = sh(checkout, 'git commit -qm half');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^These files have changes that are not staged\..*\n(dist\/.*\n)*dist\/kubeconfigs/m),
  });
  must(checkout, 'git commit -qam whole');
});

test('a second config in another folder gets a workflow of its own', () => {
  const checkout = checkoutOf('second');
  must(checkout, 'npm ci --silent && mkdir -p apps/edge');
  const second = join(checkout, 'apps/edge');
  const { stderr } = sh(
    second,
    `../../node_modules/.bin/${initialise.replace('npx --no-install ', '')} --cluster edge`,
  );
  expect(stderr).toContain('wrote .github/workflows/kaniflux-apps-edge.yaml, for the branch main\n');
  expect(stderr).toContain('kept .githooks/pre-commit, which existed\n');
  expect(stderr).toMatch(/^ {2}edit \.githooks\/pre-commit .*add `cd apps\/edge`/m);
});

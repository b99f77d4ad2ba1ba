import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { github, lend, must, pack, runner, sh } from './repository';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-init-'));
const repository = join(folder, 'repository');
const initialise =
  'npx --no-install kaniflux init --cdk8s --domain idm.example.com --cluster homelab --server https://192.0.2.10:6443' +
  " --kubernetes 1.34 --person example --break-glass 'the certificate kubeconfig in the safe'";
const edit = (path: string, from: string | RegExp, to: string) => {
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
};

/** What a new user does: an empty repository, the package, init, the placeholders, synth, the first commit. */
beforeAll(() => {
  const tarball = pack(repository);
  must(repository, 'git init -q -b main && npm init -y');
  must(repository, `npm install --save-dev ./${tarball}`);
  must(repository, initialise);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('check names what init could not know, and synth writes nothing before it is filled in', () => {
  const check = sh(repository, 'npx --no-install kaniflux check');
  expect(check.status).toBe(2);
  expect(check.stdout.match(/kaniflux\.yaml:\d+:\d+ error/g)).toHaveLength(1);
  expect(check.stdout).toContain('id: # the person');
  expect(sh(repository, 'npx --no-install kaniflux synth && ls dist').status).toBe(2);
  edit(join(repository, 'kaniflux.yaml'), /id: #/, 'id: 7b89b6ea-1e8b-4aa8-98fb-a70cba498d16 #');
  must(repository, 'npx --no-install kaniflux synth');
  expect(sh(repository, 'npx --no-install kaniflux check')).toMatchObject({ status: 0 });
});

test('the pre-commit hook lets a rendered dist/ in, and refuses one that is out of date', () => {
  must(repository, 'git config core.hooksPath .githooks && git add -A && git commit -qm first');
  expect(must(repository, 'git ls-files')).not.toContain('node_modules');
  expect(must(repository, 'git ls-files')).toContain('dist/.kaniflux.json');
  edit(join(repository, 'kaniflux.yaml'), '192.0.2.10', '192.0.2.11');
  const refused = sh(repository, 'git commit -qam second');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('dist/kubeconfigs/homelab.yaml: not what the config gives');
  must(repository, 'git checkout -q kaniflux.yaml');
});

describe("the workflow's own steps", () => {
  /** A checkout as actions/checkout makes it of a pull request with the change: whole, with the branch it goes into. */
  const pullRequest = (name: string, change: (path: string) => void, ...then: string[]): string => {
    const checkout = join(folder, name, 'checkout');
    must(folder, `git clone -q ${repository} ${checkout}`);
    change(join(checkout, 'kaniflux.yaml'));
    for (const line of then) must(checkout, line);
    must(checkout, 'git commit -qam change --allow-empty');
    return checkout;
  };
  const check = (checkout: string) => runner(checkout, 'check', { BASE: 'origin/main' });

  test('pass as init made them, where nothing changes', () => {
    const { results, output } = check(pullRequest('same', () => {}));
    expect(results.map(({ name, status }) => [name, status])).toEqual([
      ['Install', 0],
      ['dist/ is what kaniflux.yaml renders to', 0],
      ['Check', 0],
      ['Access diff', 0],
    ]);
    expect(output).toMatch(/^text<<end-[0-9a-f]{32}\n[\s\S]*\nend-[0-9a-f]{32}\n$/);
  });

  test('say who gains what, for the comment and in the summary', () => {
    const checkout = pullRequest(
      'gain',
      (path) => {
        edit(
          path,
          'people:',
          'people:\n  viewer-1: { displayName: viewer-1, id: 7b89b6ea-1e8b-4aa8-98fb-a70cba498d17 }',
        );
        edit(path, 'members: [example]', 'members: [example, viewer-1]');
        edit(
          path,
          '      - name: oidc-cluster-admin',
          '      - { name: see, clusterRole: view, groups: [k8s_users] }\n      - name: oidc-cluster-admin',
        );
        edit(
          path,
          'controlPlane: kubeadm',
          'controlPlane: kubeadm\n    authentication: { groups: { claim: groups, prefix: "kanidm:" } }',
        );
      },
      'npm ci --silent',
      'npx --no-install kaniflux synth && git add dist',
    );
    const { results, output, summary } = check(checkout);
    expect(results.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    expect(summary).toMatch(/viewer.*-1.* may read .*homelab.*view/);
    expect(output).toContain(summary.trim());

    // The other job, which has the text from an output of this one, writes a comment, and the next time changes it.
    const text = output.split('\n').slice(1, -2).join('\n');
    const comment = (comments: string, name: string) => {
      const there = join(folder, name);
      must(folder, `mkdir -p ${there}`);
      must(folder, `cp -r ${checkout}/.github ${there}/.github`);
      const more = { TEXT: text, COMMENTS: 'repos/o/r/issues/7/comments', ...github(there, comments) };
      const { results } = runner(there, 'comment', more);
      expect(results.map(({ status }) => status)).toEqual([0]);
      return {
        asked: readFileSync(join(there, 'asked'), 'utf8'),
        body: readFileSync(join(there, 'comment.md'), 'utf8'),
      };
    };
    const first = comment('', 'comment-1');
    expect(first.body).toBe(`<!-- kaniflux: access -->\n${text}\n`);
    expect(first.asked).toContain('api --method POST repos/o/r/issues/7/comments --field body=@comment.md');
    expect(comment('42', 'comment-2').asked).toContain('api --method PATCH repos/o/r/issues/comments/42');
  });

  test('fail where dist/ is out of date, and where check finds something', () => {
    const stale = check(pullRequest('stale', (path) => edit(path, '192.0.2.10', '192.0.2.11'))).results;
    expect(stale.find(({ name }) => name.startsWith('dist/'))).toMatchObject({ status: 1 });
    const found = check(
      pullRequest(
        'found',
        (path) => edit(path, /^ *breakGlass:.*\n/m, ''),
        'npm ci --silent',
        'npx --no-install kaniflux synth && git add dist',
      ),
    ).results;
    const step = found.find(({ name }) => name === 'Check');
    expect(step).toMatchObject({ status: 1 });
    expect(step?.stdout).toMatch(/^::warning file=kaniflux\.yaml,line=\d+,col=\d+,title=no-break-glass::/m);
  });
});

test('with --cdk8s, `cdk8s synth` writes the same bytes', () => {
  const other = join(folder, 'cdk8s');
  must(folder, `cp -r ${repository} ${other}`);
  lend(other, 'tsx', 'cdk8s-cli');
  must(other, 'npx --no-install cdk8s synth --check-upgrade=false');
  expect(must(other, 'git status --porcelain -- dist')).toBe('');
  expect(sh(other, 'npx --no-install kaniflux synth --check').status).toBe(0);
  edit(join(other, 'kaniflux.yaml'), 'client: k8s', 'client: k9s');
  const broken = sh(other, 'npx --no-install cdk8s synth --check-upgrade=false');
  expect(broken.status).not.toBe(0);
  expect(broken.stdout + broken.stderr).toContain('kaniflux.yaml:27:13 error there is no client `k9s`');
});

test('the page of the report is made by the package too', () => {
  must(repository, 'npx --no-install kaniflux report -o report.html');
  expect(readFileSync(join(repository, 'report.html'), 'utf8')).toMatch(/<script>.{1000,}<\/script>/s);
});

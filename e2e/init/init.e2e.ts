import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { github, lend, must, onTerminal, pack, type Ran, runner, sh } from './repository';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-init-'));
const repository = join(folder, 'repository');
const initialise =
  'npx --no-install kaniflux init --cdk8s --domain idm.example.com --cluster homelab' +
  " --kubernetes 1.34 --person example --break-glass 'the certificate kubeconfig in the safe'";
const edit = (path: string, from: string | RegExp, to: string) => {
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
};

let installed: Ran;

/** Does what a new user does: an empty repository, the package, init, the placeholders, synth, the first commit. */
beforeAll(() => {
  const tarball = pack(repository);
  must(repository, 'git init -q -b main && npm init -y');
  installed = sh(repository, `npm install --save-dev ./${tarball}`);
  must(repository, initialise);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('npm installs the package without a warning', () => {
  expect(installed).toMatchObject({ status: 0, stderr: '' });
});

describe('questions on a terminal', () => {
  const typed = (cwd: string, ...keys: string[]) => {
    must(folder, `mkdir -p ${cwd} && cd ${cwd} && git init -q -b trunk`);
    return onTerminal(cwd, `${join(repository, 'node_modules/.bin/kaniflux')} init`, keys);
  };

  test('their answers make a config, and a wrong one is asked again', async () => {
    const cwd = join(folder, 'asked');
    const kanidm = ['1\n', 'IDM\n', 'idm.example.com\n', '\n'];
    // Lines that are pasted at once are the answers to several questions.
    const east = ['east\n', 'https://192.0.2.10:6443\n1.34\nk3s\n', 'the kubeconfig in the safe\n'];
    const west = ['west\n', 'https://192.0.2.20:6443\n', '1.34\n', '\n', '\n'];
    const ran = await typed(cwd, ...kanidm, ...east, ...west, '\n', 'jane\n', 'Jane Doe\n', '\n', '\n');
    expect(ran.stdout).toContain('Expected a DNS name in lower case');
    expect(ran.status).toBe(0);
    expect(parse(readFileSync(join(cwd, 'kaniflux.yaml'), 'utf8'))).toMatchObject({
      kanidm: { domain: 'idm.example.com' },
      people: { jane: { displayName: 'Jane Doe' } },
      clusters: {
        east: { controlPlane: 'k3s', breakGlass: 'the kubeconfig in the safe' },
        west: { controlPlane: 'kubeadm', breakGlass: '/etc/kubernetes/admin.conf on a control-plane node' },
      },
    });
    expect(readFileSync(join(cwd, '.github/workflows/kaniflux.yaml'), 'utf8')).toContain('branches: [trunk]');
  });

  test.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('%s ends without a file', async (_, key) => {
    const cwd = join(folder, `cancelled-${key.charCodeAt(0)}`);
    const ran = await typed(cwd, '1\n', 'idm.example.com\n', key);
    expect(ran.stdout).toContain('no answer: nothing was written');
    expect(ran.status).toBe(2);
    expect(must(cwd, 'ls -A')).toBe('.git\n');
  });
});

test('check names what init could not know, and synth writes nothing before it is filled in', () => {
  const check = sh(repository, 'npx --no-install kaniflux check');
  expect(check.status).toBe(2);
  expect(check.stdout.match(/kaniflux\.yaml:\d+:\d+ error/g)).toHaveLength(1);
  expect(check.stdout).toContain('server: #');
  expect(sh(repository, 'npx --no-install kaniflux synth && ls dist').status).toBe(2);
  edit(join(repository, 'kaniflux.yaml'), /server: #/, 'server: https://192.0.2.10:6443 #');
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
  expect(refused.stderr).toContain('dist/kubeconfigs/homelab.yaml: differs from what the config renders');
  must(repository, 'git checkout -q kaniflux.yaml');
});

describe("the workflow's own steps", () => {
  /**
   * Returns a checkout of a pull request as actions/checkout creates it: complete, with the branch that it is merged
   * into.
   */
  const pullRequest = (name: string, change: (checkout: string) => void, ...then: string[]): string => {
    const checkout = join(folder, name, 'checkout');
    must(folder, `git clone -q ${repository} ${checkout}`);
    change(checkout);
    for (const line of then) must(checkout, line);
    must(checkout, 'git add -A && git commit -qm change --allow-empty');
    return checkout;
  };
  const config = (checkout: string) => join(checkout, 'kaniflux.yaml');
  const synth = [
    'npm ci --silent',
    'npx --no-install kaniflux synth',
    'git rm -rq --cached node_modules --ignore-unmatch',
  ];
  const base = { BASE: 'origin/main' };
  const statuses = (results: readonly { name: string; status: number | null }[]) =>
    Object.fromEntries(results.map(({ name, status }) => [name, status]));

  /** Runs both jobs of the review. Returns what they wrote into the pull request, and how the first one ended. */
  const reviewed = (checkout: string, comments = '') => {
    const { results, output, summary } = runner(checkout, 'review', base);
    const [, text = ''] = /^text<<(?:end-[0-9a-f]{32})\n([\s\S]*)\nend-[0-9a-f]{32}\n$/.exec(output) ?? [];
    const there = join(checkout, '..', 'comment');
    must(folder, `mkdir -p ${there} && cp -r ${checkout}/.github ${there}/.github`);
    const more = {
      TEXT: text,
      RUN: 'https://github.example/run/1',
      COMMENTS: 'repos/o/r/issues/7/comments',
      ...github(there, comments),
    };
    expect(statuses(runner(there, 'comment', more).results)).toEqual({ Comment: 0 });
    return {
      statuses: statuses(results),
      summary,
      asked: readFileSync(join(there, 'asked'), 'utf8'),
      body: readFileSync(join(there, 'comment.md'), 'utf8'),
    };
  };

  test('where nothing changes', () => {
    const checkout = pullRequest('same', () => {});
    const { statuses: review, body, summary } = reviewed(checkout);
    expect(review).toEqual({ 'Kaniflux of the base branch': 0, Review: 0 });
    expect(body).toBe('<!-- kaniflux: access -->\n## What this change does\n\nNo differences.\n\n');
    expect(body).toContain(summary.trim());
    expect(statuses(runner(checkout, 'check').results)).toEqual({
      Install: 0,
      'dist/ is what kaniflux.yaml renders to': 0,
      Check: 0,
    });
  });

  test('a dangerous pull request that check fails on has its comment, by the Kaniflux of the base branch', () => {
    const checkout = pullRequest(
      'danger',
      (path) => {
        edit(config(path), /^ *breakGlass:.*\n/m, '');
        edit(config(path), 'https://192.0.2.10:6443', 'https://192.0.2.66:6443');
      },
      ...synth,
      // The Kaniflux that a pull request brings must not be the one that reviews it.
      'npm pkg set devDependencies.kaniflux=file:./nothing && rm -f package-lock.json',
    );
    const { statuses: review, body, asked } = reviewed(checkout, '42');
    expect(review).toEqual({ 'Kaniflux of the base branch': 0, Review: 0 });
    expect(body).toMatch(
      /^- 🔴 homelab\\: the address of the API server changed from https\\:\/\/192\\.0\\.2\\.10\\:6443 to/m,
    );
    expect(body).toMatch(/the emergency access for when Kanidm is down changed from .* to not set$/m);
    expect(body).toContain('### After merging');
    expect(asked).toContain('api --method PATCH repos/o/r/issues/comments/42');
    must(checkout, 'git checkout -q origin/main -- package.json package-lock.json');
    const check = runner(checkout, 'check').results;
    expect(statuses(check)).toMatchObject({ Check: 1 });
    expect(check.at(-1)?.stdout).toMatch(/^::warning file=kaniflux\.yaml,line=\d+,col=\d+,title=no-break-glass::/m);
  });

  test('a hand edit of dist/ that no change of the config explains', () => {
    const checkout = pullRequest('edited', (path) => {
      edit(join(path, 'dist/clusters/homelab/access/access.k8s.yaml'), 'kind: User', 'kind: Group');
    });
    const { body } = reviewed(checkout);
    expect(body).toMatch(
      /^- 🔴 dist\/clusters\/homelab\/access\/access\\.k8s\\.yaml changed in a way that the config does not explain/m,
    );
    expect(statuses(runner(checkout, 'check').results)).toMatchObject({ 'dist/ is what kaniflux.yaml renders to': 1 });
  });

  test('a base that cannot be rendered: the comment says that nothing was reviewed, and replaces the older one', () => {
    must(repository, 'git checkout -q -b broken');
    edit(config(repository), 'client: k8s', 'client: k9s');
    must(repository, 'git commit -qam broken --no-verify');
    const checkout = pullRequest('repair', (path) => edit(config(path), 'client: k9s', 'client: k8s'));
    must(checkout, 'git update-ref refs/remotes/origin/main origin/broken');
    must(repository, 'git checkout -q main');
    const { statuses: review, body, asked, summary } = reviewed(checkout, '42');
    expect(review).toEqual({ 'Kaniflux of the base branch': 0, Review: 2 });
    expect(body).toMatch(/^<!-- kaniflux: access -->\n## This change was not reviewed\n/);
    expect(body).toContain('    kaniflux: at origin/main the config has errors');
    expect(summary).toContain('## This change was not reviewed');
    expect(asked).toContain('api --method PATCH repos/o/r/issues/comments/42');
  });

  test('the pull request that introduces Kaniflux: all is new', () => {
    const checkout = pullRequest('first', () => {});
    must(checkout, 'git checkout -q --orphan empty && git rm -rfq . && git commit -qm empty --allow-empty');
    must(checkout, 'git update-ref refs/remotes/origin/main empty && git checkout -q main');
    const { statuses: review, body, asked } = reviewed(checkout);
    expect(review).toEqual({ 'Kaniflux of the base branch': 0, Review: 0 });
    expect(body).toMatch(/^- 🔴 example may do everything on homelab/m);
    expect(body).toContain('The base branch has no Kaniflux, so the Kaniflux of the pull request made this review.');
    expect(asked).toContain('api --method POST repos/o/r/issues/7/comments');
  });

  describe('every night', () => {
    const grant = '      - { name: temporary, clusterRole: view, people: [example], until: 2020-01-31 } # over';
    const night = (name: string, open: string, ...change: string[]) => {
      const checkout = pullRequest(name, () => {}, ...change);
      const there = join(checkout, '..');
      const more = { GH_TOKEN: 'a-token', GH_REPO: 'o/r', TARGET: 'main', ORIGIN: repository, ...github(there, open) };
      const { results, summary } = runner(checkout, 'expire', more);
      return { checkout, statuses: statuses(results), summary, asked: sh(there, 'cat asked').stdout };
    };

    test('a pull request takes out what has ended, and its text has the review', () => {
      const {
        checkout,
        statuses: steps,
        summary,
        asked,
      } = night('ended', '', `echo '${grant}' >> kaniflux.yaml`, ...synth);
      expect(steps).toEqual({ Install: 0, 'Remove what has ended': 0, 'Open the pull request': 0 });
      expect(asked).toContain('pr create --head kaniflux/expire --base main --title Remove grants that have ended');
      expect(summary).toContain('    the last day of the grant temporary was 2020-01-31 (UTC)\n');
      expect(summary).toContain('the grant temporary is gone from the config');
      // Exactly the state before the grant was pushed.
      expect(must(repository, 'git diff main kaniflux/expire')).toBe('');
      expect(must(checkout, 'git log -1 --format=%s')).toBe('Remove grants that have ended\n');
      expect(must(checkout, 'grep -r a-token .git || true')).toBe('');
    });

    test('a pull request that is open gets the new state', () => {
      const { asked } = night('again', '7', `echo '${grant}' >> kaniflux.yaml`, ...synth);
      expect(asked).toContain('pr edit 7 --body-file');
      expect(asked).not.toContain('pr create');
    });

    test('where nothing has ended, nothing is pushed and nobody is asked', () => {
      const { statuses: steps, asked } = night('nothing-ended', '');
      expect(steps).toEqual({ Install: 0, 'Remove what has ended': 0 });
      expect(asked).toBe('');
    });
  });

  test('a review that did not run at all leaves no older comment standing', () => {
    const there = join(folder, 'nothing');
    must(folder, `mkdir -p ${there} && cp -r ${repository}/.github ${there}/.github`);
    const more = { TEXT: '', RUN: 'https://github.example/run/1', COMMENTS: 'repos/o/r/issues/7/comments' };
    runner(there, 'comment', { ...more, ...github(there, '42') });
    expect(readFileSync(join(there, 'comment.md'), 'utf8')).toContain(
      '## This change was not reviewed\n\nNobody knows yet what it does. The review did not run: https://github.example/run/1',
    );
    expect(readFileSync(join(there, 'asked'), 'utf8')).toContain('api --method PATCH repos/o/r/issues/comments/42');
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
  expect(broken.stdout + broken.stderr).toContain('kaniflux.yaml:29:13 error there is no client `k9s`');
});

test('the page of the report is made by the package too', () => {
  must(repository, 'npx --no-install kaniflux report -o report.html');
  expect(readFileSync(join(repository, 'report.html'), 'utf8')).toMatch(/<script>.{1000,}<\/script>/s);
});

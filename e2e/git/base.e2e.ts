import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { homeLabText } from '../../__tests__/config';
import { bound } from '../../__tests__/fixtures/bound';
import { run } from '../../__tests__/run';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-diff-'));
const diff = (...argv: string[]) => run(['diff', ...argv], { cwd: folder });
const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeAll(async () => {
  git('init', '-q', '-b', 'main');
  write('empty', '');
  git('add', '.');
  git('commit', '-qm', 'nothing yet');
  git('tag', 'nothing');
  write('kaniflux.yaml', homeLabText);
  write('infra/rbac.yaml', bound('ci', 'ServiceAccount', 'ci', 'view'));
  await run(['synth', '-q'], { cwd: folder });
  git('add', '.');
  git('commit', '-qm', 'first');
}, 60_000);
beforeEach(() => {
  git('checkout', '-q', 'main', '--', '.');
  git('clean', '-qfd');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('against a revision', () => {
  test('that is the same has no differences', async () => {
    expect(await diff('--base', 'main')).toMatchObject({ code: 0, stdout: 'No differences.\n' });
    expect(await diff('--base', 'main', '--manifests', 'infra')).toMatchObject({ code: 0 });
  });

  test('that does not exist cannot be compared', async () => {
    expect(await diff('--base', 'nowhere')).toMatchObject({ code: 2, stdout: '' });
  });

  test('without a config: all is new', async () => {
    const { code, stdout, stderr } = await diff('--base', 'nothing');
    expect(code).toBe(1);
    expect(stderr).toContain('there is no kaniflux.yaml at nothing: everything is new');
    expect(stdout).toContain('🔴 + datosh may do everything on homelab (cluster-admin): the cluster is new');
    expect(stdout).toContain('+ person datosh is new');
    expect(stdout).toContain('     kubectl --context=homelab apply -f dist/flux/homelab.yaml\n');
  });

  test('that looks like an option is an error on one line', async () => {
    const { code, stderr } = await diff('--base', '-x');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "kaniflux: Option '--base' argument is ambiguous; see `kaniflux diff --help`\n",
    });
  });

  describe('with a config of another name', () => {
    afterEach(() => git('reset', '-q', '--hard', 'main'));

    test('in the same folder: the two are compared', async () => {
      git('mv', 'kaniflux.yaml', 'conf.yaml');
      const before = 'kaniflux: conf.yaml was kaniflux.yaml at HEAD\n';
      expect(await diff('--base', 'HEAD', '-c', 'conf.yaml')).toMatchObject({
        code: 0,
        stdout: 'No differences.\n',
        stderr: before,
      });
      write('conf.yaml', homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: view'));
      const { code, stdout, stderr } = await diff('--base', 'HEAD', '-c', 'conf.yaml');
      expect({ code, stderr }).toEqual({ code: 1, stderr: before });
      expect(stdout).toContain('- datosh may no longer do everything on homelab');
      expect(stdout).not.toContain('the cluster is new');
    });

    test('check compares the two as well, and nothing with a revision that has no config', async () => {
      git('mv', 'kaniflux.yaml', 'conf.yaml');
      write('conf.yaml', homeLabText.replaceAll('sso.kammel.dev', 'idm.example.com'));
      const check = (revision: string) => run(['check', '--base', revision, '-c', 'conf.yaml'], { cwd: folder });
      const renamed = await check('HEAD');
      expect(renamed.stderr).toBe('kaniflux: conf.yaml was kaniflux.yaml at HEAD\n');
      expect(renamed.stdout).toContain('(domain-changed)');
      const { stdout, stderr } = await check('nothing');
      expect(stderr).toBe('kaniflux: there is no conf.yaml at nothing: everything is new\n');
      expect(stdout).not.toContain('(domain-changed)');
    });

    test('in another folder: nothing is compared', async () => {
      mkdirSync(join(folder, 'lab'));
      git('mv', 'kaniflux.yaml', 'dist', 'lab');
      expect(await run(['diff', '--base', 'HEAD'], { cwd: join(folder, 'lab') })).toEqual({
        code: 2,
        stdout: '',
        stderr:
          'kaniflux: the config was moved to another folder since HEAD, from kaniflux.yaml to lab/kaniflux.yaml, so the two are not compared; fix: move it in a commit that changes nothing else\n',
      });
    });

    test('that is still there: all is new in the other', async () => {
      write('conf.yaml', homeLabText);
      git('add', '.');
      const { stderr } = await diff('--base', 'HEAD', '-c', 'conf.yaml');
      expect(stderr).toContain('there is no conf.yaml at HEAD: everything is new');
    });
  });

  test('with a config whose output was never committed: all is new', async () => {
    git('rm', '-rq', '--cached', 'dist');
    git('commit', '-qm', 'no output');
    git('tag', '-f', 'unrendered');
    git('reset', '-q', '--hard', 'HEAD~1');
    const { code, stdout, stderr } = await diff('--base', 'unrendered');
    expect(code).toBe(1);
    expect(stderr).toContain('dist/ is not in unrendered: everything is new');
    expect(stdout).toContain('🔴 + datosh may do everything on homelab (cluster-admin): the cluster is new');
    expect(stdout).toContain('     kubectl --context=homelab apply -f dist/flux/homelab.yaml\n');
    expect(stdout).not.toContain('in a way that the config does not explain');
  });

  test('with an output that git ignores: only the configs are compared', async () => {
    git('rm', '-rq', '--cached', 'dist');
    write('.gitignore', 'dist/\n');
    git('add', '.gitignore');
    git('commit', '-qm', 'output is not committed');
    await run(['synth', '-q'], { cwd: folder });
    expect(await diff('--base', 'HEAD')).toMatchObject({ code: 0, stdout: 'No differences.\n' });
    git('reset', '-q', '--hard', 'HEAD~1');
  });

  test('whose config has errors cannot be compared', async () => {
    write('kaniflux.yaml', homeLabText.replace('client: k8s', 'client: k9s'));
    git('commit', '-qam', 'broken');
    git('tag', '-f', 'broken');
    git('reset', '-q', '--hard', 'HEAD~1');
    expect(await diff('--base', 'broken')).toMatchObject({ code: 2, stdout: '' });
  });

  test('a hand edit of the output is seen, and so is what it lets somebody do', async () => {
    write(
      'dist/clusters/homelab/access/access.k8s.yaml',
      bound('oidc-cluster-admin', 'Group', 'system:authenticated', 'cluster-admin'),
    );
    const { code, stdout } = await diff('--base', 'main', '--fail-on', 'output');
    expect(code).toBe(1);
    expect(stdout).toContain(
      '🔴 + every signed-in user (group system:authenticated) may do everything on homelab (cluster-admin)',
    );
    expect(stdout).toContain(
      '🔴 ~ dist/clusters/homelab/access/access.k8s.yaml changed in a way that the config does not explain: it was edited by hand, or rendered from another config or by another version of Kaniflux',
    );
  });

  test('line ends that git changes on checkout are no change, and those that it would commit are', async () => {
    const path = 'dist/control-planes/homelab/README.md';
    const text = readFileSync(join(folder, path), 'utf8');
    write(path, text.replaceAll('\n', '\r\n'));
    expect((await diff('--base', 'main')).stdout).toContain(`${path} changed in a way`);
    git('config', 'core.autocrlf', 'true');
    expect(await diff('--base', 'main')).toMatchObject({ code: 0, stdout: 'No differences.\n' });
    write(path, text.replaceAll('\n', '\r\n').replace('# Sign-in', '# Signing in'));
    expect((await diff('--base', 'main')).stdout).not.toContain('\\u000d');
    git('config', '--unset', 'core.autocrlf');
    git('checkout', '-q', 'main', '--', '.');
  });

  test('an output below a link to a folder is not taken for a missing one', async () => {
    mkdirSync(join(folder, 'real'));
    renameSync(join(folder, 'dist'), join(folder, 'real', 'dist'));
    symlinkSync('real', join(folder, 'out'));
    git('add', '.');
    git('commit', '-qm', 'link');
    const { code, stderr } = await diff('--base', 'HEAD', '-o', 'out/dist');
    git('reset', '-q', '--hard', 'HEAD^');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('in HEAD, out is a symbolic link, and'),
    });
  });

  test('an output that is a link to a folder is not taken for a missing one', async () => {
    renameSync(join(folder, 'dist'), join(folder, 'real'));
    symlinkSync('real', join(folder, 'dist'));
    git('add', '.');
    git('commit', '-qm', 'link');
    const { code, stderr } = await diff('--base', 'HEAD');
    git('reset', '-q', '--hard', 'HEAD^');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'kaniflux: in HEAD, dist is a symbolic link, and the rendered files are not read through a link; fix: replace the link with the folder, in a commit that changes nothing else\n',
    });
  });

  test('an output that was replaced by a link is not compared', async () => {
    renameSync(join(folder, 'dist'), join(folder, 'real'));
    symlinkSync('real', join(folder, 'dist'));
    const { code, stdout, stderr } = await diff('--base', 'HEAD');
    rmSync(join(folder, 'dist'));
    renameSync(join(folder, 'real'), join(folder, 'dist'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^kaniflux: dist is a symbolic link, and .*; fix: replace the link with the folder\n$/);
    expect(await diff('--base', 'HEAD')).toMatchObject({ code: 0 });
  });

  test('an output without its index still has its other files', async () => {
    rmSync(join(folder, 'dist/.kaniflux.json'));
    const { code, stdout } = await diff('--base', 'HEAD');
    expect(code).toBe(1);
    expect(stdout.match(/dist\/\S+ was removed/g)).toEqual(['dist/.kaniflux.json was removed']);
    rmSync(join(folder, 'dist'), { recursive: true });
    const removed = (await diff('--base', 'HEAD')).stdout;
    expect(removed).toContain('dist/flux/homelab.yaml was removed');
    expect(removed).not.toContain('.kaniflux.json');
  });

  test('an output beside or above the current folder is compared too', async () => {
    mkdirSync(join(folder, 'sub/x'), { recursive: true });
    const from = (cwd: string, config: string, output: string) =>
      run(['diff', '--base', 'HEAD', '-c', config, '-o', output], { cwd: join(folder, cwd) });
    expect(await from('sub/x', '../../kaniflux.yaml', '../../dist')).toMatchObject({ code: 0, stderr: '' });
    write('dist/ACCESS.md', 'edited\n');
    write('dist/.sourceignore', '*.md\n');
    for (const [cwd, config, output, shown] of [
      ['sub/x', '../../kaniflux.yaml', '../../dist', '../../dist/'],
      ['dist', '../kaniflux.yaml', '.', ''],
    ] as const) {
      const { code, stdout } = await from(cwd, config, output);
      expect(code).toBe(1);
      expect(stdout).toContain(`${shown || './'}ACCESS.md changed in a way`);
      expect(stdout).toContain(`${shown}.sourceignore changed: Flux leaves`);
    }
    expect(await from('.', 'kaniflux.yaml', 'sub')).toMatchObject({
      code: 0,
      stderr: 'kaniflux: sub has no rendered files in Git: only the configs are compared\n',
    });
  });

  test.each([
    ['.', 'the folder also contains files that are not rendered'],
    ['..', 'the folder is not in the Git repository'],
  ])('the output %s cannot be compared', async (output, reason) => {
    expect(await diff('--base', 'HEAD', '-o', output)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`-o ${output}: ${reason}`),
    });
  });

  test('what Flux leaves out of the source is seen, in the folders above and below the output', async () => {
    write('.sourceignore', '/dist/clusters/homelab/access\n');
    write('other/.sourceignore', '*.md\n');
    const { stdout } = await diff('--base', 'main');
    expect(stdout).toContain(
      '🟠 ~ .sourceignore changed: Flux leaves the files that match a pattern in this file out of the source.',
    );
    expect(stdout).not.toContain('other/.sourceignore');
    git('clean', '-qfd', '.sourceignore', 'other');
  });

  test('an output that does not have the change yet is said once', async () => {
    write('kaniflux.yaml', homeLabText.replace('192.168.1.16', '192.168.1.17'));
    const stale = await diff('--base', 'main');
    expect(stale.stdout).toContain(
      '🟡 ~ dist/ does not contain this change yet: run `kaniflux synth` and commit what it writes\n',
    );
    await run(['synth', '-q'], { cwd: folder });
    expect((await diff('--base', 'main')).stdout).not.toContain('dist/ does not contain this change');
  });

  test('hand-written bindings are in the review, service accounts included', async () => {
    write('infra/rbac.yaml', bound('ci', 'ServiceAccount', 'ci', 'cluster-admin'));
    const { stdout } = await diff('--base', 'main', '--manifests', 'infra');
    expect(stdout).toContain(
      '🔴 + system:serviceaccount:web:ci may do everything on homelab (cluster-admin): the binding ci gives cluster-admin in place of view',
    );
    expect((await diff('--base', 'main')).stdout).toBe('No differences.\n');
  });
});

describe('what a review of hand-written objects leaves out', () => {
  const withManifests = async () => (await diff('--base', 'main', '--manifests', 'infra')).stdout;

  test('a hand-written binding counts beside an output that was edited by hand', async () => {
    write(
      'dist/clusters/homelab/access/access.k8s.yaml',
      bound('oidc-cluster-admin', 'Group', 'other', 'view').replace('---', '---\n# edited'),
    );
    write('infra/rbac.yaml', bound('ci', 'ServiceAccount', 'ci', 'cluster-admin'));
    const stdout = await withManifests();
    expect(stdout).toContain('🔴 + system:serviceaccount:web:ci may do everything on homelab');
    expect(stdout).toContain('~ homelab: ClusterRoleBinding.rbac.authorization.k8s.io ci');
  });

  test('a List in an edited output counts too', async () => {
    const [kind, text] = ['ClusterRoleBindingList', bound('all', 'Group', 'system:authenticated', 'cluster-admin')];
    const items = text.replace('---\n', '').replace(/^/gm, '  ').replace('  apiVersion', '- apiVersion');
    write(
      'dist/clusters/homelab/access/access.k8s.yaml',
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nitems:\n${items}\n`,
    );
    expect(await withManifests()).toContain('(group system:authenticated) may do everything on homelab');
  });

  test.each([
    ['a kustomization.yaml', 'infra/kustomization.yaml', 'resources: [rbac.yaml]\nnamePrefix: x-\n', 'namePrefix'],
    [
      'settings of an API server',
      'infra/auth.yaml',
      'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt: []\n',
      'settings of an API server',
    ],
    ['a folder with an index file', 'infra/x/.kaniflux.json', '{}', 'infra/x is left out'],
    [
      'a RoleBinding without a namespace',
      'infra/x.yaml',
      bound('x', 'User', 'x', 'edit').replace('ClusterRoleB', 'RoleB'),
      'it has no namespace',
    ],
  ])('%s is in the diff', async (_, path, text, part) => {
    write(path, text);
    const stdout = await withManifests();
    expect(stdout).toContain('left out of this review, so the access that it gives is not known');
    expect(stdout).toContain(part);
  });

  test('only the last of two objects counts, which is said', async () => {
    write('infra/x.yaml', bound('ci', 'ServiceAccount', 'ci', 'edit'));
    const { stderr } = await diff('--base', 'main', '--manifests', 'infra');
    expect(stderr).toContain(
      'ClusterRoleBinding.rbac.authorization.k8s.io ci is in infra/rbac.yaml, line 2, and with another content in infra/x.yaml, line 2: only the latter counts',
    );
  });

  test('an absolute path to a folder is not taken for the folder of a cluster', async () => {
    // The repository is in a folder that is named after one of two clusters.
    const root = join(folder, 'east');
    const text = homeLabText.replace(
      '\nclusters:\n',
      '\nclusters:\n  east: { server: https://192.0.2.20:6443, kubernetes: "1.34", controlPlane: kubeadm, client: k8s }\n',
    );
    write('east/kaniflux.yaml', text);
    write('east/infra/rbac.yaml', bound('ci', 'ServiceAccount', 'ci', 'edit'));
    for (const manifests of ['infra', join(root, 'infra')]) {
      const { stdout } = await run(['who-can', 'get', 'secrets', '--manifests', manifests], { cwd: root });
      expect(stdout.match(/system:serviceaccount:web:ci/g)).toHaveLength(2);
    }
  });

  test('a file that is left out of two folders is compared folder by folder', async () => {
    for (const folder of ['infra', 'more']) write(`${folder}/bad.yaml`, `a: [${folder}\n`);
    const { stdout } = await diff('--base', 'main', '--manifests', 'infra', '--manifests', 'more');
    expect(stdout).toContain('infra/bad.yaml is left out');
    expect(stdout).toContain('more/bad.yaml is left out');
  });
});

test('check compares with a revision', async () => {
  const [before, after] = ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d16', '00000000-0000-4000-8000-000000000001'];
  write('kaniflux.yaml', homeLabText.replace(before, after));
  const { stdout } = await run(['check', '--base', 'main'], { cwd: folder });
  expect(stdout).toContain('(uuid-changed)');
});

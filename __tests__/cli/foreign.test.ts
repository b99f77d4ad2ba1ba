import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { foreignToFlux } from '../../lib/cli/foreign';
import { homeLabText } from '../config';
import { run } from '../run';

const kubeadm = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-foreign-'));
  write('kaniflux.yaml', homeLabText);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test('a kubeadm file in an applied folder is refused before anything is written', async () => {
  write('dist/clusters/homelab/access/kubeadm.yaml', kubeadm);
  for (const args of [['synth'], ['synth', '--check'], ['synth', '--cluster', 'homelab']]) {
    const { code, stderr } = await run(args, { cwd: folder });
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toContain('clusters/homelab/access/kubeadm.yaml: ClusterConfiguration (kubeadm.k8s.io/v1beta4)');
    expect(stderr).toContain('control-planes/');
  }
  expect(() => readFileSync(join(folder, 'dist/flux/homelab.yaml'))).toThrow('ENOENT');
});

test('taken out again, the tree renders', async () => {
  write('dist/clusters/homelab/access/kubeadm.yaml', kubeadm);
  rmSync(join(folder, 'dist/clusters/homelab/access/kubeadm.yaml'));
  expect(await run(['synth', '--quiet'], { cwd: folder })).toMatchObject({ code: 0 });
});

test('check finds it in the output folder, with the line, in every format', async () => {
  write('dist/clusters/homelab/access/kubeadm.yaml', `apiVersion: v1\nkind: ConfigMap\n---\n${kubeadm}`);
  write('dist/clusters/other/access/kubeadm.yaml', kubeadm);
  const found = async (...args: string[]) => {
    const { code, stdout } = await run(['check', '--format=json', '--fail-on=error', ...args], { cwd: folder });
    const { findings } = JSON.parse(stdout) as { findings: { code: string; file: string; line: number }[] };
    return {
      code,
      found: findings.filter((one) => one.code === 'not-appliable').map(({ file, line }) => `${file}:${line}`),
    };
  };
  const homelab = 'dist/clusters/homelab/access/kubeadm.yaml:4';
  expect(await found()).toEqual({ code: 1, found: [homelab, 'dist/clusters/other/access/kubeadm.yaml:1'] });
  expect(await found('--cluster=homelab')).toEqual({ code: 1, found: [homelab] });
  expect(await found('--output=elsewhere')).toEqual({ code: 0, found: [] });
  const { stdout } = await run(['check'], { cwd: folder });
  expect(stdout).toContain(`${homelab}`);
});

test('check --manifests finds it where a kustomization.yaml names it', async () => {
  write('apps/kubeadm.yaml', kubeadm);
  write('notes/kubeadm.yaml', kubeadm);
  write(
    'apps/kustomization.yaml',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [./kubeadm.yaml]\n',
  );
  const { code, stdout } = await run(['check', '--manifests=.', '--fail-on=error'], { cwd: folder });
  expect(code).toBe(1);
  expect(stdout).toContain('apps/kubeadm.yaml:1');
  expect(stdout).not.toContain('notes/kubeadm.yaml');
});

test('it is found at any depth, in any document, and in JSON', () => {
  write('dist/clusters/homelab/access/deep/er/two.yml', `apiVersion: v1\nkind: ConfigMap\n---\n${kubeadm}`);
  write(
    'dist/clusters/other/kanidm/patch.json',
    '{"apiVersion":"apiserver.config.k8s.io/v1","kind":"AuthenticationConfiguration"}',
  );
  expect(foreignToFlux(join(folder, 'dist')).map(({ file, line }) => `${file}:${line}`)).toEqual([
    'clusters/homelab/access/deep/er/two.yml:4',
    'clusters/other/kanidm/patch.json:1',
  ]);
  expect(foreignToFlux(join(folder, 'dist'), (path) => path.startsWith('clusters/other/'))).toHaveLength(1);
});

test('what does no harm is left alone', async () => {
  write('dist/clusters/homelab/access/notes.yaml', 'hand: written\n');
  write('dist/clusters/homelab/access/broken.yaml', 'a: [\n');
  write('dist/clusters/homelab/access/mine.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mine }\n');
  write('dist/control-planes/homelab/mine.yaml', kubeadm);
  write('dist/clusters/README.md', kubeadm);
  expect(foreignToFlux(join(folder, 'dist'))).toEqual([]);
  expect(foreignToFlux(join(folder, 'nowhere'))).toEqual([]);
  expect(await run(['synth', '--quiet'], { cwd: folder })).toMatchObject({ code: 0 });
});

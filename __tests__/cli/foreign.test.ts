import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { foreignToFlux } from '../../lib/cli/foreign';
import { homeLabText } from '../config';
import { run } from '../run';

const cluster = '{"apiVersion":"kubeadm.k8s.io/v1beta4","kind":"ClusterConfiguration"}';
/** The aliases of this text expand to more than the library `yaml` allows. */
const bomb = `a: &a [${'x,'.repeat(20)}x]\nb: &b [${'*a,'.repeat(20)}*a]\nresources: [${'*b,'.repeat(20)}*b]`;
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

test('a kubeadm file in a folder without a kustomization.yaml is refused before anything is written', async () => {
  write('dist/clusters/homelab/mine/kubeadm.yaml', kubeadm);
  for (const args of [['synth'], ['synth', '--check'], ['synth', '--cluster', 'homelab']]) {
    const { code, stderr } = await run(args, { cwd: folder });
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toContain('clusters/homelab/mine/kubeadm.yaml: ClusterConfiguration (kubeadm.k8s.io/v1beta4)');
    expect(stderr).toContain('control-planes/');
  }
  expect(() => readFileSync(join(folder, 'dist/flux/homelab.yaml'))).toThrow('ENOENT');
});

test('taken out again, the tree renders', async () => {
  write('dist/clusters/homelab/mine/kubeadm.yaml', kubeadm);
  rmSync(join(folder, 'dist/clusters/homelab/mine/kubeadm.yaml'));
  expect(await run(['synth', '--quiet'], { cwd: folder })).toMatchObject({ code: 0 });
});

test('a kubeadm file beside a rendered kustomization.yaml, which does not list it, is only a note of check', async () => {
  write('dist/clusters/homelab/access/kubeadm.yaml', kubeadm);
  expect(await run(['synth', '--quiet'], { cwd: folder })).toMatchObject({ code: 0 });
  const { code, stdout } = await run(['check', '--fail-on=error'], { cwd: folder });
  expect(code).toBe(0);
  expect(stdout).toContain(
    'dist/clusters/homelab/access/kubeadm.yaml:1:1 note Flux would fail if the kustomization.yaml of the folder listed this file',
  );
  // If somebody lists it, Flux applies it until the next synth.
  const path = 'dist/clusters/homelab/access/kustomization.yaml';
  write(path, readFileSync(join(folder, path), 'utf8').replace('resources:\n', 'resources:\n  - ./kubeadm.yaml\n'));
  const listed = await run(['check', '--fail-on=error'], { cwd: folder });
  expect(listed.code).toBe(1);
  expect(listed.stdout).toContain(
    'kubeadm.yaml:1:1 error a kustomization.yaml lists this file, but ClusterConfiguration',
  );
  expect(await run(['synth', '--quiet'], { cwd: folder })).toMatchObject({ code: 0 });
});

test('a kustomization.yaml may list what is no path: an address, a link to itself, a name that no file can have', () => {
  const resources = ['a\0b', `https://example.com/${'x'.repeat(300)}`, 'loop', 'kubeadm.yaml/x', './kubeadm.yaml'];
  write('dist/clusters/homelab/mine/kustomization.yaml', JSON.stringify({ resources }));
  write('dist/clusters/homelab/mine/kubeadm.yaml', kubeadm);
  symlinkSync('loop', join(folder, 'dist/clusters/homelab/mine/loop'));
  expect(foreignToFlux(join(folder, 'dist'))).toMatchObject([
    { file: 'clusters/homelab/mine/kubeadm.yaml', flux: 'lists' },
  ]);
});

/** As `flux build kustomization` applies them: see e2e/flux-build.e2e.ts. */
test.each<[string, Record<string, string>, string[]]>([
  [
    'all YAML files, if there is no kustomization.yaml',
    { 'a.yaml': kubeadm, 'sub/b.yml': kubeadm },
    ['applies all a.yaml', 'applies all sub/b.yml'],
  ],
  ['no JSON file, if there is no kustomization.yaml', { 'a.json': cluster }, ['ignores a.json']],
  [
    'no file that a kustomization.yml does not list',
    { 'a.yaml': kubeadm, 'kustomization.yml': 'resources: [b.yaml]' },
    ['ignores a.yaml'],
  ],
  ['a JSON file that is listed', { 'a.json': cluster, Kustomization: 'resources: [a.json]' }, ['lists a.json']],
  [
    'what is listed in a folder that is listed',
    {
      'kustomization.yaml': 'resources: [sub]',
      'sub/a.yaml': kubeadm,
      'sub/b.yaml': kubeadm,
      'sub/kustomization.yaml': 'resources: [b.yaml]',
    },
    ['ignores sub/a.yaml', 'lists sub/b.yaml'],
  ],
  [
    'a folder with a kustomization.yaml of its own, below one without',
    { 'sub/a.yaml': kubeadm, 'sub/b.yaml': kubeadm, 'sub/kustomization.yaml': 'resources: [b.yaml]' },
    ['ignores sub/a.yaml', 'lists sub/b.yaml'],
  ],
  [
    'a file that is no object, if Flux applies it',
    { 'a.yaml': 'a: 1', 'b.yaml': 'a: [', 'c.yaml': '# nothing' },
    ['applies all a.yaml', 'applies all b.yaml'],
  ],
  [
    'a kustomization.yaml that cannot be read, and not on the files in its folder',
    { 'sub/a.yaml': kubeadm, 'sub/kustomization.yaml': 'resources: [a.yaml', 'sub/below/b.yaml': kubeadm },
    ['reads sub/kustomization.yaml'],
  ],
  ['a file whose aliases expand to too much, if Flux applies it', { 'a.yaml': bomb }, ['applies all a.yaml']],
  [
    'no file whose aliases expand to too much, if Flux ignores it',
    { 'a.yaml': bomb, 'kustomization.yaml': 'resources: []' },
    [],
  ],
  [
    'a kustomization.yaml whose aliases expand to too much',
    {
      'sub/kustomization.yaml': bomb,
    },
    ['reads sub/kustomization.yaml'],
  ],
  ['no file that is no object, if Flux ignores it', { 'a.yaml': 'a: 1', 'kustomization.yaml': 'resources: []' }, []],
])('Flux fails on %s', (_name, files, expected) => {
  const path = 'dist/clusters/homelab/mine';
  for (const [file, text] of Object.entries(files)) write(`${path}/${file}`, text);
  const found = foreignToFlux(join(folder, 'dist'));
  expect(found.map(({ file, flux }) => `${flux} ${file.slice('clusters/homelab/mine/'.length)}`)).toEqual(expected);
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

test('check does not take a folder that it may not read for an empty one', async () => {
  await run(['synth', '--quiet'], { cwd: folder });
  const path = join(folder, 'dist/clusters');
  const list = fs.readdirSync;
  const spy = jest.spyOn(fs, 'readdirSync').mockImplementation(((...args: Parameters<typeof list>) => {
    if (args[0] !== path) return list(...args);
    throw Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'scandir', path });
  }) as never);
  const ran = await run(['check'], { cwd: folder });
  spy.mockRestore();
  expect(ran).toEqual({
    code: 2,
    stdout: '',
    stderr: `kaniflux: ${path}: permission denied; change its permissions\n`,
  });
});

test('what does no harm is left alone', async () => {
  await run(['synth', '--quiet'], { cwd: folder });
  write('dist/clusters/homelab/access/notes.yaml', 'hand: written\n');
  write('dist/clusters/homelab/access/broken.yaml', 'a: [\n');
  write('dist/clusters/homelab/access/mine.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mine }\n');
  write('dist/control-planes/homelab/mine.yaml', kubeadm);
  write('dist/clusters/README.md', kubeadm);
  expect(foreignToFlux(join(folder, 'dist'))).toEqual([]);
  expect(foreignToFlux(join(folder, 'nowhere'))).toEqual([]);
  expect(await run(['synth', '--quiet'], { cwd: folder })).toMatchObject({ code: 0 });
});

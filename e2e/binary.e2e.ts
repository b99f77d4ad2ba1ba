import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../package.json';

const root = join(__dirname, '..');
const binary = join(root, 'build', 'binary', 'kaniflux');
const folder = mkdtempSync(join(tmpdir(), 'kaniflux-binary-'));

beforeAll(() => execFileSync('npm', ['run', '-s', 'binary'], { cwd: root, stdio: 'pipe' }));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the binary in an empty folder, without Node and without the modules of this repository. */
function kaniflux(cwd: string, ...args: string[]) {
  const env = { PATH: '/nowhere', HOME: folder };
  const { status, stdout, stderr } = spawnSync(binary, args, { cwd, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

const empty = () => mkdtempSync(join(folder, 'empty-'));
const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(path, file)).isFile())
    .sort();

test('init, check, synth and diff run in an empty folder', () => {
  const cwd = empty();
  expect(kaniflux(cwd, '--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  const settings = ['--start', 'new-kanidm', '--domain', 'idm.example.com', '--cluster', 'homelab'];
  const cluster = ['--server', 'https://192.0.2.10:6443', '--kubernetes', '1.34', '--control-plane', 'k3s'];
  const rest = [
    '--person',
    'admin-1',
    '--break-glass',
    '/etc/rancher/k3s/k3s.yaml',
    '--flux-source',
    'GitRepository/a',
  ];
  expect(kaniflux(cwd, 'init', ...settings, ...cluster, ...rest)).toMatchObject({ status: 0 });
  expect([0, 1]).toContain(kaniflux(cwd, 'check').status);
  expect(kaniflux(cwd, 'synth', '--quiet')).toMatchObject({ status: 0, stderr: '' });
  expect(filesIn(join(cwd, 'dist'))).toContain('kubeconfigs/homelab.yaml');
  const text = readFileSync(join(cwd, 'kaniflux.yaml'), 'utf8');
  writeFileSync(join(cwd, 'changed.yaml'), text.replace('kubernetes: "1.34"', 'kubernetes: "1.35"'));
  expect(kaniflux(cwd, 'diff', 'kaniflux.yaml', 'kaniflux.yaml')).toMatchObject({ status: 0 });
  const { status, stdout } = kaniflux(cwd, 'diff', 'kaniflux.yaml', 'changed.yaml');
  expect(status).toBe(1);
  expect(stdout).toContain('1.35');
});

test('it renders the bytes of the program with Node', () => {
  const cwd = empty();
  copyFileSync(join(root, 'kaniflux.yaml'), join(cwd, 'kaniflux.yaml'));
  expect(kaniflux(cwd, 'synth', '--quiet')).toMatchObject({ status: 0 });
  const rendered = filesIn(join(cwd, 'dist'));
  expect(rendered).toEqual(filesIn(join(root, 'dist')));
  for (const file of rendered) {
    expect(readFileSync(join(cwd, 'dist', file), 'utf8')).toBe(readFileSync(join(root, 'dist', file), 'utf8'));
  }
});

test('it prints the completion scripts, and names the documentation on the web', () => {
  const cwd = empty();
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = readFileSync(join(root, 'docs/completion', `kaniflux.${shell}`), 'utf8');
    expect(kaniflux(cwd, 'completion', shell)).toEqual({ status: 0, stdout: script, stderr: '' });
  }
  // Beside the binary in this repository is the folder docs/.
  const alone = join(cwd, 'kaniflux');
  copyFileSync(binary, alone);
  expect(spawnSync(alone, ['init', '--yes'], { cwd, encoding: 'utf8' }).stderr).toContain(
    `https://github.com/kaniflux/kaniflux/blob/v${version}/docs/start.md`,
  );
});

test('an error has its place and its fix', () => {
  const cwd = empty();
  writeFileSync(join(cwd, 'kaniflux.yaml'), 'kanidm: { domian: idm.example.com }\nclusters: {}\n');
  const { status, stderr } = kaniflux(cwd, 'synth');
  expect(status).toBe(2);
  expect(stderr).toContain('kaniflux.yaml:1:11 error');
  expect(stderr).toContain('fix: write `domain`');
});

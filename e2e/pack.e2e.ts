import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeLabText } from '../__tests__/config';

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'kaniflux-pack-'));
const modules = join(folder, 'node_modules');
afterAll(() => rmSync(folder, { recursive: true }));

/** Does what `npm install` of the package does, without the network: unpacks it next to its dependencies. */
beforeAll(() => {
  mkdirSync(join(modules, 'kaniflux'), { recursive: true });
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
  const [tarball = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', join(folder, tarball), '--strip-components=1', '-C', join(modules, 'kaniflux')]);
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(modules, 'kaniflux', 'package.json'), 'utf8'),
  );
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    mkdirSync(join(modules, name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText.replace('sso.kammel.dev', 'idm.example.com'));
});

const cacheHome = join(folder, 'cache');
const run = (...args: string[]) =>
  spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: cacheHome },
  });
const kaniflux = (...args: string[]) => run(join(modules, 'kaniflux', 'build', 'kaniflux.js'), ...args);

test("the package renders another folder's own config", () => {
  expect(kaniflux('synth')).toMatchObject({ status: 0 });
  expect(readFileSync(join(folder, 'dist/kubeconfigs/homelab.yaml'), 'utf8')).toContain('https://idm.example.com/');
  expect(kaniflux('synth', '--check')).toMatchObject({ status: 0 });
});

test('a global installation has the command and its man page', () => {
  const prefix = join(folder, 'global');
  const [tarball = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  const options = ['--global', '--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...options, join(folder, tarball)], { cwd: folder, stdio: 'pipe' });
  expect(existsSync(join(prefix, 'bin/kaniflux'))).toBe(true);
  expect(readFileSync(join(prefix, 'share/man/man1/kaniflux.1'), 'utf8')).toContain('.TH KANIFLUX 1');
});

test('a broken config costs nothing that was rendered', () => {
  const before = readFileSync(join(folder, 'dist/.kaniflux.json'), 'utf8');
  writeFileSync(join(folder, 'broken.yaml'), 'kanidm: {}\n');
  const { status, stderr } = kaniflux('synth', '-c', 'broken.yaml');
  expect(status).toBe(2);
  expect(stderr).toContain('broken.yaml:1:1 error');
  expect(readFileSync(join(folder, 'dist/.kaniflux.json'), 'utf8')).toBe(before);
});

test('the library and its constructs can be required', () => {
  const script = `
    const { App, Chart } = require('cdk8s');
    const { HelmApp, loadConfig, render } = require('kaniflux');
    const app = new App({ outdir: 'own' });
    new HelmApp(new Chart(app, 'own'), 'app', { name: 'app', repository: 'https://charts.example.com/', chart: 'app', version: '1.0.0' });
    app.synth();
    console.log([...render(loadConfig('kaniflux.yaml'))].length);`;
  const { stdout, stderr, status } = run('-e', script);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(Number(stdout)).toBeGreaterThan(5);
  expect(readdirSync(join(folder, 'own'))).toEqual(['own.k8s.yaml']);
  expect(existsSync(join(modules, 'kaniflux', 'build', 'lib', 'index.d.ts'))).toBe(true);
});

/** Runs the program, and returns which of its own files it read. */
function filesReadBy(...args: string[]): string[] {
  const build = join(modules, 'kaniflux', 'build');
  const program = JSON.stringify(join(build, 'kaniflux.js'));
  const script = `
    const fs = require('node:fs');
    const read = [];
    const real = fs.readFileSync;
    fs.readFileSync = (file, ...rest) => (read.push(String(file)), real(file, ...rest));
    process.argv.splice(1, 0, ${program});
    process.on('exit', () => fs.writeFileSync('read.json', JSON.stringify([...read, ...Object.keys(require.cache)])));
    require(${program});`;
  expect(run('-e', script, '--', ...args)).toMatchObject({ status: 0 });
  const read = JSON.parse(readFileSync(join(folder, 'read.json'), 'utf8')) as string[];
  return [...new Set(read.filter((file) => file.startsWith(build)).map((file) => file.slice(build.length + 1)))].sort();
}

test('--version does not read the program, and --help only it', () => {
  expect(filesReadBy('--version')).toEqual(['kaniflux.js']);
  expect(filesReadBy('--help')).toEqual(['kaniflux.js', 'program.js']);
});

/** The roles and bindings of Kubernetes are read because ACCESS.md lists who can become cluster-admin. */
const rolesOfKubernetes = 'build/lib/upstream/kubernetes-rbac.json';

test('the package holds what is meant for users, and no more', () => {
  const own = join(modules, 'kaniflux');
  const files = readdirSync(own, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(own, file)).isFile(),
  );
  const meant = [
    /^(CHANGELOG|LICENSE|README)(\.md)?$|^package\.json$|^schema\/kaniflux\.schema\.json$/,
    /^build\/(kaniflux|program|validators)\.js$|^build\/(lib|imports)\/[\w./-]+\.(js|d\.ts)$/,
    /^docs\/(findings\/|explain\/)?[\w-]+\.md$|^docs\/(kaniflux\.1|[\w-]+\.(sh|svg|png))$|^docs\/completion\/[\w.]+$/,
  ];
  expect(files.filter((file) => !meant.some((pattern) => pattern.test(file)))).toEqual([rolesOfKubernetes]);
  const bytes = files.reduce((sum, file) => sum + statSync(join(own, file)).size, 0);
  // Half of what the package had before compiled code and tests were left out.
  expect(bytes).toBeLessThan(6_350_000);
});

test('the package holds no compiled code', () => {
  const files = readdirSync(join(modules, 'kaniflux'), { recursive: true, encoding: 'utf8' });
  const build = files.filter((file) => file.startsWith('build/') && statSync(join(modules, 'kaniflux', file)).isFile());
  expect(build.filter((file) => !/\.(js|d\.ts)$/.test(file))).toEqual([rolesOfKubernetes]);
});

test('what a run over a large config compiled is used the next time', () => {
  const cache = join(cacheHome, 'kaniflux', 'compiled');
  rmSync(cache, { recursive: true, force: true });
  const config = readFileSync(join(folder, 'kaniflux.yaml'), 'utf8');
  // From 1 MiB on, the program sets flags of V8, and V8 refuses code that was compiled with other flags.
  writeFileSync(join(folder, 'large.yaml'), `${config}${`#${'-'.repeat(1022)}\n`.repeat(1024)}`);
  const once = () => expect(kaniflux('synth', '--quiet', '--check', '-c', 'large.yaml')).toMatchObject({ status: 0 });
  once();
  const [made = ''] = readdirSync(cache);
  const first = statSync(join(cache, made)).mtimeMs;
  once();
  expect(statSync(join(cache, made)).mtimeMs).toBe(first);
});

test('what a machine compiled is used the next time, and made anew where it does not fit', () => {
  const cache = join(cacheHome, 'kaniflux', 'compiled');
  rmSync(cache, { recursive: true, force: true });
  expect(kaniflux('synth', '--quiet')).toMatchObject({ status: 0 });
  const [made = ''] = readdirSync(cache);
  expect(made).toMatch(/-synth$/);
  const time = () => statSync(join(cache, made)).mtimeMs;
  const first = time();
  expect(kaniflux('synth', '--quiet')).toMatchObject({ status: 0 });
  expect(time()).toBe(first);
  // V8 refuses a cache that it did not create, and the program compiles as without a cache.
  writeFileSync(join(cache, made), 'broken');
  expect(kaniflux('synth', '--quiet')).toMatchObject({ status: 0 });
  expect(statSync(join(cache, made)).size).toBeGreaterThan(100_000);
  // A cache that others can write to is not used.
  chmodSync(join(cache, made), 0o666);
  expect(kaniflux('synth', '--quiet')).toMatchObject({ status: 0 });
});

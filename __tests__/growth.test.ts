import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { oneConfig, type Size, writeConfig } from '../bench/input';
import { run } from './run';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-growth-'));
  folders.push(folder);
  return folder;
}

/**
 * A program that loads, renders and writes the config in a folder, and says how many bytes that took: nothing is ever
 * collected, and code is not optimized, so that the same work always takes the same.
 */
const source = `
const { synth } = require('./lib/cli/synth');
const { PerformanceObserver } = require('node:perf_hooks');
let collections = 0;
new PerformanceObserver((list) => (collections += list.getEntries().length)).observe({ entryTypes: ['gc'] });
const io = { stdout() {}, stderr() {}, cwd: process.cwd(), env: {}, color: false, isTTY: false };
const before = process.memoryUsage().heapUsed;
synth({ config: 'kaniflux.yaml', output: 'dist', check: false, quiet: true }, io).then((code) => {
  if (code !== 0) throw new Error('synth ended with ' + code);
  const bytes = process.memoryUsage().heapUsed - before;
  setTimeout(() => console.log(JSON.stringify({ bytes, collections })), 10);
});
`;
const never = ['--no-opt', '--min-semi-space-size=1024', '--max-semi-space-size=1024', '--initial-heap-size=4096'];
const build = mkdtempSync(join(tmpdir(), 'kaniflux-growth-'));
const program = join(build, 'program.cjs');
afterAll(() => rmSync(build, { recursive: true }));

beforeAll(() => {
  buildSync({
    stdin: { contents: source, resolveDir: join(__dirname, '..'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
    logLevel: 'error',
  });
});

function bytesFor(size: Size, files: boolean): number {
  const cwd = temporary();
  writeConfig(cwd, size, files);
  const told = execFileSync(process.execPath, [...never, program], { cwd, encoding: 'utf8' });
  const { bytes, collections } = JSON.parse(told) as { bytes: number; collections: number };
  expect(collections).toBe(0);
  return bytes;
}

// From sixty clusters on: with up to fifty, ACCESS.md names every grant.
test.each<[string, (times: number) => Size, boolean]>([
  ['clusters in one file', (times) => ({ clusters: 40 + 20 * times, grants: 10 }), false],
  ['clusters with a file each', (times) => ({ clusters: 40 + 20 * times, grants: 10 }), true],
  ['grants of one cluster', (times) => ({ clusters: 1, grants: 500 * times }), false],
])('the next %s cost no more than those before', (_, size, files) => {
  const [one = 0, two = 0, three = 0] = [1, 2, 3].map((times) => bytesFor(size(times), files));
  expect(two - one).toBeGreaterThan(2 ** 20);
  expect((three - two) / (two - one)).toBeLessThan(1.05);
});

/** When each file below a folder was last changed. */
const times = (folder: string): Record<string, bigint> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, statSync(join(folder, path), { bigint: true }).mtimeNs]),
  );

test('a second run writes nothing, and a change to one cluster touches its files only', async () => {
  const folder = temporary();
  writeConfig(folder, { clusters: 3, grants: 4 }, true);
  const dist = join(folder, 'dist');
  expect(await run(['synth'], { cwd: folder })).toMatchObject({ code: 0 });
  const before = times(dist);
  expect(await run(['synth'], { cwd: folder })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(' unchanged'),
  });
  expect(times(dist)).toEqual(before);

  const file = join(folder, 'clusters', 'cluster0001.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('clusterRole: view', 'clusterRole: edit'));
  expect(await run(['synth', '--quiet'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });
  const after = times(dist);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  expect(Object.keys(after).filter((path) => after[path] !== before[path])).toEqual([
    '.kaniflux.json',
    'ACCESS.md',
    'clusters/cluster0001/access/access.k8s.yaml',
  ]);
});

test('one cluster alone is rendered as in the whole', async () => {
  const folder = temporary();
  writeFileSync(join(folder, 'kaniflux.yaml'), oneConfig({ clusters: 3, grants: 4 }));
  await run(['synth', '--quiet'], { cwd: folder });
  await run(['synth', '--quiet', '--cluster', 'cluster0002', '-o', 'alone'], { cwd: folder });
  const alone = readdirSync(join(folder, 'alone'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('.') && statSync(join(folder, 'alone', path)).isFile(),
  );
  expect(alone.length).toBeGreaterThan(5);
  for (const path of alone) {
    expect(readFileSync(join(folder, 'alone', path), 'utf8')).toBe(readFileSync(join(folder, 'dist', path), 'utf8'));
  }
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Size, writeConfig } from '../bench/input';

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
 * A program that loads, renders and writes the config in a folder, and prints how many bytes this took. Garbage is
 * never collected and code is not optimized, so that the same work always takes the same memory.
 */
const source = `
const { synth } = require('./lib/cli/synth-artifacts');
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

beforeAll(() => bundle(source, program));

function bundle(input: string, file: string): void {
  const options = [
    '--bundle',
    '--platform=node',
    '--format=cjs',
    '--loader=ts',
    '--log-level=error',
    `--outfile=${file}`,
  ];
  const cwd = join(__dirname, '..');
  execFileSync(join(cwd, 'node_modules', '.bin', 'esbuild'), options, { cwd, input });
}

function bytesFor(size: Size, files: boolean): number {
  const cwd = temporary();
  writeConfig(cwd, size, files ? 'files' : 'block');
  const result = execFileSync(process.execPath, [...never, program], { cwd, encoding: 'utf8' });
  const { bytes, collections } = JSON.parse(result) as { bytes: number; collections: number };
  expect(collections).toBe(0);
  return bytes;
}

// The sizes begin with 60 clusters, because ACCESS.md lists each grant only if there are up to 50 clusters.
test.each<[string, (times: number) => Size, boolean]>([
  ['clusters in one file', (times) => ({ clusters: 40 + 20 * times, grants: 10 }), false],
  ['clusters with a file each', (times) => ({ clusters: 40 + 20 * times, grants: 10 }), true],
  ['grants of one cluster', (times) => ({ clusters: 1, grants: 500 * times }), false],
])('the next %s cost no more than those before', (_, size, files) => {
  const [one = 0, two = 0, three = 0] = [1, 2, 3].map((times) => bytesFor(size(times), files));
  expect(two - one).toBeGreaterThan(2 ** 20);
  expect((three - two) / (two - one)).toBeLessThan(1.05);
});

test('the space for new objects has at least 4 MB while a large config is read, and does not grow after that', () => {
  const sizes = `
const { seldomCollectGarbage, prepareForLargeConfig } = require('./lib/cli/heap');
const { getHeapSpaceStatistics } = require('node:v8');
const size = () => getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size / 2 ** 20;
const start = size();
seldomCollectGarbage();
prepareForLargeConfig(4 * 2 ** 20);
const kept = size();
const arrays = Array.from({ length: 1000 }, () => new Array(8192).fill(0));
console.log(JSON.stringify([start, kept, size(), arrays.length]));
`;
  const file = join(temporary(), 'program.cjs');
  bundle(sizes, file);
  const result = execFileSync(process.execPath, [file], { encoding: 'utf8' });
  const [start, kept, end] = JSON.parse(result) as [number, number, number];
  expect(start).toBeLessThan(4);
  expect(kept).toBeGreaterThanOrEqual(4);
  expect(end).toBeLessThanOrEqual(kept);
});

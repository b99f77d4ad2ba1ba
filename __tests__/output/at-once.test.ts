import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeArtifacts } from '../../lib/output/write';
import { drive, start } from './driver';
import { contents, files, output, removeTemporary, temporary } from './folder';

afterEach(removeTemporary);

test.each([2, 8])('of %i runs at once each is whole or refused, and nothing is mixed', async (count) => {
  const dist = temporary();
  const runs = Array.from({ length: count }, (_, i) => start({ outdir: dist, mark: `m${i}`, count: 200, size: 2000 }));
  const results = await Promise.all(runs.map(({ ended }) => ended));
  const winners = results.flatMap(({ status }, i) => (status === 0 ? [`m${i}`] : []));
  expect(winners.length).toBeGreaterThan(0);
  for (const { status, stderr } of results) {
    if (status !== 0) expect(stderr).toMatch(/is writing here now: wait until it is done|has just written/);
    expect(status === 0 || status === 2).toBe(true);
  }
  const found = output(dist);
  const { common = '' } = found;
  expect(winners).toContain(common);
  expect(Object.keys(found).every((path) => path === 'common' || path.startsWith(`${common}/`))).toBe(true);
  expect(Object.keys(found)).toHaveLength(201);
});

const lockOf = (dist: string, content: unknown) =>
  content === ''
    ? writeFileSync(join(dist, '.kaniflux.lock'), '')
    : symlinkSync(JSON.stringify(content), join(dist, '.kaniflux.lock'));

test('a lock of a process that has ended is taken over, also where nothing is to be written', async () => {
  const dist = temporary();
  const { pid } = drive({ outdir: dist, mark: 'old' });
  for (const stale of [
    { pid, host: hostname() },
    { pid: process.pid, host: hostname() },
    // A number that came again: another process started under it.
    { pid: process.ppid, host: hostname(), started: 'long ago' },
  ]) {
    lockOf(dist, stale);
    await writeArtifacts(dist, files({ a: JSON.stringify(stale) }));
    expect(existsSync(join(dist, '.kaniflux.lock'))).toBe(false);
    lockOf(dist, stale);
    symlinkSync(JSON.stringify(stale), join(dist, '.kaniflux.lock.4194305'));
    expect((await writeArtifacts(dist, files({ a: JSON.stringify(stale) }))).recovered).toBe(true);
    expect(Object.keys(contents(dist))).toEqual(['.kaniflux.json', 'a']);
  }
});

test.each([
  ['a process that lives', { pid: process.ppid, host: hostname() }, `process ${process.ppid}`],
  ['a process of another machine', { pid: 1, host: 'elsewhere.example.com' }, 'process 1 on elsewhere.example.com'],
  ['a file of that name that nobody knows', '', 'another run'],
])('%s keeps its lock', async (_, content, who) => {
  const dist = temporary();
  lockOf(dist, content);
  await expect(writeArtifacts(dist, files({ a: 'x' }), { shown: 'dist' })).rejects.toThrow(
    `${who} is writing here now: wait until it is done; if nothing runs any more, delete dist/.kaniflux.lock`,
  );
  expect(existsSync(join(dist, 'a'))).toBe(false);
});

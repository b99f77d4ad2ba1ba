import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFileName, type ProcessId, processOf, takeLock } from '../../lib/output/lock';
import { check, contents, files, removeTemporary, temporary, write } from './folder';

afterEach(removeTemporary);

const put = (folder: string, owner: ProcessId, host = ''): string => {
  const name = lockFileName(owner);
  writeFileSync(join(folder, name), host);
  return name;
};
/** The ID of a process that has ended. */
const endedPid = spawnSync('true').pid;
const parent = processOf(process.ppid);
const hasProc = existsSync('/proc/self/stat');

test('one lock at a time, and none is left', async () => {
  const folder = temporary();
  const lock = await takeLock(folder, 'dist');
  await expect(takeLock(folder, 'dist')).rejects.toThrow(`process ${process.pid} is writing to this folder`);
  expect(readdirSync(folder)).toHaveLength(1);
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  (await takeLock(folder, 'dist')).release();
});

test('of many that begin together one at most has it at any time, and each gets it or is refused', async () => {
  const folder = temporary();
  let holders = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, async () => {
      const lock = await takeLock(folder, 'dist');
      most = Math.max(most, ++holders);
      await new Promise((resolve) => setTimeout(resolve, 2));
      holders--;
      lock.release();
    }),
  );
  expect(most).toBe(1);
  expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

describe('a lock that a killed process left', () => {
  test.each<[string, ProcessId]>([
    ['is taken over', { ...processOf(endedPid), started: '0' }],
    // An ID that was reused by another process.
    ...(hasProc
      ? ([
          ['also where its number came again', { ...parent, started: '1' }],
          ['also where this very process has that number', { ...processOf(process.pid), started: '1' }],
        ] as [string, ProcessId][])
      : []),
    ...(existsSync('/etc/machine-id') && hasProc
      ? ([['also where the machine was started again', { ...parent, boot: 'abc' }]] as [string, ProcessId][])
      : []),
  ])('%s', async (_, owner) => {
    const dist = temporary();
    put(dist, owner);
    expect((await write(dist, files({ a: 'x' }))).recovered).toBe(true);
    expect(Object.keys(contents(dist))).toEqual(['.kaniflux.json', 'a']);
    // This also applies if there is nothing to write.
    put(dist, owner);
    put(dist, owner);
    expect(await check(dist, files({ a: 'x' }))).toEqual({ missing: [], changed: [], stale: [] });
    expect(await write(dist, files({ a: 'x' }))).toMatchObject({ recovered: true, unchanged: 1 });
    expect(Object.keys(contents(dist))).toEqual(['.kaniflux.json', 'a']);
  });
});

describe('a lock is kept', () => {
  const refusal = (dist: string, name: string, who: string) =>
    `${who} is writing to this folder; wait until it ends, or, if it no longer runs, delete ${dist}/${name}`;

  test.each<[string, ProcessId, string, string]>([
    ['by a process that lives', parent, '', `process ${process.ppid}`],
    [
      'by a process that may live elsewhere',
      { ...parent, machine: 'abc' },
      'there.example.com',
      'on there.example.com',
    ],
    ['by a process of another container', { ...processOf(endedPid), namespace: '1' }, 'box', `${endedPid} on box`],
    ['by one of which nothing more is known', { ...parent, started: '0' }, '', `process ${process.ppid}`],
  ])('%s', async (_, owner, host, who) => {
    const dist = temporary();
    await write(dist, files({ a: 'old' }));
    const name = put(dist, owner, host);
    await expect(write(dist, files({ a: 'new' }))).rejects.toThrow(refusal(dist, name, who));
    await expect(check(dist, files({ a: 'new' }))).rejects.toThrow(refusal(dist, name, who));
    expect(contents(dist)).toMatchObject({ a: 'old', [name]: host });
  });

  test('where its name is not of our making', async () => {
    const dist = temporary();
    writeFileSync(join(dist, '.kaniflux.lock'), '');
    await expect(write(dist, files({ a: 'x' }))).rejects.toThrow(refusal(dist, '.kaniflux.lock', 'another run'));
  });
});

import fs, { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lockFileName, type ProcessId, processOf, refuseLocked, takeLock } from '../../lib/output/lock';
import { check, contents, endedPid, files, removeTemporary, temporary, write } from './folder';

afterEach(() => {
  jest.restoreAllMocks();
  removeTemporary();
});

/** Changes what files contain; `undefined` makes reading fail. */
function change(file: RegExp, text: (real: string) => string | undefined): void {
  const real = fs.readFileSync;
  jest.spyOn(fs, 'readFileSync').mockImplementation(((path: string, encoding: 'utf8') => {
    if (!file.test(String(path))) return real(path, encoding);
    const changed = text(existsSync(path) ? real(path, encoding) : '');
    if (changed === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return changed;
  }) as never);
}

const put = (folder: string, owner: ProcessId, host = ''): string => {
  const name = lockFileName(owner);
  writeFileSync(join(folder, name), host);
  return name;
};
const parent = processOf(process.ppid);
const hasProc = existsSync('/proc/self/stat');

test('one lock at a time, and none is left', async () => {
  const folder = temporary();
  const lock = await takeLock(folder, 'dist');
  await expect(takeLock(folder, 'dist')).rejects.toThrow(`process ${process.pid} is writing to this folder`);
  const [name = '', ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  expect(readFileSync(join(folder, name), 'utf8')).toBe(`${hostname()}\n`);
  expect(() => refuseLocked(folder, 'dist//')).toThrow(
    `process ${process.pid} is writing to this folder; wait until it ends, or, if it no longer runs, delete dist/${name}`,
  );
  expect(lock.tookOver).toBe(false);
  lock.release();
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
    expect(await check(dist, files({ a: 'x' }))).toEqual({ missing: [], changed: [], converted: [], stale: [] });
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
    ['by a process of this host', parent, `${hostname()}\n`, `process ${process.ppid}`],
  ])('%s', async (_, owner, host, who) => {
    const dist = temporary();
    await write(dist, files({ a: 'old' }));
    const name = put(dist, owner, host);
    // The lock is respected even if there is nothing to change.
    await expect(write(dist, files({ a: 'old' }))).rejects.toThrow(refusal(dist, name, who));
    await expect(check(dist, files({ a: 'new' }))).rejects.toThrow(refusal(dist, name, who));
    expect(contents(dist)).toEqual({ '.kaniflux.json': expect.any(String), a: 'old', [name]: host });
  });

  const ended = lockFileName({ ...processOf(endedPid), started: '0' });
  test.each(['.kaniflux.lock', `${ended}~`, `.kaniflux.lock-${ended}`, ended.replace(/[^.]+$/, 'x')])(
    'where its name is not of our making: %s',
    async (name) => {
      const dist = temporary();
      writeFileSync(join(dist, name), '');
      await expect(check(dist, files({ a: 'x' }))).rejects.toThrow(refusal(dist, name, 'another run'));
      expect(Object.keys(contents(dist))).toEqual([name]);
    },
  );
});

/** Whether a lock of this process keeps others out. */
function isHeld(owner: ProcessId): boolean {
  const folder = temporary();
  put(folder, owner);
  try {
    refuseLocked(folder, 'dist');
    return false;
  } catch {
    return true;
  }
}

const ifProc = hasProc ? test : test.skip;

ifProc('the start of a process is read whatever its name is', () => {
  expect(parent.started).toMatch(/^[1-9]\d*$/);
  change(/\/stat$/, (real) => real.replace(/\(.*\)/, '(a) S 1 (b c)'));
  expect(processOf(process.ppid)).toEqual(parent);
});

ifProc('a lock of a process that nobody has waited for yet is abandoned', () => {
  expect(isHeld(parent)).toBe(true);
  change(/\/stat$/, (real) => real.replace(/\) \w /, ') Z '));
  expect(isHeld(parent)).toBe(false);
  expect(isHeld({ ...parent, started: '0' })).toBe(true);
});

ifProc('a lock from before the last boot is abandoned only if the machine is certainly the same', () => {
  const earlier = { ...parent, boot: 'abc' };
  expect(isHeld({ ...parent, boot: '0' })).toBe(true);
  if (existsSync('/etc/machine-id')) expect(isHeld(earlier)).toBe(false);
  change(/machine-id$/, () => 'a');
  expect(isHeld({ ...processOf(process.ppid), boot: 'abc' })).toBe(false);
  jest.restoreAllMocks();
  change(/machine-id$/, () => undefined);
  expect(isHeld({ ...processOf(process.ppid), boot: 'abc' })).toBe(true);
});

test('a lock of another machine is held, whatever runs here', () => {
  const ended = { ...processOf(endedPid), started: '0' };
  expect(isHeld(ended)).toBe(false);
  expect(isHeld({ ...ended, machine: 'abc' })).toBe(true);
});

test('a lock of a process of another user is held', () => {
  jest.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  });
  expect(isHeld(parent)).toBe(true);
});

ifProc('a process is known by its machine, its boot and its PID namespace', () => {
  expect(parent).toMatchObject({ boot: expect.stringMatching(/^[0-9a-f]{12}$/) });
  expect(`pid:[${parent.namespace}]`).toBe(fs.readlinkSync('/proc/self/ns/pid'));
  change(/\/stat$/, () => '1 (a) S');
  expect(processOf(process.ppid)).toEqual({ ...parent, started: '0' });
  change(/machine-id$/, () => 'another');
  expect(processOf(process.ppid).machine).not.toBe(parent.machine);
});

test('without /proc only the ID of the process is known', () => {
  change(/^\/(proc|etc)\//, () => undefined);
  jest.spyOn(fs, 'readlinkSync').mockImplementation(() => {
    throw new Error('ENOENT');
  });
  const machine = expect.stringMatching(/^[0-9a-f]{12}$/);
  const owner = processOf(process.ppid);
  expect(owner).toEqual({ pid: String(process.ppid), started: '0', machine, boot: '0', namespace: '0' });
  expect(isHeld(owner)).toBe(true);
  expect(isHeld({ ...owner, started: '5' })).toBe(true);
  expect(isHeld({ ...owner, pid: String(endedPid) })).toBe(false);
  expect(isHeld({ ...owner, boot: 'abc' })).toBe(true);
});

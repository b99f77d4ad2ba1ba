import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contents } from '../__tests__/output/folder';
import { oneConfig } from '../bench/input';
import { mayMount } from './output/mount';

/*
 * The built program on a real disk: killed, interrupted, without room, and in several runs at once. To try more:
 * KANIFLUX_SIGNALS=40 KANIFLUX_ROUNDS=500.
 */
const program = join(__dirname, '..', 'build', 'kaniflux.js');
const rounds = Number(process.env.KANIFLUX_ROUNDS ?? 4);
const signals = Number(process.env.KANIFLUX_SIGNALS ?? 12);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-whole-'));
  for (const [name, size] of Object.entries(sizes)) writeFileSync(join(folder, `${name}.yaml`), oneConfig(size));
  for (const name of configs) {
    synth(name, join(folder, name));
    clean[name] = contents(join(folder, name));
  }
  writeFileSync(join(folder, 'kill.cjs'), hook);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sizes = {
  few: { clusters: 3, grants: 8 },
  more: { clusters: 5, grants: 3 },
  large: { clusters: 120, grants: 40 },
};
const configs = ['few', 'more'] as const;
type Name = keyof typeof sizes;
const clean: Record<string, Record<string, string>> = {};

/**
 * Counts the calls that change the disk, and kills the process before the call with the number in `KILL_AT`. If this
 * call writes a file, a part of the file is written first.
 */
const hook = `
const fs = require('node:fs');
const last = Number(process.env.KILL_AT);
let calls = 0;
const names = ['mkdirSync', 'writeFileSync', 'renameSync', 'rmSync', 'rmdirSync'];
for (const name of names) {
  const real = fs[name];
  fs[name] = (...args) => {
    if (++calls === last) {
      if (name === 'writeFileSync') real(args[0], String(args[1]).slice(0, 5), args[2]);
      process.kill(process.pid, 'SIGKILL');
    }
    return real(...args);
  };
}
process.on('exit', () => process.stdout.write(String(calls)));
`;

const argsOf = (name: Name, dist: string) => [program, 'synth', '-c', `${name}.yaml`, '-o', dist];

function synth(name: Name, dist: string, killAt = 0) {
  const hooked = killAt > 0 ? ['-r', join(folder, 'kill.cjs')] : [];
  return spawnSync(process.execPath, [...hooked, ...argsOf(name, dist)], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, KILL_AT: String(killAt) },
  });
}

function started(name: Name, dist: string) {
  const child = spawn(process.execPath, argsOf(name, dist), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ status: number | null; signal: NodeJS.Signals | null; stderr: string }>((done) => {
    child.on('close', (status, signal) => done({ status, signal, stderr }));
  });
  return { child, ended };
}

/** Starts a run, and sends it a signal after some milliseconds. */
async function interrupted(name: Name, dist: string, signal: NodeJS.Signals, after: number) {
  const { child, ended } = started(name, dist);
  const timer = setTimeout(() => child.kill(signal), after);
  const end = await ended;
  clearTimeout(timer);
  return end;
}

/** Checks that each file is complete, as written by one run or the other. */
function expectWhole(dist: string): Record<string, string> {
  const found = contents(dist);
  for (const [path, text] of Object.entries(found)) {
    if (path.startsWith('.kaniflux') || path.endsWith('/')) continue;
    expect({ path, whole: configs.some((name) => clean[name]?.[path] === text) }).toEqual({ path, whole: true });
  }
  return found;
}

/** Checks that the next run reports what it found, and leaves the same files as a run that was not killed. */
function expectRepaired(name: Name, dist: string, left: Record<string, string>): void {
  const isLeft =
    Object.keys(left).some((path) => /^\.kaniflux\.(tmp|lock)/.test(path)) ||
    left['.kaniflux.json']?.includes('"before"');
  const { status, stderr } = synth(name, dist);
  expect(status).toBe(0);
  expect(stderr.includes('the last run was interrupted; its leftovers are cleaned up')).toBe(isLeft ?? false);
  expect(contents(dist)).toEqual(clean[name]);
}

test('killed at every change of the disk, it leaves whole files, and the next run fixes them', () => {
  const dist = join(folder, 'killed');
  const start = () => {
    rmSync(dist, { recursive: true, force: true });
    cpSync(join(folder, 'few'), dist, { recursive: true });
  };
  start();
  const calls = Number(synth('more', dist, 1e9).stdout);
  expect(calls).toBeGreaterThan(50);
  for (let point = 1; point <= calls; point++) {
    start();
    expect({ point, signal: synth('more', dist, point).signal }).toEqual({ point, signal: 'SIGKILL' });
    const left = expectWhole(dist);
    // Every third time, the next run is killed too.
    if (point % 3 === 0) synth('few', dist, point / 3);
    expectRepaired(point % 2 === 0 ? 'few' : 'more', dist, point % 3 === 0 ? expectWhole(dist) : left);
  }
}, 900_000);

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  '%s at any time: whole files, and the right end',
  async (signal) => {
    const dist = join(folder, signal);
    synth('few', dist);
    const begin = Date.now();
    synth('more', dist);
    const long = (Date.now() - begin) * 1.1;
    let at: Name = 'more';
    let stopped = 0;
    for (let i = 0; i < signals; i++) {
      const to: Name = at === 'more' ? 'few' : 'more';
      const end = await interrupted(to, dist, signal, (long * i) / signals);
      // Either the signal ended the run, or the run ended before.
      expect([0, signal]).toContain(end.signal ?? end.status);
      if (end.signal) stopped++;
      const left = expectWhole(dist);
      if (signal === 'SIGKILL') {
        expectRepaired(to, dist, left);
      } else if (end.stderr.includes('interrupted: nothing was changed')) {
        expect(left).toEqual(clean[at]);
        continue;
      } else {
        // A run ends before its first change or after its last one.
        expect([clean[at], clean[to]]).toContainEqual(left);
      }
      at = left['.kaniflux.json'] === clean[to]?.['.kaniflux.json'] || signal === 'SIGKILL' ? to : at;
    }
    expect(stopped).toBeGreaterThan(signals / 8);
  },
);

test(`8 runs at once on two configs, ${rounds} times: each is whole or refused, and nothing is mixed`, async () => {
  const dist = join(folder, 'at-once');
  synth('few', dist);
  for (let round = 0; round < rounds; round++) {
    const names = Array.from({ length: 8 }, (_, i): Name => ((i + round) % 2 === 0 ? 'more' : 'few'));
    const ends = await Promise.all(names.map((name) => started(name, dist).ended));
    for (const { status, stderr } of ends) {
      expect([0, 2]).toContain(status);
      if (status === 2) expect(stderr).toMatch(/ is writing to this folder; wait until it ends/);
    }
    expect(ends.some(({ status }) => status === 0)).toBe(true);
    expect([clean.few, clean.more]).toContainEqual(contents(dist));
  }
}, 3_600_000);

describe('what it cannot write', () => {
  function refused(dist: string, message: string, shell = 'true'): void {
    expect(synth('few', dist).status).toBe(0);
    const args = ['-c', `${shell}; exec "$@"`, 'sh', process.execPath, ...argsOf('large', dist)];
    const { status, stderr } = spawnSync('sh', args, { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
    expect(contents(dist)).toEqual(clean.few);
  }

  /** Reported as skipped where nothing may be mounted. */
  const testWithMount = mayMount() ? test : test.skip;

  testWithMount('a full disk', () => {
    const dist = join(folder, 'small');
    mkdirSync(dist);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', dist]).status).toBe(0);
    try {
      refused(dist, 'no space left on the disk; free some space and run again');
      expect(spawnSync('mount', ['-o', 'remount,ro', dist]).status).toBe(0);
      expect(synth('more', dist)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('a read-only file system'),
      });
      expect(synth('few', dist)).toMatchObject({ status: 0, stderr: expect.stringContaining('unchanged') });
    } finally {
      spawnSync('umount', [dist]);
    }
  });

  test('files larger than a limit', () => {
    refused(join(folder, 'limited'), 'the file would be larger than the limit', 'ulimit -f 8');
  });
});

import fs, { cpSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFileName, processOf } from '../../lib/output/lock';
import { contents, endedPid, files, removeTemporary, temporary, write } from './folder';

afterEach(() => {
  jest.restoreAllMocks();
  removeTemporary();
});

const old = { 'a/changed': 'old', 'a/same': 'same', 'b/removed': 'old', 'c/d/removed': 'old', turns: 'file' };
const next = { 'a/changed': 'new', 'a/same': 'same', 'b/new': 'new', 'e/f/new': 'new', g: 'new', 'turns/into': 'new' };

/** The functions that change the disk. */
const changing = ['writeFileSync', 'renameSync', 'rmSync', 'rmdirSync', 'mkdirSync'] as const;

class Killed extends Error {}

/**
 * Makes the change of the disk with this number fail, and all changes after it. If that change writes a file, only half
 * of the file is written.
 */
function killAt(point: number): () => number {
  let calls = 0;
  for (const name of changing) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      if (++calls < point) return real(...args);
      if (calls === point && name === 'writeFileSync') real(args[0], String(args[1]).slice(0, 2), args[2]);
      throw new Killed();
    }) as never);
  }
  return () => calls;
}

/**
 * Replaces the lock that was left behind by the lock of a process that has ended. The process that took the lock still
 * exists, because it runs this test.
 */
function endOwner(dist: string): void {
  for (const name of readdirSync(dist).filter((file) => file.startsWith('.kaniflux.lock'))) {
    renameSync(join(dist, name), join(dist, lockFileName({ ...processOf(endedPid), started: '0' })));
  }
}

/** Checks that every file is one that a run wrote, and is complete. Files of the writer itself are ignored. */
function expectWhole(left: Record<string, string>): void {
  for (const [path, text] of Object.entries(left)) {
    if (path.startsWith('.kaniflux') || path.endsWith('/') || path === 'a/foreign') continue;
    const legal = [old, next].flatMap((run) => (path in run ? [(run as Record<string, string>)[path]] : []));
    expect({ path, whole: legal.includes(text) }).toEqual({ path, whole: true });
  }
}

const isTouched = (left: Record<string, string>): boolean =>
  Object.keys(left).some((path) => /^\.kaniflux\.(tmp|lock)/.test(path)) ||
  (left['.kaniflux.json']?.includes('"before"') ?? false);

test.each([
  ['forth', old, next],
  ['back', next, old],
])(
  'killed at any change of the disk, a run leaves whole files, and the next puts all right: %s',
  async (_, from, to) => {
    const start = temporary();
    await write(start, files(from));
    writeFileSync(join(start, 'a/foreign'), 'mine');
    const clean = temporary();
    await write(clean, files(to));
    const [undone, done] = [contents(start), { ...contents(clean), 'a/foreign': 'mine' }];
    let points = 0;
    for (let ended = false; !ended; points++) {
      const dist = join(temporary(), 'dist');
      cpSync(start, dist, { recursive: true, verbatimSymlinks: true });
      const calls = killAt(points + 1);
      await write(dist, files(to)).catch(() => undefined);
      ended = calls() <= points;
      jest.restoreAllMocks();
      endOwner(dist);

      const left = contents(dist);
      expectWhole(left);
      const touched = isTouched(left);
      // Going back to the old config also removes what the killed run had added.
      const other = join(temporary(), 'dist');
      cpSync(dist, other, { recursive: true, verbatimSymlinks: true });
      expect((await write(other, files(from))).recovered).toBe(touched);
      expect(contents(other)).toEqual(undone);
      expect((await write(dist, files(to))).recovered).toBe(touched);
      expect(contents(dist)).toEqual(done);
    }
    expect(points).toBeGreaterThan(25);
  },
);

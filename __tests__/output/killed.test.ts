import fs, { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeArtifacts } from '../../lib/output/write';
import { changing, drive, told } from './driver';
import { contents, files, output, removeTemporary, temporary } from './folder';

afterEach(() => {
  jest.restoreAllMocks();
  removeTemporary();
});

const old = { 'a/changed': 'old', 'a/same': 'same', 'b/removed': 'old', 'c/d/removed': 'old', turns: 'file' };
const next = { 'a/changed': 'new', 'a/same': 'same', 'b/new': 'new', 'e/f/new': 'new', g: 'new', 'turns/into': 'new' };

class Killed extends Error {}

/** Ends all changes of the disk at the change of that number, in the middle of a file where it writes one. */
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

/** Every file is one that a run wrote, as it wrote it; those of the writer's own aside. */
function expectWhole(dist: string): void {
  for (const [path, text] of Object.entries(output(dist))) {
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
    await writeArtifacts(start, files(from));
    writeFileSync(join(start, 'a/foreign'), 'mine');
    const clean = temporary();
    await writeArtifacts(clean, files(to));
    let points = 0;
    for (let ended = false; !ended; points++) {
      const dist = join(temporary(), 'dist');
      cpSync(start, dist, { recursive: true, verbatimSymlinks: true });
      const calls = killAt(points + 1);
      await writeArtifacts(dist, files(to)).catch(() => undefined);
      ended = calls() <= points;
      jest.restoreAllMocks();

      expectWhole(dist);
      const touched = isTouched(contents(dist));
      // Back to the old config: what the killed run had brought goes too.
      const other = join(temporary(), 'dist');
      cpSync(dist, other, { recursive: true, verbatimSymlinks: true });
      expect((await writeArtifacts(other, files(from))).recovered).toBe(touched);
      expect(contents(other)).toEqual(contents(start));
      expect((await writeArtifacts(dist, files(to))).recovered).toBe(touched);
      expect(contents(dist)).toEqual({ ...contents(clean), 'a/foreign': 'mine' });
    }
    expect(points).toBeGreaterThan(25);
  },
);

test('killed with SIGKILL again and again, a folder holds whole files, and the next run fixes it', () => {
  const whole = temporary();
  const { calls } = told(drive({ outdir: whole, mark: 'new', killAt: 1e9 }));
  expect(calls).toBeGreaterThan(20);
  const dist = temporary();
  for (let point = 1; point <= calls; point++) {
    const run = drive({ outdir: dist, mark: `m${point}`, killAt: point });
    expect(run.signal ?? run.status).toBe(point === calls ? (run.signal ?? 0) : 'SIGKILL');
    for (const [path, text] of Object.entries(output(dist))) {
      if (path.startsWith('.kaniflux') || path.endsWith('/')) continue;
      const [mark, number] = path.split('/');
      expect(path === 'common' ? text.replace(/\d+$/, '') : text).toBe(
        path === 'common' ? 'm' : `${mark}${number}`.padEnd(10, '.'),
      );
    }
  }
  const repaired = drive({ outdir: dist, mark: 'new' });
  expect(repaired).toMatchObject({ status: 0, stderr: '' });
  expect(contents(dist)).toEqual(contents(whole));
  expect(told(drive({ outdir: dist, mark: 'new' }))).toMatchObject({ recovered: false, unchanged: 6 });
});

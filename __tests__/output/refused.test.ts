import { spawnSync } from 'node:child_process';
import fs, { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeArtifacts } from '../../lib/output/write';
import { drive, told } from './driver';
import { contents, files, output, removeTemporary, temporary } from './folder';

afterEach(() => {
  jest.restoreAllMocks();
  removeTemporary();
});

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/** Runs something with a small file system of its own, where one may be mounted. */
function withMount(run: (folder: string) => void): boolean {
  const folder = join(temporary(), 'small');
  mkdirSync(folder);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).status !== 0) return false;
  try {
    run(folder);
  } finally {
    spawnSync('umount', [folder]);
  }
  return true;
}

describe('a full disk', () => {
  test('leaves the folder as it was, and says what to do', () => {
    const refuse = (dist: string, shell: string, message: string) => {
      drive({ outdir: dist, mark: 'old' });
      const before = contents(dist);
      const run = drive({ outdir: dist, mark: 'new', size: 100_000, shell });
      expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
      expect(contents(dist)).toEqual(before);
      // With room again it is written.
      expect(drive({ outdir: dist, mark: 'new' })).toMatchObject({ status: 0, stderr: '' });
    };
    withMount((folder) => refuse(folder, 'true', ': no space is left on the disk; make room and run again'));
    refuse(temporary(), 'ulimit -f 8', 'dist/new/0: the file would be larger than the limit set for this process');
  });

  test('at any moment of writing does the same', async () => {
    const dist = temporary();
    await writeArtifacts(dist, files({ a: '1', b: '1' }));
    const before = contents(dist);
    const real = fs.writeFileSync;
    for (let after = 0; after < 4; after++) {
      let calls = 0;
      jest.spyOn(fs, 'writeFileSync').mockImplementation((...args: Parameters<typeof real>) => {
        if (calls++ < after) return real(...args);
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      });
      await expect(writeArtifacts(dist, files({ a: '2', b: '2' }), { shown: 'dist' })).rejects.toThrow(
        /^dist\/.*: no space is left/,
      );
      jest.restoreAllMocks();
      expect(contents(dist)).toEqual(before);
    }
  });
});

describe('a folder that may not be written', () => {
  const readOnly = (folder: string) => {
    chmodSync(folder, 0o555);
    if (isRoot) for (const path of [folder, join(folder, 'old')]) chownSync(path, nobody, nobody);
  };

  test('is told in words', () => {
    const dist = temporary();
    drive({ outdir: dist, mark: 'old' });
    readOnly(dist);
    const before = contents(dist);
    const run = drive({ outdir: dist, mark: 'new', ...(isRoot ? { user: nobody } : {}) });
    expect(run).toMatchObject({ status: 2, stderr: expect.stringMatching(/^dist: you may not write there;/) });
    expect(contents(dist)).toEqual(before);
    chmodSync(dist, 0o755);
  });

  test('is told in words on a read-only file system', () => {
    withMount((folder) => {
      drive({ outdir: folder, mark: 'old' });
      const before = contents(folder);
      expect(spawnSync('mount', ['-o', 'remount,ro', folder]).status).toBe(0);
      const run = drive({ outdir: folder, mark: 'new' });
      expect(run).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/^dist: it lies on a read-only file system/),
      });
      expect(contents(folder)).toEqual(before);
      expect(told(drive({ outdir: folder, mark: 'old' }))).toMatchObject({ unchanged: 6, recovered: false });
    });
  });

  test('is no hindrance where nothing is to be written', () => {
    const dist = temporary();
    drive({ outdir: dist, mark: 'old' });
    readOnly(dist);
    const before = statSync(dist, { bigint: true }).mtimeNs;
    const run = drive({ outdir: dist, mark: 'old', ...(isRoot ? { user: nobody } : {}) });
    expect(told(run)).toMatchObject({ unchanged: 6 });
    expect(statSync(dist, { bigint: true }).mtimeNs).toBe(before);
    chmodSync(dist, 0o755);
  });

  test('a failure between the renames says that files are mixed, and the next run fixes', async () => {
    const [old, next] = [
      { a: 'old', b: 'old', c: 'old' },
      { a: 'new', b: 'new', d: 'new' },
    ];
    const dist = temporary();
    await writeArtifacts(dist, files(old));
    const real = fs.renameSync;
    let calls = 0;
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      if (++calls === 3) throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
      real(from, to);
    });
    await expect(writeArtifacts(dist, files(next))).rejects.toThrow(
      /another file system.*\nsome files are new and some old, each of them whole: run again/,
    );
    jest.restoreAllMocks();
    expect(output(dist)).toEqual({ a: 'new', b: 'old' });
    expect(readFileSync(join(dist, '.kaniflux.json'), 'utf8')).toContain('"before"');
    expect((await writeArtifacts(dist, files(next))).recovered).toBe(true);
    expect(output(dist)).toEqual(next);
  });
});

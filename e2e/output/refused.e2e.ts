import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contents, removeTemporary, temporary } from '../../__tests__/output/folder';
import { drive, resultOf } from './driver';
import { mayMount } from './mount';

afterEach(removeTemporary);

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

const testWithMount = mayMount() ? test : test.skip;

/** Calls a function with a small file system. */
function withMount(run: (folder: string) => void): void {
  const folder = join(temporary(), 'small');
  mkdirSync(folder);
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).status).toBe(0);
  try {
    run(folder);
  } finally {
    spawnSync('umount', [folder]);
  }
}

describe('a full disk', () => {
  const refuse = (dist: string, shell: string, message: string) => {
    drive({ outdir: dist, mark: 'old' });
    const before = contents(dist);
    const run = drive({ outdir: dist, mark: 'new', size: 100_000, shell });
    expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
    expect(contents(dist)).toEqual(before);
    // After there is room again, the files are written.
    expect(drive({ outdir: dist, mark: 'new' })).toMatchObject({ status: 0, stderr: '' });
  };

  testWithMount('leaves the folder as it was, and says what to do', () => {
    withMount((folder) => refuse(folder, 'true', ': no space left on the disk; free some space and run again'));
  });

  test('and so does a limit on the size of files', () => {
    refuse(temporary(), 'ulimit -f 8', 'dist/new/0: the file would be larger than the limit set for this process');
  });
});

describe('a folder that may not be written', () => {
  const readOnly = (folder: string) => {
    chmodSync(folder, 0o555);
    // Only its owner may enter the temporary folder of the run.
    if (isRoot) chmodSync(dirname(tmpdir()), 0o711);
    if (isRoot) for (const path of [folder, join(folder, 'old')]) chownSync(path, nobody, nobody);
  };

  test('is told in words', () => {
    const dist = temporary();
    drive({ outdir: dist, mark: 'old' });
    readOnly(dist);
    const before = contents(dist);
    const run = drive({ outdir: dist, mark: 'new', ...(isRoot ? { user: nobody } : {}) });
    expect(run).toMatchObject({ status: 2, stderr: expect.stringMatching(/^dist: permission denied;/) });
    expect(contents(dist)).toEqual(before);
    chmodSync(dist, 0o755);
  });

  testWithMount('is told in words on a read-only file system', () => {
    withMount((folder) => {
      drive({ outdir: folder, mark: 'old' });
      const before = contents(folder);
      expect(spawnSync('mount', ['-o', 'remount,ro', folder]).status).toBe(0);
      const run = drive({ outdir: folder, mark: 'new' });
      expect(run).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/^dist: the path is on a read-only file system/),
      });
      expect(contents(folder)).toEqual(before);
      expect(resultOf(drive({ outdir: folder, mark: 'old' }))).toMatchObject({ unchanged: 6, recovered: false });
    });
  });

  test('is no hindrance where nothing is to be written', () => {
    const dist = temporary();
    drive({ outdir: dist, mark: 'old' });
    readOnly(dist);
    const before = statSync(dist, { bigint: true }).mtimeNs;
    const run = drive({ outdir: dist, mark: 'old', ...(isRoot ? { user: nobody } : {}) });
    expect(resultOf(run)).toMatchObject({ unchanged: 6 });
    expect(statSync(dist, { bigint: true }).mtimeNs).toBe(before);
    chmodSync(dist, 0o755);
  });
});

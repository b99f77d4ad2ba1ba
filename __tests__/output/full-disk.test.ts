import fs, { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contents, files, output, removeTemporary, temporary, write } from './folder';

afterEach(() => {
  jest.restoreAllMocks();
  removeTemporary();
});

test('a disk that is full at any moment leaves the folder as it was', async () => {
  const dist = temporary();
  await write(dist, files({ a: '1', b: '1' }));
  const before = contents(dist);
  const real = fs.writeFileSync;
  for (let after = 0; after < 4; after++) {
    let calls = 0;
    jest.spyOn(fs, 'writeFileSync').mockImplementation((...args: Parameters<typeof real>) => {
      if (calls++ < after) return real(...args);
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });
    await expect(write(dist, files({ a: '2', b: '2' }), { shown: 'dist' })).rejects.toThrow(/^dist.*: no space left/);
    jest.restoreAllMocks();
    expect(contents(dist)).toEqual(before);
  }
});

test('a failure between the renames says that files are mixed, and the next run fixes', async () => {
  const [old, next] = [
    { a: 'old', b: 'old', c: 'old' },
    { a: 'new', b: 'new', d: 'new' },
  ];
  const dist = temporary();
  await write(dist, files(old));
  const real = fs.renameSync;
  let calls = 0;
  jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    if (++calls === 3) throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
    real(from, to);
  });
  await expect(write(dist, files(next))).rejects.toMatchObject({
    message: expect.stringMatching(
      /another file system.*\nsome files are new and others old, but each file is complete; run again$/,
    ),
    cause: { name: 'OutputError', cause: { code: 'EXDEV' } },
  });
  jest.restoreAllMocks();
  expect(output(dist)).toEqual({ a: 'new', b: 'old' });
  expect(readFileSync(join(dist, '.kaniflux.json'), 'utf8')).toContain('"before"');
  expect((await write(dist, files(next))).recovered).toBe(true);
  expect(output(dist)).toEqual(next);
});

import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guarded } from '../../lib/cli/main';
import { processIo } from '../../lib/cli/process-io';
import { homeLabText } from '../config';
import { run } from '../run';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-paths-'));
writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
afterAll(() => rmSync(folder, { recursive: true }));
const ask = (...argv: string[]) => run(argv, { cwd: folder });

test.each([
  [['synth', '-o', ''], '--output needs the name of a folder, found an empty text'],
  [['synth', '-c', ''], '--config needs the name of a file, found an empty text'],
  [['check', '--manifests', '.', '--manifests', ''], '--manifests needs the name of a folder, found an empty text'],
  // Node.js decodes the bytes 6f ff to this text, which is the name of another folder.
  [['synth', '-o', 'o\ufffd'], 'the argument `o\ufffd` is not UTF-8'],
  [['synth', '-o', 'o'.repeat(300)], `${join(folder, 'o'.repeat(300), 'clusters')}: the name is too long`],
  [['synth', '-o', 'broken'], 'broken: a file or a broken symbolic link is in the place of a folder; move it'],
])('%j is an error of the user, and nothing is written', async (argv, message) => {
  symlinkSync('nowhere', join(folder, 'broken'));
  const { code, stdout, stderr } = await ask(...argv);
  rmSync(join(folder, 'broken'));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`kaniflux: ${message}`);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(readdirSync(folder)).toEqual(['kaniflux.yaml']);
});

test('names that are no names of files can be empty, and other characters are allowed', async () => {
  expect((await ask('check', '--cluster', '')).stderr).toContain('there is no cluster ``');
  const output = 'ö \u{1f600}';
  expect(await ask('synth', '-q', '-o', output)).toMatchObject({ code: 0 });
  rmSync(join(folder, output), { recursive: true });
});

test('an error without a file is still an internal error, with its stack', async () => {
  const stderr = jest.fn();
  const code = await guarded({ ...processIo(), stderr }, async () => {
    throw Object.assign(new Error('odd'), { code: 'EODD' });
  });
  expect(code).toBe(2);
  expect(stderr).toHaveBeenCalledWith(
    expect.stringMatching(/^kaniflux: internal error, please report it:\nError: odd\n +at /),
  );
});

test.each([
  [() => '/home/jane/d\ufffd', 'the path of the current folder, /home/jane/d\ufffd, is not UTF-8'],
  [
    () => {
      throw new Error('ENOENT: no such file or directory, uv_cwd');
    },
    'the current folder no longer exists',
  ],
])('a current folder that cannot be used', (cwd, message) => {
  const spy = jest.spyOn(process, 'cwd').mockImplementation(cwd);
  try {
    const io = processIo();
    expect(() => io.cwd).toThrow(message);
  } finally {
    spy.mockRestore();
  }
  expect(processIo().cwd).toBe(process.cwd());
});

import fs, { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallFleet } from '../../report/fleets';
import { run } from '../../run';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-report-'));
  writeFileSync(join(folder, 'kaniflux.yaml'), smallFleet);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('writes the page, or prints it', async () => {
  expect(await run(['report'], { cwd: folder })).toEqual({
    code: 0,
    stdout: '',
    stderr: 'wrote kaniflux-report.html\n',
  });
  const { stdout } = await run(['report', '-o', '-'], { cwd: folder });
  expect(stdout).toBe(readFileSync(join(folder, 'kaniflux-report.html'), 'utf8'));
  expect(readdirSync(folder).sort()).toEqual(['kaniflux-report.html', 'kaniflux.yaml']);
});

test('a broken config leaves the last page as it was', async () => {
  writeFileSync(join(folder, 'kaniflux-report.html'), 'mine');
  writeFileSync(join(folder, 'kaniflux.yaml'), 'kanidm: {}\n');
  const ran = await run(['report'], { cwd: folder });
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('kaniflux.yaml:1:1 error') });
  expect(readFileSync(join(folder, 'kaniflux-report.html'), 'utf8')).toBe('mine');
});

test('writes over a page of its own and no other file', async () => {
  const write = (output: string) => run(['report', '-o', output], { cwd: folder });
  expect(await write('page.html')).toMatchObject({ code: 0 });
  expect(await write('page.html')).toMatchObject({ code: 0 });
  expect(await write('kaniflux.yaml')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('kaniflux.yaml exists and is not a report'),
  });
  expect(readFileSync(join(folder, 'kaniflux.yaml'), 'utf8')).toBe(smallFleet);
  expect(await write('.')).toMatchObject({ code: 2, stderr: expect.stringContaining('. is a folder') });
  writeFileSync(join(folder, 'empty.html'), '');
  expect(await write('empty.html')).toMatchObject({ code: 0 });
});

test.each(['page.html', '/dev/null'])(
  'a symbolic link to %s stays one, and a device stays a device',
  async (target) => {
    symlinkSync(target, join(folder, 'link'));
    await run(['report', '-o', 'page.html'], { cwd: folder });
    expect(await run(['report', '-o', 'link'], { cwd: folder })).toMatchObject({ code: 0, stderr: 'wrote link\n' });
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['kaniflux.yaml', 'link', 'page.html']);
  },
);

test('a pipe has no real path, and is written to', async () => {
  const spy = jest.spyOn(fs, 'realpathSync').mockImplementation(() => {
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  });
  const ran = await run(['report', '-o', '/dev/null'], { cwd: folder });
  spy.mockRestore();
  expect(ran).toMatchObject({ code: 0, stderr: 'wrote /dev/null\n' });
});

test('what can not be written is said in one line', async () => {
  const ran = await run(['report', '-o', 'no/such/folder.html'], { cwd: folder });
  expect(ran).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no/such/folder.html: its folder does not exist'),
  });
});

test('a file in place of the folder of manifests is named', async () => {
  const ran = await run(['report', '--manifests', 'kaniflux.yaml'], { cwd: folder });
  expect(ran).toMatchObject({
    code: 2,
    stderr: 'kaniflux: --manifests kaniflux.yaml: this is a file; name the folder that contains it\n',
  });
});

test('an argument is refused with what names the page', async () => {
  const ran = await run(['report', 'page.html'], { cwd: folder });
  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('the file to write with -o') });
  expect(readdirSync(folder)).toEqual(['kaniflux.yaml']);
});

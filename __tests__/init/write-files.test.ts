import fs, { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surroundings, writeNew } from '../../lib/init/write-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = [
  { path: 'first', text: 'new' },
  { path: 'second', text: 'new' },
  { path: 'folder/third', text: 'new' },
];

test('a file that exists stays', () => {
  writeFileSync(join(folder, 'second'), 'mine');
  expect(writeNew(folder, files)).toEqual({ written: ['first', 'folder/third'], kept: ['second'] });
  expect(readFileSync(join(folder, 'second'), 'utf8')).toBe('mine');
});

test('if a file cannot be written, none is, and those that were there stay', () => {
  writeFileSync(join(folder, 'second'), 'mine');
  writeFileSync(join(folder, 'folder'), 'a file');
  expect(() => writeNew(folder, files)).toThrow(
    'nothing was written, because of folder/third: a file or a broken symbolic link is in the place of a folder; move it',
  );
  expect(readdirSync(folder)).toEqual(['folder', 'second']);
});

test('a symbolic link to nothing is neither followed nor replaced', () => {
  symlinkSync('nothing', join(folder, 'second'));
  expect(() => writeNew(folder, files)).toThrow(
    'nothing was written, because of second: a file or a broken symbolic link is in the place of a folder; move it',
  );
  expect(readdirSync(folder)).toEqual(['second']);
});

test('a folder that may not be written is named without an option that init lacks', () => {
  jest.spyOn(fs, 'writeFileSync').mockImplementationOnce(() => {
    throw Object.assign(new Error('no'), { code: 'EACCES' });
  });
  expect(() => writeNew(folder, files)).toThrow(/because of first: permission denied; change its permissions$/);
  jest.restoreAllMocks();
});

test('if the disk is full, no part of a file stays, so that the next run does not keep it', () => {
  const write = jest.spyOn(fs, 'writeFileSync').mockImplementationOnce((file, text) => {
    write.mockRestore();
    writeFileSync(file, String(text).slice(0, 1));
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
  expect(() => writeNew(folder, files)).toThrow(/^nothing was written, because of first: /);
  expect(readdirSync(folder)).toEqual([]);
});

test('an empty folder is no package, and init writes its .gitignore', () => {
  expect(surroundings(folder)).toEqual({ isPackage: false, installed: false, ignored: true });
});

test('a package without Kaniflux, such as after an interrupted installation', () => {
  writeFileSync(join(folder, 'package.json'), '{}');
  mkdirSync(join(folder, 'node_modules/kaniflux'), { recursive: true });
  expect(surroundings(folder)).toMatchObject({ isPackage: true, installed: false });
  writeFileSync(join(folder, 'node_modules/kaniflux/package.json'), '{}');
  expect(surroundings(folder)).toMatchObject({ isPackage: true, installed: true });
});

test.each([
  ['node_modules', true],
  ['/node_modules/', true],
  ['dist\nnode_modules/ \nlogs', true],
  ['my_node_modules', false],
  ['node_modules/cache', false],
  ['# node_modules', false],
  ['', false],
])('.gitignore with %j: Git ignores node_modules: %j', (text, ignored) => {
  writeFileSync(join(folder, '.gitignore'), text);
  expect(surroundings(folder).ignored).toBe(ignored);
});

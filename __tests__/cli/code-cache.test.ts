import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, createFolder } from '../../lib/cli/code-cache';
import { removeTemporary, temporary } from '../output/folder';

afterEach(removeTemporary);

test('the folder is the one that the user has for caches, unless it is turned off', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/kaniflux/compiled');
  expect(cacheFolder({})).toMatch(/\.cache\/kaniflux\/compiled$/);
  expect(cacheFolder({ XDG_CACHE_HOME: '/cache', NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
});

test.each([
  ['a relative path is ignored', 'cache', () => '/home/jane', '/home/jane/.cache/kaniflux/compiled'],
  ['so is an empty one', '', () => '/home/jane', '/home/jane/.cache/kaniflux/compiled'],
  ['the home folder has no path', undefined, () => '', undefined],
  ['a home folder is not needed with a path', '/cache', () => '', '/cache/kaniflux/compiled'],
  [
    'there is no home folder',
    undefined,
    () => {
      throw new Error('uv_os_homedir returned ENOENT');
    },
    undefined,
  ],
])('nothing is cached in the current folder: %s', (_, cache, home, folder) => {
  expect(cacheFolder(cache === undefined ? {} : { XDG_CACHE_HOME: cache }, home)).toBe(folder);
});

test('the folder is created for its user only, with the folders above it, unless it exists', () => {
  const folder = join(temporary(), 'a', 'b');
  createFolder(folder);
  createFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  mkdirSync(join(folder, 'c'));
  createFolder(join(folder, 'c', 'd'));
});

test('creating it below a folder in which nothing can be created ends with an error', () => {
  expect(() => createFolder('/proc/.cache/kaniflux/compiled')).toThrow(/^E[A-Z]+:/);
});

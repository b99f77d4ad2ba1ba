import { cacheFolder } from '../../lib/cli/code-cache';

test('the folder is the one that the user has for caches, unless it is turned off', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/kaniflux/compiled');
  expect(cacheFolder({})).toMatch(/\.cache\/kaniflux\/compiled$/);
  expect(cacheFolder({ XDG_CACHE_HOME: '/cache', NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
});

import { packages } from '../package-lock.json';

test('npm verifies the bytes of every package that it downloads', () => {
  const entries: readonly (readonly [string, object])[] = Object.entries(packages);
  const downloaded = entries.filter(([path, entry]) => path !== '' && !('link' in entry) && !('inBundle' in entry));
  expect(downloaded.length).toBeGreaterThan(100);
  expect(downloaded.filter(([, entry]) => !('integrity' in entry)).map(([path]) => path)).toEqual([]);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageSource } from '../../lib/init/package-source';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kaniflux-source-'));
  mkdirSync(join(root, 'access'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (name: string, value: unknown) => writeFileSync(join(root, 'access', name), JSON.stringify(value));
const source = () => packageSource(join(root, 'access'), root);

test.each([
  ['file:../../kaniflux-0.1.0.tgz', '../../kaniflux-0.1.0.tgz', true],
  ['file:///srv/kaniflux-0.1.0.tgz', '/srv/kaniflux-0.1.0.tgz', true],
  ['../../kaniflux', '../../kaniflux', true],
  // The folder of the config is not the root of the repository.
  ['file:../kaniflux-0.1.0.tgz', '../kaniflux-0.1.0.tgz', false],
  ['file:kaniflux-0.1.0.tgz', 'kaniflux-0.1.0.tgz', false],
])('%s', (spec, path, isOutside) => {
  write('package.json', { dependencies: { kaniflux: spec } });
  expect(source()).toEqual({ path, isOutside });
});

test('the lock file counts where package.json names no file', () => {
  write('package.json', { devDependencies: { kaniflux: '^0.1.0' } });
  write('package-lock.json', { packages: { 'node_modules/kaniflux': { resolved: 'file:../../kaniflux-0.1.0.tgz' } } });
  expect(source()).toEqual({ path: '../../kaniflux-0.1.0.tgz', isOutside: true });
});

test('a release has no file', () => {
  write('package.json', { devDependencies: { kaniflux: '^0.1.0', other: 'file:../../other' } });
  write('package-lock.json', { packages: { 'node_modules/kaniflux': { resolved: 'https://example.com/k.tgz' } } });
  expect(source()).toBeUndefined();
});

test('neither has a folder without package.json, or with one that is no JSON', () => {
  expect(source()).toBeUndefined();
  writeFileSync(join(root, 'access', 'package.json'), '{');
  expect(source()).toBeUndefined();
});

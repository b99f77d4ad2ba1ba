import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { diskReader } from '../../lib/existing/disk-reader';
import { readManifests } from '../../lib/existing/manifests';
import { loadConfig } from '../../lib/load-config';
import { homeLab } from '../config';
import { run } from '../run';

let folder: string;
const write = (path: string, text: string) => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const link = (target: string, path: string) => symlinkSync(target, join(folder, path));
const cluster = (name: string) => stringify({ name, ...(homeLab().clusters as Record<string, object>).homelab });

/** Makes a config with the glob, the cluster homelab, and the file of the cluster edge in another folder. */
function config(glob: string): void {
  write('kaniflux.yaml', stringify({ ...homeLab(), clusters: glob }));
  write('kubernetes-logo.svg', '<svg/>');
  write('clusters/homelab.yaml', cluster('homelab'));
  write('shared/edge/cluster.yaml', cluster('edge'));
}
const errors = async () => {
  const { code, stdout } = await run(['check', '--format', 'json'], { cwd: folder });
  const { findings } = JSON.parse(stdout) as { findings: { severity: string; code: string; message: string }[] };
  return [code, ...findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => [code, message])];
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a cluster whose file is a symbolic link is in the config', () => {
  config('clusters/*.yaml');
  link('../shared/edge/cluster.yaml', 'clusters/edge.yaml');
  expect([...loadConfig(join(folder, 'kaniflux.yaml')).clusters.keys()]).toEqual(['edge', 'homelab']);
});

test.each([
  ['missing.yaml', 'no such file or directory'],
  ['edge.yaml', 'too many symbolic links encountered'],
])('a symbolic link to %s is an error with its reason', async (target, reason) => {
  config('clusters/*.yaml');
  link(target, 'clusters/edge.yaml');
  const expected = [2, ['cluster-unreadable', `\`clusters/edge.yaml\` can't be read: ${reason}`]];
  expect(await errors()).toEqual(expected);
  // The cluster that runs Kanidm is now missing too. It may be the cluster that cannot be read, so there is no second
  // error.
  rmSync(join(folder, 'clusters/homelab.yaml'));
  expect(await errors()).toEqual(expected);
});

test.each([
  ['clusters/*/cluster.yaml', true],
  ['clusters/**/*.yaml', true],
  ['./clusters/{homelab.yaml,edge/cluster.yaml}', false],
  ['clusters/*.yaml', false],
  ['clusters/h*/cluster.yaml', false],
])('a symbolic link to a folder is an error if %s could lead into it: %s', async (glob, reported) => {
  config(glob);
  write('clusters/homelab/cluster.yaml', cluster('other'));
  link('../shared/edge', 'clusters/edge');
  const found = await errors();
  const expected = [
    'cluster-unreadable',
    '`clusters/edge` is a symbolic link to a folder, and Kaniflux does not read files through such a link',
  ];
  if (reported) expect(found).toContainEqual(expected);
  else expect(found).not.toContainEqual(expected);
});

test('links in node_modules are no errors', async () => {
  config('**/cluster.yaml');
  write('clusters/homelab/cluster.yaml', cluster('other'));
  write('node_modules/.package-lock.json', '{}');
  link('../shared/edge', 'node_modules/edge');
  expect(await errors()).not.toContainEqual(['cluster-unreadable', expect.anything()]);
});

test('something that is no folder has no matching files', async () => {
  config('clusters/homelab.yaml/*.yaml');
  expect(await errors()).toContainEqual(['no-cluster-files', 'no file matches `clusters/homelab.yaml/*.yaml`']);
});

test('hand-written manifests are read through a link to a file; a link to a folder is reported', () => {
  write('role.txt', stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }));
  write('m/sub/b.txt', '{}');
  link('../role.txt', 'm/a.yaml');
  link('sub', 'm/linked');
  mkdirSync(join(folder, 'm/node_modules'));
  link('../sub', 'm/node_modules/linked');
  const { found, unreadable } = readManifests(diskReader(join(folder, 'm')));
  expect(found).toMatchObject([{ file: 'a.yaml', object: { kind: 'ConfigMap' } }]);
  expect(unreadable).toMatchObject([{ file: 'linked', reason: expect.stringContaining('symbolic link to a folder') }]);
});

test('a link to a device is not read, because a device can have no end; a pipe whose path is given is', () => {
  write('a.yaml', '');
  link('/dev/zero', 'zero.yaml');
  const reader = diskReader(folder);
  expect(reader.list('')).toEqual(['a.yaml', 'zero.yaml']);
  expect(() => reader.read('zero.yaml')).toThrow('it is a link to a device or a pipe');
  expect(diskReader('/dev').read('null')).toHaveLength(0);
});

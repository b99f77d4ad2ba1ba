import { homeLabText } from '../../config';
import { homeLabFolder } from './folder';

const { write, ask } = homeLabFolder();

test('exits 0 without differences, 1 with, 2 where it cannot compare', async () => {
  expect(await ask(['diff', 'kaniflux.yaml', 'kaniflux.yaml'])).toMatchObject({ code: 0, stdout: 'No differences.\n' });
  write('new.yaml', homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: view'));
  const changed = await ask(['diff', 'kaniflux.yaml', 'new.yaml']);
  expect(changed.code).toBe(1);
  expect(changed.stdout).toContain('- datosh may no longer do everything on homelab (cluster-admin)');
  expect(await ask(['diff', '--base', 'nowhere'])).toMatchObject({ code: 2, stdout: '' });
  expect(await ask(['diff'])).toMatchObject({ code: 2 });
});

test.each([
  [['--cluster', 'homelab'], '--cluster is only for --live'],
  [['--context', 'admin'], '--context is only for --live'],
  [['-o', 'rendered'], '--output is only for --base'],
  [['-c', 'new.yaml'], '--config is not for two config files'],
])('two files are not compared with %j, which has no effect on them', async (options, message) => {
  const files = ['kaniflux.yaml', 'kaniflux.yaml'];
  expect(await ask(['diff', ...files, ...options])).toEqual({ code: 2, stdout: '', stderr: `kaniflux: ${message}\n` });
});

test('--base does not read a cluster, and --live no output', async () => {
  expect((await ask(['diff', '--base', 'main', '--cluster', 'homelab'])).stderr).toContain('is only for --live');
  expect((await ask(['diff', '--live', '-o', 'rendered'])).stderr).toContain('--output is only for --base');
});

test('a side with errors is no diff that deletes everything', async () => {
  write('bad.yaml', 'kanidm: {}\n');
  const { code, stdout, stderr } = await ask(['diff', 'kaniflux.yaml', 'bad.yaml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('bad.yaml');
});

test('names files on request, and prints JSON and Markdown', async () => {
  const { stdout } = await ask(['diff', 'kaniflux.yaml', 'new.yaml', '--files', '--format', 'json']);
  expect(JSON.parse(stdout).files.map(({ path }: { path: string }) => path)).toContain('ACCESS.md');
  expect((await ask(['diff', 'kaniflux.yaml', 'new.yaml', '--format', 'markdown'])).stdout).toMatch(/^## /);
});

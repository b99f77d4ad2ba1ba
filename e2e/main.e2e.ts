import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configOf, homeLabText } from '../__tests__/config';
import { render } from '../lib/render';

/*
 * main.ts, the cdk8s app, run as a separate program.
 */
const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'kaniflux-main-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the app with the command of cdk8s.yaml. */
const run = () =>
  spawnSync(process.execPath, ['-r', require.resolve('tsx/cjs'), join(root, 'main.ts')], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: 'out' },
  });

test('a broken config is told with its place, and nothing is written', () => {
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText.replace('client: k8s', 'client: k9s'));
  const { status, stderr } = run();
  expect(status).toBe(2);
  expect(stderr).toContain('kaniflux.yaml:');
  expect(stderr).toContain('there is no client `k9s`');
  expect(stderr).not.toContain('    at ');
  expect(readdirSync(folder)).toEqual(['kaniflux.yaml']);
});

test('it writes every file of dist/, and says the warnings', () => {
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
  const { status, stderr } = run();
  expect({ status, warned: stderr.includes('warning') }).toEqual({ status: 0, warned: true });
  for (const { path, text } of render(configOf())) expect(readFileSync(join(folder, 'out', path), 'utf8')).toBe(text);
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { starts } from '../../lib/init/starts';
import { load } from '../config';
import { run } from '../run';

const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

test('the config in README.md has no fault, and grants what it says', () => {
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
  const { config, findings } = load(text);
  expect(findings).toEqual([]);
  expect(config?.clusters.get('homelab')?.grants).toMatchObject([{ roleName: 'view', groups: ['k8s_users'] }]);
});

/** The arguments of the command that has all answers. */
function initArguments(): string[] {
  const [, line = ''] = /npx kaniflux (init --yes (?:[^\n]*\\\n)*[^\n]*)/.exec(readme) ?? [];
  return [...line.replaceAll('\\\n', ' ').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

test('the command in README.md that asks nothing writes a config without a fault', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'kaniflux-readme-'));
  try {
    expect(initArguments().slice(0, 4)).toEqual(['init', '--yes', '--start', 'new-kanidm']);
    expect(await run(initArguments(), { cwd })).toMatchObject({ code: 0 });
    expect(load(readFileSync(join(cwd, 'kaniflux.yaml'), 'utf8')).findings).toEqual([]);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

test('README.md names every start of init', () => {
  for (const start of starts) expect(readme).toContain(`\`${start}\` (`);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeloginChoices, kubeloginOptions, kubeloginPorts, kubeloginVersion } from '../../lib/upstream/kubelogin';

interface HelpOption {
  readonly choices?: readonly string[];
  readonly preset?: string;
}

/**
 * Returns the options in the help of the real program, one for each line: `--name type   text. One of (a|b) (default
 * "a")`.
 */
function helpOf(version: string): ReadonlyMap<string, HelpOption> {
  const path = join(__dirname, '..', 'fixtures', 'kubelogin', `get-token-${version}.txt`);
  const options = new Map<string, HelpOption>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, name, text = ''] = /^ +(?:-\w, )?--([\w-]+)(.*)$/.exec(line) ?? [];
    if (!name) continue;
    options.set(name, {
      choices: /One of \(([^)]+)\)/.exec(text)?.[1]?.split('|'),
      preset: /\(default (.+)\)$/.exec(text)?.[1],
    });
  }
  return options;
}

const help = helpOf(kubeloginVersion);

test('the help of the version that the table is of has been read', () => {
  expect(help.size).toBeGreaterThan(25);
  expect(help.get('grant-type')).toEqual({ choices: expect.arrayContaining(['authcode']), preset: '"auto"' });
});

test.each(kubeloginOptions)('--%s is an option of the real kubelogin, and takes what the table says', (name) => {
  expect([...help.keys()]).toContain(name);
  expect(kubeloginChoices(name)).toEqual(help.get(name)?.choices);
});

test('it listens where the table says', () => {
  expect(help.get('listen-address')?.preset).toBe(`[${kubeloginPorts.map((port) => `127.0.0.1:${port}`).join(',')}]`);
});

test('what is left out of a kubeconfig is its default: the grant of the browser, and a cache on disk', () => {
  expect(help.get('token-cache-storage')?.preset).toBe('"disk"');
  expect(help.get('grant-type')?.preset).toBe('"auto"');
});

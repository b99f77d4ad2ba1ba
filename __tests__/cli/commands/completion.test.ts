import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../../lib/cli/commands';
import { completion } from '../../../scripts/completion/completion-files';
import { run } from '../../run';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

const shell = (name: string, args: string[]) =>
  spawnSync(name, args, { encoding: 'utf8', cwd: folder, timeout: 20_000 });

/** Returns the completions of a real bash for a line. */
async function bash(line: string): Promise<string[]> {
  writeFileSync(join(folder, 'c.bash'), await completion('bash'));
  const words = line.split(' ');
  const script = `source ./c.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _kaniflux; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = shell('bash', ['--norc', '-c', script]);
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash completes commands, options, values and shells', async () => {
  expect(await bash('kaniflux ')).toEqual([...Object.keys(commands), 'help', '--help', '--version']);
  expect(await bash('kaniflux syn')).toEqual(['synth']);
  expect(await bash('kaniflux help ini')).toEqual(['init']);
  expect(await bash('kaniflux synth --ch')).toEqual(['--check']);
  expect(await bash('kaniflux check --format sa')).toEqual(['sarif']);
  expect(await bash('kaniflux completion ')).toEqual(['bash', 'zsh', 'fish']);
  expect(await bash('kaniflux synth x')).toEqual([]);
});

test.each(['bash', 'zsh', 'fish'] as const)('%s is told every command and option', async (name) => {
  const script = await completion(name);
  for (const [command, { load }] of Object.entries(commands)) {
    expect(script).toContain(command);
    for (const option of Object.keys((await load()).command.options)) {
      expect(script).toContain(name === 'fish' ? `-l ${option}` : `--${option}`);
    }
  }
});

test.each(['bash', 'zsh', 'fish'] as const)('the program prints the one for %s that is generated', async (name) => {
  expect(await run(['completion', name])).toEqual({ code: 0, stdout: await completion(name), stderr: '' });
});

test('another shell is refused', async () => {
  expect(await run(['completion', 'tcsh'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('bash, zsh, fish'),
  });
  expect(await run(['completion'])).toMatchObject({ code: 2, stdout: '' });
});

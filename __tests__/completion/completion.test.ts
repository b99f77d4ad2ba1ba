import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../lib/cli/commands';
import { completion } from '../../lib/completion';
import { run } from '../run';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

const shell = (name: string, args: string[]) =>
  spawnSync(name, args, { encoding: 'utf8', cwd: folder, timeout: 20_000 });
const installed = (name: string) => shell(name, ['-c', 'true']).status === 0;

/** What bash offers after a line, asked of a real one. */
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

// Bash is everywhere that the tests run; the two others are asked where they are.
const among = (name: string) => (installed(name) ? [name] : []);
const real = [...among('fish'), ...among('zsh')];

if (real.includes('fish'))
  test('fish completes them with what they mean', async () => {
    writeFileSync(join(folder, 'c.fish'), await completion('fish'));
    const ask = (line: string) => {
      const { stdout, stderr } = shell('fish', ['--no-config', '-c', `source ./c.fish; complete -C '${line}'`]);
      expect(stderr).toBe('');
      return stdout.trim().split('\n');
    };
    expect(ask('kaniflux syn')).toEqual(['synth\tRender the config into dist/']);
    expect(ask('kaniflux synth --che')).toEqual([expect.stringMatching(/^--check\t/)]);
    expect(ask('kaniflux check --format sa')).toEqual(['sarif\tForm of the output']);
    expect(ask('kaniflux completion z')).toEqual(['zsh']);
  });

if (real.includes('zsh'))
  test('zsh completes them, typed into a real one', async () => {
    writeFileSync(join(folder, '_kaniflux'), await completion('zsh'));
    // zpty is zsh's own terminal: a second zsh in it gets the keys that a person would type.
    const script = `
    zmodload zsh/zpty; zpty z zsh -f -i
    zpty -w z 'fpath=(. $fpath); autoload -Uz compinit; compinit -u -d ./dump; stty cols 200 rows 50; print READY$((40+2))'
    zpty -r z out '*READY42*'
    sleep 0.3
    zpty -n -w z "kaniflux $1"$'\\t'
    for i in {1..40}; do
      sleep 0.1
      while zpty -r -t z line; do more+=$line; done
      [[ $more == *"$2"* ]] && break
    done
    print -r -- "$more"`;
    const ask = (line: string, wanted: string) => shell('zsh', ['-f', '-c', script, 'zsh', line, wanted]).stdout;
    expect(ask('synth --che', '--check')).toContain('--check');
    expect(ask('who-', 'who-can')).toContain('who-can');
    expect(ask('check --format=sa', 'sarif')).toContain('sarif');
  });

test('another shell is refused', async () => {
  expect(await run(['completion', 'tcsh'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('bash, zsh, fish'),
  });
  expect(await run(['completion'])).toMatchObject({ code: 2, stdout: '' });
});

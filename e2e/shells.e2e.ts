import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc, { runs } from '../__tests__/fast-check';
import { commands } from '../lib/cli/commands';
import { comment, quote } from '../lib/node-files/shell';
import { completion } from '../scripts/completion/completion-files';
import { ensureProgram } from './parts/programs';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-shells-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (path: string, args: string[]) =>
  spawnSync(path, args, { encoding: 'utf8', cwd: folder, timeout: 60_000, env: { ...process.env, HOME: folder } });

describe('bash', () => {
  /** Returns the completions of a real bash for a line. */
  async function bash(line: string): Promise<string[]> {
    writeFileSync(join(folder, 'c.bash'), await completion('bash'));
    const words = line.split(' ');
    const script = `source ./c.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _kaniflux; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = run('bash', ['--norc', '-c', script]);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  test('completes commands, options, values and shells', async () => {
    expect(await bash('kaniflux ')).toEqual([...Object.keys(commands), 'help', '--help', '--version']);
    expect(await bash('kaniflux syn')).toEqual(['synth']);
    expect(await bash('kaniflux help ini')).toEqual(['init']);
    expect(await bash('kaniflux synth --ch')).toEqual(['--check']);
    expect(await bash('kaniflux check --format sa')).toEqual(['sarif']);
    expect(await bash('kaniflux completion ')).toEqual(['bash', 'zsh', 'fish']);
    expect(await bash('kaniflux synth x')).toEqual([]);
  });
});

describe('fish', () => {
  let fish: string;
  beforeAll(async () => {
    fish = (await ensureProgram('fish')).path;
    writeFileSync(join(folder, 'c.fish'), await completion('fish'));
  });

  test.each([
    ['kaniflux syn', ['synth\tRender the config into dist/']],
    ['kaniflux synth --che', [expect.stringMatching(/^--check\t/)]],
    ['kaniflux check --format sa', ['sarif\tFormat of the output']],
    ['kaniflux completion z', ['zsh']],
    ['kaniflux help repo', [expect.stringMatching(/^report/)]],
  ])('completes `%s`', (line, wanted) => {
    const { stdout, stderr } = run(fish, ['--no-config', '-c', `source ./c.fish; complete -C '${line}'`]);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(wanted);
  });
});

describe('zsh', () => {
  let zsh: string;
  beforeAll(async () => {
    zsh = (await ensureProgram('zsh')).path;
    writeFileSync(join(folder, '_kaniflux'), await completion('zsh'));
  });

  // compinit skips `.` in fpath. zpty is zsh's own terminal: a second zsh runs in it, and gets the keys that a person
  // would type.
  const script = `
    zmodload zsh/zpty; zpty z zsh -f -i
    zpty -w z "$3"'; stty cols 200 rows 50; print READY$((40+2))'
    zpty -r z out '*READY42*'
    sleep 0.5
    zpty -n -w z "kaniflux $1"$'\\t'
    for i in {1..100}; do
      sleep 0.1
      while zpty -r -t z line; do more+=$line; done
      [[ $more == *"$2"* ]] && break
    done
    zpty -d z
    print -r -- "$more"`;

  const installed = 'fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -d ./dump';
  const sourced = 'autoload -Uz compinit; compinit -u -d ./dump2; source ./_kaniflux';

  test.each([
    ['synth --che', '--check', sourced],
    ['synth --che', '--check'],
    ['who-', 'who-can'],
    ['check --format=sa', 'sarif'],
    ['rep', 'report'],
  ])('completes `kaniflux %s` as somebody types it', (line, wanted, set = installed) => {
    expect(run(zsh, ['-f', '-c', script, 'zsh', line, wanted, set]).stdout).toContain(wanted);
  });
});

describe('sh', () => {
  const sh = (script: string): string => {
    const { stdout, status, stderr } = spawnSync('sh', ['-c', script]);
    if (status !== 0) throw new Error(`sh: ${stderr}`);
    return stdout.toString();
  };

  const texts = fc
    .oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({
        unit: fc.constantFrom(
          "'",
          '"',
          '$',
          '`',
          '\\',
          '!',
          '*',
          '?',
          '~',
          '#',
          ' ',
          '\n',
          ';',
          '&',
          '=',
          '-',
          'é',
          '漢',
        ),
      }),
    )
    .filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text);

  test('any text comes out of a real shell as it went in', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 12 }), (words) => {
        const out = sh(`for word in ${words.map(quote).join(' ')}; do printf '%s\\0' "$word"; done`);
        expect(out).toBe(words.map((word) => `${word}\0`).join(''));
      }),
      { numRuns: runs(20) },
    );
  });

  test('no line of a comment can become a command', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(sh(`${comment(text)}\nprintf done`)).toBe('done');
      }),
      { numRuns: runs(10) },
    );
  });
});

describe('a pipe', () => {
  const root = join(__dirname, '..');
  const kaniflux = `"${join(root, 'node_modules/.bin/tsx')}" "${join(root, 'lib/cli/bin.ts')}"`;
  // The loop ends as soon as the reader is gone.
  const unread = 'trap "" PIPE; while printf x 2>/dev/null; do :; done; trap - PIPE';
  const piped = (command: string) =>
    run('bash', ['-c', `{ ${unread}; (cd "${root}" && ${kaniflux} ${command}); echo $? >status; } | true; cat status`]);

  test.each(['who-can get pods', 'check', 'report --help', '--help', '--version'])(
    'that nobody reads ends `%s` quietly, as SIGPIPE ends a program',
    (command) => {
      const { stdout, stderr } = piped(command);
      expect({ status: stdout.trim(), stderr }).toEqual({ status: '141', stderr: '' });
    },
  );
});

describe('the man page', () => {
  const page = join(__dirname, '..', 'docs', 'kaniflux.1');

  test('is roff that groff has nothing to say about', async () => {
    const { path } = await ensureProgram('groff');
    const { status, stdout, stderr } = run(path, ['-man', '-ww', '-Tutf8', '-P-cbou', page]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('kaniflux who-can get secrets');
    expect(stdout).toContain("kaniflux who-can '*' '*.*' --cluster homelab");
  });

  test('is shown by man without a warning', async () => {
    const { path } = await ensureProgram('man');
    await ensureProgram('groff');
    const { status, stdout, stderr } = run(path, ['--warnings', '-E', 'UTF-8', '-l', page]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('KANIFLUX(1)');
  });
});

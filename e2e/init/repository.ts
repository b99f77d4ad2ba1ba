import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'yaml';

const root = join(__dirname, '..', '..');

/** The environment without the settings of this machine's Git and of the test run. */
export const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|GIT_|NODE_|INIT_CWD)/i.test(name))),
  HOME: process.env.HOME,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  NO_COLOR: '1',
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a folder, as typed by a person. */
export function sh(cwd: string, line: string, more: Readonly<Record<string, string>> = {}): Ran {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
    cwd,
    encoding: 'utf8',
    env: { ...env, ...more },
    timeout: 240_000,
  });
  return { status, stdout, stderr };
}

/** The same, but throws if the command fails. @returns standard output */
export function must(cwd: string, line: string, more: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr } = sh(cwd, line, more);
  if (status !== 0) throw new Error(`${line}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs a command on a terminal. Types the next keys whenever the output ends with a question of `init`. */
export async function onTerminal(cwd: string, line: string, keys: readonly string[]): Promise<Ran> {
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], { cwd, env });
  const left = [...keys];
  let [stdout, stderr, asked] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    // A prompt ends with the sequences that place the cursor.
    if (!stripVTControlCharacters(stdout.slice(asked)).endsWith(']: ')) return;
    asked = stdout.length;
    child.stdin.write(left.shift() ?? '\x04');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

/** Packs the package as npm would publish it. @returns the name of its file in the folder */
export function pack(folder: string): string {
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
  return readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
}

/** Links tools of this repository to where the repository under test would have installed them. */
export function lend(folder: string, ...names: string[]): void {
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  for (const name of names) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    for (const [command, file] of Object.entries<string>(typeof bin === 'string' ? { [name]: bin } : bin)) {
      symlinkSync(join('..', name, file), join(folder, 'node_modules', '.bin', command));
    }
  }
}

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly steps: readonly Step[];
}

/**
 * Runs the `run:` steps of a job as GitHub's runner does: with `bash -e`. After a failed step, it runs only the steps
 * whose condition is `always()`. Environment variables that are expressions must be given.
 */
export function runner(checkout: string, job: string, more: Readonly<Record<string, string>> = {}) {
  const { jobs, env: shared = {} } = parse(readFileSync(join(checkout, '.github/workflows/kaniflux.yaml'), 'utf8')) as {
    jobs: Record<string, Job>;
    env?: Record<string, string>;
  };
  return runSteps(checkout, job, jobs[job]?.steps ?? [], { ...shared, ...more });
}

/** The same for the action of this repository, in one mode. */
export function action(checkout: string, mode: string, more: Readonly<Record<string, string>> = {}) {
  const { steps } = parse(readFileSync(join(root, 'action.yml'), 'utf8')).runs as Job;
  const own = steps.flatMap(({ if: condition, ...step }) => {
    if (condition === undefined) return [step];
    const [first] = condition.split(/(?: && )?inputs\.mode == /);
    return condition.endsWith(`inputs.mode == '${mode}'`) ? [first ? { ...step, if: first } : step] : [];
  });
  return runSteps(checkout, `action-${mode}`, own, { MODE: mode, EVENT: 'pull_request', FOLDER: '.', ...more });
}

function runSteps(checkout: string, job: string, steps: readonly Step[], more: Readonly<Record<string, string>>) {
  const temp = join(checkout, '..', `runner-${job}`);
  rmSync(temp, { recursive: true, force: true });
  mkdirSync(temp, { recursive: true });
  const [output, summary] = [join(temp, 'output'), join(temp, 'summary')];
  for (const file of [output, summary]) writeFileSync(file, '');
  const results: (Ran & { readonly name: string })[] = [];
  for (const { name = '', run, env: own = {}, if: condition } of steps) {
    const failed = results.some(({ status }) => status !== 0);
    if (run === undefined || (failed && condition !== 'always()') || !isMet(condition, output)) continue;
    const script = join(temp, 'step.sh');
    writeFileSync(script, run);
    const plain = Object.entries(own).filter(([, value]) => !value.includes('${{'));
    const variables = { RUNNER_TEMP: temp, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, CI: 'true', ...more };
    results.push({ name, ...sh(checkout, `bash -e ${script}`, { ...Object.fromEntries(plain), ...variables }) });
  }
  return { results, output: readFileSync(output, 'utf8'), summary: readFileSync(summary, 'utf8') };
}

/** Whether a condition on an output of an earlier step is met. Any other condition counts as met. */
function isMet(condition: string | undefined, output: string): boolean {
  const [, name, value] = /^steps\.\w+\.outputs\.(\w+) == '(\w+)'$/.exec(condition ?? '') ?? [];
  return name === undefined || readFileSync(output, 'utf8').includes(`${name}=${value}\n`);
}

/** Creates a replacement for GitHub's command line: it answers with the list of comments, and records the calls. */
export function github(folder: string, comments: string): Readonly<Record<string, string>> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, 'gh'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> '${folder}/asked'\ncase "$*" in *--jq*) printf '%s' '${comments}' ;; esac\n`,
  );
  chmodSync(join(bin, 'gh'), 0o755);
  return { PATH: `${bin}:${process.env.PATH}` };
}

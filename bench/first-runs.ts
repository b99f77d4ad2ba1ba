import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, type Sample } from './measure';

const root = join(__dirname, '..');

/** The commands of a new user, in order. */
const steps = {
  init: [
    ['init', '--start', 'new-kanidm', '--domain', 'idm.example.com', '--cluster', 'homelab'],
    ['--server', 'https://192.0.2.10:6443', '--kubernetes', '1.34', '--control-plane', 'k3s', '--person', 'admin-1'],
    ['--break-glass', '/etc/rancher/k3s/k3s.yaml on the server', '--flux-source', 'GitRepository/flux-system'],
  ].flat(),
  check: ['check'],
  synth: ['synth'],
  diff: ['diff', 'kaniflux.yaml', 'changed.yaml'],
} as const satisfies Record<string, readonly string[]>;
type Step = keyof typeof steps;
const names: readonly Step[] = ['init', 'check', 'synth', 'diff'];

/** Unpacks the result of `npm pack`, and returns the command that starts its program. */
export function packed(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const tarball = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder]);
  return [process.execPath, join(folder, 'package', 'build', 'kaniflux.js')];
}

/** Creates the single binary, and returns the command that starts it. */
export function binary(): readonly string[] {
  execFileSync('npm', ['run', '-s', 'binary'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return [join(root, 'build', 'binary', 'kaniflux')];
}

/**
 * Measures the commands, starting in an empty folder, with each program in turn, with and without the compiled code of
 * an earlier run.
 * @param programs the command that starts each program, by name
 * @returns a Markdown table of the shortest times
 */
export function firstRuns(
  folder: string,
  programs: Readonly<Record<string, readonly string[]>>,
  rounds: number,
): string {
  const samples = new Map<string, Record<Step, Sample[]>>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of Object.entries(programs)) {
      const cache = mkdtempSync(join(folder, 'cache-'));
      for (const use of ['first use', 'later']) {
        const cwd = mkdtempSync(join(folder, 'empty-'));
        for (const step of names) {
          const command = ['/usr/bin/env', `XDG_CACHE_HOME=${cache}`, ...program, ...steps[step]];
          const sample = measure({ name: `${name} ${step}`, command, cwd, exits: [0, 1] });
          const key = `${name}, ${use}`;
          const all = samples.get(key) ?? { init: [], check: [], synth: [], diff: [] };
          all[step].push(sample);
          samples.set(key, all);
          if (step === 'init') writeChanged(cwd);
        }
      }
    }
  }
  return [
    `| Program | ${names.map((name) => `\`${name}\``).join(' | ')} | all four |`,
    `| --- | ${names.map(() => '--: |').join(' ')} --: |`,
    ...[...samples].map(([key, all]) => {
      const times = names.map((name) => Math.min(...all[name].map(({ wall }) => wall)));
      return `| ${key} | ${[...times, times.reduce((a, b) => a + b)].map(milliseconds).join(' | ')} |`;
    }),
  ].join('\n');
}

const milliseconds = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;

/** Writes another version of the config that `init` wrote, for `diff`. */
function writeChanged(cwd: string): void {
  const text = readFileSync(join(cwd, 'kaniflux.yaml'), 'utf8');
  const changed = text.replace('kubernetes: "1.34"', 'kubernetes: "1.35"');
  if (changed === text) throw new Error('nothing changed');
  writeFileSync(join(cwd, 'changed.yaml'), changed);
}

export const megabytes = (file: string): string => `${(statSync(file).size / 1e6).toFixed(1)} MB`;

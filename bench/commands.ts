import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectations, groupsConfig, type Shape, type Size, type Spelling, writeConfig } from './input';
import { interleaved, measure, type Sample, type Subject } from './measure';
import { kaniflux } from './peers';

/** The runs of each command for a fleet. */
export interface Commands {
  readonly spelling: Spelling;
  readonly size: Size;
  readonly samples: Readonly<Record<LimitedRow, readonly Sample[]>> &
    Partial<Readonly<Record<OtherRow, readonly Sample[]>>>;
}

/**
 * The commands that have a limit, in the order in which they are measured. Each command is next to the one that it is
 * compared with, which is `synth` or `read`.
 */
const limitedRows = ['check', 'synth', 'whoCan', 'diff', 'read', 'checkBase'] as const;
const otherRows = ['diffMember', 'checkQuiet', 'checkExpect', 'whoCanBecome', 'report'] as const;
type LimitedRow = (typeof limitedRows)[number];
type OtherRow = (typeof otherRows)[number];

/** The commands in the order of the table. */
export const commandRows = [
  'synth',
  'read',
  'diff',
  'diffMember',
  'whoCan',
  'whoCanBecome',
  'check',
  'checkQuiet',
  'checkExpect',
  'checkBase',
  'report',
] as const satisfies readonly (LimitedRow | OtherRow)[];

/**
 * Measures the commands that people wait for, on a fleet in one spelling. For `diff` and `check --base`, one grant on
 * one cluster differs. Commands without a limit are measured once, and only in block style.
 */
export function commands(folder: string, size: Size, spelling: Spelling, rounds: number): Commands {
  const cwd = join(folder, `commands-${spelling}`);
  writeConfig(cwd, size, spelling);
  const other = join(folder, `commands-${spelling}-changed`);
  writeConfig(other, size, spelling);
  commit(other);
  changeOneGrant(other, spelling);
  const subject = (args: readonly string[], exits: readonly number[] = [0], at = cwd): Subject => ({
    name: `kaniflux ${args.join(' ')}`,
    command: [...kaniflux, ...args],
    cwd: at,
    exits,
    before: () => rmSync(join(cwd, 'dist'), { recursive: true, force: true }),
  });
  const limited: Record<LimitedRow, Subject> = {
    check: subject(['check'], [0, 1]),
    synth: subject(['synth', '--quiet']),
    whoCan: subject(['who-can', 'get', 'secrets']),
    diff: subject(['diff', 'kaniflux.yaml', join(other, 'kaniflux.yaml')], [0, 1]),
    read: subject(['synth', '--quiet', '--cluster', 'cluster0000']),
    checkBase: subject(['check', '--base', 'HEAD'], [0, 1], other),
  };
  const samples = interleaved(limited, rounds, false);
  if (spelling !== 'block') return { spelling, size, samples };
  writeVariants(cwd);
  const others: Record<OtherRow, Subject> = {
    diffMember: subject(['diff', 'kaniflux.yaml', 'member.yaml'], [0, 1]),
    checkQuiet: subject(['check', '-c', 'quiet.yaml'], [0, 1]),
    checkExpect: subject(['check', '-c', 'expecting.yaml'], [0, 1]),
    whoCanBecome: subject(['who-can', 'become', 'cluster-admin', '--ways', '1'], [0, 1]),
    report: subject(['report', '-o', join(cwd, 'report.html')]),
  };
  return { spelling, size, samples: { ...samples, ...interleaved(others, 1, false) } };
}

/**
 * Writes a config with another member in a group that has rights on every cluster, a config whose findings are
 * accepted, and one that has expectations too.
 */
function writeVariants(cwd: string): void {
  const text = readFileSync(join(cwd, 'kaniflux.yaml'), 'utf8');
  writeFileSync(join(cwd, 'member.yaml'), replaced(text, /(team0: \{ members: \[person0, )/, '$1person49, '));
  const accepted = ['no-break-glass', 'pod-exec', 'privilege-escalation', 'reads-secrets', 'service-account-access']
    .concat(['admin-group', 'many-admins', 'structured-available', 'wide-redirects', 'api-server-ca-unknown'])
    .map((code) => `    - { code: ${code}, reason: measured }\n`)
    .join('');
  const quiet = `${text}checks:\n  ignore:\n${accepted}`;
  writeFileSync(join(cwd, 'quiet.yaml'), quiet);
  writeFileSync(join(cwd, 'expecting.yaml'), `${quiet}${expectations()}`);
}

function commit(folder: string): void {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], { cwd: folder });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'the config');
}

function changeOneGrant(folder: string, spelling: Spelling): void {
  const file = spelling === 'files' ? join(folder, 'clusters', 'cluster0000.yaml') : join(folder, 'kaniflux.yaml');
  writeFileSync(file, replaced(readFileSync(file, 'utf8'), /("?clusterRole"?: "?)view/, '$1edit'));
}

function replaced(text: string, pattern: RegExp, by: string): string {
  const changed = text.replace(pattern, by);
  if (changed === text) throw new Error('nothing changed');
  return changed;
}

/** One run of each command for a config with nested groups. */
export interface Graph {
  readonly shape: Shape;
  readonly samples: Readonly<Record<'synth' | 'check' | 'whoCan', Sample>>;
}

export function graph(folder: string, shape: Shape): Graph {
  const cwd = join(folder, `groups-${shape}`);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'kaniflux.yaml'), groupsConfig(shape));
  const run = (...args: string[]) =>
    measure({ name: `kaniflux ${args.join(' ')}`, command: [...kaniflux, ...args], cwd, exits: [0, 1] });
  return {
    shape,
    samples: { synth: run('synth', '--quiet'), check: run('check'), whoCan: run('who-can', 'get', 'pods') },
  };
}

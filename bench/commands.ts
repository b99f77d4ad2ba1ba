import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectations, groupsConfig, type Shape, type Size, type Spelling, writeConfig } from './input';
import { measure, type Sample, type Subject } from './measure';
import { kaniflux } from './peers';

/** One run of each command for a fleet, and one run that only reads its config. */
export interface Commands {
  readonly spelling: Spelling;
  readonly size: Size;
  readonly samples: Readonly<Record<Row, Sample>>;
}

export const commandRows = [
  'read',
  'synth',
  'check',
  'checkQuiet',
  'checkExpect',
  'checkBase',
  'whoCan',
  'whoCanBecome',
  'report',
  'diff',
] as const;
type Row = (typeof commandRows)[number];

/**
 * Measures the commands that people wait for, on a fleet in one spelling. For `diff`, one grant on one cluster differs.
 */
export function commands(folder: string, size: Size, spelling: Spelling): Commands {
  const cwd = join(folder, `commands-${spelling}`);
  writeConfig(cwd, size, spelling);
  const other = join(folder, `commands-${spelling}-changed`);
  writeConfig(other, size, spelling);
  commit(other);
  changeOneGrant(other, spelling);
  const quiet = join(cwd, 'quiet.yaml');
  const accepted = ['no-break-glass', 'pod-exec', 'privilege-escalation', 'reads-secrets', 'service-account-access']
    .concat(['admin-group', 'many-admins', 'structured-available', 'wide-redirects', 'api-server-ca-unknown'])
    .map((code) => `    - { code: ${code}, reason: measured }\n`)
    .join('');
  if (spelling !== 'flow')
    writeFileSync(quiet, `${readFileSync(join(cwd, 'kaniflux.yaml'), 'utf8')}checks:\n  ignore:\n${accepted}`);
  const expecting = join(cwd, 'expecting.yaml');
  if (spelling !== 'flow') writeFileSync(expecting, `${readFileSync(quiet, 'utf8')}${expectations()}`);
  const run = (args: readonly string[], exits: readonly number[] = [0], at = cwd): Sample => {
    const subject: Subject = { name: `kaniflux ${args.join(' ')}`, command: [...kaniflux, ...args], cwd: at, exits };
    return measure(subject);
  };
  run(['--help']);
  rmSync(join(cwd, 'dist'), { recursive: true, force: true });
  return {
    spelling,
    size,
    samples: {
      synth: run(['synth', '--quiet']),
      read: run(['synth', '--quiet', '--cluster', 'cluster0000']),
      check: run(['check'], [0, 1]),
      checkQuiet: run(['check', ...(spelling === 'flow' ? [] : ['-c', 'quiet.yaml'])], [0, 1]),
      checkExpect: run(['check', ...(spelling === 'flow' ? [] : ['-c', 'expecting.yaml'])], [0, 1]),
      checkBase: run(['check', '--base', 'HEAD'], [0, 1], other),
      whoCan: run(['who-can', 'get', 'secrets']),
      whoCanBecome: run(['who-can', 'become', 'cluster-admin', '--ways', '1'], [0, 1]),
      report: run(['report', '-o', join(cwd, 'report.html')]),
      diff: run(['diff', 'kaniflux.yaml', join(other, 'kaniflux.yaml')], [0, 1]),
    },
  };
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
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(/("?clusterRole"?: "?)view/, '$1edit');
  if (changed === text) throw new Error('nothing changed');
  writeFileSync(file, changed);
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

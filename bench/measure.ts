import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysOf } from '../lib/guards';

/** One run of a program. */
export interface Sample {
  /** Seconds from start to end. */
  readonly wall: number;
  /** Seconds of CPU, including child processes. */
  readonly cpu: number;
  /** The maximum memory, in MB. */
  readonly memory: number;
}

export interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** Environment variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called before each run, and not measured. */
  before?(): void;
  /** The exit codes of a successful run. @default [0] */
  readonly exits?: readonly number[];
}

/**
 * The environment without the settings of Node that cost time. For example, some versions of Node parse the
 * certificates in `NODE_EXTRA_CA_CERTS` each time they start.
 */
const { NODE_EXTRA_CA_CERTS, NODE_OPTIONS, ...environment } = process.env;

const timing = join(tmpdir(), `kaniflux-bench-${process.pid}`);

/** GNU time measures the memory, and Bash the times, because those of GNU time are in hundredths of a second. */
const script = `exec 3>&2 2>${timing}; TIMEFORMAT='%3R %3U %3S'; time /usr/bin/time -f %M -o ${timing}-memory "$@" 2>&3`;

/**
 * Runs a program once.
 * @throws Error with its standard error if it failed
 */
export function measure({ name, command, cwd, env, before, exits = [0] }: Subject): Sample {
  before?.();
  const run = spawnSync('bash', ['-c', script, 'bash', ...command], {
    cwd,
    env: { ...environment, ...env },
    maxBuffer: 2 ** 30,
    // The output is discarded, because a pipe would also measure the reader.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (run.error) throw run.error;
  if (!existsSync(`${timing}-memory`)) throw new Error('GNU time is needed (the Debian package `time`)');
  if (!exits.includes(run.status ?? -1)) throw new Error(`${name} failed:\n${run.stderr}`);
  const [wall = 0, user = 0, system = 0] = lastLine(readFileSync(timing, 'utf8')).split(' ').map(Number);
  const memory = Number(lastLine(readFileSync(`${timing}-memory`, 'utf8'))) / 1024;
  rmSync(timing);
  rmSync(`${timing}-memory`);
  return { wall, cpu: user + system, memory };
}

/** GNU time adds a line before the figures if the exit code is not 0. */
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/**
 * Runs all programs in turn, several times, so that other load on the machine affects all of them equally.
 * @param warmUp whether each program runs once before, without being measured
 */
export function interleaved<Name extends string>(
  subjects: Readonly<Record<Name, Subject>>,
  rounds: number,
  warmUp = true,
): Record<Name, Sample[]> {
  const names = keysOf(subjects);
  const samples = recordOf(names, (): Sample[] => []);
  for (const name of warmUp ? names : []) measure(subjects[name]);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) samples[name].push(measure(subjects[name]));
  }
  return samples;
}

function recordOf<K extends string, V>(keys: readonly K[], make: () => V): Record<K, V> {
  const record: Partial<Record<K, V>> = {};
  for (const key of keys) record[key] = make();
  const isWhole = (one: Partial<Record<K, V>>): one is Record<K, V> => keys.every((key) => Object.hasOwn(one, key));
  if (!isWhole(record)) throw new Error('a key is missing');
  return record;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [lower = 0, upper = lower] = sorted.length % 2 === 1 ? [sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (lower + upper) / 2;
}

/** A median, with the minimum and the maximum. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export const spread = (numbers: readonly number[]): Spread => ({
  median: median(numbers),
  least: Math.min(...numbers),
  most: Math.max(...numbers),
});

/** Returns the quotients of two programs: each run is divided by the other program's run in the same round. */
export const ratio = (samples: readonly Sample[], base: readonly Sample[], what: keyof Sample): Spread =>
  spread(samples.map((sample, i) => sample[what] / Math.max(base[i]?.[what] ?? 0, 1e-3)));

/**
 * Changes the source in one place at a time and runs the tests that cover it, with Stryker: `npm run mutants --
 * [AREA...]`. Without AREA, tries all areas. The reports are in build/mutants/. Exits with 1 if a score is too low.
 * MUTANTS_SEED chooses other mutants for areas in which only a sample is tried, and MUTANTS_SAMPLE tries a sample of
 * this size in all areas.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prepareTests from '../../__tests__/global-setup';
import areas from './areas.json';
import { sample } from './sample';

const root = join(__dirname, '..', '..');
const { MUTANTS_SEED: seed = '1', MUTANTS_SAMPLE, MUTANTS_CONCURRENCY = '1' } = process.env;

interface Area {
  /** Folders and files of the source. */
  readonly mutate: readonly string[];
  /** Glob patterns of the tests that must detect the changes, below `__tests__/`. End-to-end tests begin with `e2e/`. */
  readonly tests: readonly string[];
  /** The number of mutants to try; all if absent. */
  readonly sample?: number;
  /** The score that must be reached, in percent. */
  readonly score: number;
}

const filesIn = (path: string): string[] =>
  path.endsWith('.ts')
    ? [path]
    : readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.startsWith('client'))
        .map((name) => `${path}/${name}`);

async function run(name: string, { mutate, tests, score, ...area }: Area): Promise<boolean> {
  const count = MUTANTS_SAMPLE === undefined ? area.sample : Number(MUTANTS_SAMPLE);
  const folder = join(root, 'build', 'mutants');
  mkdirSync(folder, { recursive: true });
  const files = mutate.flatMap(filesIn);
  const config = {
    testRunner: 'jest-in-process',
    plugins: ['./scripts/mutants/runner.mjs', './scripts/mutants/equivalent.mjs'],
    ignorers: ['equivalent'],
    mutate: count === undefined ? files : await sample(files, count, seed),
    coverageAnalysis: 'perTest',
    testFiles: tests.map((one) => (one.startsWith('e2e/') ? one : `__tests__/${one}`)),
    concurrency: Number(MUTANTS_CONCURRENCY),
    // A mutant whose tests time out counts as detected. So the timeout must be so long that a busy machine does not
    // reach it.
    timeoutMS: 300_000,
    dryRunTimeoutMinutes: 60,
    // Off for a sample, because Stryker keeps the results of mutants that are no longer in the sample.
    incremental: count === undefined,
    incrementalFile: join(folder, `${name}.incremental.json`),
    reporters: ['json', 'html', 'clear-text', 'progress-append-only'],
    jsonReporter: { fileName: join(folder, `${name}.json`) },
    htmlReporter: { fileName: join(folder, `${name}.html`) },
    clearTextReporter: { allowColor: false, logTests: false, skipFull: true },
    thresholds: { high: 100, low: score, break: score },
    tempDirName: join('build', 'mutants', name),
    ignorePatterns: ['build'],
    // Stryker reads tsconfig.json with TypeScript's JavaScript API, which TypeScript 7 does not have.
    tsconfigFile: 'none',
  };
  const file = join(folder, `${name}.config.json`);
  writeFileSync(file, JSON.stringify(config, null, 2));
  const stryker = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  // Each mutant gets the same random inputs.
  const env = { FAST_CHECK_SEED: '1', ...process.env };
  const { status } = spawnSync(process.execPath, [stryker, 'run', file], { cwd: root, env, stdio: 'inherit' });
  return status === 0 && untried(config.jsonReporter.fileName) === 0;
}

/** @returns the number of mutants without a result, which do not count in the score */
function untried(report: string): number {
  const { files } = JSON.parse(readFileSync(report, 'utf8')) as {
    files: Record<string, { mutants: { status: string }[] }>;
  };
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = mutants.filter(({ status }) => status === 'RuntimeError').length;
  if (count > 0) console.error(`${count} mutants could not be tried: see RuntimeError in ${report}`);
  return count;
}

async function main(): Promise<void> {
  const all: Readonly<Record<string, Area>> = areas;
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(all);
  for (const name of names)
    if (!Object.hasOwn(all, name)) throw new Error(`no area ${name}: ${Object.keys(all).join(', ')}`);
  await prepareTests();
  const low: string[] = [];
  for (const name of names) if (!(await run(name, all[name] as Area))) low.push(name);
  if (low.length > 0) {
    console.error(`the score is too low, or the run failed: ${low.join(', ')}`);
    process.exitCode = 1;
  }
}

main();

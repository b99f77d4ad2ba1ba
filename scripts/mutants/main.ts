/**
 * Changes the source in one place at a time and runs the tests that cover it, with Stryker: `npm run mutants --
 * [AREA...]`. Without AREA, tries all areas. The reports are in build/mutants/. Exits with 1 if a score is too low.
 * MUTANTS_SEED chooses other lines for areas in which only a sample is tried, and MUTANTS_LINES tries a sample in all
 * areas.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import areas from './areas.json';

const root = join(__dirname, '..', '..');
const { MUTANTS_SEED: seed = '1', MUTANTS_LINES, MUTANTS_CONCURRENCY = '1' } = process.env;

interface Area {
  /** Folders and files of the source. */
  readonly mutate: readonly string[];
  /** Glob patterns below `__tests__/` of the tests that must detect the changes. */
  readonly tests: readonly string[];
  /** The number of lines to try; all if absent. A line has 0.8 mutants on average. */
  readonly lines?: number;
  /** The score that must be reached, in percent. */
  readonly score: number;
}

const filesIn = (path: string): string[] =>
  path.endsWith('.ts')
    ? [path]
    : readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.startsWith('client'))
        .map((name) => `${path}/${name}`);

/** Chooses lines with executable code: those with the lowest hashes. */
function sampled(files: readonly string[], count: number): string[] {
  const lines = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .map((text, i) => ({ text, place: `${file}:${i + 1}-${i + 1}` })),
  );
  const hash = ({ text, place }: (typeof lines)[number]) =>
    createHash('sha256')
      .update(`${seed}\n${place.replace(/:.*/, '')}\n${text}`)
      .digest('hex');
  return lines
    .filter(({ text }) => !/^\s*(?:$|\/?\*|\/\/|import |\}|\]|\))/.test(text))
    .sort((a, b) => (hash(a) < hash(b) ? -1 : 1))
    .slice(0, count)
    .map(({ place }) => place);
}

function run(name: string, { mutate, tests, score, ...area }: Area): boolean {
  const lines = MUTANTS_LINES === undefined ? area.lines : Number(MUTANTS_LINES);
  const folder = join(root, 'build', 'mutants');
  mkdirSync(folder, { recursive: true });
  const files = mutate.flatMap(filesIn);
  const config = {
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner', './scripts/mutants/equivalent.mjs'],
    ignorers: ['equivalent'],
    mutate: lines === undefined ? files : sampled(files, lines),
    coverageAnalysis: 'perTest',
    jest: {
      configFile: 'jest.config.json',
      config: { testMatch: tests.map((one) => `<rootDir>/__tests__/${one}`) },
      // The tests are given. Searching for related tests would take longer than running them.
      enableFindRelatedTests: false,
    },
    concurrency: Number(MUTANTS_CONCURRENCY),
    timeoutMS: 60_000,
    dryRunTimeoutMinutes: 60,
    incremental: true,
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
  // Each mutant gets the same random inputs, and only a few of them.
  const env = { FAST_CHECK_SEED: '1', FAST_CHECK_FACTOR: '0.1', ...process.env };
  return spawnSync(process.execPath, [stryker, 'run', file], { cwd: root, env, stdio: 'inherit' }).status === 0;
}

const all: Readonly<Record<string, Area>> = areas;
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(all);
for (const name of names)
  if (!Object.hasOwn(all, name)) throw new Error(`no area ${name}: ${Object.keys(all).join(', ')}`);
const low = names.filter((name) => !run(name, all[name] as Area));
if (low.length > 0) {
  console.error(`the score is too low, or the run failed: ${low.join(', ')}`);
  process.exitCode = 1;
}

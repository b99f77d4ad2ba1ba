import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';

const require = createRequire(import.meta.url);
const { readConfig } = require('jest-config');
const { default: JestRunner } = require('jest-runner');
const { default: Runtime } = require('jest-runtime');
const { selection, testId } = require('./environment.js');

/** What Stryker's instrumented code reads and writes. */
const stryker = {};
globalThis.__stryker__ = stryker;

/** Jest's names of the states of a test. The others mean that it did not run. */
const statuses = { passed: TestStatus.Success, failed: TestStatus.Failed };

/** After so many mutants, the tests must still pass without one. */
const mutantsBetweenChecks = 50;

/**
 * __tests__/setup.ts replaces the validators by compiled ones, in which a mutant of a schema has no effect.
 * config/validator.test.ts compares the two, so it cannot be among the tests.
 */
function configFor(sources) {
  return sources.some((name) => /lib\/config\/(schema\/|validator)/.test(name)) ? { setupFiles: [] } : {};
}

/**
 * A test runner of Stryker that runs Jest's test files in its own process. Each file gets a new environment and loads
 * all modules anew, so nothing remains of the mutant before. But Jest's own code is loaded once, the modules are
 * compiled once, and only the files that have a test for the mutant are run. That takes a twentieth of the time that
 * `@stryker-mutator/jest-runner` takes, which starts Jest with all test files for each mutant.
 */
class Runner {
  /** By source file and test file: the number of mutants that were detected. */
  kills = {};

  /** By test file: the ids of all its tests. */
  testIds = {};

  /** By test file: the milliseconds that all its tests take. */
  duration = {};

  tried = 0;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    process.env.NODE_ENV = 'test';
    this.root = process.cwd();
    const { globalConfig, projectConfig } = await readConfig({ _: [], $0: '', ci: true }, this.root);
    this.globalConfig = globalConfig;
    const config = {
      ...projectConfig,
      testEnvironment: require.resolve('./environment.js'),
      runtime: require.resolve('./runtime.js'),
    };
    this.context = await Runtime.createContext(config, { console, maxWorkers: 1, watch: false, watchman: false });
  }

  async dryRun({ files, testFiles }) {
    const tests = [];
    const mutantCoverage = { static: {}, perTest: {} };
    for (const path of testFiles) {
      stryker.mutantCoverage = { static: {}, perTest: {} };
      const start = performance.now();
      const result = await this.runFile(path, { ...configFor(files), testLocationInResults: true });
      if (result instanceof Error) return { status: DryRunStatus.Error, errorMessage: `${path}: ${result.stack}` };
      const file = relative(this.root, path);
      this.duration[file] = performance.now() - start;
      this.testIds[file] = result.map(({ id }) => id);
      const { static: loading, perTest } = stryker.mutantCoverage;
      for (const { id } of result) mutantCoverage.perTest[id] = sum(loading, perTest[id] ?? {});
      tests.push(...result);
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage };
  }

  async mutantRun({ testFilter, activeMutant, hitLimit, disableBail }) {
    const files = this.inOrder(testFilter, activeMutant);
    await this.select(files, testFilter);
    selection.bail = !disableBail;
    if (this.tried++ % mutantsBetweenChecks === 0) await this.checkWithoutMutant(files);
    Object.assign(stryker, { activeMutant: activeMutant.id, hitLimit, hitCount: 0 });
    const tests = [];
    for (const file of files) {
      const result = await this.runFile(`${this.root}/${file}`, configFor([activeMutant.fileName]));
      const timeout = determineHitLimitReached(stryker.hitCount, hitLimit);
      if (timeout) return toMutantRunResult(timeout);
      if (result instanceof Error) tests.push(unloadable(file, testFilter, result));
      else tests.push(...result);
      if (!tests.some(failed)) continue;
      this.kills[activeMutant.fileName][file] = (this.kills[activeMutant.fileName][file] ?? 0) + 1;
      if (!disableBail) break;
    }
    return toMutantRunResult({ status: DryRunStatus.Complete, tests }, disableBail);
  }

  /**
   * Skips the other tests of the files. A test with a new name is run, because the name may contain a random value, or
   * something that the mutant changes.
   */
  async select(files, ids) {
    this.withoutMutant();
    for (const file of files) {
      if (this.testIds[file]) continue;
      // This process has not made the dry run: Stryker starts another one after a timeout.
      Object.assign(selection, { skipped: { has: () => true }, bail: false });
      const result = await this.runFile(`${this.root}/${file}`);
      if (result instanceof Error) throw result;
      this.testIds[file] = result.map(({ id }) => id);
    }
    const selected = new Set(ids);
    selection.skipped = new Set(files.flatMap((file) => this.testIds[file]).filter((id) => !selected.has(id)));
  }

  withoutMutant() {
    Object.assign(stryker, { activeMutant: undefined, hitLimit: undefined, hitCount: undefined });
  }

  /** If a mutant changed something that outlives it, such as a file, each later mutant would count as detected. */
  async checkWithoutMutant(files) {
    this.withoutMutant();
    for (const file of files) {
      const result = await this.runFile(`${this.root}/${file}`);
      const failure = result instanceof Error ? result.stack : result.find(failed)?.failureMessage;
      if (failure !== undefined) throw new Error(`${file} fails without a mutant: ${failure}`);
    }
  }

  /** @returns the test files, beginning with those that are likely to detect the mutant for the least time */
  inOrder(ids, { fileName }) {
    this.kills[fileName] ??= {};
    const kills = this.kills[fileName];
    const worth = (file) => ((kills[file] ?? 0) + 1) / (this.duration[file] ?? 1);
    const files = new Set(ids.map((id) => id.slice(0, id.indexOf(': '))));
    return [...files].sort((a, b) => worth(b) - worth(a));
  }

  /** @returns the results of the tests, or the error if the file could not be loaded */
  async runFile(path, config = {}) {
    const runner = new JestRunner(this.globalConfig, {});
    let outcome;
    runner.on('test-file-success', ([, result]) => {
      outcome = result.testExecError ?? result.testResults.map((one) => this.toResult(path, one));
    });
    runner.on('test-file-failure', ([, error]) => {
      outcome = error;
    });
    const context = { ...this.context, config: { ...this.context.config, ...config } };
    await runner.runTests([{ context, path }], { isInterrupted: () => false }, { serial: true });
    return Array.isArray(outcome) ? outcome : Object.assign(new Error(outcome.message), { stack: outcome.stack });
  }

  toResult(fileName, { fullName, status, duration, failureMessages, location }) {
    return {
      id: testId(relative(this.root, fileName), fullName),
      name: fullName,
      status: statuses[status] ?? TestStatus.Skipped,
      timeSpentMs: duration ?? 0,
      failureMessage: failureMessages.join('\n'),
      fileName,
      // Jest counts lines from 1.
      startPosition: location && { line: location.line - 1, column: location.column },
    };
  }
}

const failed = ({ status }) => status === TestStatus.Failed;

/** A file that cannot be loaded fails all its tests. One of them is enough for the report. */
function unloadable(file, ids, { stack }) {
  const id = ids.find((one) => one.startsWith(`${file}: `));
  return { id, name: id, status: TestStatus.Failed, timeSpentMs: 0, failureMessage: stack };
}

function sum(one, other) {
  const total = { ...one };
  for (const [id, hits] of Object.entries(other)) total[id] = (total[id] ?? 0) + hits;
  return total;
}

/** A plugin of Stryker. */
export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'jest-in-process', Runner)];

const asyncHooks = require('node:async_hooks');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

// The work after which V8 optimizes a function, some 15 times the default: a test file is over before optimized code of
// it
// has saved what making it took.
setFlagsFromString('--interrupt-budget=1000000');

/** By file, and whether it is loaded as a part of Jest, which is not transformed: what the transformer made of it. */
const transformed = new Map();

/** By file and name: the file that a `require` of the name finds. */
const resolved = new Map();
// Jest clears it after each test file.
resolved.clear = () => undefined;

/** By file: what was compiled, and from which text. */
const compiled = new Map();

const lib = join(__dirname, '..', 'lib', '/');
const libraries = join(__dirname, '..', 'node_modules', '/');

/** The modules of a test file: its own ones, and those of lib/ and of libraries, which all test files share. */
class SharedModules extends Map {
  constructor(shared) {
    super();
    this.shared = shared;
  }

  get(file) {
    return super.get(file) ?? this.shared.get(file);
  }

  has(file) {
    return super.has(file) || this.shared.has(file);
  }

  set(file, module) {
    if (!file.startsWith(lib) && !file.startsWith(libraries)) return super.set(file, module);
    this.shared.set(file, module);
    return this;
  }

  delete(file) {
    return super.delete(file) || this.shared.delete(file);
  }
}

/** A test file that replaces modules must not leave them to the others. */
const replacesModules = (testFile) =>
  /jest\.(mock|doMock|isolateModules|resetModules)/.test(readFileSync(testFile, 'utf8'));

/** The runtime of the test file that is running. */
let running;

/** The stores for asynchronous contexts that the current test file has created. */
let stores = [];

asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...args) {
    super(...args);
    stores.push(this);
  }
};

/**
 * Jest finds, reads, transforms, compiles and runs each module again for each test file. Here this is done once:
 * modules of lib/ and of libraries keep their state from one test file to the next, and only the test files and their
 * helpers run again. With --watch, and in another environment than that of environment.js, such as that of
 * scripts/mutants, each test file runs all of its modules.
 *
 * `executor`, `registries`, `_environment`, `_resolution` and their members are private in Jest: if an upgrade renames
 * them, every test file fails here. Without the lines `runtime` and `testEnvironment` of jest.config.json all tests run
 * as before, but take more CPU time.
 */
module.exports = class extends Runtime {
  constructor(...args) {
    super(...args);
    running = this;
    const { executor, registries, _resolution: resolution, transformCache } = this;
    const environment = args[1];
    const [testFile, { watch, watchAll }] = args.slice(-2);
    const isWatching = watch || watchAll;
    if (!isWatching) resolution.cjsCache = resolved;
    const isAlone = isWatching || replacesModules(testFile);
    if (environment.modules && !isAlone) registries.moduleRegistry = new SharedModules(environment.modules);
    const transformAgain = transformCache.transform.bind(transformCache);
    transformCache.transform = (filename, options) => {
      const key = `${options?.isInternalModule ? 'internal ' : ''}${filename}`;
      const last = transformed.get(key);
      if (!last) {
        const code = transformAgain(filename, options);
        const result = transformCache.getEntries().get(filename);
        // With --watch, files change while Jest runs.
        if (!isWatching) transformed.set(key, { code, result, map: transformCache.getSourceMaps().get(filename) });
        return code;
      }
      if (last.result) transformCache.getEntries().set(filename, last.result);
      if (last.map) transformCache.getSourceMaps().set(filename, last.map);
      return last.code;
    };
    const compileAgain = executor.compile.bind(executor);
    executor.compile = (text, filename) => {
      const context = executor.environment.getVmContext();
      if (!context) return null;
      const last = compiled.get(filename);
      if (last?.text === text) return last.script.runInContext(context);
      const head = `(function (${executor.injectedModuleParameters.join(', ')}) {`;
      try {
        const script = new Script(`${head}${text}\n})`, { filename, columnOffset: -head.length });
        compiled.set(filename, { text, script });
        return script.runInContext(context);
      } catch {
        // Jest explains the syntax error.
        return compileAgain(text, filename);
      }
    };
  }

  /** A shared module belongs to the runtime of an ended test file, which can load no other modules. */
  requireModuleOrMock(from, name) {
    return this === running ? super.requireModuleOrMock(from, name) : running.requireModuleOrMock(from, name);
  }

  /** Sets the counters of the modules to zero, because a shared module counts again for the next test file. */
  getAllCoverageInfoCopy() {
    const { modules, global } = this._environment;
    if (!modules) return super.getAllCoverageInfoCopy();
    const counted = {};
    for (const [file, { s, f, b, ...maps }] of Object.entries(global.__coverage__ ?? {})) {
      const branches = Object.values(b);
      if (![s, f, ...branches].some((counters) => Object.values(counters).some((count) => count > 0))) continue;
      counted[file] = { ...maps, s: { ...s }, f: { ...f }, b: structuredClone(b) };
      for (const counters of [s, f, ...branches]) for (const key of Object.keys(counters)) counters[key] = 0;
    }
    return counted;
  }

  /**
   * Jest creates a store for each test file and leaves it enabled, and Node copies each enabled store to each promise.
   */
  teardown() {
    super.teardown();
    for (const store of stores) store.disable();
    stores = [];
  }
};

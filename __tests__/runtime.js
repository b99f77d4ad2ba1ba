const asyncHooks = require('node:async_hooks');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

// The work after which V8 optimizes a function, some 15 times the default: a test file is over before optimized code of it
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

/** The stores for asynchronous contexts that the current test file has created. */
let stores = [];

asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...args) {
    super(...args);
    stores.push(this);
  }
};

/**
 * Jest finds, reads, transforms and compiles each module again for each test file. Here this is done once, and the module
 * runs in the context of each test file. `executor`, `_resolution` and their members are private in Jest: if an upgrade
 * renames them, every test file fails here. Without the line `runtime` of jest.config.json all tests run as before, but
 * take more CPU time.
 */
module.exports = class extends Runtime {
  constructor(...args) {
    super(...args);
    const { executor, _resolution: resolution, transformCache } = this;
    const { watch, watchAll } = args.at(-1);
    const isWatching = watch || watchAll;
    if (!isWatching) resolution.cjsCache = resolved;
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

  /** Jest creates a store for each test file and leaves it enabled, and Node copies each enabled store to each promise. */
  teardown() {
    super.teardown();
    for (const store of stores) store.disable();
    stores = [];
  }
};

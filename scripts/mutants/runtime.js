const Runtime = require('../../__tests__/runtime');

/**
 * The project's Jest runtime. What runs while a module is loaded does not count for the test that happens to load it
 * first, because the module stays loaded for the other tests of the file.
 */
module.exports = class extends Runtime {
  requireModule(...args) {
    const { currentTestId } = globalThis.__stryker__;
    globalThis.__stryker__.currentTestId = undefined;
    try {
      return super.requireModule(...args);
    } finally {
      globalThis.__stryker__.currentTestId = currentTestId;
    }
  }
};

const { TestEnvironment } = require('jest-environment-node');

/**
 * The context in which runtime.js keeps the modules of lib/ and of the libraries. After each test file, its global
 * variables are removed, and the environment variables that it changed are restored.
 */
class SharedEnvironment extends TestEnvironment {
  /** By file: the modules that runtime.js keeps. */
  modules = new Map();

  constructor(...args) {
    super(...args);
    this.globals = new Set([...Reflect.ownKeys(this.global), '__coverage__']);
    this.variables = { ...this.global.process.env };
  }

  // Not the teardown of Jest, which empties the context.
  async teardown() {
    for (const key of Reflect.ownKeys(this.global)) if (!this.globals.has(key)) delete this.global[key];
    const { process } = this.global;
    process.exitCode = undefined;
    for (const name of Object.keys(process.env)) if (!Object.hasOwn(this.variables, name)) delete process.env[name];
    Object.assign(process.env, this.variables);
  }
}

let shared;

/** Jest calls it with `new` for each test file. */
module.exports = function environment(...args) {
  shared ??= new SharedEnvironment(...args);
  return shared;
};

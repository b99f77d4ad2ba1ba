const { relative } = require('node:path');
const { TestEnvironment } = require('jest-environment-node');

/** The ids of the tests to skip in the next files, and whether the first failure in a file ends it. */
const selection = { skipped: new Set(), bail: false };

/** @returns the id of a test: its file, relative to the project, and its full name */
const testId = (file, fullName) => `${file}: ${fullName}`;

const fullName = ({ name, parent }) => (parent?.parent ? `${fullName(parent)} ${name}` : name);

/** Jest's environment for Node, which runs the selected tests and tells Stryker's instrumented code which one runs. */
class MutantEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.file = relative(config.projectConfig.rootDir, context.testPath);
    this.failed = false;
    this.global.__stryker__ = globalThis.__stryker__;
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_start') {
      const id = testId(this.file, fullName(test));
      if (selection.skipped.has(id) || (selection.bail && this.failed)) test.mode = 'skip';
      globalThis.__stryker__.currentTestId = id;
    } else if (name === 'test_done' || name === 'test_skip') {
      globalThis.__stryker__.currentTestId = undefined;
      this.failed ||= test.errors.length > 0;
    }
  }
}

module.exports = { default: MutantEnvironment, selection, testId, __esModule: true };

/*
 * The validators as the build compiles them, in place of a compilation in each test file. config/validator.test.ts
 * shows that they are equal.
 */
jest.mock('../lib/config/validator', () => {
  const actual = (): typeof import('../lib/config/validator') => jest.requireActual('../lib/config/validator');
  const compiled = require('../node_modules/.cache/kaniflux/validators.js');
  const validate: ReturnType<typeof actual>['validate'] = (name, value) => {
    const check = compiled[name];
    return check(value) ? [] : (check.errors ?? []);
  };
  return {
    validate,
    get schemas() {
      return actual().schemas;
    },
    get newAjv() {
      return actual().newAjv;
    },
  };
});

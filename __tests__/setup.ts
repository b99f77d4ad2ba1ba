// Without a worker, esbuild ends its process after each build. A worker could keep a test run from ending.
process.env.ESBUILD_WORKER_THREADS = '0';

/*
 * Replaces the validators by those that global-setup.ts has compiled, because each test file would compile them again.
 * config/validator.test.ts shows that the two are equal.
 */
jest.mock('../lib/config/validator', () => {
  const actual = (): typeof import('../lib/config/validator') => jest.requireActual('../lib/config/validator');
  const quick = require('../node_modules/.cache/kaniflux/validators-quick.js');
  const validate: ReturnType<typeof actual>['validate'] = (name, value) => {
    if (quick[name](value)) return [];
    const check = require('../node_modules/.cache/kaniflux/validators-thorough.js')[name];
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

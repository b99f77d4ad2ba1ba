import type { Options } from 'ajv';
import standaloneCode from 'ajv/dist/standalone';
import type { Plugin } from 'esbuild';
import { newAjv, schemas } from '../../lib/config/validator';
import { keysOf } from '../../lib/guards';

const names = keysOf(schemas);

function compiled(options: Options): string {
  const ajv = newAjv({ ...options, code: { source: true } });
  for (const name of names) ajv.addSchema({ ...schemas[name], $id: name });
  return standaloneCode(ajv, Object.fromEntries(names.map((name) => [name, name])));
}

/** Validators that report every error, with the part of the schema that causes it. */
export const thorough = (): string => compiled({});

/** Validators a tenth of the size, which only return whether there is an error. */
export const quick = (): string => compiled({ allErrors: false, verbose: false, messages: false });

/** The module `lib/config/validator.ts` as the bundle has it: the validators as code, without ajv and the schema. */
const validator = `
import * as quick from 'validators/quick';
export const validate = (name, value) => {
  if (quick[name](value)) return [];
  const check = require('validators/thorough')[name];
  return check(value) ? [] : check.errors;
};
`;

/** The thorough validators, in a file of their own beside the program. */
export const validatorsFile = 'validators.js';

/** Puts it in the place of the module that compiles at run time. */
export const compileValidator: Plugin = {
  name: 'validators compiled at build time',
  setup(build) {
    build.onLoad({ filter: /lib\/config\/validator\.ts$/ }, () => ({ contents: validator, loader: 'js' }));
    build.onResolve({ filter: /^validators\/quick$/ }, ({ path }) => ({ path, namespace: 'validators' }));
    // A third of the program, for a config with errors.
    build.onResolve({ filter: /^validators\/thorough$/ }, () => ({ path: `./${validatorsFile}`, external: true }));
    build.onLoad({ filter: /.*/, namespace: 'validators' }, () => ({
      contents: quick(),
      loader: 'js',
      resolveDir: __dirname,
    }));
  },
};

/** Puts the thorough validators into the program itself, for the single binary. Goes before `compileValidator`. */
export const validatorsInside: Plugin = {
  name: 'validators in the same file',
  setup(build) {
    const namespace = 'validators-inside';
    build.onResolve({ filter: /^validators\/thorough$/ }, ({ path }) => ({ path, namespace }));
    build.onLoad({ filter: /.*/, namespace }, () => ({ contents: thorough(), loader: 'js', resolveDir: __dirname }));
  },
};

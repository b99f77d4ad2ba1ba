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

/** Returns validators that report all errors, each with the part of the schema that causes it. */
export const thorough = (): string => compiled({});

/** Returns validators that only tell whether there is an error. They have a tenth of the size of the thorough ones. */
export const quick = (): string => compiled({ allErrors: false, verbose: false, messages: false });

/** The module `lib/config/validator.ts` in the bundle: the validators as code, without ajv and the schema. */
const validator = `
import * as quick from 'validators/quick';
export const validate = (name, value) => {
  if (quick[name](value)) return [];
  const check = require('validators/thorough')[name];
  return check(value) ? [] : check.errors;
};
`;

/** The file of the thorough validators, next to the program. */
export const validatorsFile = 'validators.js';

/** Replaces the module that compiles the validators at run time. */
export const compileValidator: Plugin = {
  name: 'validators compiled at build time',
  setup(build) {
    build.onLoad({ filter: /lib\/config\/validator\.ts$/ }, () => ({ contents: validator, loader: 'js' }));
    build.onResolve({ filter: /^validators\/quick$/ }, ({ path }) => ({ path, namespace: 'validators' }));
    // The thorough validators have a third of the size of the program, and are needed only for a config with errors.
    build.onResolve({ filter: /^validators\/thorough$/ }, () => ({ path: `./${validatorsFile}`, external: true }));
    build.onLoad({ filter: /.*/, namespace: 'validators' }, () => ({
      contents: quick(),
      loader: 'js',
      resolveDir: __dirname,
    }));
  },
};

/**
 * Puts the thorough validators into the program itself, for the single binary. This plugin must be listed before
 * `compileValidator`.
 */
export const validatorsInside: Plugin = {
  name: 'validators in the same file',
  setup(build) {
    const namespace = 'validators-inside';
    build.onResolve({ filter: /^validators\/thorough$/ }, ({ path }) => ({ path, namespace }));
    build.onLoad({ filter: /.*/, namespace }, () => ({ contents: thorough(), loader: 'js', resolveDir: __dirname }));
  },
};

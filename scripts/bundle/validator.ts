import standaloneCode from 'ajv/dist/standalone';
import type { Plugin } from 'esbuild';
import { newAjv, schemas } from '../../lib/config/validator';

/** The module `lib/config/validator.ts` as the bundle has it: the validators as code, without ajv and the schema. */
export function compiledValidator(): string {
  const ajv = newAjv({ code: { source: true } });
  const names = Object.keys(schemas) as (keyof typeof schemas)[];
  for (const name of names) ajv.addSchema({ ...schemas[name], $id: name });
  const code = standaloneCode(ajv, Object.fromEntries(names.map((name) => [name, name])));
  return `${code}
module.exports.validate = (name, value) => (module.exports[name](value) ? [] : module.exports[name].errors);
`;
}

/** Puts it in the place of the module that compiles at run time. */
export const compileValidator: Plugin = {
  name: 'validators compiled at build time',
  setup(build) {
    build.onLoad({ filter: /lib\/config\/validator\.ts$/ }, () => ({
      contents: compiledValidator(),
      loader: 'js',
      resolveDir: __dirname,
    }));
  },
};

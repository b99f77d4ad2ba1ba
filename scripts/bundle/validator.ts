import type { Options } from 'ajv';
import standaloneCode from 'ajv/dist/standalone';
import type { Plugin } from 'esbuild';
import { annotations } from '../../lib/config/schema/field-types';
import { newAjv, schemas } from '../../lib/config/validator';
import { isMap, keysOf } from '../../lib/guards';

const names = keysOf(schemas);

function compiled(options: Options): string {
  const ajv = newAjv({ ...options, code: { source: true } });
  for (const name of names) ajv.addSchema({ ...schemas[name], $id: name });
  return standaloneCode(ajv, Object.fromEntries(names.map((name) => [name, name])));
}

/** Returns validators that report all errors, each with the part of the schema that causes it. */
export const thorough = (): string => compiled({});

/**
 * Returns validators that only tell whether there is an error. Each section of the config has a function of its own, so
 * that V8 compiles and caches only the functions of the sections that a config has.
 */
export function quick(): string {
  const ajv = newAjv({ allErrors: false, verbose: false, messages: false, inlineRefs: false, code: { source: true } });
  const sections = new Map<string, string>();
  for (const name of names) ajv.addSchema({ ...inSections(schemas[name], sections), $id: name });
  for (const [text, id] of sections) ajv.addSchema({ ...JSON.parse(text), $id: id });
  return standaloneCode(ajv, Object.fromEntries(names.map((name) => [name, name])));
}

/** A schema is a section of its own only if it is at least this long as JSON. */
const lengthOfSection = 100;

/** Keywords that do not decide whether a value is valid. */
const descriptive: ReadonlySet<string> = new Set(['description', 'examples', ...annotations]);

/**
 * Returns a schema in which each section is a reference. Equal sections become one. Schemas of list items stay inside
 * the schema of the list and become no sections, because calling a function for each item of a long list takes longer.
 * @param sections receives the sections: their schema as JSON, and their name
 */
function inSections(schema: object, sections: Map<string, string>): Record<string, unknown> {
  const part = (value: unknown): unknown => {
    if (!isMap(value)) return value;
    const { default: initial, ...rest } = inSections(value, sections);
    const text = JSON.stringify(rest);
    if ((rest.type !== 'object' && rest.type !== 'array') || text.length < lengthOfSection) {
      return 'default' in value ? { ...rest, default: initial } : rest;
    }
    const id = sections.get(text) ?? `section${sections.size}`;
    sections.set(text, id);
    return { $ref: id, ...('default' in value ? { default: initial } : {}) };
  };
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
      if (descriptive.has(keyword)) return [];
      if (keyword === 'additionalProperties') return [[keyword, part(value)]];
      if (keyword !== 'properties' || !isMap(value)) return [[keyword, value]];
      return [[keyword, Object.fromEntries(Object.entries(value).map(([name, field]) => [name, part(field)]))]];
    }),
  );
}

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

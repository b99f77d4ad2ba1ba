import { builtinModules } from 'node:module';
import { relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { thorough } from './validator';

const root = process.cwd();
const names = builtinModules.map((name) => name.replace('/', '\\/')).join('|');

/**
 * Replaces modules of Node, which a browser does not have. The code of Kaniflux must not import them. Some libraries
 * import them for functions that are not used here, so each replacement throws an error as soon as it is used.
 */
export const noNodeModules: Plugin = {
  name: 'no modules of Node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(node:)?(${names})$`) }, ({ path, importer }) => {
      if (importer.includes('node_modules')) return { path, namespace: 'not in browsers' };
      return { errors: [{ text: `${relative(root, importer)} needs ${path}, which browsers do not have` }] };
    });
    onLoad({ filter: /.*/, namespace: 'not in browsers' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get(_, name) {
        if (name === '__esModule' || typeof name === 'symbol') return undefined;
        throw new Error('${path}.' + name + ' is not available in browsers');
      } });`,
    }));
  },
};

/** SHA-256 as JavaScript: browsers compute it only asynchronously, and only for pages that were loaded securely. */
export const browserHash: Plugin = {
  name: 'SHA-256 for browsers',
  setup({ onLoad }) {
    onLoad({ filter: /lib[\\/]output[\\/]sha256\.ts$/ }, () => ({
      contents: `
        import { sha256 as hash } from '@noble/hashes/sha2.js';
        import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
        export const sha256 = (text) => bytesToHex(hash(utf8ToBytes(text)));`,
      resolveDir: __dirname,
    }));
  },
};

/** Bundles only the validators that report errors. The quick validators save time in Node, but make the page larger. */
export const browserValidators: Plugin = {
  name: 'validators for browsers',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^validators\/thorough$/ }, ({ path }) => ({ path, namespace: 'thorough' }));
    onLoad({ filter: /.*/, namespace: 'thorough' }, () => ({
      contents: thorough(),
      loader: 'js',
      resolveDir: __dirname,
    }));
    onLoad({ filter: /lib[\\/]config[\\/]validator\.ts$/ }, () => ({
      contents: `
        import * as thorough from 'validators/thorough';
        export const validate = (name, value) => (thorough[name](value) ? [] : thorough[name].errors);`,
      resolveDir: __dirname,
    }));
  },
};

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

const lib = dirname(require.resolve('cdk8s'));
/**
 * Modules of cdk8s that need another library, and that Kaniflux does not use. For example, Kaniflux has its own writer
 * of YAML.
 */
const unused = ['helm', 'include', 'yaml'];

/**
 * Loads a module of cdk8s when it is first used, and replaces the unused ones by an error. The bundle runs no code but
 * that of Kaniflux, so nothing else can use them.
 */
export const lazyCdk8s: Plugin = {
  name: 'cdk8s as far as used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cdk8s$/ }, () => ({ path: 'index', namespace: 'lazy cdk8s' }));
    onResolve({ filter: new RegExp(`^\\./(${unused.join('|')})$`) }, ({ path, importer, namespace }) =>
      namespace === 'file' && dirname(importer) === lib ? { path: path.slice(2), namespace: 'lazy cdk8s' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'lazy cdk8s' }, ({ path }) => {
      const modules = path === 'index' ? publicModules() : [path];
      return { contents: `module.exports = {\n${modules.flatMap(getters).join('\n')}\n};`, resolveDir: lib };
    });
  },
};

const publicModules = (): string[] =>
  readdirSync(lib).flatMap((file) => (/^(?!_|index\.).*\.js$/.test(file) ? [file.slice(0, -'.js'.length)] : []));

function getters(module: string): string[] {
  const file = join(lib, `${module}.js`);
  return Object.keys(require(file)).map((name) =>
    unused.includes(module)
      ? `get ${name}() { throw new Error('internal error: ${name} of cdk8s is not in this program'); },`
      : `get ${name}() { return require(${JSON.stringify(file)}).${name}; },`,
  );
}

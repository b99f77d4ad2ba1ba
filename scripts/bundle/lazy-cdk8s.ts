import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

const lib = dirname(require.resolve('cdk8s'));
/** Modules of cdk8s that need a library which rendering does not use. */
const seldom = ['helm', 'include', 'json-patch', 'yaml'];

/** Delays a module of cdk8s until it is first used. Rendering never uses Helm, JSON Patch or the second YAML reader. */
export const lazyCdk8s: Plugin = {
  name: 'cdk8s as far as used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cdk8s$/ }, () => ({ path: 'index', namespace: 'lazy cdk8s' }));
    onResolve({ filter: new RegExp(`^\\./(${seldom.join('|')})$`) }, ({ path, importer, namespace }) =>
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
  return Object.keys(require(file)).map(
    (name) => `get ${name}() { return require(${JSON.stringify(file)}).${name}; },`,
  );
}

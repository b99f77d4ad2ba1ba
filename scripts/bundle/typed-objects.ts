import type { Plugin } from 'esbuild';

/**
 * The typed Kubernetes objects of cdk8s-plus-30 are one CommonJS module with a class for each kind, which esbuild can
 * only include as a whole. This plugin turns it into an ES module, from which esbuild removes unused classes.
 */
export const typedObjects: Plugin = {
  name: 'typed objects in use',
  setup({ onLoad }) {
    onLoad({ filter: /cdk8s-plus-30[\\/]lib[\\/]imports[\\/]k8s\.js$/ }, ({ path }) => {
      const exported: Record<string, unknown> = require(path);
      const lines = Object.entries(exported).flatMap(([name, value]) => exportOf(name, value));
      return { contents: [`import * as cdk8s_1 from 'cdk8s';`, ...lines].join('\n') };
    });
  },
};

function exportOf(name: string, value: unknown): string {
  if (typeof value !== 'function') return `export const ${name} = ${JSON.stringify(value)};`;
  const source = String(value);
  if (!source.startsWith('class ')) return `export ${source}`;
  const fields = Object.entries(value).map(([field, constant]) => `${name}.${field} = ${JSON.stringify(constant)};`);
  return `export const ${name} = /* @__PURE__ */ (() => { ${source}\n${fields.join('\n')}\nreturn ${name}; })();`;
}

import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/*
 * cdk8s and cdk8s-plus-30 are CommonJS as jsii writes it, which esbuild can only take whole. Both plugins change how
 * their modules hang together, and none of their code; each fails where a module no longer has the form it knows.
 */

/** A class, what jsii adds to it, and the statements behind it that belong to it. */
const kubeClass =
  /^class (\w+)(?: extends [\w.]+)? \{\n[\s\S]*?^\}\nexports\.\1 = \1;\n(?:(_\w+) = JSII_RTTI_SYMBOL_1;\n\1\[\2\] = .*;\n)?(?:(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?(\1\.GVK = \{\n[\s\S]*?^\};\n))?/gm;

/** The typed Kubernetes objects, 3 MB in one module: as an ES module that is cut to the classes in use. */
export function typedObjects(code: string): string {
  const names: string[] = [];
  const classes = code
    .replace(/^\/\/# sourceMappingURL=.*$/m, '')
    .replace(kubeClass, (whole: string, name: string, _symbol: string | undefined, gvk = '') => {
      names.push(name);
      const body = whole.slice(0, whole.indexOf(`\nexports.${name} = ${name};\n`));
      return `export const ${name} = /* @__PURE__ */ (() => {\n  ${body}\n${gvk}return ${name};\n})();\n`;
    });
  const [head, ...functions] = classes.split('const cdk8s_1 = require("cdk8s");');
  if (functions.length !== 1 || !names.includes('KubeNamespace') || /^class /m.test(classes)) {
    throw new Error(
      `the typed objects of cdk8s-plus-30 have another form than scripts/bundle/trim.ts knows: ${head?.slice(0, 200)}`,
    );
  }
  const rest = (functions[0] ?? '')
    .replace(/^exports\.\w+ = \w+;\n/gm, '')
    .replace(/^\(function \(\w+\) \{\n[\s\S]*?^\}\)\(.*\);\n/gm, '');
  return `import * as cdk8s_1 from 'cdk8s';\n${rest}`;
}

/** cdk8s itself: a module is run where it is first used, so that Helm, JSON Patch and YAML are not unless needed. */
export function lazyRequires(code: string): string {
  let lazy = code.replace(/^\/\/# sourceMappingURL=.*$/m, '');
  const required = /^const (\w+) = (?:__importStar\()?require\(("[^"]+")\)\)?;\n/gm;
  for (const [line, name, module] of code.matchAll(required)) {
    lazy = lazy.replace(line, '').replaceAll(new RegExp(`\\b${name}\\.`, 'g'), `(require(${module})).`);
  }
  return lazy;
}

/** The index of cdk8s, by name instead of `export *`, so that esbuild can leave out what nobody imports. */
export function namedIndex(code: string, namesOf: (module: string) => readonly string[]): string {
  const modules = Array.from(
    code.matchAll(/^__exportStar\(require\("([^"]+)"\), exports\);$/gm),
    ([, module]) => module ?? '',
  );
  if (modules.length === 0) throw new Error('the index of cdk8s has another form than scripts/bundle/trim.ts knows');
  return modules.map((module) => `export { ${namesOf(module).join(', ')} } from '${module}';`).join('\n');
}

/** `yaml` does nothing when it is loaded, and does not say so: left out where nothing of it is used. */
export const trimYaml: Plugin = {
  name: 'yaml where used',
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, () => ({ path: require.resolve('yaml'), sideEffects: false }));
  },
};

export const trimTypedObjects: Plugin = {
  name: 'typed objects in use',
  setup(build) {
    build.onLoad({ filter: /cdk8s-plus-30\/lib\/imports\/k8s\.js$/ }, async ({ path }) => ({
      contents: typedObjects(await readFile(path, 'utf8')),
    }));
  },
};

export const trimCdk8s: Plugin = {
  name: 'cdk8s as far as used',
  setup(build) {
    build.onResolve({ filter: /^cdk8s$/ }, () => ({ path: require.resolve('cdk8s'), sideEffects: false }));
    build.onLoad({ filter: /node_modules\/cdk8s\/lib\/[\w-]+\.js$/ }, async ({ path }) => {
      const code = await readFile(path, 'utf8');
      if (basename(path) !== 'index.js') return { contents: lazyRequires(code) };
      return { contents: namedIndex(code, (module) => Object.keys(require(join(dirname(path), module)))) };
    });
    build.onResolve({ filter: /^\.\// }, ({ path, importer }) =>
      /node_modules\/cdk8s\/lib\/index\.js$/.test(importer)
        ? { path: join(dirname(importer), `${path}.js`), sideEffects: false }
        : undefined,
    );
  },
};

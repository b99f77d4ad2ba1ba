import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(__dirname, '..');
const cache = join(root, 'node_modules', '.cache', 'kaniflux');

/** The libraries that `moduleNameMapper` of jest.config.json replaces, with the names of their files in the cache. */
const libraries: Readonly<Record<string, string>> = {
  cdk8s: 'cdk8s',
  k8s: 'cdk8s-plus-30/lib/imports/k8s',
  'fast-check': 'fast-check',
  x509: '@peculiar/x509',
  typebox: '@sinclair/typebox',
  yaml: 'yaml',
};

/**
 * Jest loads and compiles all modules again for each test file, which takes longer than most tests. So the validators
 * are compiled only once, as in the build, and each large library becomes one file without comments. (The typed objects
 * of cdk8s-plus-30 shrink from 3 MB to 300 KB.) The files are kept until a schema, the code of the build or a library
 * changes.
 */
export default async function setup(): Promise<void> {
  const hash = createHash('sha256');
  const schemas = join('lib', 'config', 'schema');
  const inputs = [
    'package-lock.json',
    'lib/config/validator.ts',
    ...readdirSync(join(root, schemas)).map((name) => join(schemas, name)),
    'scripts/bundle/validator.ts',
    '__tests__/global-setup.ts',
  ];
  for (const file of inputs) hash.update(readFileSync(join(root, file)));
  const made = join(cache, 'made');
  const key = hash.digest('hex');
  if (read(made) === key) return;

  // Loading the schemas takes longer than most test files, and is not needed otherwise.
  const esbuild = await import('esbuild');
  const { quick, thorough } = await import('../scripts/bundle/validator');
  const small = (code: string) => esbuild.transformSync(code, { minifyWhitespace: true, minifySyntax: true }).code;
  mkdirSync(cache, { recursive: true });
  rmSync(made, { force: true });
  write('validators-quick.js', small(quick()));
  write('validators-thorough.js', small(thorough()));
  for (const [name, library] of Object.entries(libraries)) write(`${name}.js`, oneFile(esbuild, library));
  write('made', key);
  // Otherwise, the worker of esbuild and its process would stay until the end of all tests.
  await esbuild.stop();
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Writes a file atomically, because another run may read it at the same time. */
function write(name: string, text: string): void {
  const temporary = join(cache, `${name}.${process.pid}`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(cache, name));
}

function oneFile(esbuild: typeof import('esbuild'), library: string): string {
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [createRequire(__filename).resolve(library)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['constructs', ...(library === 'cdk8s' ? [] : ['cdk8s'])],
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

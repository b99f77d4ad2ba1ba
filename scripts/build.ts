/** Creates build/: the bundled command line, and the library with its types. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
import { programOptions, programPlugins } from './bundle/program';
import { removeInternalTypes } from './bundle/types';
import { thorough, validatorsFile } from './bundle/validator';

const root = join(__dirname, '..');
const out = join(root, 'build');

/**
 * Puts the program into a separate file, which `--version` does not have to read. It is one file, so that each class
 * exists only once.
 */
const programApart = (hash: string): Plugin => ({
  name: 'program apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/program$/ }, ({ path }) => ({ path, namespace: 'program' }));
    onLoad({ filter: /.*/, namespace: 'program' }, () => ({
      contents: `
        import { join } from 'node:path';
        import { cacheFolder, requireCached } from './lib/cli/code-cache';
        const use = (process.argv[2] ?? '').replace(/[^a-z-]/g, '');
        export const { run } = requireCached({ file: join(__dirname, 'program.js'), hash: '${hash}', use }, cacheFolder(process.env));`,
      resolveDir: root,
    }));
  },
});

/** Bundles the thorough validators as a separate file, which the program requires for a config with errors. */
const bundleValidators = () =>
  bundle({
    ...programOptions,
    stdin: { contents: thorough(), resolveDir: join(root, 'scripts') },
    outfile: join(out, validatorsFile),
  });

/**
 * Escapes the characters that esbuild does not escape, in regular expressions, so that the program is ASCII. Decoding
 * it as UTF-8 would take a tenth of the time of a short run.
 */
function toAscii(file: string): void {
  const text = readFileSync(file, 'utf8');
  if (/String\.raw`[^`]*[\u0080-\uffff]/.test(text)) throw new Error('String.raw with characters that are not ASCII');
  const escaped = text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  writeFileSync(file, escaped);
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 32);

async function main(): Promise<void> {
  for (const made of ['kaniflux.js', 'program.js', validatorsFile, 'commands', 'lib', 'imports'])
    rmSync(join(out, made), { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const program = join(out, 'program.js');
  await bundle({
    ...programOptions,
    entryPoints: [join(root, 'lib/cli/program.ts')],
    outfile: program,
    charset: 'ascii',
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    plugins: programPlugins,
  });
  toAscii(program);
  await bundleValidators();
  await bundle({
    ...programOptions,
    entryPoints: [join(root, 'lib/cli/bin.ts')],
    outfile: join(out, 'kaniflux.js'),
    banner: { js: '#!/usr/bin/env node' },
    plugins: [programApart(hashOf(program))],
  });
  chmodSync(join(out, 'kaniflux.js'), 0o755);
  execFileSync('npm', ['exec', '--', 'tsc', '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  removeInternalTypes(join(out, 'lib'));
  // Makes `npx kaniflux` run this build in this folder too. npm does not link a package into its own node_modules.
  const link = join(root, 'node_modules', '.bin', 'kaniflux');
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'build', 'kaniflux.js'), link);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

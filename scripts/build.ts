/** Makes build/: the command line, bundled, and the library with its types. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build as bundle, type Plugin } from 'esbuild';
import { compileCode } from './bundle/code-cache';
import { reportAssets } from './bundle/report';
import { trimCdk8s, trimTypedObjects, trimYaml } from './bundle/trim';
import { compileValidator } from './bundle/validator';

const root = join(__dirname, '..');
const out = join(root, 'build');

const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  // So that `import()` of a command is a `require`: node's ESM loader costs more than the command.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'warning',
};

/** A command is a file of its own, loaded when it is called. */
const commandsApart: Plugin = {
  name: 'commands apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/commands\/[\w-]+$/ }, ({ path }) => ({ path, namespace: 'command' }));
    onLoad({ filter: /.*/, namespace: 'command' }, ({ path }) => ({
      contents: `module.exports = require('./lib/cli/code-cache').requireCached(require('node:path').join(__dirname, '${path}.js'));`,
      resolveDir: root,
    }));
  },
};

async function main(): Promise<void> {
  for (const made of ['kaniflux.js', 'commands', 'lib', 'imports'])
    rmSync(join(out, made), { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const commands = readdirSync(join(root, 'lib/cli/commands')).map((file) => join(root, 'lib/cli/commands', file));
  await bundle({
    ...options,
    entryPoints: [join(root, 'lib/cli/bin.ts')],
    outfile: join(out, 'kaniflux.js'),
    banner: { js: '#!/usr/bin/env node' },
    plugins: [commandsApart],
  });
  chmodSync(join(out, 'kaniflux.js'), 0o755);
  await bundle({
    ...options,
    entryPoints: commands,
    outdir: join(out, 'commands'),
    plugins: [compileValidator, reportAssets, trimTypedObjects, trimCdk8s, trimYaml],
  });
  compileCode(join(out, 'commands/synth.js'), join(root, 'kaniflux.yaml'));
  execFileSync('npm', ['exec', '--', 'tsc', '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  // So that `npx kaniflux` runs this build here too; npm links no package into its own node_modules.
  const link = join(root, 'node_modules', '.bin', 'kaniflux');
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'build', 'kaniflux.js'), link);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

/*
 * Creates build/binary/kaniflux, a single file for this platform. It contains the command line, and the Node that runs
 * this script.
 * https://nodejs.org/api/single-executable-applications.html
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { docsInside } from './bundle/docs-text';
import { programOptions, programPlugins } from './bundle/program';
import { validatorsInside } from './bundle/validator';

const root = join(__dirname, '..');
const folder = join(root, 'build', 'binary');
const binary = join(folder, 'kaniflux');

/** The text that Node searches for in its own file to find out whether it is a single executable application. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

async function main(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'program.js');
  await bundle({
    ...programOptions,
    entryPoints: [join(root, 'lib/cli/bin.ts')],
    outfile: program,
    charset: 'ascii',
    plugins: [validatorsInside, docsInside, ...programPlugins],
  });
  const blob = join(folder, 'program.blob');
  const config = join(folder, 'sea.json');
  writeFileSync(
    config,
    JSON.stringify({ main: program, output: blob, disableExperimentalSEAWarning: true, useCodeCache: true }),
  );
  run(process.execPath, '--experimental-sea-config', config);
  copyFileSync(process.execPath, binary);
  chmodSync(binary, 0o755);
  const mac = process.platform === 'darwin';
  // macOS does not run a file that was changed after it was signed.
  if (mac) run('codesign', '--remove-signature', binary);
  else run('strip', '--strip-unneeded', binary);
  const segment = mac ? ['--macho-segment-name', 'NODE_SEA'] : [];
  run('npx', '--no-install', 'postject', binary, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse, ...segment);
  if (mac) run('codesign', '--sign', '-', binary);
  for (const part of [program, blob, config]) rmSync(part);
}

/** Runs a program. Its output is shown only if it fails. */
function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { cwd: root, stdio: 'pipe' });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});

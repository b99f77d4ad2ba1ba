import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheOf } from '../../lib/cli/code-cache';

/** Run by a node of its own: V8 keeps what it compiled, so the command is run once before it is asked. */
const program = `
const { readFileSync, writeFileSync } = require('node:fs');
const { wrap, createRequire } = require('node:module');
const { Script } = require('node:vm');
const [file, cache] = process.argv.slice(1);
const script = new Script(wrap(readFileSync(file, 'utf8')), { filename: file });
const module_ = { exports: {} };
script.runInThisContext()(module_.exports, createRequire(file), module_, file, '');
const io = { stdout() {}, stderr() {}, cwd: process.cwd(), env: {}, color: false, isTTY: false };
const options = { config: 'kaniflux.yaml', output: 'dist' };
const run = () => module_.exports.command.run({ options, args: [], io });
run().then(run).then((code) => {
  if (code !== 0) throw new Error('synth ended with ' + code);
  writeFileSync(cache, script.createCachedData());
});
`;

/** Compiles the code of a bundled `synth` beforehand, as far as the home lab uses it. */
export function compileCode(file: string, config: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-build-'));
  try {
    copyFileSync(config, join(folder, 'kaniflux.yaml'));
    execFileSync(process.execPath, ['-e', program, file, cacheOf(file)], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: 'inherit',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

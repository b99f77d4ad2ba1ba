import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/*
 * Compiling the program takes longer than a small config. V8 can keep what it compiled; the package holds nothing of
 * the kind, since nobody could review it, so each machine makes its own at the first run of a command. Node's own
 * `module.enableCompileCache` does the same from 22.1 on.
 */

/** Where compiled code is kept for the user; `NODE_DISABLE_COMPILE_CACHE=1` turns it off, as it does in Node. */
export function cacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE === '1') return undefined;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kaniflux', 'compiled');
}

/** A bundled file, and whose compiled code is its. */
export interface Bundle {
  readonly file: string;
  /** The SHA-256 of its text, from the build. */
  readonly hash: string;
  /** What the run is about: each use has a cache of the functions that it needs. */
  readonly use: string;
}

/** `require` of a bundled file, compiled by an earlier run where there was one. */
export function requireCached({ file, hash, use }: Bundle, folder: string | undefined): unknown {
  const require = createRequire(file);
  if (folder === undefined) return require(file);
  // V8 compares no more than the length of the source; somebody may have changed the file since it was built.
  const { mtimeMs, size } = statSync(file);
  const prefix = `${hash}-${Math.trunc(mtimeMs)}-${size}-`;
  const cache = join(folder, `${prefix}${process.version}-${process.arch}-${use}`);
  // The build writes ASCII.
  const source = readFileSync(file, 'latin1');
  const cachedData = readOwn(cache);
  const script = new Script(wrap(source), { filename: file, ...(cachedData ? { cachedData } : {}) });
  if (!cachedData || script.cachedDataRejected) {
    process.once('exit', (code) => {
      if (code !== 2) keep(cache, prefix, script);
    });
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return module.exports;
}

/** What is run must be by the user's own hand: others may neither own nor change it. */
function isOwn(path: string): boolean {
  const { uid, mode } = statSync(path);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

function readOwn(cache: string): Buffer | undefined {
  try {
    return isOwn(dirname(cache)) && isOwn(cache) ? readFileSync(cache) : undefined;
  } catch {
    return undefined;
  }
}

/** Without a word where it isn't possible: the next run compiles again. */
function keep(cache: string, prefix: string, script: Script): void {
  const folder = dirname(cache);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwn(folder)) return;
    const unfinished = `${cache}.${process.pid}`;
    writeFileSync(unfinished, script.createCachedData(), { flag: 'wx', mode: 0o600 });
    renameSync(unfinished, cache);
    for (const name of readdirSync(folder)) if (!name.startsWith(prefix)) rmSync(join(folder, name));
  } catch {}
}

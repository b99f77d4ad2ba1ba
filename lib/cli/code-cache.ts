import { isAscii } from 'node:buffer';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { seldomCollectGarbage } from './heap';

/*
 * Compiling the program takes longer than rendering a small config, so compiled code is cached for each user. The
 * package does not contain compiled code, because nobody could review it. Node 22.1 and later have
 * `module.enableCompileCache` for this.
 */

/**
 * The cache folder of the user; `undefined` if the user has none, or if `NODE_DISABLE_COMPILE_CACHE=1` turns it off, as
 * in Node. A relative path is ignored, because another user may own the current folder.
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheFolder(env: NodeJS.ProcessEnv, home = homedir): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE === '1') return undefined;
  const isSet = env.XDG_CACHE_HOME !== undefined && isAbsolute(env.XDG_CACHE_HOME);
  const base = isSet ? env.XDG_CACHE_HOME : belowHome(home);
  return base && join(base, 'kaniflux', 'compiled');
}

function belowHome(home: () => string): string | undefined {
  try {
    const folder = home();
    return isAbsolute(folder) ? join(folder, '.cache') : undefined;
  } catch {
    // Node throws if neither the environment nor the list of users has a home folder.
    return undefined;
  }
}

/** A bundled file, with what identifies its compiled code. */
export interface Bundle {
  readonly file: string;
  /** SHA-256 of its text, computed by the build. */
  readonly hash: string;
  /** The command that is run. Each command has its own cache, which contains only the functions that it needs. */
  readonly use: string;
}

/**
 * Flags for the V8 of Node 22 and 24, which optimizes in steps. With these flags, each step needs more calls than by
 * default.
 */
const later = [
  '--invocation-count-for-feedback-allocation=30',
  '--invocation-count-for-maglev=2000',
  '--invocation-count-for-turbofan=10000',
  '--regexp-tier-up-ticks=20',
];

/** The flags of each version of V8. V8 prints an error for a flag that it does not have. */
const lateOptimization: Readonly<Record<string, readonly string[]>> = {
  // Node 20: V8 optimizes a function after 15 times as much work as by default.
  11: ['--interrupt-budget=1000000'],
  12: later,
  13: later,
};

/**
 * Makes V8 optimize a function later than by default. In a short run, optimization takes up to two fifths of the CPU
 * time, mostly on other threads, and the run ends before the optimized code saves time. A long run is no slower.
 */
function optimizeLate(): void {
  const [major = ''] = process.versions.v8.split('.');
  for (const flag of lateOptimization[major] ?? []) setFlagsFromString(flag);
}

/**
 * Loads the modules of Node that nearly every command uses, before a flag of V8 changes. After the change, V8 refuses
 * the compiled code that Node contains for its modules, and compiling them takes 5 ms.
 */
function loadNodeModules(): void {
  require('node:crypto');
  // Reading this property loads a module.
  require('node:util').parseArgs;
}

/**
 * Runs a bundled file as a module, with the compiled code of an earlier run if there is one. The build has already put
 * the program into a function with the parameters of a CommonJS module, because doing so at run time would copy the
 * large text of the program.
 */
export function requireCached({ file, hash, use }: Bundle, folder: string | undefined): unknown {
  if (/^[a-z]/.test(use)) loadNodeModules();
  optimizeLate();
  seldomCollectGarbage();
  const bytes = readFileSync(file);
  // The build writes ASCII, and decoding ASCII as UTF-8 would take a tenth of the time of a short run.
  const source = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  const script =
    folder === undefined ? new Script(source, { filename: file }) : compile(source, { file, hash, use }, folder);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

/** Returns the compiled file. If its compiled code was not in the cache, stores it at the end of the run. */
function compile(source: string, { file, hash, use }: Bundle, folder: string): Script {
  // V8 accepts cached code for any source of the same length. `hash` is from the build, and the program may have
  // changed since. So the name of the cache file also has the time and the size of the program.
  const { mtimeMs, size } = statSync(file);
  const prefix = `${hash}-${Math.trunc(mtimeMs)}-${size}-`;
  const cache = join(folder, `${prefix}${process.version}-${process.arch}-${use}`);
  const cachedData = readOwn(cache);
  const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
  if (!cachedData || script.cachedDataRejected) {
    process.once('exit', (code) => {
      if (code !== 2) keep(cache, prefix, script);
    });
  }
  return script;
}

/** Whether only the user can have written a file. This matters because the cache is code that is executed. */
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

/**
 * Creates a folder, and the folders above it. With `recursive`, mkdirSync of Node 20 never returns for a folder in
 * which Linux creates nothing, such as /proc.
 */
export function createFolder(folder: string): void {
  if (existsSync(folder)) return;
  createFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** Stores compiled code. Errors are ignored: the next run compiles again. */
function keep(cache: string, prefix: string, script: Script): void {
  const folder = dirname(cache);
  try {
    createFolder(folder);
    if (!isOwn(folder)) return;
    const unfinished = `${cache}.${process.pid}`;
    writeFileSync(unfinished, script.createCachedData(), { flag: 'wx', mode: 0o600 });
    renameSync(unfinished, cache);
    for (const name of readdirSync(folder)) if (!name.startsWith(prefix)) rmSync(join(folder, name));
  } catch {}
}

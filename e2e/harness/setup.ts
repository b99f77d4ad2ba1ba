import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { cacheFolder } from '../parts/cache';
import { marker } from './leftovers';

/**
 * Gives a run its own home folder and its own folder for temporary files, which are removed even if the run is killed.
 * So kubectl, helm, flux, git and browsers neither read nor write the files of the person who runs the tests. The cache
 * of built parts stays where it is.
 */
export default function setup(): void {
  // Built once, because test files run side by side, and none of them may rebuild the program while another one runs
  // it.
  execFileSync('npm', ['run', '-s', 'build'], { cwd: join(__dirname, '..', '..'), stdio: 'pipe' });
  const home = homedir();
  const kept = {
    KANIFLUX_CACHE: cacheFolder(),
    CARGO_HOME: join(home, '.cargo'),
    RUSTUP_HOME: join(home, '.rustup'),
    ...goFolders(),
  };
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-e2e-'));
  const reaper = spawn(process.execPath, [join(__dirname, 'reaper.js')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const input = reaper.stdin as Writable & { unref(): void };
  input.write(`folder ${folder}\n`);
  input.unref();
  reaper.unref();
  for (const name of ['home', 'tmp']) mkdirSync(join(folder, name));
  const xdg = Object.keys(process.env).filter((name) => /^XDG_\w+_HOME$/.test(name));
  for (const name of [...xdg, 'KUBECONFIG']) delete process.env[name];
  Object.assign(
    process.env,
    { ...kept, ...process.env },
    {
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      TSX_DISABLE_CACHE: '1', // it would keep one for all runs in TMPDIR
      ESBUILD_WORKER_THREADS: '0', // its service would live on after the test that builds something
      [marker]: randomUUID(),
    },
  );
}

function goFolders(): Record<string, string> {
  try {
    return JSON.parse(execFileSync('go', ['env', '-json', 'GOPATH', 'GOCACHE', 'GOMODCACHE'], { encoding: 'utf8' }));
  } catch {
    return {}; // no Go: the parts have to be there
  }
}

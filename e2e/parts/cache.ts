import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Returns the folder of built parts, outside the checkout: `$KANIFLUX_CACHE`, or `kaniflux` in the user's cache folder.
 */
export function cacheFolder(): string {
  const { KANIFLUX_CACHE, XDG_CACHE_HOME } = process.env;
  return KANIFLUX_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'kaniflux');
}

/**
 * Returns the folder `<cache>/<key>`. If it does not exist, `make` creates its content.
 *
 * The folder gets its name only after it is complete, and only one process at a time creates it.
 *
 * @returns the folder, and whether it was created now
 */
export async function cached(key: string, make: (out: string) => Promise<void>): Promise<[string, boolean]> {
  const folder = join(cacheFolder(), key);
  if (await exists(folder)) return [folder, false];
  await mkdir(dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  const unfinished = `${folder}.${process.pid}.unfinished`;
  try {
    if (await exists(folder)) return [folder, false];
    await removeUnfinished(folder);
    await mkdir(unfinished, { recursive: true });
    await make(unfinished);
    await rename(unfinished, folder);
    return [folder, true];
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await unlock();
  }
}

/** Removes what killed builds of the same key left behind. Call it only while holding the lock. */
async function removeUnfinished(folder: string): Promise<void> {
  const left = (await readdir(dirname(folder))).filter(
    (name) => name.startsWith(`${basename(folder)}.`) && name.includes('.unfinished'),
  );
  for (const name of left) await rm(join(dirname(folder), name), { recursive: true, force: true });
}

/**
 * Waits for the lock file and takes it. A lock whose process has ended counts as free. If two processes notice this at
 * the same moment, both can get the lock. The same thing is then built twice, which does no harm.
 */
async function lock(path: string): Promise<() => Promise<void>> {
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, `${process.pid}`);
  try {
    for (let told = false; ; await sleep(200)) {
      try {
        // A link appears together with its content. An empty lock would never have an owner.
        await link(mine, path);
        return () => rm(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = Number(await readFile(path, 'utf8').catch(() => ''));
      if (owner && !alive(owner)) await rm(path, { force: true });
      else if (owner && !told) {
        process.stderr.write(`waiting for process ${owner}, which holds ${path}\n`);
        told = true;
      }
    }
  } finally {
    await rm(mine, { force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

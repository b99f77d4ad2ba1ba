import { readdirSync, readFileSync } from 'node:fs';

/** Marks every process of a run: children inherit it, however far they fork from whom they started with. */
export const marker = 'KANIFLUX_E2E_RUN';

/**
 * The processes of a run that still live, apart from this one: id and command line. Only Linux tells the environment of
 * another process; elsewhere there are none.
 */
export function processesOf(run: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc', { encoding: 'utf8' }).filter((one) => /^\d+$/.test(one))) {
    if (Number(name) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`${marker}=${run}`)) continue;
      found.set(Number(name), readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim());
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
  return found;
}

import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable that marks every process of a run. Child processes inherit it. */
export const marker = 'KANIFLUX_E2E_RUN';

/**
 * Returns the processes of a run that still exist, except this one: ID and command line. Only Linux shows the
 * environment of another process; on other systems the result is empty.
 */
export function processesOf(run: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc', { encoding: 'utf8' }).filter((one) => /^\d+$/.test(one))) {
    if (Number(name) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`${marker}=${run}`)) continue;
      found.set(Number(name), readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim());
    } catch {
      // The process has ended in the meantime, or belongs to another user.
    }
  }
  return found;
}

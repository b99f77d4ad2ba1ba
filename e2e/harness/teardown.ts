import { readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { marker, processesOf } from './leftovers';

/**
 * Fails the run if it leaves a process or a file behind. Otherwise, nobody would notice a test that does not clean up.
 */
export default async function teardown(): Promise<void> {
  const { TMPDIR, [marker]: run } = process.env as { TMPDIR: string; [marker]: string };
  let processes = processesOf(run);
  for (const deadline = Date.now() + 10_000; processes.size > 0 && Date.now() < deadline; await sleep(50)) {
    processes = processesOf(run);
  }
  for (const pid of processes.keys()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in the meantime.
    }
  }
  const files = readdirSync(TMPDIR).filter((name) => name.startsWith('kaniflux-'));
  rmSync(dirname(TMPDIR), { recursive: true, force: true });
  const left = [...processes].map(([pid, command]) => `process ${pid}: ${command}`).concat(files);
  if (left.length > 0) throw new Error(`The end-to-end tests left behind:\n${left.join('\n')}`);
}

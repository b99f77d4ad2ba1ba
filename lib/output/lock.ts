import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { hasCode, OutputError } from './output-error';
import { lockName } from './rendered-paths';

/*
 * Every run puts a file of a name of its own into the folder and then looks for those of others. Of two runs, the one
 * that wrote its file later sees the other's, so never do both go on. No name is used twice, so removing what a killed
 * run left can't take the lock of one that lives.
 */

/** A folder that this run alone writes to. */
export interface Lock {
  /** Whether a run that was killed had left its lock. */
  readonly tookOver: boolean;
  release(): void;
}

const mostAttempts = 12;

/**
 * Takes the lock of a folder.
 * @param shown the folder in messages
 * @throws OutputError where another run holds it, or may hold it where this one cannot look
 */
export async function takeLock(folder: string, shown: string): Promise<Lock> {
  for (let attempt = 1; ; attempt++) {
    const name = lockFileName(processOf(process.pid));
    const file = join(folder, name);
    const release = () => rmSync(file, { force: true });
    try {
      // The owner is in the name, so that a lock is never half written; the text is for people.
      writeFileSync(file, `${hostname()}\n`, { flag: 'wx' });
      const others = readdirSync(folder).filter((other) => other.startsWith(lockName) && other !== name);
      const holder = others.find((other) => !isAbandoned(other));
      if (holder === undefined) {
        for (const other of others) rmSync(join(folder, other), { force: true });
        return { tookOver: others.length > 0, release };
      }
      if (attempt === mostAttempts) throw busy(folder, shown, holder);
    } catch (error) {
      release();
      throw error;
    }
    release();
    // Two that began together both step back; by chance one of them is first the next time.
    await setTimeout(5 + Math.random() * 5 * attempt);
  }
}

/** @throws OutputError where another run is writing to the folder, or may be where this one cannot look */
export function refuseLocked(folder: string, shown: string): void {
  const holder = readdirSync(folder).find((name) => name.startsWith(lockName) && !isAbandoned(name));
  if (holder !== undefined) throw busy(folder, shown, holder);
}

/** A process, as far as another one can tell whether it still runs. */
export interface ProcessId {
  readonly pid: string;
  /** When it started, in clock ticks since the boot; process numbers come again. `0` where the system does not say. */
  readonly started: string;
  readonly machine: string;
  /** Which start of the machine. `0` where the system does not say. */
  readonly boot: string;
  /** The PID namespace, which a container has for itself. `0` where there are none. */
  readonly namespace: string;
}

/** This process, or another of the same machine and namespace. */
export function processOf(pid: number): ProcessId {
  const boot = read('/proc/sys/kernel/random/boot_id');
  return {
    pid: String(pid),
    started: statOf(pid)?.started ?? '0',
    machine: short(`${hostname()} ${read('/etc/machine-id') ?? ''}`),
    boot: boot === undefined ? '0' : short(boot),
    namespace: namespaceOf() ?? '0',
  };
}

/** The name of a lock's file; no two are the same. */
export const lockFileName = ({ pid, started, machine, boot, namespace }: ProcessId): string =>
  [lockName, pid, started, machine, boot, namespace, randomBytes(4).toString('hex')].join('.');

const nameParts = /^\.kaniflux\.lock\.(\d+)\.(\d+)\.([0-9a-f]+)\.([0-9a-f]+)\.(\d+)\.[0-9a-f]+$/;

function parse(name: string): ProcessId | undefined {
  const [, pid, started, machine, boot, namespace] = nameParts.exec(name) ?? [];
  if (!pid || !started || !machine || !boot || !namespace) return undefined;
  return { pid, started, machine, boot, namespace };
}

/** Whether it is certain that the process which made this lock has ended. */
function isAbandoned(name: string): boolean {
  const owner = parse(name);
  if (!owner) return false;
  const here = processOf(process.pid);
  if (owner.machine !== here.machine) return false;
  if (owner.boot !== here.boot) return ![owner.boot, here.boot].includes('0') && read('/etc/machine-id') !== undefined;
  return owner.namespace === here.namespace && !runs(owner);
}

function runs({ pid, started }: ProcessId): boolean {
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  const stat = statOf(Number(pid));
  if (stat === undefined || started === '0') return true;
  // A zombie has ended, and waits for its parent to ask how.
  return started === stat.started && stat.state !== 'Z';
}

/** Linux: fields 3 and 22 of /proc/PID/stat, counted behind the program's name, which may hold spaces. */
function statOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

function namespaceOf(): string | undefined {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

function busy(folder: string, shown: string, name: string): OutputError {
  const owner = parse(name);
  const host = read(join(folder, name));
  const where = !host || host === hostname() ? '' : ` on ${host}`;
  return new OutputError(
    `${owner ? `process ${owner.pid}${where}` : 'another run'} is writing here now: wait until it is done; if nothing runs any more, delete ${shown.replace(/\/+$/, '')}/${name}`,
  );
}

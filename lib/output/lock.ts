import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { hasCode, OutputError } from './output-error';
import { lockName } from './rendered-paths';

/*
 * Each run creates a lock file with a unique name, and then lists the lock files of other runs. If two runs start at
 * once, the later run sees the file of the earlier run, so the two runs never continue together. Names are never
 * reused, so removing the file of a killed run can't remove the file of a live run.
 */

/** The exclusive right to write to a folder. */
export interface Lock {
  /** Whether a killed run left its lock. */
  readonly tookOver: boolean;
  release(): void;
}

const mostAttempts = 12;

/**
 * Takes the lock of a folder.
 * @param shown the name of the folder in messages
 * @throws OutputError if another run holds it, or may hold it in another container or on another machine
 */
export async function takeLock(folder: string, shown: string): Promise<Lock> {
  for (let attempt = 1; ; attempt++) {
    const name = lockFileName(processOf(process.pid));
    const file = join(folder, name);
    const release = () => rmSync(file, { force: true });
    try {
      // The file name identifies the owner, so a lock counts even before it has content. The content is only for people.
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
    // Two runs that start at the same time both release the lock, and try again after random delays.
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 5 * attempt));
  }
}

/**
 * Refuses to continue while another run holds the lock.
 * @throws OutputError if another run holds the lock, or may hold it in another container or on another machine
 */
export function refuseLocked(folder: string, shown: string): void {
  const holder = readdirSync(folder).find((name) => name.startsWith(lockName) && !isAbandoned(name));
  if (holder !== undefined) throw busy(folder, shown, holder);
}

/** The identity of a process, with which another process can check whether it still runs. */
export interface ProcessId {
  readonly pid: string;
  /** Start time in clock ticks since boot, since process IDs are reused. `0` if unknown. */
  readonly started: string;
  readonly machine: string;
  /** ID of the boot. `0` if unknown. */
  readonly boot: string;
  /** The PID namespace; each container has its own. `0` if the system has none. */
  readonly namespace: string;
}

/** The identity of a process on this machine, in this PID namespace. */
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

/** A unique name for a lock file. */
export const lockFileName = ({ pid, started, machine, boot, namespace }: ProcessId): string =>
  [lockName, pid, started, machine, boot, namespace, randomBytes(4).toString('hex')].join('.');

const nameParts = /^\.kaniflux\.lock\.(\d+)\.(\d+)\.([0-9a-f]+)\.([0-9a-f]+)\.(\d+)\.[0-9a-f]+$/;

function parse(name: string): ProcessId | undefined {
  const [, pid, started, machine, boot, namespace] = nameParts.exec(name) ?? [];
  if (!pid || !started || !machine || !boot || !namespace) return undefined;
  return { pid, started, machine, boot, namespace };
}

/** Returns whether the process that created this lock has certainly ended. */
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
  // A zombie (Z) has ended.
  return started === stat.started && stat.state !== 'Z';
}

/**
 * Returns fields 3 and 22 of Linux' /proc/PID/stat. They are counted from the end of the program's name, which may
 * contain spaces.
 */
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
    `${owner ? `process ${owner.pid}${where}` : 'another run'} is writing to this folder; wait until it ends, or, if it no longer runs, delete ${shown.replace(/\/+$/, '')}/${name}`,
  );
}

import { readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { hasCode, OutputError } from './output-error';

/** Locks that this very process holds: its own number in a file can be from an earlier process. */
const held = new Set<string>();

/**
 * A symbolic link that points nowhere, its target the owner: made in one step, so that no lock is ever half made.
 * Takes the lock at `file`; a lock of a process that has ended is taken over.
 * @returns gives it back
 * @throws OutputError where another run holds it
 */
export function lock(file: string, shown: string): () => void {
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      symlinkSync(JSON.stringify(owner(process.pid)), file);
      held.add(file);
      return () => {
        held.delete(file);
        rmSync(file, { force: true });
      };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    takeOver(file, shown);
  }
  throw busy(shown, 'another run');
}

/** Whether a lock was left by a process that has ended, at `file` or moved aside by another that ended over it. */
export function isAbandoned(file: string): boolean {
  const text = contents(file);
  const found = text === undefined ? undefined : parse(text);
  return found !== undefined && !lives(found, file);
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, where the system says so: process numbers come again. */
  readonly started?: string;
}

function owner(pid: number): Owner {
  const started = startOf(pid);
  return { pid, host: hostname(), ...(started === undefined ? {} : { started }) };
}

/** Linux: the 22nd field of /proc/PID/stat, counted behind the program's name, and the boot that it counts from. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}

/** Moves a dead process' lock out of the way; returns where it is gone, throws where its owner lives. */
function takeOver(file: string, shown: string): void {
  const text = contents(file);
  if (text === undefined) return;
  const found = parse(text);
  if (found === undefined) throw busy(shown, 'another run');
  if (lives(found, file)) {
    throw busy(shown, `process ${found.pid}${found.host === hostname() ? '' : ` on ${found.host}`}`);
  }
  // By renaming, so that of two that find it only one takes it; and if it took another's new one, it gives it back.
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (contents(aside) === text) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function contents(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    // A plain file is not of our making.
    if (hasCode(error, 'EINVAL')) return '';
    throw error;
  }
}

function parse(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'pid' in value && 'host' in value
      ? (value as Owner)
      : undefined;
  } catch {
    return undefined;
  }
}

function lives(found: Owner, file: string): boolean {
  // Another machine's processes can't be asked; a person knows.
  if (found.host !== hostname()) return true;
  if (found.pid === process.pid) return held.has(file);
  try {
    process.kill(found.pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  return found.started === undefined || found.started === startOf(found.pid);
}

const busy = (shown: string, who: string): OutputError =>
  new OutputError(`${who} is writing here now: wait until it is done; if nothing runs any more, delete ${shown}`);

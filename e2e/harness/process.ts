import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail } from '../parts/exec';

export interface ProcessOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** The name in messages, and the name of its log. @default the file name of the command */
  readonly name?: string;
}

/** The error if a process ends before it is ready. The message ends with the last lines of its log. */
export class ProcessEnded extends Error {}

/** A started process, which leads its own process group. */
export class Running {
  /** Called when all processes of the group have ended. */
  onGone?: () => void;
  /** The exit code or signal, once it has ended. */
  ended?: number | string;

  private constructor(
    readonly name: string,
    readonly pid: number,
    /** The file with its standard output and standard error. */
    readonly log: string,
  ) {}

  /** Starts a command. Rejects if there is no such program. */
  static async start(options: ProcessOptions, log: string): Promise<Running> {
    const { command, args = [], cwd, env, name = basename(command) } = options;
    const file = openSync(log, 'a');
    // A detached process has its own group, so that its child processes can be ended together with it.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', file, file],
      detached: true,
    });
    closeSync(file);
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve).once('error', (error) => reject(new Error(`${name}: ${error.message}`)));
    });
    const running = new Running(name, child.pid as number, log);
    child.once('exit', (code, signal) => {
      running.ended = code ?? signal ?? undefined;
    });
    child.unref();
    return running;
  }

  /** Returns its output so far. */
  async output(): Promise<string> {
    return readFile(this.log, 'utf8');
  }

  /**
   * Calls `probe` until it returns something true, and returns that. If it throws, or does not answer in 5 s, it is
   * called again: a server can listen before it serves.
   *
   * Rejects with {@link ProcessEnded} if the process ends in the meantime, and with the last error after `seconds`.
   */
  async ready<T>(probe: () => Promise<T>, seconds = 180): Promise<T> {
    const start = Date.now();
    for (let last: unknown; ; await sleep(50)) {
      if (this.ended !== undefined) {
        throw new ProcessEnded(`${this.name} ended with ${this.ended} before it was ready. ${await tail(this.log)}`);
      }
      try {
        const answer = await Promise.race([probe(), silence()]);
        if (answer) return answer;
      } catch (error) {
        last = error;
      }
      if (Date.now() - start > seconds * 1000) {
        const why = last instanceof Error ? ` (${last.message})` : '';
        throw new Error(`${this.name} was not ready after ${seconds} s${why}. ${await tail(this.log)}`);
      }
    }
  }

  /** Ends the whole group with SIGTERM. Processes that still exist after `grace` milliseconds get SIGKILL. */
  async stop(grace = 5000): Promise<void> {
    const deadline = Date.now() + grace;
    let signal: NodeJS.Signals | 0 = 'SIGTERM';
    // Do not wait for ended processes: in a container whose first process does not reap orphans, they stay in the list.
    while (this.signal(signal) && Date.now() < deadline + 5000) {
      await sleep(20);
      signal = Date.now() > deadline ? 'SIGKILL' : 0;
    }
    this.onGone?.();
  }

  /** Sends a signal to the group. Returns false if the group has no processes left. */
  private signal(name: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-this.pid, name);
    } catch {
      return false;
    }
  }
}

async function silence(): Promise<never> {
  await sleep(5000, undefined, { ref: false });
  throw new Error('no answer in 5 s');
}

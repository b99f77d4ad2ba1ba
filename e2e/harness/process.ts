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
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it is called in messages and its log's name. @default the command's file name */
  readonly name?: string;
}

/** A process that ended by itself before it was ready; the message ends with the last lines of its log. */
export class ProcessEnded extends Error {}

/** A started process, leader of a group of its own. */
export class Running {
  /** Called once the whole group is gone. */
  onGone?: () => void;
  /** The exit code or signal, once it has ended. */
  ended?: number | string;

  private constructor(
    readonly name: string,
    readonly pid: number,
    /** The file that holds its standard output and error. */
    readonly log: string,
  ) {}

  /** Starts a command. Rejects when there is no such program. */
  static async start(options: ProcessOptions, log: string): Promise<Running> {
    const { command, args = [], cwd, env, name = basename(command) } = options;
    const file = openSync(log, 'a');
    // Detached: a group of its own, so that its children can be ended with it.
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

  /** What it has written so far. */
  async output(): Promise<string> {
    return readFile(this.log, 'utf8');
  }

  /**
   * Asks `probe` until it gives something true, and returns that. What it throws counts as "not yet", and so does no
   * answer in 5 s: a server that listens before it serves would else hold us for ever.
   *
   * Rejects with {@link ProcessEnded} when the process ends meanwhile, and with the last error after `seconds`.
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

  /** Ends the whole group: SIGTERM, and SIGKILL for what is left after `grace` milliseconds. */
  async stop(grace = 5000): Promise<void> {
    const deadline = Date.now() + grace;
    let signal: NodeJS.Signals | 0 = 'SIGTERM';
    // In a container whose first process doesn't reap orphans, dead ones stay in the list for ever: don't wait for them.
    while (this.signal(signal) && Date.now() < deadline + 5000) {
      await sleep(20);
      signal = Date.now() > deadline ? 'SIGKILL' : 0;
    }
    this.onGone?.();
  }

  /** Signals the group. False when nothing of it is left. */
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

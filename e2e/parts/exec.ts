import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFile, open, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Runs a command until it ends. Rejects with {@link CommandFailed} unless it exits with 0. */
export type Run = (command: string, args: readonly string[], options: RunOptions) => Promise<void>;

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The error if a command fails. The message ends with the last lines of its log. */
export class CommandFailed extends Error {}

const homepages: Readonly<Record<string, string>> = {
  go: 'Go (https://go.dev/dl)',
  cargo: 'Rust (https://rustup.rs)',
};

/** Returns a command's standard output. If it fails, rejects with {@link CommandFailed} and its error output. */
export async function capture(command: string, args: readonly string[], options?: RunOptions): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args], {
      cwd: options?.cwd,
      env: { ...process.env, ...options?.env },
      maxBuffer: 64 << 20,
    });
    return stdout;
  } catch (error) {
    const { stderr, stdout } = error as { stderr?: string; stdout?: string };
    const said = stderr?.trim() || stdout?.trim() || error; // `go mod download -json` tells its errors as JSON
    throw missing(command, error) ?? new CommandFailed(`${command} ${args.join(' ')}: ${said}`);
  }
}

const running = new Set<ChildProcess>();
let interrupted = false;

/**
 * Ends the commands that run through {@link loggingTo}, and prevents new ones. Their callers get an error and clean up.
 */
export function endCommands(): void {
  interrupted = true;
  for (const child of running) child.kill('SIGTERM');
}

/** A {@link Run} that appends all output to the file `log`. */
export function loggingTo(log: string): Run {
  return async (command, args, { cwd, env }) => {
    await appendFile(log, `$ ${command} ${args.join(' ')}\n`);
    const file = await open(log, 'a');
    try {
      if (interrupted) throw new CommandFailed(`${command} was not started: interrupted`);
      const child = spawn(command, args, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['ignore', file.fd, file.fd],
      });
      running.add(child);
      const end = await new Promise<string | number | null>((resolve, reject) => {
        child.once('error', (error) => reject(missing(command, error) ?? error));
        child.once('exit', (code, signal) => resolve(code ?? signal));
      }).finally(() => running.delete(child));
      if (end !== 0) throw new CommandFailed(`${command} ended with ${end}. ${await tail(log)}`);
    } finally {
      await file.close();
    }
  };
}

/** Returns the path and the last lines of a log, for the message of an error. */
export async function tail(log: string, lines = 20): Promise<string> {
  const text = (await readFile(log, 'utf8').catch(() => '')).trimEnd();
  return `The end of ${log}:\n${text.split('\n').slice(-lines).join('\n')}`;
}

function missing(command: string, error: unknown): Error | undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return undefined;
  return new Error(`${command} is not installed, or not on PATH: install ${homepages[command] ?? command}.`);
}

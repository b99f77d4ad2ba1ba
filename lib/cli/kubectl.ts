import { spawn, spawnSync } from 'node:child_process';
import type { Kubectl } from '../existing/live-cluster';
import { errorCode } from '../guards';
import { type Io, UserError } from './command';

export interface KubectlOptions {
  /** The context, by default the current one. */
  readonly context?: string;
  /** Milliseconds for the server's answer. @default as long as it takes */
  readonly timeout?: number;
}

const notInstalled = 'kubectl is not installed, or not on PATH: https://kubernetes.io/docs/tasks/tools/';

/** The kubectl on PATH, with the chosen context. */
export function kubectlOf(io: Io, { context, timeout }: KubectlOptions = {}): Kubectl {
  const chosen = [
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(timeout === undefined ? [] : [`--request-timeout=${timeout}ms`]),
  ];
  return (args, input = '') => {
    const { stdout, stderr, error, status } = spawnSync('kubectl', [...chosen, ...args], {
      cwd: io.cwd,
      env: { ...io.env },
      input,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      // Longer than the request's own timeout: a credential plugin may wait for a person to sign in.
      ...(timeout === undefined ? {} : { timeout: 3 * timeout }),
    });
    const code = errorCode(error);
    if (code === 'ENOENT') throw new UserError(notInstalled);
    if (code === 'ETIMEDOUT')
      throw new UserError(
        `kubectl ${args[0]}: no answer in ${(3 * (timeout ?? 0)) / 1000} s; does its context sign in?`,
      );
    if (error) throw error;
    if (status !== 0) throw new UserError(`kubectl ${args[0]}: ${stderr.trim() || `it ended with ${status}`}`);
    return stdout;
  };
}

/** How long a person has to sign in, in milliseconds. */
const signInTimeout = 120_000;

/** `kubectl auth whoami` with the given kubeconfig. Its messages, such as an address to open, are passed on to standard error. */
export function whoami(io: Io, kubeconfig: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', [`--kubeconfig=${kubeconfig}`, 'auth', 'whoami', '--output=json'], {
      cwd: io.cwd,
      env: { ...io.env },
      stdio: ['inherit', 'pipe', 'pipe'],
      timeout: signInTimeout,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      io.stderr(text);
    });
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new UserError(notInstalled) : error),
    );
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else if (signal) reject(new UserError(`nobody signed in within ${signInTimeout / 1000} s`));
      else reject(new UserError(stderr.trim().split('\n').at(-1) || `kubectl ended with ${code}`));
    });
  });
}

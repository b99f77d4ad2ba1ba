import { spawn, spawnSync } from 'node:child_process';
import { printable } from '../config/printable';
import type { Kubectl } from '../existing/live-cluster';
import { errorCode, isMap } from '../guards';
import { isObject } from '../output/kubernetes-object';
import { type Io, UserError } from './command';

export interface KubectlOptions {
  /** The context. @default - the current context */
  readonly context?: string;
  /** The time limit for the answer of the server, in milliseconds. @default - no limit */
  readonly timeout?: number;
  /** The limit for the output of kubectl, in MiB. 100,000 bindings take about 60 MiB. @default 256 */
  readonly limit?: number;
}

const notInstalled = 'kubectl is not installed, or not on PATH: https://kubernetes.io/docs/tasks/tools/';

/**
 * Returns the kubectl on PATH, with the chosen context. If JSON is requested, the output is checked, because a wrapper
 * or a proxy can print something else.
 * @throws UserError if kubectl fails, or prints something other than what was requested
 */
export function kubectlOf(io: Io, { context, timeout, limit = 256 }: KubectlOptions = {}): Kubectl {
  const chosen = [
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(timeout === undefined ? [] : [`--request-timeout=${timeout}ms`]),
  ];
  return (args, input = '') => {
    const { stdout, stderr, error, status, signal } = spawnSync('kubectl', [...chosen, ...args], {
      cwd: io.cwd,
      env: { ...io.env },
      input,
      encoding: 'utf8',
      maxBuffer: limit * 2 ** 20,
      // This is longer than the timeout of the request, because a credential plugin may wait for a person to sign in.
      ...(timeout === undefined ? {} : { timeout: 3 * timeout }),
    });
    const code = errorCode(error);
    if (code === 'ENOENT') throw new UserError(notInstalled);
    if (code === 'ETIMEDOUT')
      throw new UserError(
        `kubectl ${args[0]} did not end in ${(3 * (timeout ?? 0)) / 1000} s: a credential plugin may be waiting for somebody to sign in, or the API server may be overloaded`,
      );
    if (code === 'ENOBUFS') throw new UserError(`kubectl ${args[0]} printed more than ${limit} MiB`);
    // If kubectl ends without reading its input, writing to it fails with EPIPE.
    if (error && code !== 'EPIPE') throw new UserError(`kubectl ${args[0]}: ${printable(error.message)}`);
    if (status !== 0)
      throw new UserError(`kubectl ${args[0]}: ${complaint(stderr) || `the command ended with ${signal ?? status}`}`);
    const fault = args.some((arg) => arg === '--output=json' || arg === 'json') ? faultIn(stdout, args) : undefined;
    if (fault !== undefined) throw new UserError(`kubectl ${args[0]} printed ${fault}`);
    return stdout;
  };
}

/**
 * Returns what kubectl prints about a failure, without the warnings and log lines that it prints first. If a
 * credential plugin failed, says so, because kubectl prints the message of the plugin unchanged.
 */
function complaint(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const own = lines.filter((line) => !/^(Warning: |[IWE]\d{4} )/.test(line));
  const text = (own.length > 0 ? own : lines).join('\n');
  return /getting credentials: exec: /.test(stderr) ? `the credential plugin of its context failed: ${text}` : text;
}

/** Returns what is wrong with output that was requested as JSON. */
function faultIn(text: string, args: readonly string[]): string | undefined {
  if (text.trim() === '') return args.includes('--ignore-not-found') ? undefined : 'nothing';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'something other than JSON';
  }
  if (!isMap(value)) return 'something other than a JSON object';
  if (isDeeper(value, 200)) return 'JSON that is nested too deeply';
  if (args[0] !== 'get') return undefined;
  const objects = 'items' in value ? value.items : [value];
  return Array.isArray(objects) && objects.every(isObject) ? undefined : 'something other than Kubernetes objects';
}

/** Whether a value is nested deeper than a limit. Not recursive, since recursion would overflow the stack. */
function isDeeper(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? Object.values(one).filter((child) => typeof child === 'object') : [],
    );
  }
  return false;
}

/** How long a person has to sign in, in milliseconds. */
const signInTimeout = 120_000;

/**
 * Runs `kubectl auth whoami` with the given kubeconfig. Its messages, such as an address to open, are passed on to
 * standard error.
 */
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

import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { ensurePart } from '../parts/build';

/** The error if kubectl exits with another code than 0. The message is its standard error. */
export class KubectlFailed extends Error {
  constructor(
    args: readonly string[],
    readonly code: number | string | null,
    readonly stderr: string,
  ) {
    super(`kubectl ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
  }
}

/**
 * Runs kubectl and returns its standard output.
 *
 * @param kubeconfig path of the kubeconfig. Its folder also contains kubectl's cache
 * @param input the standard input of kubectl, for `-f -`
 * @throws {@link KubectlFailed}
 */
export async function kubectl(kubeconfig: string, args: readonly string[], input = ''): Promise<string> {
  const folder = dirname(kubeconfig);
  const child = spawn(await ensurePart('kubectl-1.34'), [`--kubeconfig=${kubeconfig}`, ...args], {
    cwd: folder,
    env: { ...process.env, KUBECACHEDIR: `${kubeconfig}.cache`, HOME: folder },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {}).end(input); // EPIPE: kubectl ended before it read all
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject).once('close', (status, signal) => resolve(status ?? signal));
  });
  if (code !== 0) throw new KubectlFailed(args, code, stderr);
  return stdout;
}

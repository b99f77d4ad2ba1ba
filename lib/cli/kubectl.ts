import { spawnSync } from 'node:child_process';
import type { Kubectl } from '../review/diff/live';
import { type Io, UserError } from './command';

/** kubectl as the person has it, with the context that was asked for. */
export function kubectlOf(io: Io, context?: string): Kubectl {
  const chosen = context === undefined ? [] : [`--context=${context}`];
  return (args, input = '') => {
    const { stdout, stderr, error, status } = spawnSync('kubectl', [...chosen, ...args], {
      cwd: io.cwd,
      env: { ...io.env } as NodeJS.ProcessEnv,
      input,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    });
    if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserError('kubectl is not installed, or not on PATH: https://kubernetes.io/docs/tasks/tools/');
    }
    if (error) throw error;
    if (status !== 0) throw new UserError(`kubectl ${args[0]}: ${stderr.trim() || `it ended with ${status}`}`);
    return stdout;
  };
}

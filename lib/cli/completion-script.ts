import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '../config/printable';
import { UserError } from './command';
import { packageDocs } from './docs-folder';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Path of a shell's script below `docs/`. `npm run generate` writes it. */
export const scriptOf = (shell: Shell): string => `completion/kaniflux.${shell}`;

/**
 * The completion script of a shell.
 * @throws UserError for any other shell
 */
export function completionScript(name: string | undefined): string {
  const shell = shells.find((one) => one === name);
  if (!shell) {
    throw new UserError(
      `expected a shell, one of ${shells.join(', ')}, found ${name === undefined ? 'nothing' : `\`${printable(name)}\``}`,
    );
  }
  return readFileSync(join(packageDocs() ?? 'docs', scriptOf(shell)), 'utf8');
}

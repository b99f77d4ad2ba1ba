import { printable } from '../config/printable';
import { UserError } from './command';
import { docsText } from './docs-text';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The path below `docs/` of the script for a shell. `npm run generate` writes the script. */
export const scriptOf = (shell: Shell): string => `completion/kaniflux.${shell}`;

/**
 * Returns the completion script of a shell.
 * @throws UserError for any other shell
 */
export function completionScript(name: string | undefined): string {
  const shell = shells.find((one) => one === name);
  if (!shell) {
    throw new UserError(
      `expected a shell, one of ${shells.join(', ')}, found ${name === undefined ? 'nothing' : `\`${printable(name)}\``}`,
    );
  }
  return docsText(scriptOf(shell));
}

import { type Shell, scriptOf, shells } from '../../lib/cli/completion-script';
import { type CommandInfo, commandTree } from '../command-tree';
import { bashCompletion } from './bash-completion';
import { fishCompletion } from './fish-completion';
import { zshCompletion } from './zsh-completion';

const writers: Readonly<Record<Shell, (tree: readonly CommandInfo[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Returns the completion script of a shell for the commands, options and values of this version. */
export const completion = async (shell: Shell): Promise<string> => writers[shell](await commandTree());

/** The files that `kaniflux completion` prints: functions that return the text, by path. */
export const completionFiles: Readonly<Record<string, () => Promise<string>>> = Object.fromEntries(
  shells.map((shell) => [`docs/${scriptOf(shell)}`, () => completion(shell)]),
);

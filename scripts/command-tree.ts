import type { Command, OptionSpec } from '../lib/cli/command';
import { commands } from '../lib/cli/commands';
import { commonOptions } from '../lib/cli/help';

/** A command, for completion and the reference. */
export interface CommandInfo {
  readonly command: Command;
  readonly summary: string;
  /** The options of the command, followed by those of all commands. */
  readonly options: readonly (readonly [string, OptionSpec])[];
  /** Words that can follow the command, for example the shells of `completion`. */
  readonly words: readonly string[];
}

/** Returns all commands with their options and words. */
export async function commandTree(): Promise<CommandInfo[]> {
  return Promise.all(
    Object.entries(commands).map(async ([, { summary, load }]) => {
      const { command } = await load();
      const words = /^([a-z]+(?:\|[a-z]+)+)/.exec(command.usage)?.[1]?.split('|') ?? [];
      return { command, summary, words, options: Object.entries({ ...command.options, ...commonOptions }) };
    }),
  );
}

/** Options whose value is a file or a folder. */
export const takesPath = ({ value }: OptionSpec): boolean => ['FILE', 'DIR'].includes(value ?? '');

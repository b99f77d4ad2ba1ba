import type { Command, OptionSpec } from '../lib/cli/command';
import { commands } from '../lib/cli/commands';
import { commonOptions } from '../lib/cli/help';

/** A command as completion and the reference see it. */
export interface CommandInfo {
  readonly command: Command;
  readonly summary: string;
  /** Its own options, then those of every command. */
  readonly options: readonly (readonly [string, OptionSpec])[];
  /** Words that can stand after it: the shells of `completion`, say. */
  readonly words: readonly string[];
}

/** Every command, with what it takes. */
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

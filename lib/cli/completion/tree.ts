import { type Command, type OptionSpec, UserError } from '../command';
import { commands } from '../commands';
import { commonOptions } from '../help';

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

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** @throws UserError for a shell that there is no completion for */
export function shellOf(name: string | undefined): Shell {
  const found = shells.find((shell) => shell === name);
  if (!found) throw new UserError(`completion wants one of ${shells.join(', ')}${name ? `, not \`${name}\`` : ''}`);
  return found;
}

import type { Command } from './command';

interface Entry {
  /** One line for the list of commands; the help of all loads none of them. */
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** Every command, in the order of the help. */
export const commands: Readonly<Record<string, Entry>> = {
  synth: { summary: 'Render the config into dist/', load: () => import('./commands/synth') },
};

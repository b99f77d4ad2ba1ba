import type { Command } from './command';

interface Entry {
  /** One line for the list of commands; the help of all loads none of them. */
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** Every command, in the order of the help. */
export const commands: Readonly<Record<string, Entry>> = {
  init: {
    summary: 'Write a config, a workflow and a hook into a repository of your own',
    load: () => import('./commands/init'),
  },
  synth: { summary: 'Render the config into dist/', load: () => import('./commands/synth') },
  diff: {
    summary: 'Say who gains and loses what, and which objects change',
    load: () => import('./commands/diff'),
  },
};

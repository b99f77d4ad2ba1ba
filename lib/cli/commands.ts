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
  adopt: {
    summary: 'Make a config of bindings, API server settings and a Kanidm that exist',
    load: () => import('./commands/adopt'),
  },
  synth: { summary: 'Render the config into dist/', load: () => import('./commands/synth') },
  check: {
    summary: 'Find what goes wrong in the real world, each with a code and a page',
    load: () => import('./commands/check'),
  },
  diff: {
    summary: 'Say who gains and loses what, and which objects change',
    load: () => import('./commands/diff'),
  },
  'who-can': {
    summary: 'Say who may do something, through which group and grant',
    load: () => import('./commands/who-can'),
  },
  explain: {
    summary: 'Say what a person can do, what a token is worth, or what a line of a log means',
    load: () => import('./commands/explain'),
  },
  report: {
    summary: 'Write one HTML page: who has what, as a picture, a table and in words',
    load: () => import('./commands/report'),
  },
  doctor: {
    summary: 'Look at the live system, and say what keeps people from signing in',
    load: () => import('./commands/doctor'),
  },
  'kubeadm-merge': {
    summary: "Merge the API server's settings into a cluster's own kubeadm configuration",
    load: () => import('./commands/kubeadm-merge'),
  },
  completion: {
    summary: 'Print the completion script of a shell',
    load: () => import('./commands/completion'),
  },
};

import type { Command } from './command';

interface Entry {
  /** One line for the list of commands, which is printed without loading any of them. */
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** All commands, in the order of the help. */
export const commands: Readonly<Record<string, Entry>> = {
  init: {
    summary: 'Write a config, a workflow and a hook into a repository of your own',
    load: () => import('./commands/init'),
  },
  adopt: {
    summary: 'Generate a config from existing bindings, API server settings and Kanidm entries',
    load: () => import('./commands/adopt'),
  },
  synth: { summary: 'Render the config into dist/', load: () => import('./commands/synth') },
  check: {
    summary: 'Find problems and risks in the config',
    load: () => import('./commands/check'),
  },
  expire: {
    summary: 'Remove ended grants and memberships from the config',
    load: () => import('./commands/expire'),
  },
  diff: {
    summary: 'Show who gains and loses access, and which objects change',
    load: () => import('./commands/diff'),
  },
  'who-can': {
    summary: 'Show who may do something, through which group and grant',
    load: () => import('./commands/who-can'),
  },
  explain: {
    summary: 'Explain what a person can do, whether a token is accepted, or what a log line means',
    load: () => import('./commands/explain'),
  },
  report: {
    summary: 'Write an HTML page that shows who has access to what',
    load: () => import('./commands/report'),
  },
  doctor: {
    summary: 'Check the live system, and report what keeps people from signing in',
    load: () => import('./commands/doctor'),
  },
  'merge-authentication-config': {
    summary: 'Merge the rendered issuers into an AuthenticationConfiguration',
    load: () => import('./commands/merge-authentication-config'),
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

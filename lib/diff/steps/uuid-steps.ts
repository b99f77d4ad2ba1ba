import type { Config } from '../../config/config';
import { authenticators } from '../../identity/authenticator';
import { command, comment } from '../../node-files/shell';
import { pendingOn } from '../pending-statements';
import type { Step } from './manual-step';

interface Changed {
  readonly before: Config;
  readonly after: Config;
  /** The output folder. */
  readonly folder: string;
}

/**
 * Returns a step to write UUIDs into the config: the UUIDs of accounts that were added to grants and whose UUIDs only
 * Kanidm knows.
 */
export function uuidSteps({ before, after, folder }: Changed): Step[] {
  const known = new Set(missing(before));
  const fields = missing(after).filter((field) => !known.has(field));
  if (fields.length === 0) return [];
  return [
    {
      title:
        'Write the UUIDs from the output of the runbook into the config, and merge this as a second change: until then, no binding names these accounts',
      commands: [command('sh', `${folder}/kanidm/runbook.sh`), ...fields.map((field) => comment(`write ${field}`))],
    },
  ];
}

const missing = (config: Config): string[] => [
  ...new Set(
    [...config.clusters.values()]
      .filter((cluster) => authenticators(config, cluster).some(({ username }) => username.claim === 'sub'))
      .flatMap((cluster) => pendingOn(config, cluster))
      .filter(({ kind, name }) => config[kind].get(name)?.id === undefined)
      .map(({ kind, name }) => `${kind}.${name}.id`),
  ),
];

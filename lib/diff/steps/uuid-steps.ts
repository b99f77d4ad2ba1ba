import type { Config } from '../../config/config';
import { authenticators } from '../../identity/authenticator';
import { uuidOf } from '../../identity/uuid';
import { command, comment } from '../../node-files/shell';
import { pendingOn } from '../pending-statements';
import { predecessors } from '../predecessors';
import type { Step } from './manual-step';

interface Changed {
  readonly before: Config;
  readonly after: Config;
  /** The output folder. */
  readonly folder: string;
}

/**
 * Returns the steps to write UUIDs into the config. These are UUIDs of accounts in grants, and the config does not have
 * them. If Kaniflux derived such a UUID before the change, the UUID is known, and should be written before merging.
 */
export function uuidSteps({ before, after, folder }: Changed): Step[] {
  const known = new Set(missing(before).map(({ field }) => field));
  const fields = missing(after).filter(({ field }) => !known.has(field));
  const former = predecessors(before, after);
  const derived = fields.flatMap(({ kind, name, field }) => {
    const was = before.kanidm.domain === after.kanidm.domain ? former({ kind: entryKind[kind], name }) : undefined;
    const uuid = was === undefined ? undefined : derivedUuid(before, kind, was);
    return uuid === undefined ? [] : [{ field, uuid }];
  });
  const unknown = fields.filter(({ field }) => !derived.some((one) => one.field === field));
  return [
    ...(derived.length > 0
      ? [
          {
            title:
              'write into the config the UUIDs that Kaniflux derived until now. Without these UUIDs in the config, no binding names their accounts',
            isBefore: true,
            commands: derived.map(({ field, uuid }) => comment(`write ${field}: ${uuid}`)),
          },
        ]
      : []),
    ...(unknown.length > 0
      ? [
          {
            title:
              'Write the UUIDs from the output of the runbook into the config, and merge this as a second change: until then, no binding names these accounts',
            commands: [
              command('sh', `${folder}/kanidm/runbook.sh`),
              ...unknown.map(({ field }) => comment(`write ${field}`)),
            ],
          },
        ]
      : []),
  ];
}

type Kind = keyof typeof entryKind;

const entryKind = { people: 'person', serviceAccounts: 'service account' } as const;

const derivedUuid = (config: Config, kind: Kind, name: string): string | undefined => {
  const entry = config[kind].get(name);
  return entry && !entry.absent ? uuidOf(config, entryKind[kind], entry) : undefined;
};

interface Missing {
  readonly kind: Kind;
  readonly name: string;
  /** The path of the missing UUID in the config. */
  readonly field: string;
}

/** Returns the accounts in grants that no binding can name because the config does not have their UUIDs. */
function missing(config: Config): Missing[] {
  const found = [...config.clusters.values()]
    .filter((cluster) => authenticators(config, cluster).some(({ username }) => username.claim === 'sub'))
    .flatMap((cluster) => pendingOn(config, cluster))
    .filter(({ kind, name }) => config[kind].get(name)?.id === undefined)
    .map(({ kind, name }) => ({ kind, name, field: `${kind}.${name}.id` }));
  return [...new Map(found.map((one) => [one.field, one])).values()];
}

import { listed } from '../access/rights-in-words';
import type { Cluster, Config } from '../config/config';
import { authenticators } from '../identity/authenticator';
import { groupSubjects, personSubjects } from '../identity/subject';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { predecessors, type Who } from './predecessors';
import type { Side } from './side';
import type { Statement } from './statement';

/**
 * Returns a statement for each cluster where bindings name the same people and groups differently than before. Flux
 * applies them, and people sign in with the new names only when somebody has changed Kanidm or the API server by hand.
 */
export function nameGapStatements(before: Side, after: Side): Statement[] {
  const former = predecessors(before.config, after.config);
  return [...after.config.clusters.values()].flatMap((cluster): Statement[] => {
    const old = before.config.clusters.get(cluster.name);
    if (!old || before.isSameOn?.(after, cluster.name)) return [];
    if (followsByItself([before.config, old], [after.config, cluster])) return [];
    const renamed = grantees(cluster).filter((who) => {
      const from = former(who) ?? (isBuiltIn(who.name) ? who.name : undefined);
      const was = from === undefined ? [] : subjects(before.config, old, { ...who, name: from });
      const is = subjects(after.config, cluster, who);
      return was.length > 0 && is.length > 0 && !is.some((name) => was.includes(name));
    });
    if (renamed.length === 0) return [];
    const names = renamed.map(({ kind, name }) => (kind === 'person' ? name : `${kind} ${name}`));
    const text = `bindings name ${listed(names, 6)} differently as soon as Flux applies this change, but people sign in with the old names until somebody has done the manual steps: until then, these bindings give them nothing`;
    return [
      {
        part: 'access',
        level: 'medium',
        change: 'changed',
        say: (on) => `${on}: ${text}`,
        clusters: [cluster.name],
        details: [],
      },
    ];
  });
}

type On = readonly [Config, Cluster];

/** Whether Kanidm puts the new names into tokens without anybody's help, because migrations change its entries. */
const followsByItself = ([before, old]: On, [after, now]: On): boolean =>
  after.kanidm.provision === 'migrations' &&
  before.kanidm.provision === 'migrations' &&
  before.kanidm.domain === after.kanidm.domain &&
  mappings(before, old) === mappings(after, now);

const mappings = (config: Config, cluster: Cluster): string =>
  JSON.stringify(authenticators(config, cluster).map(({ issuer, username, groups }) => [issuer, username, groups]));

/** Those whom the grants of a cluster name, each once. */
function grantees({ grants }: Cluster): Who[] {
  const names = (key: 'people' | 'groups' | 'serviceAccounts') => [...new Set(grants.flatMap((grant) => grant[key]))];
  return [
    ...names('people').map((name) => ({ kind: 'person', name }) as const),
    ...names('serviceAccounts').map((name) => ({ kind: 'service account', name }) as const),
    ...names('groups').map((name) => ({ kind: 'group', name }) as const),
  ];
}

const subjects = (config: Config, cluster: Cluster, { kind, name }: Who): readonly string[] =>
  kind === 'group' ? groupSubjects(config, cluster, name) : personSubjects(config, cluster, name);

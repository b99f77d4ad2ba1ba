import { formerClusters, renamedClusters } from '../checks/base/renamed-clusters';
import type { Config } from '../config/config';
import type { Side } from './side';
import type { Statement } from './statement';

/**
 * Returns the side before a change, with each renamed cluster under its new name. So the cluster is compared with its
 * own state before the change, and nobody seems to gain the access that they already have.
 */
export function withNewClusterNames(before: Side, after: Config): Side {
  const renamed = renamedClusters(before.config, after);
  if (renamed.size === 0) return before;
  const former = formerClusters(before.config, after);
  const was = (name: string): string => former.get(name) ?? name;
  const { byHand } = before;
  return {
    ...before,
    config: renamedIn(before.config, renamed),
    objects: (name) => before.objects(was(name)),
    ...(byHand ? { byHand: (name: string) => byHand(was(name)) } : {}),
    reachKey: (name) => before.reachKey?.(was(name)),
    isSameOn: (other, name) => !former.has(name) && (before.isSameOn?.(other, name) ?? false),
  };
}

function renamedIn(config: Config, renamed: ReadonlyMap<string, string>): Config {
  const { kanidm } = config;
  const home = kanidm.cluster && renamed.get(kanidm.cluster);
  return {
    ...config,
    kanidm: home ? { ...kanidm, cluster: home } : kanidm,
    clusters: new Map(
      [...config.clusters].map(([key, cluster]) => {
        const name = renamed.get(key) ?? key;
        return [name, name === key ? cluster : { ...cluster, name }];
      }),
    ),
  };
}

/** Returns a statement for each renamed cluster. */
export const clusterRenameStatements = (before: Config, after: Config): Statement[] =>
  [...renamedClusters(before, after)].map(([from, to]) => ({
    part: 'trust',
    level: 'low',
    change: 'changed',
    say: () =>
      `cluster ${from} is renamed to ${to}: both have the same API server. Until somebody applies the Flux Kustomizations of ${to}, which replace those of ${from}, Flux changes no object of the cluster, so bindings stay as they are`,
    clusters: [],
    details: [],
    path: `clusters.${to}`,
  }));

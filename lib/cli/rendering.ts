import { AccessMd } from '../access/access-md';
import type { Cluster, Config } from '../config/config';
import { suggest } from '../config/nearest';
import { printable } from '../config/printable';
import type { Artifact } from '../output/artifact';
import { renderCluster, renderShared } from '../render';
import { UserError } from './command';

/** What a run renders. */
export interface Rendering {
  readonly clusters: readonly Cluster[];
  /**
   * Renders the files.
   * @param done called after each cluster
   */
  artifacts(done?: () => void): Generator<Artifact>;
  /** Whether a path belongs to this run. Set only if one cluster is rendered. */
  readonly scope?: (path: string) => boolean;
}

/**
 * Returns what a run renders: all files of a config, or only the files of one cluster.
 * @throws UserError if the cluster does not exist
 */
export function renderingOf(config: Config, name?: string): Rendering {
  if (name === undefined) {
    const clusters = [...config.clusters.values()];
    return {
      clusters,
      *artifacts(done) {
        const access = new AccessMd(config);
        yield* each(config, clusters, done, access);
        yield* renderShared(config, access);
      },
    };
  }
  const cluster = config.clusters.get(name);
  if (!cluster) {
    throw new UserError(
      `there is no cluster \`${printable(name)}\`: ${suggest(name, [...config.clusters.keys()], 'the config has no clusters')}`,
    );
  }
  return {
    clusters: [cluster],
    artifacts: (done) => each(config, [cluster], done),
    scope: (path) => isOfCluster(path, name),
  };
}

function* each(
  config: Config,
  clusters: readonly Cluster[],
  done?: () => void,
  access?: AccessMd,
): Generator<Artifact> {
  for (const cluster of clusters) {
    yield* renderCluster(config, cluster, access ? { access } : {});
    done?.();
  }
}

/** Whether a path of the output belongs to the cluster: `clusters/NAME/…`, `flux/NAME.yaml`. */
export function isOfCluster(path: string, name: string): boolean {
  const [folder = '', second = ''] = path.split('/');
  return ['clusters', 'control-planes'].includes(folder)
    ? second === name
    : ['flux', 'kubeconfigs'].includes(folder) && second === `${name}.yaml`;
}

import { type ClusterAccess, clusterAccess } from '../access/cluster';
import type { Config } from '../config/config';
import { clusterFolders } from '../render';

/** One of the two things that a review compares. */
export interface Side {
  readonly config: Config;
  /** What is applied to a cluster. */
  objects(cluster: string): readonly object[];
  /** Whether the built-in roles are among the objects, as they are in a live cluster. @default false */
  readonly whole?: boolean;
}

/** A config, with what is rendered from it. */
export function rendered(config: Config): Side {
  const known = new Map<string, readonly object[]>();
  return {
    config,
    objects(name) {
      const cluster = config.clusters.get(name);
      if (!cluster) return [];
      let objects = known.get(name);
      if (!objects) {
        objects = clusterFolders(config, cluster).flatMap((folder) => folder.objects);
        known.clear(); // one cluster at a time: a thousand of them are never held at once
        known.set(name, objects);
      }
      return objects;
    },
  };
}

/** Who may do what on a cluster of a side; `undefined` where the side has no such cluster. */
export function accessOn(side: Side, name: string, more: readonly object[] = []): ClusterAccess | undefined {
  const cluster = side.config.clusters.get(name);
  return cluster ? clusterAccess(side.config, cluster, [...side.objects(name), ...more], side.whole) : undefined;
}

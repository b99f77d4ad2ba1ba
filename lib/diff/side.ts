import { type ClusterAccess, clusterAccess } from '../access/cluster';
import type { Cluster, Config } from '../config/config';
import { clusterFolders } from '../render';
import { plainCluster, plainConfig } from './plain-config';

/** One of the two sides of a review. */
export interface Side {
  readonly config: Config;
  /** Returns the objects that are applied to a cluster. */
  objects(cluster: string): readonly object[];
  /** Whether the objects include the built-in roles, as those of a live cluster do. @default false */
  readonly whole?: boolean;
  /** Whether another side is known to be equal on a cluster, so that the cluster can be skipped. @default unknown */
  isSameOn?(other: Side, cluster: string): boolean;
}

/** Returns a side of rendered and hand-written objects. */
export function rendered(config: Config, byHand?: (cluster: string) => readonly object[]): Side {
  const known = new Map<string, readonly object[]>();
  return {
    config,
    objects(name) {
      const cluster = config.clusters.get(name);
      if (!cluster) return [];
      let objects = known.get(name);
      if (!objects) {
        objects = [...clusterFolders(config, cluster).flatMap((folder) => folder.objects), ...(byHand?.(name) ?? [])];
        known.clear(); // keep the objects of one cluster only, to limit memory
        known.set(name, objects);
      }
      return objects;
    },
    ...(byHand ? {} : { isSameOn: (other, name) => isSameConfigOn(config, other.config, name) }),
  };
}

/** Whether two configs have equal inputs for the files of a cluster. */
export function isSameConfigOn(one: Config, other: Config, name: string): boolean {
  const [a, b] = [one.clusters.get(name), other.clusters.get(name)];
  return a !== undefined && b !== undefined && shared(one) === shared(other) && textOf(a) === textOf(b);
}

const textOf = (cluster: Cluster): string => JSON.stringify(plainCluster(cluster));

const sharedTexts = new WeakMap<Config, string>();

/** Returns a key of the parts of the config that the files of every cluster depend on, in the order of the config. */
function shared(config: Config): string {
  let text = sharedTexts.get(config);
  if (text === undefined) {
    const { clusters: _clusters, checks: _checks, ...rest } = plainConfig({ ...config, clusters: new Map() });
    text = JSON.stringify(rest);
    sharedTexts.set(config, text);
  }
  return text;
}

/** Returns the access on a cluster of a side; `undefined` if the side has no such cluster. */
export function accessOn(side: Side, name: string, more: readonly object[] = []): ClusterAccess | undefined {
  const cluster = side.config.clusters.get(name);
  return cluster ? clusterAccess(side.config, cluster, [...side.objects(name), ...more], side.whole) : undefined;
}

import { type ClusterAccess, clusterAccess } from '../access/cluster';
import type { Cluster, Config } from '../config/config';
import { clusterFolders } from '../render';
import { plainCluster, plainConfig } from './plain-config';

/** One of the two things that a review compares. */
export interface Side {
  readonly config: Config;
  /** What is applied to a cluster. */
  objects(cluster: string): readonly object[];
  /** Whether the built-in roles are among the objects, as they are in a live cluster. @default false */
  readonly whole?: boolean;
  /** Whether another side is the same on a cluster, so that nothing there needs a look. @default unknown */
  isSameOn?(other: Side, cluster: string): boolean;
}

/** A config, with what is rendered from it, and with objects that are written by hand. */
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
        known.clear(); // one cluster at a time: a thousand of them are never held at once
        known.set(name, objects);
      }
      return objects;
    },
    ...(byHand ? {} : { isSameOn: (other, name) => isSameConfigOn(config, other.config, name) }),
  };
}

/** Everything that a cluster's files are made from is the same in two configs. */
export function isSameConfigOn(one: Config, other: Config, name: string): boolean {
  const [a, b] = [one.clusters.get(name), other.clusters.get(name)];
  return a !== undefined && b !== undefined && shared(one) === shared(other) && textOf(a) === textOf(b);
}

const textOf = (cluster: Cluster): string => JSON.stringify(plainCluster(cluster));

const sharedTexts = new WeakMap<Config, string>();

/** What every cluster's files are made from, in the order of the config. */
function shared(config: Config): string {
  let text = sharedTexts.get(config);
  if (text === undefined) {
    const { clusters: _clusters, checks: _checks, ...rest } = plainConfig({ ...config, clusters: new Map() });
    text = JSON.stringify(rest);
    sharedTexts.set(config, text);
  }
  return text;
}

/** Who may do what on a cluster of a side; `undefined` where the side has no such cluster. */
export function accessOn(side: Side, name: string, more: readonly object[] = []): ClusterAccess | undefined {
  const cluster = side.config.clusters.get(name);
  return cluster ? clusterAccess(side.config, cluster, [...side.objects(name), ...more], side.whole) : undefined;
}

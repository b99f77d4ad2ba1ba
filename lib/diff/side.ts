import { type ClusterAccess, clusterAccess } from '../access/cluster';
import { reachKey } from '../access/equal-access';
import type { Config } from '../config/config';
import { clusterObjects } from '../render';
import { isSameOn } from './same-clusters';

/** One side of a review: the state before the change, or after it. */
export interface Side {
  readonly config: Config;
  /** Returns the objects that are applied to a cluster. */
  objects(cluster: string): readonly object[];
  /** Returns those of the objects that are hand-written, outside the output folder. @default - none */
  byHand?(cluster: string): readonly object[];
  /** Whether the objects include the built-in roles, as the objects of a live cluster do. @default false */
  readonly whole?: boolean;
  /**
   * Returns a key for everything that determines which identities and rights people can get on a cluster. Clusters with
   * equal keys have equal results.
   * @default - not known
   */
  reachKey?(cluster: string): string | undefined;
  /** Whether another side is equal on a cluster, so that the cluster can be skipped. @default - not known */
  isSameOn?(other: Side, cluster: string): boolean;
}

/**
 * The maximum number of objects that a side keeps, to limit memory to some 50 MB. If keeping the objects of a cluster
 * would exceed this number, they are rendered each time.
 */
const mostObjects = 50_000;

/** Returns one side of a review: the rendered objects of a config, and the hand-written ones. */
export function rendered(config: Config, byHand?: (cluster: string) => readonly object[]): Side {
  const known = new Map<string, readonly object[]>();
  let kept = 0;
  return {
    config,
    objects(name) {
      const cluster = config.clusters.get(name);
      if (!cluster) return [];
      let objects = known.get(name);
      if (!objects) {
        objects = [...clusterObjects(config, cluster), ...(byHand?.(name) ?? [])];
        if (kept + objects.length <= mostObjects) {
          known.set(name, objects);
          kept += objects.length;
        }
      }
      return objects;
    },
    ...(byHand
      ? { byHand }
      : {
          reachKey: (name) => {
            const cluster = config.clusters.get(name);
            return cluster && reachKey({ config, cluster }, []);
          },
          isSameOn: (other, name) => isSameOn(config, other.config, name),
        }),
  };
}

/** The evaluated access on a cluster. The key is the list of objects of this cluster that a side keeps. */
const evaluated = new WeakMap<readonly object[], ClusterAccess>();

/** Returns the access on a cluster of a side; `undefined` if the side has no such cluster. */
export function accessOn(side: Side, name: string, more: readonly object[] = []): ClusterAccess | undefined {
  const cluster = side.config.clusters.get(name);
  if (!cluster) return undefined;
  const objects = side.objects(name);
  if (more.length > 0) return clusterAccess(side.config, cluster, [...objects, ...more], side.whole);
  const known = evaluated.get(objects);
  const access = known?.config === side.config ? known : clusterAccess(side.config, cluster, objects, side.whole);
  evaluated.set(objects, access);
  return access;
}

import type { Cluster, Config } from '../../config/config';
import { addressOf } from '../server-address';

/**
 * Returns a map from the old name to the new name of each cluster that was only renamed in the config. A renamed
 * cluster has the same API server and the same Flux namespace under its new name. Its Flux Kustomizations keep their
 * names, so they replace the old ones. If several clusters have this API server and namespace, none of them counts as
 * renamed.
 */
export function renamedClusters(before: Config, after: Config): ReadonlyMap<string, string> {
  const [gone, added] = [without(before, after), without(after, before)];
  return new Map(
    [...gone].flatMap(([place, from]): [string, string][] => {
      const to = added.get(place);
      return from === undefined || to === undefined ? [] : [[from, to]];
    }),
  );
}

/** Returns a map from the new name to the old name of each cluster that was only renamed. */
export const formerClusters = (before: Config, after: Config): ReadonlyMap<string, string> =>
  new Map([...renamedClusters(before, after)].map(([from, to]) => [to, from]));

/**
 * Returns the names of the clusters that only `config` has. The key is the API server with the Flux namespace. The
 * value is `undefined` if several of these clusters have the same key.
 */
function without(config: Config, other: Config): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const cluster of config.clusters.values()) {
    if (other.clusters.has(cluster.name)) continue;
    found.set(placeOf(cluster), found.has(placeOf(cluster)) ? undefined : cluster.name);
  }
  return found;
}

const placeOf = ({ server, flux }: Cluster): string => JSON.stringify([addressOf(server), flux.namespace]);

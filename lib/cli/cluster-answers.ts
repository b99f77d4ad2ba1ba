import { reachKey } from '../access/equal-access';
import type { Cluster, Config } from '../config/config';
import { rendered } from '../diff/side';
import { isAbout, type Manifest } from '../existing/manifests';

/** What is asked about: clusters, with the hand-written objects that are applied to them. */
interface Asked {
  readonly config: Config;
  readonly clusters: readonly Cluster[];
  readonly manifests: readonly Manifest[];
}

/**
 * Answers a question about each cluster. Clusters with equal access share one answer.
 * @param answer gets a cluster, and all objects that are applied to it
 * @param more returns what the answer depends on besides the access
 */
export function clusterAnswers<T extends object>(
  { config, clusters, manifests }: Asked,
  answer: (cluster: Cluster, objects: readonly object[]) => T,
  more: (cluster: Cluster) => unknown = () => undefined,
): (T & { readonly cluster: string })[] {
  const names = [...config.clusters.keys()];
  const manifestsOn = (cluster: string) => manifests.filter(({ file }) => isAbout(file, cluster, names));
  const side = rendered(config, (cluster) => manifestsOn(cluster).map(({ object }) => object));
  const answers = new Map<string, T>();
  return clusters.map((cluster) => {
    const key = `${reachKey({ config, cluster }, manifestsOn(cluster.name))}\n${JSON.stringify(more(cluster))}`;
    const known = answers.get(key) ?? answer(cluster, side.objects(cluster.name));
    answers.set(key, known);
    return { cluster: cluster.name, ...known };
  });
}

import type { Cluster, Config } from '../config/config';
import type { Artifact } from '../output/artifact';
import { toYaml } from '../output/yaml';
import { kubeconfigEntries, kubeconfigOf } from './kubeconfig';

/** Renders the kubeconfig of one cluster. It contains no secret, since everybody signs in with their own account. */
export const kubeconfigArtifacts = (config: Config, cluster: Cluster): Artifact[] => [
  { path: `kubeconfigs/${cluster.name}.yaml`, text: toYaml(kubeconfigOf([kubeconfigEntries(config, cluster)])) },
];

/** Renders one kubeconfig for all clusters, if there are several. */
export function mergedKubeconfig(config: Config): Artifact[] {
  if (config.clusters.size < 2) return [];
  const entries = [...config.clusters.values()].map((cluster) => kubeconfigEntries(config, cluster));
  return [{ path: 'kubeconfig.yaml', text: toYaml(kubeconfigOf(entries)) }];
}

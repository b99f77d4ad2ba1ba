import type { Cluster, Config } from '../config/config';
import type { Artifact } from '../output/artifact';
import { apiServerSettings, type Settings } from './api-server-settings';
import { trustedBy } from './authentication-configuration';
import type { ControlPlane } from './control-plane-kind';
import { controlPlanes } from './kinds/kinds';

/**
 * Returns the settings of the kube-apiserver of a cluster.
 * @throws Error if the kind of control plane is not supported; the rules reject such a config earlier
 */
export const clusterSettings = (config: Config, cluster: Cluster): Settings =>
  apiServerSettings(cluster, trustedBy(config, cluster), kindOf(cluster).folder);

/**
 * Renders the API server settings of a cluster for its kind of control plane, and a README. Flux must never apply these
 * files, since they are not API objects.
 * @throws Error if the kind of control plane is not supported; the rules reject such a config earlier
 */
export function controlPlaneArtifacts(config: Config, cluster: Cluster): Artifact[] {
  const { files, guide } = kindOf(cluster).render(clusterSettings(config, cluster), cluster, config);
  const folder = `control-planes/${cluster.name}`;
  const readme = `# Sign-in at the API server of ${cluster.name}\n\n${guide}\n`;
  return [{ path: 'README.md', text: readme }, ...files].map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

function kindOf({ controlPlane }: Cluster): ControlPlane {
  const kind = controlPlanes[controlPlane];
  if ('unsupported' in kind) throw new Error(kind.unsupported);
  return kind;
}

import type { Cluster, Config } from '../config/config';
import { authenticators } from '../identity/authenticator';
import type { Artifact } from '../output/artifact';
import { apiServerSettings, type Settings } from './api-server-settings';
import type { ControlPlane } from './control-plane-kind';
import { controlPlanes } from './kinds/kinds';

/**
 * What the kube-apiserver of a cluster must be given.
 * @throws Error for a kind that can't be rendered, which the rules refuse
 */
export const clusterSettings = (config: Config, cluster: Cluster): Settings =>
  apiServerSettings(cluster, authenticators(config, cluster), kindOf(cluster).folder);

/**
 * What the nodes of a cluster read to let its people in, and a guide beside it. Not API objects: Flux must never see
 * them.
 * @throws Error for a kind that can't be rendered, which the rules refuse
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

import type { Artifact } from '../artifacts/artifact';
import type { Cluster, Config } from '../config/config';
import { controlPlanes } from './kinds';
import { apiServerSettings } from './settings';

export { rules } from './rules';

/**
 * What the nodes of a cluster read to let its people in, and a guide beside it. Not API objects: Flux must never see
 * them.
 * @throws Error for a kind that can't be rendered, which the rules refuse
 */
export function controlPlaneArtifacts(config: Config, cluster: Cluster): Artifact[] {
  const kind = controlPlanes[cluster.controlPlane];
  if ('unsupported' in kind) throw new Error(kind.unsupported);
  const { files, guide } = kind.render(apiServerSettings(config, cluster, kind.folder), cluster, config);
  const folder = `control-planes/${cluster.name}`;
  const readme = `# Sign-in at the API server of ${cluster.name}\n\n${guide}\n`;
  return [{ path: 'README.md', text: readme }, ...files].map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

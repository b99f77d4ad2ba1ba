import type { Cluster, Config } from '../../lib/config/config';
import { entry } from '../../lib/config/config';
import { controlPlaneArtifacts } from '../../lib/node-files/control-plane-files';
import type { Artifact } from '../../lib/output/artifact';
import { configOf } from '../config';

/** A text that the loader accepts as a certificate. */
export const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** Returns the home lab's cluster with a change, which can name the file `ca.crt`. */
export function clusterOf(change: object, top: object = {}): { config: Config; cluster: Cluster } {
  const config = configOf({ clusters: { homelab: change }, ...top }, { 'ca.crt': pem });
  return { config, cluster: entry(config.clusters, 'homelab') };
}

/** Returns the files of the cluster by name, without the folder. */
export function filesOf(change: object, top?: object): Record<string, string> {
  const { config, cluster } = clusterOf(change, top);
  const name = ({ path }: Artifact) => path.replace('control-planes/homelab/', '');
  return Object.fromEntries(controlPlaneArtifacts(config, cluster).map((file) => [name(file), file.text]));
}

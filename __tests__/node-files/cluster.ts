import type { Cluster, Config } from '../../lib/config/config';
import { entry } from '../../lib/config/config';
import { controlPlaneArtifacts } from '../../lib/node-files/control-plane-files';
import type { Artifact } from '../../lib/output/artifact';
import { configOf } from '../config';

/** A certificate as far as the loader looks at it. */
export const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** The home lab's cluster with a change; `ca.crt` is there to be named. */
export function clusterOf(change: object, top: object = {}): { config: Config; cluster: Cluster } {
  const config = configOf({ clusters: { homelab: change }, ...top }, { 'ca.crt': pem });
  return { config, cluster: entry(config.clusters, 'homelab') };
}

/** The files of the cluster by their names, without the folder. */
export function filesOf(change: object, top?: object): Record<string, string> {
  const { config, cluster } = clusterOf(change, top);
  const name = ({ path }: Artifact) => path.replace('control-planes/homelab/', '');
  return Object.fromEntries(controlPlaneArtifacts(config, cluster).map((file) => [name(file), file.text]));
}

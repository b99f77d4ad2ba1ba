import type { Cluster, Config } from '../config/config';
import type { Artifact } from '../output/artifact';
import type { Settings } from './api-server-settings';

/** What a kind of control plane renders for one cluster. */
export interface Rendering {
  /** Files beside the guide, by paths relative to `control-planes/<cluster>/`. */
  readonly files: readonly Artifact[];
  /** Where they go, with the commands in order: the body of the README beside them, in Markdown. */
  readonly guide: string;
}

/** A kind of control plane: how a kube-apiserver of its own gets the settings. */
export interface ControlPlane {
  /** Where on the nodes it looks for the files that kube-apiserver reads. */
  readonly folder: string;
  render(settings: Settings, cluster: Cluster, config: Config): Rendering;
}

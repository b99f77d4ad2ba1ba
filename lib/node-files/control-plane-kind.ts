import type { Cluster, Config } from '../config/config';
import type { Artifact } from '../output/artifact';
import type { Settings } from './api-server-settings';

/** What a kind of control plane renders for one cluster. */
export interface Rendering {
  /** Files beside the guide, by paths relative to `control-planes/<cluster>/`. */
  readonly files: readonly Artifact[];
  /** The body of the README, in Markdown: where the files go, with the commands in order. */
  readonly guide: string;
}

/** A kind of control plane: how its kube-apiserver gets the settings. */
export interface ControlPlane {
  /** Folder on the nodes for files that kube-apiserver reads. */
  readonly folder: string;
  render(settings: Settings, cluster: Cluster, config: Config): Rendering;
}

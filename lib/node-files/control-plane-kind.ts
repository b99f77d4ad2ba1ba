import type { Cluster, Config } from '../config/config';
import type { Artifact } from '../output/artifact';
import type { Settings } from './api-server-settings';

/** What a kind of control plane renders for one cluster. */
export interface Rendering {
  /** Files in addition to the README. Their paths are relative to `control-planes/<cluster>/`. */
  readonly files: readonly Artifact[];
  /** The body of the README, in Markdown: where the files belong, with the commands in order. */
  readonly guide: string;
}

/** A kind of control plane: how its kube-apiserver gets the settings. */
export interface ControlPlane {
  /** The folder on the nodes for files that kube-apiserver reads. */
  readonly folder: string;
  render(settings: Settings, cluster: Cluster, config: Config): Rendering;
}

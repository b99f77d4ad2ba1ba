import type { Artifact } from '../artifacts/artifact';
import type { Cluster, Config } from '../config/config';
import type { Problem } from '../config/problem';

export const kubeconfigArtifacts = (_config: Config, _cluster: Cluster): Artifact[] => [];
export const rules = (_config: Config): Problem[] => [];

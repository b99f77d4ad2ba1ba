import type { Chart } from 'cdk8s';
import type { Artifact } from '../artifacts/artifact';
import type { Config } from '../config/config';
import type { Problem } from '../config/problem';

export const kanidmObjects = (_chart: Chart, _config: Config): void => {};
export const kanidmArtifacts = (_config: Config): Artifact[] => [];
export const rules = (_config: Config): Problem[] => [];

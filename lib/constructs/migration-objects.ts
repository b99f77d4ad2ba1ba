import type { Chart } from 'cdk8s';
import { KubeConfigMap } from 'cdk8s-plus-30/lib/imports/k8s';
import type { Config } from '../config/config';
import { noSubstitution } from './flux-annotations';
import type { MigrationMaps } from './migrations';

/** The ConfigMaps that the server's pod mounts. Flux must not substitute in them: a text may hold `${…}`. */
export const migrationObjects = (chart: Chart, { kanidm }: Config, { maps }: MigrationMaps): KubeConfigMap[] =>
  maps.map(
    ({ name, data }) =>
      new KubeConfigMap(chart, name, {
        metadata: { name, namespace: kanidm.namespace, annotations: noSubstitution },
        data,
      }),
  );

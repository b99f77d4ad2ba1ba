import type { Chart } from 'cdk8s';
import type { Config } from '../config/config';
import { chartDeployment } from './kanidm-chart';
import { manifestsDeployment } from './kanidm-manifests';
import { migrationObjects } from './migration-objects';
import { migrationMaps } from './migrations';

/** Adds what deploys Kanidm on the cluster that hosts it. Nothing where it runs elsewhere. */
export function kanidmObjects(chart: Chart, config: Config): void {
  const { helm, manifests, provision } = config.kanidm;
  const maps = (helm || manifests) && provision === 'migrations' ? migrationMaps(config) : undefined;
  if (helm) chartDeployment(chart, config, helm, maps);
  if (manifests) manifestsDeployment(chart, config, manifests, maps);
  if (maps) migrationObjects(chart, config, maps);
}

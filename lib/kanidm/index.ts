import type { Chart } from 'cdk8s';
import type { Artifact } from '../artifacts/artifact';
import type { Config } from '../config/config';
import { chartDeployment } from './chart';
import { manifestsDeployment } from './manifests';
import { migrationObjects } from './migration-objects';
import { migrationMaps, migrations } from './provision';
import { runbook } from './runbook';

export { identityMoves } from './moves';
export { rules } from './rules';

/** Adds what deploys Kanidm on the cluster that hosts it. Nothing where it runs elsewhere. */
export function kanidmObjects(chart: Chart, config: Config): void {
  const { helm, manifests, provision } = config.kanidm;
  const maps = (helm || manifests) && provision === 'migrations' ? migrationMaps(config) : undefined;
  if (helm) chartDeployment(chart, config, helm, maps);
  if (manifests) manifestsDeployment(chart, config, manifests, maps);
  if (maps) migrationObjects(chart, config, maps);
}

/** The files for people: the runbook, and the migrations where Kanidm runs elsewhere and somebody has to take them there. */
export function kanidmArtifacts(config: Config): Artifact[] {
  const { helm, manifests, provision } = config.kanidm;
  const files = provision === 'migrations' && !helm && !manifests ? migrations(config) : [];
  return [
    ...files.map(({ name, text }) => ({ path: `kanidm/migrations.d/${name}`, text })),
    { path: 'kanidm/runbook.sh', text: runbook(config), executable: true },
  ];
}

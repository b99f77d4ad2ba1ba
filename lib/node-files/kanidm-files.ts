import type { Config } from '../config/config';
import { migrations } from '../constructs/migrations';
import type { Artifact } from '../output/artifact';
import { runbook } from './runbook';

/** The files for people: the runbook, and the migrations where Kanidm runs elsewhere and somebody has to take them there. */
export function kanidmArtifacts(config: Config): Artifact[] {
  const { helm, manifests, provision } = config.kanidm;
  const files = provision === 'migrations' && !helm && !manifests ? migrations(config) : [];
  return [
    ...files.map(({ name, text }) => ({ path: `kanidm/migrations.d/${name}`, text })),
    { path: 'kanidm/runbook.sh', text: runbook(config), executable: true },
  ];
}

import type { Config } from '../config/config';
import { migrations } from '../constructs/migrations';
import type { Artifact } from '../output/artifact';
import { runbook } from './runbook';

/**
 * Renders the runbook and, if Kaniflux does not deploy Kanidm, the migrations, which an administrator has to copy to
 * the server.
 */
export function kanidmArtifacts(config: Config): Artifact[] {
  const { helm, manifests, provision } = config.kanidm;
  const files = provision === 'migrations' && !helm && !manifests ? migrations(config) : [];
  return [
    ...files.map(({ name, text }) => ({ path: `kanidm/migrations.d/${name}`, text })),
    { path: 'kanidm/runbook.sh', text: runbook(config), executable: true },
  ];
}

import { isOfRbac } from '../../access/objects';
import { listed } from '../../access/rights-in-words';
import type { Cluster, Config } from '../../config/config';
import { type LiveObjects, live, liveBesidesRbac } from '../../diff/live-diff';
import { type ObjectChange, objectChanges } from '../../diff/object-changes';
import type { Kubectl } from '../../existing/live-cluster';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, judged, type LiveCheck, passed } from './live-check';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { Question } from './question';

const differences = new Question<readonly ObjectChange[]>();

/** Reads the objects that a config renders for a cluster, and their counterparts in the cluster. */
type Read = (config: Config, cluster: string, kubectl: Kubectl) => LiveObjects;

const fates = { added: 'is missing', removed: 'is left over from an earlier config', changed: 'differs' } as const;

function ofObjects(code: LiveCode, read: Read, what: string): LiveCheck {
  const changes = (system: LiveSystem, cluster: Cluster) =>
    differences.ask(system, `${code} ${cluster.name}`, () => {
      const { before, after } = read(system.config, cluster.name, system.tools.kubectl(cluster));
      return objectChanges(cluster.name, before, after, 'written');
    });
  return {
    code,
    parts: ['cluster'],
    run: (system) =>
      eachCluster(system, `the ${what}`, (cluster) =>
        judged(`the ${what} of ${cluster.name}`, changes(system, cluster), (found): readonly CheckResult[] => {
          if (found.length === 0) return [passed(`the ${what} in ${cluster.name} match what is rendered`)];
          return found.map(({ change, object, fields }) => {
            const where = fields.length > 0 ? ` in ${listed(fields.map(({ path }) => path))}` : '';
            const name = object.slice(object.lastIndexOf('/') + 1).replace(/^.* /, '');
            const grant = cluster.grants.find((one) => one.name === name);
            const message = `${object} ${fates[change]} in ${cluster.name}${where}`;
            const fix = `\`kaniflux synth\`, commit and push; \`kaniflux diff --live --cluster ${cluster.name}\` shows who gains and loses which rights`;
            return failed(grant?.path ?? cluster.path, message, fix, { cluster: cluster.name });
          });
        }),
      ),
  };
}

/** Two checks, because many users may read roles and bindings, but not the objects of Kanidm. */
export const objectChecks: readonly LiveCheck[] = [
  ofObjects('access-differs', (...of) => live(...of, isOfRbac).objects, 'roles and bindings'),
  ofObjects('kanidm-objects-differ', liveBesidesRbac, 'objects of Kanidm'),
];

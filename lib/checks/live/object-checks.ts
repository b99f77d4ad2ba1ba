import { listed } from '../../access/rights-in-words';
import type { Cluster } from '../../config/config';
import { type Live, live } from '../../diff/live-diff';
import { type ObjectChange, objectChanges } from '../../diff/object-changes';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, judged, type LiveCheck, passed } from './live-check';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { Question } from './question';

const rbac = /^(Cluster)?Role(Binding)?\./;

const differences = new Question<readonly ObjectChange[]>();

/** Returns the differences between the rendered objects and those in the cluster. */
const changes = (system: LiveSystem, cluster: Cluster) =>
  differences.ask(system, cluster.name, () => {
    const { objects }: Live = live(system.config, cluster.name, system.tools.kubectl(cluster));
    return objectChanges(cluster.name, objects.before, objects.after, 'written');
  });

const fates = { added: 'is missing', removed: 'is left over from an earlier config', changed: 'differs' } as const;

function ofObjects(code: LiveCode, isMeant: (object: string) => boolean, what: string): LiveCheck {
  return {
    code,
    parts: ['cluster'],
    run: (system) =>
      eachCluster(system, `the ${what}`, (cluster) =>
        judged(`the ${what} of ${cluster.name}`, changes(system, cluster), (all): readonly CheckResult[] => {
          const found = all.filter(({ object }) => isMeant(object));
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

export const objectChecks: readonly LiveCheck[] = [
  ofObjects('access-differs', (object) => rbac.test(object), 'roles and bindings'),
  ofObjects('kanidm-objects-differ', (object) => !rbac.test(object), 'objects of Kanidm'),
];

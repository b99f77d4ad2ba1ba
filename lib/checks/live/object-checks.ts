import { listed } from '../../access/rights-in-words';
import type { Cluster } from '../../config/config';
import { type Live, live } from '../../diff/live-diff';
import { objectChanges } from '../../diff/object-changes';
import { eachCluster } from './kubectl-checks';
import { type Check, type Said, seen, well, wrong } from './live-check';
import type { LiveSystem } from './live-system';

const rbac = /^(Cluster)?Role(Binding)?\./;

/** What is rendered beside what is in the cluster. */
const changes = (system: LiveSystem, cluster: Cluster) =>
  system.once(`objects of ${cluster.name}`, () => {
    const { objects }: Live = live(system.config, cluster.name, system.tools.kubectl(cluster));
    return objectChanges(cluster.name, objects.before, objects.after, 'written');
  });

const fates = { added: 'is missing', removed: 'is left over from an earlier config', changed: 'is otherwise' } as const;

function ofObjects(
  head: Pick<Check, 'code' | 'title' | 'severity'>,
  isMeant: (object: string) => boolean,
  what: string,
): Check {
  return {
    ...head,
    parts: ['cluster'],
    run: (system) =>
      eachCluster(system, `the ${what}`, (cluster) =>
        seen(`the ${what} of ${cluster.name}`, changes(system, cluster), (all): readonly Said[] => {
          const found = all.filter(({ object }) => isMeant(object));
          if (found.length === 0) return [well(`the ${what} in ${cluster.name} are those that are rendered`)];
          return found.map(({ change, object, fields }) => {
            const where = fields.length > 0 ? ` in ${listed(fields.map(({ path }) => path))}` : '';
            const name = object.slice(object.lastIndexOf('/') + 1).replace(/^.* /, '');
            const grant = cluster.grants.find((one) => one.name === name);
            const message = `${object} ${fates[change]} in ${cluster.name}${where}`;
            const fix = `\`kaniflux synth\`, commit and push; \`kaniflux diff --live --cluster ${cluster.name}\` says who gains and loses what`;
            return wrong(grant?.path ?? cluster.path, message, fix, { cluster: cluster.name });
          });
        }),
      ),
  };
}

export const objectChecks: readonly Check[] = [
  ofObjects(
    { code: 'KFD321', title: 'A binding or role in the cluster is not as it is rendered', severity: 'error' },
    (object) => rbac.test(object),
    'roles and bindings',
  ),
  ofObjects(
    { code: 'KFD322', title: 'An object of Kanidm in the cluster is not as it is rendered', severity: 'warning' },
    (object) => !rbac.test(object),
    'objects of Kanidm',
  ),
];

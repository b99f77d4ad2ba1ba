import type { Cluster, Config } from '../../config/config';
import { mayUse } from '../../identity/claims';
import { command, comment } from '../../node-files/shell';
import type { FileChange } from '../file-changes';
import type { ObjectChange } from '../object-changes';
import type { Step } from './step';

interface Changed {
  readonly before: Config;
  readonly after: Config;
  readonly files: readonly FileChange[];
  readonly objects: readonly ObjectChange[];
}

/** Fields of the `spec` of a StatefulSet that Kubernetes lets anybody change. */
const mutable = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]);

/**
 * StatefulSets whose change Kubernetes refuses: Flux would fail on them until they are made anew. Their pods and volumes
 * stay.
 */
export const immutableSteps = ({ objects }: Changed): Step[] =>
  objects
    .filter(
      ({ change, object, fields }) =>
        change === 'changed' && object.startsWith('StatefulSet.apps ') && fields.some(({ path }) => isImmutable(path)),
    )
    .map(({ cluster, object }) => {
      const [namespace = '', name = ''] = object.slice('StatefulSet.apps '.length).split('/');
      return {
        title: `${cluster}: before Flux applies it, delete the StatefulSet ${name}, since fields change that Kubernetes does not let change (its pods and volumes stay)`,
        commands: [
          command(
            'kubectl',
            `--context=${cluster}`,
            `--namespace=${namespace}`,
            'delete',
            'statefulset',
            name,
            '--cascade=orphan',
          ),
        ],
      };
    });

const isImmutable = (path: string): boolean => {
  const [, field = ''] = /^spec\.([A-Za-z]+)/.exec(path) ?? [];
  return field !== '' && !mutable.has(field);
};

/** Flux Kustomizations are applied by hand. */
export function fluxSteps({ files }: Changed): Step[] {
  const changed = files.filter(({ path }) => path.startsWith('flux/'));
  const nameOf = (path: string) => path.slice('flux/'.length).replace(/\.yaml$/, '');
  const commands = changed.map(({ change, path }) =>
    change === 'removed'
      ? comment(
          `cluster ${nameOf(path)} was removed: to end its access, run kubectl delete -f dist/${path} with the file of the old revision`,
        )
      : command('kubectl', `--context=${nameOf(path)}`, 'apply', '-f', `dist/${path}`),
  );
  return commands.length > 0 ? [{ title: 'Apply the Flux Kustomizations', commands }] : [];
}

/** One line for each cluster whose control-plane files changed. */
export function nodeSteps({ after, files }: Changed): Step[] {
  const commands = [...after.clusters.values()].flatMap(({ name, controlPlane }) => {
    const folder = `control-planes/${name}/`;
    const own = files.filter(({ path }) => path.startsWith(folder)).map(({ path }) => path.slice(folder.length));
    const read = own.filter((path) => path !== 'README.md');
    if (own.length === 0 || (read.length === 0 && controlPlane !== 'eks')) return [];
    const what = read.length > 0 ? ` (changed: ${read.join(', ')})` : '';
    return [comment(`${name} (${controlPlane}): follow dist/${folder}README.md${what}`)];
  });
  return commands.length > 0
    ? [{ title: 'Update the control planes; until then the old settings stay in force', commands }]
    : [];
}

/** People who need a kubeconfig: all people of a cluster whose kubeconfig changed, and those who could not sign in before. */
export function kubeconfigSteps({ before, after, files }: Changed): Step[] {
  const changed = new Set(files.map(({ path }) => path));
  const commands = [...after.clusters.values()].flatMap((cluster) => {
    const path = `kubeconfigs/${cluster.name}.yaml`;
    const now = signIn(after, cluster);
    const old = before.clusters.get(cluster.name);
    const could = new Set(changed.has(path) || !old ? [] : signIn(before, old));
    const people = now.filter((name) => !could.has(name));
    return people.length > 0 ? [comment(`dist/${path}: ${people.join(', ')}`)] : [];
  });
  return commands.length > 0 ? [{ title: 'Give these people the kubeconfig', commands }] : [];
}

const signIn = (config: Config, { client }: Cluster): string[] => {
  const own = config.clients.get(client);
  return [...config.people.values()]
    .filter((person) => !person.absent && own !== undefined && mayUse(config, person, own))
    .map(({ name }) => name);
};

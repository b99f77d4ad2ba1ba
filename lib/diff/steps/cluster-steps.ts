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
        title: `${cluster}: fields of the StatefulSet ${name} change that Kubernetes lets nobody change; before Flux applies it`,
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
          `cluster ${nameOf(path)} is gone: kubectl delete -f dist/${path} (of the revision before) takes its access away`,
        )
      : command('kubectl', `--context=${nameOf(path)}`, 'apply', '-f', `dist/${path}`),
  );
  return commands.length > 0 ? [{ title: 'Apply the Flux Kustomizations', commands }] : [];
}

/** What the nodes read changed: a line a cluster, with its kind. */
export function nodeSteps({ after, files }: Changed): Step[] {
  const commands = [...after.clusters.values()].flatMap(({ name, controlPlane }) => {
    const folder = `control-planes/${name}/`;
    const own = files.filter(({ path }) => path.startsWith(folder)).map(({ path }) => path.slice(folder.length));
    const read = own.filter((path) => path !== 'README.md');
    if (own.length === 0 || (read.length === 0 && controlPlane !== 'eks')) return [];
    return [comment(`${name} (${controlPlane}): dist/${folder}README.md, for ${read.join(', ') || 'its settings'}`)];
  });
  return commands.length > 0
    ? [{ title: 'On the control-plane nodes, until then the old settings hold', commands }]
    : [];
}

/** Who has to get a kubeconfig: everybody of a cluster whose kubeconfig changed, and who could not sign in before. */
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
  return commands.length > 0 ? [{ title: 'Who needs a new kubeconfig', commands }] : [];
}

const signIn = (config: Config, { client }: Cluster): string[] => {
  const own = config.clients.get(client);
  return [...config.people.values()]
    .filter((person) => !person.absent && own !== undefined && mayUse(config, person, own))
    .map(({ name }) => name);
};

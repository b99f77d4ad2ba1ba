import { formerClusters, renamedClusters } from '../../checks/base/renamed-clusters';
import type { Config } from '../../config/config';
import { mayUse } from '../../identity/claims';
import { command, comment } from '../../node-files/shell';
import { has } from '../../upstream/kubernetes';
import type { FileChange } from '../file-changes';
import type { ObjectChange } from '../object-changes';
import { predecessors } from '../predecessors';
import type { Step } from './manual-step';

interface Changed {
  readonly before: Config;
  readonly after: Config;
  readonly files: readonly FileChange[];
  readonly objects: readonly ObjectChange[];
  /** The output folder. */
  readonly folder: string;
}

/** The fields of `spec` that Kubernetes allows to change in a StatefulSet. */
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
 * Returns a step for each StatefulSet that Kubernetes refuses to update. Flux fails until somebody deletes the
 * StatefulSet; then Flux creates it again. Its pods and volumes stay.
 */
export const immutableSteps = ({ objects }: Changed): Step[] =>
  objects
    .filter(
      ({ change, object, fields }) =>
        change === 'changed' && object.startsWith('StatefulSet.apps ') && fields.some(({ path }) => isImmutable(path)),
    )
    .map(({ cluster, object }) => {
      // A file can leave the namespace to the kustomization.yaml.
      const [name = '', namespace] = object.slice('StatefulSet.apps '.length).split('/').toReversed();
      return {
        title: `${cluster}: before Flux applies this change, run this command to delete the StatefulSet ${name}, because Kubernetes refuses to update the changed fields (its pods and volumes stay)`,
        commands: [
          ...(namespace === undefined ? [comment(`NAMESPACE is the namespace of the StatefulSet ${name}`)] : []),
          command(
            'kubectl',
            `--context=${cluster}`,
            `--namespace=${namespace ?? 'NAMESPACE'}`,
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

/**
 * Returns a step to apply the changed Flux Kustomizations by hand, and a step to end the access on removed clusters. If
 * a cluster was only renamed in the config, its objects are not deleted.
 */
export function fluxSteps({ before, after, files, folder: output }: Changed): Step[] {
  const nameOf = (path: string) => path.slice('flux/'.length).replace(/\.yaml$/, '');
  const renamed = renamedClusters(before, after);
  const changed = files.filter(({ path }) => path.startsWith('flux/') && !renamed.has(nameOf(path)));
  const commands = changed
    .filter(({ change }) => change !== 'removed')
    .flatMap((file) => [
      command('kubectl', `--context=${nameOf(file.path)}`, 'apply', '-f', `${output}/${file.path}`),
      ...deletions(nameOf(file.path), file),
    ]);
  const gone = changed
    .filter(({ change }) => change === 'removed')
    .flatMap(({ path }) => [
      comment(
        `${nameOf(path)}: delete the Flux Kustomizations, which deletes the objects that Flux applied (REV is the commit before the merge)`,
      ),
      `git show REV:${command(`${output}/${path}`)} | ${command('kubectl', `--context=${nameOf(path)}`, 'delete', '-f', '-')}`,
      comment(
        `${nameOf(path)}: remove the settings for Kanidm from the API server, which still accepts tokens of Kanidm`,
      ),
    ]);
  return [
    ...(commands.length > 0 ? [{ title: 'Apply the Flux Kustomizations', commands }] : []),
    ...(gone.length > 0
      ? [{ title: 'End the access on clusters that are no longer in the config', commands: gone }]
      : []),
  ];
}

interface FluxObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Returns the objects in a rendered file of Flux objects. */
const fluxObjects = (text: string): FluxObject[] =>
  text.split(/^---$/m).flatMap((object) => {
    const [kind, name, namespace] = [/^kind: (\S+)$/m, /^ {2}name: (\S+)$/m, /^ {2}namespace: (\S+)$/m].map(
      (pattern) => pattern.exec(object)?.[1],
    );
    return kind && name && namespace ? [{ kind, name, namespace }] : [];
  });

/**
 * Returns the commands that delete the Flux objects which a file no longer contains, because `kubectl apply` does not
 * delete them. If a Kustomization with `prune: true` is deleted, Flux also deletes the objects that it applied. So if
 * only the namespace of a Kustomization changed, the commands first set `prune: false`.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#deletion-policy
 */
function deletions(cluster: string, { before = '', after = '' }: FileChange): string[] {
  const now = fluxObjects(after);
  const gone = fluxObjects(before).filter(
    (one) =>
      !now.some(({ kind, name, namespace }) => one.kind === kind && one.name === name && one.namespace === namespace),
  );
  return gone.flatMap(({ kind, name, namespace }) => {
    const isMoved = now.some((one) => one.kind === kind && one.name === name);
    const isApplier = kind === 'Kustomization';
    const effect = !isApplier
      ? ''
      : isMoved
        ? '; the objects that it applied stay'
        : ', with the objects that it applied';
    const kubectl = (verb: string, ...words: string[]) =>
      command('kubectl', `--context=${cluster}`, `--namespace=${namespace}`, verb, kind.toLowerCase(), name, ...words);
    return [
      comment(`${cluster}: delete the ${kind} ${name} in namespace ${namespace}${effect}`),
      ...(isApplier && isMoved ? [kubectl('patch', '--type=merge', '--patch={"spec":{"prune":false}}')] : []),
      kubectl('delete'),
    ];
  });
}

/** Returns a step with a line for each cluster whose control-plane files changed. */
export function nodeSteps({ before, after, files, folder: output }: Changed): Step[] {
  const former = formerClusters(before, after);
  const moved = textsBefore(files);
  const commands = [...after.clusters.values()].flatMap(({ name, controlPlane, kubernetes, authentication }) => {
    const [folder, was] = [`control-planes/${name}/`, former.get(name) ?? name];
    const own = files.filter(({ path }) => path.startsWith(folder));
    // If a cluster is renamed, its files are in a new folder. A file with the same text as in the old folder is left
    // out.
    const read = own
      .filter(({ path, after: text }) => text === undefined || moved.get(inFolder(was, path)) !== text)
      .map(({ path }) => path.slice(folder.length))
      .filter((path) => path !== 'README.md');
    const old = before.clusters.get(was);
    const isOther = controlPlane === 'eks' || (old !== undefined && old.controlPlane !== controlPlane);
    if (own.length === 0 || (read.length === 0 && !isOther)) return [];
    const what = read.length > 0 ? ` (changed: ${read.join(', ')})` : '';
    // API servers of the old version refuse the API version of the new AuthenticationConfiguration.
    const isTooOld = old !== undefined && !has(old.kubernetes, 'structuredV1') && has(kubernetes, 'structuredV1');
    const when =
      isTooOld && authentication.method === 'structured' ? `after the upgrade to Kubernetes ${kubernetes.text}, ` : '';
    return [comment(`${name} (${controlPlane}): ${when}follow ${output}/${folder}README.md${what}`)];
  });
  return commands.length > 0
    ? [{ title: 'Update the control planes; until then the old settings stay in force', commands }]
    : [];
}

const textsBefore = (files: readonly FileChange[]): ReadonlyMap<string, string> =>
  new Map(files.flatMap(({ path, before }) => (before === undefined ? [] : [[path, before] as const])));

/** Returns the path that a file of a cluster has in the folder of another cluster. */
const inFolder = (cluster: string, path: string): string => path.split('/').with(1, cluster).join('/');

/** Returns a step with a line for each cluster whose applications changed. Flux does not apply their files. */
export function appSteps({ before, after, files, folder: output }: Changed): Step[] {
  const renamed = renamedClusters(before, after);
  const former = formerClusters(before, after);
  const moved = textsBefore(files);
  const commands = files
    .filter(({ path }) => /^apps\/[^/]+\/[^/]+-values\.yaml$/.test(path))
    .flatMap(({ path, change, after: text }) => {
      const [, cluster = '', file = ''] = path.split('/');
      const app = file.replace(/-values\.yaml$/, '');
      if (change !== 'removed') {
        const isMoved = text !== undefined && moved.get(inFolder(former.get(cluster) ?? cluster, path)) === text;
        const readme = `${output}/apps/${cluster}/README.md`;
        return isMoved ? [] : [comment(`${cluster}: follow ${readme} (changed: ${file})`)];
      }
      const now = renamed.get(cluster) ?? cluster;
      const stays = files.some((one) => one.path === inFolder(now, path) && one.change !== 'removed');
      return after.clusters.has(now) && !stays
        ? [comment(`${now}: uninstall ${app}, which nobody can sign in to`)]
        : [];
    });
  return commands.length > 0 ? [{ title: 'Install the applications, or update them', commands }] : [];
}

/**
 * Returns a step that lists who needs a new kubeconfig: all people of a cluster whose kubeconfig changed, and people
 * who could not sign in before.
 */
export function kubeconfigSteps({ before, after, files, folder }: Changed): Step[] {
  const changed = new Set(files.map(({ path }) => path));
  const [wasAble, isAble] = [signingIn(before), signingIn(after)];
  const former = predecessors(before, after);
  const commands = [...after.clusters.values()].flatMap((cluster) => {
    const path = `kubeconfigs/${cluster.name}.yaml`;
    const now = isAble(cluster.client);
    const old = before.clusters.get(cluster.name);
    const could = changed.has(path) || !old ? new Set() : wasAble(old.client);
    const people = [...now].filter((name) => !could.has(former({ kind: 'person', name }) ?? name));
    return people.length > 0 ? [comment(`${folder}/${path}: ${people.join(', ')}`)] : [];
  });
  return commands.length > 0
    ? [{ title: 'Give these people the new kubeconfig, which replaces their present one', commands }]
    : [];
}

/** Returns a function that gives the people who can sign in through a client. Each client is computed only once. */
function signingIn(config: Config): (client: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  return (name) => {
    const client = config.clients.get(name);
    const people =
      known.get(name) ??
      new Set(
        [...config.people.values()]
          .filter((person) => !person.absent && client !== undefined && mayUse(config, person, client))
          .map((person) => person.name),
      );
    known.set(name, people);
    return people;
  };
}

import { listed } from '../../access/rights-in-words';
import type { Cluster } from '../../config/config';
import type { Path } from '../../findings/finding';
import { listOf, mapAt } from '../../guards';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf } from './observation';
import {
  causeOf,
  creationFailure,
  isOfServer,
  isReady,
  type NamespaceState,
  ownerOf,
  type PodCause,
} from './pod-state';

const name = (object: unknown) => String(mapAt(object, 'metadata').name);

/**
 * Returns the objects in the namespace of Kanidm. If kubectl cannot read the events, claims or StorageClasses, says so
 * in `unread`, because the pod alone often shows the cause.
 */
async function stateOf(system: LiveSystem, cluster: Cluster): Promise<Observation<NamespaceState>> {
  const inNamespace = (resource: string) =>
    system.kubectl(cluster, 'get', resource, `--namespace=${system.config.kanidm.namespace}`);
  const pods = await inNamespace('pods');
  if (pods.value === undefined) return { reason: reasonOf(pods) };
  const [events, claims] = [await inNamespace('events'), await inNamespace('persistentvolumeclaims')];
  const storageClasses = await system.kubectl(cluster, 'get', 'storageclasses');
  const unread = Object.entries({ events, claims, storageClasses }).flatMap(([what, found]) =>
    found.value === undefined ? [`${what} (${reasonOf(found)})`] : [],
  );
  // If the StorageClasses could not be read, no class is reported as missing.
  const known = storageClasses.value !== undefined;
  return {
    value: {
      pods: pods.value,
      events: events.value,
      claims: known ? claims.value : undefined,
      storageClasses: storageClasses.value,
      ...(unread.length > 0 ? { unread: `; doctor could not read ${listed(unread)}` } : {}),
    },
  };
}

/**
 * Returns the pods of the server and of the Job that restores a backup. If the server is ready, leaves out pods that
 * another pod has replaced, because Kubernetes keeps an evicted pod of a Deployment.
 */
function ofKanidm(all: readonly unknown[]): unknown[] {
  const isRestore = (pod: unknown) => ownerOf(pod).kind === 'Job' && /^kanidm-restore-/.test(name(pod));
  const own = all.filter((pod) => isOfServer(pod) || isRestore(pod));
  const isReplaced = (pod: unknown) =>
    mapAt(pod, 'metadata').deletionTimestamp !== undefined ||
    (mapAt(pod, 'status').phase === 'Failed' && ownerOf(pod).kind === 'ReplicaSet');
  return own.some(isReady) ? own.filter((pod) => isReady(pod) || !isReplaced(pod)) : own;
}

/** Checks whether the pod of Kanidm runs, and reports why it does not. */
export const kanidmPod: LiveCheck = {
  code: 'kanidm-not-running',
  parts: ['cluster'],
  run: (system) =>
    eachCluster(system, 'the pod of Kanidm', async (cluster) => {
      const { kanidm } = system.config;
      if (kanidm.cluster !== cluster.name) return [];
      const what = `the pod of Kanidm in ${cluster.name}`;
      return judged(what, stateOf(system, cluster), (state): readonly CheckResult[] => {
        const pods = ofKanidm(listOf(mapAt(state.pods).items));
        const restore = kanidm.manifests?.backup.restore;
        const server = pods.filter((pod) => !/^kanidm-restore-/.test(name(pod)));
        if (restore && server.length === 0 && pods.every((pod) => mapAt(pod, 'status').phase === 'Succeeded')) {
          const fix =
            'remove `kanidm.backup.restore` when the Job has completed, run `kaniflux synth`, commit and push';
          const message = `Kanidm in ${cluster.name} is stopped, because \`kanidm.backup.restore\` is set`;
          return [failed(['kanidm', 'backup', 'restore'], message, fix, { cluster: cluster.name })];
        }
        const failure = pods.length === 0 ? creationFailure(state.events) : undefined;
        if (failure !== undefined) {
          const message = `Kanidm in ${cluster.name} has no pod, because creating the pod failed: ${failure}`;
          const fix = `\`kubectl -n ${kanidm.namespace} get events\` shows when it failed; fix what the message describes`;
          return [failed(['kanidm', kanidm.manifests ? 'manifests' : 'helm'], message, fix, { cluster: cluster.name })];
        }
        if (pods.length === 0)
          return [
            skipped(
              `${what}: no pod belongs to a StatefulSet or Deployment of Kanidm${kanidm.manifests ? ' (see kanidm-objects-differ)' : ''}${state.unread ?? ''}`,
            ),
          ];
        return pods
          .filter((pod) => mapAt(pod, 'status').phase !== 'Succeeded')
          .map((pod) => {
            if (isReady(pod)) return passed(`pod ${kanidm.namespace}/${name(pod)} is ready`);
            const { message, fix, path } = inWords(causeOf(pod, state), { system, state, pod: name(pod) });
            const fault = mapAt(pod, 'status').phase === 'Running' ? 'is not ready' : 'does not run';
            const text = `pod ${kanidm.namespace}/${name(pod)} ${fault}: ${message}`;
            return failed(path, text, fix, { cluster: cluster.name });
          });
      });
    }),
};

interface Words {
  readonly system: LiveSystem;
  readonly state: NamespaceState;
  readonly pod: string;
}

function inWords(
  cause: PodCause,
  {
    system: {
      config: { kanidm },
    },
    state,
    pod,
  }: Words,
): { readonly message: string; readonly fix: string; readonly path: Path } {
  const way = kanidm.manifests ? 'manifests' : 'helm';
  const path = ['kanidm', way];
  const kubectl = `kubectl -n ${kanidm.namespace}`;
  switch (cause.kind) {
    case 'storage-class': {
      const classes = listOf(mapAt(state.storageClasses).items).map(name);
      const there = classes.length > 0 ? `the cluster has ${listed(classes)}` : 'the cluster has none';
      const asked =
        cause.storageClass === undefined
          ? 'names no StorageClass, and the cluster has no default one'
          : `asks for the StorageClass ${cause.storageClass}, which the cluster does not have`;
      return {
        path,
        message: `the claim ${cause.claim} ${asked}: ${there}`,
        fix: `create ${cause.storageClass === undefined ? 'a default StorageClass, or mark one as the default' : `the StorageClass ${cause.storageClass}`}: \`docs/prerequisites.md\` has the commands for a single node`,
      };
    }
    case 'claim':
      return {
        path,
        message: `the claim ${cause.claim} gets no volume: ${cause.message}`,
        fix: `\`${kubectl} describe pvc ${cause.claim}\` shows the events of the claim`,
      };
    case 'image':
      return {
        path,
        message: `the image ${cause.image} cannot be pulled: ${cause.message}`,
        fix: `fix what the message describes; if the image does not exist, correct ${imageField(cause.image, kanidm.manifests)}, run \`kaniflux synth\`, commit and push`,
      };
    case 'mount':
      return { path, message: `the ${cause.of} ${cause.name} does not exist`, fix: mountFix(cause, kanidm.manifests) };
    case 'crash':
      return {
        path,
        message: `the container ${cause.container} ends again and again: ${cause.message}`,
        fix: `\`${kubectl} logs ${pod} -c ${cause.container} --previous | kaniflux explain --log -\` shows the reason`,
      };
    case 'failed':
      return {
        path,
        message: `the container ${cause.container} failed: ${cause.message}`,
        fix: `\`${kubectl} logs ${pod} -c ${cause.container}\` shows the reason`,
      };
    default:
      return {
        path,
        message: `${cause.message}${state.unread ?? ''}`,
        fix: `\`${kubectl} describe pods\` shows the events of the pod`,
      };
  }

  function mountFix({ of, name }: PodCause & { kind: 'mount' }, manifests: typeof kanidm.manifests): string {
    if (name === 'kube-root-ca.crt')
      return 'check that kube-controller-manager runs: it creates this ConfigMap in each namespace';
    // The chart creates its own ConfigMaps.
    if (of === 'configmap' && !manifests && !name.startsWith('kanidm-migrations'))
      return `\`${kubectl} describe helmrelease kanidm\` shows whether Flux installed the chart`;
    if (of === 'configmap') return `run \`kaniflux synth\`, commit and push: Flux then creates the ConfigMap`;
    if (manifests?.certificate && name === manifests.tlsSecretName)
      return `\`${kubectl} describe certificate kanidm\` shows why cert-manager has not created the Secret`;
    const restore = manifests?.backup.restore;
    if (restore && name === restore.secretName)
      return `\`${kubectl} create secret generic ${name} --from-file=${restore.file}\``;
    return `\`${kubectl} create secret tls ${name} --cert=tls.crt --key=tls.key\``;
  }
}

/** Returns the fields of the config that set an image. */
function imageField(image: string, manifests: LiveSystem['config']['kanidm']['manifests']): string {
  if (!manifests) return '`kanidm.version` or the values of the chart';
  return image === manifests.reloaderImage
    ? '`kanidm.manifests.reloaderImage`'
    : '`kanidm.version` or `kanidm.manifests.image`';
}

import { has } from '../../upstream/kubernetes';
import { templateKinds, workloadKinds } from '../../upstream/workload-kinds';
import type { Actor, Before, Gain, Step } from '../become-step';
import { conditionFact, rightsFact, serviceAccountFact } from '../fact';
import type { Ask, IdentityRights } from '../identity-rights';
import type { World } from '../world';
import { changes, firstByNamespace, hasOne, namespacesOf, oneOf, writes } from './rights-by-namespace';

interface PodWay {
  readonly use: ReturnType<IdentityRights['creates']>[number];
  readonly assumes: readonly string[];
}

/** Returns the ways in which somebody can run a pod of their own, one for each namespace. */
function podWays(rights: IdentityRights, world: World): ReadonlyMap<string, PodWay> {
  const ways = new Map<string, PodWay>();
  const unsure = new Map<string, PodWay>();
  for (const workload of workloadKinds) {
    const [group, resource, kind] = workload;
    for (const { use, isNew } of writes(rights, group, resource)) {
      // The service account of an existing pod cannot be changed. Its container images can be changed: see the step
      // `change-image`.
      if (!isNew && !templateKinds.includes(workload)) continue;
      for (const namespace of namespacesOf(use, world)) {
        const isSure = isNew || world.hasObject(kind, namespace, use.names);
        const list = isSure ? ways : unsure;
        if (list.has(namespace)) continue;
        list.set(namespace, { use, assumes: isSure ? [] : [hasOne(namespace, kind, use.names)] });
      }
    }
  }
  return new Map([...unsure, ...ways]);
}

const runPod: Step = {
  code: 'run-pod',
  title: 'Run a pod as a service account',
  allowedBy:
    'create pods, deployments, statefulsets, daemonsets, replicasets, replicationcontrollers, jobs or cronjobs; or change an existing one (except a Pod or Job)',
  gives: 'every service account of the namespace',
  closedBy: 'nothing in Kubernetes itself: every Pod Security level allows it',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
  *gains({ rights }: Actor, world): Iterable<Gain> {
    for (const [namespace, { use, assumes }] of podWays(rights, world)) {
      for (const { name } of world.serviceAccounts.get(namespace) ?? []) {
        yield {
          fact: serviceAccountFact(namespace, name),
          does: `run a pod as the service account ${namespace}/${name}`,
          uses: [use],
          assumes,
        };
      }
    }
  },
};

const mountSecret: Step = {
  code: 'mount-secret',
  title: 'Mount a Secret into a pod',
  allowedBy: 'as run-pod',
  gives: 'the contents of the Secrets of the namespace',
  closedBy: 'nothing in Kubernetes itself: every Pod Security level allows it',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
  *gains({ rights }, world) {
    for (const [namespace, { use, assumes }] of podWays(rights, world)) {
      if (rights.can(['get', '', 'secrets'], namespace)) continue;
      yield {
        fact: rightsFact(
          [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }],
          namespace,
          `the Secrets of namespace ${namespace}`,
        ),
        does: `mount the Secrets of namespace ${namespace} into a pod`,
        uses: [use],
        assumes,
      };
    }
  },
};

const nodeWords = 'root on a node';

const privilegedPod: Step = {
  code: 'privileged-pod',
  title: 'Run a privileged pod, or one with hostPath',
  allowedBy: 'as run-pod',
  gives: 'root on any node',
  closedBy:
    'the Pod Security level `baseline` or `restricted`, unless the person may also change the label of the namespace',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#privileged',
  *gains({ rights, reached }, world) {
    for (const [namespace, { use, assumes }] of podWays(rights, world)) {
      const open = privilegedIn(namespace, reached, world);
      if (!open) continue;
      yield {
        fact: conditionFact('node', nodeWords),
        does: `run a privileged pod in namespace ${namespace}`,
        uses: [use],
        ...open,
        assumes: [...assumes, ...open.assumes],
      };
    }
  },
};

/** Returns what a privileged container in a namespace needs; `undefined` if Pod Security does not allow it. */
function privilegedIn(namespace: string, reached: Before, world: World) {
  const level = world.podSecurity(namespace);
  if (level === 'privileged') return { assumes: [] };
  const opened = [`privileged-pods\n${namespace}`, 'privileged-pods\n'].find((key) => reached.has(key));
  if (opened !== undefined) return { needs: [opened], assumes: [] };
  return level === undefined
    ? { assumes: [`namespace ${namespace} allows privileged pods (its Pod Security level is not known)`] }
    : undefined;
}

const relabelNamespace: Step = {
  code: 'relabel-namespace',
  title: 'Change the Pod Security level of a namespace',
  allowedBy: 'update or patch namespaces',
  gives: 'privileged pods in the namespace, for those who may create pods or add debug containers in it',
  closedBy: 'no right to change namespaces',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#namespace-modification',
  apiServerOnly: true,
  *gains({ rights }, world) {
    for (const use of changes(rights, '', 'namespaces')) {
      // A role that is bound in a namespace applies to the Namespace object of that namespace.
      const names = use.names ?? (use.namespace === undefined ? undefined : [use.namespace]);
      for (const namespace of names ?? world.namespaces) {
        if (use.namespace !== undefined && use.namespace !== namespace) continue;
        yield {
          fact: conditionFact('privileged-pods', `privileged pods in namespace ${namespace}`, namespace),
          does: `set the Pod Security level of namespace ${namespace} to privileged`,
          uses: [use],
        };
      }
    }
  },
};

const hostVolume: Step = {
  code: 'host-volume',
  title: 'Mount a PersistentVolume with a path of the node',
  allowedBy:
    'create persistentvolumes, and run a pod as in run-pod. The pod can have a volume for which Kubernetes creates the PersistentVolumeClaim',
  gives: 'the files of a node, and through them root on this node',
  closedBy: 'no right to create PersistentVolumes: Pod Security does not look at the volume behind a claim',
  source: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation',
  *gains({ rights }, world) {
    const [volume] = rights.creates('', 'persistentvolumes').filter(({ namespace }) => namespace === undefined);
    if (!volume) return;
    for (const [namespace, { use, assumes }] of podWays(rights, world)) {
      yield {
        fact: conditionFact('node', nodeWords),
        does: `mount a PersistentVolume with the files of a node into a pod in namespace ${namespace}`,
        uses: [volume, use],
        assumes,
      };
    }
  },
};

const exec: Step = {
  code: 'exec',
  title: 'Run a command in a pod',
  allowedBy: 'create pods/exec; before Kubernetes 1.35, get pods/exec is enough too',
  gives: 'the service account of the pod; root on a node, if the pod is privileged',
  closedBy: 'no right to pods/exec',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
  gains: ({ rights }, world) => {
    const verbs = has(world.access.cluster.kubernetes, 'execNeedsCreate') ? ['create'] : ['create', 'get'];
    const asks = verbs.map((verb): Ask => [verb, '', 'pods/exec']);
    return inPods(rights, world, { asks, deed: 'run a command in a pod of' });
  },
};

const debugContainer: Step = {
  code: 'debug-container',
  title: 'Add a debug container to a pod',
  allowedBy: 'update or patch pods/ephemeralcontainers',
  gives: 'the service account of the pod; root on a node, through a privileged debug container',
  closedBy:
    'no right to pods/ephemeralcontainers. The Pod Security levels `baseline` and `restricted` prevent privileged debug containers, unless the person may also change the label of the namespace',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/',
  *gains({ rights, reached }, world) {
    const asks = ['update', 'patch'].map((verb): Ask => [verb, '', 'pods/ephemeralcontainers']);
    yield* accountsOfPods(rights, world, { asks, deed: 'add a debug container to a pod of' });
    for (const [namespace, use] of firstByNamespace(rights.any(asks), world)) {
      const open = privilegedIn(namespace, reached, world);
      if (!open) continue;
      yield {
        fact: conditionFact('node', nodeWords),
        does: `add a privileged debug container to a pod in namespace ${namespace}`,
        uses: [use],
        ...open,
        assumes: [`namespace ${namespace} has ${oneOf('pod', use.names)}`, ...open.assumes],
      };
    }
  },
};

const changeImage: Step = {
  code: 'change-image',
  title: 'Change the image of a pod',
  allowedBy: 'update or patch pods',
  gives: 'the service account of the pod; root on a node, if the pod is privileged',
  closedBy: 'no right to change pods',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement',
  gains: ({ rights }, world) =>
    inPods(rights, world, {
      asks: ['update', 'patch'].map((verb): Ask => [verb, '', 'pods']),
      deed: 'change the image of a pod of',
    }),
};

interface InPods {
  readonly asks: readonly Ask[];
  readonly deed: string;
}

/** Yields the service accounts that somebody gains by running their own program in existing pods. */
function* accountsOfPods(rights: IdentityRights, world: World, { asks, deed }: InPods): Iterable<Gain> {
  for (const [namespace, use] of firstByNamespace(rights.any(asks), world)) {
    for (const { name, isController } of world.serviceAccounts.get(namespace) ?? []) {
      if (isController) continue;
      const account = `${namespace}/${name}`;
      yield {
        fact: serviceAccountFact(namespace, name),
        does: `${deed} the service account ${account}`,
        uses: [use],
        assumes: [`${oneOf('pod', use.names)} runs as ${account}`],
      };
    }
  }
}

/** Yields what somebody gains by running their own program in existing containers, some of which are privileged. */
function* inPods(rights: IdentityRights, world: World, { asks, deed }: InPods): Iterable<Gain> {
  yield* accountsOfPods(rights, world, { asks, deed });
  for (const [namespace, use] of firstByNamespace(rights.any(asks), world)) {
    const level = world.podSecurity(namespace);
    const shown = world.privilegedPod(namespace, use.names);
    const isSystem = namespace === 'kube-system';
    // Most namespaces have no privileged pod, so an unknown level alone is no reason to assume one.
    if (!isSystem && level !== 'privileged' && !(level === undefined && shown)) continue;
    const which = use.names ? `${oneOf('pod', use.names)} is privileged` : `a privileged pod runs in ${namespace}`;
    yield {
      fact: conditionFact('node', nodeWords),
      does: `${deed} ${namespace}`,
      uses: [use],
      assumes: shown === 'certain' ? [] : [isSystem && !use.names ? `${which}, as kube-proxy does` : which],
    };
  }
}

export const podSteps: readonly Step[] = [
  runPod,
  privilegedPod,
  hostVolume,
  relabelNamespace,
  mountSecret,
  exec,
  debugContainer,
  changeImage,
];

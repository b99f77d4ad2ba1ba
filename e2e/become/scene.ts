import { type Has, rules } from '../../__tests__/become/small-world';
import { type Apiserver, type Client, Refused } from '../harness';

/** What a scenario needs to take a step. */
export interface Scene {
  readonly apiserver: Apiserver;
  readonly admin: Client;
  /** The identity that takes the step. */
  readonly actor: Client;
  readonly name: string;
  readonly namespace: string;
  /** Returns a client that uses a token. */
  withToken(token: string): Client;
}

/** A step of the model that is taken on a real API server. */
export interface Scenario {
  readonly code: string;
  /** The difference from other scenarios with the same code. */
  readonly title?: string;
  /** The rights that the step needs. */
  readonly open: readonly Has[];
  /** Other rights, which are not enough for the step. */
  readonly closed: readonly Has[];
  /**
   * Returns further objects.
   * @param name the actor for whom the objects are
   */
  objects?(name: string, isOpen: boolean): readonly object[];
  /** The Pod Security level of the namespace. */
  readonly level?: string;
  /** The level with which the step is refused. @default - the same level */
  readonly closedLevel?: string;
  /** Takes the step. If it leads to every right, returns the identity with every right. */
  take(scene: Scene): Promise<Client | undefined>;
  /** The right to which the step leads, if it is not every right in the cluster. */
  readonly ends?: readonly [verb: string, group: string, resource: string, inNamespace: boolean];
}

/** Creates a pod on the node that runs as a service account. */
export async function podOnNode({ admin, namespace }: Scene, serviceAccountName: string): Promise<void> {
  const spec = {
    nodeName: 'control-plane',
    serviceAccountName,
    containers: [{ name: 'c', image: 'c' }],
    // The admission plugin that adds this volume is disabled here. A node gets a token only if one of its pods mounts
    // it.
    volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
  };
  await admin.send('POST', pods(namespace), { metadata: { name: serviceAccountName }, spec });
}

/** Requests, as a node, the token of the pod that runs as `boss`. */
export const tokenOnNode = (scene: Scene, node: Client): Promise<Client> =>
  until(async () => {
    try {
      return await tokenOfPod(scene, 'boss', node);
    } catch (error) {
      // The authorizer of nodes learns of a pod a moment later.
      if (`${error}`.includes('no relationship found')) return undefined;
      throw error;
    }
  });

/** Calls a function again and again until it returns a value. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The error for a request that the API server accepts but that has no effect. */
export class Ignored extends Error {}

export const isRefused = (error: unknown): boolean =>
  error instanceof Ignored ||
  (error instanceof Refused && (error.answer.status === 403 || error.answer.status === 400));

export const rbac = 'rbac.authorization.k8s.io';
export const rbacPath = `/apis/${rbac}/v1`;
export const inside = (namespace: string, ...texts: string[]): Has => ({ namespace, rules: rules(...texts) });
export const wide = (...texts: string[]): Has => ({ rules: rules(...texts) });
export const everyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

export const adminBinding = (name: string, user = name) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
});

export const pods = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;

/** Requests a token of a service account for one of its pods, as the kubelet does. */
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

/** Waits until the API server enforces the Pod Security level of a namespace. It reads the label from a cache. */
export async function enforced(admin: Client, namespace: string, level: string): Promise<void> {
  const pod = { metadata: { name: 'probe' }, spec: privilegedPod };
  await until(async () => {
    const { status } = await admin.send('POST', `${pods(namespace)}?dryRun=All`, pod);
    return (status === 403) === (level !== 'privileged') || undefined;
  });
}

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Has, rule, rules } from '../../__tests__/become/small-world';
import { type Apiserver, Client, Refused, upToDate } from '../harness';

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
  /** The Pod Security level of the namespace. */
  readonly level?: string;
  /** Takes the step, and returns the identity with every right, where the step ends with one. */
  take(scene: Scene): Promise<Client | undefined>;
  /** The end, where it is not every right everywhere. */
  readonly ends?: readonly [verb: string, group: string, resource: string, inNamespace: boolean];
}

const rbac = 'rbac.authorization.k8s.io';
const mergePatch = 'application/merge-patch+json';
const rbacPath = `/apis/${rbac}/v1`;
const inside = (namespace: string, ...texts: string[]): Has => ({ namespace, rules: rules(...texts) });
const wide = (...texts: string[]): Has => ({ rules: rules(...texts) });

/** Takes the token of the pod's service account for it, as its kubelet does. */
async function kubeletToken({ admin, namespace, withToken }: Scene, pod: string): Promise<Client> {
  const { spec, metadata } = await admin.must('GET', `/api/v1/namespaces/${namespace}/pods/${pod}`);
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${spec.serviceAccountName}/token`;
  const bound = { kind: 'Pod', apiVersion: 'v1', name: pod, uid: metadata.uid };
  const { status } = await admin.must('POST', path, { spec: { boundObjectRef: bound } });
  return withToken(status.token);
}

const podSpec = { serviceAccountName: 'boss', containers: [{ name: 'c', image: 'c' }] };
const safe = {
  ...podSpec,
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    { name: 'c', image: 'c', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
  ],
};
const privileged = {
  ...podSpec,
  nodeName: 'control-plane',
  containers: [{ name: 'c', image: 'c', securityContext: { privileged: true } }],
  volumes: [{ name: 'host', hostPath: { path: '/' } }],
};
const template = { metadata: { labels: { app: 'a' } }, spec: { ...safe } };
const selector = { matchLabels: { app: 'a' } };
const once = { ...template, spec: { ...safe, restartPolicy: 'Never' } };

/** Every kind that runs pods, but for CronJobs, which wait for the next minute. */
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
      for (let turn = 0; turn < 600; turn++) {
        const { items } = await scene.admin.must('GET', `/api/v1/namespaces/${namespace}/pods`);
        if (items[0]) return kubeletToken(scene, items[0].metadata.name);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`no controller made a pod for the ${kind}`);
    },
  };
};

/** Waits until the API server applies the Pod Security level of a namespace: it reads the label from a copy. */
export async function enforced(admin: Client, namespace: string, level = 'privileged'): Promise<void> {
  const pod = { metadata: { name: 'probe' }, spec: privileged };
  for (;;) {
    const { status } = await admin.send('POST', `${pods(namespace)}?dryRun=All`, pod);
    if ((status === 403) === (level !== 'privileged')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const pods = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;
const token = (namespace: string) => `/api/v1/namespaces/${namespace}/serviceaccounts/boss/token`;

/** Answers admission reviews while a request is made. */
async function withWebhook(
  scene: Scene,
  { kind, answer }: { readonly kind: 'Mutating' | 'Validating'; readonly answer: (request: never) => object },
  use: () => Promise<void>,
): Promise<void> {
  const { cert, key } = await scene.apiserver.authority.issue({ commonName: 'webhook', hosts: ['127.0.0.1'] });
  const server = createServer({ cert, key }, (request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const { request: asked } = JSON.parse(text);
      const said = { uid: asked.uid, allowed: true, ...answer(asked as never) };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: said }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const path = `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}webhookconfigurations`;
  const rule =
    kind === 'Mutating'
      ? { apiGroups: [rbac], apiVersions: ['v1'], operations: ['CREATE'], resources: ['clusterrolebindings'] }
      : { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] };
  try {
    await scene.actor.must('POST', path, {
      metadata: { name: scene.name },
      webhooks: [
        {
          name: `${scene.name}.example.com`,
          clientConfig: {
            url: `https://127.0.0.1:${port}/`,
            caBundle: Buffer.from(scene.apiserver.authority.cert).toString('base64'),
          },
          rules: [rule],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    for (let turn = 0; turn < 100; turn++) {
      await use();
      if (heard.has(scene.name)) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await scene.admin.send('DELETE', `${path}/${scene.name}`);
    server.closeAllConnections();
    server.close();
  }
}

/** The scenes whose webhook was called. */
const heard = new Set<string>();
/** What a webhook has read. */
export const secretsRead = new Map<string, string>();

const csrPath = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const csr = 'certificatesigningrequests.certificates.k8s.io';
const client = 'approve signers.certificates.k8s.io kubernetes.io/kube-apiserver-client';

export const scenarios: readonly Scenario[] = [
  {
    code: 'request-token',
    open: [inside('request-token', 'create serviceaccounts/token')],
    closed: [inside('request-token', 'create serviceaccounts/token other', 'create serviceaccounts')],
    take: async ({ actor, namespace, withToken }) =>
      withToken((await actor.must('POST', token(namespace), { spec: {} })).status.token),
  },
  {
    code: 'read-token-secret',
    open: [inside('read-token-secret', 'create secrets', 'get secrets')],
    closed: [inside('read-token-secret', 'create secrets')],
    async take({ actor, namespace, name, withToken }) {
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      await actor.must('POST', path, {
        metadata: { name, annotations: { 'kubernetes.io/service-account.name': 'boss' } },
        type: 'kubernetes.io/service-account-token',
      });
      for (let turn = 0; turn < 300; turn++) {
        const { data } = await actor.must('GET', `${path}/${name}`);
        if (data?.token) return withToken(Buffer.from(data.token, 'base64').toString());
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('nobody filled the Secret');
    },
  },
  {
    code: 'run-pod',
    title: 'pod',
    level: 'restricted',
    open: [inside('run-pod-pod', 'create pods')],
    closed: [inside('run-pod-pod', 'create podtemplates', 'update pods')],
    async take(scene) {
      await scene.actor.must('POST', pods(scene.namespace), { metadata: { name: 'a' }, spec: safe });
      return kubeletToken(scene, 'a');
    },
  },
  ...workloads.map(workload),
  {
    code: 'privileged-pod',
    title: 'level',
    level: 'privileged',
    open: [inside('privileged-pod-level', 'create pods')],
    closed: [inside('privileged-pod-level', 'create pods/exec')],
    async take({ actor, namespace }) {
      await actor.must('POST', pods(namespace), { metadata: { name: 'a' }, spec: privileged });
      return undefined;
    },
  },
  {
    code: 'privileged-pod',
    title: 'relabel',
    level: 'baseline',
    open: [inside('privileged-pod-relabel', 'create pods'), wide('patch namespaces')],
    closed: [inside('privileged-pod-relabel', 'create pods')],
    async take({ admin, actor, name, namespace }) {
      const label = { 'pod-security.kubernetes.io/enforce': 'privileged' };
      const path = `/api/v1/namespaces/${namespace}`;
      const { status } = await actor.send('PATCH', path, { metadata: { labels: label } }, mergePatch);
      if (status === 200) await enforced(admin, namespace, 'privileged');
      await actor.must('POST', pods(namespace), { metadata: { name }, spec: privileged });
      return undefined;
    },
  },
  {
    code: 'host-volume',
    level: 'restricted',
    open: [inside('host-volume', 'create pods', 'create persistentvolumeclaims'), wide('create persistentvolumes')],
    closed: [inside('host-volume', 'create pods', 'create persistentvolumeclaims')],
    async take({ actor, namespace }) {
      const claim = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
      await actor.must('POST', '/api/v1/persistentvolumes', {
        metadata: { name: namespace },
        spec: { ...claim, capacity: { storage: '1Gi' }, hostPath: { path: '/' } },
      });
      await actor.must('POST', `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
        metadata: { name: 'a' },
        spec: { ...claim, volumeName: namespace, resources: { requests: { storage: '1Gi' } } },
      });
      const volumes = [{ name: 'host', persistentVolumeClaim: { claimName: 'a' } }];
      await actor.must('POST', pods(namespace), { metadata: { name: 'a' }, spec: { ...safe, volumes } });
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
        const strategic = 'application/strategic-merge-patch+json';
        const spec =
          code === 'change-image'
            ? { containers: [{ name: 'c', image: 'theirs' }] }
            : { ephemeralContainers: [{ name: 'theirs', image: 'theirs', targetContainerName: 'c' }] };
        const path = `${pods(namespace)}/a${code === 'change-image' ? '' : '/ephemeralcontainers'}`;
        await actor.must('PATCH', path, { spec }, strategic);
        return kubeletToken(scene, 'a');
      },
    }),
  ),
  {
    code: 'impersonate',
    title: 'account',
    open: [inside('impersonate-account', 'impersonate serviceaccounts boss')],
    closed: [inside('impersonate-account', 'impersonate serviceaccounts other')],
    take: async ({ actor, namespace }) => actor.as(`system:serviceaccount:${namespace}:boss`),
  },
  {
    code: 'impersonate',
    title: 'groups',
    open: [wide('impersonate users', 'impersonate groups')],
    closed: [wide('impersonate groups')],
    take: async ({ actor }) => actor.as('anybody', ['system:masters']),
  },
  {
    code: 'bind',
    open: [wide(`bind clusterroles.${rbac} cluster-admin`, `create clusterrolebindings.${rbac}`)],
    closed: [wide(`create clusterrolebindings.${rbac}`)],
    async take({ actor, name }) {
      await actor.must('POST', `${rbacPath}/clusterrolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: rbac, kind: 'User', name }],
      });
      return actor;
    },
  },
  {
    code: 'escalate',
    title: 'role',
    open: [inside('escalate-role', `escalate roles.${rbac}`, `patch roles.${rbac}`)],
    closed: [inside('escalate-role', `patch roles.${rbac}`)],
    ends: ['delete', '', 'secrets', true],
    async take({ actor, name, namespace }) {
      await actor.merge(`${rbacPath}/namespaces/${namespace}/roles/${name}-${namespace}`, {
        rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      });
      return actor;
    },
  },
  {
    code: 'escalate',
    title: 'everybody',
    open: [wide(`escalate clusterroles.${rbac}`, `patch clusterroles.${rbac}`)],
    closed: [wide(`patch clusterroles.${rbac}`)],
    async take({ apiserver, actor, admin }) {
      // Everybody who is signed in has this role.
      const path = `${rbacPath}/clusterroles/system:public-info-viewer`;
      const { rules: before } = await admin.must('GET', path);
      await actor.merge(path, { rules: [rule('* *.*')] });
      await upToDate(apiserver);
      const isGiven = await actor.may('*', '*', '*');
      await admin.merge(path, { rules: before });
      if (!isGiven) throw new Error('the role gave nothing');
      return undefined;
    },
  },
  {
    code: 'approve-certificate',
    open: [wide(`create ${csr}`, `patch ${csr}/approval`, client)],
    closed: [wide(`create ${csr}`, `patch ${csr}/approval`)],
    async take({ actor, apiserver, name, namespace }) {
      const commonName = `system:serviceaccount:${namespace}:boss`;
      const request = await apiserver.authority.requestFor({ commonName });
      await actor.must('POST', csrPath, {
        metadata: { name },
        spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
      });
      const conditions = [{ type: 'Approved', status: 'True', reason: 'Theirs' }];
      await actor.merge(`${csrPath}/${name}/approval`, { status: { conditions } });
      // The signer of kube-controller-manager, by hand.
      return new Client(apiserver, await apiserver.authority.issue({ commonName }));
    },
  },
  {
    code: 'mutating-webhook',
    open: [wide('create mutatingwebhookconfigurations.admissionregistration.k8s.io')],
    closed: [wide('get mutatingwebhookconfigurations.admissionregistration.k8s.io')],
    async take(scene) {
      const { admin, actor, name } = scene;
      const added = { op: 'add', path: '/subjects/-', value: { apiGroup: rbac, kind: 'User', name } };
      const patch = Buffer.from(JSON.stringify([added])).toString('base64');
      let made = 0;
      await withWebhook(
        scene,
        {
          kind: 'Mutating',
          answer: () => {
            heard.add(name);
            return { patchType: 'JSONPatch', patch };
          },
        },
        async () => {
          await admin.must('POST', `${rbacPath}/clusterrolebindings`, {
            metadata: { name: `${name}-${made++}` },
            roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
            subjects: [{ apiGroup: rbac, kind: 'User', name: 'an-administrator' }],
          });
        },
      );
      return actor;
    },
  },
  {
    code: 'validating-webhook',
    open: [wide('create validatingwebhookconfigurations.admissionregistration.k8s.io')],
    closed: [wide('get validatingwebhookconfigurations.admissionregistration.k8s.io')],
    async take(scene) {
      const { admin, name, namespace } = scene;
      let made = 0;
      const answer = ({ object }: { object: { stringData?: object; data?: { word?: string } } }) => {
        heard.add(name);
        secretsRead.set(name, Buffer.from(object.data?.word ?? '', 'base64').toString());
        return {};
      };
      await withWebhook(scene, { kind: 'Validating', answer }, async () => {
        const metadata = { name: `a-${made++}` };
        const data = { word: Buffer.from('secret').toString('base64') };
        await admin.must('POST', `/api/v1/namespaces/${namespace}/secrets`, { metadata, data });
      });
      if (secretsRead.get(name) !== 'secret') throw new Error('the webhook read nothing');
      return undefined;
    },
  },
];

export const isRefused = (error: unknown): boolean =>
  error instanceof Refused && (error.answer.status === 403 || error.answer.status === 400);

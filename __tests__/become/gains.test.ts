import type { Gain } from '../../lib/become/become-step';
import { steps } from '../../lib/become/become-steps';
import {
  accountFact,
  conditionFact,
  type Fact,
  identityFact,
  serviceAccountFact,
  tokenSecretsFact,
  writtenRolesFact,
} from '../../lib/become/fact';
import { Reached } from '../../lib/become/reached';
import { boss, grant, type Has, rules, user, world } from './small-world';

const rbac = 'rbac.authorization.k8s.io';

interface Scene {
  readonly has: readonly Has[];
  readonly setting?: Parameters<typeof world>[0];
  /** The facts that jane has in addition to the rights in `has`. */
  readonly more?: readonly Fact[];
  readonly fact?: Fact;
}

/** Returns what a step gives jane. */
function gainsOf(code: string, { has, setting = {}, more = [], fact = user('jane') }: Scene): Gain[] {
  const step = steps.find((one) => one.code === code);
  if (!step) throw new Error(`there is no step ${code}`);
  const objects = [...(setting.objects ?? []), ...has.flatMap((one) => grant('jane', one))];
  const on = world({ ...setting, objects });
  const reached = new Reached(on);
  for (const one of [fact, ...more]) reached.begin(one);
  return [...step.gains({ fact, rights: reached.rightsOf(fact), reached }, on)];
}

/**
 * Returns what a step gives jane, one text each: what she reaches, what she does, the rights that this uses, what it
 * assumes, and what else it requires. The components of Kubernetes are left out.
 */
function gains(code: string, scene: Scene): string[] {
  const system = /^the (service account|user) (system:kube-|system:serviceaccount:kube-system:|kube-system\/)/;
  return gainsOf(code, scene)
    .filter(({ fact: { words } }) => !system.test(words))
    .map((gain) =>
      [
        gain.fact.words,
        gain.does,
        ...gain.uses.map(
          ({ right: { verb, group, resource, namespace } }) => `by ${verb} ${group}/${resource} ${namespace ?? '*'}`,
        ),
        ...(gain.assumes ?? []).map((clause) => `if ${clause}`),
        ...(gain.needs ?? []).map((key) => `needs ${key.replaceAll('\n', ' ')}`),
        ...(gain.setting === undefined ? [] : [gain.setting]),
      ].join('; '),
    );
}

const everywhere = (...texts: string[]): Has[] => [{ rules: rules(...texts) }];
const inside = (namespace: string, ...texts: string[]): Has[] => [{ namespace, rules: rules(...texts) }];
const inWeb = (...texts: string[]): Has[] => inside('web', ...texts);
const web = boss('web');
const on = (kubernetes: string, objects: object[] = web) => ({
  objects,
  config: { clusters: { homelab: { kubernetes } } },
});
const api = { apiVersion: 'v1' };
const there = (kind: string, namespace = 'web') => ({ ...api, kind, metadata: { name: 'x', namespace } });
const tokenOfBoss = {
  ...there('Secret'),
  type: 'kubernetes.io/service-account-token',
  metadata: { name: 's', namespace: 'web', annotations: { 'kubernetes.io/service-account.name': 'boss' } },
};
const namespace = (level: string) => ({
  ...api,
  kind: 'Namespace',
  metadata: { name: 'web', labels: { 'pod-security.kubernetes.io/enforce': level } },
});
const nodesBound = [
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'nodes' },
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'Group', name: 'system:nodes' }],
  },
];
const privileged = { securityContext: { privileged: true } };
const agent = (spec: object) => ({ ...there('DaemonSet'), spec: { template: { spec } } });
const opened = conditionFact('privileged-pods', 'privileged pods in namespace web', 'web');
const requested = conditionFact('certificate-request', 'a certificate signing request');
const admission = 'admissionregistration.k8s.io';
const csr = 'certificatesigningrequests.certificates.k8s.io';
const signer = 'approve signers.certificates.k8s.io kubernetes.io/kube-apiserver-client';
const authn = 'authentication.k8s.io';
const role = (name: string, texts: string[], more: object = {}) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'Role',
  metadata: { name, namespace: 'web' },
  rules: rules(...texts),
  ...more,
});

const locked = {
  clusters: {
    homelab: { flux: { lockdown: { noCrossNamespaceRefs: true, defaultServiceAccount: 'default' } } },
  },
};
const editInWeb = {
  apiVersion: `${rbac}/v1`,
  kind: 'RoleBinding',
  metadata: { name: 'edit', namespace: 'web' },
  roleRef: { kind: 'ClusterRole', name: 'edit' },
  subjects: [{ kind: 'User', name: 'jane' }],
};

const members = (name: string) => accountFact({ kind: 'members', name });
const [jane, bob] = ['jane', 'bob'].map((name) => accountFact({ kind: 'person', name })) as [Fact, Fact];
const impersonating = identityFact({ user: 'jane', groups: [] }, 'jane', { impersonated: true });
const person = (i: number) => ({ displayName: `P${i}`, id: `00000000-0000-4000-8000-00000000000${i}` });
/** Jane manages admins, whose members manage extra, whose members manage the service account ci. */
const managed = {
  people: { jane: person(1), bob: person(2) },
  serviceAccounts: { ci: { ...person(3), managedBy: 'extra' } },
  groups: {
    k8s_users: { members: ['datosh', 'jane', 'ci', 'admins', 'extra'] },
    admins: { members: ['datosh'], managedBy: 'jane' },
    extra: { members: [], managedBy: 'admins' },
  },
  clusters: {
    homelab: {
      authentication: { groups: {} },
      grants: [{ name: 'all', clusterRole: 'cluster-admin', groups: ['admins', 'extra'] }],
    },
  },
};
const writers = (list: object) => ({
  ...managed,
  clusters: { homelab: { ...managed.clusters.homelab, flux: { writers: list } } },
});
const namedBy = (claim: string, config: object = {}) => ({
  config: {
    ...managed,
    clusters: {
      homelab: { kubernetes: '1.34', authentication: { method: 'structured', claim, prefix: 'u:' }, grants: [] },
    },
    ...config,
  },
  objects: [
    'u:gone',
    'u:jane',
    'gone',
    'u:Not_a_name',
    'u:1st',
    'u:system:',
    'system:x',
    'u:gone@sso.kammel.dev',
    'u:gone@example.com',
  ].flatMap((name) => grant(name, { rules: rules('get pods') })),
});
const named = namedBy('preferred_username', { clients: { k8s: { preferShortUsername: true } } });
const mailed = namedBy('email');
const bindingOf = (name: string, kind: string) => ({
  ...editInWeb,
  metadata: { name, namespace: 'web' },
  roleRef: { kind, name },
});

const scenes: [string, string, Scene, string[]][] = [
  [
    'mutating-webhook',
    'create',
    { has: everywhere(`create mutatingwebhookconfigurations.${admission}`) },
    [
      'an administrator, by changing objects while an administrator creates them; use a webhook to change the objects that an administrator creates; by create admissionregistration.k8s.io/mutatingwebhookconfigurations *; if somebody with every right, such as Flux, changes an object; if the API server can reach the server of the webhook',
    ],
  ],
  [
    'mutating-webhook',
    'patch',
    { has: everywhere(`patch mutatingwebhookconfigurations.${admission}`) },
    [
      'an administrator, by changing objects while an administrator creates them; use a webhook to change the objects that an administrator creates; by patch admissionregistration.k8s.io/mutatingwebhookconfigurations *; if somebody with every right, such as Flux, changes an object; if the API server can reach the server of the webhook',
    ],
  ],
  ['mutating-webhook', 'in a namespace', { has: inWeb(`create mutatingwebhookconfigurations.${admission}`) }, []],
  [
    'mutating-policy',
    'both rights',
    {
      has: everywhere(
        `create mutatingadmissionpolicies.${admission}`,
        `patch mutatingadmissionpolicybindings.${admission}`,
      ),
      setting: on('1.36'),
    },
    [
      'an administrator, by changing objects while an administrator creates them; use a mutating admission policy to change the objects that an administrator creates; by create admissionregistration.k8s.io/mutatingadmissionpolicies *; by patch admissionregistration.k8s.io/mutatingadmissionpolicybindings *; if somebody with every right, such as Flux, changes an object',
    ],
  ],
  [
    'mutating-policy',
    'before 1.36',
    {
      has: everywhere(
        `create mutatingadmissionpolicies.${admission}`,
        `patch mutatingadmissionpolicybindings.${admission}`,
      ),
      setting: on('1.35'),
    },
    [],
  ],
  [
    'mutating-policy',
    'without a binding',
    { has: everywhere(`create mutatingadmissionpolicies.${admission}`), setting: on('1.36') },
    [],
  ],
  [
    'mutating-policy',
    'a policy that is bound already',
    { has: everywhere(`update mutatingadmissionpolicies.${admission}`), setting: on('1.36') },
    [
      'an administrator, by changing objects while an administrator creates them; use a mutating admission policy to change the objects that an administrator creates; by update admissionregistration.k8s.io/mutatingadmissionpolicies *; if somebody with every right, such as Flux, changes an object; if the cluster has a mutating admission policy and a binding of it',
    ],
  ],
  [
    'mutating-policy',
    'a policy that is bound already, before 1.36',
    { has: everywhere(`update mutatingadmissionpolicies.${admission}`), setting: on('1.35') },
    [],
  ],
  [
    'mutating-policy',
    'without a policy',
    { has: everywhere(`create mutatingadmissionpolicybindings.${admission}`), setting: on('1.36') },
    [],
  ],
  [
    'validating-webhook',
    'update',
    { has: everywhere(`update validatingwebhookconfigurations.${admission}`) },
    [
      'the Secrets that are written from now on; use a webhook to read Secrets when they are written; by update admissionregistration.k8s.io/validatingwebhookconfigurations *; if the Secrets are written again; if the API server can reach the server of the webhook',
    ],
  ],
  [
    'validating-webhook',
    'who reads Secrets anyway',
    { has: everywhere(`update validatingwebhookconfigurations.${admission}`, 'get secrets') },
    [],
  ],
  [
    'validating-webhook',
    'who reads some Secrets',
    { has: [...everywhere(`update validatingwebhookconfigurations.${admission}`), ...inWeb('get secrets')] },
    [
      'the Secrets that are written from now on; use a webhook to read Secrets when they are written; by update admissionregistration.k8s.io/validatingwebhookconfigurations *; if the Secrets are written again; if the API server can reach the server of the webhook',
    ],
  ],
  [
    'exec',
    'create',
    { has: inWeb('create pods/exec'), setting: { objects: web } },
    [
      'the service account web/boss; run a command in a pod of the service account web/boss; by create /pods/exec web; if a pod runs as web/boss',
    ],
  ],
  [
    'exec',
    'get before 1.35, in kube-system, by names',
    { has: inside('kube-system', 'get pods/exec a,b'), setting: on('1.34', []) },
    [
      'root on a node; run a command in a pod of kube-system; by get /pods/exec kube-system; if one of the pods a, b is privileged',
    ],
  ],
  ['exec', 'get from 1.35', { has: inWeb('get pods/exec'), setting: on('1.35') }, []],
  [
    'debug-container',
    'patch',
    { has: inWeb('patch pods/ephemeralcontainers'), setting: { objects: web } },
    [
      'the service account web/boss; add a debug container to a pod of the service account web/boss; by patch /pods/ephemeralcontainers web; if a pod runs as web/boss',
      'root on a node; add a privileged debug container to a pod in namespace web; by patch /pods/ephemeralcontainers web; if namespace web has a pod; if namespace web allows privileged pods (its Pod Security level is not known)',
    ],
  ],
  [
    'debug-container',
    'update',
    { has: inWeb('update pods/ephemeralcontainers'), setting: { objects: web } },
    [
      'the service account web/boss; add a debug container to a pod of the service account web/boss; by update /pods/ephemeralcontainers web; if a pod runs as web/boss',
      'root on a node; add a privileged debug container to a pod in namespace web; by update /pods/ephemeralcontainers web; if namespace web has a pod; if namespace web allows privileged pods (its Pod Security level is not known)',
    ],
  ],
  [
    'debug-container',
    'by name, where the level is privileged',
    { has: inWeb('patch pods/ephemeralcontainers a'), setting: { objects: [namespace('privileged')] } },
    [
      'root on a node; add a privileged debug container to a pod in namespace web; by patch /pods/ephemeralcontainers web; if namespace web has the pod a',
    ],
  ],
  [
    'debug-container',
    'baseline',
    { has: inWeb('patch pods/ephemeralcontainers'), setting: { objects: [namespace('baseline')] } },
    [],
  ],
  [
    'debug-container',
    'baseline, but the label can be changed',
    {
      has: inWeb('patch pods/ephemeralcontainers'),
      setting: { objects: [namespace('baseline')] },
      more: [opened],
    },
    [
      'root on a node; add a privileged debug container to a pod in namespace web; by patch /pods/ephemeralcontainers web; if namespace web has a pod; needs privileged-pods web',
    ],
  ],
  [
    'exec',
    'a privileged pod in the manifests',
    { has: inWeb('create pods/exec'), setting: { objects: [agent({ containers: [privileged] })] } },
    ['root on a node; run a command in a pod of web; by create /pods/exec web'],
  ],
  [
    'exec',
    'a privileged pod in the manifests, by the names of pods',
    { has: inWeb('create pods/exec a'), setting: { objects: [agent({ containers: [privileged] })] } },
    ['root on a node; run a command in a pod of web; by create /pods/exec web; if the pod a is privileged'],
  ],
  [
    'exec',
    'a pod with files of its node in the manifests',
    { has: inWeb('create pods/exec'), setting: { objects: [agent({ volumes: [{ hostPath: { path: '/' } }] })] } },
    ['root on a node; run a command in a pod of web; by create /pods/exec web; if a privileged pod runs in web'],
  ],
  [
    'exec',
    'an ordinary pod in the manifests',
    { has: inWeb('create pods/exec'), setting: { objects: [agent({ containers: [{}], volumes: [{}] })] } },
    [],
  ],
  [
    'exec',
    'the level privileged',
    { has: inWeb('create pods/exec'), setting: { objects: [namespace('privileged')] } },
    ['root on a node; run a command in a pod of web; by create /pods/exec web; if a privileged pod runs in web'],
  ],
  [
    'exec',
    'the level baseline, with a privileged pod in the manifests',
    {
      has: inWeb('create pods/exec'),
      setting: { objects: [namespace('baseline'), agent({ containers: [privileged] })] },
    },
    [],
  ],
  [
    'run-pod',
    'a Deployment with another name',
    { has: inWeb('patch deployments.apps foo'), setting: { objects: [...web, there('Deployment')] } },
    [
      'the service account web/boss; run a pod as the service account web/boss; by patch apps/deployments web; if namespace web has the Deployment foo',
    ],
  ],
  [
    'run-pod',
    'a Deployment with this name',
    { has: inWeb('patch deployments.apps x'), setting: { objects: [...web, there('Deployment')] } },
    ['the service account web/boss; run a pod as the service account web/boss; by patch apps/deployments web'],
  ],
  [
    'change-image',
    'update',
    { has: inWeb('update pods'), setting: { objects: web } },
    [
      'the service account web/boss; change the image of a pod of the service account web/boss; by update /pods web; if a pod runs as web/boss',
    ],
  ],
  [
    'change-image',
    'patch',
    { has: inWeb('patch pods'), setting: { objects: web } },
    [
      'the service account web/boss; change the image of a pod of the service account web/boss; by patch /pods web; if a pod runs as web/boss',
    ],
  ],
  [
    'run-pod',
    'create',
    { has: inWeb('create pods'), setting: { objects: web } },
    ['the service account web/boss; run a pod as the service account web/boss; by create /pods web'],
  ],
  [
    'run-pod',
    'change a Deployment, which may not exist',
    { has: inWeb('patch deployments.apps', 'patch jobs.batch', 'update pods'), setting: { objects: web } },
    [
      'the service account web/boss; run a pod as the service account web/boss; by patch apps/deployments web; if namespace web has a Deployment to change',
    ],
  ],
  [
    'run-pod',
    'change a Deployment that exists',
    { has: inWeb('patch deployments.apps'), setting: { objects: [...web, there('Deployment')] } },
    ['the service account web/boss; run a pod as the service account web/boss; by patch apps/deployments web'],
  ],
  [
    'run-pod',
    'a sure right before an unsure one',
    { has: inWeb('patch deployments.apps', 'create jobs.batch'), setting: { objects: web } },
    ['the service account web/boss; run a pod as the service account web/boss; by create batch/jobs web'],
  ],
  [
    'run-pod',
    'change a Job',
    { has: inWeb('patch jobs.batch', 'update pods'), setting: { objects: [...web, there('Job'), there('Pod')] } },
    [],
  ],
  [
    'mount-secret',
    'create',
    { has: inWeb('create jobs.batch'), setting: { objects: web } },
    ['the Secrets of namespace web; mount the Secrets of namespace web into a pod; by create batch/jobs web'],
  ],
  [
    'mount-secret',
    'change',
    { has: inWeb('patch deployments.apps'), setting: { objects: web } },
    [
      'the Secrets of namespace web; mount the Secrets of namespace web into a pod; by patch apps/deployments web; if namespace web has a Deployment to change',
    ],
  ],
  [
    'mount-secret',
    'who reads them anyway',
    { has: inWeb('create jobs.batch', 'get secrets'), setting: { objects: web } },
    [],
  ],
  [
    'host-volume',
    'without a right to claims, which Kubernetes creates',
    { has: [...everywhere('create persistentvolumes'), ...inWeb('create pods')] },
    [
      'root on a node; mount a PersistentVolume with the files of a node into a pod in namespace web; by create /persistentvolumes *; by create /pods web',
    ],
  ],
  ['host-volume', 'a volume in a namespace', { has: inWeb('create persistentvolumes', 'create pods') }, []],
  [
    'host-volume',
    'in several namespaces',
    {
      has: [
        ...everywhere('create persistentvolumes'),
        ...inWeb('patch deployments.apps'),
        ...inside('db', 'create pods'),
      ],
    },
    [
      'root on a node; mount a PersistentVolume with the files of a node into a pod in namespace web; by create /persistentvolumes *; by patch apps/deployments web; if namespace web has a Deployment to change',
      'root on a node; mount a PersistentVolume with the files of a node into a pod in namespace db; by create /persistentvolumes *; by create /pods db',
    ],
  ],
  [
    'privileged-pod',
    'level not known',
    { has: inWeb('create pods') },
    [
      'root on a node; run a privileged pod in namespace web; by create /pods web; if namespace web allows privileged pods (its Pod Security level is not known)',
    ],
  ],
  [
    'privileged-pod',
    'privileged',
    { has: inWeb('create pods'), setting: { objects: [namespace('privileged')] } },
    ['root on a node; run a privileged pod in namespace web; by create /pods web'],
  ],
  ['privileged-pod', 'baseline', { has: inWeb('create pods'), setting: { objects: [namespace('baseline')] } }, []],
  [
    'privileged-pod',
    'baseline, and the label can be removed',
    { has: inWeb('create pods'), setting: { objects: [namespace('baseline')] }, more: [opened] },
    ['root on a node; run a privileged pod in namespace web; by create /pods web; needs privileged-pods web'],
  ],
  [
    'privileged-pod',
    'level not known, and the label can be removed',
    { has: inWeb('create pods'), more: [opened] },
    ['root on a node; run a privileged pod in namespace web; by create /pods web; needs privileged-pods web'],
  ],
  [
    'privileged-pod',
    'privileged, and the label can be removed',
    { has: inWeb('create pods'), setting: { objects: [namespace('privileged')] }, more: [opened] },
    ['root on a node; run a privileged pod in namespace web; by create /pods web'],
  ],
  [
    'privileged-pod',
    'change a workload',
    { has: inWeb('patch daemonsets.apps') },
    [
      'root on a node; run a privileged pod in namespace web; by patch apps/daemonsets web; if namespace web has a DaemonSet to change; if namespace web allows privileged pods (its Pod Security level is not known)',
    ],
  ],
  [
    'relabel-namespace',
    'by name and in the namespace',
    { has: [...everywhere('patch namespaces a,b'), ...inWeb('update namespaces')] },
    [
      'privileged pods in namespace web; set the Pod Security level of namespace web to privileged; by update /namespaces web',
      'privileged pods in namespace a; set the Pod Security level of namespace a to privileged; by patch /namespaces *',
      'privileged pods in namespace b; set the Pod Security level of namespace b to privileged; by patch /namespaces *',
    ],
  ],
  ['relabel-namespace', 'by another name in the namespace', { has: inWeb('update namespaces db') }, []],
  [
    'relabel-namespace',
    'every namespace',
    { has: everywhere('update namespaces') },
    [
      'privileged pods in namespace default; set the Pod Security level of namespace default to privileged; by update /namespaces *',
      'privileged pods in namespace flux-system; set the Pod Security level of namespace flux-system to privileged; by update /namespaces *',
      'privileged pods in namespace kanidm; set the Pod Security level of namespace kanidm to privileged; by update /namespaces *',
      'privileged pods in namespace kube-public; set the Pod Security level of namespace kube-public to privileged; by update /namespaces *',
      'privileged pods in namespace kube-system; set the Pod Security level of namespace kube-system to privileged; by update /namespaces *',
    ],
  ],
  [
    'request-token',
    'create',
    { has: inWeb('create serviceaccounts/token'), setting: { objects: web } },
    [
      'the service account web/boss; request a token of the service account web/boss; by create /serviceaccounts/token web',
    ],
  ],
  [
    'request-token',
    'by another name',
    { has: inWeb('create serviceaccounts/token other'), setting: { objects: web } },
    [],
  ],
  [
    'create-token-secret',
    'create',
    { has: inWeb('create secrets'), setting: { objects: web } },
    ['token Secrets in namespace web; create a token Secret in namespace web; by create /secrets web'],
  ],
  ['create-token-secret', 'without service accounts', { has: inWeb('create secrets') }, []],
  [
    'read-token-secret',
    'list by name',
    { has: inWeb('list secrets s'), setting: { objects: web } },
    [
      'the service account web/boss; read the token of the service account web/boss in a Secret; by list /secrets web; if the Secret s holds a token of web/boss',
    ],
  ],
  [
    'read-token-secret',
    'watch',
    { has: inWeb('watch secrets'), setting: { objects: web } },
    [
      'the service account web/boss; read the token of the service account web/boss in a Secret; by watch /secrets web; if a Secret holds a token of web/boss',
    ],
  ],
  [
    'read-token-secret',
    'a Secret that exists',
    {
      has: inWeb('get secrets'),
      setting: { objects: [...web, tokenOfBoss] },
    },
    ['the service account web/boss; read the token of the service account web/boss in a Secret; by get /secrets web'],
  ],
  [
    'read-token-secret',
    'a Secret that was created',
    {
      has: inWeb('get secrets'),
      setting: { objects: web },
      more: [conditionFact('token-secrets', 'token Secrets in namespace web', 'web')],
    },
    [
      'the service account web/boss; read the token of the service account web/boss in a Secret; by get /secrets web; needs token-secrets web',
      'the service account web/boss; read the token of the service account web/boss in a Secret; by get /secrets web; if a Secret holds a token of web/boss',
    ],
  ],
  [
    'create-token-secret',
    'by name',
    { has: inWeb('create secrets a', 'patch secrets a'), setting: { objects: web } },
    ['token Secrets in namespace web; create a token Secret in namespace web; by create /secrets web'],
  ],
  [
    'read-token-secret',
    'a Secret that was created, by name',
    { has: inWeb('get secrets x,y'), setting: { objects: web }, more: [tokenSecretsFact('web')] },
    [
      'the service account web/boss; read the token of the service account web/boss in a Secret; by get /secrets web; if one of the Secrets x, y does not exist yet in namespace web; needs token-secrets web',
      'the service account web/boss; read the token of the service account web/boss in a Secret; by get /secrets web; if one of the Secrets x, y holds a token of web/boss',
    ],
  ],
  [
    'read-token-secret',
    'a Secret that was created with another name',
    { has: inWeb('get secrets x'), setting: { objects: web }, more: [tokenSecretsFact('web', ['y'])] },
    [
      'the service account web/boss; read the token of the service account web/boss in a Secret; by get /secrets web; if the Secret x holds a token of web/boss',
    ],
  ],
  [
    'read-token-secret',
    'by the name of another Secret that exists',
    {
      has: inWeb('get secrets x'),
      setting: { objects: [...web, there('Secret')] },
      more: [tokenSecretsFact('web')],
    },
    [],
  ],
  [
    'read-token-secret',
    'by the name of another Secret that exists and can be deleted',
    {
      has: inWeb('delete secrets x'),
      setting: { objects: [...web, there('Secret')] },
      more: [tokenSecretsFact('web')],
    },
    [
      'the service account web/boss; read the token of the service account web/boss in a Secret; by delete /secrets web; needs token-secrets web',
    ],
  ],
  [
    'read-token-secret',
    'by the name of a Secret with an encrypted type',
    { has: inWeb('get secrets x'), setting: { objects: [...web, { ...there('Secret'), type: 'ENC[a]' }] } },
    [
      'the service account web/boss; read the token of the service account web/boss in a Secret; by get /secrets web; if the Secret x holds a token of web/boss',
    ],
  ],
  [
    'read-token-secret',
    'by the name of a token Secret that exists',
    {
      has: inWeb('get secrets s'),
      setting: { objects: [...web, tokenOfBoss] },
    },
    ['the service account web/boss; read the token of the service account web/boss in a Secret; by get /secrets web'],
  ],
  [
    'node-proxy',
    'by name',
    { has: everywhere('get nodes/proxy a'), setting: { objects: web } },
    [
      'root on a node; run a command in a privileged pod, through the kubelet; by get /nodes/proxy *; if a privileged pod runs on the node a, as kube-proxy does',
      'the service account web/boss; run a command in a pod of the service account web/boss, through the kubelet; by get /nodes/proxy *; if a pod runs as web/boss on the node a',
      'the service account flux-system/kustomize-controller; run a command in a pod of the service account flux-system/kustomize-controller, through the kubelet; by get /nodes/proxy *; if a pod runs as flux-system/kustomize-controller on the node a',
    ],
  ],
  [
    'impersonate-node',
    'with the verb impersonate',
    { has: everywhere('impersonate users system:node:n', 'impersonate groups system:nodes'), setting: on('1.34') },
    [
      'the service account web/boss; impersonate a node, and request a token of web/boss; by impersonate /users *; by impersonate /groups *; if a pod on the node mounts a token of web/boss',
      'the service account flux-system/kustomize-controller; impersonate a node, and request a token of flux-system/kustomize-controller; by impersonate /users *; by impersonate /groups *; if a pod on the node mounts a token of flux-system/kustomize-controller',
    ],
  ],
  [
    'impersonate-node',
    'without the group of the nodes',
    { has: everywhere('impersonate users system:node:n', 'impersonate groups other'), setting: on('1.34') },
    [],
  ],
  [
    'impersonate-node',
    'another user in the group of the nodes',
    { has: everywhere('impersonate users n', 'impersonate groups system:nodes'), setting: on('1.34') },
    [],
  ],
  [
    'flux-kustomization',
    'change one with another name',
    {
      has: inWeb('patch kustomizations.kustomize.toolkit.fluxcd.io foo'),
      setting: { objects: [...web, there('Kustomization')], config: locked },
    },
    [
      'the service account web/boss; change a Kustomization in namespace web, which Flux applies as the service account web/boss; by patch kustomize.toolkit.fluxcd.io/kustomizations web; if namespace web has the Kustomization foo; if namespace web has a source of Flux',
    ],
  ],
  [
    'node-proxy',
    'get',
    { has: everywhere('get nodes/proxy'), setting: { objects: web } },
    [
      'root on a node; run a command in a privileged pod, through the kubelet; by get /nodes/proxy *; if a privileged pod runs on the nodes, as kube-proxy does',
      'the service account web/boss; run a command in a pod of the service account web/boss, through the kubelet; by get /nodes/proxy *; if a pod runs as web/boss',
      'the service account flux-system/kustomize-controller; run a command in a pod of the service account flux-system/kustomize-controller, through the kubelet; by get /nodes/proxy *; if a pod runs as flux-system/kustomize-controller',
    ],
  ],
  ['node-proxy', 'in a namespace', { has: inWeb('get nodes/proxy'), setting: { objects: web } }, []],
  ['node-proxy', 'another verb', { has: everywhere('list nodes/proxy'), setting: { objects: web } }, []],
  [
    'read-node',
    'a node',
    { has: [], fact: conditionFact('node', 'root on a node'), setting: { objects: web } },
    [
      'an administrator with the keys of the control plane; read the keys of the control plane on one of its nodes',
      'the service account web/boss; read the token of web/boss on a node; if a pod runs as web/boss',
      'the service account flux-system/kustomize-controller; read the token of flux-system/kustomize-controller on a node; if a pod runs as flux-system/kustomize-controller',
    ],
  ],
  [
    'read-node',
    'a control plane that may run on nodes',
    {
      has: [],
      fact: conditionFact('node', 'root on a node'),
      setting: { objects: web, config: { clusters: { homelab: { controlPlane: 'k0s' } } } },
    },
    [
      'an administrator with the keys of the control plane; read the keys of the control plane on one of its nodes; if the control plane runs on a node of the cluster',
      'the service account web/boss; read the token of web/boss on a node; if a pod runs as web/boss',
      'the service account flux-system/kustomize-controller; read the token of flux-system/kustomize-controller on a node; if a pod runs as flux-system/kustomize-controller',
    ],
  ],
  [
    'read-node',
    'a node, where the group of the nodes has a role',
    {
      has: [],
      fact: conditionFact('node', 'root on a node'),
      setting: { objects: nodesBound },
    },
    [
      'an administrator with the keys of the control plane; read the keys of the control plane on one of its nodes',
      'a node; use the credential of the kubelet on a node',
      'the service account flux-system/kustomize-controller; read the token of flux-system/kustomize-controller on a node; if a pod runs as flux-system/kustomize-controller',
    ],
  ],
  [
    'approve-node',
    'where the group of the nodes has a role',
    { has: everywhere(`create ${csr}/nodeclient`), setting: { objects: nodesBound }, more: [requested] },
    [
      'a node; get the certificate of a node; by create certificates.k8s.io/certificatesigningrequests/nodeclient *; needs certificate-request ',
      'the service account flux-system/kustomize-controller; get the certificate of a node, and request a token of flux-system/kustomize-controller; by create certificates.k8s.io/certificatesigningrequests/nodeclient *; if a pod on the node mounts a token of flux-system/kustomize-controller; needs certificate-request ',
    ],
  ],
  [
    'request-certificate',
    'create',
    { has: everywhere(`create ${csr}`) },
    [
      'a certificate signing request; create a certificate signing request; by create certificates.k8s.io/certificatesigningrequests *',
    ],
  ],
  ['request-certificate', 'in a namespace', { has: inWeb(`create ${csr}`) }, []],
  [
    'approve-certificate',
    'approve',
    { has: everywhere(`update ${csr}/approval`, signer), setting: { objects: web }, more: [requested] },
    [
      'a user in every group but system:masters; approve a certificate for a user in every group but system:masters; by update certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; needs certificate-request ',
      'the user https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16, in every group but system:masters; approve a certificate for the user https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16, in every group but system:masters; by update certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; needs certificate-request ',
      'the user jane, in every group but system:masters; approve a certificate for the user jane, in every group but system:masters; by update certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; needs certificate-request ',
      'the user system:serviceaccount:web:boss, in every group but system:masters; approve a certificate for the user system:serviceaccount:web:boss, in every group but system:masters; by update certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; needs certificate-request ',
      'the user system:serviceaccount:flux-system:kustomize-controller, in every group but system:masters; approve a certificate for the user system:serviceaccount:flux-system:kustomize-controller, in every group but system:masters; by update certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; needs certificate-request ',
    ],
  ],
  [
    'approve-certificate',
    'without a request',
    { has: everywhere(`update ${csr}/approval`, signer), setting: { objects: web } },
    [],
  ],
  [
    'approve-certificate',
    'in a namespace',
    { has: [...inWeb(`update ${csr}/approval`), ...everywhere(signer)], setting: { objects: web }, more: [requested] },
    [],
  ],
  [
    'approve-node',
    'approve',
    { has: everywhere(`patch ${csr}/approval`, `${signer}-kubelet`), setting: { objects: web }, more: [requested] },
    [
      'the service account web/boss; get the certificate of a node, and request a token of web/boss; by patch certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; if a pod on the node mounts a token of web/boss; needs certificate-request ',
      'the service account flux-system/kustomize-controller; get the certificate of a node, and request a token of flux-system/kustomize-controller; by patch certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; if a pod on the node mounts a token of flux-system/kustomize-controller; needs certificate-request ',
    ],
  ],
  [
    'approve-node',
    'every signer of the domain',
    {
      has: everywhere(`patch ${csr}/approval`, 'approve signers.certificates.k8s.io kubernetes.io/*'),
      setting: { objects: web },
      more: [requested],
    },
    [
      'the service account web/boss; get the certificate of a node, and request a token of web/boss; by patch certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; if a pod on the node mounts a token of web/boss; needs certificate-request ',
      'the service account flux-system/kustomize-controller; get the certificate of a node, and request a token of flux-system/kustomize-controller; by patch certificates.k8s.io/certificatesigningrequests/approval *; by approve certificates.k8s.io/signers *; if a pod on the node mounts a token of flux-system/kustomize-controller; needs certificate-request ',
    ],
  ],
  [
    'approve-node',
    'automatic',
    { has: everywhere(`create ${csr}/nodeclient`), setting: { objects: web }, more: [requested] },
    [
      'the service account web/boss; get the certificate of a node, and request a token of web/boss; by create certificates.k8s.io/certificatesigningrequests/nodeclient *; if a pod on the node mounts a token of web/boss; needs certificate-request ',
      'the service account flux-system/kustomize-controller; get the certificate of a node, and request a token of flux-system/kustomize-controller; by create certificates.k8s.io/certificatesigningrequests/nodeclient *; if a pod on the node mounts a token of flux-system/kustomize-controller; needs certificate-request ',
    ],
  ],
  [
    'approve-node',
    'automatic, in a namespace',
    { has: inWeb(`create ${csr}/nodeclient`), setting: { objects: web }, more: [requested] },
    [],
  ],
  [
    'impersonate',
    'users by name',
    { has: everywhere('impersonate users root,system:serviceaccount:web:boss') },
    ['the user root; impersonate the user root; by impersonate /users *'],
  ],
  [
    'impersonate',
    'every user',
    { has: everywhere('impersonate users'), setting: { objects: grant('root', { rules: rules('get pods') }) } },
    [
      'the user https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16; impersonate the user https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16; by impersonate /users *',
      'the user jane; impersonate the user jane; by impersonate /users *',
      'the user root; impersonate the user root; by impersonate /users *',
    ],
  ],
  [
    'impersonate',
    'users and groups',
    { has: everywhere('impersonate users root', 'impersonate groups b,a') },
    ['the user root in a, b; impersonate the user root in a, b; by impersonate /users *; by impersonate /groups *'],
  ],
  [
    'impersonate',
    'users and every group',
    { has: everywhere('impersonate users root', 'impersonate groups') },
    [
      'a member of system:masters; impersonate a member of system:masters; by impersonate /users *; by impersonate /groups *',
    ],
  ],
  ['impersonate', 'groups alone', { has: everywhere('impersonate groups') }, []],
  ['impersonate', 'in a namespace', { has: inWeb('impersonate users root', 'impersonate groups a') }, []],
  [
    'impersonate',
    'service accounts of a namespace',
    { has: inWeb('impersonate serviceaccounts'), setting: { objects: web } },
    ['the service account web/boss; impersonate the service account web/boss; by impersonate /serviceaccounts web'],
  ],
  [
    'impersonate',
    'a service account by name',
    { has: inWeb('impersonate serviceaccounts other'), setting: { objects: web } },
    [],
  ],
  [
    'impersonate',
    'a service account and groups',
    {
      has: [...inWeb('impersonate serviceaccounts boss'), ...everywhere('impersonate groups a')],
      setting: { objects: web },
    },
    [
      'the service account web/boss in a; impersonate the service account web/boss in a; by impersonate /serviceaccounts web; by impersonate /groups *',
      'the service account web/boss; impersonate the service account web/boss; by impersonate /serviceaccounts web',
    ],
  ],
  [
    'impersonate',
    'while impersonating',
    {
      has: everywhere('impersonate users root'),
      fact: identityFact({ user: 'jane', groups: [] }, 'jane', { impersonated: true }),
    },
    [],
  ],
  [
    'constrained-impersonation',
    'a user',
    {
      has: everywhere(`impersonate:user-info users.${authn} root,system:node:a`, 'impersonate-on:user-info:get pods'),
      setting: on('1.36'),
    },
    [
      'the user root, for some requests; impersonate the user root for some requests; by impersonate:user-info authentication.k8s.io/users *; by impersonate-on:user-info:get /pods *',
    ],
  ],
  [
    'constrained-impersonation',
    'a service account',
    {
      has: everywhere(
        `impersonate:serviceaccount serviceaccounts.${authn} boss`,
        'impersonate-on:serviceaccount:get pods',
      ),
      setting: on('1.36', [...web, namespace('baseline')]),
    },
    [
      'the service account web/boss, for some requests; impersonate the service account web/boss for some requests; by impersonate:serviceaccount authentication.k8s.io/serviceaccounts *; by impersonate-on:serviceaccount:get /pods *',
    ],
  ],
  [
    'constrained-impersonation',
    'before 1.36',
    {
      has: everywhere(`impersonate:user-info users.${authn} root`, 'impersonate-on:user-info:get pods'),
      setting: on('1.35'),
    },
    [],
  ],
  [
    'constrained-impersonation',
    'requests of the other mode',
    {
      has: everywhere(`impersonate:user-info users.${authn} root`, 'impersonate-on:serviceaccount:get pods'),
      setting: on('1.36'),
    },
    [],
  ],
  [
    'impersonate-node',
    'a node',
    {
      has: everywhere(
        `impersonate:arbitrary-node nodes.${authn}`,
        'impersonate-on:arbitrary-node:create serviceaccounts/token boss',
      ),
      setting: on('1.36'),
    },
    [
      'the service account web/boss; impersonate a node, and request a token of web/boss; by impersonate:arbitrary-node authentication.k8s.io/nodes *; by impersonate-on:arbitrary-node:create /serviceaccounts/token *; if a pod on the node mounts a token of web/boss',
    ],
  ],
  [
    'impersonate-node',
    'a node in a namespace',
    {
      has: [
        ...inWeb(`impersonate:arbitrary-node nodes.${authn}`),
        ...everywhere('impersonate-on:arbitrary-node:create serviceaccounts/token'),
      ],
      setting: on('1.36'),
    },
    [],
  ],
  [
    'bind',
    'a ClusterRole by name',
    { has: everywhere(`bind clusterroles.${rbac} view`, `create clusterrolebindings.${rbac}`) },
    [
      'ClusterRole view; bind ClusterRole view to themselves; by create rbac.authorization.k8s.io/clusterrolebindings *; by bind rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'bind',
    'every ClusterRole',
    { has: everywhere(`bind clusterroles.${rbac}`, `create clusterrolebindings.${rbac}`) },
    [
      'ClusterRole cluster-admin; bind ClusterRole cluster-admin to themselves; by create rbac.authorization.k8s.io/clusterrolebindings *; by bind rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'bind',
    'a Role of the namespace',
    {
      has: inWeb(`bind roles.${rbac}`, `create rolebindings.${rbac}`),
      setting: { objects: [role('a', ['get pods']), role('empty', [])] },
    },
    [
      'Role a in namespace web; bind Role a in namespace web to themselves; by create rbac.authorization.k8s.io/rolebindings web; by bind rbac.authorization.k8s.io/roles web',
      'Role jane-web in namespace web; bind Role jane-web in namespace web to themselves; by create rbac.authorization.k8s.io/rolebindings web; by bind rbac.authorization.k8s.io/roles web',
    ],
  ],
  [
    'bind',
    'a Role by name',
    {
      has: inWeb(`bind roles.${rbac} b`, `create rolebindings.${rbac}`),
      setting: { objects: [role('a', ['get pods']), role('b', ['get pods'])] },
    },
    [
      'Role b in namespace web; bind Role b in namespace web to themselves; by create rbac.authorization.k8s.io/rolebindings web; by bind rbac.authorization.k8s.io/roles web',
    ],
  ],
  [
    'bind',
    'in another namespace',
    {
      has: [...inside('db', `bind roles.${rbac}`), ...inWeb(`create rolebindings.${rbac}`)],
      setting: { objects: [role('a', ['get pods'])] },
    },
    [],
  ],
  [
    'bind',
    'a binding that exists',
    { has: everywhere(`bind clusterroles.${rbac} cluster-admin`, `update clusterrolebindings.${rbac} cluster-admin`) },
    [
      'ClusterRole cluster-admin; bind ClusterRole cluster-admin to themselves; by update rbac.authorization.k8s.io/clusterrolebindings *; by bind rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'bind',
    'a binding of another role',
    { has: everywhere(`bind clusterroles.${rbac} view`, `update clusterrolebindings.${rbac} cluster-admin`) },
    [],
  ],
  [
    'write-role',
    'existing ClusterRoles',
    { has: everywhere(`escalate clusterroles.${rbac}`, `patch clusterroles.${rbac}`) },
    [
      'the rules of every ClusterRole; change the rules of every ClusterRole; by patch rbac.authorization.k8s.io/clusterroles *; by escalate rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'write-role',
    'new ClusterRoles',
    { has: everywhere(`escalate clusterroles.${rbac}`, `create clusterroles.${rbac}`) },
    [
      'a new role every ClusterRole; create a ClusterRole with any rules; by create rbac.authorization.k8s.io/clusterroles *; by escalate rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'write-role',
    'a ClusterRole by name',
    { has: everywhere(`escalate clusterroles.${rbac} view,edit`, `update clusterroles.${rbac} edit,new`) },
    [
      'the rules of ClusterRole edit; change the rules of ClusterRole edit; by update rbac.authorization.k8s.io/clusterroles *; by escalate rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'write-role',
    'a new ClusterRole by name, by server-side apply',
    {
      has: everywhere(`escalate clusterroles.${rbac} new`, `create clusterroles.${rbac}`, `patch clusterroles.${rbac}`),
    },
    [
      'a new role ClusterRole new; create a ClusterRole with any rules; by create rbac.authorization.k8s.io/clusterroles *; by escalate rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'write-role',
    'a new ClusterRole by name, without patch',
    { has: everywhere(`escalate clusterroles.${rbac} new`, `create clusterroles.${rbac}`) },
    [],
  ],
  [
    'write-role',
    'Roles of a namespace',
    { has: inWeb(`escalate roles.${rbac}`, `patch roles.${rbac}`, `create roles.${rbac}`) },
    [
      'the rules of every Role in namespace web; change the rules of every Role in namespace web; by patch rbac.authorization.k8s.io/roles web; by escalate rbac.authorization.k8s.io/roles web',
      'a new role every Role in namespace web; create a Role in namespace web with any rules; by create rbac.authorization.k8s.io/roles web; by escalate rbac.authorization.k8s.io/roles web',
    ],
  ],
  [
    'write-role',
    'ClusterRoles in a namespace',
    { has: inWeb(`escalate clusterroles.${rbac}`, `patch clusterroles.${rbac}`) },
    [],
  ],
  [
    'write-role',
    'in another namespace',
    { has: [...inside('db', `escalate roles.${rbac}`), ...inWeb(`patch roles.${rbac}`)] },
    [],
  ],
  [
    'escalate',
    'the own role',
    { has: inWeb('get pods'), more: [writtenRolesFact({ role: 'Role', namespace: 'web', isNew: false })] },
    [
      'every right in namespace web; add every right to Role jane-web in namespace web, a role that they have; by * */* *; needs written-roles Role web false *',
    ],
  ],
  [
    'escalate',
    'a role of another name',
    {
      has: inWeb('get pods'),
      more: [writtenRolesFact({ role: 'Role', namespace: 'web', names: ['other'], isNew: false })],
    },
    [],
  ],
  [
    'escalate',
    'a role of another namespace',
    { has: inWeb('get pods'), more: [writtenRolesFact({ role: 'Role', namespace: 'db', isNew: false })] },
    [],
  ],
  [
    'escalate',
    'a new role',
    { has: inWeb('get pods'), more: [writtenRolesFact({ role: 'Role', namespace: 'web', isNew: true })] },
    [],
  ],
  [
    'bind-written-role',
    'new ClusterRoles',
    {
      has: everywhere(`create clusterrolebindings.${rbac}`, `bind clusterroles.${rbac}`),
      more: [writtenRolesFact({ role: 'ClusterRole', isNew: true })],
    },
    [
      'every right; bind a new ClusterRole to themselves, and give it every right; by create rbac.authorization.k8s.io/clusterrolebindings *; needs written-roles ClusterRole  true *',
    ],
  ],
  [
    'bind-written-role',
    'a new ClusterRole by name',
    {
      has: everywhere(`create clusterrolebindings.${rbac}`, `bind clusterroles.${rbac} new`),
      more: [writtenRolesFact({ role: 'ClusterRole', names: ['new'], isNew: true })],
    },
    [
      'every right; bind ClusterRole new to themselves, and give it every right; by create rbac.authorization.k8s.io/clusterrolebindings *; needs written-roles ClusterRole  true new',
    ],
  ],
  [
    'bind-written-role',
    'a Role whose rules they have',
    {
      has: inWeb(`create rolebindings.${rbac}`, 'get pods'),
      setting: { objects: [role('small', ['get pods']), role('big', ['get nodes'])] },
      more: [writtenRolesFact({ role: 'Role', names: ['big', 'small'], isNew: false })],
    },
    [
      'every right in namespace web; bind Role small in namespace web to themselves, and give it every right; by create rbac.authorization.k8s.io/rolebindings web; needs written-roles Role  false big small',
    ],
  ],
  [
    'bind-written-role',
    'a Role whose rules they do not have',
    {
      has: inWeb(`create rolebindings.${rbac}`),
      setting: { objects: [role('big', ['get nodes'])] },
      more: [writtenRolesFact({ role: 'Role', names: ['big'], isNew: false })],
    },
    [],
  ],
  [
    'bind-written-role',
    'a Role, with a ClusterRoleBinding',
    {
      has: everywhere(`create clusterrolebindings.${rbac}`, `bind roles.${rbac}`),
      more: [writtenRolesFact({ role: 'Role', isNew: true })],
    },
    [],
  ],
  [
    'bind-written-role',
    'a Role of another namespace',
    {
      has: inWeb(`create rolebindings.${rbac}`, `bind roles.${rbac}`),
      more: [writtenRolesFact({ role: 'Role', namespace: 'db', isNew: true })],
    },
    [],
  ],
  [
    'share',
    'the role of another identity',
    { has: [...everywhere(`create clusterrolebindings.${rbac}`), ...inWeb('get pods')], more: [user('other')] },
    [
      'ClusterRole jane-everywhere; bind ClusterRole jane-everywhere to the other identities; by create rbac.authorization.k8s.io/clusterrolebindings *',
    ],
  ],
  [
    'share',
    'in the namespace of the role',
    { has: inWeb(`create rolebindings.${rbac}`), more: [user('other')] },
    [
      'Role jane-web in namespace web; bind Role jane-web in namespace web to the other identities; by create rbac.authorization.k8s.io/rolebindings web',
    ],
  ],
  [
    'share',
    'a binding that exists',
    { has: everywhere(`update clusterrolebindings.${rbac}`), more: [user('other')] },
    [
      'ClusterRole jane-everywhere; bind ClusterRole jane-everywhere to the other identities; by update rbac.authorization.k8s.io/clusterrolebindings *',
    ],
  ],
  ['share', 'one identity', { has: everywhere(`create clusterrolebindings.${rbac}`) }, []],
  [
    'flux-kustomization',
    'create',
    { has: inWeb('create kustomizations.kustomize.toolkit.fluxcd.io'), setting: { objects: web } },
    [
      'the service account flux-system/kustomize-controller; create a Kustomization in namespace web, which Flux applies as the service account flux-system/kustomize-controller; by create kustomize.toolkit.fluxcd.io/kustomizations web',
      'the service account web/boss; create a Kustomization in namespace web, which Flux applies as the service account web/boss; by create kustomize.toolkit.fluxcd.io/kustomizations web',
    ],
  ],
  [
    'flux-kustomization',
    'change one that may not exist',
    { has: inWeb('patch kustomizations.kustomize.toolkit.fluxcd.io'), setting: { objects: web } },
    [
      'the service account flux-system/kustomize-controller; change a Kustomization in namespace web, which Flux applies as the service account flux-system/kustomize-controller; by patch kustomize.toolkit.fluxcd.io/kustomizations web; if namespace web has a Kustomization to change',
      'the service account web/boss; change a Kustomization in namespace web, which Flux applies as the service account web/boss; by patch kustomize.toolkit.fluxcd.io/kustomizations web; if namespace web has a Kustomization to change',
    ],
  ],
  [
    'flux-kustomization',
    'change one that exists',
    {
      has: inWeb('patch kustomizations.kustomize.toolkit.fluxcd.io'),
      setting: { objects: [...web, there('Kustomization')] },
    },
    [
      'the service account flux-system/kustomize-controller; change a Kustomization in namespace web, which Flux applies as the service account flux-system/kustomize-controller; by patch kustomize.toolkit.fluxcd.io/kustomizations web',
      'the service account web/boss; change a Kustomization in namespace web, which Flux applies as the service account web/boss; by patch kustomize.toolkit.fluxcd.io/kustomizations web',
    ],
  ],
  [
    'flux-kustomization',
    'change the one of Flux itself',
    { has: inside('flux-system', 'patch kustomizations.kustomize.toolkit.fluxcd.io') },
    [
      'the service account flux-system/kustomize-controller; change a Kustomization in namespace flux-system, which Flux applies as the service account flux-system/kustomize-controller; by patch kustomize.toolkit.fluxcd.io/kustomizations flux-system',
      'the service account flux-system/kustomize-controller; change a Kustomization in namespace flux-system, which Flux applies as the service account flux-system/kustomize-controller; by patch kustomize.toolkit.fluxcd.io/kustomizations flux-system',
    ],
  ],
  [
    'flux-kustomization',
    'locked down',
    { has: inWeb('create kustomizations.kustomize.toolkit.fluxcd.io'), setting: { objects: web, config: locked } },
    [
      'the service account web/boss; create a Kustomization in namespace web, which Flux applies as the service account web/boss; by create kustomize.toolkit.fluxcd.io/kustomizations web; if namespace web has a source of Flux',
    ],
  ],
  [
    'flux-kustomization',
    'locked down, with a source of their own',
    {
      has: inWeb('create kustomizations.kustomize.toolkit.fluxcd.io', 'create buckets.source.toolkit.fluxcd.io'),
      setting: { objects: web, config: locked },
    },
    [
      'the service account web/boss; create a Kustomization in namespace web, which Flux applies as the service account web/boss; by create kustomize.toolkit.fluxcd.io/kustomizations web; by create source.toolkit.fluxcd.io/buckets web',
    ],
  ],
  [
    'flux-kustomization',
    'locked down, with a source in another namespace',
    {
      has: [
        ...inWeb('create kustomizations.kustomize.toolkit.fluxcd.io'),
        ...inside('db', 'create buckets.source.toolkit.fluxcd.io'),
      ],
      setting: { objects: web, config: locked },
    },
    [
      'the service account web/boss; create a Kustomization in namespace web, which Flux applies as the service account web/boss; by create kustomize.toolkit.fluxcd.io/kustomizations web; if namespace web has a source of Flux',
    ],
  ],
  [
    'flux-kustomization',
    'in the namespace of the source, locked down',
    { has: inside('flux-system', 'create kustomizations.kustomize.toolkit.fluxcd.io'), setting: { config: locked } },
    [
      'the service account flux-system/kustomize-controller; create a Kustomization in namespace flux-system, which Flux applies as the service account flux-system/kustomize-controller; by create kustomize.toolkit.fluxcd.io/kustomizations flux-system',
    ],
  ],
  [
    'flux-helm-release',
    'create',
    { has: inWeb('create helmreleases.helm.toolkit.fluxcd.io'), setting: { objects: web } },
    [
      'the service account flux-system/helm-controller; create a HelmRelease in namespace web, which Flux applies as the service account flux-system/helm-controller; by create helm.toolkit.fluxcd.io/helmreleases web',
      'the service account web/boss; create a HelmRelease in namespace web, which Flux applies as the service account web/boss; by create helm.toolkit.fluxcd.io/helmreleases web',
    ],
  ],
  [
    'flux-helm-release',
    'change in the namespace of Flux',
    { has: inside('flux-system', 'patch helmreleases.helm.toolkit.fluxcd.io') },
    [
      'the service account flux-system/helm-controller; change a HelmRelease in namespace flux-system, which Flux applies as the service account flux-system/helm-controller; by patch helm.toolkit.fluxcd.io/helmreleases flux-system; if namespace flux-system has a HelmRelease to change',
      'the service account flux-system/kustomize-controller; change a HelmRelease in namespace flux-system, which Flux applies as the service account flux-system/kustomize-controller; by patch helm.toolkit.fluxcd.io/helmreleases flux-system; if namespace flux-system has a HelmRelease to change',
    ],
  ],
  [
    'flux-source',
    'the source of Kaniflux',
    { has: inside('flux-system', 'patch gitrepositories.source.toolkit.fluxcd.io flux-system') },
    [
      'the service account flux-system/kustomize-controller; change the GitRepository flux-system/flux-system, which Flux applies as the service account flux-system/kustomize-controller; by patch source.toolkit.fluxcd.io/gitrepositories flux-system',
    ],
  ],
  [
    'flux-source',
    'another source by name',
    { has: inside('flux-system', 'patch gitrepositories.source.toolkit.fluxcd.io other') },
    [
      'the service account flux-system/kustomize-controller; change a source of Flux in namespace flux-system, from which Flux applies objects as the service account flux-system/kustomize-controller; by patch source.toolkit.fluxcd.io/gitrepositories flux-system; if Flux applies something from a source in namespace flux-system as flux-system/kustomize-controller',
      'the service account flux-system/kustomize-controller; change a source of Flux in namespace flux-system, from which Flux applies objects as the service account flux-system/kustomize-controller; by patch source.toolkit.fluxcd.io/gitrepositories flux-system; if Flux applies something from a source in namespace flux-system as flux-system/kustomize-controller',
    ],
  ],
  [
    'flux-source',
    'a source of charts',
    { has: inWeb('update helmcharts.source.toolkit.fluxcd.io'), setting: { objects: web } },
    [
      'the service account flux-system/helm-controller; change a source of Flux in namespace web, from which Flux applies objects as the service account flux-system/helm-controller; by update source.toolkit.fluxcd.io/helmcharts web; if Flux applies something from a source in namespace web as flux-system/helm-controller',
      'the service account web/boss; change a source of Flux in namespace web, from which Flux applies objects as the service account web/boss; by update source.toolkit.fluxcd.io/helmcharts web; if Flux applies something from a source in namespace web as web/boss',
    ],
  ],
  [
    'flux-source',
    'a bucket',
    { has: inWeb('patch buckets.source.toolkit.fluxcd.io'), setting: { objects: web } },
    [
      'the service account flux-system/kustomize-controller; change a source of Flux in namespace web, from which Flux applies objects as the service account flux-system/kustomize-controller; by patch source.toolkit.fluxcd.io/buckets web; if Flux applies something from a source in namespace web as flux-system/kustomize-controller',
      'the service account web/boss; change a source of Flux in namespace web, from which Flux applies objects as the service account web/boss; by patch source.toolkit.fluxcd.io/buckets web; if Flux applies something from a source in namespace web as web/boss',
    ],
  ],
  [
    'flux-source',
    'create alone',
    { has: inWeb('create buckets.source.toolkit.fluxcd.io'), setting: { objects: web } },
    [],
  ],
  [
    'flux-source',
    'the status of an external artifact',
    { has: inWeb('patch externalartifacts.source.toolkit.fluxcd.io/status') },
    [
      'the service account flux-system/kustomize-controller; change a source of Flux in namespace web, from which Flux applies objects as the service account flux-system/kustomize-controller; by patch source.toolkit.fluxcd.io/externalartifacts/status web; if Flux applies something from a source in namespace web as flux-system/kustomize-controller',
    ],
  ],
  [
    'flux-source',
    'an external artifact without its status',
    { has: inWeb('patch externalartifacts.source.toolkit.fluxcd.io') },
    [],
  ],
  [
    'flux-operator',
    'create a ResourceSet',
    { has: inWeb('create resourcesets.fluxcd.controlplane.io'), setting: { objects: web } },
    [
      'the Flux Operator, which is cluster-admin; create a ResourceSet in namespace web, which the Flux Operator applies with its own rights; by create fluxcd.controlplane.io/resourcesets web; if the Flux Operator runs on the cluster, with its usual rights and without `--default-service-account`',
      'the service account web/boss; create a ResourceSet in namespace web, which the Flux Operator applies as the service account web/boss; by create fluxcd.controlplane.io/resourcesets web; if the Flux Operator runs on the cluster, with its usual rights',
    ],
  ],
  [
    'flux-operator',
    'change a ResourceSet in the namespace of the operator',
    { has: inside('flux-system', 'patch resourcesets.fluxcd.controlplane.io') },
    [
      'the Flux Operator, which is cluster-admin; change a ResourceSet in namespace flux-system, with `spec.serviceAccountName` set to the service account of the Flux Operator; by patch fluxcd.controlplane.io/resourcesets flux-system; if the Flux Operator runs on the cluster, with its usual rights, and either runs in namespace flux-system or does not have the flag `--default-service-account`; if namespace flux-system has a ResourceSet to change',
      'the Flux Operator, which is cluster-admin; change a ResourceSet in namespace flux-system, which the Flux Operator applies with its own rights; by patch fluxcd.controlplane.io/resourcesets flux-system; if the Flux Operator runs on the cluster, with its usual rights and without `--default-service-account`; if namespace flux-system has a ResourceSet to change',
      'the service account flux-system/kustomize-controller; change a ResourceSet in namespace flux-system, which the Flux Operator applies as the service account flux-system/kustomize-controller; by patch fluxcd.controlplane.io/resourcesets flux-system; if the Flux Operator runs on the cluster, with its usual rights; if namespace flux-system has a ResourceSet to change',
    ],
  ],
  [
    'flux-operator',
    'change the FluxInstance',
    { has: inside('flux-system', 'patch fluxinstances.fluxcd.controlplane.io flux') },
    [
      'the Flux Operator, which is cluster-admin; change a FluxInstance in namespace flux-system, with patches to what the Flux Operator installs; by patch fluxcd.controlplane.io/fluxinstances flux-system; if the Flux Operator runs on the cluster, with its usual rights, in namespace flux-system; if namespace flux-system has the FluxInstance flux',
    ],
  ],
  [
    'flux-operator',
    'change another FluxInstance',
    {
      has: [
        ...inside('flux-system', 'patch fluxinstances.fluxcd.controlplane.io other'),
        ...inWeb('create fluxinstances.fluxcd.controlplane.io'),
      ],
    },
    [],
  ],
  [
    'flux-operator',
    'change the FluxInstance that exists',
    {
      has: inside('flux-system', 'patch fluxinstances.fluxcd.controlplane.io'),
      setting: { objects: [there('FluxInstance', 'flux-system')] },
    },
    [
      'the Flux Operator, which is cluster-admin; change a FluxInstance in namespace flux-system, with patches to what the Flux Operator installs; by patch fluxcd.controlplane.io/fluxinstances flux-system; if the Flux Operator runs on the cluster, with its usual rights, in namespace flux-system',
    ],
  ],
  [
    'share',
    'a binding of another role',
    { has: everywhere(`update clusterrolebindings.${rbac} cluster-admin`), more: [user('other')] },
    [],
  ],
  [
    'bind-written-role',
    'a ClusterRole, with a binding that exists',
    {
      has: everywhere(`update clusterrolebindings.${rbac} cluster-admin`, `bind clusterroles.${rbac}`),
      more: [writtenRolesFact({ role: 'ClusterRole', isNew: false })],
    },
    [
      'every right; bind ClusterRole cluster-admin to themselves, and give it every right; by update rbac.authorization.k8s.io/clusterrolebindings *; needs written-roles ClusterRole  false *',
    ],
  ],
  [
    'bind-written-role',
    'new ClusterRoles, with a binding that exists',
    {
      has: everywhere(`update clusterrolebindings.${rbac}`, `bind clusterroles.${rbac}`),
      more: [writtenRolesFact({ role: 'ClusterRole', isNew: true })],
    },
    [],
  ],
  [
    'escalate',
    'a ClusterRole that aggregates',
    {
      has: inWeb('get pods'),
      setting: { objects: [editInWeb] },
      more: [writtenRolesFact({ role: 'ClusterRole', names: ['x'], isNew: true })],
    },
    [
      'every right in namespace web; put every right into a ClusterRole that is aggregated into ClusterRole edit in namespace web, a role that they have; by * */* *; needs written-roles ClusterRole  true x',
    ],
  ],
  [
    'join-managed-group',
    'a manager of several',
    { has: [], fact: jane, setting: { config: managed } },
    [
      'jane, also in admins; add themselves to admins in Kanidm; group admins is managed by jane',
      'jane, also in extra; add themselves to extra in Kanidm; group admins is managed by jane, and group extra is managed by admins',
      'jane, also in admins, extra; add themselves to admins, extra in Kanidm; group admins is managed by jane, and group extra is managed by admins',
    ],
  ],
  ['join-managed-group', 'somebody else', { has: [], fact: bob, setting: { config: managed } }, []],
  [
    'join-managed-group',
    'a manager who cannot sign in yet',
    {
      has: [],
      fact: bob,
      setting: {
        config: {
          ...managed,
          groups: {
            ...managed.groups,
            door: { members: [], managedBy: 'bob' },
            own: { members: ['bob'] },
            k8s_users: { members: ['datosh', 'jane', 'ci', 'admins', 'extra', 'door'] },
          },
        },
      },
    },
    [
      'bob, also in door; add themselves to door in Kanidm; group door is managed by bob',
      'bob, also in k8s_users; add themselves to door in Kanidm; group door is managed by bob',
      'bob, also in door, k8s_users; add themselves to door in Kanidm; group door is managed by bob',
    ],
  ],
  [
    'join-managed-group',
    'a manager who cannot sign in afterwards',
    {
      has: [],
      fact: bob,
      setting: { config: { ...managed, groups: { ...managed.groups, side: { members: [], managedBy: 'bob' } } } },
    },
    [],
  ],
  [
    'join-managed-group',
    'a group without roles',
    {
      has: [],
      fact: accountFact({ kind: 'person', name: 'datosh' }),
      setting: { config: { ...managed, groups: { ...managed.groups, side: { members: [], managedBy: 'datosh' } } } },
    },
    [
      'datosh, also in extra; add themselves to extra in Kanidm; group extra is managed by admins',
      'datosh, also in extra, side; add themselves to extra, side in Kanidm; group extra is managed by admins, and group side is managed by datosh',
    ],
  ],
  [
    'join-managed-group',
    'the members of a group',
    {
      has: [],
      fact: accountFact({ kind: 'members', name: 'kept' }),
      setting: {
        config: {
          ...managed,
          groups: { ...managed.groups, kept: {}, admins: { members: ['datosh'], managedBy: 'kept' } },
        },
      },
    },
    [
      'every member of kept (only Kanidm knows the members), also in admins; add themselves to admins in Kanidm; group admins is managed by kept',
      'every member of kept (only Kanidm knows the members), also in extra; add themselves to extra in Kanidm; group admins is managed by kept, and group extra is managed by admins',
      'every member of kept (only Kanidm knows the members), also in admins, k8s_users, extra; add themselves to admins, extra in Kanidm; group admins is managed by kept, and group extra is managed by admins',
    ],
  ],
  [
    'issue-kanidm-token',
    'the manager, through a group',
    { has: [], fact: jane, setting: { config: managed } },
    [
      'the service account ci of Kanidm; issue a token of the service account ci in Kanidm; group admins is managed by jane, and group extra is managed by admins, and service account ci is managed by extra',
    ],
  ],
  ['issue-kanidm-token', 'somebody else', { has: [], fact: bob, setting: { config: managed } }, []],
  [
    'administer-service-accounts',
    'idm_admins',
    { has: [], fact: members('idm_admins'), setting: { config: managed } },
    [
      'the service account ci of Kanidm; become the manager of the service account ci in Kanidm, and issue its token; if ci is not in idm_high_privilege; they are in idm_admins',
    ],
  ],
  [
    'administer-service-accounts',
    'idm_service_account_admins',
    { has: [], fact: members('idm_service_account_admins'), setting: { config: managed } },
    [
      'the service account ci of Kanidm; become the manager of the service account ci in Kanidm, and issue its token; if ci is not in idm_high_privilege; they are in idm_service_account_admins',
    ],
  ],
  [
    'administer-service-accounts',
    'others',
    { has: [], fact: members('idm_group_admins'), setting: { config: managed } },
    [],
  ],
  [
    'administer-groups',
    'idm_group_admins',
    { has: [], fact: members('idm_group_admins'), setting: { config: managed } },
    [
      'a member of admins; add themselves to admins in Kanidm; if admins is not in idm_high_privilege; they are in idm_group_admins',
      'a member of extra; add themselves to extra in Kanidm; if extra is not in idm_high_privilege; they are in idm_group_admins',
    ],
  ],
  [
    'administer-groups',
    'a person of that name',
    { has: [], fact: accountFact({ kind: 'person', name: 'idm_group_admins' }), setting: { config: managed } },
    [],
  ],
  [
    'reset-credential',
    'idm_people_admins',
    { has: [], fact: members('idm_people_admins'), setting: { config: managed } },
    [
      'datosh; reset the credential of datosh in Kanidm; they are in idm_people_admins',
      'jane; reset the credential of jane in Kanidm; they are in idm_people_admins',
    ],
  ],
  [
    'reset-credential',
    'idm_service_desk',
    { has: [], fact: members('idm_service_desk'), setting: { config: managed } },
    [
      'datosh; reset the credential of datosh in Kanidm; if datosh is not in idm_high_privilege; they are in idm_service_desk',
      'jane; reset the credential of jane in Kanidm; if jane is not in idm_high_privilege; they are in idm_service_desk',
    ],
  ],
  ['reset-credential', 'a user', { has: [], fact: user('jane'), setting: { config: managed } }, []],
  [
    'push-to-source',
    'a person',
    { has: [], fact: jane, setting: { config: writers({ people: ['jane'] }) } },
    [
      'the service account flux-system/kustomize-controller; push to the source, which Flux applies as the service account flux-system/kustomize-controller; `flux.writers` names jane',
    ],
  ],
  [
    'push-to-source',
    'a service account',
    {
      has: [],
      fact: accountFact({ kind: 'service account', name: 'ci' }),
      setting: { config: writers({ serviceAccounts: ['ci'] }) },
    },
    [
      'the service account flux-system/kustomize-controller; push to the source, which Flux applies as the service account flux-system/kustomize-controller; `flux.writers` names ci',
    ],
  ],
  [
    'push-to-source',
    'a member of a group',
    { has: [], fact: jane, setting: { config: writers({ groups: ['k8s_users'] }) } },
    [
      'the service account flux-system/kustomize-controller; push to the source, which Flux applies as the service account flux-system/kustomize-controller; `flux.writers` names k8s_users',
    ],
  ],
  [
    'push-to-source',
    'the members of a group',
    {
      has: [],
      fact: members('kept'),
      setting: { config: { ...writers({ groups: ['kept'] }), groups: { ...managed.groups, kept: {} } } },
    },
    [
      'the service account flux-system/kustomize-controller; push to the source, which Flux applies as the service account flux-system/kustomize-controller; `flux.writers` names kept',
    ],
  ],
  ['push-to-source', 'somebody else', { has: [], fact: bob, setting: { config: writers({ people: ['jane'] }) } }, []],
  ['push-to-source', 'nobody', { has: [], fact: jane, setting: { config: managed } }, []],
  [
    'change-name',
    'a person',
    { has: [], fact: jane, setting: named },
    [
      'the user u:gone; change their name in Kanidm to that of the user u:gone; if no account in Kanidm has the name of u:gone; if every person is in idm_people_self_name_write, as on a new Kanidm; the API server takes the user name from the claim preferred_username, which people may change',
    ],
  ],
  ['change-name', 'a person who cannot sign in', { has: [], fact: bob, setting: named }, []],
  [
    'change-name',
    'idm_people_admins',
    { has: [], fact: members('idm_people_admins'), setting: named },
    [
      'the user u:gone; give an account in Kanidm the name of the user u:gone; if no account in Kanidm has the name of u:gone; the API server takes the user name from the claim preferred_username, and members of idm_people_admins may set this name',
    ],
  ],
  [
    'change-name',
    'idm_people_on_boarding, for a client that not everybody may use',
    { has: [], fact: members('idm_people_on_boarding'), setting: named },
    [],
  ],
  [
    'change-name',
    'idm_people_on_boarding, for a client that everybody may use',
    {
      has: [],
      fact: members('idm_people_on_boarding'),
      setting: {
        ...named,
        config: {
          ...named.config,
          clients: { k8s: { preferShortUsername: true, scopes: { idm_all_persons: ['openid'] } } },
        },
      },
    },
    [
      'the user u:gone; give an account in Kanidm the name of the user u:gone; if no account in Kanidm has the name of u:gone; the API server takes the user name from the claim preferred_username, and members of idm_people_on_boarding may set this name',
    ],
  ],
  [
    'change-name',
    'names with a domain',
    {
      has: [],
      fact: members('idm_admins'),
      setting: { ...named, config: { ...named.config, clients: { k8s: { preferShortUsername: false } } } },
    },
    [
      'the user u:gone@sso.kammel.dev; give an account in Kanidm the name of the user u:gone@sso.kammel.dev; if no account in Kanidm has the name of u:gone@sso.kammel.dev; the API server takes the user name from the claim preferred_username, and members of idm_admins may set this name',
    ],
  ],
  [
    'change-name',
    'a service account',
    { has: [], fact: accountFact({ kind: 'service account', name: 'ci' }), setting: named },
    [],
  ],
  [
    'change-name',
    'another claim',
    { has: [], fact: members('idm_admins'), setting: { objects: named.objects, config: managed } },
    [],
  ],
  [
    'change-mail',
    'idm_admins',
    { has: [], fact: members('idm_admins'), setting: mailed },
    [
      'the user u:gone@example.com; give an account in Kanidm the mail address of the user u:gone@example.com; if no account in Kanidm has the address of u:gone@example.com; the API server takes the user name from the claim email, and members of idm_admins may set this address',
      'the user u:gone@sso.kammel.dev; give an account in Kanidm the mail address of the user u:gone@sso.kammel.dev; if no account in Kanidm has the address of u:gone@sso.kammel.dev; the API server takes the user name from the claim email, and members of idm_admins may set this address',
    ],
  ],
  [
    'change-mail',
    'idm_people_self_mail_write',
    { has: [], fact: members('idm_people_self_mail_write'), setting: mailed },
    [
      'the user u:gone@example.com; give an account in Kanidm the mail address of the user u:gone@example.com; if no account in Kanidm has the address of u:gone@example.com; the API server takes the user name from the claim email, and members of idm_people_self_mail_write may set this address',
      'the user u:gone@sso.kammel.dev; give an account in Kanidm the mail address of the user u:gone@sso.kammel.dev; if no account in Kanidm has the address of u:gone@sso.kammel.dev; the API server takes the user name from the claim email, and members of idm_people_self_mail_write may set this address',
    ],
  ],
  ['change-mail', 'a person', { has: [], fact: jane, setting: mailed }, []],
  [
    'flux-kustomization',
    'locked down, with a source of each kind',
    {
      has: inWeb(
        'create kustomizations.kustomize.toolkit.fluxcd.io',
        'create ocirepositories.source.toolkit.fluxcd.io',
      ),
      setting: { objects: web, config: locked },
    },
    [
      'the service account web/boss; create a Kustomization in namespace web, which Flux applies as the service account web/boss; by create kustomize.toolkit.fluxcd.io/kustomizations web; by create source.toolkit.fluxcd.io/ocirepositories web',
    ],
  ],
  [
    'flux-kustomization',
    'locked down, with an external artifact, which has no content yet',
    {
      has: inWeb(
        'create kustomizations.kustomize.toolkit.fluxcd.io',
        'create externalartifacts.source.toolkit.fluxcd.io',
      ),
      setting: { objects: web, config: locked },
    },
    [
      'the service account web/boss; create a Kustomization in namespace web, which Flux applies as the service account web/boss; by create kustomize.toolkit.fluxcd.io/kustomizations web; if namespace web has a source of Flux',
    ],
  ],
  [
    'flux-kustomization',
    'locked down, with a source in every namespace',
    {
      has: [
        ...inWeb('create kustomizations.kustomize.toolkit.fluxcd.io'),
        ...everywhere('create helmrepositories.source.toolkit.fluxcd.io'),
      ],
      setting: { objects: web, config: locked },
    },
    [
      'the service account web/boss; create a Kustomization in namespace web, which Flux applies as the service account web/boss; by create kustomize.toolkit.fluxcd.io/kustomizations web; by create source.toolkit.fluxcd.io/helmrepositories *',
    ],
  ],
  [
    'flux-source',
    'a source of another kind in the namespace of Flux',
    { has: inside('flux-system', 'patch buckets.source.toolkit.fluxcd.io') },
    [
      'the service account flux-system/kustomize-controller; change a source of Flux in namespace flux-system, from which Flux applies objects as the service account flux-system/kustomize-controller; by patch source.toolkit.fluxcd.io/buckets flux-system; if Flux applies something from a source in namespace flux-system as flux-system/kustomize-controller',
      'the service account flux-system/kustomize-controller; change a source of Flux in namespace flux-system, from which Flux applies objects as the service account flux-system/kustomize-controller; by patch source.toolkit.fluxcd.io/buckets flux-system; if Flux applies something from a source in namespace flux-system as flux-system/kustomize-controller',
    ],
  ],
  [
    'flux-operator',
    'change one that exists before one that may not',
    {
      has: [
        ...inside('db', 'patch resourcesets.fluxcd.controlplane.io'),
        ...inWeb('patch resourcesets.fluxcd.controlplane.io'),
      ],
      setting: { objects: [there('ResourceSet'), there('ConfigMap', 'db')] },
    },
    [
      'the Flux Operator, which is cluster-admin; change a ResourceSet in namespace web, which the Flux Operator applies with its own rights; by patch fluxcd.controlplane.io/resourcesets web; if the Flux Operator runs on the cluster, with its usual rights and without `--default-service-account`',
      'the Flux Operator, which is cluster-admin; change a ResourceSet in namespace db, which the Flux Operator applies with its own rights; by patch fluxcd.controlplane.io/resourcesets db; if the Flux Operator runs on the cluster, with its usual rights and without `--default-service-account`; if namespace db has a ResourceSet to change',
    ],
  ],
  [
    'impersonate',
    'users and one group in two rules',
    { has: everywhere('impersonate users root', 'impersonate groups a', 'impersonate groups b,c,d') },
    [
      'the user root in a, b, c, d; impersonate the user root in a, b, c, d; by impersonate /users *; by impersonate /groups *',
    ],
  ],
  [
    'impersonate',
    'every user and one group',
    {
      has: everywhere('impersonate users', 'impersonate groups a'),
      setting: { config: { clusters: { homelab: { grants: null } } } },
    },
    [
      'the user jane in a; impersonate the user jane in a; by impersonate /users *; by impersonate /groups *',
      'a user in a; impersonate a user in a; by impersonate /users *; by impersonate /groups *',
    ],
  ],
  [
    'impersonate',
    'groups in a namespace',
    { has: [...everywhere('impersonate users root'), ...inWeb('impersonate groups a')] },
    ['the user root; impersonate the user root; by impersonate /users *'],
  ],
  [
    'impersonate',
    'a service account without roles, and groups',
    { has: [...inWeb('impersonate serviceaccounts other'), ...everywhere('impersonate groups a')] },
    [
      'the service account web/other in a; impersonate the service account web/other in a; by impersonate /serviceaccounts web; by impersonate /groups *',
    ],
  ],
  [
    'constrained-impersonation',
    'every user and every group',
    {
      has: everywhere(
        `impersonate:user-info users.${authn} root`,
        `impersonate:user-info groups.${authn}`,
        'impersonate-on:user-info:get pods',
      ),
      setting: on('1.36'),
    },
    [
      'the user root in every group, for some requests; impersonate the user root in every group for some requests; by impersonate:user-info authentication.k8s.io/users *; by impersonate:user-info authentication.k8s.io/groups *; by impersonate-on:user-info:get /pods *',
    ],
  ],
  [
    'constrained-impersonation',
    'a group beside system:masters',
    {
      has: everywhere(
        `impersonate:user-info users.${authn} root`,
        `impersonate:user-info groups.${authn} system:masters,a`,
        'impersonate-on:user-info:get pods',
      ),
      setting: on('1.36'),
    },
    [
      'the user root in a, for some requests; impersonate the user root in a for some requests; by impersonate:user-info authentication.k8s.io/users *; by impersonate:user-info authentication.k8s.io/groups *; by impersonate-on:user-info:get /pods *',
    ],
  ],
  [
    'constrained-impersonation',
    'users in the mode of service accounts',
    {
      has: everywhere(
        `impersonate:serviceaccount users.${authn} root`,
        `impersonate:user-info serviceaccounts.${authn} boss`,
        'impersonate-on:user-info:get pods',
        'impersonate-on:serviceaccount:get pods',
      ),
      setting: on('1.36'),
    },
    [],
  ],
  [
    'constrained-impersonation',
    'while impersonating',
    {
      has: everywhere(`impersonate:user-info users.${authn} root`, 'impersonate-on:user-info:get pods'),
      setting: on('1.36'),
      fact: impersonating,
    },
    [],
  ],
  [
    'impersonate-node',
    'while impersonating',
    {
      has: everywhere(
        `impersonate:arbitrary-node nodes.${authn}`,
        'impersonate-on:arbitrary-node:create serviceaccounts/token',
      ),
      setting: on('1.36'),
      fact: impersonating,
    },
    [],
  ],
  [
    'impersonate-node',
    'the own node',
    {
      has: [],
      setting: {
        ...on('1.36'),
        objects: [
          ...web,
          ...grant('web/agent', {
            rules: rules(
              `impersonate:associated-node nodes.${authn} *`,
              'impersonate-on:associated-node:create serviceaccounts/token boss',
            ),
          }),
        ],
      },
      fact: serviceAccountFact('web', 'agent'),
    },
    [
      'the service account web/boss; impersonate their node, and request a token of web/boss; by impersonate:associated-node authentication.k8s.io/nodes *; by impersonate-on:associated-node:create /serviceaccounts/token *; if a pod on the node mounts a token of web/boss; if the impersonating service account has a pod on the node',
    ],
  ],
  [
    'impersonate-node',
    'the own node, for a user',
    {
      has: everywhere(
        `impersonate:associated-node nodes.${authn} *`,
        'impersonate-on:associated-node:create serviceaccounts/token boss',
      ),
      setting: on('1.36'),
    },
    [],
  ],
  [
    'run-pod',
    'create in one namespace, change in another',
    {
      has: [...inWeb('create deployments.apps', 'patch deployments.apps'), ...inside('db', 'patch deployments.apps')],
      setting: { objects: [...web, ...boss('db')] },
    },
    [
      'the service account db/boss; run a pod as the service account db/boss; by patch apps/deployments db; if namespace db has a Deployment to change',
      'the service account web/boss; run a pod as the service account web/boss; by create apps/deployments web',
    ],
  ],
  [
    'run-pod',
    'create everywhere, change in a namespace',
    {
      has: [...everywhere('create jobs.batch', 'create deployments.apps'), ...inWeb('patch deployments.apps')],
      setting: { objects: web },
    },
    [
      'the service account flux-system/kustomize-controller; run a pod as the service account flux-system/kustomize-controller; by create apps/deployments *',
      'the service account web/boss; run a pod as the service account web/boss; by create apps/deployments *',
    ],
  ],
  [
    'exec',
    'by names',
    { has: inWeb('create pods/exec a,b'), setting: { objects: web } },
    [
      'the service account web/boss; run a command in a pod of the service account web/boss; by create /pods/exec web; if one of the pods a, b runs as web/boss',
    ],
  ],
  [
    'relabel-namespace',
    'by the name of the namespace',
    { has: inWeb('update namespaces web,db') },
    [
      'privileged pods in namespace web; set the Pod Security level of namespace web to privileged; by update /namespaces web',
    ],
  ],
  [
    'privileged-pod',
    'baseline, and every label can be removed',
    {
      has: inWeb('create pods'),
      setting: { objects: [namespace('baseline')] },
      more: [conditionFact('privileged-pods', 'privileged pods')],
    },
    ['root on a node; run a privileged pod in namespace web; by create /pods web; needs privileged-pods '],
  ],
  [
    'bind',
    'ClusterRoles with a ClusterRoleBinding, in a namespace',
    { has: [...everywhere(`create clusterrolebindings.${rbac}`), ...inWeb(`bind clusterroles.${rbac}`)] },
    [],
  ],
  [
    'bind',
    'ClusterRoles with a RoleBinding, by a right everywhere',
    { has: [...everywhere(`bind clusterroles.${rbac} view`), ...inWeb(`create rolebindings.${rbac}`)] },
    [
      'ClusterRole view in namespace web; bind ClusterRole view in namespace web to themselves; by create rbac.authorization.k8s.io/rolebindings web; by bind rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'bind',
    'a ClusterRoleBinding in a namespace',
    {
      has: [
        ...inWeb(`create clusterrolebindings.${rbac}`, `update clusterrolebindings.${rbac}`),
        ...everywhere(`bind clusterroles.${rbac}`),
      ],
    },
    [],
  ],
  [
    'bind',
    'a RoleBinding that exists, of a ClusterRole',
    {
      has: [...inWeb(`update rolebindings.${rbac}`), ...everywhere(`bind clusterroles.${rbac}`)],
      setting: { objects: [editInWeb, role('a', ['get pods']), bindingOf('a', 'Role')] },
    },
    [
      'ClusterRole edit in namespace web; bind ClusterRole edit in namespace web to themselves; by update rbac.authorization.k8s.io/rolebindings web; by bind rbac.authorization.k8s.io/clusterroles *',
    ],
  ],
  [
    'bind',
    'a RoleBinding that exists, of a Role',
    {
      has: inWeb(`update rolebindings.${rbac} a,edit`, `bind roles.${rbac}`),
      setting: { objects: [editInWeb, role('a', ['get pods']), bindingOf('a', 'Role')] },
    },
    [
      'Role a in namespace web; bind Role a in namespace web to themselves; by update rbac.authorization.k8s.io/rolebindings web; by bind rbac.authorization.k8s.io/roles web',
      'Role a in namespace web; bind Role a in namespace web to themselves; by update rbac.authorization.k8s.io/rolebindings web; by bind rbac.authorization.k8s.io/roles web',
    ],
  ],
  [
    'bind',
    'Roles, with a ClusterRoleBinding',
    {
      has: everywhere(`create clusterrolebindings.${rbac}`, `bind roles.${rbac}`),
      setting: { objects: [role('a', ['get pods'])] },
    },
    [],
  ],
  [
    'share',
    'a RoleBinding that exists',
    { has: inWeb(`update rolebindings.${rbac}`), setting: { objects: [editInWeb] }, more: [user('other')] },
    [
      'ClusterRole edit in namespace web; bind ClusterRole edit in namespace web to the other identities; by update rbac.authorization.k8s.io/rolebindings web',
      'Role jane-web in namespace web; bind Role jane-web in namespace web to the other identities; by update rbac.authorization.k8s.io/rolebindings web',
    ],
  ],
  [
    'share',
    'a role without rules',
    {
      has: everywhere(`create clusterrolebindings.${rbac}`),
      setting: { objects: grant('jane', { namespace: 'web', rules: [] }) },
      more: [user('other')],
    },
    [
      'ClusterRole jane-everywhere; bind ClusterRole jane-everywhere to the other identities; by create rbac.authorization.k8s.io/clusterrolebindings *',
    ],
  ],
  [
    'write-role',
    'several by name',
    {
      has: inWeb(`escalate roles.${rbac} a,b`, `patch roles.${rbac}`),
      setting: { objects: [role('a', []), role('b', [])] },
    },
    [
      'the rules of Role a, b in namespace web; change the rules of Role a, b in namespace web; by patch rbac.authorization.k8s.io/roles web; by escalate rbac.authorization.k8s.io/roles web',
    ],
  ],
  [
    'write-role',
    'escalate in a namespace, write everywhere',
    { has: [...inWeb(`escalate roles.${rbac}`), ...everywhere(`patch roles.${rbac}`)] },
    [
      'the rules of every Role in namespace web; change the rules of every Role in namespace web; by patch rbac.authorization.k8s.io/roles *; by escalate rbac.authorization.k8s.io/roles web',
    ],
  ],
  [
    'escalate',
    'a ClusterRole with the name of the own Role',
    { has: inWeb('get pods'), more: [writtenRolesFact({ role: 'ClusterRole', isNew: false })] },
    [
      'every right; add every right to ClusterRole system:basic-user, a role that they have; by * */* *; needs written-roles ClusterRole  false *',
      'every right; add every right to ClusterRole system:discovery, a role that they have; by * */* *; needs written-roles ClusterRole  false *',
      'every right; add every right to ClusterRole system:public-info-viewer, a role that they have; by * */* *; needs written-roles ClusterRole  false *',
    ],
  ],
  [
    'escalate',
    'a Role beside an aggregated ClusterRole',
    {
      has: [],
      setting: { objects: [editInWeb] },
      more: [writtenRolesFact({ role: 'Role', namespace: 'web', names: ['edit'], isNew: false })],
    },
    [],
  ],
  [
    'bind-written-role',
    'every Role of a namespace',
    {
      has: inWeb(`create rolebindings.${rbac}`, `bind roles.${rbac}`),
      setting: { objects: [role('a', ['get nodes'])] },
      more: [writtenRolesFact({ role: 'Role', isNew: false })],
    },
    [
      'every right in namespace web; bind Role a in namespace web to themselves, and give it every right; by create rbac.authorization.k8s.io/rolebindings web; needs written-roles Role  false *',
    ],
  ],
  [
    'bind-written-role',
    'a RoleBinding that exists',
    {
      has: inWeb(`update rolebindings.${rbac}`, `bind roles.${rbac}`, `bind clusterroles.${rbac}`),
      setting: { objects: [editInWeb, role('a', ['get nodes']), bindingOf('a', 'Role')] },
      more: [writtenRolesFact({ role: 'Role', names: ['edit', 'a'], isNew: false })],
    },
    [
      'every right in namespace web; bind Role a in namespace web to themselves, and give it every right; by update rbac.authorization.k8s.io/rolebindings web; needs written-roles Role  false edit a',
    ],
  ],
  [
    'bind-written-role',
    'every existing ClusterRole, with a right to bind none',
    {
      has: everywhere(`create clusterrolebindings.${rbac}`),
      more: [writtenRolesFact({ role: 'ClusterRole', names: ['edit'], isNew: false })],
    },
    [],
  ],
];

test.each(scenes)('%s: %s', (code, _name, scene, expected) => expect(gains(code, scene)).toEqual(expected));

test.each<[string, Scene, boolean]>([
  ['run-pod', { has: inside('kube-system', 'create pods') }, true],
  ['request-token', { has: inside('kube-system', 'create serviceaccounts/token') }, true],
  ['exec', { has: inside('kube-system', 'create pods/exec') }, false],
  ['node-proxy', { has: everywhere('create nodes/proxy') }, false],
  ['read-node', { has: [], fact: conditionFact('node', 'root on a node') }, false],
  ['approve-node', { has: everywhere(`create ${csr}/nodeclient`), more: [requested] }, false],
  ['read-token-secret', { has: inside('kube-system', 'get secrets') }, false],
  [
    'impersonate-node',
    {
      has: everywhere(
        `impersonate:arbitrary-node nodes.${authn}`,
        'impersonate-on:arbitrary-node:create serviceaccounts/token',
      ),
      setting: on('1.36'),
    },
    false,
  ],
])('%s gives the service accounts of kube-controller-manager, which have no pods: %#', (code, scene, expected) => {
  const words = gainsOf(code, scene).map(({ fact }) => fact.words);
  expect(words.length).toBeGreaterThan(0);
  expect(words.includes('the service account kube-system/node-controller')).toBe(expected);
});

describe('what a step gives, exactly', () => {
  const factsOf = (code: string, scene: Scene) => gainsOf(code, scene).map(({ fact }) => fact);
  const identitiesOf = (code: string, scene: Scene) =>
    factsOf(code, scene).flatMap((fact) => (fact.kind === 'identity' ? [fact] : []));
  const heldOf = (code: string, scene: Scene) =>
    factsOf(code, scene).flatMap((fact) => (fact.kind === 'role' ? [fact.held] : []));
  const readSecrets = [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }];

  test('a mounted Secret, and one in a webhook: the right to read Secrets', () => {
    const mounted = heldOf('mount-secret', { has: inWeb('create pods') });
    expect(mounted.map(({ rules: given, namespace }) => [given, namespace])).toEqual([[readSecrets, 'web']]);
    const seen = heldOf('validating-webhook', {
      has: everywhere(`create validatingwebhookconfigurations.${admission}`),
    });
    expect(seen.map(({ rules: given, namespace }) => [given, namespace])).toEqual([[readSecrets, undefined]]);
  });

  test('an impersonated user: the user with the groups, who cannot impersonate again', () => {
    const as = (...texts: string[]) =>
      identitiesOf('impersonate', { has: everywhere(...texts) }).map(({ who, impersonated }) => [
        who.user,
        who.groups,
        impersonated,
      ]);
    expect(as('impersonate users root', 'impersonate groups b,a')).toEqual([['root', ['a', 'b'], true]]);
    expect(as('impersonate users root')).toEqual([['root', [], true]]);
    expect(as('impersonate users root', 'impersonate groups system:masters')).toEqual([
      ['root', ['system:masters'], true],
    ]);
    expect(as('impersonate users system:node:a')).toEqual([['system:node:a', [], true]]);
    expect(as('impersonate users root', 'impersonate groups')).toEqual([
      ['kubernetes-admin', ['system:masters'], true],
    ]);
  });

  test('an impersonated service account: with its own groups, or those in the request', () => {
    const as = identitiesOf('impersonate', {
      has: [...inWeb('impersonate serviceaccounts'), ...everywhere('impersonate groups a')],
      setting: { objects: web },
    }).map(({ who, words }) => [who.user, who.groups, words]);
    expect(as).toEqual([
      ['system:serviceaccount:web:boss', ['a'], 'the service account web/boss in a'],
      [
        'system:serviceaccount:web:boss',
        ['system:serviceaccounts', 'system:serviceaccounts:web'],
        'the service account web/boss',
      ],
      ['system:serviceaccount:web:default', ['a'], 'the service account web/default in a'],
    ]);
  });

  test('constrained impersonation: only the requests of the second right', () => {
    const limits = (...texts: string[]) =>
      identitiesOf('constrained-impersonation', {
        has: everywhere(`impersonate:user-info users.${authn} root`, ...texts),
        setting: on('1.36'),
      }).map(({ who, impersonated, only }) => [who.user, impersonated, only?.flatMap((held) => held.rules)]);
    expect(limits('impersonate-on:user-info:get pods a')).toEqual([['root', true, rules('get pods a')]]);
    expect(limits('* pods')).toEqual([['root', true, rules('* pods')]]);
    const groups = identitiesOf('constrained-impersonation', {
      has: everywhere(
        `impersonate:user-info users.${authn} root`,
        `impersonate:user-info groups.${authn}`,
        'impersonate-on:user-info:get pods',
      ),
      setting: on('1.36'),
    }).flatMap(({ who }) => who.groups);
    expect(groups).toContain('system:authenticated');
    expect(groups).not.toContain('system:masters');
  });

  test('a certificate: the user in every group but system:masters', () => {
    const certificates = identitiesOf('approve-certificate', {
      has: everywhere(`update ${csr}/approval`, signer),
      more: [requested],
    });
    for (const { who } of certificates) {
      expect(who.groups).toContain('system:authenticated');
      expect(who.groups).not.toContain('system:masters');
    }
    expect(certificates.map(({ who }) => who.user)).toEqual(expect.arrayContaining(['anybody', 'jane']));
  });

  test('a bound role: the rules of the role, in the namespace of the binding', () => {
    const [wide] = heldOf('bind', {
      has: everywhere(`bind clusterroles.${rbac} cluster-admin`, `create clusterrolebindings.${rbac}`),
    });
    expect(wide).toMatchObject({
      binding: {
        kind: 'ClusterRoleBinding',
        metadata: { name: 'a new binding' },
        roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      },
      rules: [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ],
    });
    expect(wide).not.toHaveProperty('namespace');
    const scene = {
      has: inWeb(`bind roles.${rbac} a`, `create rolebindings.${rbac}`),
      setting: { objects: [role('a', ['get pods'])], config: locked },
    };
    expect(heldOf('bind', scene)).toStrictEqual([
      {
        binding: {
          kind: 'RoleBinding',
          metadata: { name: 'a new binding', namespace: 'web' },
          roleRef: { kind: 'Role', name: 'a' },
        },
        subject: { kind: 'User', name: '' },
        rules: rules('get pods'),
        namespace: 'web',
        limitsFlux: true,
        ignoresConstrained: true,
      },
    ]);
  });

  test('a shared role: its rules', () => {
    const shared = heldOf('share', { has: inWeb(`create rolebindings.${rbac}`, 'get pods'), more: [user('other')] });
    expect(shared.map(({ rules: given, namespace: at }) => [given, at])).toEqual([
      [rules(`create rolebindings.${rbac}`, 'get pods'), 'web'],
    ]);
  });

  test('a joined group: the groups of the person, and those of the group', () => {
    const joined = (fact: Fact, config: object) =>
      identitiesOf('join-managed-group', { has: [], fact, setting: { config: { ...config } } }).map(({ who }) => [
        who.user?.replace(/.*#/, ''),
        who.groups.map((name) => name.replace(/^kanidm:|@.*/g, '')),
      ]);
    expect(joined(jane, managed)[0]).toEqual(['00000000-0000-4000-8000-000000000001', ['k8s_users', 'admins']]);
    const door = {
      ...managed,
      groups: {
        ...managed.groups,
        k8s_users: { members: ['datosh', 'jane', 'ci', 'admins', 'extra', 'door'] },
        door: { members: [], managedBy: 'bob' },
        own: { members: ['bob'] },
      },
    };
    expect(joined(bob, door)[0]).toEqual(['00000000-0000-4000-8000-000000000002', ['own', 'door', 'k8s_users']]);
    const kept = {
      ...managed,
      groups: { ...managed.groups, kept: {}, admins: { members: ['datosh'], managedBy: 'kept' } },
    };
    expect(joined(members('kept'), kept)[0]).toEqual([undefined, ['kept', 'admins', 'k8s_users']]);
  });
});

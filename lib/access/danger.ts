import { templateKinds, workloadKinds } from '../upstream/workload-kinds';
import { covers, type Right } from './rights';

/** The degrees of danger that a right can have, the worst first. */
export const dangers = ['everything', 'takeover', 'secrets', 'accounts', 'exec', 'write', 'read'] as const;
export type Danger = (typeof dangers)[number];

const all: Right = { verb: '*', group: '*', resource: '*' };
const rbac = 'rbac.authorization.k8s.io';

/**
 * Rights to act as a service account, or to create a pod that runs as one. Such a right in a namespace applies to the
 * service accounts of the namespace; otherwise, it applies to all service accounts of the cluster.
 */
const accounts: readonly Right[] = [
  { verb: 'impersonate', group: '', resource: 'serviceaccounts' },
  // Constrained impersonation, from Kubernetes 1.36.
  { verb: 'impersonate:serviceaccount', group: 'authentication.k8s.io', resource: 'serviceaccounts' },
  { verb: 'create', group: '', resource: 'serviceaccounts/token' },
  // Somebody who creates a pod, or changes a pod template, chooses the program and the service account of the pod.
  ...workloadKinds.map(([group, resource]) => ({ verb: 'create', group, resource })),
  ...templateKinds.flatMap(([group, resource]) => ['update', 'patch'].map((verb) => ({ verb, group, resource }))),
];

const writing = (group: string, resources: readonly string[]): Right[] =>
  resources.flatMap((resource) => ['create', 'update', 'patch'].map((verb) => ({ verb, group, resource })));

/**
 * Rights to write the objects that decide what Flux applies and from where. The Flux controllers are cluster-admin by
 * default, and a namespace does not limit them: a Kustomization in any namespace can create a ClusterRoleBinding. If
 * Flux is locked down, the controllers act as a service account of the namespace.
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
const appliedByFlux: readonly Right[] = [
  ...writing('kustomize.toolkit.fluxcd.io', ['kustomizations']),
  ...writing('helm.toolkit.fluxcd.io', ['helmreleases']),
  ...writing('source.toolkit.fluxcd.io', [
    'buckets',
    'gitrepositories',
    'helmcharts',
    'helmrepositories',
    'ocirepositories',
  ]),
  // Flux applies the artifact that the status of a source names.
  ...['buckets', 'externalartifacts', 'gitrepositories', 'helmcharts', 'ocirepositories'].flatMap((source) =>
    ['update', 'patch'].map((verb) => ({ verb, group: 'source.toolkit.fluxcd.io', resource: `${source}/status` })),
  ),
];

/** The API group of the Flux Operator. */
export const operatorGroup = 'fluxcd.controlplane.io';

/**
 * Rights to write the objects that decide what the Flux Operator applies. A lockdown of Flux does not limit the
 * operator, which has its own flag.
 */
const appliedByOperator: readonly Right[] = writing(operatorGroup, ['fluxinstances', 'resourcesets']);

/** Rights that can be used to get nearly every other right in the same namespace. */
const takeoversInNamespace: readonly Right[] = [
  { verb: 'escalate', group: rbac, resource: 'roles' },
  { verb: 'bind', group: rbac, resource: 'roles' },
  { verb: 'bind', group: rbac, resource: 'clusterroles' },
];

/**
 * Rights that can be used to get nearly every other right in the cluster. Most are about cluster-scoped resources.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation/mode.go
 */
const takeovers: readonly Right[] = [
  ...takeoversInNamespace,
  ...appliedByFlux,
  ...appliedByOperator,
  ...accounts,
  { verb: 'escalate', group: rbac, resource: 'clusterroles' },
  ...['users', 'groups'].flatMap((resource) => [
    { verb: 'impersonate', group: '', resource },
    { verb: 'impersonate:user-info', group: 'authentication.k8s.io', resource },
  ]),
  { verb: 'create', group: '', resource: 'nodes/proxy' },
  { verb: 'get', group: '', resource: 'nodes/proxy' },
  // With each of these rights, a subject that may also `approve` for the signer can get a certificate for any user.
  ...['update', 'patch'].map((verb) => ({
    verb,
    group: 'certificates.k8s.io',
    resource: 'certificatesigningrequests/approval',
  })),
  // kube-controller-manager approves the certificate requests of a subject with this right. So the subject can get the
  // certificate of a node.
  { verb: 'create', group: 'certificates.k8s.io', resource: 'certificatesigningrequests/nodeclient' },
  // A PersistentVolume can be a path on a node, and Pod Security does not examine the volume behind a
  // PersistentVolumeClaim.
  { verb: 'create', group: '', resource: 'persistentvolumes' },
  ...writing('apiregistration.k8s.io', ['apiservices']),
  ...writing('admissionregistration.k8s.io', ['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings']),
  ...writing('admissionregistration.k8s.io', ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']),
  // People can grant only rights that they have, but they can grant them to anybody in the whole cluster.
  ...writing(rbac, ['clusterrolebindings']),
];

/**
 * The verbs that change Secrets and return their content. The answer to a PATCH contains the whole object, even if the
 * patch is `{}`. The answer to a DELETE with `propagationPolicy=Orphan` contains it too. So does the answer to a DELETE
 * of a collection, even with `dryRun=All`, which deletes nothing.
 */
export const changesThatRead: readonly string[] = ['patch', 'delete', 'deletecollection'];

export const reads: readonly string[] = ['get', 'list', 'watch'];

/** The verbs that return the content of Secrets. */
export const verbsThatRead: readonly string[] = [...reads, ...changesThatRead];

const secrets: readonly Right[] = verbsThatRead.map((verb) => ({ verb, group: '', resource: 'secrets' }));

/**
 * Rights to run a program in existing pods. The container images of an existing Pod can be changed, unlike most of its
 * other fields.
 */
const execs: readonly Right[] = [
  ...['pods/exec', 'pods/attach'].flatMap((resource) =>
    ['create', 'get'].map((verb) => ({ verb, group: '', resource })),
  ),
  ...['pods/ephemeralcontainers', 'pods'].flatMap((resource) =>
    ['update', 'patch'].map((verb) => ({ verb, group: '', resource })),
  ),
];

/** The rights of `execs` that are enough if the API server requires `create` in addition to `get`. */
const execsByCreate = execs.filter(({ verb }) => verb !== 'get');

/** The results of `dangerOf`, because many roles contain the same rights. */
const known = new Map<string, Danger>();

/** Returns the danger of a right. Some rights are less dangerous in a namespace than in the whole cluster. */
export function dangerOf(right: Right): Danger {
  const { verb, group, resource, path, name, namespace, limitsFlux, execNeedsCreate, ignoresConstrained } = right;
  const key = `${verb}\n${group}\n${resource}\n${path}\n${name === undefined}\n${namespace === undefined}\n${limitsFlux}\n${execNeedsCreate}\n${ignoresConstrained}`;
  let danger = known.get(key);
  if (danger === undefined) {
    if (known.size > 50_000) known.clear();
    danger = judged(right);
    known.set(key, danger);
  }
  return danger;
}

function judged(right: Right): Danger {
  if (right.path !== undefined) return reads.includes(right.verb) ? 'read' : 'write';
  if (right.ignoresConstrained) return 'write';
  const bare: Right = { verb: right.verb, group: right.group, resource: right.resource };
  const touches = (list: readonly Right[]) => list.some((one) => covers(bare, one));
  if (right.name === undefined && covers(bare, all)) return 'everything';
  if (touches(right.namespace === undefined ? takeovers : takeoversInNamespace)) return 'takeover';
  if (touches(appliedByOperator) || (!right.limitsFlux && touches(appliedByFlux))) return 'takeover';
  if (touches(secrets)) return 'secrets';
  if (right.namespace !== undefined && (touches(accounts) || touches(appliedByFlux))) return 'accounts';
  if (touches(right.execNeedsCreate ? execsByCreate : execs)) return 'exec';
  return reads.includes(right.verb) ? 'read' : 'write';
}

/**
 * Returns the parts of a right that are less dangerous than the right itself. For example, the right to all resources
 * of a namespace includes reading Secrets, and also running commands in pods.
 */
export function partsOf(right: Right, danger: Danger): Right[] {
  const isWorse = dangers.indexOf(dangerOf(right)) < dangers.indexOf(danger);
  const isCounted = dangerOf(right) === 'secrets' || dangerOf(right) === 'accounts';
  const parts = danger === 'accounts' ? accounts : danger === 'exec' ? execs : [];
  if (!isWorse || !isCounted) return [];
  return parts.flatMap(({ verb, group, resource }) => {
    const part = { ...right, verb, group, resource };
    return covers(right, part) && dangerOf(part) === danger ? [part] : [];
  });
}

/** Returns the worst danger of several rights; `undefined` for an empty list. */
export function worst(rights: readonly Right[]): Danger | undefined {
  const found = new Set(rights.map(dangerOf));
  return dangers.find((danger) => found.has(danger));
}

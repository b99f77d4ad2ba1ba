import { type ClusterAccess, clusterAccess } from '../access/cluster';
import type { BindingObject, RoleRef, SubjectRef } from '../access/objects';
import { isSecret } from '../access/refused-rbac';
import { isDefaultSubject, serviceAccountOf } from '../access/strangers';
import type { Cluster, Config } from '../config/config';
import { isMap, isText, mapAt, scalarText } from '../guards';
import { serviceAccountRequester } from './fact';
import { type PodSecurityLevel, podSecurityOf } from './pod-security';
import { type PrivilegedPod, privilegedPodsOf } from './privileged-pods';
import { type SourceApplier, sourceAppliersOf } from './source-appliers';

export interface KnownServiceAccount {
  readonly namespace: string;
  readonly name: string;
  /**
   * Whether the service account belongs to a controller inside kube-controller-manager. No pod runs as such an account.
   */
  readonly isController: boolean;
}

/** What the steps need to know about a cluster, computed once for all people. */
export interface World {
  readonly access: ClusterAccess;
  /** The namespaces that an object or a binding names, and those that every cluster has; sorted. */
  readonly namespaces: readonly string[];
  /** The service accounts with rights beyond those of every signed-in user, by namespace. */
  readonly serviceAccounts: ReadonlyMap<string, readonly KnownServiceAccount[]>;
  /** The users and groups that bindings name, sorted. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly clusterRoleNames: readonly string[];
  roleNames(namespace: string): readonly string[];
  /**
   * Returns the roles of the bindings in a namespace, or of the cluster-wide bindings.
   * @param names limits the answer to bindings with these names
   */
  bindingRefs(namespace: string | undefined, names?: readonly string[]): readonly RoleRef[];
  /** The service accounts as which Flux applies the source of the output. */
  readonly sourceAppliers: readonly SourceApplier[];
  /** Returns the level that the API server enforces; `undefined` if it is unknown. */
  podSecurity(namespace: string): PodSecurityLevel | undefined;
  /**
   * Returns whether the objects that were read show a privileged pod in a namespace.
   * @param names limits the answer to pods with these names
   */
  privilegedPod(namespace: string, names?: readonly string[]): PrivilegedPod;
  /**
   * Whether the control plane runs on nodes of the cluster; `undefined` if this is unknown. Somebody who controls such
   * a node finds the keys of the cluster.
   */
  readonly hasControlPlaneNodes: boolean | undefined;
  /**
   * Whether one of the objects that were read is a token Secret of this service account; `undefined` if this is not
   * known.
   * @param names limits the answer to Secrets with these names
   */
  hasTokenSecret(namespace: string, account: string, names?: readonly string[]): boolean | undefined;
  /**
   * Whether one of the objects that were read has this kind and namespace.
   * @param names limits the answer to objects with these names
   */
  hasObject(kind: string, namespace: string, names?: readonly string[]): boolean;
}

/** Returns the service account of Kubernetes that a binding names. The binding can name it as a user too. */
function accountIn({ kind, name, namespace }: SubjectRef, binding: BindingObject) {
  const user = kind === 'User' ? serviceAccountOf(name) : undefined;
  if (kind === 'User') return user?.namespace ? user : undefined;
  const home = namespace ?? (binding.kind === 'RoleBinding' ? binding.metadata.namespace : undefined);
  return kind === 'ServiceAccount' && home !== undefined ? { namespace: home, name } : undefined;
}

/**
 * The default binding that lets every service account read the discovery document of the cluster's token issuer, and
 * nothing else.
 */
const issuerDiscovery = 'system:service-account-issuer-discovery';

/**
 * The kinds of control plane that do not run on nodes of the cluster (`false`), or for which this is unknown
 * (`undefined`). A controller of k0s is a node only with `--enable-worker` or `--single`.
 */
const controlPlaneNodes: Readonly<Partial<Record<Cluster['controlPlane'], false | undefined>>> = {
  eks: false,
  gke: false,
  aks: false,
  k0s: undefined,
  'cluster-api': undefined,
  flags: undefined,
};

/**
 * Collects what the steps need to know about a cluster.
 * @param objects as for `clusterAccess`; also Namespaces, Secrets and workloads
 * @param whole whether these are all objects of the cluster, as when they were read from a live cluster. @default false
 */
export function worldOf(config: Config, cluster: Cluster, objects: Iterable<object>, whole = false): World {
  const all = [...objects];
  return worldWith(clusterAccess(config, cluster, all, whole), all);
}

/**
 * Like `worldOf`, for a cluster whose access was already evaluated from the objects in `all`.
 * @param asked namespaces that a question names. They are taken to exist
 */
export function worldWith(access: ClusterAccess, all: readonly object[], asked: readonly string[] = []): World {
  const { cluster, fluxHome } = access;
  const { bindings } = access.authorizer;
  const namespaces = new Set(['default', 'kube-public', 'kube-system', cluster.flux.namespace, fluxHome, ...asked]);
  for (const namespace of Object.keys(cluster.podSecurity?.namespaces ?? {})) namespaces.add(namespace);
  const accounts = new Map<string, KnownServiceAccount>();
  const users = new Set<string>();
  const groups = new Set<string>();
  const accountGroups = new Set<string>();
  for (const binding of bindings) {
    const { metadata, subjects } = binding;
    if (metadata.namespace !== undefined) namespaces.add(metadata.namespace);
    for (const subject of subjects ?? []) {
      if (subject.kind === 'User') users.add(subject.name);
      if (subject.kind === 'Group') groups.add(subject.name);
      if (subject.kind === 'Group' && metadata.name !== issuerDiscovery) accountGroups.add(subject.name);
      const account = accountIn(subject, binding);
      if (!account) continue;
      const { namespace, name } = account;
      namespaces.add(namespace);
      // Anybody can give a binding such a name.
      const isController =
        metadata.name.startsWith('system:controller:') && isDefaultSubject(cluster, binding, subject);
      const before = accounts.get(`${namespace}/${name}`);
      accounts.set(`${namespace}/${name}`, {
        namespace,
        name,
        isController: isController || (before?.isController ?? false),
      });
    }
  }
  const refs = new Map<string, { readonly name: string; readonly ref: RoleRef }[]>();
  for (const { kind, metadata, roleRef } of bindings) {
    const key = kind === 'ClusterRoleBinding' ? '' : (metadata.namespace ?? '');
    const list = refs.get(key) ?? [];
    list.push({ name: metadata.name, ref: roleRef });
    refs.set(key, list);
  }
  const roles = new Map<string, string[]>();
  const clusterRoleNames: string[] = [];
  for (const { kind, metadata } of access.authorizer.roles.all) {
    if (kind === 'ClusterRole') clusterRoleNames.push(metadata.name);
    if (kind !== 'Role' || metadata.namespace === undefined) continue;
    roles.set(metadata.namespace, [...(roles.get(metadata.namespace) ?? []), metadata.name]);
  }
  /** The names of Secrets, each with the service account whose token it holds. */
  const secrets = new Map<string, Map<string, string | undefined>>();
  const kinds = new Map<string, Set<string>>();
  for (const object of all) {
    if (!isMap(object)) continue;
    const { namespace, name } = mapAt(object, 'metadata');
    if (object.kind === 'Namespace' && isText(name)) namespaces.add(name);
    if (!isText(namespace)) continue;
    namespaces.add(namespace);
    const key = `${scalarText(object.kind)}\n${namespace}`;
    kinds.set(key, (kinds.get(key) ?? new Set()).add(scalarText(name)));
    if (object.kind !== 'Secret' || isSecret(scalarText(object.type))) continue;
    const isToken = object.type === 'kubernetes.io/service-account-token';
    const owner = isToken
      ? scalarText(mapAt(object, 'metadata', 'annotations')['kubernetes.io/service-account.name'])
      : undefined;
    const owners = secrets.get(namespace) ?? new Map<string, string | undefined>();
    secrets.set(namespace, owners.set(scalarText(name), owner ?? owners.get(scalarText(name))));
  }
  const serviceAccounts = new Map<string, KnownServiceAccount[]>();
  const add = (one: KnownServiceAccount) => {
    const list = serviceAccounts.get(one.namespace);
    if (list) list.push(one);
    else serviceAccounts.set(one.namespace, [one]);
  };
  for (const one of [...accounts.values()]) add(one);
  // Each service account in a group has the rights of the group. So one account stands for all accounts of the group
  // that have no other rights.
  for (const namespace of namespaces) {
    const isGroupBound = serviceAccountRequester(namespace, 'default').groups.some((group) => accountGroups.has(group));
    if (isGroupBound && !accounts.has(`${namespace}/default`)) add({ namespace, name: 'default', isController: false });
  }
  return {
    access,
    namespaces: [...namespaces].sort(),
    serviceAccounts,
    users: [...users].sort(),
    groups: [...groups].sort(),
    clusterRoleNames,
    roleNames: (namespace) => roles.get(namespace) ?? [],
    bindingRefs: (namespace, names) =>
      (refs.get(namespace ?? '') ?? []).flatMap(({ name, ref }) => ((names?.includes(name) ?? true) ? [ref] : [])),
    sourceAppliers: sourceAppliersOf(access, all),
    podSecurity: podSecurityOf(cluster, all),
    privilegedPod: privilegedPodsOf(all),
    hasControlPlaneNodes: cluster.controlPlane in controlPlaneNodes ? controlPlaneNodes[cluster.controlPlane] : true,
    hasTokenSecret(namespace, account, names) {
      const known = secrets.get(namespace);
      const isThere = [...(known ?? [])].some(([name, owner]) => owner === account && (names?.includes(name) ?? true));
      return isThere || (names?.every((name) => known?.has(name)) ? false : undefined);
    },
    hasObject(kind, namespace, names) {
      const known = kinds.get(`${kind}\n${namespace}`);
      return known !== undefined && (names?.some((name) => known.has(name)) ?? true);
    },
  };
}

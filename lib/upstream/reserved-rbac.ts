import { builtinClusterRoles } from './builtin-names';
import { fluxRbac } from './flux-rbac';
import type { RbacObject } from './rbac';

/** The names of objects of Kubernetes that do not begin with `system:`. */
const plain: Readonly<Record<RbacObject['kind'], readonly string[]>> = {
  ClusterRole: builtinClusterRoles,
  ClusterRoleBinding: ['cluster-admin'],
  Role: ['extension-apiserver-authentication-reader'],
  RoleBinding: [],
};

/** The namespaces in which Kubernetes and kubeadm create roles and bindings. */
const theirs: readonly string[] = ['kube-system', 'kube-public'];

/**
 * Returns the program that creates a role or binding of this name itself, or that reserves the name.
 * @param namespaces the namespaces of the Role or RoleBinding; none for a ClusterRole or ClusterRoleBinding
 * @param fluxNamespace the namespace of the controllers of Flux
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
export function reservedFor(
  kind: RbacObject['kind'],
  name: string,
  namespaces: readonly string[],
  fluxNamespace: string,
): 'Kubernetes' | 'kubeadm' | 'Flux' | undefined {
  if (namespaces.length > 0 && !namespaces.some((one) => theirs.includes(one))) return undefined;
  if (name.startsWith('system:') || plain[kind].includes(name)) return 'Kubernetes';
  if (name.startsWith('kubeadm:')) return 'kubeadm';
  const isFlux = fluxRbac(fluxNamespace).some((one) => one.kind === kind && one.metadata.name === name);
  return isFlux ? 'Flux' : undefined;
}

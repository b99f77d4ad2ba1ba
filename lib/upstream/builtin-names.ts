/**
 * The user-facing ClusterRoles of Kubernetes. The names of its other roles begin with `system:`.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
export const builtinClusterRoles: readonly string[] = ['cluster-admin', 'admin', 'edit', 'view'];

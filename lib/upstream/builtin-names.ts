/**
 * The ClusterRoles for people that every Kubernetes has; all others of its own begin with `system:`.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
export const builtinClusterRoles: readonly string[] = ['cluster-admin', 'admin', 'edit', 'view'];

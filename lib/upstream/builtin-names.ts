/**
 * The user-facing ClusterRoles of Kubernetes. The names of its other roles begin with `system:`.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
export const builtinClusterRoles: readonly string[] = ['cluster-admin', 'admin', 'edit', 'view'];

/**
 * The namespaces that Kubernetes creates in each cluster.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces
 */
export const builtinNamespaces: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Whether a namespace is one of Kubernetes, or has a name that is reserved for one. */
export const isKubernetesNamespace = (namespace: string): boolean => /^(default$|kube-)/.test(namespace);

/** The `--oidc-*` flags of kube-apiserver. */
export const oidcFlagNames: readonly string[] = [
  'oidc-issuer-url',
  'oidc-client-id',
  'oidc-ca-file',
  'oidc-username-claim',
  'oidc-username-prefix',
  'oidc-groups-claim',
  'oidc-groups-prefix',
  'oidc-signing-algs',
  'oidc-required-claim',
];

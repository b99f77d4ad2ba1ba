import type { BindingObject, RbacObject } from './rbac';

/**
 * The controllers that apply what Flux objects describe. An installation of Flux binds each of them to cluster-admin.
 */
export const fluxAppliers = ['kustomize-controller', 'helm-controller'] as const;

const groups = ['notification', 'source', 'helm', 'image', 'kustomize']
  .map((name) => `${name}.toolkit.fluxcd.io`)
  .concat('source.extensions.fluxcd.io');

const controllers = [
  ...fluxAppliers,
  ...['source', 'notification', 'image-reflector', 'image-automation'].map((name) => `${name}-controller`),
  'source-watcher',
];

export const fluxUsers = (namespace: string): readonly string[] =>
  controllers.map((name) => `system:serviceaccount:${namespace}:${name}`);

const known = new Map<string, readonly RbacObject[]>();

/**
 * Returns the roles and bindings that `flux install` creates for its controllers in a namespace. `flux-edit` is
 * aggregated to `edit` and `admin`.
 * @see https://github.com/fluxcd/flux2/tree/v2.9.5/manifests/rbac
 */
export function fluxRbac(namespace: string): readonly RbacObject[] {
  const objects = known.get(namespace) ?? objectsIn(namespace);
  known.set(namespace, objects);
  return objects;
}

function objectsIn(namespace: string): readonly RbacObject[] {
  const aggregated = (name: string, to: readonly string[], verbs: readonly string[]): RbacObject => ({
    kind: 'ClusterRole',
    metadata: {
      name: `${name}-${namespace}`,
      labels: Object.fromEntries(to.map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true'])),
    },
    rules: [{ apiGroups: groups, resources: ['*'], verbs }],
  });
  const bound = (name: string, roleName: string, accounts: readonly string[]): BindingObject => ({
    kind: 'ClusterRoleBinding',
    metadata: { name: `${name}-${namespace}` },
    roleRef: { kind: 'ClusterRole', name: roleName },
    subjects: accounts.map((account) => ({ kind: 'ServiceAccount', name: account, namespace })),
  });
  return [
    {
      kind: 'ClusterRole',
      metadata: { name: `crd-controller-${namespace}` },
      rules: [
        { apiGroups: groups, resources: ['*'], verbs: ['*'] },
        {
          apiGroups: [''],
          resources: ['namespaces', 'secrets', 'configmaps', 'serviceaccounts'],
          verbs: ['get', 'list', 'watch'],
        },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
        {
          apiGroups: [''],
          resources: ['configmaps'],
          verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
        },
        { apiGroups: [''], resources: ['configmaps/status'], verbs: ['get', 'update', 'patch'] },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
        },
        { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
        { nonResourceURLs: ['/livez/ping'], verbs: ['head'] },
      ],
    },
    bound('crd-controller', `crd-controller-${namespace}`, controllers),
    aggregated('flux-edit', ['edit', 'admin'], ['create', 'delete', 'deletecollection', 'patch', 'update']),
    aggregated('flux-view', ['admin', 'edit', 'view'], ['get', 'list', 'watch']),
    bound('cluster-reconciler', 'cluster-admin', fluxAppliers),
  ];
}

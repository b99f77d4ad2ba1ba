import { fluxRbac, fluxUsers } from '../../lib/upstream/flux-rbac';

const groups = [
  'notification.toolkit.fluxcd.io',
  'source.toolkit.fluxcd.io',
  'helm.toolkit.fluxcd.io',
  'image.toolkit.fluxcd.io',
  'kustomize.toolkit.fluxcd.io',
  'source.extensions.fluxcd.io',
];

const account = (name: string) => ({ kind: 'ServiceAccount', name, namespace: 'flux-system' });

// The manifests in manifests/rbac of Flux v2.9.5, with the suffix that `flux install` adds to their names.
test('the roles and bindings of an installation of Flux', () => {
  const leader = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
  expect(fluxRbac('flux-system')).toEqual([
    {
      kind: 'ClusterRole',
      metadata: { name: 'crd-controller-flux-system' },
      rules: [
        { apiGroups: groups, resources: ['*'], verbs: ['*'] },
        {
          apiGroups: [''],
          resources: ['namespaces', 'secrets', 'configmaps', 'serviceaccounts'],
          verbs: ['get', 'list', 'watch'],
        },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
        { apiGroups: [''], resources: ['configmaps'], verbs: leader },
        { apiGroups: [''], resources: ['configmaps/status'], verbs: ['get', 'update', 'patch'] },
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: leader },
        { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
        { nonResourceURLs: ['/livez/ping'], verbs: ['head'] },
      ],
    },
    {
      kind: 'ClusterRoleBinding',
      metadata: { name: 'crd-controller-flux-system' },
      roleRef: { kind: 'ClusterRole', name: 'crd-controller-flux-system' },
      subjects: [
        account('kustomize-controller'),
        account('helm-controller'),
        account('source-controller'),
        account('notification-controller'),
        account('image-reflector-controller'),
        account('image-automation-controller'),
        account('source-watcher'),
      ],
    },
    {
      kind: 'ClusterRole',
      metadata: {
        name: 'flux-edit-flux-system',
        labels: {
          'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
          'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
        },
      },
      rules: [
        {
          apiGroups: groups,
          resources: ['*'],
          verbs: ['create', 'delete', 'deletecollection', 'patch', 'update'],
        },
      ],
    },
    {
      kind: 'ClusterRole',
      metadata: {
        name: 'flux-view-flux-system',
        labels: {
          'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
          'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
          'rbac.authorization.k8s.io/aggregate-to-view': 'true',
        },
      },
      rules: [{ apiGroups: groups, resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      kind: 'ClusterRoleBinding',
      metadata: { name: 'cluster-reconciler-flux-system' },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [account('kustomize-controller'), account('helm-controller')],
    },
  ]);
});

test('another namespace has its own objects', () => {
  expect(fluxRbac('flux').map(({ metadata }) => metadata.name)).toContain('flux-view-flux');
  expect(fluxRbac('flux')).toBe(fluxRbac('flux'));
  expect(fluxUsers('flux')).toEqual([
    'system:serviceaccount:flux:kustomize-controller',
    'system:serviceaccount:flux:helm-controller',
    'system:serviceaccount:flux:source-controller',
    'system:serviceaccount:flux:notification-controller',
    'system:serviceaccount:flux:image-reflector-controller',
    'system:serviceaccount:flux:image-automation-controller',
    'system:serviceaccount:flux:source-watcher',
  ]);
});

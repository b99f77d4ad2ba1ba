import type { AccessRequest, Requester } from '../../lib/access/objects';

const resources: readonly [string, string, string?][] = [
  ['', 'pods'],
  ['', 'pods', 'exec'],
  ['', 'pods', 'log'],
  ['', 'secrets'],
  ['', 'configmaps'],
  ['', 'serviceaccounts', 'token'],
  ['', 'nodes'],
  ['', 'namespaces'],
  ['', 'serviceaccounts'],
  ['apps', 'deployments'],
  ['apps', 'deployments', 'scale'],
  ['batch', 'cronjobs'],
  ['networking.k8s.io', 'ingresses'],
  ['rbac.authorization.k8s.io', 'rolebindings'],
  ['rbac.authorization.k8s.io', 'clusterroles'],
  ['authorization.k8s.io', 'selfsubjectaccessreviews'],
  ['authorization.k8s.io', 'localsubjectaccessreviews'],
  ['example.com', 'widgets'],
];

const places = [{}, { namespace: 'web' }, { namespace: 'db' }] as const;

/** The requests about which everybody is asked: resources in the cluster and in two namespaces, named objects, and paths. */
export const questions: readonly AccessRequest[] = [
  ...['get', 'create', 'delete', 'impersonate', 'bind'].flatMap((verb) =>
    resources.flatMap(([group, resource, subresource]) =>
      places.map((place) => ({ verb, group, resource, ...(subresource ? { subresource } : {}), ...place })),
    ),
  ),
  ...['settings', 'other'].flatMap((name) =>
    places.map((place) => ({ verb: 'get', group: '', resource: 'configmaps', name, ...place })),
  ),
  ...['/healthz', '/version', '/api', '/apis/apps', '/metrics', '/metrics/slis', '/logs/x', '/'].map((path) => ({
    verb: 'get',
    path,
  })),
];

/**
 * Components of Kubernetes, as the API server identifies them. They are asked about the rights of the built-in
 * bindings.
 */
export const controllers: readonly Requester[] = [
  ...['kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'monitor'].map((name) => ({
    user: `system:${name}`,
    groups: name === 'monitor' ? ['system:monitoring'] : [],
  })),
  ...['deployment-controller', 'cronjob-controller', 'namespace-controller', 'generic-garbage-collector'].map(
    (name) => ({
      user: `system:serviceaccount:kube-system:${name}`,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    }),
  ),
  { user: 'admin', groups: ['system:masters'] },
  { user: 'kubeadm', groups: ['kubeadm:cluster-admins'] },
];

/**
 * The config for the questions: every built-in role for people, and further roles with everything that RBAC can
 * express.
 */
export const asked = {
  people: Object.fromEntries(
    ['admin', 'editor', 'viewer', 'own', 'named', 'nobody'].map((name, i) => [
      `p-${name}`,
      { displayName: name, id: `00000000-0000-4000-8000-00000000000${i}` },
    ]),
  ),
  groups: {
    k8s_users: { members: ['datosh', 'p-admin', 'p-editor', 'p-viewer', 'p-own', 'p-named', 'p-nobody'] },
    inner: { members: ['p-own'] },
    outer: { members: ['inner'] },
  },
  roles: {
    wide: {
      rules: [
        { apiGroups: ['*'], resources: ['*/scale'], verbs: ['get', 'update'] },
        { nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] },
        { resources: ['pods/exec'], verbs: ['create'] },
      ],
    },
    named: { namespaces: ['web'], rules: [{ resources: ['configmaps'], resourceNames: ['settings'], verbs: ['get'] }] },
    widgets: { aggregateTo: ['view'], rules: [{ apiGroups: ['example.com'], resources: ['widgets'], verbs: ['get'] }] },
    binder: { rules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['bind'] }] },
  },
  clusters: {
    homelab: {
      kubernetes: '1.34',
      grants: [
        { name: 'all', clusterRole: 'cluster-admin', people: ['datosh'] },
        { name: 'admin', clusterRole: 'admin', people: ['p-admin'], namespaces: ['web'] },
        { name: 'edit', clusterRole: 'edit', people: ['p-editor'], namespaces: ['web', 'db'] },
        { name: 'view', clusterRole: 'view', people: ['p-viewer'] },
        { name: 'wide', clusterRole: 'wide', groups: ['outer'] },
        { name: 'binder', clusterRole: 'binder', groups: ['inner'] },
        { name: 'named', role: 'named', people: ['p-named'], namespaces: ['web'] },
        { name: 'nothing', clusterRole: 'not-there', people: ['p-nobody'] },
      ],
    },
  },
} as const;

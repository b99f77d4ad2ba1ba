const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const apiGroup = 'rbac.authorization.k8s.io';
const metadata = { name: 'a' };
const inWeb = { ...metadata, namespace: 'web' };
const roleRef = { apiGroup, kind: 'ClusterRole', name: 'view' };
const jane = { apiGroup, kind: 'User', name: 'jane' };
const robot = { kind: 'ServiceAccount', name: 'robot', namespace: 'web' };
const wide = (...subjects: object[]) => ({ ...api, kind: 'ClusterRoleBinding', metadata, roleRef, subjects });
const inside = (...subjects: object[]) => ({ ...api, kind: 'RoleBinding', metadata: inWeb, roleRef, subjects });
const clusterRole = (...rules: object[]) => ({ ...api, kind: 'ClusterRole', metadata, rules });
const role = (...rules: object[]) => ({ ...api, kind: 'Role', metadata: inWeb, rules });
const pods = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const paths = { nonResourceURLs: ['/metrics'], verbs: ['get'] };

/** RBAC objects that an API server refuses, with a part of the reason that Kaniflux names. */
export const refused: readonly (readonly [what: string, object: object, reason: string])[] = [
  ['v1beta1', { ...wide(jane), apiVersion: 'rbac.authorization.k8s.io/v1beta1' }, 'API version'],
  ['v1alpha1', { ...clusterRole(pods), apiVersion: 'rbac.authorization.k8s.io/v1alpha1' }, 'API version'],
  ['a ServiceAccount without a namespace', wide({ kind: 'ServiceAccount', name: 'robot' }), 'robot among its subjects'],
  ['one refused subject of two', wide(jane, { kind: 'ServiceAccount', name: 'robot' }), 'has no namespace'],
  ['a ServiceAccount with an API group', wide({ ...robot, apiGroup }), 'must be empty'],
  ['a ServiceAccount with capital letters', inside({ ...robot, name: 'Robot' }), 'the name of a ServiceAccount'],
  ['a user with a version as API group', wide({ ...jane, apiGroup: api.apiVersion }), 'the subject jane'],
  ['a group of the core group', inside({ ...jane, kind: 'Group', apiGroup: 'v1' }), 'is v1'],
  ['a subject of another kind', wide({ ...jane, kind: 'Person' }), 'has the kind Person'],
  ['a user without a name', wide({ ...jane, name: '' }), 'has no name'],
  ['a role reference with a version', { ...wide(jane), roleRef: { ...roleRef, apiGroup: api.apiVersion } }, 'roleRef'],
  ['a Role for the whole cluster', { ...wide(jane), roleRef: { ...roleRef, kind: 'Role' } }, 'must be ClusterRole'],
  ['a role of another kind', { ...inside(jane), roleRef: { ...roleRef, kind: 'role' } }, 'ClusterRole or Role'],
  ['a name with a slash', { ...wide(jane), metadata: { name: 'a/b' } }, 'a/b'],
  ['a role with a slash', { ...wide(jane), roleRef: { ...roleRef, name: 'a/b' } }, 'in `roleRef`'],
  ['a rule without verbs', clusterRole(pods, { ...pods, verbs: [] }), 'no verbs'],
  ['a rule without API groups', role({ resources: ['pods'], verbs: ['get'] }), 'no `apiGroups`'],
  ['a rule without resources', clusterRole({ apiGroups: [''], verbs: ['get'] }), 'no `resources`'],
  ['paths in a Role', role(paths), 'nonResourceURLs'],
  ['paths and resources in one rule', clusterRole({ ...pods, ...paths }), 'both'],
  ['an aggregation of nothing', { ...clusterRole(), aggregationRule: {} }, 'clusterRoleSelectors'],
];

/** RBAC objects that an API server accepts. */
export const accepted: readonly (readonly [what: string, object: object])[] = [
  ['a ServiceAccount without a namespace in a RoleBinding', inside({ kind: 'ServiceAccount', name: 'robot' })],
  ['a ServiceAccount', wide(robot)],
  ['a ServiceAccount with a dot', wide({ ...robot, name: 'a.b-1' })],
  [
    'subjects and a role without API groups',
    { ...wide({ kind: 'User', name: 'jane' }), roleRef: { kind: 'ClusterRole', name: 'view' } },
  ],
  [
    'null in place of API groups and a namespace',
    {
      ...wide({ kind: 'User', name: 'jane', apiGroup: null, namespace: null }),
      roleRef: { ...roleRef, apiGroup: null },
    },
  ],
  ['a user with slashes', wide({ ...jane, name: 'https://idm.example.com/x#y' })],
  ['a Role', { ...inside(jane), roleRef: { ...roleRef, kind: 'Role' } }],
  ['names with colons and capital letters', { ...wide(jane), metadata: { name: 'system:A' } }],
  ['a namespace of a cluster-wide object', { ...wide(jane), metadata: inWeb }],
  ['a rule for paths', clusterRole(paths, pods)],
  ['a rule with empty resources beside paths', clusterRole({ ...paths, apiGroups: [], resources: [] })],
  ['no rules', clusterRole()],
  ['an aggregation', { ...clusterRole(), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } }],
];

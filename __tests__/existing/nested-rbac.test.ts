import { customSubject, nestedRbac, rbacInValues } from '../../lib/existing/nested-rbac';

const api = 'rbac.authorization.k8s.io/v1';
const binding = { apiVersion: api, kind: 'ClusterRoleBinding', metadata: { name: 'a' }, roleRef: {}, subjects: [] };
const group = (name: string) => ({ kind: 'Group', name });
const account = { kind: 'ServiceAccount', name: 'ci', namespace: 'web' };
const text = `apiVersion: ${api}\nkind: RoleBinding\nmetadata: { name: a }\n`;

test.each<[string, string, object]>([
  ['ClusterRoleBinding', 'a ResourceSet', { kind: 'ResourceSet', spec: { resources: [{ kind: 'Other' }, binding] } }],
  ['ClusterRoleBinding', 'the values of a chart', { spec: { values: { extraObjects: { one: binding } } } }],
  ['Role', 'a role with rules', { spec: { manifest: { apiVersion: api, kind: 'Role', rules: [] } } }],
  ['RoleBinding', 'a ConfigMap with YAML', { kind: 'ConfigMap', data: { 'a.yaml': text } }],
  ['RoleBinding', 'a ConfigMap with JSON', { data: { 'a.json': `{"kind":"RoleBinding","apiVersion":"${api}"}` } }],
  [
    'RoleBinding',
    'a policy of Kyverno',
    { generate: { apiVersion: api, kind: 'RoleBinding', name: 'a', data: { roleRef: {} } } },
  ],
  [
    'Role',
    'a policy that copies an object',
    { generate: { apiVersion: api, kind: 'Role', name: 'a', clone: { name: 'b' }, data: null } },
  ],
  [
    'RoleBinding',
    'a policy that copies all',
    { generate: { cloneList: { kinds: ['v1/Secret', `${api}/RoleBinding`] } } },
  ],
  ['Role', 'CEL', { expression: `{"apiVersion": dyn("${api}"), "kind": dyn("Role")}` }],
  ['Role', 'a template', { spec: { template: `{{ x }}\napiVersion: "${api}"\nkind: "Role"\n` } }],
])('a %s in %s', (kind, _, object) => expect(nestedRbac({ ...object })).toBe(kind));

test.each<[string, object]>([
  ['the object itself', binding],
  [
    'a role that allows to write roles',
    { rules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'] }] },
  ],
  ['a reference', { spec: { ref: { apiVersion: api, kind: 'ClusterRole', name: 'view' } } }],
  ['a policy that copies other objects', { generate: { cloneList: { kinds: ['v1/Secret'] } } }],
  ['another kind', { spec: { one: { apiVersion: 'v1', kind: 'Role', rules: [] } } }],
  ['a text about RBAC', { data: { a: 'apiVersion: v1, not rbac.authorization.k8s.io/v1\nkind: Role' } }],
  ['nothing', {}],
])('none in %s', (_, object) => expect(nestedRbac({ ...object })).toBeUndefined());

test.each<[string | undefined, string, string, object]>([
  ['Group ops', 'rbac-manager', 'rbacmanager.reactiveops.io/v1beta1', { rbacBindings: [{ subjects: [group('ops')] }] }],
  ['Group ops', 'Capsule', 'capsule.clastix.io/v1beta2', { spec: { owners: [account, group('ops'), group('dev')] } }],
  [undefined, 'a service account', 'example.com/v1', { spec: { owners: [account] } }],
  [undefined, 'a kind without a name', 'example.com/v1', { kind: 'User', metadata: { name: 'jane' } }],
  [undefined, 'Kubernetes', 'flowcontrol.apiserver.k8s.io/v1', { spec: { subjects: [group('ops')] } }],
  [undefined, 'a built-in group', 'apps/v1', { spec: { subjects: [group('ops')] } }],
  [undefined, 'a condition of Kyverno', 'kyverno.io/v1', { spec: { match: { subjects: [group('ops')] } } }],
])('%s in a custom resource: %s', (expected, _, apiVersion, object) => {
  expect(customSubject({ apiVersion, ...object })).toBe(expected);
});

const release = (values: object, change: object = {}) => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'app' },
  spec: { values },
  ...change,
});
const roleRef = { kind: 'ClusterRole', name: 'cluster-admin' };
const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };

test.each<[string | undefined, string, object]>([
  [
    'a role binding',
    'a map of bindings',
    { rbac: { bindings: { app: { roleRef, subjects: [{ identifier: 'app' }] } } } },
  ],
  [
    'a role binding',
    'bindings after roles',
    { rbac: { roles: { app: { rules: [rule] } }, bindings: { app: { roleRef } } } },
  ],
  ['a rule of a role', 'a list of rules', { clusterRole: { extraRules: [rule] } }],
  ['a rule of a role', 'a rule for paths', { rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] }],
  [undefined, 'a switch', { rbac: { create: true } }],
  [undefined, 'the resources of a container', { resources: { limits: { cpu: 1 } }, verbs: ['get'] }],
])('%s in the values of a chart: %s', (expected, _, values) => {
  expect(rbacInValues(release({ app: [values] }))).toBe(expected);
});

test('the values in a file of their own count', () => {
  expect(rbacInValues({ rbac: { bindings: { app: { roleRef } } } })).toBe('a role binding');
  expect(rbacInValues({ rbac: { create: true } })).toBeUndefined();
});

test('of objects, only the values of a HelmRelease of Flux count', () => {
  const values = { rules: [rule] };
  expect(rbacInValues(release(values))).toBe('a rule of a role');
  expect(rbacInValues(release(values, { kind: 'HelmChart' }))).toBeUndefined();
  expect(rbacInValues(release(values, { apiVersion: 'helm.example.com/v1' }))).toBeUndefined();
  expect(rbacInValues(release({}, { spec: {} }))).toBeUndefined();
});

import { Authorizer } from '../../lib/access/authorizer';
import { asStored, hasRbacForm, isRbac, type RbacObject } from '../../lib/access/objects';
import { rightsOf } from '../../lib/access/rights';
import { check } from '../../lib/checks/review/run-review';
import { homeLab, load } from '../config';
import fc from '../fast-check';

const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const role = { ...api, kind: 'ClusterRole', metadata: { name: 'r' } };
const binding = {
  ...api,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'b' },
  roleRef: { kind: 'ClusterRole', name: 'r' },
};

const aggregated = (selector: unknown) => ({ ...role, aggregationRule: { clusterRoleSelectors: [selector] } });

test.each<[string, object]>([
  ['a role', { ...role, rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] }],
  ['a role without rules, as an API server alone leaves `view`', { ...role, rules: null }],
  ['an aggregated role', { ...role, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } }],
  ['a role whose aggregation rule is null', { ...role, rules: [], aggregationRule: null }],
  ['a binding', { ...binding, subjects: [{ kind: 'User', name: 'jane' }] }],
  ['a binding of nobody', binding],
  ['a Role', { ...role, kind: 'Role', metadata: { name: 'r', namespace: 'web' } }],
  [
    'a binding without an API group',
    {
      ...binding,
      roleRef: { ...binding.roleRef, apiGroup: null },
      subjects: [{ kind: 'User', name: 'jane', apiGroup: null, namespace: null }],
    },
  ],
  ['a RoleBinding', { ...binding, kind: 'RoleBinding', metadata: { name: 'b', namespace: 'web' } }],
  ['a role without labels', { ...role, metadata: { name: 'r', labels: null } }],
  ['a role with labels', { ...role, metadata: { name: 'r', labels: { a: 'b' } } }],
  ['a selector of everything', aggregated({})],
  ['a selector with an expression', aggregated({ matchExpressions: [{ key: 'a', operator: 'Exists' }] })],
  ['a selector with values', aggregated({ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] })],
])('%s is evaluated', (_name, object) => expect(isRbac(object)).toBe(true));

test.each<[string, unknown]>([
  ['nothing', null],
  ['a list', [role]],
  ['another kind', { ...role, kind: 'Deployment' }],
  ['a kind of that name in another group', { ...role, apiVersion: 'example.com/v1' }],
  ['a role without a name', { ...role, metadata: {} }],
  ['rules that are a text', { ...role, rules: 'all' }],
  ['a rule without verbs', { ...role, rules: [{ apiGroups: [''], resources: ['pods'] }] }],
  ['a verb that is a number', { ...role, rules: [{ verbs: [1] }] }],
  ['a patch that deletes a binding', { ...binding, $patch: 'delete' }],
  ['a patch that deletes a subject', { ...binding, subjects: [{ kind: 'User', name: 'jane', $patch: 'delete' }] }],
  ['a patch of a binding, without its role', { ...binding, roleRef: undefined }],
  ['a role reference without a name', { ...binding, roleRef: { kind: 'ClusterRole' } }],
  ['subjects that are a map', { ...binding, subjects: { kind: 'User', name: 'jane' } }],
  ['a subject without a name', { ...binding, subjects: [{ kind: 'User' }] }],
  ['a subject without a kind', { ...binding, subjects: [{ name: 'jane' }] }],
  ['a subject that is a text', { ...binding, subjects: ['jane'] }],
  ['a subject of two without a name', { ...binding, subjects: [{ kind: 'User', name: 'jane' }, { kind: 'User' }] }],
  ['an API group that is a map', { ...binding, roleRef: { ...binding.roleRef, apiGroup: {} } }],
  ['an API group of a subject that is a map', { ...binding, subjects: [{ kind: 'User', name: 'jane', apiGroup: {} }] }],
  [
    'a namespace of a subject that is a list',
    { ...binding, subjects: [{ kind: 'User', name: 'jane', namespace: [] }] },
  ],
  ['a namespace that is a number', { ...role, kind: 'Role', metadata: { name: 'r', namespace: 1 } }],
  ['labels that are a text', { ...role, metadata: { name: 'r', labels: 'a' } }],
  ['an aggregation rule that is a text', { ...role, aggregationRule: 'all' }],
  ['a selector that is a text', aggregated('a')],
  ['a selector whose labels are a text', aggregated({ matchLabels: 'a' })],
  ['a selector whose expressions are a text', aggregated({ matchExpressions: 'a' })],
  ['an expression that is a text', aggregated({ matchExpressions: ['a'] })],
  ['an expression without a key', aggregated({ matchExpressions: [{ operator: 'Exists' }] })],
  ['an expression whose values are numbers', aggregated({ matchExpressions: [{ key: 'a', values: [1] }] })],
])('%s is not', (_name, object) => expect(isRbac(object)).toBe(false));

test.each([
  { ...role, kind: 'Role' },
  { ...binding, kind: 'RoleBinding' },
  { ...binding, kind: 'RoleBinding', metadata: { name: 'b', namespace: null } },
  { ...binding, kind: 'RoleBinding', metadata: { name: 'b', namespace: '' } },
])('a $kind without a namespace is complete, but not evaluated: its namespace is not known', (object) => {
  expect(hasRbacForm(object)).toBe(true);
  expect(isRbac(object)).toBe(false);
});

const json = fc.jsonValue({ maxDepth: 2 });
const field = <T>(good: T) => fc.oneof({ weight: 3, arbitrary: fc.constant(good as unknown) }, json);
const anything = fc.record({
  apiVersion: field('rbac.authorization.k8s.io/v1'),
  kind: fc.constantFrom(
    'ClusterRole',
    'Role',
    'ClusterRoleBinding',
    'RoleBinding',
    'Pod',
    'AuthenticationConfiguration',
  ),
  metadata: field({ name: 'x', namespace: 'web', labels: { a: 'b' } }),
  rules: field([{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }]),
  aggregationRule: field(undefined),
  roleRef: field({ kind: 'ClusterRole', name: 'x' }),
  subjects: field([{ kind: 'Group', name: 'g' }]),
  spec: json,
  jwt: json,
});

test('whatever lies in a folder of manifests, nothing breaks', () => {
  const loaded = load(homeLab());
  if (!loaded.config) throw new Error('the home lab is not valid');
  const { config, sources } = loaded;
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 6 }), (objects) => {
      const authorizer = new Authorizer(objects.filter((one): one is typeof one & RbacObject => isRbac(one)));
      for (const held of authorizer.held({ user: 'u', groups: ['g'] })) rightsOf(held);
      const manifests = objects.map((object, i) => ({ file: `${i}.yaml`, line: 1, object }));
      check({ config, sources, warnings: [], manifests });
    }),
  );
});

test('an object is stored without empty namespaces and API groups, and without a namespace if it is cluster-wide', () => {
  const subject = { kind: 'ServiceAccount', name: 'ci' };
  const roleRef = { kind: 'ClusterRole', name: 'r' };
  const given = {
    ...binding,
    kind: 'RoleBinding',
    metadata: { name: 'b', namespace: '' },
    roleRef: { ...roleRef, apiGroup: null },
    subjects: [{ ...subject, apiGroup: '', namespace: null }],
  };
  expect(asStored(given)).toEqual({ ...given, metadata: { name: 'b' }, roleRef, subjects: [subject] });
  const inWeb = { ...given, metadata: { name: 'b', namespace: 'web' }, subjects: [{ ...subject, namespace: 'web' }] };
  expect(asStored(inWeb)).toEqual({ ...inWeb, roleRef });
  expect(asStored({ ...role, metadata: { name: 'r', namespace: 'web' } })).toEqual(role);
  expect(asStored({ ...binding, subjects: [{ kind: 'User', name: '' }] })).toEqual({
    ...binding,
    subjects: [{ kind: 'User', name: '' }],
  });
  expect(asStored({ ...role, aggregationRule: null })).toEqual(role);
  expect(asStored(aggregated({}))).toEqual(aggregated({}));
  const other = { kind: 'ConfigMap', metadata: { name: 'a', namespace: '' } };
  expect(asStored(other)).toBe(other);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, ApiObjectMetadataDefinition, App, Chart, type ChartProps, JsonPatch, Lazy } from 'cdk8s';
import { parse } from 'yaml';
import { entry } from '../../lib/config/config';
import {
  clusterRoleBindingJson,
  OidcClusterRoleBinding,
  type OidcClusterRoleBindingProps,
  OidcRoleBinding,
  type OidcRoleBindingProps,
  roleBindingJson,
} from '../../lib/constructs/oidc-bindings';
import { clusterFolders } from '../../lib/render';
import { configOf } from '../config';

const bindings = (change: Record<string, unknown>, folder: string) => {
  const config = configOf(change);
  const folders = clusterFolders(config, entry(config.clusters, 'homelab'));
  return folders.find(({ name }) => name === folder)?.objects ?? [];
};

test("the home lab's binding is there, equal field by field", () => {
  const owner = parse(readFileSync(join(__dirname, '..', 'fixtures', 'home-lab', 'access.yaml'), 'utf8'));
  expect(bindings({}, 'access')).toEqual([
    {
      ...owner,
      metadata: {
        ...owner.metadata,
        annotations: {
          'kustomize.toolkit.fluxcd.io/force': 'enabled',
          'kustomize.toolkit.fluxcd.io/substitute': 'disabled',
        },
      },
    },
  ]);
});

test('a grant in namespaces becomes a RoleBinding in each, under one name', () => {
  const change = {
    grants: [
      { name: 'deploy', role: 'deployer', namespaces: ['shop', 'blog'], groups: ['k8s_users'], clusters: '*' },
      { name: 'see', clusterRole: 'view', namespaces: ['shop'], people: ['datosh'], clusters: '*' },
    ],
  };
  const objects = bindings(change, 'access-in-namespaces');
  expect(objects).toMatchObject([
    { kind: 'RoleBinding', metadata: { namespace: 'blog', name: 'deploy' }, roleRef: { kind: 'Role' } },
    { kind: 'RoleBinding', metadata: { namespace: 'shop', name: 'deploy' }, roleRef: { kind: 'Role' } },
    { kind: 'RoleBinding', metadata: { namespace: 'shop', name: 'see' }, roleRef: { kind: 'ClusterRole' } },
  ]);
  expect(objects[0]?.subjects).toEqual([
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'kanidm:k8s_users@sso.kammel.dev' },
  ]);
  expect(bindings(change, 'access')).toHaveLength(1);
});

test('names stay as they are given, however long or odd', () => {
  const name = `kaniflux:${'x'.repeat(200)}`;
  const change = { grants: [{ name, clusterRole: 'view', people: ['datosh'], clusters: '*' }] };
  expect(bindings(change, 'access').map(({ metadata }) => metadata.name)).toContain(name);
});

/** All props: a new one without a test does not compile. */
const everywhere: Required<OidcClusterRoleBindingProps> = {
  name: 'admins',
  users: ['user', 'other'],
  groups: ['group'],
  clusterRole: 'cluster-admin',
};
const inNamespace: Required<OidcRoleBindingProps> = {
  name: 'deployers',
  users: ['user'],
  groups: ['group'],
  namespace: 'shop',
  role: { kind: 'Role', name: 'deployer' },
};

const annotations = {
  'kustomize.toolkit.fluxcd.io/force': 'enabled',
  'kustomize.toolkit.fluxcd.io/substitute': 'disabled',
};
const apiGroup = 'rbac.authorization.k8s.io';
const manifests = [
  {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { annotations, name: 'admins' },
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [
      { apiGroup, kind: 'User', name: 'user' },
      { apiGroup, kind: 'User', name: 'other' },
      { apiGroup, kind: 'Group', name: 'group' },
    ],
  },
  {
    apiVersion: `${apiGroup}/v1`,
    kind: 'RoleBinding',
    metadata: { annotations, name: 'deployers', namespace: 'shop' },
    roleRef: { apiGroup, kind: 'Role', name: 'deployer' },
    subjects: [
      { apiGroup, kind: 'User', name: 'user' },
      { apiGroup, kind: 'Group', name: 'group' },
    ],
  },
] as const;

/** Renders the two bindings in a chart, and the same manifests with plain cdk8s. The texts must be equal. */
function twice(
  change: (cluster: ApiObject, namespaced: ApiObject) => void,
  props: ChartProps = {},
  app = () => new App(),
) {
  const mine = new Chart(app(), 'mine', props);
  change(new OidcClusterRoleBinding(mine, 'one', everywhere), new OidcRoleBinding(mine, 'two', inNamespace));
  const plain = new Chart(app(), 'mine', props);
  const [one, two] = manifests;
  change(new ApiObject(plain, 'one', one), new ApiObject(plain, 'two', two));
  return { ours: mine.toJson(), theirs: plain.toJson() };
}

test('every prop lands where Kubernetes reads it', () => {
  const { ours } = twice(() => {});
  expect(ours).toStrictEqual(manifests);
  expect([clusterRoleBindingJson(everywhere), roleBindingJson(inNamespace)]).toStrictEqual(manifests);
});

test('a binding has only the subjects that it is given, and a name', () => {
  const chart = new Chart(new App(), 'mine');
  const props = { name: 'see', clusterRole: 'view' };
  const ofUsers = new OidcClusterRoleBinding(chart, 'users', { ...props, users: ['jane'] });
  const ofGroups = new OidcClusterRoleBinding(chart, 'groups', { ...props, groups: ['team'] });
  expect(ofUsers.name).toBe('see');
  expect(ofUsers.toJson()).toMatchObject({ subjects: [{ apiGroup, kind: 'User', name: 'jane' }] });
  expect(ofGroups.toJson()).toMatchObject({ subjects: [{ apiGroup, kind: 'Group', name: 'team' }] });
});

test('the JSON of a RoleBinding without a namespace has none', () => {
  const { namespace: _, ...props } = inNamespace;
  expect(roleBindingJson(props).metadata).toStrictEqual({ annotations, name: 'deployers' });
});

test.each<[string, Parameters<typeof twice>]>([
  ['nothing', [() => {}]],
  ['labels of the chart', [() => {}, { labels: { team: 'platform', app: 'access', zone: 'a', kind: 'b' } }]],
  ['a namespace of the chart', [() => {}, { namespace: 'apps' }]],
  ['a namespace of the chart that is a token', [() => {}, { namespace: Lazy.any({ produce: () => 'apps' }) }]],
  [
    'labels of the chart that are tokens',
    [() => {}, { labels: { team: Lazy.any({ produce: () => 'web' }), app: 'x' } }],
  ],
  ['a label of the chart without a value', [() => {}, { labels: JSON.parse('{"team": null}') }]],
  ['a label', [({ metadata }) => metadata.addLabel('team', 'platform')]],
  ['an annotation', [({ metadata }) => metadata.addAnnotation('note', 'x')]],
  ['a finalizer', [({ metadata }) => metadata.addFinalizers('example.com/keep')]],
  ['another field', [({ metadata }) => metadata.add('generation', 2)]],
  [
    'metadata of every kind',
    [
      ({ metadata }, other) => {
        metadata.addLabel('team', 'platform');
        metadata.addAnnotation('note', 'x');
        metadata.addFinalizers('example.com/keep');
        metadata.add('generation', 2);
        other.metadata.addOwnerReference({ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'y' });
      },
      { labels: { app: 'access' } },
    ],
  ],
  ['a JSON patch', [(one) => one.addJsonPatch(JsonPatch.add('/subjects/-', { kind: 'User', name: 'late' }))]],
  ['a dependency', [(one, two) => one.addDependency(two)]],
  [
    'a resolver of the app',
    [
      () => {},
      {},
      () =>
        new App({
          resolvers: [
            { resolve: (context) => (context.value === 'user' ? context.replaceValue('somebody') : undefined) },
          ],
        }),
    ],
  ],
])('with %s it becomes what cdk8s would make of it', (_, given) => {
  const { ours, theirs } = twice(...given);
  expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
});

test('a RoleBinding takes the namespace of its chart', () => {
  const chart = new Chart(new App(), 'mine', { namespace: 'apps' });
  new OidcRoleBinding(chart, 'one', { name: 'see', users: ['user'], role: { kind: 'ClusterRole', name: 'view' } });
  expect(chart.toJson()).toMatchObject([{ metadata: { name: 'see', namespace: 'apps' } }]);
});

test('what is handed out can be changed, and the next is as it was', () => {
  const chart = new Chart(new App(), 'mine');
  const binding = new OidcClusterRoleBinding(chart, 'one', everywhere);
  const [first] = chart.toJson();
  first.metadata.name = 'other';
  first.metadata.annotations.note = 'x';
  first.subjects.pop();
  expect(binding.toJson()).toEqual(manifests[0]);
});

test('a list that changes after the binding was created does not change the binding', () => {
  const chart = new Chart(new App(), 'mine');
  const [users, groups] = [['jane'], ['team']];
  const binding = new OidcClusterRoleBinding(chart, 'one', { name: 'see', clusterRole: 'view', users, groups });
  users.push('system:masters');
  groups.pop();
  const subjects = [
    { apiGroup, kind: 'User', name: 'jane' },
    { apiGroup, kind: 'Group', name: 'team' },
  ];
  expect(binding.toJson()).toMatchObject({ subjects });
  binding.addJsonPatch(JsonPatch.add('/metadata/labels', { a: 'b' }));
  expect(binding.toJson()).toMatchObject({ subjects });
});

test('every way to add to metadata that cdk8s has is one that the bindings notice', () => {
  expect(Object.getOwnPropertyNames(ApiObjectMetadataDefinition.prototype).sort()).toEqual([
    'add',
    'addAnnotation',
    'addFinalizers',
    'addLabel',
    'addOwnerReference',
    'constructor',
    'getLabel',
    'toJson',
  ]);
});

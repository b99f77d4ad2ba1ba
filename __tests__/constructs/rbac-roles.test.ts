import { Chart, Testing } from 'cdk8s';
import { entry } from '../../lib/config/config';
import {
  ClusterRole,
  type ClusterRoleProps,
  type NamespacedRoleProps,
  Role,
  type RoleRule,
} from '../../lib/constructs/rbac-roles';
import { clusterFolders } from '../../lib/render';
import { configOf } from '../config';

const folders = (roles: Record<string, unknown>, grants: unknown[] = []) => {
  const config = configOf({ roles, grants });
  return new Map(
    clusterFolders(config, entry(config.clusters, 'homelab')).map(({ name, objects }) => [
      name,
      objects.filter(({ kind }) => kind.endsWith('Role')),
    ]),
  );
};

test('a role without namespaces is a ClusterRole beside the cluster-wide bindings', () => {
  const rules = [{ apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['get', 'patch'] }];
  expect(folders({ deployer: { rules } }).get('access')).toEqual([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'deployer', annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } },
      rules,
    },
  ]);
});

test('a role with namespaces is a Role in each, beside the bindings there', () => {
  const found = folders({ seer: { namespaces: ['web', 'db'], rules: [{ resources: ['pods'], verbs: ['get'] }] } });
  expect(found.get('access')).toEqual([]);
  expect(found.get('access-in-namespaces')?.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ['Role', 'db'],
    ['Role', 'web'],
  ]);
});

test('the core group need not be written', () => {
  const [role] = folders({ seer: { rules: [{ resources: ['pods'], verbs: ['get'] }] } }).get('access') ?? [];
  expect(role?.rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
});

test('every field of a rule arrives', () => {
  const rules = [
    { verbs: ['get'], nonResourceURLs: ['/metrics'] },
    { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'] },
  ];
  expect(folders({ seer: { rules } }).get('access')?.[0]?.rules).toEqual(rules);
});

test('aggregateTo labels the role for the built-in ones', () => {
  const rules = [{ apiGroups: ['cert-manager.io'], resources: ['certificates'], verbs: ['get'] }];
  const [role] = folders({ certs: { aggregateTo: ['view', 'admin'], rules } }).get('access') ?? [];
  expect(role?.metadata.labels).toEqual({
    'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
    'rbac.authorization.k8s.io/aggregate-to-view': 'true',
  });
});

test('a role is rendered on the clusters that it names', () => {
  const rules = [{ resources: ['pods'], verbs: ['get'] }];
  const other = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
  const config = configOf({ clusters: { other }, roles: { seer: { clusters: ['other'], rules } } });
  const kinds = (name: string) =>
    clusterFolders(config, entry(config.clusters, name)).flatMap(({ objects }) => objects.map(({ kind }) => kind));
  expect(kinds('other')).toEqual(['ClusterRole']);
  expect(kinds('homelab')).not.toContain('ClusterRole');
});

test('every prop of the constructs lands where Kubernetes reads it', () => {
  const onObjects: Omit<Required<RoleRule>, 'nonResourceURLs'> = {
    verbs: ['get'],
    resources: ['deployments'],
    apiGroups: ['apps'],
    resourceNames: ['web'],
  };
  const onUrls: Pick<Required<RoleRule>, 'verbs' | 'nonResourceURLs'> = {
    verbs: ['get'],
    nonResourceURLs: ['/metrics'],
  };
  const everywhere: Required<ClusterRoleProps> = { name: 'seer', rules: [onObjects, onUrls], aggregateTo: ['view'] };
  const inNamespace: Required<NamespacedRoleProps> = { name: 'seer', namespace: 'shop', rules: [onObjects] };
  const chart = new Chart(Testing.app(), 'roles');
  new ClusterRole(chart, 'everywhere', everywhere);
  new Role(chart, 'namespaced', inNamespace);
  const annotations = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' };
  const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
  expect(chart.toJson()).toEqual([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'seer', annotations, labels },
      rules: [onObjects, onUrls],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'seer', namespace: 'shop', annotations },
      rules: [onObjects],
    },
  ]);
});

test('a role that is not aggregated has no labels, and the labels of another are sorted', () => {
  const chart = new Chart(Testing.app(), 'roles');
  new ClusterRole(chart, 'plain', { name: 'plain', rules: [{ verbs: ['get'], resources: ['pods'] }] });
  new ClusterRole(chart, 'all', { name: 'all', rules: [], aggregateTo: ['view', 'admin', 'edit'] });
  const [plain, all] = chart.toJson();
  expect(Object.keys(plain.metadata)).toEqual(['annotations', 'name']);
  expect(plain.rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
  expect(Object.keys(all.metadata.labels)).toEqual([
    'rbac.authorization.k8s.io/aggregate-to-admin',
    'rbac.authorization.k8s.io/aggregate-to-edit',
    'rbac.authorization.k8s.io/aggregate-to-view',
  ]);
});

test.each<[Partial<RoleRule>, string | undefined]>([
  [{ resources: ['pods'], apiGroups: [] }, 'rules[0].apiGroups: expected at least one API group, found none'],
  [{ nonResourceURLs: ['/x'], apiGroups: ['apps'] }, 'rules[0].apiGroups: `nonResourceURLs` are in no API group'],
  [{ nonResourceURLs: ['/x'], apiGroups: [''] }, undefined],
  [{ nonResourceURLs: ['/x'], apiGroups: [] }, undefined],
])('the rule %j is refused: %j', (rule, message) => {
  const chart = new Chart(Testing.app(), 'roles');
  new ClusterRole(chart, 'role', { name: 'role', rules: [{ verbs: ['get'], ...rule }] });
  if (message === undefined) expect(() => chart.toJson()).not.toThrow();
  else expect(() => chart.toJson()).toThrow(message);
});

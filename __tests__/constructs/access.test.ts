import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import { entry } from '../../lib/config/config';
import { OidcClusterRoleBinding, OidcRoleBinding, objectsBelow } from '../../lib/constructs/bindings';
import { clusterWideAccess, namespacedAccess } from '../../lib/constructs/grant-bindings';
import { inOrder, type KubernetesObject } from '../../lib/output/kubernetes-object';
import { configOf } from '../config';

const render = (change: Record<string, unknown>, fill: typeof clusterWideAccess) => {
  const config = configOf(change);
  const chart = new Chart(new App(), 'access', { disableResourceNameHashes: true });
  fill(chart, config, entry(config.clusters, 'homelab'));
  return chart.toJson();
};

test("the home lab's binding is there, equal field by field", () => {
  const owner = parse(readFileSync(join(__dirname, '..', 'fixtures', 'home-lab', 'access.yaml'), 'utf8'));
  expect(render({}, clusterWideAccess)).toEqual([
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
  const objects = render(change, namespacedAccess);
  expect(objects.map(({ kind, metadata, roleRef }) => [kind, metadata.namespace, metadata.name, roleRef.kind])).toEqual(
    [
      ['RoleBinding', 'blog', 'deploy', 'Role'],
      ['RoleBinding', 'shop', 'deploy', 'Role'],
      ['RoleBinding', 'shop', 'see', 'ClusterRole'],
    ],
  );
  expect(objects[0].subjects).toEqual([
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'kanidm:k8s_users@sso.kammel.dev' },
  ]);
  expect(render(change, clusterWideAccess)).toHaveLength(1);
});

test('names stay as they are given, however long or odd', () => {
  const name = `kaniflux:${'x'.repeat(200)}`;
  const change = { grants: [{ name, clusterRole: 'view', people: ['datosh'], clusters: '*' }] };
  expect(render(change, clusterWideAccess).map(({ metadata }) => metadata.name)).toContain(name);
});

test('the construct stands on its own in an app of somebody else', () => {
  const chart = new Chart(new App(), 'mine');
  const { binding } = new OidcClusterRoleBinding(chart, 'admins', {
    name: 'admins',
    clusterRole: 'cluster-admin',
    groups: ['kanidm:k8s_admins@idm.example.com'],
  });
  expect(binding.name).toBe('admins');
  expect(chart.toJson()).toHaveLength(1);
});

test('what is rendered of a binding is what cdk8s makes of it', () => {
  const chart = new Chart(new App(), 'mine');
  const people = { name: 'a', users: ['u1', 'u2'], groups: ['g'] };
  new OidcClusterRoleBinding(chart, 'one', { ...people, clusterRole: 'view' });
  new OidcRoleBinding(chart, 'two', { ...people, namespace: 'n', role: { kind: 'Role', name: 'r' } });
  new OidcRoleBinding(chart, 'nobody', { name: 'b', namespace: 'n', role: { kind: 'ClusterRole', name: 'r' } });
  expect(objectsBelow(chart)).toEqual(chart.toJson());
  expect(JSON.stringify(objectsBelow(chart))).toBe(JSON.stringify((chart.toJson() as KubernetesObject[]).map(inOrder)));
});

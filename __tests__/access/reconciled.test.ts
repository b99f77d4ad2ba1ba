import type { RbacObject } from '../../lib/access/objects';
import { reconciled } from '../../lib/access/reconciled';
import { accessOn, rendered } from '../../lib/diff/side';
import { builtinRbac } from '../../lib/upstream/builtin-rbac';
import { configOf } from '../config';

const widgets = { apiGroups: ['example.com'], resources: ['widgets'], verbs: ['get'] };
const role = (name: string, more: object = {}) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole' as const,
  metadata: { name },
  rules: [widgets],
  ...more,
});
const off = (name: string) => ({
  metadata: { name, annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } },
});
const rulesWith = (objects: readonly object[], name: string) =>
  accessOn(
    rendered(configOf(), () => objects),
    'homelab',
  )?.authorizer.roles.rules({ kind: 'ClusterRole', name }) ?? [];

test.each(['view', 'edit', 'admin'])('%s stays aggregated, whatever rules a file gives it', (name) => {
  const usual = rulesWith([], name);
  expect(usual.length).toBeGreaterThan(5);
  expect(rulesWith([role(name)], name)).toEqual(usual);
  expect(rulesWith([role(name, off(name))], name)).toEqual(usual);
  // Without its labels, `view` would no longer be a part of `edit`.
  expect(rulesWith([role('view')], name)).toEqual(usual);
});

test('the API server adds the missing rules of another built-in role, unless this is turned off', () => {
  const [name] = ['cluster-admin'];
  const usual = rulesWith([], name);
  expect(rulesWith([role(name)], name)).toEqual([widgets, ...usual]);
  expect(rulesWith([role(name, { rules: usual })], name)).toEqual(usual);
  expect(rulesWith([role(name, off(name))], name)).toEqual([widgets]);
});

describe('the API server adds the missing subjects of a built-in binding', () => {
  const bound = (subjects: object[], more: object = {}) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'system:discovery' },
    roleRef: { kind: 'ClusterRole', name: 'system:discovery' },
    subjects,
    ...more,
  });
  const all = { kind: 'Group', name: 'system:authenticated' };
  const ann = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ann' };
  const subjectsOf = (object: object) =>
    accessOn(
      rendered(configOf(), () => [object]),
      'homelab',
    )
      ?.authorizer.bindings.find(({ metadata }) => metadata.name === 'system:discovery')
      ?.subjects?.map(({ name }) => name);

  test.each([
    ['added', bound([ann]), ['ann', 'system:authenticated']],
    ['all removed', bound([]), ['system:authenticated']],
    ['there already', bound([{ ...all, apiGroup: 'rbac.authorization.k8s.io' }, ann]), ['system:authenticated', 'ann']],
    ['turned off', bound([ann], off('system:discovery')), ['ann']],
    ['of another role', bound([ann], { roleRef: { kind: 'ClusterRole', name: 'view' } }), ['ann']],
  ])('%s', (_name, object, expected) => expect(subjectsOf(object)).toEqual(expected));
});

test('other roles, and bindings, are as they are written', () => {
  const binding: RbacObject = {
    kind: 'ClusterRoleBinding',
    metadata: { name: 'admins' },
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'User', name: 'ann' }],
  };
  const objects: RbacObject[] = [
    role('own'),
    { ...role('view'), kind: 'Role', metadata: { name: 'view', namespace: 'web' } },
    binding,
  ];
  const found = reconciled(objects, builtinRbac({ major: 1, minor: 34 }));
  for (const [i, object] of objects.entries()) expect(found[i]).toBe(object);
});

import { hasRbacForm, isRbac } from '../../lib/access/objects';
import { whyRefused } from '../../lib/access/refused-rbac';
import { accepted, refused } from './refused-objects';

test.each(refused)('%s is not evaluated', (_, object, reason) => {
  expect(isRbac(object)).toBe(false);
  expect(hasRbacForm(object) && whyRefused(object)).toContain(reason);
});

test.each(accepted)('%s is evaluated', (_, object) => expect(isRbac(object)).toBe(true));

test('an object with values that SOPS encrypted is not evaluated', () => {
  const api = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'a' } };
  const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
  const role = (change: object) => isRbac({ ...api, kind: 'ClusterRole', rules: [{ ...rule, ...change }] });
  expect([role({}), role({ note: 'ENC[x]' }), role({ verbs: ['ENC[x]'] })]).toEqual([true, true, false]);
  const binding = (name: string, subject: string) => {
    const subjects = [
      { kind: 'Group', name: 'ops' },
      { kind: 'User', name: subject },
    ];
    return isRbac({ ...api, kind: 'ClusterRoleBinding', roleRef: { kind: 'ClusterRole', name }, subjects });
  };
  expect(isRbac({ ...api, kind: 'ClusterRole', metadata: { name: 'ENC[x]' }, rules: [rule] })).toBe(false);
  const labels = (a: string) => ({ clusterRoleSelectors: [{ matchLabels: { a } }] });
  const aggregated = (rule: object, labelled = {}) =>
    isRbac({ ...api, kind: 'ClusterRole', metadata: { name: 'a', labels: labelled }, aggregationRule: rule });
  expect([aggregated(labels('b')), aggregated(labels('ENC[x]')), aggregated(labels('b'), { a: 'ENC[x]' })]).toEqual([
    true,
    false,
    false,
  ]);
  const inside = (namespace: string, ofRobot: string) =>
    isRbac({
      ...api,
      kind: 'RoleBinding',
      metadata: { name: 'a', namespace },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: ofRobot }],
    });
  expect([inside('web', 'web'), inside('ENC[x]', 'web'), inside('web', 'ENC[x]')]).toEqual([true, false, false]);
  expect([binding('view', 'jane'), binding('ENC[x]', 'jane'), binding('view', 'ENC[x]')]).toEqual([true, false, false]);
});

test('a name with a variable of Flux is accepted', () => {
  const [, object] = accepted.find(([what]) => what === 'a ServiceAccount') ?? [];
  const subjects = [{ kind: 'ServiceAccount', name: `$\{NAME}`, namespace: 'web' }];
  expect(isRbac({ ...object, subjects })).toBe(true);
});

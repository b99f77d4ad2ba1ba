import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const config = configOf();
const flux = (name: string, value: string) => ({ [`kustomize.toolkit.fluxcd.io/${name}`]: value });
const bound = (role: string, metadata: object = {}, subject = 'ann') => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'hand', namespace: 'web', ...metadata },
  roleRef: { kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'User', name: subject }],
});
const said = (before: readonly object[], after: readonly object[]) => {
  const diff = reviewDiff({ before: rendered(config, () => before), after: rendered(config, () => after) });
  return /homelab: the hand-written (.*)/.exec(asText(diff))?.[1];
};

test('a binding keeps its role until somebody deletes it, because roleRef cannot change', () => {
  expect(said([bound('edit')], [bound('view')])).toBe(
    'RoleBinding web/hand keeps giving ClusterRole edit until somebody deletes the binding, because the API server refuses another role in an existing binding; Flux replaces the binding only with `kustomize.toolkit.fluxcd.io/force: enabled` or with `force` in the Kustomization',
  );
});

test.each([
  ['the same role with other subjects', bound('edit'), bound('edit', {}, 'joe')],
  ['another role that Flux forces', bound('edit'), bound('view', { annotations: flux('force', 'Enabled') })],
  ['another role of a binding that was forced', bound('edit', { labels: flux('force', 'enabled') }), bound('view')],
  ['a binding that is gone', bound('edit'), undefined],
  ['a binding with pruning that is gone', bound('edit', { annotations: flux('prune', 'enabled') }), undefined],
  ['the same binding', bound('edit', { annotations: flux('reconcile', 'disabled') }), 'same'],
])('%s is applied', (_, was, is) => {
  expect(said([was], is === undefined ? [] : [is === 'same' ? was : is].map((one) => one as object))).toBeUndefined();
});

test.each([
  ['prune', 'disabled'],
  ['reconcile', 'disabled'],
  ['ssa', 'Ignore'],
])('a binding with %s: %s stays when it is gone from the files', (name, value) => {
  expect(said([bound('edit', { annotations: flux(name, value) })], [])).toBe(
    `RoleBinding web/hand is gone from the files, but stays in the cluster until somebody deletes it, because Flux does not delete objects with \`kustomize.toolkit.fluxcd.io/${name}: ${value}\``,
  );
});

test.each([
  ['reconcile', 'disabled'],
  ['ssa', 'Ignore'],
  ['ssa', 'IfNotPresent'],
])('a binding with %s: %s stays as it was', (name, value) => {
  const annotations = flux(name, value);
  const stays = `RoleBinding web/hand stays in the cluster as it was, because Flux does not update objects with \`kustomize.toolkit.fluxcd.io/${name}: ${value}\``;
  expect(said([bound('edit', { annotations })], [bound('edit', { annotations }, 'joe')])).toBe(stays);
  expect(said([bound('edit')], [bound('edit', { annotations }, 'joe')])).toBe(stays);
  // `IfNotPresent` counts only in the files; the other values also count in the cluster.
  expect(said([bound('edit', { annotations })], [bound('edit', {}, 'joe')])).toBe(
    value === 'IfNotPresent' ? undefined : stays,
  );
});

test('the list of objects says which removed ones stay', () => {
  const kanidm = (namespace: string) => rendered(configOf({ kanidm: { namespace } }));
  const text = asText(reviewDiff({ before: kanidm('old'), after: kanidm('new') }));
  const stays =
    'stays in the cluster until somebody deletes it, because Flux does not delete objects with `kustomize.toolkit.fluxcd.io/prune: disabled`';
  expect(text).toContain(`  - homelab: Namespace old\n      ${stays}\n`);
  expect(text).toContain(`  - homelab: HelmRelease.helm.toolkit.fluxcd.io old/kanidm\n      ${stays}\n`);
  const gone = asText(reviewDiff({ before: rendered(config, () => [bound('edit')]), after: rendered(config) }));
  expect(gone).toContain('  - homelab: RoleBinding.rbac.authorization.k8s.io web/hand\n');
  expect(gone).not.toContain('stays in the cluster');
});

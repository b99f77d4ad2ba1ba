import { builtinRbac } from '../../lib/upstream/builtin-rbac';
import { fluxRbac } from '../../lib/upstream/flux-rbac';
import { reservedFor } from '../../lib/upstream/reserved-rbac';

const owner = ({ kind, metadata: { name, namespace } }: ReturnType<typeof fluxRbac>[number], flux: string) =>
  reservedFor(kind, name, namespace === undefined ? [] : [namespace], flux);

test('every role and binding that Kubernetes creates is reserved', () => {
  for (let minor = 22; minor <= 40; minor++) {
    const others = builtinRbac({ major: 1, minor }).filter((object) => owner(object, 'flux-system') !== 'Kubernetes');
    expect(others).toEqual([]);
  }
});

test('the roles and bindings of Flux are reserved with the name of its own namespace', () => {
  expect(fluxRbac('gitops').map((object) => owner(object, 'gitops'))).toEqual(Array(5).fill('Flux'));
  expect(fluxRbac('gitops').map((object) => owner(object, 'flux-system'))).toEqual(Array(5).fill(undefined));
});

test.each<[Parameters<typeof reservedFor>, string | undefined]>([
  [['ClusterRoleBinding', 'kubeadm:cluster-admins', [], 'flux-system'], 'kubeadm'],
  [['RoleBinding', 'kubeadm:kubelet-config', ['web', 'kube-system'], 'flux-system'], 'kubeadm'],
  [['RoleBinding', 'kubeadm:kubelet-config', ['web'], 'flux-system'], undefined],
  [['ClusterRoleBinding', 'admin', [], 'flux-system'], undefined],
  [['ClusterRole', 'kubeadmin', [], 'flux-system'], undefined],
])('%j is reserved for %s', (words, expected) => expect(reservedFor(...words)).toBe(expected));

import { notAppliable } from '../../lib/constructs/appliable';
import { clusterFolders } from '../../lib/render';
import { configOf } from '../config';

const object = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: 'x' } });

test.each([
  ['kubeadm.k8s.io/v1beta4', 'ClusterConfiguration', 'kubeadm'],
  ['kubeadm.k8s.io/v1beta3', 'InitConfiguration', 'kubeadm'],
  ['kubelet.config.k8s.io/v1beta1', 'KubeletConfiguration', 'kubelet'],
  ['apiserver.config.k8s.io/v1', 'AuthenticationConfiguration', 'kube-apiserver'],
  ['audit.k8s.io/v1', 'Policy', 'kube-apiserver'],
  ['client.authentication.k8s.io/v1', 'ExecCredential', 'kubectl'],
  ['controlplane.cluster.x-k8s.io/v1beta2', 'KubeadmControlPlane', 'management cluster'],
  ['cluster.x-k8s.io/v1beta2', 'Cluster', 'management cluster'],
  ['v1alpha1', 'KubeAuthenticationConfig', 'Talos'],
  ['v1', 'Config', 'kubeconfig'],
])('%s %s is not for Flux', (apiVersion, kind, word) => {
  expect(notAppliable(object(apiVersion, kind))).toContain(word);
});

test.each([
  ['text', 'kube-apiserver-arg: x'],
  ['a list', []],
  ['nothing', null],
  ['no kind', { apiVersion: 'v1' }],
  ['no apiVersion', { kind: 'ConfigMap' }],
  ['a number for a kind', { apiVersion: 'v1', kind: 1 }],
  ['an empty kind', { apiVersion: 'v1', kind: '' }],
])('%s is not a Kubernetes object', (_, value) => {
  expect(notAppliable(value)).toContain('not a Kubernetes object');
});

test.each([
  ['v1', 'ConfigMap'],
  ['v1', 'List'],
  ['apps/v1', 'StatefulSet'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['example.com/v1', 'Config'],
  ['notcluster.x-k8s.iox/v1', 'Cluster'],
])('%s %s is', (apiVersion, kind) => {
  expect(notAppliable(object(apiVersion, kind))).toBeUndefined();
});

test('nothing that is rendered for Flux is among them', () => {
  const config = configOf();
  for (const cluster of config.clusters.values()) {
    for (const { objects } of clusterFolders(config, cluster)) {
      for (const rendered of objects) expect(notAppliable(rendered)).toBeUndefined();
    }
  }
});

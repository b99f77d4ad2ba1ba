import { isMap, own } from '../guards';

/** API groups of configuration files, which no API server serves, each with the program that reads them. */
const fileGroups: Readonly<Record<string, string>> = {
  'kubeadm.k8s.io': 'kubeadm reads it on a control-plane node',
  'kubelet.config.k8s.io': 'the kubelet reads it on its node',
  'kubeproxy.config.k8s.io': 'kube-proxy reads it',
  'kubescheduler.config.k8s.io': 'kube-scheduler reads it',
  'kubecontrollermanager.config.k8s.io': 'kube-controller-manager reads it',
  'apiserver.config.k8s.io': 'kube-apiserver reads it on a control-plane node',
  'audit.k8s.io': 'kube-apiserver reads it on a control-plane node',
  'client.authentication.k8s.io': 'kubectl and its plugins exchange it',
};

/**
 * The API groups of Cluster API. Objects of these groups belong in the management cluster, so Flux in the workload
 * cluster must not apply them.
 */
const managementGroup = /(^|\.)cluster\.x-k8s\.io$/;

const elsewhere = 'move it to control-planes/, which Flux does not apply';

/**
 * Returns why Flux can't apply an object, or `undefined` if Flux can apply it.
 *
 * If a folder contains an object that Flux can't apply, the whole Kustomization fails, and not only this object (`no
 * matches for kind "ClusterConfiguration" in version "kubeadm.k8s.io/v1beta4"`).
 *
 * @param object a parsed YAML document
 * @returns the reason and what to do, as one sentence without a full stop
 */
export function notAppliable(object: unknown): string | undefined {
  if (!isMap(object)) return 'it is not a Kubernetes object; move it out of the folder';
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !apiVersion || !kind) {
    return 'it has no apiVersion and kind, so it is not a Kubernetes object; move it out of the folder';
  }
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const reader = own(fileGroups, group);
  if (reader !== undefined) return `${kind} (${apiVersion}) is not an API object: ${reader}; ${elsewhere}`;
  if (apiVersion === 'v1' && kind === 'Config') return 'a kubeconfig is not an API object; move it to kubeconfigs/';
  if (apiVersion === 'v1alpha1') return `${kind} (${apiVersion}) is not an API object: Talos reads it; ${elsewhere}`;
  if (managementGroup.test(group)) {
    return `${kind} (${apiVersion}) belongs in the management cluster of Cluster API; ${elsewhere}`;
  }
  return undefined;
}

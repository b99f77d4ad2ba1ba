import type { ControlPlane } from '../control-plane-kind';
import { rancher } from '../rancher';

/** RKE2: kube-apiserver is a static pod. RKE2 mounts each file that an argument names into the pod. */
export const rke2: ControlPlane = rancher({
  name: 'rke2',
  title: 'RKE2',
  unit: 'rke2-server',
  // https://docs.rke2.io/reference/cli_tools
  kubectl: '/var/lib/rancher/rke2/bin/kubectl --kubeconfig=/etc/rancher/rke2/rke2.yaml',
  // The unit only logs that it waits for the API server: https://docs.rke2.io/reference/logging
  log: 'the last file in `/var/log/pods/kube-system_kube-apiserver-*/kube-apiserver/`',
});

import type { ControlPlane } from '../control-plane-kind';
import { rancher } from '../rancher';

/** K3s: kube-apiserver runs in the k3s process, so it can read any file on the node. */
export const k3s: ControlPlane = rancher({
  name: 'k3s',
  title: 'K3s',
  unit: 'k3s',
  kubectl: 'k3s kubectl',
  log: '`journalctl -u k3s`',
});

import type { ControlPlane } from '../control-plane-kind';
import { rancher } from '../rancher';

/** RKE2: kube-apiserver is a static pod, into which RKE2 itself mounts each file that an argument names. */
export const rke2: ControlPlane = rancher({ name: 'rke2', title: 'RKE2', unit: 'rke2-server' });

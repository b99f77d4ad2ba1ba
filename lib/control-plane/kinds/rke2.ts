import type { ControlPlane } from '../kind';
import { rancher } from '../rancher';

/** RKE2: kube-apiserver is a static pod, so a folder has to be mounted into it. */
export const rke2: ControlPlane = rancher({ name: 'rke2', title: 'RKE2', unit: 'rke2-server', mounts: true });

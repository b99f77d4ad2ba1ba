import type { ControlPlaneKind } from '../../config/config';
import type { ControlPlane } from '../kind';
import { kubeadm } from './kubeadm';

/** A kind whose API server can't be told what Kanidm needs, and why. */
export interface Unsupported {
  readonly unsupported: string;
  readonly mend: string;
}

export const controlPlanes: Readonly<Record<ControlPlaneKind, ControlPlane | Unsupported>> = { kubeadm } as never;

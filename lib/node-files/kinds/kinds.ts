import type { ControlPlaneKind } from '../../config/config';
import type { ControlPlane } from '../control-plane-kind';
import { clusterApi } from './cluster-api';
import { eks } from './eks';
import { flags } from './flags';
import { k3s } from './k3s';
import { kubeadm } from './kubeadm';
import { rke2 } from './rke2';
import { talos } from './talos';

/** A kind whose API server can't be told what Kanidm needs, and why. */
export interface Unsupported {
  readonly unsupported: string;
  readonly fix: string;
}

export const controlPlanes: Readonly<Record<ControlPlaneKind, ControlPlane | Unsupported>> = {
  kubeadm,
  k3s,
  rke2,
  talos,
  'cluster-api': clusterApi,
  flags,
  eks,
  gke: {
    unsupported: 'GKE lets nobody set the OIDC issuer of its API servers',
    fix: 'join Kanidm to Google by Workforce Identity Federation, and leave this cluster out of the config',
  },
  aks: {
    unsupported: "AKS takes no API server flags and no AuthenticationConfiguration file: it has an API of Azure's own",
    fix: 'set it up with `az aks jwtauthenticator`, and leave this cluster out of the config',
  },
};

import type { ControlPlaneKind } from '../../config/config';
import { controlPlaneKinds } from '../../config/schema/field-values';
import { isOneOf } from '../../guards';
import type { ControlPlane } from '../control-plane-kind';
import { clusterApi } from './cluster-api';
import { eks } from './eks';
import { flags } from './flags';
import { k0s } from './k0s';
import { k3s } from './k3s';
import { kubeadm } from './kubeadm';
import { rke2 } from './rke2';
import { talos } from './talos';

/** A kind of control plane that is not supported: the reason, and what to do instead. */
export interface Unsupported {
  readonly unsupported: string;
  readonly fix: string;
}

export const controlPlanes: Readonly<Record<ControlPlaneKind, ControlPlane | Unsupported>> = {
  kubeadm,
  k3s,
  rke2,
  k0s,
  talos,
  'cluster-api': clusterApi,
  flags,
  eks,
  gke: {
    unsupported: 'the OIDC issuer of GKE API servers cannot be set',
    fix: 'use Workforce Identity Federation to connect Kanidm to Google Cloud, and leave this cluster out of the config',
  },
  aks: {
    unsupported: 'AKS supports neither API server flags nor an AuthenticationConfiguration file, only its own API',
    fix: 'set it up with `az aks jwtauthenticator`, and leave this cluster out of the config',
  },
};

/** The kinds of control planes for which Kaniflux renders files. */
export const supportedKinds: readonly ControlPlaneKind[] = controlPlaneKinds.filter(
  (kind) => !('unsupported' in controlPlanes[kind]),
);

/**
 * Returns why a kind of control plane is not supported, and what to do instead; `undefined` if it is supported or
 * unknown.
 */
export function unsupportedBecause(kind: string): Unsupported | undefined {
  const found = isOneOf(controlPlaneKinds, kind) ? controlPlanes[kind] : undefined;
  return found && 'unsupported' in found ? found : undefined;
}

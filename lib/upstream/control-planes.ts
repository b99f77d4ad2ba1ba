import type { Cluster, Version } from '../config/config';

/** Versions of what runs the API servers, where they make a difference to what is rendered. */
const facts = {
  /** The document KubeAuthenticationConfig; machine configurations made by it refuse `--oidc-*` arguments. */
  talosDocument: {
    major: 1,
    minor: 14,
    source: 'https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubeauthenticationconfig',
  },
  /** v1beta2, where `extraArgs` is a list of name and value. */
  clusterApiV1beta2: {
    major: 1,
    minor: 11,
    source: 'https://cluster-api.sigs.k8s.io/developer/providers/migrations/v1.10-to-v1.11',
  },
} as const;

const atLeast = (version: Version, { major, minor }: { major: number; minor: number }): boolean =>
  version.major > major || (version.major === major && version.minor >= minor);

/** Whether the Talos of a cluster has the document KubeAuthenticationConfig; not where its version isn't known. */
export const talosHasDocument = ({ controlPlaneVersion: version }: Cluster): boolean =>
  version !== undefined && atLeast(version, facts.talosDocument);

/** The API version of KubeadmControlPlane; the newest where the version of Cluster API isn't known. */
export const clusterApiVersion = ({ controlPlaneVersion: version }: Cluster): 'v1beta1' | 'v1beta2' =>
  version === undefined || atLeast(version, facts.clusterApiV1beta2) ? 'v1beta2' : 'v1beta1';

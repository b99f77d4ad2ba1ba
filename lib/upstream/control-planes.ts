import type { Cluster, ControlPlaneKind, Version } from '../config/config';

/** From each of these versions on, the distribution needs other settings than before. */
const facts = {
  /**
   * The document KubeAuthenticationConfig. A machine configuration that Talos generated with this document refuses
   * `--oidc-*` arguments.
   */
  talosDocument: {
    major: 1,
    minor: 14,
    source: 'https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubeauthenticationconfig',
  },
  /** The API version v1beta2, in which `extraArgs` is a list of names and values. */
  clusterApiV1beta2: {
    major: 1,
    minor: 11,
    source: 'https://cluster-api.sigs.k8s.io/developer/providers/migrations/v1.10-to-v1.11',
  },
  /**
   * From this minor version on, and from these patches of older minor versions on, K3s and RKE2 do not set
   * `--anonymous-auth` if there is an `--authentication-config`.
   */
  rancherAnonymous: {
    minor: 34,
    patches: new Map([
      [32, 5],
      [33, 1],
    ]),
    source: 'https://github.com/k3s-io/k3s/issues/12245',
  },
  /**
   * From these versions on, k0s does not set `--anonymous-auth` if the AuthenticationConfiguration has `anonymous`. The
   * build 1.36.3+k0s.1 does not set it either. This build is not listed: a config has only the version 1.36.3, which
   * can also be an earlier build.
   */
  k0sAnonymous: {
    minor: 37,
    patches: new Map([[36, 4]]),
    source: 'https://github.com/k0sproject/k0s/blob/v1.36.3+k0s.1/pkg/component/controller/apiserver.go',
  },
} as const;

/**
 * The maximum length of a file in a KubeadmControlPlane, in characters.
 * @see https://github.com/kubernetes-sigs/cluster-api/blob/v1.10.0/bootstrap/kubeadm/api/v1beta1/kubeadmconfig_types.go
 */
export const clusterApiFileLimit = 10240;

const atLeast = (version: Version, { major, minor }: { major: number; minor: number }): boolean =>
  version.major > major || (version.major === major && version.minor >= minor);

/**
 * Whether the Talos version of a cluster has the document KubeAuthenticationConfig; false if the version is not set.
 */
export const talosHasDocument = ({ controlPlaneVersion: version }: Cluster): boolean =>
  version !== undefined && atLeast(version, facts.talosDocument);

/** Returns the API version of KubeadmControlPlane; the newest if the version of Cluster API is not set. */
export const clusterApiVersion = ({ controlPlaneVersion: version }: Cluster): 'v1beta1' | 'v1beta2' =>
  version === undefined || atLeast(version, facts.clusterApiV1beta2) ? 'v1beta2' : 'v1beta1';

const anonymous = { k3s: facts.rancherAnonymous, rke2: facts.rancherAnonymous, k0s: facts.k0sAnonymous };

/**
 * Whether the distribution of a cluster sets `--anonymous-auth=false` even if an AuthenticationConfiguration has
 * `anonymous`.
 */
export function setsAnonymous(cluster: Cluster): boolean {
  const { controlPlane, kubernetes } = cluster;
  if (controlPlane === 'talos') return !talosHasDocument(cluster);
  if (controlPlane !== 'k3s' && controlPlane !== 'rke2' && controlPlane !== 'k0s') return false;
  const { minor, patches } = anonymous[controlPlane];
  const { patch = 0 } = kubernetes;
  return kubernetes.minor < minor && patch < (patches.get(kubernetes.minor) ?? Number.POSITIVE_INFINITY);
}

/**
 * Where to find the CA of an API server, for the kinds of control plane that create their own CA.
 * @see https://kubernetes.io/docs/setup/best-practices/certificates/
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Certificate.html
 */
export const certificateAuthorities: Readonly<Partial<Record<ControlPlaneKind, string>>> = {
  kubeadm: 'a copy of /etc/kubernetes/pki/ca.crt',
  k3s: 'a copy of /var/lib/rancher/k3s/server/tls/server-ca.crt',
  rke2: 'a copy of /var/lib/rancher/rke2/server/tls/server-ca.crt',
  k0s: 'a copy of /var/lib/k0s/pki/ca.crt',
  talos: 'the CA in the kubeconfig that `talosctl kubeconfig` writes',
  'cluster-api': 'tls.crt of the Secret <cluster>-ca',
  eks: 'what `aws eks describe-cluster --query cluster.certificateAuthority.data --output text --name <cluster> | base64 -d` prints',
};

/**
 * The kubeconfig with a client certificate that a control plane writes when it is installed.
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/
 * @see https://docs.k3s.io/cluster-access
 * @see https://docs.rke2.io/cluster_access
 * @see https://docs.k0sproject.io/stable/install/
 */
export const adminKubeconfigs: Readonly<Partial<Record<ControlPlaneKind, string>>> = {
  kubeadm: '/etc/kubernetes/admin.conf on a control-plane node',
  k3s: '/etc/rancher/k3s/k3s.yaml on a server',
  rke2: '/etc/rancher/rke2/rke2.yaml on a server',
  k0s: '/var/lib/k0s/pki/admin.conf on a controller',
};

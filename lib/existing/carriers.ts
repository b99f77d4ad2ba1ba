import type { ControlPlaneKind } from '../config/config';
import {
  camel,
  clusterConfiguration,
  controlPlaneTemplate,
  k0s,
  kubeadmConfigSpec,
  lowerCamel,
  oidc,
  rancher,
  rke,
  rke2ControlPlane,
} from './carrier-fields';

/** A path of keys joined by dots; `*` matches every element of a list or map. */
type At = string;

/** A kind of document that configures a kube-apiserver, or contains another document that does. */
export interface Carrier {
  /** The name, as printed to people. */
  readonly name: string;
  readonly kind?: readonly string[];
  readonly apiVersion?: RegExp;
  /** Identifies a document without a `kind`: one of these paths must exist. */
  readonly has?: readonly At[];
  readonly controlPlane?: ControlPlaneKind;
  /** Paths of arguments of kube-apiserver, in any form that `argumentsIn` reads. */
  readonly args?: readonly At[];
  /** Paths of containers or services. Only those that run an API server count. */
  readonly containers?: readonly At[];
  /** Paths of settings whose names differ from the flags, with the flag for each name. */
  readonly renamed?: readonly { readonly at: At; readonly flags: Readonly<Record<string, string>> }[];
  /** The path of a boolean that enables the `renamed` settings. */
  readonly enabledBy?: At;
  /** The fields of the document that hold the CA of the issuer, as PEM. */
  readonly ca?: readonly At[];
  /** The fields of the document that hold the CA of the API server: PEM, encoded as Base64. */
  readonly serverCa?: readonly At[];
  /** Paths of complete documents: as text, as Base64, or as a value. */
  readonly documents?: readonly At[];
  readonly kubernetes?: readonly At[];
  readonly server?: readonly At[];
  /** The path of the port of the API server, if `server` is only its host. */
  readonly port?: At;
  /** Paths of the Talos version. */
  readonly controlPlaneVersion?: readonly At[];
  /** The Talos version that introduced this kind of document. */
  readonly impliedVersion?: string;
  /** What a person must do with the rendered flags, if Kaniflux renders no file for this carrier. */
  readonly advice?: string;
}

/**
 * All carriers. The first that matches a document is used.
 * @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/ and the reference of each
 */
export const carriers: readonly Carrier[] = [
  {
    name: 'eksctl',
    kind: ['ClusterConfig'],
    apiVersion: /^eksctl\.io\//,
    controlPlane: 'eks',
    renamed: [{ at: 'identityProviders.*', flags: lowerCamel }],
    kubernetes: ['metadata.version'],
  },
  {
    name: 'k0s',
    kind: ['ClusterConfig'],
    apiVersion: /^k0s\.k0sproject\.io\//,
    ...k0s,
  },
  {
    name: 'k0sctl',
    kind: ['Cluster'],
    apiVersion: /^k0sctl\./,
    controlPlane: 'k0s',
    documents: ['spec.k0s.config'],
    kubernetes: ['spec.k0s.version'],
    advice: 'put the `extraArgs` of the rendered patch under spec.k0s.config.spec.api',
  },
  { name: 'k0s', has: k0s.args, ...k0s },
  {
    name: 'kubeadm',
    kind: ['ClusterConfiguration'],
    controlPlane: 'kubeadm',
    kubernetes: ['kubernetesVersion'],
    ...clusterConfiguration(''),
  },
  { name: 'a ConfigMap', kind: ['ConfigMap'], documents: ['data.*', 'binaryData.*'] },
  { name: 'a Secret', kind: ['Secret'], documents: ['stringData.*', 'data.*'] },
  { name: 'a static pod', kind: ['Pod'], containers: ['spec.containers.*'], kubernetes: ['spec.containers.*.image'] },
  {
    name: 'a workload',
    kind: ['Deployment', 'StatefulSet', 'DaemonSet'],
    controlPlane: 'flags',
    containers: ['spec.template.spec.containers.*'],
    kubernetes: ['spec.template.spec.containers.*.image'],
    advice: 'put the rendered flags into the arguments of its container',
  },
  {
    name: 'a patch of Cluster API',
    has: [`spec.template.spec.${kubeadmConfigSpec}`],
    controlPlane: 'cluster-api',
    ...controlPlaneTemplate('spec.template.spec.'),
    advice: 'put the rendered arguments into the patch of the ClusterClass',
  },
  {
    name: 'a patch of Cluster API',
    has: [`spec.${kubeadmConfigSpec}`],
    controlPlane: 'cluster-api',
    ...controlPlaneTemplate('spec.'),
  },
  { name: 'Cluster API', kind: ['KubeadmControlPlane'], controlPlane: 'cluster-api', ...controlPlaneTemplate('spec.') },
  {
    name: 'a template of Cluster API',
    kind: ['KubeadmControlPlaneTemplate'],
    controlPlane: 'cluster-api',
    ...controlPlaneTemplate('spec.template.spec.'),
  },
  {
    name: 'RKE2 by Cluster API',
    kind: ['RKE2ControlPlane'],
    controlPlane: 'rke2',
    advice: 'put the rendered arguments into spec.serverConfig.kubeAPIServer.extraArgs',
    ...rke2ControlPlane('spec.'),
  },
  {
    name: 'a template of RKE2 by Cluster API',
    kind: ['RKE2ControlPlaneTemplate'],
    controlPlane: 'rke2',
    advice: 'put the rendered arguments into spec.template.spec.serverConfig.kubeAPIServer.extraArgs',
    ...rke2ControlPlane('spec.template.spec.'),
  },
  {
    name: 'Rancher',
    kind: ['Cluster'],
    apiVersion: /^provisioning\.cattle\.io\//,
    ...rancher('spec.'),
  },
  { name: 'Rancher', has: ['rkeConfig'], ...rancher('') },
  {
    name: 'kind',
    kind: ['Cluster'],
    apiVersion: /^kind\.x-k8s\.io\//,
    controlPlane: 'kubeadm',
    documents: [
      'kubeadmConfigPatches.*',
      'nodes.*.kubeadmConfigPatches.*',
      'kubeadmConfigPatchesJSON6902.*.patch',
      'nodes.*.kubeadmConfigPatchesJSON6902.*.patch',
    ],
    kubernetes: ['nodes.*.image'],
    advice: 'put the rendered ClusterConfiguration into kubeadmConfigPatches',
  },
  {
    name: 'kops',
    kind: ['Cluster'],
    apiVersion: /^kops\.k8s\.io\//,
    controlPlane: 'flags',
    renamed: [
      { at: 'spec.kubeAPIServer', flags: camel((name) => `oidc${name}`) },
      { at: 'spec.authentication.oidc', flags: { ...lowerCamel, oidcCAFile: 'oidc-ca-file' } },
    ],
    documents: ['spec.fileAssets.*.content'],
    kubernetes: ['spec.kubernetesVersion'],
    server: ['spec.masterPublicName'],
    advice: 'set the values of the rendered flags in spec.kubeAPIServer, with the field names of kops',
  },
  {
    name: 'Gardener',
    kind: ['Shoot'],
    controlPlane: 'flags',
    renamed: [{ at: 'spec.kubernetes.kubeAPIServer.oidcConfig', flags: lowerCamel }],
    ca: ['spec.kubernetes.kubeAPIServer.oidcConfig.caBundle'],
    kubernetes: ['spec.kubernetes.version'],
    advice: 'set an AuthenticationConfiguration or the values of the rendered flags in the Gardener Shoot',
  },
  {
    name: 'Gardener',
    kind: ['OpenIDConnect'],
    apiVersion: /^authentication\.gardener\.cloud\//,
    controlPlane: 'flags',
    renamed: [{ at: 'spec', flags: { ...lowerCamel, supportedSigningAlgs: 'oidc-signing-algs' } }],
    advice: 'set the values of the rendered flags in the OpenIDConnect resource of Gardener',
  },
  {
    name: 'vcluster',
    has: ['controlPlane.distro.k8s.apiServer.extraArgs'],
    controlPlane: 'flags',
    args: ['controlPlane.distro.k8s.apiServer.extraArgs'],
    advice: 'put the rendered flags into controlPlane.distro.k8s.apiServer.extraArgs',
  },
  {
    name: 'k3d',
    apiVersion: /^k3d\.io\//,
    kind: ['Simple'],
    controlPlane: 'k3s',
    args: ['options.k3s.extraArgs'],
    kubernetes: ['image'],
    advice: 'put the rendered arguments into options.k3s.extraArgs, each as --kube-apiserver-arg',
  },
  {
    name: 'Talos',
    kind: ['KubeAPIServerConfig'],
    controlPlane: 'talos',
    args: ['extraArgs'],
    kubernetes: ['image'],
    impliedVersion: '1.14',
  },
  {
    name: 'minikube',
    has: ['KubernetesConfig.ExtraOptions'],
    controlPlane: 'flags',
    args: ['KubernetesConfig.ExtraOptions'],
    kubernetes: ['KubernetesConfig.KubernetesVersion'],
    advice: 'pass each rendered flag to minikube as --extra-config=apiserver.NAME=VALUE',
  },
  {
    name: 'EKS by ACK',
    kind: ['IdentityProviderConfig'],
    apiVersion: /^eks\.services\.k8s\.aws\//,
    controlPlane: 'eks',
    renamed: [{ at: 'spec.oidc', flags: lowerCamel }],
  },
  {
    name: 'EKS',
    has: ['identityProviderConfig.oidc'],
    controlPlane: 'eks',
    renamed: [{ at: 'identityProviderConfig.oidc', flags: lowerCamel }],
  },
  {
    name: 'EKS',
    has: ['cluster.arn', 'cluster.platformVersion'],
    controlPlane: 'eks',
    kubernetes: ['cluster.version'],
    server: ['cluster.endpoint'],
    serverCa: ['cluster.certificateAuthority.data'],
  },
  { name: 'RKE', ...rke('') },
  { name: 'RKE', ...rke('rancher_kubernetes_engine_config.') },
  {
    name: 'a compose file',
    has: ['services'],
    containers: ['services.*'],
    kubernetes: ['services.*.image'],
    advice: 'put the rendered arguments into the command of the service; for K3s and RKE2 each as --kube-apiserver-arg',
  },
  {
    name: 'talhelper',
    has: ['talosVersion', 'talosImageURL', 'controlPlane.patches', 'controlPlane.schematic', 'nodes.*.controlPlane'],
    controlPlane: 'talos',
    documents: ['patches.*', 'controlPlane.patches.*', 'nodes.*.patches.*'],
    kubernetes: ['kubernetesVersion'],
    server: ['endpoint'],
    controlPlaneVersion: ['talosVersion'],
    advice: 'add the rendered patch to controlPlane.patches',
  },
  {
    name: 'kubespray',
    has: [
      ...['kube_oidc_auth', 'kube_oidc_url', 'kube_oidc_client_id'],
      ...['kube_kubeadm_apiserver_extra_args', 'kube_apiserver_extra_args'],
    ],
    controlPlane: 'flags',
    args: ['kube_kubeadm_apiserver_extra_args', 'kube_apiserver_extra_args'],
    renamed: [{ at: '', flags: oidc('kube_oidc_') }],
    enabledBy: 'kube_oidc_auth',
    kubernetes: ['kube_version'],
    advice: 'put the rendered flags into kube_oidc_* and kube_kubeadm_apiserver_extra_args',
  },
  {
    name: 'K3s or RKE2',
    has: ['kube-apiserver-arg', 'kube-apiserver-arg+'],
    args: ['kube-apiserver-arg', 'kube-apiserver-arg+'],
  },
  { name: 'a patch of kubeadm', has: ['apiServer.extraArgs'], controlPlane: 'kubeadm', args: ['apiServer.extraArgs'] },
  {
    name: 'Talos',
    has: ['machine', 'cluster.apiServer', 'cluster.controlPlane'],
    controlPlane: 'talos',
    args: ['cluster.apiServer.extraArgs'],
    documents: ['machine.files.*.content'],
    kubernetes: ['cluster.apiServer.image', 'machine.kubelet.image'],
    server: ['cluster.controlPlane.endpoint'],
    controlPlaneVersion: ['machine.install.image'],
  },
];

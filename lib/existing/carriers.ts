import type { ControlPlaneKind } from '../config/config';

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
  /** Paths of settings with names other than those of the flags, with the flag of each. */
  readonly renamed?: readonly { readonly at: At; readonly flags: Readonly<Record<string, string>> }[];
  /** The path of a boolean that enables the `renamed` settings. */
  readonly enabledBy?: At;
  /** Paths of complete documents, as text or as a value. */
  readonly documents?: readonly At[];
  readonly kubernetes?: readonly At[];
  readonly server?: readonly At[];
  /** Paths of the Talos version. */
  readonly controlPlaneVersion?: readonly At[];
  /** The Talos version that introduced this kind of document. */
  readonly impliedVersion?: string;
  /** What a person must do with the rendered flags, for carriers that Kaniflux renders no file for. */
  readonly advice?: string;
}

const oidc = (prefix: string): Readonly<Record<string, string>> => ({
  [`${prefix}url`]: 'oidc-issuer-url',
  [`${prefix}client_id`]: 'oidc-client-id',
  [`${prefix}ca_file`]: 'oidc-ca-file',
  [`${prefix}username_claim`]: 'oidc-username-claim',
  [`${prefix}username_prefix`]: 'oidc-username-prefix',
  [`${prefix}groups_claim`]: 'oidc-groups-claim',
  [`${prefix}groups_prefix`]: 'oidc-groups-prefix',
});

/** Returns the flag for each field name of an API type, with and without a prefix. */
const camel = (of: (name: string) => string): Readonly<Record<string, string>> => ({
  [of('IssuerURL')]: 'oidc-issuer-url',
  [of('IssuerUrl')]: 'oidc-issuer-url',
  [of('ClientID')]: 'oidc-client-id',
  [of('ClientId')]: 'oidc-client-id',
  [of('CAFile')]: 'oidc-ca-file',
  [of('UsernameClaim')]: 'oidc-username-claim',
  [of('UsernamePrefix')]: 'oidc-username-prefix',
  [of('GroupsClaim')]: 'oidc-groups-claim',
  [of('GroupsClaims')]: 'oidc-groups-claim',
  [of('GroupsPrefix')]: 'oidc-groups-prefix',
  [of('RequiredClaim')]: 'oidc-required-claim',
  [of('RequiredClaims')]: 'oidc-required-claim',
  [of('SigningAlgs')]: 'oidc-signing-algs',
});
const lowerCamel = camel((name) =>
  name.startsWith('CA') ? `ca${name.slice(2)}` : name[0]?.toLowerCase() + name.slice(1),
);

const clusterConfiguration = (at: string) => ({
  args: [`${at}apiServer.extraArgs`],
  server: [`${at}controlPlaneEndpoint`],
});

const controlPlaneTemplate = (at: string) => {
  const inner = clusterConfiguration(`${at}kubeadmConfigSpec.clusterConfiguration.`);
  return {
    ...inner,
    kubernetes: [`${at}kubeadmConfigSpec.clusterConfiguration.kubernetesVersion`, `${at}version`],
    documents: [`${at}kubeadmConfigSpec.files.*.content`],
  };
};

const rke2ControlPlane = (at: string) => ({
  args: [`${at}serverConfig.kubeAPIServer.extraArgs`],
  kubernetes: [`${at}version`, `${at}agentConfig.version`],
  documents: [`${at}files.*.content`],
});

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
    controlPlane: 'k0s',
    args: ['spec.api.extraArgs', 'spec.api.rawArgs'],
    server: ['spec.api.externalAddress'],
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
  {
    name: 'kubeadm',
    kind: ['ClusterConfiguration'],
    controlPlane: 'kubeadm',
    kubernetes: ['kubernetesVersion'],
    ...clusterConfiguration(''),
  },
  { name: 'a ConfigMap', kind: ['ConfigMap'], documents: ['data.*'] },
  { name: 'a Secret', kind: ['Secret'], documents: ['stringData.*'] },
  { name: 'a static pod', kind: ['Pod'], args: ['spec.containers.*'], kubernetes: ['spec.containers.*.image'] },
  {
    name: 'a workload',
    kind: ['Deployment', 'StatefulSet', 'DaemonSet'],
    controlPlane: 'flags',
    args: ['spec.template.spec.containers.*'],
    kubernetes: ['spec.template.spec.containers.*.image'],
    advice: 'put the rendered flags into the arguments of its container',
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
    args: [
      'spec.rkeConfig.machineGlobalConfig.kube-apiserver-arg',
      'spec.rkeConfig.machineSelectorConfig.*.config.kube-apiserver-arg',
    ],
    kubernetes: ['spec.kubernetesVersion'],
    advice: 'put the rendered arguments into spec.rkeConfig.machineGlobalConfig.kube-apiserver-arg',
  },
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
    kubernetes: ['spec.kubernetesVersion'],
    server: ['spec.masterPublicName'],
    advice: 'set the values of the rendered flags in spec.kubeAPIServer, with the field names of kops',
  },
  {
    name: 'Gardener',
    kind: ['Shoot'],
    controlPlane: 'flags',
    renamed: [{ at: 'spec.kubernetes.kubeAPIServer.oidcConfig', flags: lowerCamel }],
    kubernetes: ['spec.kubernetes.version'],
    advice: 'set an AuthenticationConfiguration or the values of the rendered flags in the Gardener Shoot',
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
  },
  {
    name: 'RKE',
    has: ['services.kube-api'],
    controlPlane: 'flags',
    args: ['services.kube-api.extra_args'],
    kubernetes: ['kubernetes_version'],
    advice: 'put the rendered flags into services.kube-api.extra_args',
  },
  {
    name: 'a compose file',
    has: ['services'],
    args: ['services.*'],
    kubernetes: ['services.*.image'],
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
    kubernetes: ['cluster.apiServer.image', 'machine.kubelet.image'],
    server: ['cluster.controlPlane.endpoint'],
    controlPlaneVersion: ['machine.install.image'],
  },
];

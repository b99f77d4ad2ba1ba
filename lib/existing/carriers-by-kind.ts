import { mapAt, scalarText } from '../guards';
import type { Carrier } from './carrier';
import { camel, clusterConfiguration, k0s, lowerCamel, rancher } from './carrier-fields';
import { carriersOfClusterApi } from './carriers-of-cluster-api';

const kubeOneDefaults = [
  ['oidc-client-id', 'kubernetes'],
  ['oidc-username-prefix', 'oidc:'],
  ['oidc-groups-claim', 'groups'],
  ['oidc-groups-prefix', 'oidc:'],
] as const;

/** @see https://docs.siderolabs.com/omni/reference/cluster-templates */
const omniPatches = {
  documents: ['patches.*.inline'],
  elsewhere: { 'patches.*.file': 'the file' },
  advice: 'add the rendered patch to `patches` of the cluster template',
};

/**
 * The documents with a `kind` that can contain settings of an API server.
 * @see https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/ and the reference of each kind
 */
export const carriersByKind: readonly Carrier[] = [
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
  {
    name: 'kubeadm',
    kind: ['ClusterConfiguration'],
    controlPlane: 'kubeadm',
    kubernetes: ['kubernetesVersion'],
    ...clusterConfiguration(''),
  },
  {
    name: 'kubeadm',
    kind: ['InitConfiguration', 'JoinConfiguration'],
    controlPlane: 'kubeadm',
    elsewhere: { 'patches.directory': 'the folder' },
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
    advice: 'put the rendered flags into the arguments of the container that runs the API server',
  },
  ...carriersOfClusterApi,
  {
    name: 'Rancher',
    kind: ['Cluster'],
    apiVersion: /^provisioning\.cattle\.io\//,
    ...rancher('spec.'),
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
      {
        at: 'spec.kubeAPIServer',
        flags: { ...camel((name) => `oidc${name}`), authenticationConfigFile: 'authentication-config' },
      },
      { at: 'spec.authentication.oidc', flags: { ...lowerCamel, oidcCAFile: 'oidc-ca-file' } },
    ],
    documents: ['spec.fileAssets.*.content'],
    kubernetes: ['spec.kubernetesVersion'],
    server: ['spec.masterPublicName'],
    advice:
      'set the values of the rendered flags in spec.kubeAPIServer, with the field names of kops. kops has no field for oidc-signing-algs, which ES256 needs. For ES256, set `authentication.method: structured` in the config, and run `kaniflux synth`. Add the rendered AuthenticationConfiguration to spec.fileAssets with a path below /srv/kubernetes/kube-apiserver, and set spec.kubeAPIServer.authenticationConfigFile to this path',
  },
  {
    name: 'KubeOne',
    kind: ['KubeOneCluster'],
    controlPlane: 'flags',
    renamed: [{ at: 'features.openidConnect.config', flags: lowerCamel }],
    enabledBy: 'features.openidConnect.enable',
    // v1beta2 and later have these defaults; v1beta1 has none.
    defaults: ({ apiVersion }) => (/\/v1(alpha|beta)1$/.test(scalarText(apiVersion)) ? [] : kubeOneDefaults),
    kubernetes: ['versions.kubernetes'],
    server: ['apiEndpoint.host'],
    port: 'apiEndpoint.port',
    advice: 'set the values of the rendered flags in features.openidConnect.config of KubeOne',
  },
  {
    name: 'KubeKey',
    kind: ['Cluster'],
    apiVersion: /^kubekey\.kubesphere\.io\//,
    controlPlane: 'flags',
    args: ['spec.kubernetes.apiserverArgs'],
    kubernetes: ['spec.kubernetes.version'],
    advice: 'put the rendered flags into spec.kubernetes.apiserverArgs of KubeKey',
  },
  {
    name: 'Kamaji',
    kind: ['TenantControlPlane'],
    controlPlane: 'flags',
    args: ['spec.controlPlane.deployment.extraArgs.apiServer'],
    kubernetes: ['spec.kubernetes.version'],
    advice: 'put the rendered flags into spec.controlPlane.deployment.extraArgs.apiServer of Kamaji',
  },
  {
    name: 'k0smotron',
    kind: ['Cluster'],
    apiVersion: /^k0smotron\.io\//,
    controlPlane: 'k0s',
    documents: ['spec.k0sConfig'],
    kubernetes: ['spec.version'],
    advice: 'put the `extraArgs` of the rendered patch under spec.k0sConfig.spec.api',
  },
  {
    name: 'EKS Anywhere',
    kind: ['OIDCConfig'],
    apiVersion: /^anywhere\.eks\.amazonaws\.com\//,
    controlPlane: 'flags',
    renamed: [{ at: 'spec', flags: lowerCamel }],
    advice:
      'set the values of the rendered flags in the OIDCConfig of EKS Anywhere. OIDCConfig has no field for oidc-signing-algs, so the client needs `legacyCrypto: true`, with which Kanidm signs with RS256',
  },
  {
    name: 'Kubermatic',
    kind: ['Cluster'],
    apiVersion: /^kubermatic\.k8c\.io\//,
    controlPlane: 'flags',
    renamed: [{ at: 'spec.oidc', flags: lowerCamel }],
    elsewhere: { 'spec.authenticationConfiguration.secretName': 'the Secret' },
    kubernetes: ['spec.version'],
    advice:
      'set the values of the rendered flags in spec.oidc of the Kubermatic Cluster. It has no field for oidc-signing-algs, so the client needs `legacyCrypto: true`, with which Kanidm signs with RS256. For ES256, put an AuthenticationConfiguration into the Secret that spec.authenticationConfiguration names, if your version of Kubermatic has this field',
  },
  {
    name: 'Gardener',
    kind: ['Shoot'],
    controlPlane: 'flags',
    renamed: [{ at: 'spec.kubernetes.kubeAPIServer.oidcConfig', flags: lowerCamel }],
    ca: ['spec.kubernetes.kubeAPIServer.oidcConfig.caBundle'],
    elsewhere: { 'spec.kubernetes.kubeAPIServer.structuredAuthentication.configMapName': 'the ConfigMap' },
    kubernetes: ['spec.kubernetes.version'],
    advice: 'set an AuthenticationConfiguration or the values of the rendered flags in the Gardener Shoot',
  },
  {
    name: 'Gardener',
    kind: ['OpenIDConnect'],
    apiVersion: /^authentication\.gardener\.cloud\//,
    controlPlane: 'flags',
    renamed: [{ at: 'spec', flags: { ...lowerCamel, supportedSigningAlgs: 'oidc-signing-algs' } }],
    ca: ['spec.caBundle'],
    defaults: (document) => {
      const prefix = `${scalarText(mapAt(document, 'metadata').name)}/`;
      const hasGroups = mapAt(document, 'spec').groupsClaim !== undefined;
      return [['oidc-username-prefix', prefix], ...(hasGroups ? [['oidc-groups-prefix', prefix] as const] : [])];
    },
    advice: 'set the values of the rendered flags in the OpenIDConnect resource of Gardener',
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
    name: 'EKS by ACK',
    kind: ['IdentityProviderConfig'],
    apiVersion: /^eks\.services\.k8s\.aws\//,
    controlPlane: 'eks',
    renamed: [{ at: 'spec.oidc', flags: lowerCamel }],
  },
  {
    name: 'EKS by Crossplane',
    kind: ['IdentityProviderConfig'],
    apiVersion: /^eks\.aws\.(m\.)?upbound\.io\//,
    controlPlane: 'eks',
    renamed: ['spec.forProvider.oidc', 'spec.forProvider.oidc.*'].map((at) => ({ at, flags: lowerCamel })),
  },
  {
    name: 'Omni',
    kind: ['Cluster'],
    apiVersion: /^$/,
    has: ['talos.version'],
    controlPlane: 'talos',
    kubernetes: ['kubernetes.version'],
    controlPlaneVersion: ['talos.version'],
    ...omniPatches,
  },
  { name: 'Omni', kind: ['ControlPlane'], apiVersion: /^$/, has: ['patches'], controlPlane: 'talos', ...omniPatches },
  {
    name: 'a machine of Omni',
    kind: ['Machine'],
    apiVersion: /^$/,
    has: ['patches'],
    controlPlane: 'talos',
    ...omniPatches,
    advice: 'the patches of a Machine apply only to this machine: add the rendered patch to `patches` of the Cluster',
  },
];

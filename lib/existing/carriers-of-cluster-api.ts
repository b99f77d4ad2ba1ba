import type { Carrier } from './carrier';
import { controlPlaneTemplate, lowerCamel, rke2ControlPlane } from './carrier-fields';

const kamaji = (at: string) => ({ args: [`${at}apiServer.extraArgs`], kubernetes: [`${at}version`] });

const k3s = (at: string) => ({
  args: [`${at}kthreesConfigSpec.serverConfig.kubeAPIServerArg`],
  kubernetes: [`${at}version`],
  documents: [`${at}kthreesConfigSpec.files.*.content`],
  advice: `put the rendered arguments into ${at}kthreesConfigSpec.serverConfig.kubeAPIServerArg`,
});

/** The resources of Cluster API and its providers that configure an API server. */
export const carriersOfClusterApi: readonly Carrier[] = [
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
    name: 'an RKE2 template of Cluster API',
    kind: ['RKE2ControlPlaneTemplate'],
    controlPlane: 'rke2',
    advice: 'put the rendered arguments into spec.template.spec.serverConfig.kubeAPIServer.extraArgs',
    ...rke2ControlPlane('spec.template.spec.'),
  },
  {
    name: 'k0s by Cluster API',
    kind: ['K0sControlPlane', 'K0smotronControlPlane'],
    controlPlane: 'k0s',
    documents: ['spec.k0sConfigSpec.k0s', 'spec.k0sConfig', 'spec.k0sConfigSpec.files.*.content'],
    kubernetes: ['spec.version'],
    advice: 'put the `extraArgs` of the rendered patch under `spec.api` of the ClusterConfig in this resource',
  },
  {
    name: 'Kamaji by Cluster API',
    kind: ['KamajiControlPlane'],
    controlPlane: 'flags',
    advice: 'put the rendered flags into spec.apiServer.extraArgs',
    ...kamaji('spec.'),
  },
  {
    name: 'a Kamaji template of Cluster API',
    kind: ['KamajiControlPlaneTemplate'],
    controlPlane: 'flags',
    advice: 'put the rendered flags into spec.template.spec.apiServer.extraArgs',
    ...kamaji('spec.template.spec.'),
  },
  {
    name: 'Talos by Cluster API',
    kind: ['TalosControlPlane'],
    controlPlane: 'talos',
    documents: ['strategicPatches.*', 'configPatches', 'data'].map(
      (at) => `spec.controlPlaneConfig.controlplane.${at}`,
    ),
    kubernetes: ['spec.version'],
    controlPlaneVersion: ['spec.controlPlaneConfig.controlplane.talosVersion'],
    advice: 'add the rendered patch to spec.controlPlaneConfig.controlplane.strategicPatches',
  },
  { name: 'K3s by Cluster API', kind: ['KThreesControlPlane'], controlPlane: 'k3s', ...k3s('spec.') },
  {
    name: 'a K3s template of Cluster API',
    kind: ['KThreesControlPlaneTemplate'],
    controlPlane: 'k3s',
    ...k3s('spec.template.spec.'),
  },
  {
    name: 'Canonical Kubernetes by Cluster API',
    kind: ['CK8sControlPlane'],
    controlPlane: 'flags',
    args: ['spec.spec.controlPlane.extraKubeAPIServerArgs'],
    kubernetes: ['spec.version'],
    advice: 'put the rendered flags into spec.spec.controlPlane.extraKubeAPIServerArgs, each name with its `--`',
  },
  {
    name: 'EKS by Cluster API',
    kind: ['AWSManagedControlPlane'],
    controlPlane: 'eks',
    renamed: [{ at: 'spec.oidcIdentityProviderConfig', flags: lowerCamel }],
    kubernetes: ['spec.version'],
  },
];

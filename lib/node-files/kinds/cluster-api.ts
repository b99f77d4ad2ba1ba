import type { Cluster } from '../../config/config';
import { toYaml } from '../../output/yaml';
import { clusterApiVersion } from '../../upstream/control-planes';
import type { Settings } from '../api-server-settings';
import type { ControlPlane } from '../control-plane-kind';
import { alone, carried, commands, keepOthers, look, section, steps } from '../control-plane-readme';
import { mounts } from '../kubeadm-config';

/** Cluster API: a kustomize component that patches the KubeadmControlPlane, for the management cluster. */
export const clusterApi: ControlPlane = {
  folder: '/etc/kubernetes/kaniflux',
  render: (settings, cluster) => ({
    files: [
      { path: 'kustomization.yaml', text: toYaml(component(cluster)) },
      { path: 'kubeadm-control-plane.yaml', text: toYaml(patch(settings, cluster)) },
    ],
    guide: guide(settings, cluster),
  }),
};

const component = (cluster: Cluster) => ({
  apiVersion: 'kustomize.config.k8s.io/v1alpha1',
  kind: 'Component',
  patches: [
    {
      path: 'kubeadm-control-plane.yaml',
      target: {
        group: 'controlplane.cluster.x-k8s.io',
        version: clusterApiVersion(cluster),
        kind: 'KubeadmControlPlane',
      },
    },
  ],
});

/**
 * Returns a JSON patch. A strategic merge patch would replace whole lists, because kustomize has no merge keys for this
 * kind.
 */
function patch(settings: Settings, cluster: Cluster): object[] {
  const spec = '/spec/kubeadmConfigSpec';
  const apiServer = `${spec}/clusterConfiguration/apiServer`;
  const add = (path: string, value: unknown) => ({ op: 'add', path, value });
  const list = clusterApiVersion(cluster) === 'v1beta2';
  return [
    ...settings.args.map(({ name, value }) =>
      list ? add(`${apiServer}/extraArgs/-`, { name, value }) : add(`${apiServer}/extraArgs/${name}`, value),
    ),
    ...mounts(settings).map((mount) => add(`${apiServer}/extraVolumes/-`, mount)),
    ...carried(settings).map(({ path, text }) =>
      add(`${spec}/files/-`, { path, owner: 'root:root', permissions: '0644', content: text }),
    ),
  ];
}

function guide(settings: Settings, cluster: Cluster): string {
  const lists = ['clusterConfiguration.apiServer.extraArgs'];
  if (mounts(settings).length > 0) lists.push('clusterConfiguration.apiServer.extraVolumes');
  if (carried(settings).length > 0) lists.push('files');
  return section(
    `This folder is a kustomize component for the repository of the **management** cluster. The Flux of ${cluster.name} must not apply this folder.`,
    steps(
      section(
        `Add this folder to the \`components\` of the kustomization that contains the KubeadmControlPlane of ${cluster.name}. This kustomization must contain no other KubeadmControlPlane, because the component changes all of them.`,
        '```yaml\ncomponents:\n  - <path to this folder>\n```',
      ),
      `The KubeadmControlPlane must have ${lists.map((name) => `\`spec.kubeadmConfigSpec.${name}\``).join(' and ')}, which may be empty: the JSON patch adds entries to them, and \`kustomize build\` fails if one is missing.`,
      section('See what would change.', commands('kustomize build . | kubectl diff -f -')),
    ),
    `If nothing changes, the kustomization has no KubeadmControlPlane of the API version ${clusterApiVersion(cluster)}, and \`kustomize build\` silently skips the patch. If the KubeadmControlPlane has another API version, write the version of Cluster API into \`kaniflux.yaml\`, as \`controlPlaneVersion\` of the cluster. For another kind of control plane, such as RKE2ControlPlane, the patch has no effect.`,
    alone(settings),
    keepOthers(settings, cluster.name, 'kubeadm-control-plane.yaml'),
    '**Applying the component rolls the control planes:** Cluster API replaces each control-plane machine, one after the other.',
    'If the cluster has a ClusterClass, you cannot use the component. Add the settings to the KubeadmControlPlaneTemplate by hand.',
    'To go back, remove the component. Also remove the lists that are then empty, because v1beta2 of the KubeadmControlPlane refuses empty lists. Cluster API then replaces all control-plane machines again.',
    '## Afterwards',
    look(`what \`clusterctl get kubeconfig ${cluster.name}\` gives`),
  );
}

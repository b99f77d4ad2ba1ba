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

/** A JSON patch, because a strategic one would replace the owner's lists: kustomize knows no merge keys of this kind. */
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
    'This folder is a kustomize component for the repository of the **management** cluster. Nothing on this cluster applies it, and its Flux must not see it.',
    steps(
      section(
        `In the kustomization that makes the KubeadmControlPlane of ${cluster.name}, and of no other cluster, name this folder.`,
        '```yaml\ncomponents:\n  - <path to this folder>\n```',
      ),
      `The KubeadmControlPlane must have ${lists.map((name) => `\`spec.kubeadmConfigSpec.${name}\``).join(' and ')}, empty if need be: a JSON patch adds to what is there, and \`kustomize build\` fails where it is not.`,
      section('See what would change.', commands('kustomize build . | kubectl diff -f -')),
    ),
    `Where nothing changes, the KubeadmControlPlane has another API version than ${clusterApiVersion(cluster)}, and \`kustomize build\` leaves it alone without a word: write \`controlPlaneVersion\`.`,
    alone,
    keepOthers(settings, 'kubeadm-control-plane.yaml'),
    '**Applying it rolls the control planes:** Cluster API makes a new machine for each, one after the other, and removes the old.',
    'To go back, take the component away: that rolls them again. With a ClusterClass, put the same into its KubeadmControlPlaneTemplate by hand.',
    '## Afterwards',
    look(`what \`clusterctl get kubeconfig ${cluster.name}\` gives`),
  );
}

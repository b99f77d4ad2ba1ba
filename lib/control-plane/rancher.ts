import { toYaml } from '../artifacts/yaml';
import { bring, carried, commands, look, section, steps } from './guide';
import type { ControlPlane } from './kind';
import { foldersOf } from './settings';

interface Distribution {
  readonly name: 'k3s' | 'rke2';
  readonly title: string;
  /** The systemd unit of a server. */
  readonly unit: string;
  /** Whether kube-apiserver sees the node's files only where they are mounted. */
  readonly mounts: boolean;
}

/**
 * K3s and RKE2: a file in `config.yaml.d`. The `+` appends to what config.yaml gives; without it, it would replace it.
 * @see https://docs.k3s.io/installation/configuration#multiple-config-files
 */
export function rancher({ name, title, unit, mounts }: Distribution): ControlPlane {
  const etc = `/etc/rancher/${name}`;
  return {
    folder: `${etc}/kaniflux`,
    render: (settings) => {
      const folders = mounts ? foldersOf(settings) : [];
      const config = {
        'kube-apiserver-arg+': settings.args.map((argument) => `${argument.name}=${argument.value}`),
        ...(folders.length > 0
          ? { 'kube-apiserver-extra-mount+': folders.map((folder) => `${folder}:${folder}:ro`) }
          : {}),
      };
      const files = bring(settings);
      return {
        files: [
          { path: 'config.yaml.d/kaniflux.yaml', text: toYaml(config) },
          ...carried(settings).map(({ name: path, text }) => ({ path, text })),
        ],
        guide: section(
          `\`config.yaml.d/kaniflux.yaml\` adds to the \`kube-apiserver-arg\` of ${title}; those in \`${etc}/config.yaml\` stay. A file in \`config.yaml.d\` that sorts after it must write \`kube-apiserver-arg+\` too, or it replaces both.`,
          'On each server node, one after the other, as root:',
          steps(
            ...(files ? [files] : []),
            section(
              'Bring the configuration.',
              commands(`install -D -m 0600 config.yaml.d/kaniflux.yaml ${etc}/config.yaml.d/kaniflux.yaml`),
            ),
            section(`Restart the server.`, commands(`systemctl restart ${unit}`, 'kubectl get --raw /readyz')),
          ),
          `To go back, remove \`${etc}/config.yaml.d/kaniflux.yaml\` and restart.`,
          '## Afterwards',
          look(`\`${etc}/${name}.yaml\` of a server node`),
        ),
      };
    },
  };
}

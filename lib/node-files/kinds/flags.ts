import { foldersOf } from '../api-server-settings';
import type { ControlPlane } from '../control-plane-kind';
import { alone, bring, carried, keepOthers, look, section, steps } from '../control-plane-readme';
import { toFlag } from '../oidc-flags';

/** Any other kube-apiserver: its arguments, one on each line. */
export const flags: ControlPlane = {
  folder: '/etc/kubernetes/kaniflux',
  render: (settings, cluster) => {
    const files = bring(settings);
    const folders = foldersOf(settings);
    return {
      files: [
        { path: 'kube-apiserver.flags', text: settings.args.map((argument) => `${toFlag(argument)}\n`).join('') },
        ...carried(settings).map(({ name, text }) => ({ path: name, text })),
      ],
      guide: section(
        '`kube-apiserver.flags` contains the arguments, one on each line, without quoting.',
        alone(settings),
        keepOthers(settings, cluster.name),
        steps(
          ...(files ? [files] : []),
          ...(folders.length > 0
            ? [`If kube-apiserver runs in a container, mount into it: ${folders.map((f) => `\`${f}\``).join(', ')}.`]
            : []),
          'Add the arguments to those that your kube-apiserver starts with, on each control-plane node.',
          'Restart kube-apiserver, one node after the other.',
        ),
        'To go back, remove the arguments and restart.',
        '## Afterwards',
        look(),
      ),
    };
  },
};

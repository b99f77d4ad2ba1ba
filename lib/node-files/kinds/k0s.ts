import type { Cluster } from '../../config/config';
import { toYaml } from '../../output/yaml';
import { oidcFlagNames } from '../../upstream/builtin-names';
import type { Settings } from '../api-server-settings';
import type { ControlPlane } from '../control-plane-kind';
import { carried, commands, keepOthers, look, rename, section, steps } from '../control-plane-readme';
import { argumentMap } from '../kubeadm-config';

/**
 * k0s: a merge patch of its ClusterConfig, and a second patch that removes the settings again. k0s runs
 * kube-apiserver without a container, so the files need no mounts.
 * @see https://docs.k0sproject.io/stable/configuration/#specapi
 */
export const k0s: ControlPlane = {
  folder: '/etc/k0s/kaniflux',
  render: (settings, cluster) => ({
    files: [
      { path: 'k0s-patch.yaml', text: toYaml(patch({ ...argumentMap(settings.args), ...others(settings) })) },
      { path: 'k0s-remove.yaml', text: toYaml(patch(removal(settings))) },
      ...carried(settings).map(({ name, text }) => ({ path: name, text })),
    ],
    guide: guide(settings, cluster),
  }),
};

const patch = (extraArgs: Readonly<Record<string, string | null>>) => ({
  apiVersion: 'k0s.k0sproject.io/v1beta1',
  kind: 'ClusterConfig',
  spec: { api: { extraArgs } },
});

/** In a merge patch (RFC 7386), `null` removes a field. */
const removal = ({ args }: Settings) => Object.fromEntries(args.map(({ name }) => [name, null]));

/**
 * Removes arguments that other settings for sign-in may have set. A merge patch keeps each field that it does not name.
 * So, without these removals, the API server would have both kinds of arguments after a change from flags to an
 * AuthenticationConfiguration, and would not start.
 */
const others = (settings: Settings) => Object.fromEntries(otherNames(settings).map((name) => [name, null]));

const otherNames = ({ args, excludes }: Settings): string[] =>
  ['authentication-config', 'anonymous-auth', ...oidcFlagNames].filter(
    (flag) => excludes.test(flag) && args.every(({ name }) => name !== flag),
  );

const file = '/etc/k0s/k0s.yaml';

/** Returns the command that merges a patch into a file. The command needs no API server, and k0s contains kubectl. */
const merge = (name: string) =>
  `k0s kubectl patch --local --filename=${file} --type=merge --patch-file=${name} --output=yaml > merged.yaml`;

const replace = commands(
  'k0s config validate --config merged.yaml',
  `diff ${file} merged.yaml`,
  `cp ${file} k0s.before.yaml`,
  `install -m 0600 merged.yaml ${file}`,
);

const restart = commands('k0s stop', 'k0s start', 'until k0s kubectl get --raw /readyz; do sleep 2; done');

function guide(settings: Settings, cluster: Cluster): string {
  const files = rename(settings);
  return section(
    '`k0s-patch.yaml` adds to `spec.api.extraArgs` of the ClusterConfig of k0s, removes other arguments for sign-in (those that are `null`), and keeps the rest. `spec.api` belongs to each controller: k0s reads it from the file on the controller, even if the controller uses dynamic configuration.',
    'The patch does not change `spec.api.rawArgs`. If these contain arguments for sign-in, remove them: kube-apiserver gets them after those in `extraArgs`, and the last one counts.',
    keepOthers(settings, cluster.name),
    'Copy this folder to each controller, for example with `scp -r`. In the copy, run these commands as root, on one controller after the other:',
    steps(
      ...(files
        ? [section(files, 'kube-apiserver runs as its own user, so this user must be able to read the files.')]
        : []),
      section(
        `Merge the patch into the configuration. If there is no \`${file}\`, create it first with \`k0s config create > ${file}\`, and install k0s with \`--config ${file}\`.`,
        commands(merge('k0s-patch.yaml')),
      ),
      section('Check what would change, then replace the file. The merge removes comments.', replace),
      section('Restart k0s. The API server of this controller is unavailable for some seconds.', restart),
    ),
    'With k0sctl, write the `extraArgs` of the patch under `spec.k0s.config.spec.api`, except those that are `null` in the patch. If your configuration contains arguments that are `null` in the patch, remove these arguments. List the files under `spec.hosts[].files`, and run `k0sctl apply`.',
    section('To go back, merge `k0s-remove.yaml` in the same way, and restart.', commands(merge('k0s-remove.yaml'))),
    '## Afterwards',
    look('what `k0s kubeconfig admin` gives on a controller'),
  );
}

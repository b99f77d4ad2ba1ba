import type { Cluster } from '../config/config';
import { toYaml } from '../output/yaml';
import type { Settings } from './api-server-settings';
import type { ControlPlane } from './control-plane-kind';
import { alone, carried, commands, keepOthers, look, rename, section, steps } from './control-plane-readme';
import type { Argument } from './oidc-flags';

interface Distribution {
  readonly name: 'k3s' | 'rke2';
  readonly title: string;
  /** The systemd unit of a server. */
  readonly unit: string;
  /** The command that runs kubectl as the administrator on a server. */
  readonly kubectl: string;
  /** Where the log of the API server is, in Markdown. */
  readonly log: string;
}

/**
 * K3s and RKE2: a file in `config.yaml.d`. The `+` after a key appends to the value in config.yaml instead of replacing
 * it.
 * @see https://docs.k3s.io/installation/configuration#multiple-config-files
 */
export function rancher({ name, title, unit, kubectl, log }: Distribution): ControlPlane {
  const etc = `/etc/rancher/${name}`;
  return {
    folder: `${etc}/kaniflux`,
    render: (settings, cluster) => {
      const args = argsOf(settings, cluster);
      const config = { 'kube-apiserver-arg+': args.map((argument) => `${argument.name}=${argument.value}`) };
      const files = rename(settings);
      return {
        files: [
          { path: 'config.yaml.d/kaniflux.yaml', text: toYaml(config) },
          ...carried(settings).map(({ name: path, text }) => ({ path, text })),
        ],
        guide: section(
          `\`config.yaml.d/kaniflux.yaml\` adds to the \`kube-apiserver-arg\` of ${title}; the arguments in \`${etc}/config.yaml\` are kept. A file in \`config.yaml.d\` that sorts after \`kaniflux.yaml\` must write \`kube-apiserver-arg+\` too, or it replaces all these arguments. If the command line of the server contains \`--kube-apiserver-arg\`, first move these arguments to \`${etc}/config.yaml\`, because the command line has precedence over the files. If the server reads another file than \`${etc}/config.yaml\` (\`--config\` or \`${name.toUpperCase()}_CONFIG_FILE\`), ${title} does not read \`${etc}/config.yaml.d\`. In this case, copy \`config.yaml.d/kaniflux.yaml\` to another folder: its path is the path of that file with \`.d\` at the end.`,
          alone(settings),
          keepOthers(settings, cluster.name),
          `Copy this folder to each server node, for example with \`scp -r\`. In the copy, run these commands as root, on one node after the other:`,
          steps(
            ...(files ? [files] : []),
            section(
              'Copy the configuration.',
              commands(`install -D -m 0600 config.yaml.d/kaniflux.yaml ${etc}/config.yaml.d/kaniflux.yaml`),
            ),
            section(
              `Restart the server. The last command waits until the API server answers, and prints \`ok\`. If the API server does not answer within some minutes, ${log} shows the reason.`,
              commands(`systemctl restart ${unit}`, `until ${kubectl} get --raw /readyz; do sleep 2; done`),
            ),
          ),
          `To go back, remove \`${etc}/config.yaml.d/kaniflux.yaml\` and restart.`,
          '## Afterwards',
          look(`\`${etc}/${name}.yaml\` of a server node`),
        ),
      };
    },
  };
}

/**
 * Whether Kaniflux renders `--anonymous-auth=false` for a cluster. K3s and RKE2 set this argument only without an
 * AuthenticationConfiguration, and the default of kube-apiserver is true.
 */
export const rendersAnonymousAuth = ({ controlPlane, authentication: { method, anonymous } }: Cluster): boolean =>
  (controlPlane === 'k3s' || controlPlane === 'rke2') && method === 'structured' && anonymous === undefined;

const argsOf = ({ args }: Settings, cluster: Cluster): readonly Argument[] =>
  rendersAnonymousAuth(cluster) ? [...args, { name: 'anonymous-auth', value: 'false' }] : args;

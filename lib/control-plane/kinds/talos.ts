import { toYaml } from '../../artifacts/yaml';
import type { Cluster } from '../../config/config';
import { authenticators } from '../../identity/authenticator';
import { talosHasDocument } from '../../upstream/control-planes';
import { authenticationConfigurationObject } from '../authentication-configuration';
import { carried, commands, look, section, steps } from '../guide';
import type { ControlPlane } from '../kind';
import { argumentMap } from '../kubeadm-config';
import { foldersOf, type Settings } from '../settings';

/** The paths that the probes of Talos ask without credentials. */
const probes = ['/livez', '/readyz', '/healthz'].map((path) => ({ path }));

/** Talos: a patch of the machine configuration. From 1.14 the AuthenticationConfiguration is a document of its own. */
export const talos: ControlPlane = {
  folder: '/var/lib/kaniflux',
  render: (settings, cluster, config) => {
    if (cluster.authentication.method === 'structured' && talosHasDocument(cluster)) {
      // Talos replaces its own configuration by this one: what its probes need must be said again.
      const own = authenticationConfigurationObject(cluster, authenticators(config, cluster));
      const configuration = { anonymous: { enabled: true, conditions: probes }, ...own };
      const document = { apiVersion: 'v1alpha1', kind: 'KubeAuthenticationConfig', configuration };
      return { files: [{ path: 'talos-patch.yaml', text: toYaml(document) }], guide: guide(cluster, true) };
    }
    return {
      files: [{ path: 'talos-patch.yaml', text: toYaml(machineConfig(settings)) }],
      guide: guide(cluster, false),
    };
  },
};

/** Talos can be given files below /var only; kube-apiserver runs there as a user of its own and must be let read. */
function machineConfig(settings: Settings): object {
  const files = carried(settings);
  const folders = foldersOf(settings);
  return {
    ...(files.length > 0
      ? {
          machine: {
            files: files.map(({ path, text }) => ({ path, op: 'create', permissions: 0o644, content: text })),
          },
        }
      : {}),
    cluster: {
      apiServer: {
        extraArgs: argumentMap(settings.args),
        ...(folders.length > 0
          ? {
              extraVolumes: folders.map((folder) => ({ hostPath: folder, mountPath: folder, readonly: true })),
            }
          : {}),
      },
    },
  };
}

const guide = (cluster: Cluster, document: boolean): string =>
  section(
    document
      ? '`talos-patch.yaml` is a `KubeAuthenticationConfig` document. It replaces the one that the machine configuration has; it belongs to configurations without `cluster.apiServer`, which Talos 1.14 makes.'
      : '`talos-patch.yaml` is a patch of the machine configuration of control-plane nodes. It belongs to configurations with `cluster.apiServer`, the only ones before Talos 1.14.',
    steps(
      section(
        'See what it does to the first control-plane node, then apply it; nothing reboots, Talos restarts kube-apiserver.',
        commands(
          'talosctl --nodes <node> patch machineconfig --patch @talos-patch.yaml --dry-run',
          'talosctl --nodes <node> patch machineconfig --patch @talos-patch.yaml --mode=no-reboot',
          'kubectl get --raw /readyz',
        ),
      ),
      'Do the same with each other control-plane node, and keep the patch with those that you generate configurations from.',
    ),
    document
      ? `To go back, apply the document again with \`jwt: []\`.`
      : 'To go back, take the arguments out with `talosctl edit machineconfig`: a patch adds and changes, it does not take away.',
    '## Afterwards',
    look(`what \`talosctl kubeconfig\` gives for ${cluster.name}`),
  );

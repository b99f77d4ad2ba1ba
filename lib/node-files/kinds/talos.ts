import type { Cluster } from '../../config/config';
import { authenticators } from '../../identity/authenticator';
import type { Artifact } from '../../output/artifact';
import { toYaml } from '../../output/yaml';
import { talosHasDocument } from '../../upstream/control-planes';
import { foldersOf, type Settings } from '../api-server-settings';
import { authenticationConfigurationObject } from '../authentication-configuration';
import type { ControlPlane } from '../control-plane-kind';
import { alone, carried, commands, keepOthers, look, section, steps } from '../control-plane-readme';
import { argumentMap } from '../kubeadm-config';

/** The paths that the probes of Talos ask without credentials. */
const probes = ['/livez', '/readyz', '/healthz'].map((path) => ({ path }));

/**
 * Talos: a patch of the machine configuration, and one that takes it away again. From 1.14 the AuthenticationConfiguration
 * is a document of its own.
 */
export const talos: ControlPlane = {
  folder: '/var/lib/kaniflux',
  render: (settings, cluster, config) => {
    if (cluster.authentication.method === 'structured' && talosHasDocument(cluster)) {
      const own = authenticationConfigurationObject(cluster, authenticators(config, cluster));
      return { files: files(document(own), document({ jwt: [] })), guide: documentGuide(settings, cluster) };
    }
    return { files: files(machineConfig(settings), removal(settings)), guide: patchGuide(settings, cluster) };
  },
};

const files = (patch: object, remove: object): Artifact[] => [
  { path: 'talos-patch.yaml', text: toYaml(patch) },
  { path: 'talos-remove.yaml', text: toYaml(remove) },
];

/** Talos replaces its own configuration by this one: what its probes need must be said again. */
const document = (own: object) => ({
  apiVersion: 'v1alpha1',
  kind: 'KubeAuthenticationConfig',
  configuration: { anonymous: { enabled: true, conditions: probes }, ...own },
});

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

/** Takes away what the patch of the same settings added. Talos finds an item of a list by its first key. */
function removal(settings: Settings): object {
  const gone = { $patch: 'delete' };
  const files = carried(settings);
  const folders = foldersOf(settings);
  return {
    ...(files.length > 0 ? { machine: { files: files.map(({ path }) => ({ path, ...gone })) } } : {}),
    cluster: {
      apiServer: {
        extraArgs: Object.fromEntries(settings.args.map(({ name }) => [name, gone])),
        ...(folders.length > 0 ? { extraVolumes: folders.map((hostPath) => ({ hostPath, ...gone })) } : {}),
      },
    },
  };
}

const patchGuide = (settings: Settings, cluster: Cluster): string =>
  section(
    '`talos-patch.yaml` is a patch of the machine configuration of control-plane nodes. It belongs to configurations with `cluster.apiServer`, the only ones before Talos 1.14.',
    alone,
    keepOthers(settings, 'talos-patch.yaml'),
    apply,
    ...(foldersOf(settings).length > 0
      ? ['Apply it once: Talos adds to lists, so a second time would write the file and the mount there twice.']
      : []),
    section(
      'To change it, take away what is there by the `talos-remove.yaml` that was rendered with it, and add the new in the same command. To go back, take it away only.',
      commands(`${patchCommand} --patch @talos-remove.yaml --mode=no-reboot`),
    ),
    afterwards(cluster),
  );

const documentGuide = (settings: Settings, cluster: Cluster): string =>
  section(
    '`talos-patch.yaml` is a `KubeAuthenticationConfig` document. It replaces the one that the machine configuration has.',
    keepOthers(settings, 'talos-patch.yaml'),
    'It belongs to configurations without `cluster.apiServer`, which Talos 1.14 makes. One from before keeps `cluster.apiServer`, also after an upgrade of Talos, and then the document is accepted and not used: write `controlPlaneVersion: "1.13"` and render again.',
    apply,
    section(
      'To go back, apply the document without issuers. It removes those of others too: add them to it first.',
      commands(`${patchCommand} --patch @talos-remove.yaml --mode=no-reboot`),
    ),
    afterwards(cluster),
  );

const patchCommand = 'talosctl --nodes <node> patch machineconfig';

const apply = steps(
  section(
    'See what it does to the first control-plane node, then apply it; nothing reboots, Talos restarts kube-apiserver.',
    commands(
      `${patchCommand} --patch @talos-patch.yaml --dry-run`,
      `${patchCommand} --patch @talos-patch.yaml --mode=no-reboot`,
      'kubectl get --raw /readyz',
    ),
  ),
  'Do the same with each other control-plane node, and keep the patch with those that you generate configurations from.',
);

const afterwards = (cluster: Cluster): string =>
  section('## Afterwards', look(`what \`talosctl kubeconfig\` gives for ${cluster.name}`));

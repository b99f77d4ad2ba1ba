import type { Cluster } from '../../config/config';
import type { Artifact } from '../../output/artifact';
import { toYaml } from '../../output/yaml';
import { talosHasDocument } from '../../upstream/control-planes';
import { foldersOf, type Settings } from '../api-server-settings';
import { authenticationConfigurationObject, trustedBy } from '../authentication-configuration';
import type { ControlPlane } from '../control-plane-kind';
import { alone, carried, commands, keepOthers, look, section, steps } from '../control-plane-readme';
import { argumentMap } from '../kubeadm-config';

/** The paths that the probes of Talos request without credentials. */
const probes = ['/livez', '/readyz', '/healthz'].map((path) => ({ path }));

/**
 * Talos: a patch of the machine configuration, and a second patch that removes the settings again. From 1.14 on, the
 * AuthenticationConfiguration is a separate document.
 */
export const talos: ControlPlane = {
  folder: '/var/lib/kaniflux',
  render: (settings, cluster, config) => {
    if (cluster.authentication.method === 'structured' && talosHasDocument(cluster)) {
      const own = authenticationConfigurationObject(cluster, trustedBy(config, cluster));
      return { files: files(document(own), document({ jwt: [] })), guide: documentGuide(settings, cluster) };
    }
    return { files: files(machineConfig(settings), removal(settings)), guide: patchGuide(settings, cluster) };
  },
};

const files = (patch: object, remove: object): Artifact[] => [
  { path: 'talos-patch.yaml', text: toYaml(patch) },
  { path: 'talos-remove.yaml', text: toYaml(remove) },
];

/** Adds the anonymous paths of Talos' probes, since this configuration replaces the one that Talos generates. */
const document = (own: object) => ({
  apiVersion: 'v1alpha1',
  kind: 'KubeAuthenticationConfig',
  configuration: { anonymous: { enabled: true, conditions: probes }, ...own },
});

/**
 * Returns the patch of the machine configuration. Talos creates files only below /var. The files must be readable for
 * the user as which kube-apiserver runs.
 */
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

/** Returns the patch that removes the settings. Talos identifies an item of a list by the first key of the item. */
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

const patchGuide = (settings: Settings, cluster: Cluster): string => {
  const change = carried(settings).length > 0 ? withReboot : withoutReboot;
  return section(
    '`talos-patch.yaml` is a patch of the machine configuration of control-plane nodes. It is for machine configurations with `cluster.apiServer`. Before Talos 1.14, all machine configurations have `cluster.apiServer`.',
    cluster.authentication.method === 'flags'
      ? 'A machine configuration that Talos 1.14 or later generated does not have it, and rejects this patch: write `controlPlaneVersion: "1.14"` and `authentication: { method: structured }`, and render again.'
      : '',
    alone(settings),
    keepOthers(settings, cluster.name, 'talos-patch.yaml'),
    apply(change),
    ...(foldersOf(settings).length > 0
      ? ['Apply the patch only once: Talos appends to lists, so a second time would add the file and the mount twice.']
      : []),
    section(
      `To change the settings, apply the old \`talos-remove.yaml\` and the new \`talos-patch.yaml\` in one command${change.also}. To go back, apply only \`talos-remove.yaml\`.`,
      commands(...change.of('talos-remove.yaml')),
    ),
    afterwards(cluster),
  );
};

const documentGuide = (settings: Settings, cluster: Cluster): string =>
  section(
    '`talos-patch.yaml` is a `KubeAuthenticationConfig` document. It replaces the existing document in the machine configuration.',
    // `true` leaves out the note about the API version, because Talos itself sets this version to v1beta1.
    keepOthers(settings, cluster.name, 'talos-patch.yaml', true),
    'Use `talos-patch.yaml` only for machine configurations without `cluster.apiServer`, such as those that Talos 1.14 generates. An older machine configuration keeps `cluster.apiServer` after an upgrade of Talos, and Talos accepts the document but ignores it. For such a machine configuration, write `controlPlaneVersion: "1.13"` into `kaniflux.yaml`, even if Talos is newer, and render again.',
    apply(withoutReboot),
    section(
      'To go back, apply `talos-remove.yaml`, which replaces the document by one without issuers. This also removes issuers that are not in `kaniflux.yaml`: the API server then trusts no issuer. To keep an issuer, first write it into `talos-remove.yaml`.',
      commands(...withoutReboot.of('talos-remove.yaml')),
    ),
    afterwards(cluster),
  );

/** How a patch is applied to a node. */
interface Change {
  /** What happens, as sentences. */
  readonly told: string;
  /** What a change of the settings needs besides the patches. */
  readonly also: string;
  readonly of: (patch: string) => readonly string[];
  /** Commands that wait for the API server: `before` runs before the commands of `of`, and `after` runs after them. */
  readonly wait: { readonly before: readonly string[]; readonly after: string; readonly told: string };
}

const talosctl = 'talosctl --nodes <node>';
const patchCommand = (patch: string, option: string) => `${talosctl} patch machineconfig --patch @${patch} ${option}`;

const kubectl = 'kubectl --server=https://<node>:6443 get --raw';

/** The old API server answers until the kubelet stops it, so the commands compare when the API server was started. */
const withoutReboot: Change = {
  told: 'then apply it. Talos restarts kube-apiserver without a reboot.',
  also: ' (if the old patch contains a file, add `--mode=staged` to the command, and then reboot)',
  of: (patch) => [patchCommand(patch, '--mode=no-reboot')],
  wait: {
    before: [`started() { ${kubectl} /metrics | grep '^process_start_time_seconds'; }`, 'before=$(started)'],
    after: 'until after=$(started) && [ "$after" != "$before" ]; do sleep 2; done',
    told: 'The last command waits until a new API server answers on this node. If the preview shows no change, skip the other commands: Talos then starts no new API server.',
  },
};

/**
 * Talos writes `machine.files` only at boot. Without a reboot, Talos 1.13 refuses the patch, and 1.14 restarts
 * kube-apiserver with arguments that name a file which does not exist.
 * @see https://github.com/siderolabs/talos/blob/v1.14.1/internal/app/machined/pkg/runtime/v1alpha1/v1alpha1_sequencer.go
 */
const withReboot: Change = {
  told: 'then apply it and reboot the node. Talos writes files only when a node boots: without the reboot, kube-apiserver would not find its file, and would not start.',
  also: ', and reboot',
  of: (patch) => [patchCommand(patch, '--mode=staged'), `${talosctl} reboot`],
  wait: {
    before: [],
    after: `until ${kubectl} /readyz; do sleep 2; done`,
    told: 'The last command waits until the API server of this node answers.',
  },
};

const apply = ({ told, of, wait }: Change) =>
  steps(
    section(
      `In this folder, preview the change on the first control-plane node, ${told} ${wait.told}`,
      commands(patchCommand('talos-patch.yaml', '--dry-run'), ...wait.before, ...of('talos-patch.yaml'), wait.after),
    ),
    'Do the same on each other control-plane node, one after the other. Also add the patch to the patches with which you generate machine configurations.',
  );

const afterwards = (cluster: Cluster): string =>
  section('## Afterwards', look(`what \`talosctl kubeconfig\` gives for ${cluster.name}`));

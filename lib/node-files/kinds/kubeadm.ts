import type { Cluster } from '../../config/config';
import type { Artifact } from '../../output/artifact';
import { toYaml } from '../../output/yaml';
import { has } from '../../upstream/kubernetes';
import type { Settings } from '../api-server-settings';
import type { ControlPlane } from '../control-plane-kind';
import { alone, bring, carried, commands, look, section, steps } from '../control-plane-readme';
import { type ApiServerPart, apiServerPart, mounts } from '../kubeadm-config';
import { toFlag } from '../oidc-flags';

/** A cluster that kubeadm made: a part of its ClusterConfiguration, and the same as a patch of the static pod. */
export const kubeadm: ControlPlane = {
  folder: '/etc/kubernetes/kaniflux',
  render: (settings, cluster) => {
    const version = has(cluster.kubernetes, 'kubeadmV1beta4') ? 'v1beta4' : 'v1beta3';
    return {
      files: [
        { path: 'kubeadm.yaml', text: toYaml(clusterConfiguration(version, apiServerPart(version, settings))) },
        { path: 'patches/kube-apiserver1+json.yaml', text: toYaml(staticPodPatch(settings)) },
        ...carried(settings).map(({ name, text }): Artifact => ({ path: name, text })),
      ],
      guide: guide(settings, cluster),
    };
  },
};

/** Without `kubernetesVersion`: that is the cluster's own. */
const clusterConfiguration = (version: string, apiServer: ApiServerPart) => ({
  apiVersion: `kubeadm.k8s.io/${version}`,
  kind: 'ClusterConfiguration',
  apiServer,
});

/** A JSON patch, because a strategic one of `command` would replace the whole list. */
function staticPodPatch(settings: Settings): object[] {
  const add = (path: string, value: unknown) => ({ op: 'add', path: `/spec/${path}`, value });
  return [
    ...settings.args.map((argument) => add('containers/0/command/-', toFlag(argument))),
    ...mounts(settings).flatMap(({ name, hostPath, mountPath }) => [
      add('volumes/-', { name, hostPath: { path: hostPath, type: 'DirectoryOrCreate' } }),
      add('containers/0/volumeMounts/-', { name, mountPath, readOnly: true }),
    ]),
  ];
}

/** The old API server may still answer at first. */
const untilReady = 'sleep 25; until kubectl get --raw /readyz; do sleep 2; done';

function guide(settings: Settings, cluster: Cluster): string {
  const files = bring(settings);
  return section(
    "`kubeadm.yaml` is a part of a ClusterConfiguration, to be merged into the cluster's own (ConfigMap `kubeadm-config` in `kube-system`). Do not give it to kubeadm alone: that would rebuild the API server with default networks, and without your own arguments and certificate names.",
    '## On a cluster that exists',
    'As root on a control-plane node, with `kubectl` as certificate admin:',
    steps(
      section(
        'Save what is there.',
        commands(
          'export KUBECONFIG=/etc/kubernetes/admin.conf',
          "kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' > cluster.yaml",
          'cp /etc/kubernetes/manifests/kube-apiserver.yaml kube-apiserver.before.yaml',
        ),
      ),
      ...(files ? [files] : []),
      section(
        'Merge, where `kaniflux.yaml` is: bring `cluster.yaml` there, and `merged.yaml` back. Nothing of yours is lost, and merging again changes nothing.',
        commands(`npx kaniflux kubeadm-merge ${cluster.name} < cluster.yaml > merged.yaml`),
      ),
      section(
        'See what would change. `kubeadm` accepts a misspelt flag; the difference shows it.',
        commands(
          'kubeadm config validate --config merged.yaml',
          'mkdir -p out',
          'KUBEADM_INIT_DRYRUN_DIR=$PWD/out kubeadm init phase control-plane apiserver --config merged.yaml --dry-run',
          'diff kube-apiserver.before.yaml out/kube-apiserver.yaml',
        ),
      ),
      section(
        'Store it, so that the next `kubeadm upgrade` keeps it.',
        commands('kubeadm init phase upload-config kubeadm --config merged.yaml'),
      ),
      section(
        'On each control-plane node, one after the other: render the static pod. The kubelet restarts the API server, which is away for up to a minute.',
        'A node with several addresses needs its own in `merged.yaml` first: add a document `kind: InitConfiguration` with `localAPIEndpoint.advertiseAddress`.',
        commands('kubeadm init phase control-plane apiserver --config merged.yaml', untilReady),
      ),
    ),
    'To go back, do the last two steps with `cluster.yaml`. If the API server does not come back, `crictl logs` of its last container says why; restore `kube-apiserver.before.yaml` as `/etc/kubernetes/manifests/kube-apiserver.yaml`.',
    '## With a patches folder instead',
    '`patches/` holds the same as a JSON patch of the static pod. Give it to every `kubeadm upgrade apply` and `kubeadm upgrade node` as `--patches patches`, or name it in `InitConfiguration.patches.directory`. One of the two ways, not both: each adds the arguments.',
    alone,
    '## On a new cluster',
    'Before the first `kubeadm init`, with `your-config.yaml` as its configuration:',
    steps(
      ...(files ? [files] : []),
      section('Merge.', commands(`npx kaniflux kubeadm-merge ${cluster.name} < your-config.yaml > merged.yaml`)),
      section('Make the cluster.', commands('kubeadm init --config merged.yaml')),
      section(
        'The CA of the cluster exists from now on. For the kubeconfigs of your people copy it to where `kaniflux.yaml` is, name it in `kubeconfig.certificateAuthority.file` and run `npx kaniflux synth` again.',
        commands('cp /etc/kubernetes/pki/ca.crt cluster-ca.crt'),
      ),
    ),
    '## Afterwards',
    look(),
  );
}

import type { Cluster } from '../../config/config';
import type { Artifact } from '../../output/artifact';
import { toYaml } from '../../output/yaml';
import { has } from '../../upstream/kubernetes';
import type { Settings } from '../api-server-settings';
import type { ControlPlane } from '../control-plane-kind';
import { alone, bring, carried, commands, look, onlyTheseIssuers, section, steps } from '../control-plane-readme';
import { type ApiServerPart, apiServerPart, mounts } from '../kubeadm-config';
import { toFlag } from '../oidc-flags';

/** kubeadm: a part of the ClusterConfiguration, and the same settings as a patch of the static pod. */
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

/** The ClusterConfiguration to merge. It has no `kubernetesVersion`, which the cluster's own configuration has. */
const clusterConfiguration = (version: string, apiServer: ApiServerPart) => ({
  apiVersion: `kubeadm.k8s.io/${version}`,
  kind: 'ClusterConfiguration',
  apiServer,
});

/** A JSON patch, because a strategic merge patch of `command` would replace the whole list. */
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

/**
 * Commands that write the static pod and wait for the new API server. The old API server responds until the kubelet
 * stops it, so the commands first wait until the old process has ended. If the static pod did not change, the kubelet
 * does not stop the old process. The commands then end this process after 90 seconds, because only a new API server
 * reads a changed CA or `anonymous`. The commands read `readyz` from the API server of this node: the address in
 * admin.conf may be a load balancer, which can forward the request to another node. The certificate of every API server
 * is valid for the name `kubernetes`.
 */
const renderStaticPod = [
  'export KUBECONFIG=/etc/kubernetes/admin.conf',
  'old=$(pgrep -x kube-apiserver)',
  'kubeadm init phase control-plane apiserver --config merged.yaml',
  'timeout 90 tail --pid="$old" -f /dev/null || { kill "$old"; tail --pid="$old" -f /dev/null; }',
  'until kubectl --server=https://127.0.0.1:6443 --tls-server-name=kubernetes get --raw /readyz 2>/dev/null; do sleep 2; done',
];

function guide(settings: Settings, cluster: Cluster): string {
  const files = bring(settings);
  const others = onlyTheseIssuers(settings);
  return section(
    "`kubeadm.yaml` is a part of a ClusterConfiguration, to be merged into the cluster's own (ConfigMap `kubeadm-config` in `kube-system`). Do not pass it to kubeadm alone: kubeadm would recreate the API server with default networks, and without your own arguments and certificate names.",
    '## On an existing cluster',
    others === '' ? '' : `${others} The merge below keeps your entries for other issuers.`,
    'Run the commands as root on a control-plane node, unless a step names another machine. `kubectl` uses the administrator certificate in `/etc/kubernetes/admin.conf`.',
    steps(
      section(
        'Save the current state.',
        commands(
          'export KUBECONFIG=/etc/kubernetes/admin.conf',
          "kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' > cluster.yaml",
          'cp /etc/kubernetes/manifests/kube-apiserver.yaml kube-apiserver.before.yaml',
        ),
        ...(files
          ? [
              'On each control-plane node, also save the files that a later step replaces.',
              commands(...carried(settings).map(({ name, path }) => `[ ! -f ${path} ] || cp ${path} ${name}.before`)),
            ]
          : []),
      ),
      section(
        'Merge on the machine that has `kaniflux.yaml`: copy `cluster.yaml` there, and `merged.yaml` back. Your own settings are kept, and merging again changes nothing.',
        commands(`npx kaniflux kubeadm-merge ${cluster.name} < cluster.yaml > merged.yaml`),
        'If the command lists arguments that conflict, such as those of an earlier issuer, run it again with `--replace`, which removes them.',
        others === ''
          ? ''
          : section(
              'If the API server already has the argument `--authentication-config`, and the file that it names has entries that are not from Kaniflux, copy this file to `old-authentication-config.yaml`, and run this command instead. It writes the rendered entries, and those of other issuers, to `merged-authentication-config.yaml`. It also keeps an issuer or client that you removed from `kaniflux.yaml`: first remove its entry from the copy.',
              commands(
                `npx kaniflux kubeadm-merge ${cluster.name} --replace --authentication-config old-authentication-config.yaml \\`,
                '  --merged-authentication-config merged-authentication-config.yaml < cluster.yaml > merged.yaml',
              ),
              'In the next step, copy `merged-authentication-config.yaml` in place of `authentication-config.yaml`.',
            ),
      ),
      ...(files ? [files] : []),
      section(
        'Check what would change. `kubeadm` accepts misspelt flags, so look for them in the diff.',
        'The ConfigMap has no settings of single nodes. If a node has several addresses, another port than 6443, or patches of kubeadm, first add a document `kind: InitConfiguration` to `merged.yaml` on this node, with `localAPIEndpoint.advertiseAddress`, `localAPIEndpoint.bindPort` and `patches.directory`. Otherwise the diff shows that kubeadm would change the address or port, or remove what the patches set.',
        commands(
          ...(has(cluster.kubernetes, 'kubeadmConfigValidate') ? ['kubeadm config validate --config merged.yaml'] : []),
          'out=$(mktemp -d)',
          'KUBEADM_INIT_DRYRUN_DIR=$out kubeadm init phase control-plane apiserver --config merged.yaml --dry-run',
          // Some versions of kubeadm write to a new folder below this one.
          'diff kube-apiserver.before.yaml $(find $out -name kube-apiserver.yaml)',
        ),
      ),
      section(
        'Store the merged configuration, so that the next `kubeadm upgrade` keeps the settings.',
        commands('kubeadm init phase upload-config kubeadm --config merged.yaml'),
      ),
      section(
        'Copy `merged.yaml` to each control-plane node, and render the static pod there, on one node after the other. The kubelet restarts the API server, which is unavailable for up to a minute. If the static pod stays the same, for example because only a file changed, the commands restart the API server after 90 seconds. The last command waits until the API server of this node answers, and prints `ok`. If the API server listens on another port than 6443, write that port in the last command.',
        commands(...renderStaticPod),
      ),
    ),
    `To go back, ${files ? 'on each node, first restore the files whose copies end in `.before`, if there are any. Then ' : ''}do the last three steps with \`cluster.yaml\`; the diff then shows no difference. If the API server does not start, \`crictl logs\` of its last container shows the reason; restore \`kube-apiserver.before.yaml\` as \`/etc/kubernetes/manifests/kube-apiserver.yaml\`.`,
    '## With a patches folder instead',
    '`patches/` contains the same settings, as a JSON patch of the static pod. Pass it to every `kubeadm upgrade apply` and `kubeadm upgrade node` as `--patches patches`, or name it in `InitConfiguration.patches.directory`. Use either this patch or the merge above, not both: each adds the arguments.',
    alone(settings),
    '## On a new cluster',
    'Before the first `kubeadm init`, write your kubeadm configuration into `your-config.yaml` (`kubeadm config print init-defaults` prints one to start from). Then:',
    steps(
      ...(files ? [files] : []),
      section(
        'Merge on the machine that has `kaniflux.yaml`, and copy `merged.yaml` to the node.',
        commands(`npx kaniflux kubeadm-merge ${cluster.name} < your-config.yaml > merged.yaml`),
      ),
      section('Create the cluster, as root on the node.', commands('kubeadm init --config merged.yaml')),
      section(
        'The cluster now has a CA. Kubeconfigs need its certificate: copy it next to `kaniflux.yaml`, name it in `kubeconfig.certificateAuthority.file`, and run `npx kaniflux synth` again.',
        commands('cp /etc/kubernetes/pki/ca.crt ca.crt'),
      ),
    ),
    'To go back, do the last two steps of "On an existing cluster" with `your-config.yaml`.',
    '## Afterwards',
    look(),
  );
}

import type { Cluster, Config } from '../../config/config';
import { nearest } from '../../config/nearest';
import { printable } from '../../config/printable';
import { clusterSettings } from '../../node-files/control-plane-files';
import { MergeError } from '../../node-files/merge-error';
import { kubeadmMerge } from '../../node-files/merge-kubeadm-config';
import { type Command, UserError } from '../command';
import { configOption, readConfig } from '../config-file';

export const command: Command = {
  name: 'kubeadm-merge',
  usage: '[CLUSTER] [options] < cluster.yaml',
  details: `Reads a kubeadm ClusterConfiguration from standard input and prints it with the settings of CLUSTER merged in.
Everything else in it is kept, and merging again changes nothing. CLUSTER may be omitted if there is only one.
Arguments for another issuer are an error, unless --replace removes them.`,
  examples: [
    "kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' | kaniflux kubeadm-merge homelab",
    'kaniflux kubeadm-merge homelab --replace < cluster.yaml > merged.yaml',
  ],
  options: {
    config: configOption,
    replace: {
      type: 'boolean',
      description: 'Remove arguments and volumes that conflict, or that an earlier merge added',
    },
  },
  async run({ options, args, io }) {
    if (options.config === '-')
      throw new UserError('standard input is the ClusterConfiguration; name the config with -c');
    if (args.length > 1) throw new UserError(`kubeadm-merge takes one cluster, not ${args.map(printable).join(', ')}`);
    const config = await readConfig(String(options.config), io);
    if (!config) return 2;
    const cluster = choose(config, args[0]);
    try {
      const text = await io.stdin();
      io.stdout(kubeadmMerge(text, clusterSettings(config, cluster), { replace: options.replace === true }));
      return 0;
    } catch (error) {
      throw error instanceof MergeError ? new UserError(error.message) : error;
    }
  },
};

function choose({ clusters }: Config, name: string | undefined): Cluster {
  const names = [...clusters.keys()];
  const [only, ...others] = names;
  const chosen = name ?? (others.length === 0 ? only : undefined);
  if (chosen === undefined) throw new UserError(`name the cluster, one of ${names.join(', ')}`);
  const cluster = clusters.get(chosen);
  if (!cluster) {
    const near = nearest(chosen, names);
    const fix = near ? `did you mean \`${near}\`?` : `there are ${names.join(', ')}`;
    throw new UserError(`there is no cluster \`${printable(chosen)}\`; ${fix}`);
  }
  if (cluster.controlPlane === 'kubeadm') return cluster;
  throw new UserError(
    `${cluster.name} has the control plane \`${cluster.controlPlane}\`, which kubeadm does not configure`,
  );
}

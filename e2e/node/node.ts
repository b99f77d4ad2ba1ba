import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { defaultReloaderImage } from '../../lib/constructs/certificate-reloader';
import type { Lab } from '../harness';
import { ensurePart } from '../parts/build';
import { loggingTo } from '../parts/exec';
import { ensurePackages } from '../parts/packages';
import { type Image, packImage } from './image';
import { Machine, until } from './machine';
import { nodePackages } from './node-packages';

/** The registry in the names of the images of a node. It does not exist, since the images are imported. */
export const repository = 'node.example.com';

/**
 * Returns the images under the names that kubeadm uses, with the tags that `kubeadm config images list` prints for the
 * version.
 */
async function images(lab: Lab): Promise<Image[]> {
  const kubernetes = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
  const image = async (part: string, program: string, tag: string): Promise<Image> => ({
    name: `${repository}/${program}:${tag}`,
    files: { [`/usr/local/bin/${program}`]: await ensurePart(part) },
    entrypoint: [`/usr/local/bin/${program}`],
  });
  return [
    ...(await Promise.all(kubernetes.map((name) => image(`${name}-1.34`, name, 'v1.34.4')))),
    await image('etcd', 'etcd', '3.6.5-0'),
    await image('coredns', 'coredns', 'v1.12.1'),
    ...(await Promise.all(
      [
        [`${repository}/kanidm:1.11.1`, '1.11.1'],
        [`${repository}/kanidm:1.12.0`, '1.12.0'],
        // The image of the chart.
        ['docker.io/kanidm/server:1.11.1', '1.11.1'],
      ].map(async ([name = '', version = '']): Promise<Image> => {
        const file = lab.path(`kanidm-${version}`);
        await writeFile(file, version);
        return {
          name,
          files: { '/sbin/kanidmd': await ensurePart('kanidmd-stand-in'), '/version': file },
          entrypoint: ['/sbin/kanidmd', 'server'],
        };
      }),
    )),
    {
      name: defaultReloaderImage,
      files: Object.fromEntries(
        ['sh', 'sleep', 'readlink', 'pidof', 'mv', 'rm'].map((name) => [`/bin/${name}`, '/bin/busybox']),
      ),
      entrypoint: ['/bin/sh'],
    },
    {
      name: `${repository}/pause:3.10.1`,
      files: { '/bin/busybox': '/bin/busybox' },
      entrypoint: ['/bin/busybox', 'sleep', '2147483647'],
    },
  ];
}

/** Starts a machine with containerd, kubeadm's programs, and all images that kubeadm needs. */
export async function bootNode(lab: Lab): Promise<Machine> {
  await ensurePackages(nodePackages, loggingTo(`${lab.logs}/packages.log`));
  const programs = lab.path('programs');
  await mkdir(programs);
  const parts = ['kubelet-1.34', 'kubeadm-1.34', 'kubectl-1.34', 'kube-proxy-1.34', 'kubelogin', 'kanidm', 'coredns'];
  for (const part of await Promise.all(parts.map(ensurePart))) {
    await copyFile(part, `${programs}/${basename(part)}`);
    await chmod(`${programs}/${basename(part)}`, 0o755);
  }
  const machine = await Machine.boot(lab, programs);
  await machine.run('ln -s kubelogin /usr/local/bin/kubectl-oidc_login');
  await machine.write('/usr/local/bin/xdg-open', browser);
  await machine.run('chmod +x /usr/local/bin/xdg-open');
  for (const image of await images(lab)) await importImage(machine, lab, image);
  return machine;
}

/** A script that opens the address from kubelogin, and types a name into the form of the replacement for Kanidm. */
const browser = `#!/bin/sh
form=$(curl --silent --insecure --location --output /dev/null --write-out '%{url_effective}' "$1")
curl --silent --show-error --insecure --location --data username="\${SIGN_IN_AS:-datosh}" "$form" > /var/log/node/browser.log 2>&1
`;

/** Imports an image into containerd. */
export async function importImage(machine: Machine, lab: Lab, image: Image): Promise<void> {
  const archive = await packImage(image, lab.folder);
  await machine.run(`ctr --namespace k8s.io images import ${archive}`);
}

export const kubeadmConfig = `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint:
  advertiseAddress: 192.0.2.10
nodeRegistration:
  name: node
  criSocket: unix:///run/containerd/containerd.sock
  taints: []
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.34.4
imageRepository: ${repository}
clusterName: homelab
controlPlaneEndpoint: api.example.com:6443
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
# A changed Secret reaches a volume within this time, by default a minute.
syncFrequency: 10s
evictionHard:
  nodefs.available: 0%
  imagefs.available: 0%
  memory.available: 50Mi
`;

/** Runs `kubeadm init` if there is no cluster yet, starts kube-proxy, and waits until the node is ready. */
export async function initCluster(machine: Machine, config?: string): Promise<void> {
  if (config !== undefined) {
    await machine.write('/root/kubeadm.yaml', config);
    await machine.run(`kubeadm init --config /root/kubeadm.yaml ${initFlags}`);
  }
  // kube-proxy is a process of the machine, because its image would need a distribution with iptables.
  await machine.run(
    'nohup kube-proxy --kubeconfig=/etc/kubernetes/admin.conf --hostname-override=node --cluster-cidr=10.244.0.0/16 --conntrack-max-per-core=0 > /var/log/node/kube-proxy.log 2>&1 & true',
  );
  await until(
    'the node is ready',
    async () => {
      const status = await machine.kubectl(
        `get node node -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}'`,
      );
      if (status !== 'True') throw new Error(`Ready is ${status}`);
    },
    180,
  );
}

/** Returns the arguments of the API server that runs and is ready. @throws CommandOnMachineFailed if none is */
export const apiServerArguments = (machine: Machine): Promise<string> =>
  machine.run(
    `kubectl --kubeconfig=/etc/kubernetes/admin.conf get --raw /readyz > /dev/null && tr '\\0' '\\n' < /proc/$(pgrep -x kube-apiserver)/cmdline`,
  );

/** The flags that `kubeadm init` needs in namespaces on any machine. */
export const initFlags = '--skip-phases=addon/kube-proxy --ignore-preflight-errors=all';

import { stringify } from 'yaml';

type Arguments = readonly (readonly [name: string, value: string])[];

const words = (args: Arguments) => args.map(([name, value]) => `--${name}=${value}`);
const bare = (args: Arguments) => args.map(([name, value]) => `${name}=${value}`);
const map = (args: Arguments) => Object.fromEntries(args);
const list = (args: Arguments) => args.map(([name, value]) => ({ name, value }));
const wrapped = (args: Arguments) => bare(args).map((one) => `--kube-apiserver-arg=${one}`);

/** The files that can contain the flags of an API server. */
export const flagCarriers: readonly ((args: Arguments) => Readonly<Record<string, string>>)[] = [
  (args) => ({ 'config.yaml': stringify({ 'flannel-backend': 'none', 'kube-apiserver-arg': bare(args) }) }),
  (args) => ({
    'config.yaml': stringify({ cni: 'cilium', 'kube-apiserver-arg': bare(args.slice(0, 3)) }),
    'config.yaml.d/oidc.yaml': stringify({ 'kube-apiserver-arg+': bare(args.slice(3)) }),
  }),
  (args) => ({
    'kube-apiserver.service': `[Service]\nExecStart=/usr/bin/kube-apiserver \\\n  ${words(args).join(' \\\n  ')}\n`,
  }),
  (args) => ({
    'kube-apiserver.service': `[Service]\nEnvironment="ARGS=${words(args.slice(2)).join(' ')}"\nExecStart=/usr/bin/kube-apiserver ${words(args.slice(0, 2)).join(' ')} $ARGS\n`,
  }),
  (args) => ({
    'k3s.service': `[Service]\nExecStart=/usr/local/bin/k3s server \\\n  ${wrapped(args)
      .map((one) => `'${one}'`)
      .join(' \\\n  ')}\n`,
  }),
  (args) => ({
    'compose.yaml': stringify({
      services: { k3s: { image: 'rancher/k3s:v1.34.1-k3s1', command: ['server', ...wrapped(args)] } },
    }),
  }),
  (args) => ({
    'cc.yaml': stringify({
      apiVersion: 'kubeadm.k8s.io/v1beta3',
      kind: 'ClusterConfiguration',
      apiServer: { extraArgs: map(args) },
    }),
  }),
  (args) => ({
    'cc.yaml': stringify({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      apiServer: { extraArgs: list(args) },
    }),
  }),
  (args) => ({
    'pod.yaml': stringify({
      kind: 'Pod',
      spec: { containers: [{ image: 'kube-apiserver:v1.34.4', command: ['kube-apiserver', ...words(args)] }] },
    }),
  }),
  (args) => ({ 'patch.yaml': stringify({ cluster: { apiServer: { extraArgs: map(args) } } }) }),
  (args) => ({
    'patch.json': JSON.stringify(
      args.map(([name, value]) => ({ op: 'add', path: `/cluster/apiServer/extraArgs/${name}`, value })),
    ),
  }),
  (args) => ({
    'k0s.yaml': stringify({
      apiVersion: 'k0s.k0sproject.io/v1beta1',
      kind: 'ClusterConfig',
      spec: { api: { extraArgs: map(args) } },
    }),
  }),
  (args) => ({
    'kcp.yaml': stringify({
      kind: 'KubeadmControlPlane',
      spec: { kubeadmConfigSpec: { clusterConfiguration: { apiServer: { extraArgs: map(args) } } } },
    }),
  }),
  (args) => ({
    'kind.yaml': stringify({
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      kind: 'Cluster',
      kubeadmConfigPatches: [stringify({ kind: 'ClusterConfiguration', apiServer: { extraArgs: map(args) } })],
    }),
  }),
  (args) => ({
    'minikube.sh': `minikube start ${bare(args)
      .map((one) => `--extra-config=apiserver.${one}`)
      .join(' ')}\n`,
  }),
  (args) => ({ 'nixos.nix': `{ services.kubernetes.apiserver.extraOpts = "${words(args).join(' ')}"; }\n` }),
];

/** The files that can contain an AuthenticationConfiguration. */
export const fileCarriers: readonly ((configuration: object) => Readonly<Record<string, string>>)[] = [
  (configuration) => ({ 'auth.yaml': stringify(configuration) }),
  (configuration) => ({ 'auth.json': JSON.stringify(configuration) }),
  (configuration) => ({
    'talos.yaml': stringify({ apiVersion: 'v1alpha1', kind: 'KubeAuthenticationConfig', configuration }),
  }),
  (configuration) => ({
    'controlplane.yaml': stringify({
      machine: { files: [{ path: '/var/lib/auth.yaml', op: 'create', content: stringify(configuration) }] },
      cluster: { apiServer: { extraArgs: { 'authentication-config': '/var/lib/auth.yaml' } } },
    }),
  }),
  (configuration) => ({
    'kcp.yaml': stringify({
      kind: 'KubeadmControlPlane',
      spec: { kubeadmConfigSpec: { files: [{ path: '/etc/auth.yaml', content: stringify(configuration) }] } },
    }),
  }),
  (configuration) => ({
    'playbook.yaml': stringify([
      { hosts: 'all', tasks: [{ copy: { dest: '/etc/auth.yaml', content: stringify(configuration) } }] },
    ]),
  }),
  (configuration) => ({
    'auth.yaml': stringify(configuration),
    'cc.yaml': stringify({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      apiServer: { extraArgs: [{ name: 'authentication-config', value: '/etc/kubernetes/auth.yaml' }] },
    }),
  }),
];

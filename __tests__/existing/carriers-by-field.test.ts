import { reading } from './carrier-reading';

const url = 'https://idm.example.org';
const put = (what: string) => `put the rendered ${what}`;
const extraArgs = { v: '2' };

// k0s, patches of Cluster API and Rancher are among the kinds.
test.each<[string, object, object]>([
  [
    'vcluster',
    { controlPlane: { distro: { k8s: { apiServer: { extraArgs: ['--v=2'] } } } } },
    {
      advice: put('flags into controlPlane.distro.k8s.apiServer.extraArgs'),
      controlPlane: 'flags',
      args: ['v=2'],
      read: ['controlPlane.distro.k8s.apiServer.extraArgs'],
    },
  ],
  [
    'vcluster',
    { controlPlane: { distro: { k3s: { extraArgs: ['--kube-apiserver-arg=v=2'] } } } },
    {
      advice: expect.stringContaining('each as --kube-apiserver-arg=NAME=VALUE'),
      controlPlane: 'flags',
      args: ['v=2'],
      read: ['controlPlane.distro.k3s.extraArgs'],
    },
  ],
  [
    'MicroK8s',
    { extraKubeAPIServerArgs: { '--v': '2' } },
    {
      advice: expect.stringContaining('/var/snap/microk8s/current/args/kube-apiserver'),
      controlPlane: 'flags',
      args: ['v=2'],
      read: ['extraKubeAPIServerArgs'],
    },
  ],
  [
    'Canonical Kubernetes',
    { 'extra-node-kube-apiserver-args': { '--v': '2' } },
    {
      advice: expect.stringContaining('/var/snap/k8s/common/args/kube-apiserver'),
      controlPlane: 'flags',
      args: ['v=2'],
      read: ['extra-node-kube-apiserver-args'],
    },
  ],
  [
    'the RKE2 role for Ansible',
    { rke2_version: 'v1.34.1+rke2r1', rke2_kube_apiserver_args: ['v=2'] },
    {
      advice: put('arguments into rke2_kube_apiserver_args'),
      controlPlane: 'rke2',
      args: ['v=2'],
      kubernetes: '1.34.1',
      read: ['rke2_kube_apiserver_args', 'rke2_version'],
    },
  ],
  [
    'minikube',
    {
      KubernetesConfig: {
        KubernetesVersion: 'v1.33.1',
        ExtraOptions: [
          { Component: 'apiserver', Key: 'a', Value: 'b' },
          { Component: 'kubelet', Key: 'c', Value: 'd' },
        ],
      },
    },
    {
      advice: 'pass each rendered flag to minikube as --extra-config=apiserver.NAME=VALUE',
      controlPlane: 'flags',
      args: ['a=b'],
      kubernetes: '1.33.1',
      read: ['KubernetesConfig.ExtraOptions', 'KubernetesConfig.KubernetesVersion'],
    },
  ],
  [
    'EKS',
    { identityProviderConfig: { oidc: { issuerUrl: url, clientId: 'k8s', requiredClaims: {}, tags: {} } } },
    {
      controlPlane: 'eks',
      args: [`oidc-issuer-url=${url}`, 'oidc-client-id=k8s'],
      read: [
        'identityProviderConfig.oidc.issuerUrl',
        'identityProviderConfig.oidc.clientId',
        'identityProviderConfig.oidc.requiredClaims',
      ],
    },
  ],
  [
    'EKS',
    {
      cluster: {
        arn: 'a',
        version: '1.33',
        endpoint: 'https://a.example.org',
        certificateAuthority: { data: Buffer.from('PEM').toString('base64') },
      },
    },
    {
      controlPlane: 'eks',
      kubernetes: '1.33',
      server: 'https://a.example.org',
      serverCa: 'PEM',
      read: ['cluster.certificateAuthority.data', 'cluster.version', 'cluster.endpoint'],
    },
  ],
  [
    'RKE',
    {
      kubernetes_version: 'v1.28.9-rancher1-1',
      services: { 'kube-api': { extra_args: extraArgs, extra_args_array: { a: ['b', 'c'] } } },
    },
    {
      advice: put('flags into services.kube-api.extra_args'),
      controlPlane: 'flags',
      args: ['v=2', 'a=b|c'],
      kubernetes: '1.28.9',
      read: ['services.kube-api.extra_args', 'services.kube-api.extra_args_array', 'kubernetes_version'],
    },
  ],
  [
    'RKE',
    {
      rancher_kubernetes_engine_config: {
        kubernetes_version: 'v1.28.9-rancher1-1',
        services: { 'kube-api': { extra_args: extraArgs } },
      },
    },
    {
      advice: put('flags into rancher_kubernetes_engine_config.services.kube-api.extra_args'),
      controlPlane: 'flags',
      args: ['v=2'],
      kubernetes: '1.28.9',
      read: [
        'rancher_kubernetes_engine_config.services.kube-api.extra_args',
        'rancher_kubernetes_engine_config.kubernetes_version',
      ],
    },
  ],
  [
    'a compose file',
    {
      services: {
        db: { image: 'postgres:17.1' },
        api: { image: 'rancher/k3s:v1.33.1-k3s1', command: ['server', '--kube-apiserver-arg=a=b'] },
      },
    },
    {
      advice: put(
        'arguments into the command of the service; for K3s and RKE2, write each of them as --kube-apiserver-arg=NAME=VALUE',
      ),
      controlPlane: 'k3s',
      args: ['a=b'],
      others: ['1 more word'],
      kubernetes: '1.33.1',
      read: ['services.api.entrypoint', 'services.api.command', 'services.api.args', 'services.api.image'],
    },
  ],
  [
    'TOPF',
    {
      clusterName: 'home',
      clusterEndpoint: 'https://192.0.2.10:6443',
      kubernetesVersion: '1.36.2',
      talosVersion: '1.13.8',
      nodes: [{ host: 'a', role: 'control-plane' }],
    },
    {
      advice: expect.stringContaining('in the folder `control-plane`'),
      controlPlane: 'talos',
      controlPlaneVersion: '1.13',
      kubernetes: '1.36.2',
      server: 'https://192.0.2.10:6443',
      read: ['kubernetesVersion', 'clusterEndpoint', 'talosVersion'],
    },
  ],
  [
    'talhelper',
    {
      talosVersion: 'v1.10.2',
      kubernetesVersion: 'v1.33.1',
      endpoint: 'https://192.0.2.10:6443',
      patches: ['a'],
      controlPlane: { patches: ['b'] },
      nodes: [{ patches: ['c'] }],
    },
    {
      advice: 'add the rendered patch to controlPlane.patches',
      controlPlane: 'talos',
      controlPlaneVersion: '1.10',
      documents: ['patches.0', 'controlPlane.patches.0', 'nodes.0.patches.0'],
      kubernetes: '1.33.1',
      server: 'https://192.0.2.10:6443',
      read: [
        ...['patches.0', 'controlPlane.patches.0', 'nodes.0.patches.0'],
        ...['kubernetesVersion', 'endpoint', 'talosVersion'],
      ],
    },
  ],
  [
    'kubespray',
    {
      kube_oidc_auth: true,
      kube_oidc_url: url,
      kube_oidc_client_id: 'k8s',
      kube_oidc_ca_file: '/ca.pem',
      kube_oidc_username_claim: 'email',
      kube_oidc_username_prefix: 'u:',
      kube_oidc_groups_claim: 'groups',
      kube_oidc_groups_prefix: 'g:',
      kube_kubeadm_apiserver_extra_args: extraArgs,
      kube_apiserver_extra_args: { a: 'b' },
      kube_version: '1.33.1',
    },
    {
      advice: put('flags into kube_oidc_* and kube_kubeadm_apiserver_extra_args'),
      controlPlane: 'flags',
      args: [
        ...['v=2', 'a=b', `oidc-issuer-url=${url}`, 'oidc-client-id=k8s', 'oidc-ca-file=/ca.pem'],
        ...['oidc-username-claim=email', 'oidc-username-prefix=u:'],
        ...['oidc-groups-claim=groups', 'oidc-groups-prefix=g:'],
      ],
      kubernetes: '1.33.1',
      read: [
        ...['kube_oidc_auth', 'kube_kubeadm_apiserver_extra_args', 'kube_apiserver_extra_args'],
        ...['kube_oidc_url', 'kube_oidc_client_id', 'kube_oidc_ca_file'],
        ...['kube_oidc_username_claim', 'kube_oidc_username_prefix'],
        ...['kube_oidc_groups_claim', 'kube_oidc_groups_prefix', 'kube_version'],
      ],
    },
  ],
  [
    'Kairos',
    { k3s: { args: ['--kube-apiserver-arg=a=b'] } },
    {
      advice: put('arguments into k3s.args, each as --kube-apiserver-arg'),
      controlPlane: 'k3s',
      args: ['a=b'],
      read: ['k3s.args'],
    },
  ],
  [
    'hetzner-k3s',
    { k3s_version: 'v1.34.4+k3s1', kube_api_server_args: ['a=b'] },
    {
      advice: put('arguments into kube_api_server_args, each without the `--` at its beginning'),
      controlPlane: 'k3s',
      args: ['a=b'],
      kubernetes: '1.34.4',
      read: ['kube_api_server_args', 'k3s_version'],
    },
  ],
  [
    'k3s-ansible',
    { k3s_version: '1.34.4', extra_server_args: '--kube-apiserver-arg=a=b', server_config_yaml: 'x' },
    {
      advice: put('arguments into extra_server_args, each as --kube-apiserver-arg'),
      controlPlane: 'k3s',
      isGuess: true,
      args: ['a=b'],
      documents: ['server_config_yaml'],
      kubernetes: '1.34.4',
      read: ['extra_server_args', 'server_config_yaml', 'k3s_version'],
    },
  ],
  [
    'K3s or RKE2',
    { 'kube-apiserver-arg': ['a=b'], 'kube-apiserver-arg+': ['c=d'] },
    {
      controlPlane: 'k3s',
      isGuess: true,
      args: ['a=b', 'c=d'],
      read: ['kube-apiserver-arg', 'kube-apiserver-arg+'],
    },
  ],
  [
    'a patch of kubeadm',
    { apiServer: { extraArgs } },
    { controlPlane: 'kubeadm', args: ['v=2'], read: ['apiServer.extraArgs'] },
  ],
  [
    'Talos',
    {
      machine: {
        kubelet: { image: 'ghcr.io/siderolabs/kubelet:v1.32.0' },
        install: { image: 'ghcr.io/siderolabs/installer:v1.10.2' },
        files: [{ content: 'a' }],
      },
      cluster: { controlPlane: { endpoint: 'https://192.0.2.5:6443' }, apiServer: { extraArgs } },
    },
    {
      controlPlane: 'talos',
      controlPlaneVersion: '1.10',
      args: ['v=2'],
      documents: ['machine.files.0.content'],
      kubernetes: '1.32.0',
      server: 'https://192.0.2.5:6443',
      read: [
        ...['cluster.apiServer.extraArgs', 'machine.files.0.content', 'machine.kubelet.image'],
        ...['cluster.controlPlane.endpoint', 'machine.install.image'],
      ],
    },
  ],
])('%s', (name, document, expected) => {
  expect(reading(document)).toEqual({ name, ...expected });
  // A document with a kind is none of these.
  expect(reading({ ...document, kind: 'Other' })).toBeUndefined();
});

test.each<[string, string, object]>([
  ['k0s', 'words', { spec: { api: { rawArgs: [] } } }],
  ['Rancher', 'rkeConfig', { rkeConfig: {} }],
  ['EKS', 'the version of the platform', { cluster: { platformVersion: 'eks.5' } }],
  [
    'TOPF',
    'the program that lists the nodes',
    { clusterEndpoint: 'https://a.example', kubernetesVersion: '1.36.2', nodesProvider: './nodes' },
  ],
  ['talhelper', 'the address of the image', { talosImageURL: 'a' }],
  ['talhelper', 'patches', { controlPlane: { patches: [] } }],
  ['talhelper', 'a schematic', { controlPlane: { schematic: {} } }],
  ['talhelper', 'a control plane among the nodes', { nodes: [{ controlPlane: true }] }],
  ['kubespray', 'the switch', { kube_oidc_auth: true }],
  ['kubespray', 'the address', { kube_oidc_auth: true, kube_oidc_url: 'a' }],
  ['kubespray', 'the client', { kube_oidc_client_id: 'a' }],
  ['kubespray', 'arguments', { kube_kubeadm_apiserver_extra_args: {} }],
  ['kubespray', 'other arguments', { kube_apiserver_extra_args: {} }],
  ['k3s-ansible', 'arguments', { extra_server_args: '' }],
  ['k3s-ansible', 'a configuration', { server_config_yaml: '' }],
  ['K3s or RKE2', 'arguments', { 'kube-apiserver-arg': [] }],
  ['K3s or RKE2', 'added arguments', { 'kube-apiserver-arg+': [] }],
  ['Talos', 'the machine', { machine: {} }],
  ['Talos', 'the API server', { cluster: { apiServer: {} } }],
  ['Talos', 'the control plane', { cluster: { controlPlane: {} } }],
])('%s is identified by %s', (name, _, document) => {
  expect(reading(document)).toMatchObject({ name });
});

test.each([
  ['an empty map', {}],
  ['a compose file without an API server', { services: { db: { image: 'postgres:17.1' } } }],
  ['nodes of something else', { nodes: [{ name: 'a' }] }],
  ['the values of Karpenter', { clusterName: 'a', clusterEndpoint: 'https://a.example' }],
  ['nodes of a cluster', { clusterEndpoint: 'https://a.example', nodes: [{ host: 'a' }] }],
  ['a cluster of something else', { cluster: { name: 'a' } }],
])('%s is none of them', (_, document) => {
  expect(reading(document)).toBeUndefined();
});

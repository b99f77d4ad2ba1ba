import { stringify } from 'yaml';
import type { ApiServer } from '../../lib/existing/facts';

/* The same settings in every kind of file that can contain them. The issuer must always be the same. */
const flags = {
  'oidc-issuer-url': 'https://idm.example.org/oauth2/openid/k8s',
  'oidc-client-id': 'k8s',
  'oidc-signing-algs': 'ES256',
  'oidc-username-claim': 'preferred_username',
  'oidc-username-prefix': 'oidc:',
  'oidc-groups-claim': 'groups',
  'oidc-groups-prefix': 'oidc:',
};
const pairs = Object.entries(flags);
export const words = pairs.map(([name, value]) => `--${name}=${value}`);
const bare = pairs.map(([name, value]) => `${name}=${value}`);
const list = pairs.map(([name, value]) => ({ name, value }));
const wrapped = bare.map((one) => `--kube-apiserver-arg=${one}`);
const apiServer = { apiServer: { extraArgs: flags } };
const patch = stringify({ cluster: apiServer });

export const issuer = {
  url: 'https://idm.example.org/oauth2/openid/k8s',
  audiences: ['k8s'],
  algorithms: ['ES256'],
  username: { claim: 'preferred_username', prefix: 'oidc:' },
  groups: { claim: 'groups', prefix: 'oidc:' },
};
/** For files without a setting for algorithms. */
const rs256 = { ...issuer, algorithms: ['RS256'] };
const camel = (prefix: string) => ({
  [`${prefix}ssuerURL`]: issuer.url,
  [`${prefix === 'i' ? 'c' : 'oidcC'}lientID`]: 'k8s',
});

/** Fields that have the same name in several APIs. Fields that each API spells differently are not included. */
const claims = {
  usernameClaim: 'preferred_username',
  usernamePrefix: 'oidc:',
  groupsClaim: 'groups',
  groupsPrefix: 'oidc:',
};
const lowerCamel = { issuerUrl: issuer.url, clientId: 'k8s', ...claims };

/** A file with its name, and what it contains about the API server in addition to the issuer. */
type Row = readonly [name: string, text: string, says: Partial<ApiServer>, issuer?: object];

export const rows: readonly Row[] = [
  // kubeadm
  [
    'kubeadm v1beta2',
    stringify({
      apiVersion: 'kubeadm.k8s.io/v1beta2',
      kind: 'ClusterConfiguration',
      kubernetesVersion: 'v1.22.3',
      ...apiServer,
    }),
    { controlPlane: 'kubeadm', kubernetes: '1.22.3' },
  ],
  [
    'kubeadm v1beta3 as JSON',
    JSON.stringify({
      apiVersion: 'kubeadm.k8s.io/v1beta3',
      kind: 'ClusterConfiguration',
      controlPlaneEndpoint: '10.0.0.5',
      ...apiServer,
    }),
    { controlPlane: 'kubeadm', server: 'https://10.0.0.5:6443' },
  ],
  [
    'kubeadm v1beta4 behind an InitConfiguration',
    `apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n---\n${stringify({ apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'ClusterConfiguration', controlPlaneEndpoint: 'cp.example.org:8443', apiServer: { extraArgs: list } })}`,
    { controlPlane: 'kubeadm', server: 'https://cp.example.org:8443' },
  ],
  [
    'kubeadm-config as kubectl prints it',
    stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'kubeadm-config' },
          data: {
            ClusterConfiguration: stringify({
              apiVersion: 'kubeadm.k8s.io/v1beta4',
              kind: 'ClusterConfiguration',
              kubernetesVersion: 'v1.34.1',
              apiServer: { extraArgs: list },
            }),
          },
        },
      ],
    }),
    { controlPlane: 'kubeadm', kubernetes: '1.34.1' },
  ],
  // a pod, by command or args
  [
    'static pod, args apart',
    stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      spec: {
        containers: [
          {
            image: 'registry.example.org/kube-apiserver:v1.33.2',
            command: ['/usr/local/bin/kube-apiserver'],
            args: words,
          },
        ],
      },
    }),
    { kubernetes: '1.33.2' },
  ],
  [
    'static pod with names and values apart',
    stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      spec: {
        containers: [
          {
            image: 'k8s/kube-apiserver-amd64:v1.31.0@sha256:00',
            command: ['kube-apiserver', ...pairs.flatMap(([name, value]) => [`--${name}`, value])],
          },
        ],
      },
    }),
    { kubernetes: '1.31.0' },
  ],
  [
    'static pod by a shell',
    stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      spec: {
        containers: [
          { image: 'kube-apiserver:v1.30.1', command: ['kube-apiserver'], args: [...words, '--v=2'] },
          { name: 'proxy', command: ['envoy', '--oidc-issuer-url=https://other.example.org'] },
        ],
      },
    }),
    { kubernetes: '1.30.1' },
  ],
  // units and command lines
  [
    'unit of systemd',
    `[Unit]\nDescription=Kubernetes\n[Service]\nExecStart=/usr/local/bin/kube-apiserver \\\n  ${words.join(' \\\n  ')} \\\n  --v=2\nRestart=always\n`,
    {},
  ],
  [
    'unit of NixOS',
    `[Service]\nEnvironment="PATH=/nix/store/x/bin"\nExecStart=/nix/store/abc-kubernetes-1.33.4/bin/kube-apiserver --allow-privileged=true ${words.join(' ')}\n`,
    { kubernetes: '1.33.4' },
  ],
  [
    'drop-in of a unit, quoted',
    `[Service]\nExecStart=\nExecStart=/usr/bin/kube-apiserver ${words.map((word) => `"${word}"`).join(' ')}\n`,
    {},
  ],
  ['command line', `kube-apiserver --etcd-servers=http://127.0.0.1:2379 ${words.join(' ')}`, {}],
  ['flags, a line each, with comments', `# sign-in\n${words.join('\n')}\n`, {}],
  [
    'args of microk8s',
    `--cert-dir=\${SNAP_DATA}/certs\n${words.join('\n')}\n# end\n--authorization-mode=RBAC,Node\n`,
    {},
  ],
  ['environment file', `KUBE_API_ARGS="${words.join(' ')}"\nKUBE_LOGTOSTDERR="--logtostderr=true"\n`, {}],
  // K3s and RKE2
  [
    'k3s by its unit',
    `[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n  '--disable' \\\n  'traefik' \\\n  ${wrapped.map((one) => `'${one}'`).join(' \\\n  ')}\n`,
    { controlPlane: 'k3s' },
  ],
  [
    'k3s by its unit, values apart',
    `[Service]\nExecStart=/usr/local/bin/k3s \\\n server \\\n ${bare.map((one) => `'--kube-apiserver-arg' \\\n '${one}'`).join(' \\\n ')}\n`,
    { controlPlane: 'k3s' },
  ],
  [
    'k3s by its installer',
    `curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=v1.33.3+k3s1 sh -s - server \\\n  ${wrapped.join(' \\\n  ')}\n`,
    { controlPlane: 'k3s', kubernetes: '1.33.3' },
  ],
  [
    'k3s by INSTALL_K3S_EXEC',
    `INSTALL_K3S_EXEC="server --tls-san=a ${wrapped.join(' ')}"\nK3S_TOKEN=geheim\n`,
    { controlPlane: 'k3s' },
  ],
  [
    'k3s in Docker',
    `docker run -d rancher/k3s:v1.32.4-k3s1 server ${wrapped.join(' ')}`,
    { controlPlane: 'k3s', kubernetes: '1.32.4' },
  ],
  [
    'k3s in compose',
    stringify({
      services: {
        db: { image: 'postgres:17' },
        server: { image: 'rancher/k3s:v1.36.4-k3s1', command: ['server', ...wrapped] },
      },
    }),
    { controlPlane: 'k3s', kubernetes: '1.36.4' },
  ],
  [
    'k3s in compose, one text',
    stringify({
      version: '3',
      services: { server: { image: 'docker.io/rancher/k3s:v1.31.1-k3s1', command: `server ${wrapped.join(' ')}` } },
    }),
    { controlPlane: 'k3s', kubernetes: '1.31.1' },
  ],
  ['k3s.yaml', stringify({ 'flannel-backend': 'none', 'kube-apiserver-arg': bare }), { controlPlane: 'k3s' }],
  ['drop-in of k3s', stringify({ disable: ['traefik'], 'kube-apiserver-arg+': words }), { controlPlane: 'k3s' }],
  [
    'config.yaml that could be either',
    stringify({ 'tls-san': ['a'], 'kube-apiserver-arg': bare }),
    { controlPlane: 'k3s', isGuess: true },
  ],
  ['rke2 by its CNI', stringify({ cni: ['multus', 'canal'], 'kube-apiserver-arg': bare }), { controlPlane: 'rke2' }],
  [
    'rke2 by what it disables',
    stringify({ disable: 'rke2-ingress-nginx,rke2-metrics-server', 'kube-apiserver-arg': bare }),
    { controlPlane: 'rke2' },
  ],
  [
    'rke2 by a path',
    stringify({ 'data-dir': '/srv/rancher/rke2/data', 'kube-apiserver-arg': bare }),
    { controlPlane: 'rke2' },
  ],
  [
    'rke2 by the path in cloud-init',
    stringify({
      write_files: [{ path: '/etc/rancher/rke2/config.yaml', content: stringify({ 'kube-apiserver-arg': bare }) }],
    }),
    { controlPlane: 'rke2' },
  ],
  [
    'cloud-init that could be for either',
    stringify({
      write_files: [{ path: '/oem/a.yaml', content: stringify({ 'kube-apiserver-arg': bare }) }],
      note: 'k3s or rke2',
    }),
    { controlPlane: 'k3s', isGuess: true },
  ],
  ['rke2 by its profile', stringify({ profile: 'cis', 'kube-apiserver-arg': bare }), { controlPlane: 'rke2' }],
  [
    'rke2 by its installer',
    `curl -sfL https://get.rke2.io | sh -\nrke2 server ${wrapped.join(' ')}\n`,
    { controlPlane: 'rke2' },
  ],
  [
    'k3d',
    stringify({
      apiVersion: 'k3d.io/v1alpha5',
      kind: 'Simple',
      image: 'rancher/k3s:v1.33.1-k3s1',
      options: { k3s: { extraArgs: wrapped.map((arg) => ({ arg, nodeFilters: ['server:*'] })) } },
    }),
    { controlPlane: 'k3s', kubernetes: '1.33.1' },
  ],
  [
    'k3d by its command',
    `k3d cluster create demo ${wrapped.map((one) => `--k3s-arg "${one}@server:0"`).join(' ')}`,
    {},
  ],
  [
    'Rancher, RKE2',
    stringify({
      apiVersion: 'provisioning.cattle.io/v1',
      kind: 'Cluster',
      spec: { kubernetesVersion: 'v1.33.1+rke2r1', rkeConfig: { machineGlobalConfig: { 'kube-apiserver-arg': bare } } },
    }),
    { controlPlane: 'rke2', kubernetes: '1.33.1' },
  ],
  [
    'Rancher, K3s',
    stringify({
      apiVersion: 'provisioning.cattle.io/v1',
      kind: 'Cluster',
      spec: {
        kubernetesVersion: 'v1.32.2+k3s1',
        rkeConfig: { machineSelectorConfig: [{ config: { 'kube-apiserver-arg': bare } }] },
      },
    }),
    { controlPlane: 'k3s', kubernetes: '1.32.2' },
  ],
  [
    'RKE',
    stringify({ kubernetes_version: 'v1.28.9-rancher1-1', services: { 'kube-api': { extra_args: flags } } }),
    { kubernetes: '1.28.9' },
  ],
  // others
  [
    'k0s',
    stringify({
      apiVersion: 'k0s.k0sproject.io/v1beta1',
      kind: 'ClusterConfig',
      spec: { api: { externalAddress: 'k0s.example.org', extraArgs: flags } },
    }),
    { controlPlane: 'k0s', server: 'https://k0s.example.org:6443' },
  ],
  [
    'k0sctl',
    stringify({
      apiVersion: 'k0sctl.k0sproject.io/v1beta1',
      kind: 'Cluster',
      spec: {
        k0s: {
          version: 'v1.33.2+k0s.0',
          config: {
            apiVersion: 'k0s.k0sproject.io/v1beta1',
            kind: 'ClusterConfig',
            spec: { api: { extraArgs: flags } },
          },
        },
      },
    }),
    { controlPlane: 'k0s', kubernetes: '1.33.2' },
  ],
  [
    'kind',
    stringify({
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      kind: 'Cluster',
      nodes: [
        {
          role: 'control-plane',
          image: 'kindest/node:v1.34.0@sha256:00',
          kubeadmConfigPatches: [stringify({ kind: 'ClusterConfiguration', ...apiServer })],
        },
      ],
    }),
    { controlPlane: 'kubeadm' },
  ],
  [
    'kind, for all nodes',
    stringify({
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      kind: 'Cluster',
      kubeadmConfigPatches: [
        stringify({ apiVersion: 'kubeadm.k8s.io/v1beta3', kind: 'ClusterConfiguration', ...apiServer }),
      ],
    }),
    { controlPlane: 'kubeadm' },
  ],
  [
    'kind, by JSON Patch',
    stringify({
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      kind: 'Cluster',
      kubeadmConfigPatchesJSON6902: [
        {
          group: 'kubeadm.k8s.io',
          version: 'v1beta3',
          kind: 'ClusterConfiguration',
          patch: stringify([{ op: 'add', path: '/apiServer/extraArgs', value: flags }]),
        },
      ],
    }),
    { controlPlane: 'kubeadm' },
  ],
  [
    'minikube by its command',
    `minikube start --kubernetes-version=v1.34.0 ${bare.map((one) => `--extra-config=apiserver.${one}`).join(' ')}`,
    { kubernetes: '1.34.0' },
  ],
  [
    'minikube by its profile',
    JSON.stringify({
      Name: 'minikube',
      KubernetesConfig: {
        KubernetesVersion: 'v1.33.1',
        ExtraOptions: [
          ...pairs.map(([Key, Value]) => ({ Component: 'apiserver', Key, Value })),
          { Component: 'kubelet', Key: 'v', Value: '2' },
        ],
      },
    }),
    { kubernetes: '1.33.1' },
  ],
  [
    'kubespray',
    stringify({
      kube_oidc_auth: true,
      kube_oidc_url: issuer.url,
      kube_oidc_client_id: 'k8s',
      kube_oidc_username_claim: 'preferred_username',
      kube_oidc_username_prefix: 'oidc:',
      kube_oidc_groups_claim: 'groups',
      kube_oidc_groups_prefix: 'oidc:',
      kube_kubeadm_apiserver_extra_args: { 'oidc-signing-algs': 'ES256' },
      kube_version: '1.33.1',
    }),
    { controlPlane: 'flags', kubernetes: '1.33.1' },
  ],
  [
    'kubespray by extra arguments alone',
    stringify({ kube_network_plugin: 'cilium', kube_kubeadm_apiserver_extra_args: flags }),
    { controlPlane: 'flags' },
  ],
  [
    'kops',
    stringify({
      apiVersion: 'kops.k8s.io/v1alpha2',
      kind: 'Cluster',
      spec: {
        kubernetesVersion: '1.33.0',
        masterPublicName: 'api.example.org',
        kubeAPIServer: {
          ...camel('oidcI'),
          oidcUsernameClaim: 'preferred_username',
          oidcUsernamePrefix: 'oidc:',
          oidcGroupsClaim: ['groups'],
          oidcGroupsPrefix: 'oidc:',
        },
      },
    }),
    { kubernetes: '1.33.0', server: 'https://api.example.org:6443' },
    rs256,
  ],
  [
    'kops, authentication.oidc',
    stringify({
      apiVersion: 'kops.k8s.io/v1alpha3',
      kind: 'Cluster',
      spec: {
        authentication: {
          oidc: {
            ...camel('i'),
            usernameClaim: 'preferred_username',
            usernamePrefix: 'oidc:',
            groupsClaims: ['groups'],
            groupsPrefix: 'oidc:',
          },
        },
      },
    }),
    { controlPlane: 'flags' },
    rs256,
  ],
  [
    'Cluster API',
    stringify({
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
      kind: 'KubeadmControlPlane',
      spec: { version: 'v1.34.2', kubeadmConfigSpec: { clusterConfiguration: { apiServer: { extraArgs: list } } } },
    }),
    { controlPlane: 'cluster-api', kubernetes: '1.34.2' },
  ],
  [
    'template of Cluster API',
    stringify({
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
      kind: 'KubeadmControlPlaneTemplate',
      spec: { template: { spec: { kubeadmConfigSpec: { clusterConfiguration: apiServer } } } },
    }),
    { controlPlane: 'cluster-api' },
  ],
  [
    'RKE2 by Cluster API',
    stringify({
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
      kind: 'RKE2ControlPlane',
      spec: { version: 'v1.33.1+rke2r1', serverConfig: { kubeAPIServer: { extraArgs: words } } },
    }),
    { controlPlane: 'rke2', kubernetes: '1.33.1' },
  ],
  [
    'template of RKE2 by Cluster API',
    stringify({
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
      kind: 'RKE2ControlPlaneTemplate',
      spec: { template: { spec: { serverConfig: { kubeAPIServer: { extraArgs: bare } } } } },
    }),
    { controlPlane: 'rke2' },
  ],
  [
    'Talos',
    stringify({
      version: 'v1alpha1',
      machine: { install: { image: 'ghcr.io/siderolabs/installer:v1.10.2' } },
      cluster: {
        controlPlane: { endpoint: 'https://192.0.2.5:6443' },
        apiServer: { image: 'registry.k8s.io/kube-apiserver:v1.33.0', extraArgs: flags },
      },
    }),
    { controlPlane: 'talos', controlPlaneVersion: '1.10', kubernetes: '1.33.0', server: 'https://192.0.2.5:6443' },
  ],
  ['patch of Talos', patch, { controlPlane: 'talos' }],
  [
    'patch of Talos with lists',
    stringify({
      cluster: { apiServer: { extraArgs: Object.fromEntries(pairs.map(([name, value]) => [name, [value]])) } },
    }),
    { controlPlane: 'talos' },
  ],
  [
    'JSON Patch of Talos',
    stringify([{ op: 'add', path: '/cluster/apiServer/extraArgs', value: flags }]),
    { controlPlane: 'talos' },
  ],
  [
    'JSON Patch of Talos, an operation each',
    JSON.stringify(pairs.map(([name, value]) => ({ op: 'add', path: `/cluster/apiServer/extraArgs/${name}`, value }))),
    { controlPlane: 'talos' },
  ],
  [
    'document of Talos 1.14',
    stringify({
      apiVersion: 'v1alpha1',
      kind: 'KubeAPIServerConfig',
      image: 'registry.k8s.io/kube-apiserver:v1.37.0',
      extraArgs: flags,
    }),
    { controlPlane: 'talos', controlPlaneVersion: '1.14', kubernetes: '1.37.0' },
  ],
  [
    'talhelper',
    stringify({
      clusterName: 'home',
      endpoint: 'https://192.0.2.10:6443',
      kubernetesVersion: 'v1.33.1',
      talosVersion: 'v1.10.2',
      controlPlane: { patches: [patch] },
    }),
    { controlPlane: 'talos' },
  ],
  [
    'talhelper, patches for all',
    stringify({
      clusterName: 'home',
      endpoint: 'https://192.0.2.10:6443',
      talosVersion: 'v1.11.0',
      patches: [patch],
      nodes: [],
    }),
    { controlPlane: 'talos' },
  ],
  [
    'talhelper, a map in place of text',
    stringify({
      clusterName: 'home',
      talosVersion: 'v1.11.0',
      nodes: [{ hostname: 'a', patches: [{ cluster: apiServer }] }],
    }),
    { controlPlane: 'talos' },
  ],
  [
    'EKS',
    JSON.stringify({
      identityProviderConfig: {
        oidc: {
          ...lowerCamel,
          requiredClaims: {},
          tags: {},
          status: 'ACTIVE',
        },
      },
    }),
    { controlPlane: 'eks' },
    rs256,
  ],
  [
    'eksctl',
    stringify({
      apiVersion: 'eksctl.io/v1alpha5',
      kind: 'ClusterConfig',
      metadata: { name: 'a', version: '1.33' },
      identityProviders: [
        {
          type: 'oidc',
          name: 'kanidm',
          ...lowerCamel,
        },
      ],
    }),
    { controlPlane: 'eks', kubernetes: '1.33' },
    rs256,
  ],
  [
    'Gardener',
    stringify({
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'Shoot',
      spec: {
        kubernetes: {
          version: '1.33.2',
          kubeAPIServer: {
            oidcConfig: {
              issuerURL: issuer.url,
              clientID: 'k8s',
              ...claims,
              signingAlgs: ['ES256'],
            },
          },
        },
      },
    }),
    { kubernetes: '1.33.2' },
  ],
  [
    'KubeOne',
    stringify({
      apiVersion: 'kubeone.k8c.io/v1beta3',
      kind: 'KubeOneCluster',
      versions: { kubernetes: '1.34.4' },
      apiEndpoint: { host: 'api.example.org', port: 8443 },
      features: {
        openidConnect: {
          enable: true,
          config: {
            ...lowerCamel,
            signingAlgs: 'ES256',
          },
        },
      },
    }),
    { kubernetes: '1.34.4', server: 'https://api.example.org:8443' },
  ],
  [
    'EKS Anywhere',
    stringify({
      apiVersion: 'anywhere.eks.amazonaws.com/v1alpha1',
      kind: 'OIDCConfig',
      spec: {
        ...lowerCamel,
        requiredClaims: [{ claim: 'tier', value: 'gold' }],
      },
    }),
    {},
    { ...rs256, requiredClaims: new Map([['tier', 'gold']]) },
  ],
  [
    'KubeKey',
    stringify({
      apiVersion: 'kubekey.kubesphere.io/v1alpha2',
      kind: 'Cluster',
      spec: { kubernetes: { version: 'v1.34.4', apiserverArgs: bare } },
    }),
    { kubernetes: '1.34.4' },
  ],
  [
    'Kamaji',
    stringify({
      apiVersion: 'kamaji.clastix.io/v1alpha1',
      kind: 'TenantControlPlane',
      spec: { kubernetes: { version: 'v1.34.4' }, controlPlane: { deployment: { extraArgs: { apiServer: words } } } },
    }),
    { kubernetes: '1.34.4' },
  ],
  [
    'k0smotron',
    stringify({
      apiVersion: 'k0smotron.io/v1beta1',
      kind: 'Cluster',
      spec: {
        version: 'v1.34.4-k0s.0',
        k0sConfig: {
          apiVersion: 'k0s.k0sproject.io/v1beta1',
          kind: 'ClusterConfig',
          spec: { api: { extraArgs: flags } },
        },
      },
    }),
    { controlPlane: 'k0s', kubernetes: '1.34.4' },
  ],
  [
    'k0s by Cluster API',
    stringify({
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
      kind: 'K0sControlPlane',
      spec: {
        version: 'v1.34.4+k0s.0',
        k0sConfigSpec: {
          k0s: { apiVersion: 'k0s.k0sproject.io/v1beta1', kind: 'ClusterConfig', spec: { api: { extraArgs: flags } } },
        },
      },
    }),
    { controlPlane: 'k0s', kubernetes: '1.34.4' },
  ],
  [
    'hetzner-k3s',
    stringify({ cluster_name: 'lab', k3s_version: 'v1.34.4+k3s1', kube_api_server_args: bare }),
    { controlPlane: 'k3s', kubernetes: '1.34.4' },
  ],
  [
    'k3s-ansible',
    stringify({ k3s_version: 'v1.34.4+k3s1', extra_server_args: wrapped }),
    { controlPlane: 'k3s', kubernetes: '1.34.4' },
  ],
  ['Kairos', `#cloud-config\n${stringify({ k3s: { enabled: true, args: wrapped } })}`, { controlPlane: 'k3s' }],
  [
    'Terraform for Talos',
    `resource "talos_machine_configuration_apply" "cp" {
  config_patches = [yamlencode({
    cluster = { apiServer = { extraArgs = {
${pairs.map(([name, value]) => `      "${name}" = "${value}"\n`).join('')}    } } }
  })]
}
`,
    { controlPlane: 'talos' },
  ],
  ['TypeScript', `new Cluster("lab", { apiServerArgs: [${words.map((word) => `"${word}"`).join(', ')}] });\n`, {}],
  ['Python on one line', `args = (${words.map((word) => `'${word}'`).join(',')})\n`, {}],
  ['NixOS, its configuration', `{\n  services.kubernetes.apiserver.extraOpts = "${words.join(' ')}";\n}\n`, {}],
  [
    'NixOS, k3s',
    `{ services.k3s.extraFlags = [\n  ${wrapped.map((one) => `"${one}"`).join('\n  ')}\n]; }\n`,
    { controlPlane: 'k3s' },
  ],
];

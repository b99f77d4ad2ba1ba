import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';

/*
 * Files and objects with the same kinds of settings in unusual spellings, and the issuer and other settings that they
 * contain.
 */
export const url = 'https://idm.example.com/oauth2/openid/k8s';
const both = { 'oidc-issuer-url': url, 'oidc-client-id': 'k8s' };
export const bare = [`oidc-issuer-url=${url}`, 'oidc-client-id=k8s'];
export const words = bare.map((one) => `--${one}`);
export const wrapped = bare.map((one) => `--kube-apiserver-arg=${one}`);
const jwt = { issuer: { url, audiences: ['k8s'] }, claimMappings: { username: { claim: 'email', prefix: '' } } };
const configuration = stringify({
  apiVersion: 'apiserver.config.k8s.io/v1beta1',
  kind: 'AuthenticationConfiguration',
  jwt: [jwt],
});
const configYaml = `kube-apiserver-arg:\n- ${bare.join('\n- ')}\n`;
const talosPatch = stringify({ cluster: { apiServer: { extraArgs: both } } });

export const byMail = { claim: 'email', prefix: '' };
export const bySub = { claim: 'sub', prefix: `${url}#` };

/** A text or document, how tokens name people according to it, and what else it contains about the server. */
export const inputs: readonly [string, unknown, object, object?][] = [
  [
    'a unit with variables, one with several words',
    `[Service]\nEnvironment="OIDC_ARGS=${words.join(' ')}" LEVEL=2\nEnvironment=CLAIM=email\nExecStart=/usr/bin/kube-apiserver $OIDC_ARGS --oidc-username-claim=\${CLAIM} --v=$LEVEL\n`,
    byMail,
  ],
  [
    'the command line of a process, as /proc has it',
    ['/usr/local/bin/kube-apiserver', ...words, '--oidc-username-claim=email', ''].join('\0'),
    byMail,
  ],
  [
    'K3s as /proc has it, with values apart',
    ['/usr/local/bin/k3s', 'server', ...bare.flatMap((one) => ['--kube-apiserver-arg', one]), ''].join('\0'),
    bySub,
    { controlPlane: 'k3s' },
  ],
  [
    'a process as ps prints it',
    `root  1523  6.2  9.1 1557220 371268 ?  Ssl  08:11  2:10 kube-apiserver --v=2 ${words.join(' ')} --oidc-username-claim=email\n`,
    byMail,
  ],
  [
    'a launch configuration of MicroK8s',
    {
      version: '0.1.0',
      extraKubeAPIServerArgs: Object.fromEntries(Object.entries(both).map(([k, v]) => [`--${k}`, v])),
    },
    bySub,
  ],
  [
    'a tenant of Kamaji',
    { kind: 'TenantControlPlane', spec: { controlPlane: { deployment: { extraArgs: { apiServer: words } } } } },
    bySub,
  ],
  [
    'k0s by Cluster API',
    {
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
      kind: 'K0sControlPlane',
      spec: {
        k0sConfigSpec: {
          k0s: { apiVersion: 'k0s.k0sproject.io/v1beta1', kind: 'ClusterConfig', spec: { api: { extraArgs: both } } },
        },
      },
    },
    bySub,
    { controlPlane: 'k0s' },
  ],
  [
    'a cluster template of Omni',
    {
      kind: 'Cluster',
      name: 'a',
      patches: [{ name: 'oidc', inline: { cluster: { apiServer: { extraArgs: both } } } }],
    },
    bySub,
    { controlPlane: 'talos' },
  ],
  [
    'a variable of Terraform',
    `module "a" {\n  k3s_exec_server_args = "${wrapped.join(' ')}"\n}\n`,
    bySub,
    { controlPlane: 'k3s' },
  ],
  [
    'a list in Nix, with comments and without equals signs',
    `{ services.k3s.extraFlags = toString [\n  "--kube-apiserver-arg ${bare[0]}" # people\n  "--kube-apiserver-arg ${bare[1]}"\n]; }\n`,
    bySub,
    { controlPlane: 'k3s' },
  ],
  [
    'an indented string in Nix',
    `{ services.kubernetes.apiserver.extraOpts = ''\n  ${words.join('\n  ')}\n  --oidc-username-claim=email\n''; }\n`,
    byMail,
  ],
  [
    'a unit that runs a shell',
    `[Service]\nExecStart=/bin/sh -c 'exec /usr/bin/kube-apiserver ${words.join(' ')} --oidc-username-claim=email'\n`,
    byMail,
  ],
  [
    'cloud-init with a compressed file',
    {
      write_files: [
        { path: '/etc/rancher/rke2/config.yaml', encoding: 'gz+b64', content: gzipSync(configYaml).toString('base64') },
      ],
    },
    bySub,
    { controlPlane: 'rke2' },
  ],
  [
    'Ignition',
    {
      ignition: { version: '3.4.0' },
      storage: {
        files: [
          {
            path: '/etc/rancher/k3s/config.yaml',
            contents: { source: `data:,${encodeURIComponent(configYaml)}` },
          },
        ],
      },
    },
    bySub,
    { controlPlane: 'k3s' },
  ],
  [
    'a template of config.yaml with arguments in a loop',
    `node-name: k3s-1\n${configYaml}{% for one in more %}\n- {{ one }}\n{% endfor %}\n`,
    bySub,
    { controlPlane: 'k3s' },
  ],
  ['a config.yaml with the line ends of Windows', `kube-apiserver-arg:\r\n- ${bare.join('\r\n- ')}\r\n`, bySub],
  [
    'kubeadm in JSON with a byte order mark',
    `\ufeff${JSON.stringify({ kind: 'ClusterConfiguration', apiServer: { extraArgs: both } })}`,
    bySub,
  ],
  [
    'a compose file with values apart',
    {
      services: {
        s: {
          image: 'rancher/k3s:v1.33.1-k3s1',
          command: ['server', ...bare.flatMap((one) => ['--kube-apiserver-arg', one])],
        },
      },
    },
    bySub,
    { controlPlane: 'k3s', kubernetes: '1.33.1' },
  ],
  [
    'a script with variables',
    `ISSUER='${url}'\nexport CLIENT=k8s\nkube-apiserver --oidc-issuer-url="$ISSUER" --oidc-client-id=\${CLIENT}\n`,
    bySub,
  ],
  [
    'a unit with comments between its lines',
    `[Service]\nExecStart=\nExecStart=/usr/local/bin/k3s server \\\n  # people\n  --kube-apiserver-arg ${bare[0]} \\\n; clients\n  --kube-apiserver-arg ${bare[1]}\n`,
    bySub,
    { controlPlane: 'k3s', advice: expect.stringContaining('has precedence over its files') },
  ],
  [
    'a compose file with a folded command',
    `services:\n  s:\n    image: "rancher/k3s:\${VERSION:-latest}"\n    command: >\n      server --disable=traefik\n      ${wrapped.join('\n      ')}\n`,
    bySub,
    { controlPlane: 'k3s' },
  ],
  [
    'a compose file of kube-apiserver itself',
    {
      services: {
        api: { image: 'registry.k8s.io/kube-apiserver:v1.34.1', entrypoint: 'kube-apiserver', command: words },
      },
    },
    bySub,
    { kubernetes: '1.34.1' },
  ],
  [
    'k3d with the equals sign',
    `k3d cluster create demo --k3s-arg '${wrapped[0]}@server:*' --k3s-arg='${wrapped[1]}@server:0'`,
    bySub,
    { advice: expect.stringContaining('k3d') },
  ],
  [
    'minikube without the equals sign',
    `minikube start --extra-config apiserver.${bare[0]} --extra-config=apiserver.${bare[1]}`,
    bySub,
    { advice: expect.stringContaining('minikube') },
  ],
  [
    'kind with a patch in JSON for one node',
    {
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      nodes: [
        {
          role: 'control-plane',
          kubeadmConfigPatches: [JSON.stringify({ kind: 'ClusterConfiguration', apiServer: { extraArgs: both } })],
        },
      ],
    },
    bySub,
    { controlPlane: 'kubeadm' },
  ],
  ['k0s without a kind', { spec: { api: { extraArgs: both } } }, bySub, { controlPlane: 'k0s' }],
  [
    'k0s behind another port, by words',
    {
      apiVersion: 'k0s.k0sproject.io/v1beta1',
      kind: 'ClusterConfig',
      spec: { api: { externalAddress: 'k0s.example.com', port: 8443, rawArgs: words } },
    },
    bySub,
    { server: 'https://k0s.example.com:8443' },
  ],
  [
    'k0sctl with a configuration without a kind',
    {
      apiVersion: 'k0sctl.k0sproject.io/v1beta1',
      kind: 'Cluster',
      spec: { k0s: { config: { spec: { api: { extraArgs: both } } } } },
    },
    bySub,
    { controlPlane: 'k0s' },
  ],
  [
    'kops with an AuthenticationConfiguration among its files',
    {
      apiVersion: 'kops.k8s.io/v1alpha2',
      kind: 'Cluster',
      spec: { kubernetesVersion: '1.34.0', fileAssets: [{ name: 'a', content: configuration }] },
    },
    byMail,
  ],
  [
    'kubespray with an AuthenticationConfiguration',
    {
      kube_apiserver_config: {
        apiVersion: 'apiserver.config.k8s.io/v1',
        kind: 'AuthenticationConfiguration',
        jwt: [jwt],
      },
    },
    byMail,
  ],
  [
    'an Ansible task that writes the file',
    `- hosts: all\n  tasks:\n    - copy:\n        dest: /etc/kubernetes/auth.yaml\n        content: |\n${configuration.replaceAll(/^/gm, '          ')}`,
    byMail,
  ],
  [
    'an Ansible variable with arguments',
    { k3s_server: { 'tls-san': ['a'], 'kube-apiserver-arg': bare } },
    bySub,
    { controlPlane: 'k3s' },
  ],
  [
    'a ClusterClass of Cluster API',
    {
      apiVersion: 'cluster.x-k8s.io/v1beta1',
      kind: 'ClusterClass',
      spec: {
        patches: [
          {
            definitions: [
              {
                jsonPatches: [
                  {
                    op: 'add',
                    path: '/spec/template/spec/kubeadmConfigSpec/clusterConfiguration/apiServer/extraArgs',
                    value: both,
                  },
                ],
              },
            ],
          },
        ],
      },
    },
    bySub,
    { controlPlane: 'cluster-api' },
  ],
  [
    'a variable of a topology',
    { kind: 'Cluster', spec: { topology: { variables: [{ name: 'apiServer', value: { extraArgs: both } }] } } },
    bySub,
  ],
  [
    'Talos by Cluster API',
    { kind: 'TalosControlPlane', spec: { controlPlaneConfig: { controlplane: { strategicPatches: [talosPatch] } } } },
    bySub,
    { controlPlane: 'talos' },
  ],
  [
    'a file of Talos',
    {
      machine: { files: [{ path: '/var/a.yaml', content: configuration }] },
      cluster: { apiServer: { extraArgs: { 'authentication-config': '/var/a.yaml' } } },
    },
    byMail,
    { controlPlane: 'talos' },
  ],
  [
    'Talos by an image of the factory',
    {
      machine: { install: { image: 'factory.talos.dev/installer/abc:v1.11.2' } },
      cluster: { apiServer: { extraArgs: both } },
    },
    bySub,
    { controlPlaneVersion: '1.11' },
  ],
  [
    'talhelper with a JSON patch as text',
    {
      talosVersion: 'v1.12.0',
      nodes: [
        { hostname: 'a', patches: [stringify([{ op: 'add', path: '/cluster/apiServer/extraArgs', value: both }])] },
      ],
    },
    bySub,
    { controlPlane: 'talos' },
  ],
  [
    'Rancher, the inner part alone',
    { kubernetesVersion: 'v1.33.1+rke2r1', rkeConfig: { machineGlobalConfig: { 'kube-apiserver-arg': bare } } },
    bySub,
    { controlPlane: 'rke2', kubernetes: '1.33.1' },
  ],
  [
    'RKE by Rancher',
    { rancher_kubernetes_engine_config: { services: { 'kube-api': { extra_args: both } } } },
    bySub,
    { controlPlane: 'flags' },
  ],
  [
    'EKS by a controller of AWS',
    {
      apiVersion: 'eks.services.k8s.aws/v1alpha1',
      kind: 'IdentityProviderConfig',
      spec: { oidc: { issuerURL: url, clientID: 'k8s', usernameClaim: 'email' } },
    },
    byMail,
    { controlPlane: 'eks' },
  ],
  [
    "a JSON patch of kubeadm's static pod",
    words.map((value) => ({ op: 'add', path: '/spec/containers/0/command/-', value })),
    bySub,
  ],
  ['the command of a pod as JSON', JSON.stringify(['kube-apiserver', ...words]), bySub],
  [
    'kubeadm with a merge key',
    `x: &oidc\n  ${bare.map((one) => one.replace('=', ': ')).join('\n  ')}\napiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\napiServer:\n  extraArgs:\n    <<: *oidc\n    oidc-username-claim: email\n`,
    byMail,
    { controlPlane: 'kubeadm' },
  ],
  [
    'K3s with an alias, among its own settings',
    `x-people: &people ["${bare[0]}", "${bare[1]}"]\ncluster-init: true\nkube-apiserver-arg: *people\n`,
    bySub,
    { controlPlane: 'k3s' },
  ],
  [
    'an Ansible variable with a command line of K3s',
    `extra_server_args: '${wrapped.join(' ')}'\n`,
    bySub,
    { controlPlane: 'k3s', isGuess: true },
  ],
  [
    'a file of Cluster API in Base64',
    {
      kind: 'KubeadmControlPlane',
      spec: {
        kubeadmConfigSpec: {
          files: [{ path: '/etc/a.yaml', encoding: 'base64', content: Buffer.from(configuration).toString('base64') }],
        },
      },
    },
    byMail,
  ],
  [
    'a Secret as the cluster has it',
    { kind: 'Secret', data: { 'auth.yaml': Buffer.from(configuration).toString('base64') } },
    byMail,
  ],
  [
    'binaryData of a ConfigMap',
    { kind: 'ConfigMap', binaryData: { a: Buffer.from(configuration).toString('base64') } },
    byMail,
  ],
  [
    'a patch of Talos with directives',
    {
      cluster: {
        apiServer: { extraArgs: { $patch: 'replace', ...both, 'oidc-username-claim': { $patch: 'delete' } } },
      },
    },
    bySub,
    { controlPlane: 'talos' },
  ],
  [
    'Gardener by its webhook',
    {
      apiVersion: 'authentication.gardener.cloud/v1alpha1',
      kind: 'OpenIDConnect',
      metadata: { name: 'kanidm' },
      spec: { issuerURL: url, clientID: 'k8s', usernameClaim: 'email', supportedSigningAlgs: ['ES256'] },
    },
    { claim: 'email', prefix: 'kanidm/' },
    { advice: expect.stringContaining('OpenIDConnect') },
  ],
  [
    'Gardener with a CA',
    {
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'Shoot',
      spec: {
        kubernetes: {
          kubeAPIServer: { oidcConfig: { issuerURL: url, clientID: 'k8s', usernameClaim: 'email', caBundle: 'PEM' } },
        },
      },
    },
    byMail,
    { issuers: [expect.objectContaining({ ca: { pem: 'PEM' } })] },
  ],
  [
    'Gardener with lists',
    {
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'Shoot',
      spec: {
        kubernetes: {
          version: '1.33.2',
          kubeAPIServer: {
            oidcConfig: { issuerURL: url, clientID: 'k8s', requiredClaims: {}, signingAlgs: ['ES256', 'RS256'] },
          },
        },
      },
    },
    bySub,
    { kubernetes: '1.33.2' },
  ],
  [
    'EKS as the command line prints it',
    {
      identityProviderConfig: {
        oidc: {
          clusterName: 'a',
          issuerUrl: url,
          clientId: 'k8s',
          usernameClaim: 'email',
          requiredClaims: {},
          tags: {},
        },
      },
    },
    byMail,
    { issuers: [expect.objectContaining({ requiredClaims: new Map() })] },
  ],
  [
    'eksctl with required claims',
    {
      apiVersion: 'eksctl.io/v1alpha5',
      kind: 'ClusterConfig',
      metadata: { version: '1.33' },
      identityProviders: [{ type: 'oidc', issuerURL: url, clientID: 'k8s', requiredClaims: { azp: 'k8s', a: 'b' } }],
    },
    bySub,
    {
      kubernetes: '1.33',
      issuers: [
        expect.objectContaining({
          requiredClaims: new Map([
            ['azp', 'k8s'],
            ['a', 'b'],
          ]),
        }),
      ],
    },
  ],
  [
    'eksctl as JSON, with an empty prefix',
    JSON.stringify({
      kind: 'ClusterConfig',
      apiVersion: 'eksctl.io/v1alpha5',
      identityProviders: [
        { type: 'oidc', name: 'k', clientId: 'k8s', issuerUrl: url, usernameClaim: 'email', usernamePrefix: '-' },
      ],
    }),
    byMail,
    { controlPlane: 'eks' },
  ],
  [
    'vcluster',
    { controlPlane: { distro: { k8s: { apiServer: { extraArgs: words } } } } },
    bySub,
    { controlPlane: 'flags', advice: expect.stringContaining('controlPlane.distro') },
  ],
  [
    'a chart that runs kube-apiserver',
    { apiServer: { containers: [{ name: 'a', command: ['kube-apiserver'], args: words }] } },
    bySub,
  ],
  [
    'cloud-init',
    `#cloud-config\nwrite_files:\n  - path: /etc/rancher/k3s/config.yaml\n    content: |\n${stringify({ cni: 'none', 'kube-apiserver-arg': bare }).replaceAll(/^/gm, '      ')}`,
    bySub,
    { controlPlane: 'rke2' },
  ],
];

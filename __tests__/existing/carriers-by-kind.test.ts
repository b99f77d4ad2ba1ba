import { reading } from './carrier-reading';

const url = 'https://idm.example.org';
const extraArgs = { 'oidc-issuer-url': url, v: '2' };
const extra = [`oidc-issuer-url=${url}`, 'v=2'];
const put = (what: string) => `put the rendered ${what}`;

/** The fields that several kinds of documents have, each with another value, and the flags that they set. */
const lowerCamel = {
  issuerURL: url,
  clientID: 'k8s',
  caFile: '/ca.pem',
  usernameClaim: 'email',
  usernamePrefix: 'u:',
  groupsClaim: 'groups',
  groupsPrefix: 'g:',
  requiredClaim: 'a=b',
  signingAlgs: ['ES256', 'RS256'],
};
const flags = [
  `oidc-issuer-url=${url}`,
  'oidc-client-id=k8s',
  'oidc-ca-file=/ca.pem',
  'oidc-username-claim=email',
  'oidc-username-prefix=u:',
  'oidc-groups-claim=groups',
  'oidc-groups-prefix=g:',
  'oidc-required-claim=a=b',
  'oidc-signing-algs=ES256|RS256',
];
const at = (place: string, fields: readonly string[]) => fields.map((field) => `${place}.${field}`);
const read = Object.keys(lowerCamel);

test('eksctl', () => {
  const document = {
    kind: 'ClusterConfig',
    apiVersion: 'eksctl.io/v1alpha5',
    metadata: { name: 'a', version: '1.33' },
    identityProviders: [lowerCamel, { issuerUrl: 'https://other.example', clientId: 'x', groupsClaims: 'y' }],
  };
  expect(reading(document)).toEqual({
    name: 'eksctl',
    controlPlane: 'eks',
    args: [
      `oidc-issuer-url=${url}|https://other.example`,
      'oidc-client-id=k8s|x',
      'oidc-ca-file=/ca.pem',
      'oidc-username-claim=email',
      'oidc-username-prefix=u:',
      'oidc-groups-claim=groups|y',
      'oidc-groups-prefix=g:',
      'oidc-required-claim=a=b',
      'oidc-signing-algs=ES256|RS256',
    ],
    kubernetes: '1.33',
    read: [
      ...at('identityProviders.0', read),
      ...at('identityProviders.1', ['issuerUrl', 'clientId', 'groupsClaims']),
      'metadata.version',
    ],
  });
  expect(reading({ ...document, apiVersion: 'x.eksctl.io/v1' })).toBeUndefined();
});

test('k0s, k0sctl and k0smotron', () => {
  const spec = { api: { extraArgs, rawArgs: ['--a=b'], externalAddress: 'api.example.org', port: 9443 } };
  const k0s = { kind: 'ClusterConfig', apiVersion: 'k0s.k0sproject.io/v1beta1', spec };
  const inner = {
    name: 'k0s',
    controlPlane: 'k0s',
    args: [...extra, 'a=b'],
    server: 'https://api.example.org:9443',
    read: ['spec.api.port', 'spec.api.extraArgs', 'spec.api.rawArgs', 'spec.api.externalAddress'],
  };
  expect(reading(k0s)).toEqual(inner);
  expect(reading({ ...k0s, apiVersion: 'my.k0s.k0sproject.io/v1' })).toBeUndefined();
  expect(reading({ spec })).toEqual(inner);
  const ctl = {
    kind: 'Cluster',
    apiVersion: 'k0sctl.k0sproject.io/v1beta1',
    spec: { k0s: { version: 'v1.33.2+k0s.0', config: {} } },
  };
  expect(reading(ctl)).toEqual({
    name: 'k0sctl',
    advice: 'put the `extraArgs` of the rendered patch under spec.k0s.config.spec.api',
    controlPlane: 'k0s',
    documents: ['spec.k0s.config'],
    kubernetes: '1.33.2',
    read: ['spec.k0s.config', 'spec.k0s.version'],
  });
  expect(reading({ ...ctl, apiVersion: 'a.k0sctl.example' })).toBeUndefined();
  const motron = { kind: 'Cluster', apiVersion: 'k0smotron.io/v1beta1', spec: { version: 'v1.34.4', k0sConfig: {} } };
  expect(reading(motron)).toEqual({
    name: 'k0smotron',
    advice: 'put the `extraArgs` of the rendered patch under spec.k0sConfig.spec.api',
    controlPlane: 'k0s',
    documents: ['spec.k0sConfig'],
    kubernetes: '1.34.4',
    read: ['spec.k0sConfig', 'spec.version'],
  });
  expect(reading({ ...motron, apiVersion: 'a.k0smotron.io/v1' })).toBeUndefined();
});

test.each(['K0sControlPlane', 'K0smotronControlPlane'])('k0s by Cluster API: %s', (kind) => {
  const files = [{ content: 'a' }, { content: 'b' }];
  expect(reading({ kind, spec: { version: 'v1.34.4', k0sConfigSpec: { k0s: {}, files }, k0sConfig: {} } })).toEqual({
    name: 'k0s by Cluster API',
    advice: 'put the `extraArgs` of the rendered patch under `spec.api` of the ClusterConfig in this resource',
    controlPlane: 'k0s',
    kubernetes: '1.34.4',
    documents: [
      'spec.k0sConfigSpec.k0s',
      'spec.k0sConfig',
      'spec.k0sConfigSpec.files.0.content',
      'spec.k0sConfigSpec.files.1.content',
    ],
    read: [
      'spec.k0sConfigSpec.k0s',
      'spec.k0sConfig',
      'spec.k0sConfigSpec.files.0.content',
      'spec.k0sConfigSpec.files.1.content',
      'spec.version',
    ],
  });
});

test('kubeadm', () => {
  const document = {
    kind: 'ClusterConfiguration',
    kubernetesVersion: 'v1.34.1',
    controlPlaneEndpoint: 'api.example.org',
    apiServer: { extraArgs },
  };
  expect(reading(document)).toEqual({
    name: 'kubeadm',
    controlPlane: 'kubeadm',
    args: extra,
    kubernetes: '1.34.1',
    server: 'https://api.example.org:6443',
    read: ['apiServer.extraArgs', 'kubernetesVersion', 'controlPlaneEndpoint'],
  });
});

test('a ConfigMap and a Secret', () => {
  expect(reading({ kind: 'ConfigMap', data: { a: '1', b: '2' }, binaryData: { c: '3' } })).toEqual({
    name: 'a ConfigMap',
    documents: ['data.a', 'data.b', 'binaryData.c'],
    read: ['data.a', 'data.b', 'binaryData.c'],
  });
  expect(reading({ kind: 'Secret', data: { a: '1' }, stringData: { b: '2' } })).toEqual({
    name: 'a Secret',
    documents: ['stringData.b', 'data.a'],
    read: ['stringData.b', 'data.a'],
  });
});

const containers = [
  { image: 'proxy:v1.2.3', args: ['--v=1'] },
  { image: 'registry.example.org/kube-apiserver:v1.33.2', command: ['kube-apiserver', 'x'], args: ['--v=2'] },
];

test('a pod and a workload', () => {
  const place = (path: string) => [...at(`${path}.1`, ['entrypoint', 'command', 'args']), `${path}.1.image`];
  const endpoint = 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint';
  const pod = { kind: 'Pod', metadata: { annotations: { [endpoint]: '192.0.2.1:6443' } }, spec: { containers } };
  const says = { args: ['v=2'], others: ['1 more word'], kubernetes: '1.33.2' };
  expect(reading(pod)).toEqual({
    name: 'a static pod',
    controlPlane: 'kubeadm',
    server: 'https://192.0.2.1:6443',
    ...says,
    read: place('spec.containers'),
  });
  expect(reading({ ...pod, metadata: {} })).toEqual({ name: 'a static pod', ...says, read: place('spec.containers') });
  expect(reading({ kind: 'Pod', spec: { containers: containers.slice(0, 1) } })).toBeUndefined();
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet'])
    expect(reading({ kind, metadata: pod.metadata, spec: { template: { spec: { containers } } } })).toEqual({
      name: 'a workload',
      advice: put('flags into the arguments of the container that runs the API server'),
      controlPlane: 'flags',
      ...says,
      read: place('spec.template.spec.containers'),
    });
});

test('Cluster API', () => {
  const clusterConfiguration = {
    apiServer: { extraArgs },
    controlPlaneEndpoint: 'api.example.org:443',
    kubernetesVersion: 'none',
  };
  const spec = { version: 'v1.34.2', kubeadmConfigSpec: { clusterConfiguration, files: [{ content: 'a' }] } };
  const says = (name: string, place: string) => ({
    name,
    controlPlane: 'cluster-api',
    args: extra,
    documents: [`${place}kubeadmConfigSpec.files.0.content`],
    kubernetes: '1.34.2',
    server: 'https://api.example.org:443',
    read: [
      `${place}kubeadmConfigSpec.clusterConfiguration.apiServer.extraArgs`,
      `${place}kubeadmConfigSpec.files.0.content`,
      `${place}version`,
      `${place}kubeadmConfigSpec.clusterConfiguration.controlPlaneEndpoint`,
    ],
  });
  expect(reading({ kind: 'KubeadmControlPlane', spec })).toEqual(says('Cluster API', 'spec.'));
  const template = { template: { spec } };
  const kind = 'KubeadmControlPlaneTemplate';
  expect(reading({ kind, spec: template })).toEqual(says('a template of Cluster API', 'spec.template.spec.'));
  // A patch has no kind.
  expect(reading({ spec })).toEqual(says('a patch of Cluster API', 'spec.'));
  expect(reading({ spec: template })).toEqual({
    ...says('a patch of Cluster API', 'spec.template.spec.'),
    advice: put('arguments into the patch of the ClusterClass'),
  });
  const own = { clusterConfiguration: { ...clusterConfiguration, kubernetesVersion: 'v1.30.0' } };
  expect(reading({ spec: { ...spec, kubeadmConfigSpec: own } })).toMatchObject({ kubernetes: '1.30.0' });
});

test('RKE2 by Cluster API', () => {
  const spec = {
    agentConfig: { version: 'v1.33.1+rke2r1' },
    serverConfig: { kubeAPIServer: { extraArgs: ['--v=2'] } },
    files: [{ content: 'a' }],
  };
  const says = (name: string, place: string) => ({
    name,
    advice: put(`arguments into ${place}serverConfig.kubeAPIServer.extraArgs`),
    controlPlane: 'rke2',
    args: ['v=2'],
    documents: [`${place}files.0.content`],
    kubernetes: '1.33.1',
    read: [`${place}serverConfig.kubeAPIServer.extraArgs`, `${place}files.0.content`, `${place}agentConfig.version`],
  });
  expect(reading({ kind: 'RKE2ControlPlane', spec })).toEqual(says('RKE2 by Cluster API', 'spec.'));
  expect(reading({ kind: 'RKE2ControlPlaneTemplate', spec: { template: { spec } } })).toEqual(
    says('an RKE2 template of Cluster API', 'spec.template.spec.'),
  );
  expect(reading({ kind: 'RKE2ControlPlane', spec: { ...spec, version: 'v1.34.0' } })).toMatchObject({
    kubernetes: '1.34.0',
  });
});

test('kops', () => {
  const upper = {
    oidcIssuerURL: url,
    oidcClientID: 'k8s',
    oidcCAFile: '/ca.pem',
    oidcUsernameClaim: 'email',
    oidcUsernamePrefix: 'u:',
    oidcGroupsClaim: 'groups',
    oidcGroupsPrefix: 'g:',
    oidcRequiredClaim: 'a=b',
    oidcSigningAlgs: ['ES256', 'RS256'],
  };
  const document = {
    kind: 'Cluster',
    apiVersion: 'kops.k8s.io/v1alpha2',
    spec: {
      kubernetesVersion: '1.33.0',
      masterPublicName: 'api.example.org',
      kubeAPIServer: upper,
      fileAssets: [{ content: 'a' }],
    },
  };
  const says = {
    name: 'kops',
    advice: expect.stringContaining('kops has no field for oidc-signing-algs'),
    controlPlane: 'flags',
    args: flags,
    kubernetes: '1.33.0',
    documents: ['spec.fileAssets.0.content'],
    server: 'https://api.example.org:6443',
  };
  const rest = ['spec.fileAssets.0.content', 'spec.kubernetesVersion', 'spec.masterPublicName'];
  expect(reading(document)).toEqual({ ...says, read: [...at('spec.kubeAPIServer', Object.keys(upper)), ...rest] });
  const { kubeAPIServer, ...spec } = document.spec;
  const oidc = { issuerURL: url, clientID: 'k8s', oidcCAFile: '/ca.pem', groupsClaims: ['groups'], other: 'x' };
  expect(reading({ ...document, spec: { ...spec, authentication: { oidc } } })).toEqual({
    ...says,
    args: [`oidc-issuer-url=${url}`, 'oidc-client-id=k8s', 'oidc-ca-file=/ca.pem', 'oidc-groups-claim=groups'],
    read: [...at('spec.authentication.oidc', ['issuerURL', 'clientID', 'oidcCAFile', 'groupsClaims']), ...rest],
  });
  const kubeAPIServerOfFile = { authenticationConfigFile: '/srv/a.yaml' };
  expect(reading({ ...document, spec: { ...spec, kubeAPIServer: kubeAPIServerOfFile } })).toMatchObject({
    args: ['authentication-config=/srv/a.yaml'],
  });
  expect(reading({ ...document, apiVersion: 'x.kops.k8s.io/v1' })).toBeUndefined();
});

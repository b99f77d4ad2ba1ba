import { reading } from './carrier-reading';

const url = 'https://idm.example.org';
const put = (what: string) => `put the rendered ${what}`;
const set = (what: string) => `set the values of the rendered flags in ${what}`;
const oidc = { issuerURL: url, clientID: 'k8s' };
const flags = [`oidc-issuer-url=${url}`, 'oidc-client-id=k8s'];
const at = (place: string, fields: readonly string[]) => fields.map((field) => `${place}.${field}`);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const pem = '-----BEGIN CERTIFICATE-----';

test('Rancher', () => {
  const spec = {
    kubernetesVersion: 'v1.33.1+rke2r1',
    rkeConfig: {
      machineGlobalConfig: { 'kube-apiserver-arg': ['a=b'] },
      machineSelectorConfig: [{ config: { 'kube-apiserver-arg': ['c=d'] } }],
    },
  };
  const says = (place: string) => ({
    name: 'Rancher',
    advice: put(`arguments into ${place}rkeConfig.machineGlobalConfig.kube-apiserver-arg`),
    controlPlane: 'rke2',
    args: ['a=b', 'c=d'],
    kubernetes: '1.33.1',
    read: [
      `${place}rkeConfig.machineGlobalConfig.kube-apiserver-arg`,
      `${place}rkeConfig.machineSelectorConfig.0.config.kube-apiserver-arg`,
      `${place}kubernetesVersion`,
    ],
  });
  const document = { kind: 'Cluster', apiVersion: 'provisioning.cattle.io/v1', spec };
  expect(reading(document)).toEqual(says('spec.'));
  expect(reading(spec)).toEqual(says(''));
  expect(reading({ ...document, apiVersion: 'x.provisioning.cattle.io/v1' })).toBeUndefined();
  const older = { ...document, spec: { ...spec, kubernetesVersion: 'v1.28.9-rancher1-1' } };
  expect(reading(older)).not.toHaveProperty('controlPlane');
});

test('kind', () => {
  const patches = { kubeadmConfigPatches: ['a'], kubeadmConfigPatchesJSON6902: [{ patch: 'b' }] };
  const document = {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    ...patches,
    nodes: [{ image: 'kindest/node:v1.34.0@sha256:00', ...patches }],
  };
  const documents = [
    'kubeadmConfigPatches.0',
    'nodes.0.kubeadmConfigPatches.0',
    'kubeadmConfigPatchesJSON6902.0.patch',
    'nodes.0.kubeadmConfigPatchesJSON6902.0.patch',
  ];
  expect(reading(document)).toEqual({
    name: 'kind',
    advice: put('ClusterConfiguration into kubeadmConfigPatches'),
    controlPlane: 'kubeadm',
    documents,
    kubernetes: '1.34.0',
    read: [...documents, 'nodes.0.image'],
  });
  expect(reading({ ...document, apiVersion: 'x.kind.x-k8s.io/v1' })).toBeUndefined();
});

describe('KubeOne', () => {
  const document = (enable: unknown, config: object, apiVersion = 'kubeone.k8c.io/v1beta2') => ({
    kind: 'KubeOneCluster',
    apiVersion,
    versions: { kubernetes: '1.34.4' },
    apiEndpoint: { host: 'api.example.org', port: 8443 },
    features: { openidConnect: { enable, config } },
  });
  const config = 'features.openidConnect.config';
  const says = {
    name: 'KubeOne',
    advice: set('features.openidConnect.config of KubeOne'),
    controlPlane: 'flags',
    kubernetes: '1.34.4',
    server: 'https://api.example.org:8443',
  };
  const rest = ['versions.kubernetes', 'apiEndpoint.host'];
  const all = { ...oidc, usernamePrefix: 'u:', groupsClaim: 'roles', groupsPrefix: 'g:' };
  const allFlags = [...flags, 'oidc-username-prefix=u:', 'oidc-groups-claim=roles', 'oidc-groups-prefix=g:'];

  test('with all settings', () => {
    expect(reading(document(true, all))).toEqual({
      ...says,
      args: allFlags,
      read: ['features.openidConnect.enable', 'apiEndpoint.port', ...at(config, Object.keys(all)), ...rest],
    });
  });

  test.each([true, 'True', 'yes', 'on', 'ON', 1, '1'])('is on with %j', (enable) => {
    expect(reading(document(enable, all))).toMatchObject({ args: allFlags });
  });

  test.each([false, 'no', 0, undefined, '', 'truex'])('is off with %j', (enable) => {
    expect(reading(document(enable, oidc))).toEqual({
      ...says,
      faults: [`features.openidConnect.enable is not true, so KubeOne ignores ${config}.issuerURL, ${config}.clientID`],
      read: [
        ...(enable === undefined ? [] : ['features.openidConnect.enable']),
        'apiEndpoint.port',
        ...at(config, ['issuerURL', 'clientID']),
        ...rest,
      ],
    });
    expect(reading(document(enable, {}))).not.toHaveProperty('faults');
  });

  test('is taken for on if a template decides', () => {
    expect(reading(document('{{ .Values.oidc }}', all))).toMatchObject({
      args: allFlags,
      faults: ['features.openidConnect.enable is a template: adopt assumes that its value is true'],
    });
  });

  test('has defaults, also in place of an empty value, if it sets an issuer', () => {
    const sets = (apiVersion: string, settings: object) => reading(document(true, settings, apiVersion));
    const defaults = ['oidc-client-id=kubernetes', 'oidc-username-prefix=oidc:', 'oidc-groups-claim=groups'];
    const faults = (args: readonly string[]) => [
      `KubeOne sets ${args.map((one) => `--${one}`).join(', ')} by default: adopt assumes these values`,
    ];
    const issuer = { issuerUrl: url };
    for (const version of [
      'kubeone.k8c.io/v1beta2',
      'kubeone.k8c.io/v1beta3',
      'kubeone.k8c.io/v1beta11',
      'kubeone.k8c.io/v1',
    ])
      expect(sets(version, issuer)).toMatchObject({
        args: [`oidc-issuer-url=${url}`, ...defaults, 'oidc-groups-prefix=oidc:'],
        faults: faults([...defaults, 'oidc-groups-prefix=oidc:']),
      });
    for (const version of ['kubeone.io/v1beta1', 'kubeone.io/v1alpha1'])
      expect(sets(version, issuer)).toEqual({
        ...says,
        args: [`oidc-issuer-url=${url}`],
        read: ['features.openidConnect.enable', 'apiEndpoint.port', `${config}.issuerUrl`, ...rest],
      });
    expect(sets('kubeone.k8c.io/v1beta2', { ...issuer, groupsPrefix: '' })).toMatchObject({
      args: [`oidc-issuer-url=${url}`, 'oidc-groups-prefix=oidc:', ...defaults],
    });
    expect(sets('kubeone.k8c.io/v1beta2', { clientID: 'k8s' })).toMatchObject({ args: ['oidc-client-id=k8s'] });
    expect(sets('kubeone.k8c.io/v1beta2', { clientID: 'k8s' })).not.toHaveProperty('faults');
  });
});

test.each([
  [
    'KubeKey',
    {
      kind: 'Cluster',
      apiVersion: 'kubekey.kubesphere.io/v1alpha2',
      spec: { kubernetes: { version: 'v1.34.4', apiserverArgs: ['a=b'] } },
    },
    put('flags into spec.kubernetes.apiserverArgs of KubeKey'),
    'spec.kubernetes.apiserverArgs',
  ],
  [
    'Kamaji',
    {
      kind: 'TenantControlPlane',
      spec: {
        kubernetes: { version: 'v1.34.4' },
        controlPlane: { deployment: { extraArgs: { apiServer: ['--a=b'] } } },
      },
    },
    put('flags into spec.controlPlane.deployment.extraArgs.apiServer of Kamaji'),
    'spec.controlPlane.deployment.extraArgs.apiServer',
  ],
])('%s', (name, document, advice, place) => {
  expect(reading(document)).toEqual({
    name,
    advice,
    controlPlane: 'flags',
    args: ['a=b'],
    kubernetes: '1.34.4',
    read: [place, 'spec.kubernetes.version'],
  });
});

test('another API group is another kind', () => {
  expect(reading({ kind: 'Cluster', apiVersion: 'x.kubekey.kubesphere.io/v1', spec: {} })).toBeUndefined();
  expect(reading({ kind: 'Cluster', spec: {} })).toBeUndefined();
  expect(reading({ kind: 'OIDCConfig', apiVersion: 'x.anywhere.eks.amazonaws.com/v1', spec: oidc })).toBeUndefined();
  expect(reading({ kind: 'OpenIDConnect', apiVersion: 'x.authentication.gardener.cloud/v1' })).toBeUndefined();
  expect(reading({ kind: 'Simple', apiVersion: 'x.k3d.io/v1' })).toBeUndefined();
  expect(reading({ kind: 'IdentityProviderConfig', apiVersion: 'x.eks.services.k8s.aws/v1' })).toBeUndefined();
});

test('EKS Anywhere and EKS by ACK', () => {
  expect(reading({ kind: 'OIDCConfig', apiVersion: 'anywhere.eks.amazonaws.com/v1alpha1', spec: oidc })).toEqual({
    name: 'EKS Anywhere',
    advice: expect.stringMatching(/has no field for oidc-signing-algs.* `legacyCrypto: true`/),
    controlPlane: 'flags',
    args: flags,
    read: ['spec.issuerURL', 'spec.clientID'],
  });
  const ack = { kind: 'IdentityProviderConfig', apiVersion: 'eks.services.k8s.aws/v1alpha1', spec: { oidc } };
  expect(reading(ack)).toEqual({
    name: 'EKS by ACK',
    controlPlane: 'eks',
    args: flags,
    read: ['spec.oidc.issuerURL', 'spec.oidc.clientID'],
  });
});

test.each(['eks.aws.upbound.io/v1beta1', 'eks.aws.m.upbound.io/v1beta1'])('EKS by Crossplane: %s', (apiVersion) => {
  const document = (given: unknown) => ({
    kind: 'IdentityProviderConfig',
    apiVersion,
    spec: { forProvider: { oidc: given } },
  });
  expect(reading(document([oidc]))).toMatchObject({ controlPlane: 'eks', args: flags });
  expect(reading(document(oidc))).toMatchObject({ controlPlane: 'eks', args: flags });
});

test('kubeadm can patch kube-apiserver on a node', () => {
  const patches = { directory: '/etc/patches' };
  for (const kind of ['InitConfiguration', 'JoinConfiguration'])
    expect(reading({ kind, patches })).toMatchObject({ elsewhere: ['the folder /etc/patches'] });
  expect(reading({ kind: 'InitConfiguration', localAPIEndpoint: {} })).not.toHaveProperty('elsewhere');
  expect(reading({ kind: 'UpgradeConfiguration', patches })).toBeUndefined();
});

test('Kubermatic: the settings of a Cluster', () => {
  const spec = { version: '1.33.5', oidc: { issuerURL: 'https://i', clientID: 'k8s', clientSecret: 'x' } };
  const apiVersion = 'kubermatic.k8c.io/v1';
  expect(reading({ apiVersion, kind: 'Cluster', spec })).toMatchObject({
    controlPlane: 'flags',
    kubernetes: '1.33.5',
    args: ['oidc-issuer-url=https://i', 'oidc-client-id=k8s'],
  });
  const { version } = spec;
  const named = { version, authenticationConfiguration: { secretName: 'auth', secretKey: 'config.yaml' } };
  expect(reading({ apiVersion, kind: 'Cluster', spec: named })?.elsewhere).toEqual(['the Secret auth']);
  expect(reading({ apiVersion: 'cluster.x-k8s.io/v1', kind: 'Cluster', spec })).toBeUndefined();
});

test('Omni: a cluster template', () => {
  const patches = [{ name: 'a', inline: { cluster: {} } }, { file: 'patches/a.yaml' }];
  const cluster = { kind: 'Cluster', kubernetes: { version: 'v1.34.1' }, talos: { version: 'v1.13.0' }, patches };
  const both = { documents: ['patches.0.inline'], elsewhere: ['the file patches/a.yaml'] };
  expect(reading(cluster)).toMatchObject({
    controlPlane: 'talos',
    controlPlaneVersion: '1.13',
    kubernetes: '1.34.1',
    ...both,
  });
  expect(reading({ kind: 'ControlPlane', patches })).toMatchObject({ controlPlane: 'talos', ...both });
  expect(reading({ kind: 'Machine', patches })).toMatchObject({
    name: 'a machine of Omni',
    advice: 'the patches of a Machine apply only to this machine: add the rendered patch to `patches` of the Cluster',
    ...both,
  });
  expect(reading({ kind: 'Machine', apiVersion: 'cluster.x-k8s.io/v1beta2', patches })).toBeUndefined();
  expect(reading({ ...cluster, talos: {} })).toBeUndefined();
  expect(reading({ ...cluster, apiVersion: 'cluster.x-k8s.io/v1beta2' })).toBeUndefined();
});

test('Gardener: a Shoot names the ConfigMap with its AuthenticationConfiguration', () => {
  const shoot = (structuredAuthentication: object) =>
    reading({ kind: 'Shoot', spec: { kubernetes: { kubeAPIServer: { structuredAuthentication } } } });
  expect(shoot({ configMapName: 'people' })).toMatchObject({ elsewhere: ['the ConfigMap people'] });
  expect(shoot({})).not.toHaveProperty('elsewhere');
});

test('Gardener', () => {
  const place = 'spec.kubernetes.kubeAPIServer.oidcConfig';
  const shoot = (caBundle: unknown) => ({
    kind: 'Shoot',
    spec: { kubernetes: { version: '1.33.2', kubeAPIServer: { oidcConfig: { ...oidc, caBundle } } } },
  });
  const says = {
    name: 'Gardener',
    advice: 'set an AuthenticationConfiguration or the values of the rendered flags in the Gardener Shoot',
    controlPlane: 'flags',
    args: flags,
    kubernetes: '1.33.2',
  };
  const read = [...at(place, ['issuerURL', 'clientID']), 'spec.kubernetes.version'];
  expect(reading(shoot(pem))).toEqual({ ...says, ca: pem, read: [`${place}.caBundle`, ...read] });
  expect(reading(shoot(base64(pem)))).toMatchObject({ ca: pem });
  expect(reading(shoot(7))).toEqual({ ...says, read });
});

test('the webhook of Gardener', () => {
  const webhook = (spec: object, name: unknown = 'kanidm') =>
    reading({
      kind: 'OpenIDConnect',
      apiVersion: 'authentication.gardener.cloud/v1alpha1',
      metadata: { name },
      spec,
    });
  expect(webhook({ ...oidc, supportedSigningAlgs: ['ES256'], caBundle: pem })).toEqual({
    name: 'Gardener',
    advice: set('the OpenIDConnect resource of Gardener'),
    controlPlane: 'flags',
    args: [...flags, 'oidc-signing-algs=ES256', 'oidc-username-prefix=kanidm/'],
    ca: pem,
    faults: ['Gardener sets --oidc-username-prefix=kanidm/ by default: adopt assumes these values'],
    read: ['spec.caBundle', ...at('spec', ['issuerURL', 'clientID', 'supportedSigningAlgs'])],
  });
  expect(webhook({ ...oidc, groupsClaim: 'g' })?.args?.slice(2)).toEqual([
    'oidc-groups-claim=g',
    'oidc-username-prefix=kanidm/',
    'oidc-groups-prefix=kanidm/',
  ]);
  expect(webhook({ ...oidc, usernamePrefix: 'u:' }, undefined)?.args?.slice(2)).toEqual(['oidc-username-prefix=u:']);
});

test('k3d and a document of Talos', () => {
  const extraArgs = [{ arg: '--kube-apiserver-arg=a=b' }];
  const k3d = { kind: 'Simple', apiVersion: 'k3d.io/v1alpha5', image: 'rancher/k3s:v1.33.1-k3s1' };
  expect(reading({ ...k3d, options: { k3s: { extraArgs } } })).toEqual({
    name: 'k3d',
    advice: put('arguments into options.k3s.extraArgs, each as --kube-apiserver-arg'),
    controlPlane: 'k3s',
    args: ['a=b'],
    kubernetes: '1.33.1',
    read: ['options.k3s.extraArgs', 'image'],
  });
  const image = 'registry.k8s.io/kube-apiserver:v1.37.0';
  expect(reading({ kind: 'KubeAPIServerConfig', image, extraArgs: { a: 'b' } })).toEqual({
    name: 'Talos',
    controlPlane: 'talos',
    controlPlaneVersion: '1.14',
    isOldest: true,
    args: ['a=b'],
    kubernetes: '1.37.0',
    read: ['extraArgs', 'image'],
  });
});

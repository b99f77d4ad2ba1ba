import { isOwnRule } from '../../lib/existing/expressions';
import { isDropIn, versionIn } from '../../lib/existing/read-carrier';
import { hasVariable, hasVariableInAddress } from '../../lib/existing/variables';
import { reading } from './carrier-reading';

const k3s = (more: object = {}) => ({ 'kube-apiserver-arg': ['a=b'], ...more });
const kindOf = (document: object, source?: string) => {
  const { controlPlane, isGuess } = reading(document, source) ?? {};
  return isGuess ? `${controlPlane}?` : controlPlane;
};

describe('K3s or RKE2', () => {
  test.each([
    ...['cni', 'profile', 'ingress-controller', 'audit-policy-file', 'pod-security-admission-config-file'],
    ...['control-plane-resource-requests', 'cloud-provider-name', 'kube-apiserver-image', 'kube-x-image', 'etcd-image'],
    ...['runtime-image', 'cloud-controller-manager-image', 'kube-apiserver-extra-mount', 'etcd-extra-env'],
  ])('only RKE2 has the setting %s', (key) => {
    expect(kindOf(k3s({ [key]: 'x' }))).toBe('rke2');
    expect(kindOf(k3s({ [`x${key}`]: 'x' }))).toBe(/extra/.test(key) ? 'rke2' : 'k3s?');
  });

  test.each([
    ...['flannel-backend', 'disable-network-policy', 'disable-helm-controller', 'disable-kube-proxy-metrics', 'docker'],
    ...['cluster-init', 'secrets-encryption', 'servicelb-namespace', 'rootless', 'prefer-bundled-bin'],
  ])('only K3s has the setting %s', (key) => {
    expect(kindOf(k3s({ [key]: 'x' }))).toBe('k3s');
    expect(kindOf(k3s({ [`x${key}`]: 'x' }))).toBe('k3s?');
    expect(kindOf(k3s({ [`${key}x`]: 'x' }))).toBe(/flannel/.test(key) ? 'k3s' : 'k3s?');
  });

  test.each([
    [['traefik'], 'k3s'],
    ['servicelb, local-storage', 'k3s'],
    ['metrics-server', 'k3s'],
    ['coredns', 'k3s'],
    ['rke2-ingress-nginx', 'rke2'],
    ['traefik,rke2-coredns', 'k3s?'],
    ['traefik,rke2-coredns,rke2-metrics-server', 'rke2'],
    ['xtraefik, traefikx, x-rke2-', 'k3s?'],
  ])('the disabled components %j: %s', (disable, kind) => {
    expect(kindOf(k3s({ disable }))).toBe(kind);
  });

  test('the path of the data, then that of the file', () => {
    expect(kindOf(k3s({ 'data-dir': '/srv/rancher/rke2/data' }))).toBe('rke2');
    expect(kindOf(k3s({ 'data-dir': '/srv/rancher/k3s/data' }), 'rke2.yaml')).toBe('k3s');
    expect(kindOf(k3s(), '/etc/rancher/RKE2/config.yaml')).toBe('rke2');
    expect(kindOf(k3s(), '/etc/rancher/k3s/config.yaml')).toBe('k3s');
    expect(kindOf(k3s(), 'config.yaml')).toBe('k3s?');
    // If there is one setting of K3s and one of RKE2, the path decides.
    expect(kindOf(k3s({ docker: true, cni: 'x' }), 'rke2')).toBe('rke2');
  });

  test('the version, also against settings of the other one', () => {
    const rancher = (kubernetesVersion: string) => kindOf({ kubernetesVersion, rkeConfig: {} });
    expect(rancher('v1.33.1+rke2r1')).toBe('rke2');
    expect(rancher('v1.33.1+k3s1')).toBe('k3s');
    expect(rancher('v1.33.1')).toBeUndefined();
    expect(kindOf({ kubernetesVersion: 'v1.33.1', rkeConfig: {} }, 'rke2.yaml')).toBeUndefined();
    const compose = (image: string) =>
      kindOf({ services: { a: { image, command: ['server', '--kube-apiserver-arg=a=b'] } } });
    expect(compose('rancher/k3s:v1.33.1')).toBe('k3s');
    expect(compose('rancher/rke2@sha256:00')).toBe('rke2');
    expect(compose('rancher/k3s-upgrade:1')).toBe('k3s');
    expect(compose('rancher/k3sup:1')).toBeUndefined();
  });
});

test('a drop-in replaces the arguments of files before it, unless it adds to them', () => {
  const dropIn = 'etc/config.yaml.d/a.yaml';
  expect(reading(k3s(), dropIn)).toHaveProperty('replaces', true);
  expect(reading({ 'kube-apiserver-arg+': ['a=b'] }, dropIn)).not.toHaveProperty('replaces');
  expect(reading(k3s(), 'etc/config.yaml')).not.toHaveProperty('replaces');
  expect(['config.yaml.d/a', '/x/config.yaml.d/a.yaml'].map(isDropIn)).toEqual([true, true]);
  expect(['xconfig.yaml.d/a', 'config.yaml.d/a/b', 'config.yaml.d/', 'configxyaml.d/a'].map(isDropIn)).toEqual([
    ...[false, false, false, false],
  ]);
});

test.each<[unknown, string | undefined]>([
  ['v1.34.4+k3s1', '1.34.4'],
  ['1.34', '1.34'],
  [1.34, '1.34'],
  ['vv1.34', undefined],
  ['x1.34', undefined],
  ['1', undefined],
  ['registry.k8s.io/kube-apiserver:v1.33.2', '1.33.2'],
  ['registry.example.org:5000/kube-apiserver:v1.33.2@sha256:00', '1.33.2'],
  ['k8s.gcr.io/hyperkube:v1.18.0', '1.18.0'],
  ['kindest/node:v1.34.0', '1.34.0'],
  ['kindest/nodes/x:v1.34.0', '1.34.0'],
  ['kindest-node:v1.34.0', undefined],
  ['ghcr.io/siderolabs/kubelet:v1.32.0', '1.32.0'],
  ['rancher/k3s:v1.33.1-k3s1', '1.33.1'],
  ['rke2:v1.33.1', '1.33.1'],
  ['k0sproject/k0s:v1.33.1', '1.33.1'],
  ['x/myk3s:v1.33.1', undefined],
  ['x/k3sup:v1.33.1', undefined],
  ['siderolabs/installer:v1.10.2', '1.10.2'],
  ['siderolabs/talos:v1.10.2', '1.10.2'],
  ['siderolabs/other:v1.10.2', undefined],
  ['factory.talos.dev/installer/a:v1.11.2', '1.11.2'],
  ['x/factory.talos.dev/a:v1.11.2', undefined],
  ['rancher/hardened-kubernetes:v1.33.1-rke2r1', '1.33.1'],
  ['postgres:17.1', undefined],
  ['kube-apiserver:latest', undefined],
  [undefined, undefined],
])('the version of Kubernetes in %j: %s', (value, version) => {
  expect(versionIn(value)).toBe(version);
});

test.each<[unknown, string | undefined]>([
  ['https://a.example:1/x', 'https://a.example:1/x'],
  ['a.example', 'https://a.example:6443'],
  ['a.example:443', 'https://a.example:443'],
  ['a.example:x', 'https://a.example:x:6443'],
  ['http://a.example', undefined],
  ['a example', undefined],
  ['', undefined],
  [7, undefined],
  [`\${HOST}`, undefined],
])('the address %j of an API server: %s', (controlPlaneEndpoint, server) => {
  const says = reading({ kind: 'ClusterConfiguration', controlPlaneEndpoint });
  expect(says?.server).toBe(server);
  expect(says?.read).toEqual(server === undefined ? [] : ['controlPlaneEndpoint']);
});

test('a port counts only with its host', () => {
  const k0s = (api: object) => reading({ spec: { api: { rawArgs: [], ...api } } });
  expect(k0s({ port: 9443 })?.read).toEqual(['spec.api.port', 'spec.api.rawArgs'].slice(1));
  expect(k0s({ externalAddress: 'a' })).toMatchObject({ server: 'https://a:6443' });
});

test('the address in a static pod is only that of kubeadm', () => {
  const annotations = { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': 7 };
  const containers = [{ command: ['kube-apiserver', '--a=b'] }];
  const pod = reading({ kind: 'Pod', metadata: { annotations }, spec: { containers } });
  expect(pod).not.toHaveProperty('server');
  expect(pod).not.toHaveProperty('controlPlane');
});

test.each([
  ["!user.username.startsWith('system:')", true],
  [' ! user.username.startsWith( "system:" ) ', true],
  ["user.username.startsWith('system:')", false],
  ["!user.username.startsWith('system:') && true", false],
  ["user.groups.all(g, !g.startsWith('system:'))", true],
  ['user.groups.all( group1 ,\n!group1.startsWith("system:") )', true],
  ["user.groups.all(g, !h.startsWith('system:'))", false],
  ["x || user.groups.all(g, !g.startsWith('system:'))", false],
  ["user.groups.all(g, !g.startsWith('system:')) || x", false],
])('%s is a rule that Kaniflux writes: %s', (expression, isOwn) => {
  expect(isOwnRule(expression)).toBe(isOwn);
});

test('variables in names and addresses', () => {
  const braces = `a\${B}`;
  expect([braces, '{{ a }}', '$a', '$(a)', 'a'].map(hasVariable)).toEqual([true, true, false, false, false]);
  expect([braces, '{{ a }}', '$a', '$(a)', 'a'].map(hasVariableInAddress)).toEqual([true, true, true, true, false]);
});

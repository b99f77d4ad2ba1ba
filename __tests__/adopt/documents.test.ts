import { stringify } from 'yaml';
import { adopt } from '../../lib/adopt/adopt-config';
import { together } from '../../lib/existing/facts';
import { factsOf } from '../../lib/existing/read-documents';
import { pem } from '../node-files/cluster';

const flags = {
  'oidc-issuer-url': 'https://sso.kammel.dev/oauth2/openid/k8s',
  'oidc-client-id': 'k8s',
  'oidc-signing-algs': 'ES256',
  'oidc-username-claim': 'email',
  'oidc-username-prefix': '-',
  'oidc-groups-claim': 'groups',
  'oidc-groups-prefix': 'kanidm:',
  'oidc-required-claim': 'aud=k8s',
  'oidc-ca-file': '/etc/kubernetes/pki/sso.crt',
};
const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
const authentication = {
  claim: 'email',
  prefix: '',
  groups: { claim: 'groups', prefix: 'kanidm:' },
  requiredClaims: { aud: 'k8s' },
  ca: { nodePath: '/etc/kubernetes/pki/sso.crt' },
};

const pairs = Object.entries(flags).map(([name, value]) => ({ name, value }));
const kubeadm = { apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'ClusterConfiguration' };
const kubeadmMap = { ...kubeadm, kubernetesVersion: 'v1.30.2', apiServer: { extraArgs: flags } };
const kubeadmList = {
  ...kubeadm,
  kubernetesVersion: 'v1.34.4',
  controlPlaneEndpoint: 'cp.example.com',
  apiServer: { extraArgs: pairs },
};
const pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: {
    annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': '192.168.1.16:6443' },
  },
  spec: {
    containers: [
      { name: 'proxy', image: 'envoy:v2', command: ['envoy'] },
      { image: 'registry.k8s.io/kube-apiserver:v1.32.1', command: ['kube-apiserver', '--v=2', ...words] },
    ],
  },
};

test.each([
  ['a static pod', pod, { controlPlane: 'kubeadm', kubernetes: '1.32.1', server: 'https://192.168.1.16:6443' }],
  ['kubeadm, a map', kubeadmMap, { controlPlane: 'kubeadm', kubernetes: '1.30.2' }],
  ['kubeadm, a list', kubeadmList, { kubernetes: '1.34.4', server: 'https://cp.example.com:6443' }],
  [
    'the ConfigMap of kubeadm',
    { apiVersion: 'v1', kind: 'ConfigMap', data: { ClusterConfiguration: stringify(kubeadmList) } },
    { controlPlane: 'kubeadm', kubernetes: '1.34.4' },
  ],
  ['k3s', { 'kube-apiserver-arg': words.map((word) => word.slice(2)) }, { controlPlane: 'k3s' }],
  [
    'Talos',
    {
      machine: { token: 'secret-of-talos' },
      cluster: {
        controlPlane: { endpoint: 'https://192.0.2.5:6443' },
        apiServer: { image: 'registry.k8s.io/kube-apiserver:v1.33.0', extraArgs: flags },
      },
    },
    { controlPlane: 'talos', kubernetes: '1.33.0', server: 'https://192.0.2.5:6443' },
  ],
  [
    'Cluster API',
    {
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
      kind: 'KubeadmControlPlane',
      spec: { version: 'v1.34.1', kubeadmConfigSpec: { clusterConfiguration: kubeadmMap } },
    },
    { controlPlane: 'cluster-api' },
  ],
])('%s: the flags and what goes with them', (_, document, fields) => {
  const facts = factsOf('file.yaml', stringify(document));
  const { config, notes } = adopt(facts ?? together([]), 'a');
  expect((config.clusters as Record<string, unknown>).a).toMatchObject({ ...fields, client: 'k8s', authentication });
  expect(JSON.stringify(config)).not.toContain('secret-of-talos');
  expect(notes.map(({ text }) => text)).toEqual([
    expect.stringContaining('adopt did not find the domain of Kanidm'),
    expect.stringContaining('client k8s was not read from Kanidm'),
  ]);
});

test('RKE2 is told from k3s by where its file lies, and plain flags by themselves', () => {
  const rke2 = factsOf(
    '/etc/rancher/rke2/config.yaml',
    stringify({ 'kube-apiserver-arg': words.map((one) => one.slice(2)) }),
  );
  expect(rke2?.apiServers[0]).toMatchObject({ controlPlane: 'rke2' });
  const plain = factsOf('flags', words.join('\n').replaceAll('=', ' '));
  expect(plain?.apiServers[0]?.issuers[0]).toMatchObject({
    username: { claim: 'email', prefix: '' },
    audiences: ['k8s'],
  });
});

test.each(['', 'hello', 'a: 1', 'kind: Deployment', '{', '- 1'])('%j holds nothing that adopt knows', (text) => {
  expect(factsOf('x', text)?.apiServers ?? []).toEqual([]);
});

describe('an AuthenticationConfiguration', () => {
  const jwt = (url: string, more: object = {}) => ({
    issuer: { url, audiences: ['k8s'], certificateAuthority: pem },
    claimMappings: {
      username: { claim: 'sub', prefix: 'kanidm:' },
      groups: { claim: 'groups', prefix: 'kanidm:' },
    },
    ...more,
  });
  const facts = factsOf(
    'auth.yaml',
    stringify({
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      anonymous: { enabled: true, conditions: [{ path: '/livez' }] },
      jwt: [
        jwt('https://idm.example.com/oauth2/openid/k8s', {
          claimValidationRules: [{ claim: 'azp', requiredValue: 'k8s' }, { expression: 'claims.iat > 3' }],
          userValidationRules: [{ expression: "!user.username.startsWith('system:')" }],
        }),
        jwt('https://accounts.example.com', {
          claimMappings: {
            username: { claim: 'sub', prefix: 'google:' },
            groups: { claim: 'groups', prefix: 'google:' },
          },
        }),
        jwt('https://idm.example.com/oauth2/openid/k8s', { claimMappings: { username: { expression: 'claims.sub' } } }),
      ],
    }),
  );
  const { config, files, items, left } = adopt(facts ?? together([]), 'a');

  test('says the same inside the document of Talos', () => {
    const configuration = { jwt: [jwt('https://idm.example.com/oauth2/openid/k8s')] };
    const talos = { apiVersion: 'v1alpha1', kind: 'KubeAuthenticationConfig', configuration };
    const plain = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', ...configuration };
    const [server] = factsOf('talos.yaml', stringify(talos))?.apiServers ?? [];
    expect(server).toMatchObject({ controlPlane: 'talos', controlPlaneVersion: '1.14', method: 'structured' });
    expect(server?.issuers).toEqual(factsOf('talos.yaml', stringify(plain))?.apiServers[0]?.issuers);
  });

  test('becomes structured authentication, and its CA a file', () => {
    expect((config.clusters as Record<string, unknown>).a).toMatchObject({
      client: 'k8s',
      authentication: {
        method: 'structured',
        prefix: 'kanidm:',
        groups: { claim: 'groups', prefix: 'kanidm:' },
        requiredClaims: { azp: 'k8s' },
        anonymous: { enabled: true, paths: ['/livez'] },
        ca: { file: 'a-oidc-ca.crt' },
      },
    });
    expect(files).toEqual({ 'a-oidc-ca.crt': pem });
  });

  test('an issuer of others and rules are taken, and an entry that repeats an issuer is passed on as it is', () => {
    const not = items.filter(({ treatment }) => treatment === 'not taken').map(({ what, text }) => `${what}: ${text}`);
    expect(not).toEqual([
      expect.stringMatching(
        /^issuer https:\/\/idm.example.com\/oauth2\/openid\/k8s: another entry has this issuer URL/,
      ),
      ...Array.from({ length: 4 }, () => expect.stringMatching(/^jwt\[2\]/)),
    ]);
    expect(left.map((entry) => entry.issuer)).toMatchObject([{ url: 'https://idm.example.com/oauth2/openid/k8s' }]);
    expect((config.clusters as Record<string, unknown>).a).toMatchObject({
      authentication: { claimValidationRules: [{ expression: 'claims.iat > 3' }] },
      issuers: {
        'accounts-example-com': {
          url: 'https://accounts.example.com',
          audiences: ['k8s'],
          ca: { pem },
          claim: 'sub',
          prefix: 'google:',
          groups: { claim: 'groups', prefix: 'google:' },
        },
      },
    });
  });
});

test('what makes sign-in fail today is said', () => {
  const facts = factsOf(
    'flags',
    '--oidc-issuer-url=https://idm.example.com/oauth2/openid/k8s/ --oidc-client-id=kubernetes',
  );
  const { config, items, notes } = adopt(facts ?? together([]), 'a');
  const different = items
    .filter(({ treatment }) => treatment === 'different')
    .map(({ what, text }) => `${what}: ${text}`);
  expect(different).toEqual([
    expect.stringMatching(/^--oidc-issuer-url: the URL ends in a slash/),
    expect.stringMatching(/^--oidc-client-id: the audience kubernetes is not the client/),
  ]);
  expect(notes.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(
      /^without --oidc-signing-algs .* people can sign in today only if client k8s has `legacyCrypto`/,
    ),
  );
  expect(config).toMatchObject({ kanidm: { domain: 'idm.example.com' } });
});

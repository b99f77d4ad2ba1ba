import { stringify } from 'yaml';
import { adoptFiles, all, binding, type Files, grantsIn, jwt, k3s, structured, treatmentOf } from './adopted';

/* Setups of the kinds that people have published, in other files and spellings. */
const issuer = 'https://idm.example.org/oauth2/openid/k8s';
const clusterIn = (files: Files) => JSON.parse(JSON.stringify(adoptFiles(files).config)).clusters.a;
const clientIn = (files: Files) => JSON.parse(JSON.stringify(adoptFiles(files).config)).clients.k8s;
const flags = (more: Readonly<Record<string, string>>) => ({
  'oidc-issuer-url': issuer,
  'oidc-client-id': 'k8s',
  'oidc-signing-algs': 'ES256',
  ...more,
});
const words = (more: Readonly<Record<string, string>>) =>
  Object.entries(flags(more)).map(([name, value]) => `--${name}=${value}`);
const pod = (more: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  spec: {
    containers: [{ image: 'registry.k8s.io/kube-apiserver:v1.34.1', command: ['kube-apiserver', ...words(more)] }],
  },
});

describe('short user names in complete settings render as they are', () => {
  const short = { 'oidc-username-claim': 'preferred_username', 'oidc-username-prefix': 'people:' };
  const kubeadm = {
    kind: 'ClusterConfiguration',
    kubernetesVersion: 'v1.33.1',
    controlPlaneEndpoint: 'lb.example.org',
  };
  test.each<[string, Files]>([
    [
      'kubeadm, a map',
      { cc: { apiVersion: 'kubeadm.k8s.io/v1beta3', ...kubeadm, apiServer: { extraArgs: flags(short) } } },
    ],
    [
      "kubeadm's ConfigMap, flow style",
      {
        'cm.json': JSON.stringify({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          data: {
            ClusterConfiguration: JSON.stringify({
              apiVersion: 'kubeadm.k8s.io/v1beta4',
              ...kubeadm,
              apiServer: { extraArgs: Object.entries(flags(short)).map(([name, value]) => ({ name, value })) },
            }),
          },
        }),
      },
    ],
    [
      'a static pod and a kubeconfig',
      {
        pod: pod(short),
        kubeconfig: {
          apiVersion: 'v1',
          kind: 'Config',
          clusters: [{ name: 'a', cluster: { server: 'https://lb.example.org:6443' } }],
          contexts: [{ name: 'a', context: { cluster: 'a', user: 'me' } }],
          users: [
            {
              name: 'me',
              user: {
                exec: {
                  command: 'kubectl',
                  args: ['oidc-login', 'get-token', `--oidc-issuer-url=${issuer}`, '--oidc-client-id=k8s'],
                },
              },
            },
          ],
        },
      },
    ],
    ['a list of arguments', { 'args.json': JSON.stringify(['kube-apiserver', ...words(short)]) }],
  ])('%s', (_, files) => {
    const adopted = adoptFiles({ 'rbac.yaml': binding('admin', 'cluster-admin', 'User people:jane'), ...files });
    expect(adopted.config).toMatchObject({ clients: { k8s: { preferShortUsername: true } }, people: { jane: {} } });
    expect(grantsIn(adopted)).toEqual([{ name: 'admin', clusterRole: 'cluster-admin', people: ['jane'] }]);
    expect(adopted.changes).toEqual([]);
    expect(adopted.findings.filter(({ severity, code }) => severity === 'error' && code !== 'wrong-type')).toEqual([]);
  });

  test('without a prefix nobody can tell them from certificates, and what Kaniflux would do is said', () => {
    const adopted = adoptFiles({
      pod: pod({ ...short, 'oidc-username-prefix': '-' }),
      'rbac.yaml': binding('admin', 'cluster-admin', 'User jane'),
    });
    expect(treatmentOf(adopted, 'User jane in ClusterRoleBinding admin')).toMatchObject({
      treatment: 'not taken',
      text: expect.stringMatching(
        /a certificate or a person.*`preferShortUsername: true` in the config, Kaniflux turns short user names off/,
      ),
    });
  });
});

describe('each group that has a role can sign in', () => {
  const rbac = all(
    binding('users', 'view', 'Group k8s_users@idm.example.org'),
    binding('web/admins', 'admin', 'Group k8s_admins@idm.example.org', 'User jane@idm.example.org'),
  );
  const mapping = {
    username: { claim: 'preferred_username', prefix: '' },
    groups: { claim: 'groups', prefix: '' },
  };
  const oidc = {
    'oidc-username-claim': 'preferred_username',
    'oidc-username-prefix': '-',
    'oidc-groups-claim': 'groups',
  };
  test.each<[string, Files]>([
    [
      'an old version, in JSON',
      { 'auth.json': JSON.stringify({ ...structured(jwt(mapping)), apiVersion: 'apiserver.config.k8s.io/v1alpha1' }) },
    ],
    ['flags of K3s', { 'config.yaml': k3s(oidc) }],
    [
      'a machine configuration of Talos',
      { 'cp.yaml': { cluster: { apiServer: { extraArgs: flags(oidc) } }, machine: { type: 'controlplane' } } },
    ],
    [
      'a file of Cluster API',
      {
        'kcp.yaml': {
          apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
          kind: 'KubeadmControlPlane',
          spec: {
            kubeadmConfigSpec: { files: [{ path: '/etc/a.yaml', content: stringify(structured(jwt(mapping))) }] },
          },
        },
      },
    ],
  ])('%s', (_, files) => {
    const adopted = adoptFiles({ ...files, 'rbac.yaml': rbac });
    // A person who is bound by name gets a group, in order to be able to sign in.
    expect(Object.keys(clientIn({ ...files, 'rbac.yaml': rbac }).scopes).sort()).toEqual([
      'k8s_admins',
      'k8s_users',
      'kubernetes_users',
    ]);
    expect(grantsIn(adopted)).toEqual([
      { name: 'users', clusterRole: 'view', groups: ['k8s_users'] },
      { name: 'admins', clusterRole: 'admin', namespaces: ['web'], people: ['jane'], groups: ['k8s_admins'] },
    ]);
    expect(adopted.findings.filter(({ severity, code }) => severity === 'error' && code !== 'wrong-type')).toEqual([]);
  });
});

describe('clients that name people in their own ways have a mapping each', () => {
  const [bySub, byMail, byName] = [
    { username: { claim: 'sub', prefix: 'a:' }, groups: { claim: 'groups', prefix: 'a:' } },
    { username: { claim: 'email', prefix: '' } },
    { username: { claim: 'preferred_username', prefix: 'c:' }, groups: { claim: 'groups', prefix: 'c:' } },
  ];
  const jwts = [jwt(bySub), jwt(byMail, 'headlamp'), jwt(byName, 'argocd')];
  const rbac = all(
    binding('one', 'view', 'Group a:ops@idm.example.org'),
    binding('two', 'edit', 'User jane@example.org'),
    binding('three', 'admin', 'Group c:dev@idm.example.org', 'User c:sam@idm.example.org'),
  );
  test.each<[string, Files]>([
    ['a file', { 'auth.yaml': structured(...jwts) }],
    ['another order', { 'auth.yaml': structured(...jwts.toReversed()), kubeconfig: kubectl() }],
    [
      'the document of Talos, in a ConfigMap',
      {
        'cm.yaml': {
          kind: 'ConfigMap',
          data: {
            'auth.yaml': stringify({
              apiVersion: 'v1alpha1',
              kind: 'KubeAuthenticationConfig',
              configuration: { jwt: jwts },
            }),
          },
        },
      },
    ],
    [
      'a file of Talos',
      {
        'cp.yaml': {
          machine: { files: [{ path: '/var/a.yaml', op: 'create', content: JSON.stringify(structured(...jwts)) }] },
          cluster: { apiServer: { extraArgs: { 'authentication-config': '/var/a.yaml' } } },
        },
      },
    ],
  ])('%s', (_, files) => {
    const cluster = clusterIn({ ...files, 'rbac.yaml': rbac });
    expect(cluster).toMatchObject({
      client: 'k8s',
      authentication: {
        prefix: 'a:',
        groups: { prefix: 'a:' },
        clients: { headlamp: { claim: 'email' }, argocd: { claim: 'preferred_username', prefix: 'c:' } },
      },
      grants: [
        { name: 'one', groups: ['ops'] },
        { name: 'two', people: ['jane'] },
        { name: 'three', groups: ['dev'], people: ['sam'] },
      ],
    });
    expect([...cluster.trust].sort()).toEqual(['argocd', 'headlamp']);
  });

  function kubectl() {
    const args = ['get-token', `--oidc-issuer-url=${issuer}`, '--oidc-client-id=k8s'];
    return {
      apiVersion: 'v1',
      kind: 'Config',
      users: [{ name: 'me', user: { exec: { command: 'kubelogin', args } } }],
    };
  }
});

describe('a group without its domain', () => {
  const client = (scope: string) => ({
    'state.json': JSON.stringify({
      groups: { k8s_admins: { members: [] } },
      systems: {
        oauth2: {
          k8s: {
            public: true,
            displayName: 'k8s',
            originUrl: 'http://localhost:8000',
            originLanding: 'http://localhost:8000',
            scopeMaps: { k8s_admins: ['openid', scope] },
          },
        },
      },
    }),
  });
  const oidc = { 'oidc-groups-claim': 'groups', 'oidc-groups-prefix': 'oidc:' };
  const byClaim = { username: { claim: 'sub', prefix: 'k:' }, groups: { claim: 'groups', prefix: 'oidc:' } };

  test.each<[string, Files, string]>([
    [
      'a unit',
      { 'a.service': `[Service]\nExecStart=/usr/bin/kube-apiserver ${words(oidc).join(' ')}\n` },
      'Group oidc:k8s_admins',
    ],
    ['an AuthenticationConfiguration', { 'auth.yaml': structured(jwt(byClaim)) }, 'Group oidc:k8s_admins'],
    ['a name that Kanidm cannot have', { pod: pod(oidc) }, 'Group oidc:K8S_Admins'],
    ['no prefix', { pod: pod({ 'oidc-groups-claim': 'groups' }) }, 'Group k8s_admins'],
    ['a client that was read', { pod: pod(oidc), ...client('groups') }, 'Group oidc:k8s_admins'],
  ])('is said to match nobody, with what would: %s', (_, files, subject) => {
    const adopted = adoptFiles({ ...files, 'rbac.yaml': binding('web/admins', 'cluster-admin', subject) });
    const prefix = subject.includes(':') ? 'oidc:' : '';
    const treatment = treatmentOf(adopted, `${subject} in RoleBinding web/admins`);
    expect(treatment).toMatchObject({
      treatment: 'not taken',
      text: expect.stringContaining(`bind \`${prefix}k8s_admins@idm.example.org\``),
    });
    expect(treatment?.text).toMatch(/nobody has the role by this subject today/);
    expect(treatment?.isUnrelated).not.toBe(true);
    // The text says which scope the client needs only if the client was not read.
    expect(/If it has the scope `groups`, group names/.test(treatment?.text ?? '')).toBe(!('state.json' in files));
    expect(grantsIn(adopted)).toEqual([]);
  });

  test('is a group like others, where the client has the scope groups_name', () => {
    const files = { pod: pod(oidc), ...client('groups_name') };
    const adopted = adoptFiles({ ...files, 'rbac.yaml': binding('admins', 'cluster-admin', 'Group oidc:k8s_admins') });
    expect(grantsIn(adopted)).toMatchObject([{ groups: ['k8s_admins'] }]);
    expect(adopted.changes).toEqual([]);
  });

  test('is none of Kanidm, where no Kanidm has such a name', () => {
    const adopted = adoptFiles({
      pod: pod({ 'oidc-groups-claim': 'groups' }),
      'rbac.yaml': binding('a', 'view', 'Group kubeadm:cluster-admins'),
    });
    expect(treatmentOf(adopted, 'Group kubeadm:cluster-admins in ClusterRoleBinding a')).toMatchObject({
      isUnrelated: true,
    });
  });
});

describe('documents of Talos 1.14 tell the version', () => {
  const authentication = {
    apiVersion: 'v1alpha1',
    kind: 'KubeAuthenticationConfig',
    configuration: { jwt: [jwt({ username: { claim: 'sub', prefix: 'k:' } })] },
  };
  const machine = (tag: string) => ({
    version: 'v1alpha1',
    machine: { install: { image: `ghcr.io/siderolabs/installer:${tag}` } },
    cluster: { controlPlane: { endpoint: 'https://192.0.2.9:6443' } },
  });
  test.each<[string, Files, string]>([
    ['alone', { 'a.yaml': authentication }, '1.14'],
    ['after a machine configuration', { 'a.yaml': all(machine('v1.14.2'), authentication) }, '1.14'],
    ['before one', { 'a.yaml': all(authentication, { ...machine('v1.15.0'), machine: {} }) }, '1.14'],
    [
      'in two files',
      {
        'a.yaml': {
          apiVersion: 'v1alpha1',
          kind: 'KubeAPIServerConfig',
          image: 'registry.k8s.io/kube-apiserver:v1.37.0',
        },
        'b.yaml': authentication,
      },
      '1.14',
    ],
    ['where the image is newer', { 'a.yaml': authentication, 'b.yaml': machine('v1.15.1') }, '1.15'],
  ])('%s', (_, files, version) => {
    expect(clusterIn(files)).toMatchObject({
      controlPlane: 'talos',
      controlPlaneVersion: version,
      client: 'k8s',
      authentication: { method: 'structured' },
    });
  });

  test('where the image is older, both are named', () => {
    const adopted = adoptFiles({ 'a.yaml': authentication, 'b.yaml': machine('v1.13.0') });
    const versions = adopted.items.filter(({ what }) => what.startsWith('version of Talos'));
    expect(versions.map(({ what, treatment }) => [what, treatment])).toEqual([
      ['version of Talos: 1.14', 'not taken'],
      ['version of Talos: 1.13', 'taken'],
    ]);
  });
});

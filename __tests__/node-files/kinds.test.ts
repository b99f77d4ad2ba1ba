import { parse } from 'yaml';
import { parseVersion } from '../../lib/config/version';
import { apiServerSettings, authenticationConfigFile } from '../../lib/node-files/api-server-settings';
import { trustedBy } from '../../lib/node-files/authentication-configuration';
import { controlPlaneArtifacts } from '../../lib/node-files/control-plane-files';
import { supportedKinds, unsupportedBecause } from '../../lib/node-files/kinds/kinds';
import { argumentMap, mounts } from '../../lib/node-files/kubeadm-config';
import { clusterOf, filesOf, pem } from './cluster';

const structured = { method: 'structured' };
const kinds: [string, object][] = [
  ['kubeadm with flags', {}],
  ['kubeadm before v1beta4, with a CA file', { kubernetes: '1.30', authentication: { ca: { file: 'ca.crt' } } }],
  ['kubeadm, structured', { kubernetes: '1.34', authentication: structured }],
  ['k3s', { controlPlane: 'k3s', authentication: { groups: {} } }],
  ['rke2, structured', { controlPlane: 'rke2', kubernetes: '1.34', authentication: structured }],
  ['k0s', { controlPlane: 'k0s', authentication: { ca: { file: 'ca.crt' }, groups: {} } }],
  ['k0s, structured', { controlPlane: 'k0s', kubernetes: '1.34', authentication: structured }],
  ['talos with flags', { controlPlane: 'talos', authentication: { ca: { file: 'ca.crt' } } }],
  [
    'talos with its document',
    { controlPlane: 'talos', controlPlaneVersion: '1.14', kubernetes: '1.34', authentication: structured },
  ],
  [
    'talos, structured in files',
    { controlPlane: 'talos', controlPlaneVersion: '1.13', kubernetes: '1.34', authentication: structured },
  ],
  ['cluster api', { controlPlane: 'cluster-api' }],
  ['cluster api before v1beta2', { controlPlane: 'cluster-api', controlPlaneVersion: '1.10' }],
  ['cluster api, structured', { controlPlane: 'cluster-api', kubernetes: '1.34', authentication: structured }],
  ['talos with flags alone', { controlPlane: 'talos' }],
  ['k0s with flags alone', { controlPlane: 'k0s' }],
  ['flags alone', { controlPlane: 'flags' }],
  ['flags with a CA file', { controlPlane: 'flags', authentication: { ca: { file: 'ca.crt' } } }],
  ['flags', { controlPlane: 'flags', authentication: { ca: { nodePath: '/etc/ssl/certs/kanidm.crt' } } }],
];

test.each(kinds)('%s', (_, change) => {
  const { 'README.md': readme, ...files } = filesOf(change);
  expect(readme).toBeDefined();
  expect(files).toMatchSnapshot();
});

test('each paragraph of the guides, with the kinds that have it', () => {
  const paragraphs = new Map<string, string[]>();
  for (const [kind, change] of kinds) {
    for (const paragraph of new Set(filesOf(change)['README.md']?.split('\n\n')))
      paragraphs.set(paragraph, [...(paragraphs.get(paragraph) ?? []), kind]);
  }
  const all = [...paragraphs].map(([text, those]) => `[${those.join('; ')}]\n${text.trimEnd()}\n`);
  expect(all.join('\n')).toMatchSnapshot();
});

test('eks has a request for AWS, for a client that is signed for with RS256', () => {
  const files = filesOf({ controlPlane: 'eks' }, { clients: { k8s: { legacyCrypto: true } } });
  expect(JSON.parse(files['associate-identity-provider-config.json'] ?? '')).toEqual({
    clusterName: 'homelab',
    oidc: {
      identityProviderConfigName: 'kanidm',
      issuerUrl: 'https://sso.kammel.dev/oauth2/openid/k8s',
      clientId: 'k8s',
    },
  });
});

test('eks has a request with every field that AWS has, and a guide', () => {
  const authentication = { claim: 'email', prefix: 'k:', groups: { prefix: 'g:' }, requiredClaims: { aud: 'k8s' } };
  const files = filesOf({ controlPlane: 'eks', authentication }, { clients: { k8s: { legacyCrypto: true } } });
  expect(files).toMatchSnapshot();
});

test.each([
  ['/etc/kubernetes/pki/oidc.crt', []],
  ['/etc/kubernetes/pki/deep/oidc.crt', []],
  ['/etc/kubernetes/pkix/oidc.crt', ['/etc/kubernetes/pkix']],
  ['/etc/ssl/certs/ca.crt', []],
  ['/etc/ssl/ca.crt', ['/etc/ssl']],
  ['/etc/ca-certificates/ca.crt', []],
  ['/etc/pki/ca-trust/source/anchors/ca.crt', []],
  ['/etc/pki/tls/certs/ca.crt', []],
  ['/etc/pki/ca.crt', [], ['/etc/pki']],
  ['/etc/pki/oidc/ca.crt', [], ['/etc/pki/oidc']],
  ['/usr/share/ca-certificates/ca.crt', []],
  ['/usr/local/share/ca-certificates/ca.crt', []],
])('for %s kubeadm 1.30 mounts %j', (path, folders, newer = folders) => {
  const mounted = (version: string) =>
    mounts({ kubernetes: parseVersion(version), args: [], files: [{ path }], excludes: /x/ });
  expect(mounted('1.30').map(({ hostPath }) => hostPath)).toEqual(folders);
  expect(mounted('1.31').map(({ hostPath }) => hostPath)).toEqual(newer);
});

test('each mount has a name of its own', () => {
  const files = ['/b/x', '/a/y', '/b/z', '/a/b/c'].map((path) => ({ path }));
  const mount = (name: string, path: string) => ({
    name,
    hostPath: path,
    mountPath: path,
    readOnly: true,
    pathType: 'DirectoryOrCreate',
  });
  expect(mounts({ kubernetes: parseVersion('1.34'), args: [], files, excludes: /x/ })).toEqual([
    mount('kaniflux', '/a'),
    mount('kaniflux-2', '/a/b'),
    mount('kaniflux-3', '/b'),
  ]);
});

test('an argument that is needed twice is no map', () => {
  const args = ['1', '2'].map((value) => ({ name: 'a', value }));
  expect(() => argumentMap(args)).toThrow('--a is needed twice, but `extraArgs` can contain it only once');
  expect(argumentMap([...args.slice(1), { name: 'b', value: '' }])).toEqual({ a: '2', b: '' });
});

test.each(['gke', 'aks'])('%s renders nothing, and says why', (controlPlane) => {
  const { config, cluster } = clusterOf({});
  const unsupported = { ...cluster, controlPlane: controlPlane as 'gke' };
  expect(() => controlPlaneArtifacts(config, unsupported)).toThrow(
    controlPlane === 'gke'
      ? 'the OIDC issuer of GKE API servers cannot be set'
      : 'AKS supports neither API server flags nor an AuthenticationConfiguration file, only its own API',
  );
});

test('the kinds that can be rendered, and why another cannot', () => {
  expect(supportedKinds).toEqual(['kubeadm', 'k3s', 'rke2', 'k0s', 'talos', 'cluster-api', 'flags', 'eks']);
  expect(unsupportedBecause('gke')).toEqual({
    unsupported: 'the OIDC issuer of GKE API servers cannot be set',
    fix: expect.stringContaining('Workforce Identity Federation'),
  });
  expect(unsupportedBecause('aks')?.fix).toContain('az aks jwtauthenticator');
  for (const kind of ['kubeadm', 'unknown', 'constructor']) expect(unsupportedBecause(kind)).toBeUndefined();
});

describe('the settings of an API server', () => {
  const settingsOf = (change: object, folder = '/etc/x/') => {
    const { config, cluster } = clusterOf({ kubernetes: '1.34', ...change });
    return apiServerSettings(cluster, trustedBy(config, cluster), folder);
  };

  test.each<[string, object, string[]]>([
    ['flags', {}, []],
    ['flags and a CA', { authentication: { ca: { file: 'ca.crt' } } }, ['/etc/x/oidc-ca.crt']],
    ['flags and a CA on the nodes', { authentication: { ca: { nodePath: '/a/b.crt' } } }, ['/a/b.crt']],
    ['a file', { authentication: structured }, ['/etc/x/authentication-config.yaml']],
  ])('with %s read these files', (_, change, paths) => {
    const settings = settingsOf(change);
    expect(settings.files.map(({ path }) => path)).toEqual(paths);
    const named = settings.args.filter(({ value }) => value.startsWith('/')).map(({ value }) => value);
    expect(named).toEqual(paths);
  });

  test('have the text of files that the nodes do not have', () => {
    expect(settingsOf({ authentication: { ca: { file: 'ca.crt' } } }).files).toEqual([
      { path: '/etc/x/oidc-ca.crt', text: pem },
    ]);
    expect(settingsOf({ authentication: { ca: { nodePath: '/a/b.crt' } } }).files).toEqual([{ path: '/a/b.crt' }]);
  });

  test.each([
    ['oidc-issuer-url', true, true],
    ['oidc-', true, true],
    ['authentication-config', true, true],
    ['anonymous-auth', false, true],
    ['x-oidc-issuer-url', false, false],
    ['authentication-config-x', false, false],
    ['anonymous-auth-x', false, false],
    ['authorization-mode', false, false],
  ])('exclude %s: %s, with anonymous: %s', (name, without, with_) => {
    expect(settingsOf({ authentication: structured }).excludes.test(name)).toBe(without);
    const anonymous = { enabled: true, paths: ['/livez', '/readyz', '/healthz'] };
    expect(settingsOf({ authentication: { ...structured, anonymous } }).excludes.test(name)).toBe(with_);
  });

  test('need a client', () => {
    const { cluster } = clusterOf({});
    expect(() => apiServerSettings(cluster, { clients: [], issuers: [], jwt: [] }, '/')).toThrow(
      'an API server must trust at least one client',
    );
  });

  test('name the AuthenticationConfiguration, and no other file', () => {
    expect(authenticationConfigFile(settingsOf({ authentication: structured }))?.path).toBe(
      '/etc/x/authentication-config.yaml',
    );
    expect(authenticationConfigFile(settingsOf({ authentication: { ca: { file: 'ca.crt' } } }))).toBeUndefined();
  });
});

test('a CA where kubeadm mounts already is not mounted twice', () => {
  const nodePath = '/etc/kubernetes/pki/oidc.crt';
  const files = filesOf({ authentication: { ca: { nodePath } } });
  const { apiServer } = parse(files['kubeadm.yaml'] ?? '');
  expect(apiServer).not.toHaveProperty('extraVolumes');
  expect(apiServer.extraArgs).toContainEqual({ name: 'oidc-ca-file', value: nodePath });
});

test('the patch of the static pod appends and replaces nothing', () => {
  const files = filesOf({ kubernetes: '1.34', authentication: structured });
  const operations: { op: string; path: string }[] = parse(files['patches/kube-apiserver1+json.yaml'] ?? '');
  expect(operations.map(({ op, path }) => `${op} ${path}`)).toEqual([
    'add /spec/containers/0/command/-',
    'add /spec/volumes/-',
    'add /spec/containers/0/volumeMounts/-',
  ]);
});

test.each([
  ['1.27', false],
  ['1.28', true],
])('`kubeadm config validate` is in the README only for versions that have it: %s', (kubernetes, there) => {
  expect(filesOf({ kubernetes })['README.md']?.includes('kubeadm config validate')).toBe(there);
});

test('no kubeadm part names a Kubernetes version: that is the cluster’s own', () => {
  expect(parse(filesOf({})['kubeadm.yaml'] ?? '')).not.toHaveProperty('kubernetesVersion');
});

test('what K3s and RKE2 keep shut stays shut beside an AuthenticationConfiguration, unless the config says otherwise', () => {
  const args = (authentication: object): string[] =>
    parse(filesOf({ controlPlane: 'k3s', kubernetes: '1.34', authentication })['config.yaml.d/kaniflux.yaml'] ?? '')[
      'kube-apiserver-arg+'
    ];
  expect(args(structured)).toContain('anonymous-auth=false');
  expect(args({ ...structured, anonymous: { enabled: true, paths: ['/livez'] } })).toHaveLength(1);
  expect(args({}).join()).not.toContain('anonymous-auth');
});

test('what takes a k0s patch away names every argument that it added', () => {
  const files = filesOf({ controlPlane: 'k0s', authentication: { ca: { file: 'ca.crt' }, groups: {} } });
  const args = (name: string) => parse(files[name] ?? '').spec.api.extraArgs;
  const added = Object.entries(args('k0s-patch.yaml')).filter(([, value]) => value !== null);
  expect(Object.keys(args('k0s-remove.yaml'))).toEqual(added.map(([name]) => name));
  expect(new Set(Object.values(args('k0s-remove.yaml')))).toEqual(new Set([null]));
});

test('a k0s patch removes the other settings for sign-in, so that no mixture remains', () => {
  const nulls = (authentication: object) => {
    const files = filesOf({ controlPlane: 'k0s', kubernetes: '1.34', authentication });
    const { extraArgs } = parse(files['k0s-patch.yaml'] ?? '').spec.api;
    return Object.keys(extraArgs).filter((name) => extraArgs[name] === null);
  };
  expect(nulls(structured)).toHaveLength(9);
  expect(nulls(structured).every((name) => name.startsWith('oidc-'))).toBe(true);
  expect(nulls({ ca: { file: 'ca.crt' }, groups: {} })).toEqual([
    'authentication-config',
    'oidc-username-claim',
    'oidc-username-prefix',
    'oidc-required-claim',
  ]);
});

describe('a README', () => {
  const readme = (change: object) => filesOf({ kubernetes: '1.34', ...change })['README.md'] ?? '';
  const anonymous = { enabled: true, paths: ['/livez', '/readyz'] };
  const kinds = ['kubeadm', 'k3s', 'rke2', 'cluster-api', 'flags'];

  test.each(kinds)(
    '%s: names the argument with which an API server with `anonymous` does not start',
    (controlPlane) => {
      const text = (authentication: object) => readme({ controlPlane, authentication });
      expect(text({ ...structured, anonymous })).toContain('Also remove `anonymous-auth`');
      expect(text(structured)).not.toContain('Also remove `anonymous-auth`');
    },
  );
  test('k0s: its patch removes this argument', () => {
    const patch = (authentication: object) =>
      parse(filesOf({ controlPlane: 'k0s', kubernetes: '1.37', authentication })['k0s-patch.yaml'] ?? '');
    expect(patch({ ...structured, anonymous }).spec.api.extraArgs).toHaveProperty('anonymous-auth', null);
    expect(patch(structured).spec.api.extraArgs).not.toHaveProperty('anonymous-auth');
  });
  test.each([...kinds, 'k0s'])('%s: says that an older API server refuses the API version', (controlPlane) => {
    const text = (kubernetes: string, authentication: object) => readme({ controlPlane, kubernetes, authentication });
    expect(text('1.34', structured)).toContain('API servers before Kubernetes 1.34 refuse');
    expect(text('1.33', structured)).not.toContain('refuse:');
    expect(text('1.34', {})).not.toContain('refuse:');
  });
  test('says what an egress selector needs', () => {
    const issuers = { ci: { url: 'https://ci.example.com', audiences: ['a'], egressSelectorType: 'cluster' } };
    expect(readme({ authentication: structured, issuers })).toContain('--egress-selector-config-file');
    expect(readme({ authentication: structured })).not.toContain('egress');
  });
  test('of kubeadm saves and restores the files that it replaces', () => {
    const file = '/etc/kubernetes/kaniflux/oidc-ca.crt';
    const withCa = readme({ authentication: { ca: { file: 'ca.crt' } } });
    expect(withCa).toContain(`[ ! -f ${file} ] || cp ${file} oidc-ca.crt.before`);
    expect(withCa).toContain('restore the files whose copies end in `.before`');
    expect(readme({})).not.toContain('.before`');
    expect(readme({ authentication: { ca: { nodePath: '/etc/kubernetes/pki/oidc.crt' } } })).not.toContain('.before`');
  });
});

test('what takes a Talos patch away names everything that it added', () => {
  const files = filesOf({ controlPlane: 'talos', authentication: { ca: { file: 'ca.crt' }, groups: {} } });
  const patch = parse(files['talos-patch.yaml'] ?? '');
  const remove = parse(files['talos-remove.yaml'] ?? '');
  expect(Object.keys(remove.cluster.apiServer.extraArgs)).toEqual(Object.keys(patch.cluster.apiServer.extraArgs));
  expect(remove.machine.files).toEqual([{ path: patch.machine.files[0].path, $patch: 'delete' }]);
  expect(remove.cluster.apiServer.extraVolumes).toHaveLength(patch.cluster.apiServer.extraVolumes.length);
});

describe('the README of Talos', () => {
  const readme = (change: object) =>
    filesOf({ controlPlane: 'talos', kubernetes: '1.34', ...change })['README.md'] ?? '';

  test.each([
    ['a CA', { authentication: { ca: { file: 'ca.crt' } } }],
    ['an AuthenticationConfiguration', { controlPlaneVersion: '1.13', authentication: structured }],
  ])('reboots for a patch with a file: %s', (_, change) => {
    expect(readme(change).match(/--mode=staged\n *talosctl --nodes <node> reboot\n/g)).toHaveLength(2);
    expect(readme(change)).not.toContain('no-reboot');
  });

  test.each([
    ['flags', {}],
    ['a CA that the nodes have', { authentication: { ca: { nodePath: '/var/lib/pki/ca.crt' } } }],
    ['the document of 1.14', { controlPlaneVersion: '1.14', authentication: structured }],
  ])('does not reboot for a patch without a file: %s', (_, change) => {
    expect(readme(change).match(/--mode=no-reboot/g)).toHaveLength(2);
    expect(readme(change)).not.toContain('<node> reboot');
  });
});

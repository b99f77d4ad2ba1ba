import { nothing } from '../../lib/existing/facts';
import { fromDocument } from '../../lib/existing/read-documents';
import { said } from './carrier-reading';

const source = 'file';
const url = 'https://idm.example.org';
const instead =
  'if it has the sign-in settings of the API server, write these settings into a file as flags of kube-apiserver, such as `--oidc-issuer-url=…`, one flag on each line, and run adopt with this file';
const flags = { 'oidc-issuer-url': url, 'oidc-client-id': 'k8s' };
const args = [`oidc-issuer-url=${url}`, 'oidc-client-id=k8s'];
const line = `kube-apiserver --oidc-issuer-url=${url} --oidc-client-id=k8s`;

const words = { carrier: 'arguments of kube-apiserver', args, method: 'flags' };
const command = { ...words, carrier: 'a command line' };

test('the path of a file that was read says only where the file is', () => {
  const content = JSON.stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [],
  });
  const files = [
    { path: '/var/authentication-config.yaml', content },
    { path: '/var/oidc-client.txt', content: 'a' },
  ];
  const { passedOver } = fromDocument(source, { machine: { files, kubelet: { image: 'kubelet:v1.34.0' } } });
  expect(passedOver).toEqual([{ source, what: 'machine.files.1 (2)', why: 'not understood', instead }]);
});

describe('a binding inside another document', () => {
  const object = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'a' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'ops' }],
  };
  const text = `${JSON.stringify(object)}\n`;

  test.each<[string, object]>([
    ['a playbook', { hosts: 'a', tasks: [{ k8s: { definition: object } }] }],
    ['cloud-init', { write_files: [{ path: '/a', content: text }] }],
    [
      'values of a chart',
      { kind: 'HelmRelease', apiVersion: 'helm.toolkit.fluxcd.io/v2', spec: { values: { x: [object] } } },
    ],
    ['a machine configuration of Talos', { cluster: { inlineManifests: [{ name: 'a', contents: text }] } }],
  ])('%s is read', (_, document) => {
    const { bindings, passedOver } = fromDocument(source, document);
    expect(bindings).toEqual([{ source, object }]);
    expect(passedOver.filter(({ why }) => why === 'not understood')).toEqual([]);
  });

  test('is not read in an annotation with an earlier version of the object', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': text };
    expect(fromDocument(source, { kind: 'X', metadata: { annotations }, spec: {} }).bindings).toEqual([]);
  });

  test('that adopt would have to fetch is not unrelated', () => {
    const cluster = { apiServer: { extraArgs: flags }, extraManifests: ['https://example.com/a.yaml'] };
    expect(fromDocument(source, { cluster }).passedOver).toEqual([
      {
        source,
        what: 'cluster.extraManifests (1)',
        why: 'not understood',
        instead: 'adopt does not fetch manifests: if they contain bindings, run adopt with them too',
      },
    ]);
  });
});

test('the lines that Ansible writes into the static pod of an API server are its flags, in all tasks', () => {
  const tasks = (path: string, ...lines: readonly string[]) =>
    fromDocument(source, { hosts: 'a', tasks: lines.map((one) => ({ lineinfile: { path, line: one } })) });
  const lines = [`    - --oidc-issuer-url=${url}`, "    - '--oidc-client-id=k8s'"];
  const pod = '/etc/kubernetes/manifests/kube-apiserver.yaml';
  expect(tasks(pod, ...lines).apiServers.map((one) => [...(one.args ?? [])])).toEqual([
    [['oidc-issuer-url', [url]]],
    [['oidc-client-id', ['k8s']]],
  ]);
  expect(tasks('/etc/oauth2-proxy', `    - --oidc-issuer-url=${url}`).apiServers).toEqual([]);
});

test('a kustomization.yaml may leave out its kind', () => {
  const hint =
    'adopt reads manifests as they are: if this file changes bindings, run adopt with the output of `kubectl kustomize` in place of the manifests';
  const of = (name: string) => fromDocument(name, { resources: ['a.yaml'], namePrefix: 'a-' }).passedOver[0]?.instead;
  expect(of('apps/kustomization.yaml')).toBe(hint);
  expect(of('apps/values.yaml')).toBeUndefined();
});

describe('a file on the nodes that the flags name', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n';
  const path = '/etc/kubernetes/a';
  const read = (flag: string, ...files: readonly object[]) => {
    const clusterConfiguration = { apiServer: { extraArgs: { ...flags, [flag]: path } } };
    const { servers, apiServers, passedOver } = fromDocument(source, {
      kind: 'KubeadmControlPlane',
      spec: { kubeadmConfigSpec: { clusterConfiguration, files } },
    });
    expect(servers).toEqual([]);
    return { ca: apiServers[0]?.issuers[0]?.ca, passedOver };
  };
  const unread = (flag: string, what: string, hint: string) => ({
    source,
    what,
    flag,
    why: 'not understood',
    instead: `the API server reads ${path}, and adopt did not: ${hint}`,
  });

  test.each([pem, Buffer.from(pem).toString('base64')])('is the CA of the issuer', (content) => {
    expect(read('oidc-ca-file', { path, content }, { path: '/etc/b', content: pem })).toEqual({
      ca: { nodePath: path, pem },
      passedOver: [{ source, what: 'spec.kubeadmConfigSpec.files.1 (2)', why: 'not about sign-in' }],
    });
  });

  test('is asked for if its content is in another object', () => {
    const contentFrom = { secret: { name: 'authn', key: 'x' } };
    const place = 'spec.kubeadmConfigSpec.files.0 (3)';
    const flag = 'authentication-config';
    expect(read(flag, { path, contentFrom }).passedOver).toEqual([
      unread(flag, place, 'run adopt with the Secret authn too'),
    ]);
    expect(read(flag, { path, content: 'x' }).passedOver).toEqual([
      unread(flag, 'spec.kubeadmConfigSpec.files.0 (2)', 'run adopt with the content of this file too'),
    ]);
    expect(read('oidc-ca-file', { path, contentFrom })).toEqual({
      ca: { nodePath: path },
      passedOver: [
        unread(
          'oidc-ca-file',
          place,
          'this is the CA of the issuer: save it in a file, and run adopt with `--kanidm-ca FILE`',
        ),
      ],
    });
    const elsewhere = { path: '/etc/kubernetes/b', contentFrom };
    const all = { source, what: 'spec.kubeadmConfigSpec.files (3)', why: 'not about sign-in' };
    expect(read('oidc-ca-file', elsewhere).passedOver).toEqual([all]);
  });

  test('is not in the volume of a static pod that names it', () => {
    const command = [
      'kube-apiserver',
      `--oidc-ca-file=${path}`,
      ...Object.entries(flags).map((pair) => `--${pair.join('=')}`),
    ];
    const pod = (volume: object) =>
      fromDocument(source, {
        kind: 'Pod',
        apiVersion: 'v1',
        spec: { containers: [{ name: 'kube-apiserver', command }], volumes: [volume] },
      }).passedOver.filter(({ why }) => why === 'not understood');
    expect(pod({ hostPath: { path } })).toEqual([]);
    expect(pod({ configMap: { path } })).toHaveLength(1);
  });
});

describe('an object of an operator', () => {
  const whole = (apiVersion: string) =>
    fromDocument(source, { apiVersion, kind: 'X', subjects: [{ kind: 'Group', name: 'ops' }] }).passedOver;

  test('that names a group may become bindings', () => {
    const hint =
      'it names Group ops: an operator may create bindings from it, so run adopt with these bindings, or use --live';
    expect(whole('rbacmanager.reactiveops.io/v1beta1')).toEqual([
      { source, what: 'X (3)', why: 'not understood', instead: hint },
    ]);
    expect(whole('kyverno.io/v1')).toEqual([{ source, what: 'X (3)', why: 'not understood' }]);
  });
});

describe('a document', () => {
  const extraArgs = { apiServer: { extraArgs: flags } };
  const kubeadm = { kind: 'ClusterConfiguration', apiVersion: 'kubeadm.k8s.io/v1beta4', ...extraArgs };
  const ofKubeadm = { carrier: 'kubeadm', args, method: 'flags', controlPlane: 'kubeadm' };
  const noMap = ['a value that is not a map', 'not understood'];
  const noVersion = 'ClusterConfiguration has no apiVersion: adopt reads it as a patch';

  test.each<[string, unknown, object]>([
    ['text', 'x', { passedOver: [['a value that is not a map', 'not understood']] }],
    ['null', null, { passedOver: [['a value that is not a map', 'not understood']] }],
    ['an unknown map', { a: 1 }, { passedOver: [['a map with a', 'not understood']] }],
    [
      'a list',
      [kubeadm, 'x'],
      { apiServers: [ofKubeadm], passedOver: [['a value that is not a map', 'not understood']] },
    ],
    ['arguments without dashes', args, { apiServers: [words] }],
    [
      'arguments without dashes, one of which YAML reads as a map',
      [...args, { 'oidc-groups-prefix=g': null }],
      {
        apiServers: [{ ...words, args: [...args, 'oidc-groups-prefix=g:'] }],
        notes: [expect.stringContaining('put the argument in quotes')],
      },
    ],
    ['arguments of another program', ['get-token', ...args], { passedOver: Array(3).fill(noMap) }],
    ['arguments', Object.entries(flags).map(([k, v]) => `--${k}=${v}`), { apiServers: [words] }],
    [
      'a JSON Patch',
      [
        { op: 'add', path: '/cluster/apiServer/extraArgs', value: flags },
        { op: 'remove', path: '/x' },
      ],
      {
        apiServers: [{ carrier: 'Talos', args, method: 'flags', controlPlane: 'talos' }],
        passedOver: [['remove /x', 'not understood']],
      },
    ],
    [
      'kubeadm',
      { ...kubeadm, networking: { a: 1, b: 2 } },
      { apiServers: [ofKubeadm], passedOver: [['networking (2)', 'not about sign-in']] },
    ],
    [
      'a patch of kubeadm',
      { kind: 'ClusterConfiguration', ...extraArgs },
      { apiServers: [ofKubeadm], notes: [noVersion] },
    ],
    [
      'kubeadm without settings',
      { kind: 'ClusterConfiguration', apiVersion: 'x' },
      { passedOver: [['ClusterConfiguration (2)', 'not understood']] },
    ],
    [
      'kubeadm with a version alone',
      { kind: 'ClusterConfiguration', apiVersion: 'x', kubernetesVersion: 'v1.34.1' },
      { apiServers: [{ carrier: 'kubeadm', controlPlane: 'kubeadm', kubernetes: '1.34.1' }] },
    ],
    [
      'kubeadm with an address alone',
      { kind: 'ClusterConfiguration', apiVersion: 'x', controlPlaneEndpoint: 'a.example' },
      { apiServers: [{ carrier: 'kubeadm', controlPlane: 'kubeadm', server: 'https://a.example:6443' }] },
    ],
    [
      'a CA alone',
      { cluster: { arn: 'a', certificateAuthority: { data: 'UEVN' } } },
      {
        apiServers: [{ carrier: 'EKS', controlPlane: 'eks' }],
        serverCa: 'PEM',
        passedOver: [['cluster.arn', 'not about sign-in']],
      },
    ],
    [
      'a setting that is off',
      { kube_oidc_auth: false, kube_oidc_url: url },
      {
        apiServers: [
          {
            carrier: 'kubespray',
            controlPlane: 'flags',
            advice:
              'Kaniflux renders the settings, but not this file: put the rendered flags into kube_oidc_* and kube_kubeadm_apiserver_extra_args',
          },
        ],
        notes: ['kube_oidc_auth is not true, so kubespray ignores kube_oidc_url'],
      },
    ],
    [
      'files of talhelper',
      { talosVersion: 'v1.10.2', patches: ['@a.yaml', 'x'] },
      {
        apiServers: [
          {
            carrier: 'talhelper',
            controlPlane: 'talos',
            controlPlaneVersion: '1.10',
            advice: 'Kaniflux renders the settings, but not this file: add the rendered patch to controlPlane.patches',
          },
        ],
        passedOver: [['patches.1', 'not about sign-in']],
        notes: ['patches.0 is in the file a.yaml: run adopt with this file too'],
      },
    ],
    [
      'documents in a ConfigMap',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a' },
        data: { a: line, b: Buffer.from(line).toString('base64'), c: 'oidc-issuer', d: 'x' },
      },
      {
        apiServers: [command, command, { carrier: 'a ConfigMap' }],
        passedOver: [
          ['metadata (1)', 'not about sign-in'],
          ['data.c', 'not understood', instead],
          ['data.d', 'not about sign-in'],
        ],
      },
    ],
    [
      'a ConfigMap without any',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { d: 'x' } },
      { passedOver: [['ConfigMap a (4)', 'not understood']] },
    ],
    [
      'a typed list',
      {
        apiVersion: 'kubeadm.k8s.io/v1beta4',
        kind: 'ClusterConfigurationList',
        items: [extraArgs, { ...extraArgs, apiVersion: 'x' }, { kind: 'Other' }],
      },
      { apiServers: [ofKubeadm, ofKubeadm], passedOver: [['Other (1)', 'not understood']] },
    ],
    [
      'a list of items without kinds',
      { kind: 'List', apiVersion: 'v1', items: [{ a: 1 }, 'x'] },
      {
        passedOver: [
          ['a map with a', 'not understood'],
          ['a value that is not a map', 'not understood'],
        ],
      },
    ],
    ['a list without items', { kind: 'ThingList', items: 'x' }, { passedOver: [['ThingList (2)', 'not understood']] }],
  ])('%s', (_, document, expected) => {
    expect(said(fromDocument(source, document))).toEqual(expected);
  });

  test('an AuthenticationConfiguration', () => {
    const jwt = [{ issuer: { url, audiences: ['k8s'] } }];
    const configuration = {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      jwt,
      anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] },
    };
    const says = {
      carrier: 'AuthenticationConfiguration',
      method: 'structured',
      anonymous: { enabled: true, paths: ['/livez', '/readyz'] },
    };
    expect(said(fromDocument(source, configuration))).toEqual({ apiServers: [says] });
    const { apiVersion, ...old } = configuration;
    const missing = 'apiVersion is missing: the API server rejects the file';
    expect(said(fromDocument(source, { ...old, anonymous: { enabled: false }, later: 1 }))).toEqual({
      apiServers: [{ ...says, anonymous: { enabled: false } }],
      passedOver: [['later', 'not understood']],
      notes: [missing],
    });
    expect(said(fromDocument(source, { ...configuration, anonymous: { enabled: 'x', more: 1 } }))).toEqual({
      apiServers: [{ carrier: says.carrier, method: says.method }],
      passedOver: [['anonymous.more', 'not understood']],
    });
    expect(
      said(fromDocument(source, { apiVersion: 'v1alpha1', kind: 'KubeAuthenticationConfig', configuration: { jwt } })),
    ).toEqual({
      apiServers: [
        { carrier: 'Talos', method: 'structured', controlPlane: 'talos', controlPlaneVersion: '1.14', isOldest: true },
      ],
    });
  });

  test('a binding, and one that an API server rejects', () => {
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'a', namespace: 'b' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'c' },
      subjects: [{ kind: 'ServiceAccount', name: 'd', namespace: 'e' }],
    };
    expect(fromDocument(source, binding)).toEqual({ ...nothing, bindings: [{ source, object: binding }] });
    expect(said(fromDocument(source, { ...binding, $patch: 'delete' }))).toEqual({
      passedOver: [['RoleBinding b/a (6)', 'not understood', expect.stringContaining('finished manifest')]],
    });
    const bare = { ...binding, roleRef: { kind: 'Role', name: 'c' } };
    expect(fromDocument(source, bare).notes).toEqual([
      { source, text: 'RoleBinding a has no apiGroup in roleRef; Kaniflux renders it with the apiGroup' },
    ]);
    const { subjects, ...empty } = binding;
    expect(fromDocument(source, empty).bindings).toHaveLength(1);
    expect(fromDocument(source, { ...binding, metadata: { name: 'a', namespace: 7 } }).bindings).toEqual([]);
    expect(
      fromDocument(source, { ...binding, subjects: [...subjects, { kind: 'User', name: 'x', namespace: 7 }] }).bindings,
    ).toEqual([]);
  });
});

describe('settings inside another document', () => {
  const reason = 'not about sign-in';
  test.each<[string, object, object]>([
    [
      'words',
      { kind: 'X', apiVersion: 'v1', a: { extra: ['--oidc-client-id=k8s'], b: 1 } },
      { apiServers: [{ carrier: words.carrier, args: ['oidc-client-id=k8s'] }], passedOver: [['a.b', reason]] },
    ],
    ['a map', { a: [{ x: flags }] }, { apiServers: [words] }],
    [
      'lines of a file for K3s',
      { rke2_server_options: ['kube-apiserver-arg:', ...args.map((one) => `  - ${one}`), 'a: b'] },
      { apiServers: [{ ...words, carrier: 'K3s or RKE2', controlPlane: 'rke2' }], passedOver: [['a', reason]] },
    ],
    [
      'lines of a list that is not for K3s',
      { a: ['x:', '  - oidc-groups-claim=a'] },
      { passedOver: [['a map with a (2)', 'not understood', instead]] },
    ],
    [
      'words of a command',
      { a: { command: ['--oidc-client-id=k8s'], image: 'x' } },
      { passedOver: [['a map with a (2)', 'not understood', instead]] },
    ],
    [
      'a container',
      { a: { b: { image: 'x', command: ['kube-apiserver', '--oidc-client-id=k8s'], env: 1 } } },
      {
        apiServers: [{ carrier: words.carrier, args: ['oidc-client-id=k8s'] }],
        passedOver: [
          ['a.b.image', reason],
          ['a.b.env', reason],
        ],
      },
    ],
    ['a text', { a: { b: line, c: 'kube-apiserver' } }, { apiServers: [command], passedOver: [['a.c', reason]] }],
    [
      'a JSON Patch',
      { a: [{ op: 'add', path: '/apiServer/extraArgs', value: flags }] },
      { apiServers: [{ carrier: 'a patch of kubeadm', args, method: 'flags', controlPlane: 'kubeadm' }] },
    ],
    [
      'another document',
      { a: { b: { apiServer: { extraArgs: flags } } } },
      { apiServers: [{ carrier: 'a patch of kubeadm', args, method: 'flags', controlPlane: 'kubeadm' }] },
    ],
    [
      'K3s',
      { note: 'K3S', a: { 'kube-apiserver-arg': ['oidc-client-id=k8s'] } },
      {
        apiServers: [{ carrier: 'K3s or RKE2', args: ['oidc-client-id=k8s'], controlPlane: 'k3s' }],
        passedOver: [['note', reason]],
      },
    ],
    [
      'RKE2',
      { note: 'rke2', a: { 'kube-apiserver-arg': ['oidc-client-id=k8s'] } },
      {
        apiServers: [{ carrier: 'K3s or RKE2', args: ['oidc-client-id=k8s'], controlPlane: 'rke2' }],
        passedOver: [['note', reason]],
      },
    ],
    [
      'one of the two',
      { note: 'k3s, rke2', a: { 'kube-apiserver-arg': ['oidc-client-id=k8s'] } },
      {
        apiServers: [{ carrier: 'K3s or RKE2', args: ['oidc-client-id=k8s'], controlPlane: 'k3s', isGuess: true }],
        passedOver: [['note', reason]],
      },
    ],
  ])('%s', (_, document, expected) => {
    expect(said(fromDocument(source, document))).toEqual(expected);
  });
});

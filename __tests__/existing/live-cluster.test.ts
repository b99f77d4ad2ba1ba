import { fromCluster, type Kubectl } from '../../lib/existing/live-cluster';

const list = (...items: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items });
const object = (kind: string, name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'idm' },
  ...more,
});
const none = { bindings: [], logins: [], entries: [], releases: [], servers: [], passedOver: [], notes: [] };
const view = {
  clusters: [
    {
      cluster: {
        server: 'https://192.0.2.1:6443',
        'certificate-authority-data': Buffer.from('PEM').toString('base64'),
      },
    },
  ],
};

/** Returns kubectl for a cluster with the given objects. The cluster does not serve other kinds. */
function kubectl(objects: Readonly<Record<string, readonly object[] | Error>>): { run: Kubectl; asked: string[] } {
  const asked: string[] = [];
  const run: Kubectl = (args) => {
    asked.push(args.join(' '));
    if (args[0] === 'config') return JSON.stringify(view);
    if (args[0] === 'version') return JSON.stringify({ serverVersion: { gitVersion: 'v1.34.4+k3s1' } });
    const kind = args[1] ?? '';
    if (kind === 'configmap') return '';
    const found = objects[kind] ?? (/^(clusterrolebindings|pods)/.test(kind) ? [] : undefined);
    if (found instanceof Error) throw found;
    if (found === undefined) throw new Error(`kubectl get: error: the server doesn't have a resource type "${kind}"`);
    return JSON.stringify(list(...found));
  };
  return { run, asked };
}

const pod = (image: string) => ({
  spec: { template: { spec: { containers: [{ image, env: [{ name: 'KANIDM_DOMAIN', value: 'idm.example.org' }] }] } } },
});

test('the CA of the cluster is its content, also where the kubeconfig names a file', () => {
  const { run, asked } = kubectl({});
  expect(fromCluster(run)).toMatchObject({ serverCa: 'PEM', notes: [], passedOver: [] });
  expect(asked).toContain('config view --minify --raw --flatten --output=json');
});

test('a HelmRelease of Kanidm is taken with its repository, and what belongs to it is known', () => {
  const facts = fromCluster(
    kubectl({
      'helmrepositories.source.toolkit.fluxcd.io': [
        object('HelmRepository', 'other', { spec: { url: 'https://other.example.org' } }),
        object('HelmRepository', 'k', { spec: { url: 'https://charts.example.org' } }),
      ],
      'helmreleases.helm.toolkit.fluxcd.io': [
        {
          ...object('HelmRelease', 'kanidm'),
          apiVersion: 'helm.toolkit.fluxcd.io/v2',
          spec: {
            chart: { spec: { chart: 'kanidm', version: '0.1.2', sourceRef: { kind: 'HelmRepository', name: 'k' } } },
            values: { domain: 'idm.example.org' },
          },
        },
        {
          ...object('HelmRelease', 'podinfo'),
          apiVersion: 'helm.toolkit.fluxcd.io/v2',
          spec: { chart: { spec: { chart: 'podinfo', version: '6.0.0' } } },
        },
      ],
      'statefulsets.apps': [
        {
          ...object('StatefulSet', 'kanidm', pod('kanidm/server:1.11.1')),
          metadata: { name: 'kanidm', namespace: 'idm', labels: { 'helm.toolkit.fluxcd.io/name': 'kanidm' } },
        },
      ],
    }).run,
  );
  expect(facts.releases).toMatchObject([
    { name: 'kanidm', domain: 'idm.example.org', helm: { repository: 'https://charts.example.org', version: '0.1.2' } },
  ]);
  expect(facts.passedOver).toEqual([
    expect.objectContaining({
      what: expect.stringMatching(/^StatefulSet idm\/kanidm \(\d+\), Kanidm 1\.11\.1$/),
      release: 'kanidm',
    }),
  ]);
});

test('a Kanidm that nobody deploys with a chart is named, and other workloads are not', () => {
  const facts = fromCluster(
    kubectl({
      'statefulsets.apps': [object('StatefulSet', 'db', pod('postgres:17'))],
      'deployments.apps': [object('Deployment', 'idm', pod('docker.io/kanidm/server:1.10.3@sha256:00'))],
      services: [
        object('Service', 'idm', { spec: { selector: { app: 'kanidm' } } }),
        object('Service', 'web', { spec: { selector: { app: 'web' } } }),
      ],
    }).run,
  );
  expect(facts.servers).toMatchObject([{ domain: 'idm.example.org', version: '1.10.3' }]);
  expect(facts.passedOver.map(({ what, why }) => [what.replace(/ \(\d+\)/, ''), why])).toEqual([
    ['Deployment idm/idm, Kanidm 1.10.3', 'runs Kanidm'],
    ['Service idm/idm', 'runs Kanidm'],
  ]);
});

test("kaniop's resources are entries", () => {
  const facts = fromCluster(
    kubectl({
      'kanidmgroups.kaniop.rs': [
        {
          ...object('KanidmGroup', 'ops'),
          apiVersion: 'kaniop.rs/v1beta1',
          spec: { kanidmRef: { name: 'kanidm' }, members: ['alice'] },
        },
      ],
    }).run,
  );
  expect(facts.entries).toMatchObject([{ kind: 'group', name: 'ops', fields: { members: ['alice'] } }]);
});

test('what may not be read is said, and what the cluster does not have is not', () => {
  const forbidden = new Error('kubectl get: Error from server (Forbidden): deployments.apps is forbidden');
  const { notes } = fromCluster(kubectl({ 'deployments.apps': forbidden }).run);
  expect(notes).toEqual([
    {
      source: 'kubectl get deployments.apps --all-namespaces',
      text: "can't be read: kubectl get: Error from server (Forbidden): deployments.apps is forbidden",
    },
  ]);
});

describe('what the cluster itself says', () => {
  /** Returns what is read if kubectl prints these values for `config view` and `version`, and a kubeadm ConfigMap. */
  const factsOf = (printed: { cluster?: object; version?: string; kubeadm?: object; failing?: unknown }) => {
    const asked: string[] = [];
    const run: Kubectl = (args) => {
      asked.push(args.join(' '));
      if (args[0] === 'config') return JSON.stringify({ clusters: [{ cluster: printed.cluster }] });
      if (args[0] === 'version') return JSON.stringify({ serverVersion: { gitVersion: printed.version } });
      if (args[1] === 'configmap') return printed.kubeadm ? JSON.stringify(printed.kubeadm) : '';
      if (args[1] === 'pods' && printed.failing !== undefined) throw printed.failing;
      return JSON.stringify(list());
    };
    return { ...fromCluster(run), asked };
  };
  const source = 'kubectl config view';
  const base = { source, carrier: 'the cluster', issuers: [] };

  test.each([
    ['v1.34.4', { kubernetes: '1.34.4' }],
    ['v1.34.4+k3s1', { kubernetes: '1.34.4', controlPlane: 'k3s' }],
    ['v1.34.4+rke2r1', { kubernetes: '1.34.4', controlPlane: 'rke2' }],
    ['v1.34.4-eks-abc', { kubernetes: '1.34.4', controlPlane: 'eks' }],
    ['v1.34.4-gke.1', { kubernetes: '1.34.4' }],
    ['v1.34.4-k3s1', { kubernetes: '1.34.4' }],
    [undefined, {}],
  ])('the version %s', (version, expected) => {
    expect(factsOf({ version }).apiServers).toEqual([{ ...base, ...expected }]);
  });

  test('the address and the CA', () => {
    const server = 'https://192.0.2.1:6443';
    const data = Buffer.from('PEM').toString('base64');
    expect(factsOf({ cluster: { server, 'certificate-authority-data': data } })).toEqual({
      ...none,
      apiServers: [{ ...base, server }],
      serverCa: 'PEM',
      asked: expect.anything(),
    });
    const file = factsOf({ cluster: { server: 7, 'certificate-authority': '/ca.pem' } });
    expect(file.apiServers).toEqual([base]);
    expect(file).not.toHaveProperty('serverCa');
    const text =
      'the CA of the API server is in /ca.pem: copy this file next to the config, and write the name of the copy in `kubeconfig.certificateAuthority.file`';
    expect(file.notes).toEqual([{ source, text }]);
  });

  test.each<[string, object, string[]]>([
    ['a name for TLS', { 'tls-server-name': 'a.example.com' }, ['do not contain `tls-server-name`']],
    ['a proxy', { 'proxy-url': 'http://192.0.2.9:3128' }, ['do not contain `proxy-url`']],
    ['no verification', { 'insecure-skip-tls-verify': true }, ['does not verify the certificate']],
    ['verification', { 'insecure-skip-tls-verify': false }, []],
  ])('%s in the kubeconfig is not dropped in silence', (_, cluster, words) => {
    const { notes } = factsOf({ cluster: { server: 'https://192.0.2.1:6443', ...cluster } });
    expect(notes).toEqual(words.map((text) => ({ source, text: expect.stringContaining(text) })));
  });

  test('the questions', () => {
    const kind = (name: string) => `get ${name} --all-namespaces --output=json`;
    expect(factsOf({}).asked).toEqual([
      'get clusterrolebindings,rolebindings --all-namespaces --output=json',
      'get pods --namespace=kube-system --selector=component=kube-apiserver --output=json',
      'get pods --namespace=kube-system --output=json',
      'get configmap kubeadm-config --namespace=kube-system --ignore-not-found --output=json',
      kind('helmrepositories.source.toolkit.fluxcd.io'),
      kind('ocirepositories.source.toolkit.fluxcd.io'),
      kind('helmreleases.helm.toolkit.fluxcd.io'),
      ...['kanidms', 'kanidmpersonaccounts', 'kanidmgroups', 'kanidmserviceaccounts', 'kanidmoauth2clients'].map(
        (name) => kind(`${name}.kaniop.rs`),
      ),
      ...['statefulsets.apps', 'deployments.apps', 'services'].map(kind),
      'config view --minify --raw --flatten --output=json',
      'version --output=json',
    ]);
  });

  test('the ConfigMap of kubeadm counts if it has settings of an API server', () => {
    const configMap = (text: string) => object('ConfigMap', 'kubeadm-config', { data: { a: text, b: 'x' } });
    const read = factsOf({
      kubeadm: configMap('kind: ClusterConfiguration\napiVersion: v1\nkubernetesVersion: v1.34.1'),
    });
    const from = 'kubectl get configmap kubeadm-config --namespace=kube-system --ignore-not-found';
    expect(read.apiServers.map(({ source: one, carrier }) => [one, carrier])).toEqual([
      [from, 'kubeadm'],
      [from, 'a ConfigMap'],
      [source, 'the cluster'],
    ]);
    expect(read.passedOver.map(({ what }) => what)).toEqual(['metadata (2)', 'data.b']);
    expect(factsOf({ kubeadm: configMap('x') })).toEqual({ ...none, apiServers: [base], asked: expect.anything() });
  });

  test('a failure is a note with its first line', () => {
    const from = 'kubectl get pods --namespace=kube-system --selector=component=kube-apiserver';
    expect(factsOf({ failing: new Error(' one\ntwo') }).notes).toEqual([{ source: from, text: "can't be read: one" }]);
    expect(factsOf({ failing: 'three' }).notes).toEqual([{ source: from, text: "can't be read: three" }]);
  });
});

describe('several API servers', () => {
  const flags = ['--oidc-issuer-url=https://idm.example.org/oauth2/openid/k8s', '--oidc-client-id=k8s'];
  const notesOf = (...servers: readonly (readonly string[])[]) => {
    const pods = servers.map((more, i) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `kube-apiserver-${i + 1}`, namespace: 'kube-system' },
      spec: {
        containers: [{ name: 'kube-apiserver', command: ['kube-apiserver', `--advertise-address=${i}`, ...more] }],
      },
    }));
    return fromCluster(kubectl({ pods }).run).notes.map(({ text }) => text);
  };

  test('are found without the label of kubeadm, among other pods', () => {
    const of = (name: string, labels: object, command: readonly string[]) =>
      object('Pod', name, {
        metadata: { name, namespace: 'kube-system', labels },
        spec: { containers: [{ name, command }] },
      });
    const server = of('kube-apiserver-1', { 'k8s-app': 'kube-apiserver' }, ['kube-apiserver', ...flags]);
    const other = of('kube-proxy-1', { 'k8s-app': 'kube-proxy' }, ['kube-proxy', '--v=2']);
    const { run } = kubectl({ pods: [server, other] });
    const read = fromCluster((args) => (args.some((one) => one.startsWith('--selector=')) ? '' : run(args)));
    expect(read.apiServers[0]?.issuers).toHaveLength(1);
    expect(read.apiServers[0]?.source).toBe('kubectl get pods --namespace=kube-system');
    expect(JSON.stringify(read.passedOver)).not.toContain('kube-proxy');
  });

  test('with the same settings are as one', () => {
    expect(notesOf(flags, flags, flags)).toEqual([]);
    expect(notesOf(flags)).toEqual([]);
    expect(notesOf([], [])).toEqual([]);
  });

  test('of which some lack the settings are told', () => {
    expect(notesOf(flags, [], [])).toEqual([
      'the API servers differ in `--oidc-issuer-url`, `--oidc-client-id`: set in kube-apiserver-1; not set in kube-apiserver-2, kube-apiserver-3. A config has the same settings for all API servers of a cluster',
    ]);
  });

  test('with different values are told', () => {
    const prefix = (value: string) => [...flags, `--oidc-groups-prefix=${value}`];
    expect(notesOf(prefix('a:'), prefix('b:'), prefix('a:'))).toEqual([
      'the API servers differ in `--oidc-groups-prefix`: `a:` in kube-apiserver-1, kube-apiserver-3; `b:` in kube-apiserver-2. A config has the same settings for all API servers of a cluster',
    ]);
    expect(notesOf(['--authentication-config=/etc/a.yaml'], ['--v=4'])).toEqual([
      expect.stringContaining('`--authentication-config`'),
    ]);
  });
});

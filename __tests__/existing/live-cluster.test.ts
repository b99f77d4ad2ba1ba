import { fromCluster, type Kubectl } from '../../lib/existing/live-cluster';

const list = (...items: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items });
const object = (kind: string, name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'idm' },
  ...more,
});
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

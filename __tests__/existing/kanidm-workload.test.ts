import { stringify } from 'yaml';
import { factsOfFile } from '../../lib/existing/read-file';

const factsIn = (...documents: readonly unknown[]) =>
  factsOfFile('file', documents.map((one) => (typeof one === 'string' ? one : stringify(one))).join('---\n'));
const release = (spec: object, name = 'kanidm') => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name, namespace: 'idm' },
  spec,
});

test('a chart from an OCIRepository is a chart of the repository above it', () => {
  const repository = {
    kind: 'OCIRepository',
    metadata: { name: 'k', namespace: 'idm' },
    spec: { url: 'oci://registry.example.org/charts/kanidm', ref: { tag: '0.3.0' }, secretRef: { name: 'pull' } },
  };
  const { releases } = factsIn(
    repository,
    release({ chartRef: { kind: 'OCIRepository', name: 'k' }, values: { domain: 'a.b' } }),
  );
  expect(releases).toMatchObject([
    { helm: { repository: 'oci://registry.example.org/charts', chart: 'kanidm', version: '0.3.0', secretRef: 'pull' } },
  ]);
});

test('a repository with a private CA or without TLS is adopted so', () => {
  const read = (spec: object) =>
    factsIn(
      { kind: 'HelmRepository', metadata: { name: 'k', namespace: 'idm' }, spec },
      release({
        chart: { spec: { chart: 'kanidm', version: '0.3.0', sourceRef: { kind: 'HelmRepository', name: 'k' } } },
      }),
    ).releases.map(({ helm }) => [helm.certSecretRef, helm.insecure]);
  expect(read({ url: 'https://charts.example.org', certSecretRef: { name: 'ca' } })).toEqual([['ca', undefined]]);
  expect(read({ url: 'oci://registry.example.org/charts', insecure: true })).toEqual([[undefined, true]]);
  expect(read({ url: 'oci://registry.example.org/charts', insecure: false })).toEqual([[undefined, undefined]]);
});

test('a repository of another kind is not the one of the chart', () => {
  const repository = { kind: 'HelmRepository', metadata: { name: 'k' }, spec: { url: 'https://charts.example.org' } };
  const of = (kind: string) =>
    factsIn(
      repository,
      release({ chart: { spec: { chart: 'kanidm', version: '0.1.2', sourceRef: { kind, name: 'k' } } } }),
    );
  expect(of('HelmRepository').releases).toMatchObject([{ helm: { repository: 'https://charts.example.org' } }]);
  expect(of('GitRepository').releases).toMatchObject([{ helm: { repository: null } }]);
});

test('values from the cluster are taken, and a range is no version', () => {
  const valuesFrom = [{ kind: 'ConfigMap', name: 'v' }];
  const { releases, notes } = factsIn(
    release({ chart: { spec: { chart: 'kanidm', version: '>=0.1.0' } }, valuesFrom }),
  );
  expect(releases).toMatchObject([{ helm: { version: null, repository: null, valuesFrom } }]);
  expect(notes.map(({ text }) => text)).toEqual([
    'adopt does not read the ConfigMap v, from which HelmRelease kanidm takes values, because it found no such ConfigMap, or several that differ: run adopt with the ConfigMap and the HelmRelease in one file',
    'HelmRelease kanidm allows the chart versions `>=0.1.0`: write the exact version of the installed chart into `kanidm.helm.version`',
  ]);
});

describe('the ConfigMaps in `valuesFrom`', () => {
  const chart = { spec: { chart: 'kanidm', version: '0.1.2' } };
  const map = (data: object, name = 'v') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
  const values = { 'values.yaml': 'domain: idm.example.com\ningress: { className: nginx }\n' };
  const read = (valuesFrom: object[], data: object = values, own: object = {}) => {
    const { releases, notes, passedOver } = factsIn(
      release({ chart, valuesFrom: valuesFrom.map((one) => ({ kind: 'ConfigMap', name: 'v', ...one })), values: own }),
      map(data),
    );
    return { domain: releases[0]?.domain, notes: notes.map(({ text }) => text), passedOver };
  };

  test('give the domain, and are read', () => {
    const { domain, notes, passedOver } = read([{}]);
    expect([domain, notes]).toEqual(['idm.example.com', []]);
    expect(passedOver).toContainEqual(expect.objectContaining({ what: 'ConfigMap v', why: 'not about sign-in' }));
  });

  test.each<[string, object[], object, object, string | undefined]>([
    ['under another key', [{ valuesKey: 'k' }], { k: 'domain: idm.example.com' }, {}, 'idm.example.com'],
    ['for one value', [{ valuesKey: 'd', targetPath: 'domain' }], { d: 'idm.example.com\n' }, {}, 'idm.example.com'],
    ['for another value', [{ valuesKey: 'd', targetPath: 'host' }], { d: 'idm.example.com' }, {}, undefined],
    ['before `values`', [{}], values, { domain: 'own.example.com' }, 'own.example.com'],
    [
      'of which the last counts',
      [{ valuesKey: 'a' }, {}],
      { a: 'domain: a.example.com', ...values },
      {},
      'idm.example.com',
    ],
  ])('%s', (_name, valuesFrom, data, own, domain) => {
    expect(read(valuesFrom, data, own)).toMatchObject({ domain, notes: [] });
  });

  test.each<[object, object, string]>([
    [{ valuesKey: 'x' }, values, 'has no `x`'],
    [{}, { 'values.yaml': 'a: [' }, 'is not valid YAML'],
    [{ name: 'other' }, values, 'because it found no such ConfigMap, or several that differ'],
    [{ kind: 'Secret' }, values, 'adopt does not read the Secret v, from which HelmRelease kanidm takes values'],
  ])('that are not read are named: %j', (from, data, note) => {
    expect(read([from], data)).toMatchObject({ domain: undefined, notes: [expect.stringContaining(note)] });
  });

  test('that no release names are not understood', () => {
    expect(read([{ name: 'other' }]).passedOver).toContainEqual(
      expect.objectContaining({ what: expect.stringMatching(/^ConfigMap v/), why: 'not understood' }),
    );
  });
});

test.each<[string, unknown, object]>([
  [
    'another chart',
    release({
      chart: { spec: { chart: 'app-template', version: '3.7.3' } },
      values: {
        app: {
          image: { repository: 'docker.io/kanidm/server', tag: '1.8.1@sha256:00' },
          env: { KANIDM_DOMAIN: 'idm.example.com', KANIDM_ORIGIN: 'https://sso.idm.example.com' },
        },
      },
    }),
    { domain: 'idm.example.com', origin: 'https://sso.idm.example.com', version: '1.8.1' },
  ],
  [
    'a pod',
    { kind: 'Pod', metadata: { name: 'k' }, spec: { containers: [{ image: 'kanidm/server:1.9.2' }] } },
    { version: '1.9.2' },
  ],
  [
    'a server.toml in a ConfigMap',
    {
      kind: 'ConfigMap',
      metadata: { name: 'k' },
      data: { 'server.toml': 'domain = "idm.example.com"\norigin = "https://idm.example.com"\n' },
    },
    { domain: 'idm.example.com', origin: 'https://idm.example.com' },
  ],
  [
    'a server.toml',
    "version = '2'\ndomain = 'idm.example.com'\norigin = 'https://idm.example.com/'\n",
    { origin: 'https://idm.example.com' },
  ],
])('%s that runs Kanidm is named', (_, document, says) => {
  const facts = factsIn(document);
  expect(facts.servers).toMatchObject(Object.keys(says).length > 0 ? [says] : []);
  expect(facts.passedOver.filter(({ why }) => why === 'runs Kanidm')).toHaveLength(1);
});

test.each<[string, object]>([
  [
    'a workload',
    { kind: 'Deployment', metadata: { name: 'a' }, spec: { template: { spec: { containers: [{ image: 'nginx' }] } } } },
  ],
  [
    'a client of Kanidm',
    { kind: 'Deployment', spec: { template: { spec: { containers: [{ image: 'kanidm/tools:1.9' }] } } } },
  ],
  ['a release', release({ chart: { spec: { chart: 'podinfo' } } }, 'podinfo')],
  ['a Service', { kind: 'Service', metadata: { name: 'a' }, spec: { selector: { app: 'kanidm-provision' } } }],
])('%s is not Kanidm', (_, document) => {
  expect(factsIn(document).passedOver.map(({ why }) => why)).not.toContain('runs Kanidm');
});

describe('the environment of a workload can be in a ConfigMap', () => {
  const map = (data: object, namespace?: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'env', ...(namespace === undefined ? {} : { namespace }) },
    data,
  });
  const workload = (container: object) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'kanidm', namespace: 'idm' },
    spec: { template: { spec: { containers: [{ image: 'kanidm/server:1.11.1', ...container }] } } },
  });
  const known = [{ source: 'file', domain: 'example.org', origin: 'https://idm.example.org', version: '1.11.1' }];
  const unknown = [{ source: 'file', version: '1.11.1' }];
  const data = { DOMAIN: 'example.org', ORIGIN: 'https://idm.example.org' };
  const prefixed = workload({ envFrom: [{ prefix: 'KANIDM_', configMapRef: { name: 'env' } }] });
  const env = Object.keys(data).map((key) => ({
    name: `KANIDM_${key}`,
    valueFrom: { configMapKeyRef: { name: 'env', key } },
  }));

  test('in the same namespace', () => {
    expect(factsIn(map(data, 'idm'), prefixed).servers).toEqual(known);
    expect(factsIn(map(data), workload({ env })).servers).toEqual(known);
    const [domain] = factsIn(
      map(data),
      workload({ ...prefixed, env: [{ name: 'KANIDM_DOMAIN', value: 'a.b' }] }),
    ).servers;
    expect(domain).toMatchObject({ domain: 'a.b' });
  });

  test('but not in another one, in one of two, or in one that was not read', () => {
    expect(factsIn(map(data, 'web'), prefixed).servers).toEqual(unknown);
    expect(factsIn(map(data), map({ DOMAIN: 'a.b' }), prefixed).servers).toEqual(unknown);
    expect(factsIn(workload({ env })).servers).toEqual(unknown);
    // A variable that has no value refers to no ConfigMap, also not to one without a name.
    const nameless = { kind: 'ConfigMap', apiVersion: 'v1', metadata: {}, data: { '': 'a.b' } };
    const bare = [{ name: 'KANIDM_DOMAIN' }];
    expect(factsIn(nameless, workload({ env: bare })).servers).toEqual(unknown);
  });
});

import { releaseFacts } from '../../lib/existing/read-release';
import { valuesMap } from '../../lib/existing/release-values';

const source = 'file';
const apiVersion = 'helm.toolkit.fluxcd.io/v2';
const metadata = { name: 'idm', namespace: 'kanidm' };
const release = (spec: object, more: object = {}) => ({ kind: 'HelmRelease', apiVersion, metadata, spec, ...more });
const chart = (more: object = {}) => ({
  spec: { chart: 'kanidm', version: '1.2.3', sourceRef: { kind: 'HelmRepository', name: 'r' }, ...more },
});
const repository = (spec: object, more: object = {}) => ({
  kind: 'HelmRepository',
  metadata: { name: 'r' },
  spec,
  ...more,
});

/** Returns the release, the names of the unread parts, and the notes. */
function said(spec: object, siblings: readonly unknown[] = [], more: object = {}) {
  const facts = releaseFacts(source, release(spec, more), siblings);
  return (
    facts && {
      releases: facts.releases.map(({ source: from, ...rest }) => rest),
      unread: facts.passedOver.map(({ what }) => what),
      notes: facts.notes.map(({ text }) => text),
    }
  );
}
const helm = { repository: null, chart: 'kanidm', version: '1.2.3' };
const idm = { name: 'idm', namespace: 'kanidm', domain: 'idm.example.com' };
const values = { domain: 'idm.example.com' };

test('the password in the address of a repository is left out', () => {
  const found = (url: string) => said({ chart: chart(), values }, [repository({ url })]);
  expect(found('https://jane:secret@charts.example.com/a@b')).toMatchObject({
    releases: [{ helm: { repository: 'https://charts.example.com/a@b' } }],
    notes: [expect.stringContaining('contains a user name or password')],
  });
  expect(found('https://jane:sec@ret@charts.example.com/a')).toMatchObject({
    releases: [{ helm: { repository: 'https://charts.example.com/a' } }],
  });
  expect(found('https://charts.example.com/a@b')).toMatchObject({
    releases: [{ helm: { repository: 'https://charts.example.com/a@b' } }],
    notes: [],
  });
});

test('a release with its repository', () => {
  const spec = { chart: chart({ interval: '1h' }), values: { ...values, replicas: 2 }, interval: '1h' };
  const secrets = { secretRef: { name: 's' }, certSecretRef: { name: 'c' }, insecure: true };
  const siblings = [
    'x',
    repository({ url: 'https://wrong' }, { kind: 'OCIRepository' }),
    repository({ url: 'https://wrong' }, { metadata: { name: 'x' } }),
    repository({ url: 'https://charts.example.com', ...secrets }),
  ];
  expect(releaseFacts(source, release(spec), siblings)).toEqual({
    bindings: [],
    apiServers: [],
    logins: [],
    entries: [],
    servers: [],
    releases: [
      {
        source,
        ...idm,
        helm: {
          repository: 'https://charts.example.com',
          chart: 'kanidm',
          version: '1.2.3',
          secretRef: 's',
          certSecretRef: 'c',
          insecure: true,
          values: { replicas: 2 },
        },
      },
    ],
    passedOver: ['spec.chart.spec.interval', 'spec.interval'].map((what) => ({
      source,
      what: `HelmRelease idm: ${what}`,
      why: 'not about sign-in',
    })),
    notes: [],
  });
  expect(said(spec)?.releases).toEqual([{ ...idm, helm: { ...helm, values: { replicas: 2 } } }]);
  expect(
    said({ chart: chart(), values }, [repository({ url: 7, insecure: 'true', secretRef: { name: 7 } })])?.releases,
  ).toEqual([{ ...idm, helm }]);
});

describe('fields that the rendered HelmRelease does not have', () => {
  const of = (more: object, name = 'kanidm') => {
    const spec = { chart: chart(), values, ...more };
    const facts = releaseFacts(source, release(spec, { metadata: { name, namespace: 'kanidm' } }), []);
    return { said: facts?.releases[0]?.differences, unread: facts?.passedOver.map(({ what }) => what.split(': ')[1]) };
  };
  const effect =
    ': Flux uninstalls this release, which can delete its volumes, and installs a new one, so first make a backup, and see docs/backup.md';
  const lacks = 'the rendered HelmRelease has no ';

  test.each<[string, object]>([
    ['spec.releaseName', { releaseName: 'idm' }],
    ['spec.targetNamespace', { targetNamespace: 'auth' }],
    // The name of this release is kanidm-kanidm.
    ['spec.targetNamespace', { targetNamespace: 'kanidm' }],
    ['spec.storageNamespace', { storageNamespace: 'flux-system' }],
    ['spec.releaseName, spec.targetNamespace', { releaseName: 'kanidm', targetNamespace: 'auth' }],
  ])('%s decides which release it is', (fields, more) => {
    expect(of(more)).toEqual({ said: [`${lacks}${fields}${effect}`], unread: [] });
    expect(of(more, 'idm').said ?? []).not.toContainEqual(expect.stringContaining('uninstalls'));
  });

  test.each([
    ['flux-system', 'the rendered HelmRelease is in another namespace, so both manage Kanidm'],
    [undefined, 'if Flux applies this file in the namespace of the rendered HelmRelease, Flux uninstalls'],
  ])('in the namespace %s, the release may not be the rendered one', (namespace, what) => {
    const spec = { chart: chart(), values, targetNamespace: 'auth' };
    const [release] = said(spec, [], { metadata: { name: 'kanidm', namespace } })?.releases ?? [];
    expect(release?.differences).toEqual([expect.stringContaining(`${lacks}spec.targetNamespace: ${what}`)]);
  });

  test.each<[string, object]>([
    ['the same name', { releaseName: 'kanidm' }],
    ['the same namespaces', { releaseName: 'kanidm', targetNamespace: 'kanidm', storageNamespace: 'kanidm' }],
    ['nothing', { suspend: false, interval: '1h' }],
  ])('%s changes nothing', (_, more) => {
    expect(of(more)).toEqual({ said: undefined, unread: Object.keys(more).map((field) => `spec.${field}`) });
  });

  test('change what Flux deploys', () => {
    const more = { suspend: true, postRenderers: [{ kustomize: {} }], kubeConfig: { secretRef: { name: 'x' } } };
    expect(of({ ...more, interval: '1h' })).toEqual({
      said: [`${lacks}spec.kubeConfig, spec.suspend`, 'the rendered HelmRelease has other `spec.postRenderers`'],
      unread: ['spec.interval'],
    });
  });
});

test('the repository of a reference is in its namespace, by default that of the release', () => {
  const named = { chart: chart({ sourceRef: { kind: 'HelmRepository', name: 'r', namespace: 'flux' } }), values };
  const at = (namespace: unknown) =>
    repository({ url: `https://${namespace}` }, { metadata: { name: 'r', namespace } });
  const of = (spec: object, ...siblings: object[]) => said(spec, siblings)?.releases[0]?.helm.repository;
  expect(of(named, at('other'), at('flux'))).toBe('https://flux');
  expect(of(named, at('other'))).toBeNull();
  const unnamed = { chart: chart(), values };
  expect(of(unnamed, at('other'))).toBeNull();
  expect(of(unnamed, at('other'), at('kanidm'))).toBe('https://kanidm');
  expect(of(unnamed, at(undefined))).toBe('https://undefined');
  const homeless = (...siblings: object[]) =>
    said(unnamed, siblings, { metadata: { name: 'idm' } })?.releases[0]?.helm.repository;
  expect(homeless(at('other'))).toBe('https://other');
  expect(homeless(at('other'), at('kanidm'))).toBeNull();
});

test('a chart in an OCI repository', () => {
  const spec = { chartRef: { kind: 'OCIRepository', name: 'kanidm-charts' }, values };
  const oci = (more: object) => ({ kind: 'OCIRepository', metadata: { name: 'kanidm-charts' }, spec: more });
  expect(said(spec)).toEqual({
    releases: [{ ...idm, helm: { ...helm, chart: null, version: null } }],
    unread: [],
    notes: [],
  });
  const url = 'oci://example.com/charts/kanidm';
  const found = { ...helm, repository: 'oci://example.com/charts' };
  expect(said(spec, [oci({ url, ref: { tag: '1.2.3' } })])?.releases).toEqual([{ ...idm, helm: found }]);
  expect(said(spec, [oci({ url, ref: { semver: '>=1' } })])).toEqual({
    releases: [{ ...idm, helm: { ...found, version: null } }],
    unread: [],
    notes: [
      'HelmRelease idm allows the chart versions `>=1`: write the exact version of the installed chart into `kanidm.helm.version`',
    ],
  });
  expect(said(spec, [oci({ url })])?.notes).toEqual([]);
});

test.each([
  ['1.2.3', true],
  ['v1.2.3-rc.1', true],
  ['1.2.3+build', true],
  ['1.2', false],
  ['1.2.x', false],
  ['x1.2.3', false],
  ['1.2.3x', false],
  ['>1.2.3', false],
  [1.2, false],
])('the version %s is exact: %s', (version, isExact) => {
  const read = said({ chart: chart({ version }), values });
  expect(read?.releases[0]?.helm.version).toBe(isExact ? version : null);
  expect(read?.notes).toEqual(
    isExact
      ? []
      : [
          `HelmRelease idm allows the chart versions \`${version}\`: write the exact version of the installed chart into \`kanidm.helm.version\``,
        ],
  );
});

test('the domain is in the values, or a note says that it is not', () => {
  expect(said({ chart: chart() })).toEqual({
    releases: [{ name: 'idm', namespace: 'kanidm', helm }],
    unread: [],
    notes: ['HelmRelease idm sets no values.domain'],
  });
  expect(said({ chart: chart(), values: { domain: 7 } })?.notes).toEqual(['HelmRelease idm sets no values.domain']);
  expect(said({ chart: chart(), values: { domain: 'a b' } }, [], { metadata: { name: 'idm' } })).toEqual({
    releases: [{ name: 'idm', helm }],
    unread: [],
    notes: [
      'HelmRelease idm: the domain `a b` is not a domain name, so adopt does not know the domain: verify `kanidm.domain` in the config',
    ],
  });
});

test('a release of another chart, and other kinds', () => {
  expect(said({ chart: chart({ chart: 'podinfo' }), values })).toBeUndefined();
  expect(said({ chart: chart({ chart: 7 }), values })).toBeUndefined();
  expect(said({ chart: chart({ chart: 'my-Kanidm-chart' }), values })?.releases).toHaveLength(1);
  expect(said({ chart: chart() }, [], { kind: 'Other' })).toBeUndefined();
  expect(said({ chart: chart() }, [], { apiVersion: 'x.helm.toolkit.fluxcd.io/v2' })).toBeUndefined();
});

test('a release of another chart that runs Kanidm', () => {
  const env = { KANIDM_DOMAIN: 'idm.example.com', KANIDM_ORIGIN: 'https://idm.example.com' };
  const facts = (image: object | string, more: object = {}) =>
    releaseFacts(source, release({ chart: chart({ chart: 'app' }), values: { image, ...more } }), []);
  expect(facts({ repository: 'docker.io/kanidm/server', tag: 'v1.10.2' }, { env })).toEqual({
    bindings: [],
    apiServers: [],
    logins: [],
    entries: [],
    releases: [],
    servers: [{ source, domain: 'idm.example.com', origin: 'https://idm.example.com', version: '1.10.2' }],
    passedOver: [{ source, what: 'HelmRelease kanidm/idm (12), Kanidm 1.10.2', why: 'runs Kanidm' }],
    notes: [],
  });
  expect(facts('kanidm/server:1.9')?.servers).toEqual([{ source, version: '1.9' }]);
  expect(facts('kanidm/server:v1.9.1@sha256:00')?.servers).toEqual([{ source, version: '1.9.1' }]);
  expect(facts({ repository: 'kanidm/server' })?.servers).toEqual([]);
  expect(facts({ repository: 'kanidm/server' })?.passedOver).toMatchObject([{ what: 'HelmRelease kanidm/idm (9)' }]);
  expect(facts({ repository: 'kanidm/servers' })).toBeUndefined();
});

test('a release that runs Kanidm, and whose chart was not read, is not of a chart of Kanidm', () => {
  const spec = { chartRef: { kind: 'OCIRepository', name: 'kanidm' } };
  const image = { repository: 'docker.io/kanidm/server', tag: '1.11.0' };
  expect(said({ ...spec, values: { image } })).toMatchObject({
    releases: [],
    unread: [expect.stringMatching(/, Kanidm 1\.11\.0$/)],
  });
  // General charts have no value `domain`.
  expect(said({ ...spec, values: { image, ...values } })?.releases).toHaveLength(1);
  expect(said({ chart: chart(), values: { image } })?.releases).toHaveLength(1);
});

describe('values from elsewhere', () => {
  const from = (more: object = {}) => ({ kind: 'ConfigMap', name: 'v', ...more });
  const map = (data: object, more: object = {}) => ({ kind: 'ConfigMap', metadata: { name: 'v' }, data, ...more });
  const of = (valuesFrom: unknown, ...siblings: unknown[]) => {
    const read = said({ chart: chart(), valuesFrom }, siblings);
    return [read?.releases[0]?.domain, ...(read?.notes ?? [])];
  };
  const what = 'the ConfigMap v, from which HelmRelease idm takes values';

  test('a ConfigMap of the same file', () => {
    expect(of([from()], map({ 'values.yaml': 'domain: a.example' }))).toEqual(['a.example']);
    expect(of([from({ valuesKey: 'x' })], map({ x: 'domain: a.example' }))).toEqual(['a.example']);
    expect(of([from({ targetPath: 'domain', valuesKey: 'x' })], map({ x: ' a.example\n' }))).toEqual(['a.example']);
    expect(of([from({ targetPath: 'other' })], map({ 'values.yaml': 'domain: a' }))).toEqual([undefined]);
    expect(of([from()], map({ 'values.yaml': 'domain: 7' }))).toEqual([undefined]);
    expect(of([from()], map({ 'values.yaml': 'a: [' }))).toEqual([undefined, `${what}, is not valid YAML`]);
    expect(of([from()], map({ x: 'y' }))).toEqual([undefined, `${what}, has no \`values.yaml\``]);
    expect(of([from()], 'x', map({}, { kind: 'Secret' }), map({}, { metadata: { name: 'w' } }))).toEqual([
      undefined,
      `adopt does not read ${what}, because it found no such ConfigMap, or several that differ: run adopt with the ConfigMap and the HelmRelease in one file`,
    ]);
  });

  test('the last one counts', () => {
    const maps = [map({ a: 'domain: a', b: 'domain: b', c: 'x: y' })];
    const keys = (...names: string[]) => names.map((valuesKey) => from({ valuesKey }));
    expect(of(keys('a', 'b'), ...maps)).toEqual(['b']);
    expect(of(keys('a', 'c'), ...maps)).toEqual(['a']);
    expect(said({ chart: chart(), valuesFrom: keys('a', 'b'), values }, maps)?.releases).toEqual([
      { ...idm, helm: { ...helm, valuesFrom: keys('a', 'b') } },
    ]);
  });

  test('a Secret is not read', () => {
    expect(of([{ kind: 'Secret', name: 's' }, 'x'])).toEqual([
      undefined,
      'adopt does not read the Secret s, from which HelmRelease idm takes values: if it sets the domain, write the domain as `kanidm.domain`',
    ]);
  });

  test('the ConfigMap is in the namespace of the release', () => {
    const at = (namespace: unknown) => map({ 'values.yaml': 'domain: a' }, { metadata: { name: 'v', namespace } });
    expect(of([from()], at('kanidm'))).toEqual(['a']);
    expect(of([from()], at('other'))[0]).toBeUndefined();
    const homeless = release({ chart: chart(), valuesFrom: [from()] }, { metadata: { name: 'idm' } });
    expect(releaseFacts(source, homeless, [at('other')])?.releases).toMatchObject([{ domain: 'a' }]);
    expect(releaseFacts(source, homeless, [at('other'), at('x')])?.releases[0]).not.toHaveProperty('domain');
    expect(releaseFacts(source, homeless, [at('x'), at(undefined)])?.releases).toMatchObject([{ domain: 'a' }]);
  });

  test('a ConfigMap that only has values of a release', () => {
    const used = release({ valuesFrom: [from()] });
    const facts = (document: object, ...siblings: unknown[]) =>
      valuesMap(source, { ...document }, siblings)?.passedOver;
    expect(facts(map({ a: 'x' }), 'y', used)).toEqual([{ source, what: 'ConfigMap v', why: 'not about sign-in' }]);
    const placed = map({ a: 'oidc_issuer' }, { metadata: { name: 'v', namespace: 'kanidm' } });
    expect(facts(placed, used)).toMatchObject([{ what: 'ConfigMap kanidm/v', why: 'not understood' }]);
    expect(facts(map({ a: 'kanidm group create ops' }), used)).toMatchObject([{ why: 'not understood' }]);
    expect(facts(map({}, { metadata: { name: 'w' } }), used)).toBeUndefined();
    expect(facts(map({}), { ...used, kind: 'Other' })).toBeUndefined();
    expect(facts(map({}), release({ valuesFrom: [from({ kind: 'Secret' })] }))).toBeUndefined();
    expect(facts(map({}))).toBeUndefined();
  });
});

import { fluxStatements } from '../../lib/diff/flux-statements';
import type { ObjectChange } from '../../lib/diff/object-changes';
import { configOf } from '../config';

const source = 'whoever controls this source decides what Flux applies, as cluster-admin by default';
const applier = 'this object decides what Flux applies, as cluster-admin by default';
const chart = 'Flux installs this chart, as cluster-admin by default';

const object = (kind: string, path?: string, more: Partial<ObjectChange> = {}): ObjectChange => ({
  change: 'changed',
  cluster: 'lab',
  object: `${kind} apps/web`,
  fields: path === undefined ? [] : [{ path, before: 'a', after: 'b' }],
  ...more,
});
const statements = (...objects: ObjectChange[]) =>
  fluxStatements(objects, configOf({ kanidm: { namespace: 'idm' } })).map(({ say, ...one }) => ({
    ...one,
    text: say('lab'),
  }));

test.each([
  ['GitRepository.source.toolkit.fluxcd.io', 'high', source],
  ['OCIRepository.source.toolkit.fluxcd.io', 'high', source],
  ['Bucket.source.toolkit.fluxcd.io', 'high', source],
  ['HelmRepository.source.toolkit.fluxcd.io', 'high', source],
  ['HelmChart.source.toolkit.fluxcd.io', 'high', source],
  ['ExternalArtifact.source.toolkit.fluxcd.io', 'high', source],
  ['Kustomization.kustomize.toolkit.fluxcd.io', 'high', applier],
  ['HelmRelease.helm.toolkit.fluxcd.io', 'medium', chart],
])('a new %s is %s', (id, level, means) => {
  const kind = id.slice(0, id.indexOf('.'));
  const change = object(id, undefined, { change: 'added' });
  expect(statements(change)).toEqual([
    {
      part: 'trust',
      level,
      change: 'added',
      clusters: ['lab'],
      details: [],
      text: `lab: the ${kind} apps/web is new: ${means}`,
    },
  ]);
  expect(statements({ ...change, change: 'removed' })).toEqual([
    {
      part: 'trust',
      level: 'none',
      change: 'removed',
      clusters: ['lab'],
      details: [],
      text: `lab: the ${kind} apps/web is gone`,
    },
  ]);
});

const git = 'GitRepository.source.toolkit.fluxcd.io';
const kustomization = 'Kustomization.kustomize.toolkit.fluxcd.io';
const release = 'HelmRelease.helm.toolkit.fluxcd.io';

test.each([
  ...[
    'url',
    'ref.branch',
    'secretRef.name',
    'endpoint',
    'bucketName',
    'provider',
    'insecure',
    'certSecretRef.name',
    'type',
    'proxySecretRef.name',
    'include[x]',
  ].map((field) => [git, `spec.${field}`, 'high', source]),
  ...[
    'sourceRef.name',
    'path',
    'serviceAccountName',
    'kubeConfig.secretRef.name',
    'patches[]',
    'images[a].newTag',
    'components[]',
    'postBuild.substitute.a',
    'decryption.provider',
    'targetNamespace',
  ].map((field) => [kustomization, `spec.${field}`, 'high', applier]),
  ...[
    'chart.spec.version',
    'chartRef.name',
    'values.a',
    'valuesFrom[a]',
    'serviceAccountName',
    'kubeConfig.secretRef.name',
    'postRenderers[]',
  ].map((field) => [release, `spec.${field}`, 'medium', chart]),
] as [string, string, string, string][])('%s: %s is decisive', (id, path, level, means) => {
  const kind = id.slice(0, id.indexOf('.'));
  expect(statements(object(id, path))).toEqual([
    {
      part: 'trust',
      level,
      change: 'changed',
      clusters: ['lab'],
      details: [`~ ${path}: a -> b`],
      text: `lab: the ${kind} apps/web changed: ${means}`,
    },
  ]);
});

test('only decisive fields are listed', () => {
  const fields = [
    { path: 'spec.interval', before: '1m', after: '2m' },
    { path: 'spec.url', before: 'a', after: 'b' },
  ];
  expect(statements(object(git, undefined, { fields })).map(({ details }) => details)).toEqual([
    ['~ spec.url: a -> b'],
  ]);
});

test('how a signature is verified is decisive for a chart too', () => {
  expect(statements(object(git, 'spec.verify.mode')).map(({ level }) => level)).toEqual(['high']);
});

test.each([
  ['a field that decides nothing', object(git, 'spec.interval')],
  ['a field whose name only begins like a decisive one', object(git, 'spec.urls')],
  ['a field outside of spec', object(git, 'metadata.spec.url')],
  ['such a field of a Kustomization', object(kustomization, 'status.spec.path')],
  ['such a field of a HelmRelease', object(release, 'status.spec.chart')],
  ['another kind of Flux', object('Receiver.notification.toolkit.fluxcd.io', 'spec.type')],
  ['another group', object('Kustomization.example.com', 'spec.path')],
  ['a group that ends like one of Flux', object('Kustomization.kustomize.toolkit.fluxcd.io.example.com', 'spec.path')],
  ['an object that is rendered', { ...object(release, 'spec.values.a'), object: `${release} idm/kanidm` }],
])('%s is left to others', (_, change) => {
  expect(statements(change)).toEqual([]);
});

test('a namespace that begins like that of Kanidm is another one', () => {
  expect(statements({ ...object(release, 'spec.values.a'), object: `${release} idm2/kanidm` })).toHaveLength(1);
});

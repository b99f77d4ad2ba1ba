import { handWrittenStatements } from '../../lib/diff/hand-written-statements';
import { type ObjectChange, objectChanges } from '../../lib/diff/object-changes';
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
const config = configOf({});

/** Returns an object with an identity such as `Kustomization.kustomize.toolkit.fluxcd.io apps/web`. */
function objectOf(id: string, more: object = {}): object {
  const [, kind = '', group = '', namespace = '', name = ''] = /^([^.\s]+)\.?(\S*) (?:(.*)\/)?(.*)$/.exec(id) ?? [];
  const apiVersion = group === '' ? 'v1' : `${group}/v1`;
  return { apiVersion, kind, metadata: namespace === '' ? { name } : { namespace, name }, ...more };
}

const saidOf = (changes: readonly ObjectChange[], byHand: readonly object[]) => {
  const side = { config, objects: () => [], byHand: () => byHand };
  return handWrittenStatements(changes, side, side).map(({ say, ...one }) => ({ ...one, text: say('lab') }));
};

const statements = (...changes: ObjectChange[]) =>
  saidOf(
    changes,
    changes.map((one) => objectOf(one.object)),
  );

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
])('%s is left to others', (_, change) => {
  expect(statements(change)).toEqual([]);
});

test('an object that only the config renders is left to others', () => {
  expect(saidOf([object(release, 'spec.values.a')], [])).toEqual([]);
});

test('a document that is no object does not keep others from being reported', () => {
  const one = object(kustomization, 'spec.path');
  expect(saidOf([one], [{}, { kind: 'List' }, objectOf(one.object)])).toHaveLength(1);
});

describe('what other programs do with an object', () => {
  const texts = (id: string, more: object, change: Partial<ObjectChange> = { change: 'added' }) =>
    saidOf([object('', undefined, { object: id, ...change })], [objectOf(id, more)]).map(({ level, text }) => [
      level,
      text,
    ]);

  test.each([
    ['ResourceSet.fluxcd.controlplane.io apps/web', {}, 'high', 'decides what the Flux Operator applies'],
    ['Application.argoproj.io apps/web', {}, 'high', 'decides what Argo CD applies'],
    ['MutatingWebhookConfiguration.admissionregistration.k8s.io web', {}, 'high', 'it can change what others create'],
    ['APIService.apiregistration.k8s.io v1.a', { spec: { service: {} } }, 'high', 'in place of the API server'],
    ['ImageUpdateAutomation.image.toolkit.fluxcd.io apps/web', {}, 'medium', 'commits to the repository'],
    ['Secret apps/web', { type: 'kubernetes.io/service-account-token' }, 'medium', 'with a token of a service account'],
    ['PersistentVolume web', { spec: { hostPath: { path: '/' } } }, 'medium', 'a path on a node'],
  ])('%s', (id, more, level, part) => {
    expect(texts(id, more)).toEqual([[level, expect.stringContaining(part)]]);
  });
  test.each([
    ['Secret apps/web', { type: 'Opaque' }],
    ['PersistentVolume web', { spec: { nfs: {} } }],
    ['APIService.apiregistration.k8s.io v1.a', { spec: {} }],
    ['Namespace web', {}],
    ['ConfigMap apps/web', {}],
  ])('%s says nothing with %j', (id, more) => {
    expect(texts(id, more)).toEqual([]);
  });
  test.each([
    ['restricted', 'privileged', 1],
    ['restricted', undefined, 1],
    ['restricted', 'baseline', 1],
    ['privileged', 'baseline', 0],
    ['privileged', undefined, 0],
    [undefined, 'privileged', 0],
  ])('the Pod Security level of a Namespace, from %s to %s', (before, after, count) => {
    const [was, is] = [before, after].map((level) => ({
      config,
      objects: () => [],
      byHand: () => [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'web', ...(level && { labels: { 'pod-security.kubernetes.io/enforce': level } }) },
        },
      ],
    }));
    if (!was || !is) throw new Error('unreachable');
    const changes = objectChanges('lab', was.byHand(), is.byHand());
    expect(handWrittenStatements(changes, was, is).map(({ level }) => level)).toEqual(Array(count).fill('medium'));
    const added = { change: 'added', cluster: 'lab', object: 'Namespace web', fields: [] } as const;
    const none = { config, objects: () => [] };
    expect(handWrittenStatements([added], none, is)).toHaveLength(after === 'privileged' ? 1 : 0);
  });
  test('what a policy refused is accepted if it is gone', () => {
    const id = 'ValidatingAdmissionPolicy.admissionregistration.k8s.io web';
    expect(texts(id, {}, { change: 'removed' })).toEqual([
      [
        'medium',
        'lab: the ValidatingAdmissionPolicy web is gone: what it refused is accepted from now on, unless something else refuses it',
      ],
    ]);
  });
});

describe('what Flux no longer applies or deletes', () => {
  const changed = (path: string, before: unknown, after: unknown, kind = kustomization) =>
    statements(object(kind, undefined, { fields: [{ path, before, after }] })).map(({ level, text }) => [level, text]);

  test.each([
    ['spec.suspend', undefined, true, 'it is suspended, so Flux applies no changes'],
    ['spec.prune', true, false, 'Flux no longer deletes objects that are gone from the files'],
    ['spec.prune', true, undefined, 'Flux no longer deletes objects that are gone from the files'],
  ])('%s from %p to %p', (path, before, after, part) => {
    expect(changed(path, before, after)).toEqual([['medium', expect.stringContaining(part)]]);
  });
  test('files that a source leaves out', () => {
    expect(changed('spec.ignore', undefined, '/access', git)).toEqual([
      ['medium', expect.stringContaining('Flux may now ignore files of this source')],
    ]);
  });
  test.each([
    ['spec.suspend', true, undefined],
    ['spec.suspend', undefined, false],
    ['spec.prune', false, true],
    ['spec.suspend', undefined, true, 'CronJob.batch'],
    ['spec.suspend', undefined, true, 'Kustomization.example.com'],
  ])('not %s from %p to %p', (path, before, after, kind = kustomization) => {
    expect(changed(path, before, after, kind)).toEqual([]);
  });
});

describe('values from a ConfigMap', () => {
  const id = 'ConfigMap apps/values';
  const change = object('', 'data.role', { object: id });
  const takes = (spec: object, of = kustomization) => [objectOf(id), objectOf(`${of} apps/web`, { spec })];
  const from = [{ kind: 'ConfigMap', name: 'values' }];

  test('a Kustomization substitutes', () => {
    expect(saidOf([change], takes({ postBuild: { substituteFrom: from } }))).toMatchObject([
      {
        level: 'high',
        details: ['~ data.role: a -> b'],
        text: 'lab: the ConfigMap apps/values changed: the Kustomization apps/web takes values from it. This object decides what Flux applies, as cluster-admin by default',
      },
    ]);
  });
  test('a HelmRelease reads', () => {
    expect(saidOf([change], takes({ valuesFrom: from }, release))).toMatchObject([{ level: 'medium' }]);
  });
  test('another name, kind or namespace is another object', () => {
    expect(saidOf([change], takes({ valuesFrom: [{ kind: 'ConfigMap', name: 'other' }] }, release))).toEqual([]);
    expect(saidOf([change], takes({ valuesFrom: [{ kind: 'Secret', name: 'values' }] }, release))).toEqual([]);
    const elsewhere = objectOf(`${release} db/web`, { spec: { valuesFrom: from } });
    expect(saidOf([change], [objectOf(id), elsewhere])).toEqual([]);
  });
});

import { App, Chart, Testing } from 'cdk8s';
import { HelmApp, type HelmAppProps } from '../../lib/constructs/helm-app';

/** All props: a new one without a test does not compile. */
const all: Required<HelmAppProps> = {
  name: 'app',
  namespace: 'apps',
  repository: 'oci://registry.example.com/charts',
  chart: 'thing',
  version: '1.2.3',
  interval: '10m',
  secretRef: 'registry',
  certSecretRef: 'registry-ca',
  insecure: true,
  values: { replicas: 1 },
  valuesFrom: [{ kind: 'Secret', name: 'more', valuesKey: 'key', targetPath: 'a.b', optional: true }],
  postRenderers: [{ kustomize: { images: [{ name: 'thing', newTag: '2' }] } }],
  namespaceLabels: { team: 'a' },
  keepOnRemoval: false,
};

const render = (props: HelmAppProps) => {
  const chart = Testing.chart();
  const app = new HelmApp(chart, 'app', props);
  return { app, objects: Testing.synth(chart) };
};

test('every prop lands where Flux reads it', () => {
  const { objects } = render(all);
  const annotations = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' };
  expect(objects).toEqual([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps', annotations, labels: { team: 'a' } } },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: 'app', namespace: 'apps', annotations },
      spec: {
        interval: '10m',
        url: all.repository,
        type: 'oci',
        secretRef: { name: 'registry' },
        certSecretRef: { name: 'registry-ca' },
        insecure: true,
      },
    },
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'app', namespace: 'apps', annotations },
      spec: {
        interval: '10m',
        chart: {
          spec: {
            chart: 'thing',
            version: '1.2.3',
            sourceRef: { kind: 'HelmRepository', name: 'app', namespace: 'apps' },
          },
        },
        install: { strategy: { name: 'RetryOnFailure' } },
        upgrade: { strategy: { name: 'RetryOnFailure' } },
        driftDetection: { mode: 'enabled' },
        values: { replicas: 1 },
        valuesFrom: all.valuesFrom,
        postRenderers: all.postRenderers,
      },
    },
  ]);
});

const least: HelmAppProps = { name: 'app', repository: 'https://charts.example.com', chart: 'thing', version: '1.0.0' };

test('namespace, interval and keeping are as documented where nothing is said', () => {
  const { app, objects } = render(least);
  expect(app.namespace.name).toBe('app');
  expect(app.repository.metadata.namespace).toBe('app');
  expect(app.release.metadata.name).toBe('app');
  for (const { metadata } of objects) {
    expect(metadata.annotations).toMatchObject({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
  }
  expect(objects[1].spec).toEqual({ interval: '1h', url: least.repository });
  expect(objects[2].spec).not.toHaveProperty('postRenderers');
});

test.each<[Partial<HelmAppProps>, boolean]>([
  [{ namespace: 'flux-system', keepOnRemoval: false }, true],
  [{ name: 'flux-system', keepOnRemoval: false }, true],
  [{ namespace: 'kube-system', keepOnRemoval: false }, true],
  [{ namespace: 'flux-system' }, false],
  [{ namespace: 'flux-app', keepOnRemoval: false }, false],
])('%j is refused if Flux would prune the namespace of others: %p', (props, refused) => {
  const chart = Testing.chart();
  new HelmApp(chart, 'app', { ...least, ...props });
  const synth = expect(() => chart.toJson());
  if (refused) synth.toThrow('keepOnRemoval: with `false`, Flux would try to delete the namespace');
  else synth.not.toThrow();
});

test('two of them live in one app of somebody else, with names as given', () => {
  const app = new App();
  const chart = new Chart(app, 'mine');
  new HelmApp(chart, 'one', least);
  new HelmApp(chart, 'two', { ...least, name: 'other' });
  expect(app.synthYaml().match(/name: (app|other)$/gm)).toHaveLength(8);
});

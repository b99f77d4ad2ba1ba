import { Chart, Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { FluxSync, type FluxSyncProps } from '../../lib/constructs/flux-sync';
import { render } from '../../lib/render';
import { codesOf, configOf, homeLab } from '../config';
import type { Whole } from './whole';

type Spec = Record<string, unknown>;

/** Returns the rendered Kustomizations of the home lab by name. */
const synced = (change: Record<string, unknown> = {}): Map<string, { metadata: Spec; spec: Spec }> => {
  const file = [...render(configOf(change))].find(({ path }) => path === 'flux/homelab.yaml');
  const objects = parseAllDocuments(file?.text ?? '').map((document) => document.toJS());
  return new Map(objects.map((object) => [object.metadata.name, object]));
};

test('each folder of a cluster is applied by a Kustomization of its own', () => {
  const paths = [...synced()].map(([name, { spec }]) => [name, spec.path]);
  expect(paths).toEqual([
    ['kaniflux-kanidm', './dist/clusters/homelab/kanidm'],
    ['kaniflux-access', './dist/clusters/homelab/access'],
    ['kaniflux-access-in-namespaces', './dist/clusters/homelab/access-in-namespaces'],
  ]);
});

test('all of them prune, try again soon, are not substituted into, and wait for no other', () => {
  for (const { metadata, spec } of synced().values()) {
    expect(metadata.annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' });
    expect(spec).toMatchObject({ prune: true, interval: '10m', retryInterval: '1m' });
    expect(Object.keys(spec)).not.toEqual(expect.arrayContaining(['dependsOn']));
    expect(Object.keys(spec)).not.toEqual(expect.arrayContaining(['force']));
  }
});

test('only Kanidm is waited for, and taking its Kustomization away takes nothing else away', () => {
  const kustomizations = synced({ flux: { timeout: '7m' } });
  const kanidm = { wait: true, timeout: '7m', deletionPolicy: 'Orphan' };
  expect(kustomizations.get('kaniflux-kanidm')?.spec).toMatchObject(kanidm);
  for (const name of ['kaniflux-access', 'kaniflux-access-in-namespaces']) {
    for (const field of Object.keys(kanidm)) expect(kustomizations.get(name)?.spec).not.toHaveProperty(field);
  }
});

test('the settings of a cluster go over those at the top', () => {
  const flux = { source: { kind: 'OCIRepository', name: 'fleet' }, path: './', namespace: 'gitops', interval: '5m' };
  const own = { source: { namespace: 'sources' }, serviceAccountName: 'deployer' };
  const { metadata, spec } = synced({ flux, clusters: { homelab: { flux: own } } }).get('kaniflux-access') ?? {};
  expect(metadata).toMatchObject({ name: 'kaniflux-access', namespace: 'gitops' });
  expect(spec).toMatchObject({
    path: './clusters/homelab/access',
    interval: '5m',
    serviceAccountName: 'deployer',
    sourceRef: { kind: 'OCIRepository', name: 'fleet', namespace: 'sources' },
  });
});

test('where Kanidm is not deployed there is no Kustomization for it', () => {
  expect([...synced({ kanidm: { helm: null, cluster: null } }).keys()]).not.toContain('kaniflux-kanidm');
});

test('the folder that holds the last grant stays when the grant goes, and is empty', () => {
  const files = new Map(
    [...render(configOf({ clusters: { homelab: { grants: [] } } }))].map((file) => [file.path, file]),
  );
  const folder = 'clusters/homelab/access';
  expect(files.get(`${folder}/kustomization.yaml`)?.text).toContain('resources: []');
  expect(files.has(`${folder}/access.k8s.yaml`)).toBe(false);
  expect([...synced({ clusters: { homelab: { grants: [] } } }).keys()]).toContain('kaniflux-access');
});

test.each(['/dist', '../dist', 'a/../../dist', 'a\\b', './di\tst'])('the path %j is refused', (path) => {
  expect(codesOf(homeLab({ flux: { path } }))).toEqual(['bad-value']);
});

test.each([
  ['dist', './dist'],
  ['./', '.'],
  ['.', '.'],
  ['deploy/..dist/', './deploy/..dist'],
])('the path %j becomes %j', (path, written) => {
  expect(synced({ flux: { path } }).get('kaniflux-access')?.spec.path).toBe(`${written}/clusters/homelab/access`);
});

test.each(['0s', '0h0m', '1 m', 'm', '10'])('the interval %j is refused', (interval) => {
  expect(codesOf(homeLab({ flux: { interval } }))).toContain('bad-value');
});

test('trying again later than looking again is a warning, said once', () => {
  const other = { ...(homeLab().clusters as Record<string, object>).homelab };
  const change = { flux: { interval: '90s', retryInterval: '0h2m' }, clusters: { other } };
  expect(codesOf(homeLab(change)).filter((code) => code === 'flux-retry')).toHaveLength(1);
  expect(codesOf(homeLab({ flux: { interval: '1h', retryInterval: '60m' } }))).not.toContain('flux-retry');
});

const all: Whole<FluxSyncProps> = {
  name: 'access',
  namespace: 'gitops',
  source: { kind: 'OCIRepository', name: 'fleet', namespace: 'sources' },
  path: './access',
  interval: '5m',
  retryInterval: '30s',
  serviceAccountName: 'deployer',
  waitFor: '7m',
  keepOnRemoval: true,
};

test('every prop of the construct lands where Flux reads it', () => {
  const chart = new Chart(Testing.app(), 'sync');
  new FluxSync(chart, 'all', all);
  expect(chart.toJson()).toEqual([
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: {
        name: 'access',
        namespace: 'gitops',
        annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
      },
      spec: {
        interval: '5m',
        retryInterval: '30s',
        wait: true,
        timeout: '7m',
        deletionPolicy: 'Orphan',
        path: './access',
        prune: true,
        serviceAccountName: 'deployer',
        sourceRef: all.source,
      },
    },
  ]);
});

test('what is left out is what it is in a config where it is left out', () => {
  const chart = new Chart(Testing.app(), 'sync');
  new FluxSync(chart, 'least', { name: 'kaniflux-access', path: './dist/clusters/homelab/access' });
  expect(chart.toJson()).toEqual([synced().get('kaniflux-access')]);
});

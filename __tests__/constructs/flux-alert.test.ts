import { ApiObject, Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { FluxAlert, type FluxAlertProps } from '../../lib/constructs/flux-alert';
import { FluxSync } from '../../lib/constructs/flux-sync';
import { render } from '../../lib/render';
import { configOf } from '../config';
import { schemaFaults } from '../schemas';
import type { Whole } from './whole';

/** Returns the home lab's objects for messages of Flux. */
const alerts = (change: Record<string, unknown>) => {
  const file = [...render(configOf(change))].find(({ path }) => path === 'flux/homelab.yaml');
  const objects = parseAllDocuments(file?.text ?? '').map((document) => document.toJS());
  return objects.filter(({ apiVersion }) => apiVersion.startsWith('notification.'));
};

test('Flux sends no messages unless asked to', () => {
  expect(alerts({})).toEqual([]);
});

test('it tells of failures of each Kustomization and of their source', () => {
  const source = { kind: 'OCIRepository', name: 'fleet', namespace: 'sources' };
  const flux = { namespace: 'gitops', source, alerts: { type: 'slack', secretName: 'chat', channel: 'ops' } };
  const [provider, alert] = alerts({ flux });
  expect(provider).toMatchObject({
    kind: 'Provider',
    metadata: { name: 'kaniflux', namespace: 'gitops' },
    spec: { type: 'slack', channel: 'ops', secretRef: { name: 'chat' } },
  });
  expect(alert).toMatchObject({
    kind: 'Alert',
    spec: {
      providerRef: { name: 'kaniflux' },
      eventSeverity: 'error',
      eventSources: [
        { kind: 'Kustomization', name: 'kaniflux-kanidm', namespace: 'gitops' },
        { kind: 'Kustomization', name: 'kaniflux-access', namespace: 'gitops' },
        { kind: 'Kustomization', name: 'kaniflux-access-in-namespaces', namespace: 'gitops' },
        source,
      ],
    },
  });
});

test('a cluster can send its messages elsewhere', () => {
  const flux = { alerts: { type: 'slack', secretName: 'chat' } };
  const own = { alerts: { type: 'discord', secretName: 'lab' } };
  const [provider] = alerts({ flux, clusters: { homelab: { flux: own } } });
  expect(provider?.spec).toEqual({ type: 'discord', secretRef: { name: 'lab' } });
});

test('without names it tells of all Kustomizations in the chart, also of later ones', () => {
  const chart = Testing.chart();
  const { alert } = new FluxAlert(chart, 'alert', { type: 'slack', secretName: 'chat' });
  expect(() => chart.toJson()).toThrow('kustomizations: expected a list of names, or a Kustomization in the chart');
  new FluxSync(chart, 'mine', { name: 'mine', namespace: 'gitops', path: './mine' });
  new ApiObject(chart, 'other', { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' });
  expect(alert.toJson().spec.eventSources).toEqual([
    { kind: 'Kustomization', name: 'mine', namespace: 'gitops' },
    { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
  ]);
});

/** All props: a new one without a test does not compile. */
const all: Whole<FluxAlertProps> = {
  name: 'mine',
  namespace: 'gitops',
  type: 'matrix',
  secretName: 'chat',
  channel: 'ops',
  severity: 'info',
  kustomizations: ['apps'],
  source: { kind: 'GitRepository', name: 'fleet', namespace: 'sources' },
};

test('every prop lands where Flux reads it, and a type that Flux does not have is an error', () => {
  const chart = Testing.chart();
  new FluxAlert(chart, 'all', all);
  const objects = Testing.synth(chart);
  expect(objects).toMatchSnapshot();
  expect(objects.map(schemaFaults)).toEqual([[], []]);
  const type: string = 'pigeon';
  expect(() => new FluxAlert(chart, 'odd', { ...all, type: type as 'slack' })).toThrow(
    'Flux has no provider of the type pigeon',
  );
});

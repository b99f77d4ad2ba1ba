import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { configOf, homeLab } from '../__tests__/config';
import { renderInto } from './flux/rendered';
import {
  type Apiserver,
  Lab,
  startApiserver,
  startControllerManager,
  startEtcd,
  startKustomizeController,
} from './harness';
import { startOciSource } from './source/source';

const { homelab } = homeLab().clusters as Record<string, object>;
const flux = { namespace: 'edge1', source: { kind: 'OCIRepository', name: 'fleet', namespace: 'edge1' }, path: './' };
const config = configOf({
  kanidm: { helm: null, cluster: null },
  clusters: { homelab: null, edge1: { ...homelab, flux } },
});

/** The patch in docs/scale.md. */
const patches = /^spec:\n {2}patches:\n[^`]*/m.exec(
  readFileSync(join(__dirname, '..', 'docs', 'scale.md'), 'utf8'),
)?.[0];

describe('docs/scale.md: a hub applies to another cluster, in a shard', () => {
  let lab: Lab;
  let hub: Apiserver;
  let edge: Apiserver;
  beforeAll(async () => {
    lab = await Lab.open('flux-hub');
    hub = await startApiserver(lab, { etcd: await startEtcd(lab) });
    edge = await startApiserver(lab, { etcd: await startEtcd(lab) });
    await startControllerManager(lab, hub);
    await startKustomizeController(lab, hub, ['--watch-label-selector=sharding.fluxcd.io/key=shard1']);
    await hub.kubectl(['create', 'namespace', 'edge1']);
  });
  afterAll(() => lab?.close());

  test('the bindings come into that cluster, and into no other', async () => {
    await hub.kubectl(['create', 'secret', 'generic', 'edge1', '-n=edge1', `--from-file=value=${edge.kubeconfig}`]);
    const source = await startOciSource(lab, hub, { name: 'fleet', namespace: 'edge1' });
    await renderInto(lab.path('dist'), config);
    await source.push(lab.path('dist'), 'one', '.');
    const kustomization = (name: string, labels: object) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
${stringify({ metadata: { name, namespace: 'edge1', labels } })}${patches}
  interval: 10m
  prune: true
  path: ./flux
  sourceRef: { kind: OCIRepository, name: fleet }
`;
    await hub.kubectl(['create', '-f', '-'], kustomization('other-shard', { 'sharding.fluxcd.io/key': 'shard2' }));
    await hub.kubectl(['create', '-f', '-'], kustomization('kaniflux', { 'sharding.fluxcd.io/key': 'shard1' }));
    const wait = ['wait', '--for=condition=Ready', '-n=edge1', '--timeout=120s'];
    await hub.kubectl([...wait, 'kustomization/kaniflux']);
    await hub.kubectl([...wait, 'kustomization/kaniflux-access', 'kustomization/kaniflux-access-in-namespaces']);
    const binding = ['get', 'clusterrolebinding', 'oidc-cluster-admin', '--ignore-not-found', '-o=name'];
    expect(await edge.kubectl(binding)).toContain('oidc-cluster-admin');
    expect(await hub.kubectl(binding)).toBe('');
    const other = ['get', 'kustomization', 'other-shard', '-n=edge1', '-o=jsonpath={.status.conditions}'];
    expect(await hub.kubectl(other)).toBe('');
    await source.close();
  });
});

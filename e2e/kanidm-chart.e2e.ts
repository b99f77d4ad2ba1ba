import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { configOf } from '../__tests__/config';
import { entry } from '../lib/config/config';
import type { KubernetesObject } from '../lib/output/kubernetes-object';
import { clusterFolders } from '../lib/render';
import { ensurePart } from './parts/build';

/* What helm-controller does with a HelmRelease, by hand: `helm template` with its values, then its post-renderers. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-chart-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function released(kanidm: Record<string, unknown>): Promise<KubernetesObject[]> {
  const config = configOf({ kanidm });
  const objects = clusterFolders(config, entry(config.clusters, 'homelab')).flatMap((folder) => folder.objects);
  const { spec } = objects.find(({ kind }) => kind === 'HelmRelease') as unknown as {
    spec: { values: object; postRenderers: { kustomize: object }[] };
  };
  writeFileSync(join(folder, 'values.yaml'), stringify(spec.values));
  const args = [
    'template',
    'kanidm',
    join(__dirname, 'chart', 'kanidm'),
    '--namespace',
    'kanidm',
    '-f',
    join(folder, 'values.yaml'),
  ];
  let { stdout } = await promisify(execFile)(await ensurePart('helm'), args);
  for (const { kustomize } of spec.postRenderers) {
    writeFileSync(join(folder, 'all.yaml'), stdout);
    writeFileSync(join(folder, 'kustomization.yaml'), stringify({ resources: ['all.yaml'], ...kustomize }));
    ({ stdout } = await promisify(execFile)(await ensurePart('kustomize'), ['build', folder]));
  }
  return parseAllDocuments(stdout).map((document) => document.toJS());
}

test('Namespace and volume claims are kept, and without a version nothing else changes', async () => {
  const objects = await released({});
  const kept = objects.filter(
    ({ metadata }) => (metadata.annotations as Record<string, string>)?.['helm.sh/resource-policy'] === 'keep',
  );
  const wanted = objects.filter(({ kind }) => kind === 'Namespace' || kind === 'PersistentVolumeClaim');
  expect(wanted.length).toBeGreaterThanOrEqual(3);
  expect(kept).toEqual(wanted);
  expect(JSON.stringify(objects)).toContain('kanidm/server:1.4.5');
}, 900_000);

test('with a version the pod is one that a kanidm 1.11 image can run', async () => {
  const objects = await released({ version: '1.11.1', provision: 'migrations' });
  const workload = objects.find(({ kind }) => kind === 'Deployment') as unknown as {
    spec: { template: { metadata: object; spec: { containers: Record<string, unknown>[]; volumes: object[] } } };
  };
  const { metadata, spec } = workload.spec.template;
  expect(spec.containers.map(({ name }) => name).sort()).toEqual(['certificate-reloader', 'kanidm']);
  const exec = { command: ['/sbin/kanidmd', 'scripting', 'healthcheck'] };
  expect(spec.containers.find(({ name }) => name === 'kanidm')).toMatchObject({
    name: 'kanidm',
    image: 'kanidm/server:1.11.1',
    livenessProbe: { exec },
    readinessProbe: { exec },
    volumeMounts: expect.arrayContaining([
      { name: 'migrations', mountPath: '/data/migrations.d', readOnly: true },
      expect.objectContaining({ mountPath: '/data/server.toml', subPath: 'server.toml' }),
      expect.objectContaining({ mountPath: '/db' }),
      expect.objectContaining({ name: 'tls' }),
    ]),
  });
  expect(spec.volumes).toContainEqual({
    name: 'migrations',
    projected: { sources: [{ configMap: { name: 'kanidm-migrations' } }] },
  });
  expect(metadata).toHaveProperty(['annotations', 'checksum/migrations'], expect.stringMatching(/^[0-9a-f]{64}$/));
}, 900_000);

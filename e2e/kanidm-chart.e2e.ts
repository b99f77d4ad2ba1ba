import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configOf } from '../__tests__/config';
import { releasedObjects } from './chart/released';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-chart-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const released = (kanidm: Record<string, unknown>) => releasedObjects(configOf({ kanidm }), folder);

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

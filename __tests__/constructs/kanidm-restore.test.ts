import { Testing } from 'cdk8s';
import { KanidmServer, type KanidmServerProps } from '../../lib/constructs/kanidm-server';
import type { KubernetesObject } from '../../lib/output/kubernetes-object';
import { schemaFaults } from '../schemas';

interface Job extends KubernetesObject {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly affinity: object;
        readonly initContainers: readonly { readonly name: string; readonly command: readonly string[] }[];
        readonly volumes: readonly object[];
      };
    };
  };
}

const objects = (backup: KanidmServerProps['backup']): Job[] => {
  const chart = Testing.chart();
  new KanidmServer(chart, 'server', { domain: 'idm.example.com', backup });
  return Testing.synth(chart);
};
const jobs = (backup: KanidmServerProps['backup']) => objects(backup).filter(({ kind }) => kind === 'Job');
const replicas = (backup: KanidmServerProps['backup']) =>
  objects(backup).find(({ kind }) => kind === 'StatefulSet')?.spec;

test('without a backup to restore there is no Job, and the server runs', () => {
  expect(jobs({ versions: 3 })).toEqual([]);
  expect(replicas({})).toMatchObject({ replicas: 1 });
});

test('the server is stopped, and the Job waits until it is gone', () => {
  const restore = { file: 'backup.json.gz' };
  expect(replicas({ restore })).toMatchObject({ replicas: 0 });
  const [job] = jobs({ restore });
  expect(job?.spec.template.spec.affinity).toEqual({
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'kanidm' } }, topologyKey: 'kubernetes.io/os' },
      ],
    },
  });
  // The Service and the StatefulSet select `app: kanidm`.
  expect(job?.spec.template.metadata.labels).toEqual({ app: 'kanidm-restore' });
});

test.each([
  ['the backup volume', { file: 'a.gz' }, '/backups/a.gz', 0],
  ['a Secret', { file: 'a.gz', secretName: 'copy' }, '/restore/a.gz', 1],
])('the file is read from %s', (_, restore, path, secrets) => {
  const [job] = jobs({ restore });
  const { initContainers, volumes } = job?.spec.template.spec ?? { initContainers: [], volumes: [] };
  expect(initContainers.find(({ name }) => name === 'restore')?.command.at(-1)).toBe(path);
  expect(JSON.stringify(volumes).split('"secretName":"copy"').length - 1).toBe(secrets);
});

test('another backup is another Job, since a Job cannot be changed', () => {
  const names = ['a.gz', 'b.gz', 'a.gz'].map((file) => jobs({ restore: { file } })[0]?.metadata.name);
  expect(names[0]).toMatch(/^kanidm-restore-[0-9a-f]{8}$/);
  expect([names[0] === names[1], names[0] === names[2]]).toEqual([false, true]);
});

test('Kubernetes accepts all of it', () => {
  expect(objects({ restore: { file: 'a.gz', secretName: 'copy' } }).flatMap((one) => schemaFaults(one))).toEqual([]);
});

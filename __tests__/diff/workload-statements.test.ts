import { workloadStatements } from '../../lib/diff/workload-statements';
import { configOf } from '../config';

const config = configOf({});
const [cluster = ''] = [...config.clusters.keys()];
const rbac = 'rbac.authorization.k8s.io';

const bound = (clusterRole: string) => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'boss' },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: clusterRole },
  subjects: [{ kind: 'ServiceAccount', name: 'boss', namespace: 'apps' }],
});

const deployment = (pod: object, container: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'apps' },
  spec: { template: { spec: { containers: [{ image: 'example.com/web:1', ...container }], ...pod } } },
});

const side = (objects: readonly object[]) => ({ config, objects: () => objects, byHand: () => objects });
const said = (before: readonly object[], after: readonly object[]) =>
  workloadStatements(side(before), side(after)).map(({ level, say }) => [level, say(cluster)]);

const boss = { serviceAccountName: 'boss' };
const acts = 'whoever decides what its program does can act as the service account apps/boss, which may do everything';

test('a new workload with a powerful service account', () => {
  const admin = bound('cluster-admin');
  expect(said([admin], [admin, deployment(boss)])).toEqual([
    ['high', `${cluster}: the Deployment apps/web is new: ${acts}`],
  ]);
  expect(said([], [bound('view'), deployment(boss)])).toEqual([]);
  expect(said([], [admin, deployment({})])).toEqual([]);
});

test.each([
  ['the same', {}, {}, []],
  ['another tag', { image: 'example.com/web:2' }, {}, ['low']],
  ['another digest', { image: `example.com/web@sha256:${'a'.repeat(64)}` }, {}, ['low']],
  ['another repository', { image: 'example.net/web:1' }, {}, ['high']],
  ['a registry with a port', { image: 'example.com:5000/web:1' }, {}, ['high']],
  ['another command', { command: ['sh'] }, {}, ['high']],
  ['another field', { name: 'x' }, {}, []],
])('%s', (_, container, pod, levels) => {
  const admin = bound('cluster-admin');
  const after = [admin, deployment({ ...boss, ...pod }, container)];
  expect(said([admin, deployment(boss)], after).map(([level]) => level)).toEqual(levels);
});

test('another service account', () => {
  const admin = bound('cluster-admin');
  expect(said([admin, deployment({})], [admin, deployment(boss)])).toEqual([
    ['high', `${cluster}: the Deployment apps/web changed: ${acts}`],
  ]);
});

test('the namespace comes from a kustomization.yaml', () => {
  const admin = bound('cluster-admin');
  const { metadata: _, ...web } = deployment(boss);
  const [name, namespace] = [{ metadata: { name: 'web' } }, 'if its namespace is apps, '];
  expect(said([admin], [admin, { ...web, ...name }])).toEqual([
    ['high', `${cluster}: the Deployment web is new: ${namespace}${acts}`],
  ]);
  expect(said([admin], [admin, { ...deployment({}), ...name }])).toEqual([]);
  const inX = { metadata: { name: 'web', namespace: 'x' } };
  expect(said([admin], [admin, { ...web, ...inX }])).toEqual([]);
});

describe('pods without a token of their service account', () => {
  const admin = bound('cluster-admin');
  const off = { automountServiceAccountToken: false };
  const sources = [{ serviceAccountToken: { path: 'token' } }];
  const account = (more: object) => ({ kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name: 'boss', ...more } });

  test.each([
    ['off in the pod', [deployment({ ...boss, ...off })], 0],
    ['off in the service account', [{ ...account({ namespace: 'apps' }), ...off }, deployment(boss)], 0],
    [
      'off in a service account of another namespace',
      [{ ...account({ namespace: 'x' }), ...off }, deployment(boss)],
      1,
    ],
    [
      'on in the pod only',
      [{ ...account({ namespace: 'apps' }), ...off }, deployment({ ...boss, automountServiceAccountToken: true })],
      1,
    ],
    ['in a volume', [deployment({ ...boss, ...off, volumes: [{ name: 'a', projected: { sources } }] })], 1],
  ])('%s', (_, objects, count) => {
    expect(said([admin], [admin, ...objects])).toHaveLength(count);
  });
  test('a change turns it on', () => {
    expect(said([admin, deployment({ ...boss, ...off })], [admin, deployment(boss)])).toEqual([
      ['high', expect.stringContaining('act as')],
    ]);
  });
});

describe('access to the node', () => {
  const unknown = '; Kaniflux does not know whether their program can use this to control the node';
  test.each([
    [{ hostPID: true }, {}, `access to the processes of the node${unknown}`],
    [{ volumes: [{ name: 'a', hostPath: { path: '/etc' } }] }, {}, `access to the path /etc of the node${unknown}`],
    [
      { hostPID: true, volumes: [{ name: 'a', hostPath: { path: '/etc' } }] },
      {},
      `access to the processes of the node, access to the path /etc of the node${unknown}`,
    ],
    [
      {},
      { securityContext: { privileged: true } },
      'a privileged container, and their program can use this to control the node',
    ],
  ])('%j %j', (pod, container, way) => {
    expect(said([deployment({})], [deployment(pod, container)])).toEqual([
      ['medium', `${cluster}: the Deployment apps/web changed: its pods have ${way}`],
    ]);
    expect(said([deployment(pod, container)], [deployment(pod, container)])).toEqual([]);
    expect(said([deployment(pod, container)], [deployment({})])).toEqual([]);
  });
  test('of a CronJob and a Pod', () => {
    const job = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'a', namespace: 'apps' } };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'apps' }, spec: { hostPID: true } };
    const spec = { jobTemplate: { spec: { template: { spec: { hostPID: true } } } } };
    expect(said([], [{ ...job, spec }, pod]).map(([level]) => level)).toEqual(['medium', 'medium']);
  });
});

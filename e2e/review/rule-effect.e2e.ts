import { run } from '../../__tests__/checks/review/run-case';
import type { AccessRequest } from '../../lib/access/objects';
import { Lab, startApiserver, startEtcd, upToDate } from '../harness';
import { type Asker, asker } from './ask';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('rule-effect');
});
afterAll(() => lab?.close());

describe.each(['1.34', '1.37'] as const)('Kubernetes %s', (version) => {
  let asking: Asker;
  let apply: (object: object) => Promise<unknown>;
  let settle: () => Promise<unknown>;
  let raw: (path: string) => Promise<unknown>;

  beforeAll(async () => {
    const apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), version });
    asking = await asker(apiserver);
    apply = (object) => apiserver.kubectl(['apply', '-f', '-'], JSON.stringify(object));
    settle = () => upToDate(apiserver);
    raw = async (path) => JSON.parse(await apiserver.kubectl(['get', '--raw', path]));
    await apply({
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'own' },
      roleRef: { apiGroup, kind: 'ClusterRole', name: 'own' },
      subjects: [{ apiGroup, kind: 'User', name: 'sam' }],
    });
  });
  afterAll(() => asking?.close());

  const deployments = { verb: 'get', group: 'apps', resource: 'deployments' };
  const right = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] };
  const pods = { verb: 'get', group: '', resource: 'pods', subresource: 'log' };

  test.each<[object, object, AccessRequest]>([
    [{ ...right, resources: ['Deployment'] }, right, deployments],
    [{ ...right, resources: ['deployment'] }, right, deployments],
    [{ ...right, apiGroups: ['apps/v1'] }, right, deployments],
    [{ ...right, apiGroups: [''] }, right, deployments],
    [{ ...right, verbs: ['GET'] }, right, deployments],
    [{ ...right, verbs: ['read'] }, right, deployments],
    [
      { apiGroups: ['core'], resources: ['pods/log'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
      pods,
    ],
    [
      { apiGroups: [''], resources: ['pods/logs'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
      pods,
    ],
    [
      { nonResourceURLs: ['/metrics'], verbs: ['GET'] },
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      { verb: 'get', path: '/metrics' },
    ],
  ])('accepts %j, which allows nothing', async (wrong, rule, request) => {
    for (const [one, isAllowed] of [
      [wrong, false],
      [rule, true],
    ] as const) {
      await apply({ apiVersion, kind: 'ClusterRole', metadata: { name: 'own' }, rules: [one] });
      await settle();
      expect(await asking.ask([{ who: { user: 'sam', groups: [] }, request }])).toEqual([isAllowed]);
      const { findings } = run({ config: { roles: { own: { rules: [one] } } } });
      expect(findings.some(({ code }) => code === 'rule-without-effect')).toBe(!isAllowed);
    }
  });

  test('serves nothing that is reported', async () => {
    interface Group {
      readonly name: string;
      readonly versions: readonly { readonly groupVersion: string }[];
    }
    const { groups } = (await raw('/apis')) as { groups: readonly Group[] };
    const versions = groups.flatMap(({ name, versions }) =>
      versions.map(({ groupVersion }) => ({ name, path: `/apis/${groupVersion}` })),
    );
    const rules: object[] = [];
    for (const { name, path } of [{ name: '', path: '/api/v1' }, ...versions]) {
      const { resources } = (await raw(path)) as { resources: readonly { name: string; verbs: string[] }[] };
      for (const { name: resource, verbs } of resources) {
        if (verbs.length > 0) rules.push({ apiGroups: [name], resources: [resource], verbs });
      }
    }
    expect(rules.length).toBeGreaterThan(80);
    const { findings } = run({ config: { roles: { own: { rules } } } });
    expect(findings.filter(({ code }) => code === 'rule-without-effect')).toEqual([]);
  });
});

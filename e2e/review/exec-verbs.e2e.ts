import { rightsOf } from '../../lib/access/rights';
import { inWords } from '../../lib/access/rights-in-words';
import { parseVersion } from '../../lib/config/version';
import { has } from '../../lib/upstream/kubernetes';
import { type Apiserver, KubectlFailed, Lab, startApiserver, startEtcd, upToDate } from '../harness';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('exec-verbs');
});
afterAll(() => lab?.close());

const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';
const metadata = { name: 'caller', namespace: 'web' };
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'web' },
  spec: { containers: [{ name: 'c', image: 'example.com/c' }] },
};

describe.each(['1.34', '1.37'] as const)('Kubernetes %s', (version) => {
  let apiserver: Apiserver;

  beforeAll(async () => {
    apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), version });
    await apiserver.kubectl(['create', 'namespace', 'web']);
    await apiserver.kubectl(['create', 'serviceaccount', 'default', '-n', 'web']);
    await apiserver.kubectl(['create', '-f', '-'], JSON.stringify(pod));
  });

  /** Opens a connection with a GET, as a WebSocket does. The pod is on no node, so no connection goes further. */
  const isAllowed = async (subresource: string): Promise<boolean> => {
    try {
      await apiserver.kubectl(['--as=sam', 'get', '--raw', `/api/v1/namespaces/web/pods/p/${subresource}?command=id`]);
    } catch (error) {
      if (!(error instanceof KubectlFailed)) throw error;
      if (error.message.includes('orbidden')) return false;
      if (error.message.includes('host assigned') || error.message.includes('not have a host')) return true;
      throw error;
    }
    throw new Error('a pod that is on no node answered');
  };

  test.each([
    ['exec', ['get']],
    ['exec', ['get', 'create']],
    ['attach', ['get']],
    ['attach', ['get', 'create']],
    ['portforward', ['get']],
    ['portforward', ['get', 'create']],
  ])('a WebSocket to %s with the verbs %j is allowed as Kaniflux says', async (subresource, verbs) => {
    const rules = [{ apiGroups: [''], resources: [`pods/${subresource}`], verbs }];
    const items = [
      { apiVersion, kind: 'Role', metadata, rules },
      {
        apiVersion,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup, kind: 'Role', name: 'caller' },
        subjects: [{ apiGroup, kind: 'User', name: 'sam' }],
      },
    ];
    await apiserver.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await upToDate(apiserver);
    const execNeedsCreate = has(parseVersion(version), 'execNeedsCreate');
    const allowed = await isAllowed(subresource);
    expect(allowed).toBe(verbs.includes('create') || !execNeedsCreate);
    if (subresource === 'portforward') return;
    expect(inWords(rightsOf({ rules, execNeedsCreate }))).toBe(
      allowed ? 'run commands in pods' : `read pods/${subresource}`,
    );
  });
});

import { dangerOf } from '../../lib/access/danger';
import { Client, Lab, startApiserver, startEtcd, upToDate } from '../harness';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('reading-verbs');
});
afterAll(() => lab?.close());

const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';
const secrets = '/api/v1/namespaces/web/secrets';
const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/web';
const [word, text] = ['word', Buffer.from('the content').toString('base64')];

/** A request for each verb, none of which changes anything. */
const requests: [verb: string, method: string, path: string, body: object | undefined][] = [
  ['get', 'GET', `${secrets}/s`, undefined],
  ['list', 'GET', secrets, undefined],
  ['create', 'POST', `${secrets}?dryRun=All`, { metadata: { name: 's' } }],
  ['update', 'PUT', `${secrets}/s?dryRun=All`, { metadata: { name: 's' } }],
  ['patch', 'PATCH', `${secrets}/s`, {}],
  ['delete', 'DELETE', `${secrets}/s?dryRun=All&propagationPolicy=Orphan`, undefined],
  ['deletecollection', 'DELETE', `${secrets}?dryRun=All`, undefined],
];

describe.each(['1.34', '1.37'] as const)('Kubernetes %s', (version) => {
  let admin: Client;

  beforeAll(async () => {
    const apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), version });
    admin = new Client(apiserver, apiserver.admin);
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name: 'web' } });
    await admin.must('POST', secrets, { metadata: { name: 's' }, data: { [word]: text } });
    for (const [verb] of requests) {
      const metadata = { name: verb };
      const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: [verb] }];
      await admin.must('POST', `${roles}/roles`, { apiVersion, kind: 'Role', metadata, rules });
      await admin.must('POST', `${roles}/rolebindings`, {
        metadata,
        roleRef: { apiGroup, kind: 'Role', name: verb },
        subjects: [{ apiGroup, kind: 'User', name: verb }],
      });
    }
    await upToDate(apiserver);
  });

  test.each(requests)('the answer to %s contains the Secret if Kaniflux says so', async (verb, method, path, body) => {
    const type = verb === 'patch' ? 'application/merge-patch+json' : 'application/json';
    const answer = await admin.as(verb).send(method, path, body, type);
    expect(answer.status).not.toBe(403);
    const isRead = JSON.stringify(answer.body).includes(text);
    expect(isRead).toBe(dangerOf({ verb, group: '', resource: 'secrets', namespace: 'web' }) === 'secrets');
  });
});

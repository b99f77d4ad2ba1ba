import { setTimeout as sleep } from 'node:timers/promises';
import type { Apiserver } from './apiserver';
import { Client } from './client';

const group = 'rbac.authorization.k8s.io';
const rules = [{ apiGroups: ['example.com'], resources: ['probes'], verbs: ['get'] }];
let probes = 0;

/**
 * Waits until the API server uses all roles and bindings that were written before.
 *
 * The API server decides by caches, which its watches fill a moment after it has answered a write. A watch delivers
 * objects in the order in which they were written. So this function writes a role and a binding of each kind. When
 * these are in force, all earlier ones are in force too.
 */
export async function upToDate(apiserver: Apiserver): Promise<void> {
  const admin = new Client(apiserver, apiserver.admin);
  // The API server creates this namespace after it is ready.
  while ((await admin.send('GET', '/api/v1/namespaces/default')).status === 404) await sleep(10);
  const name = `probe-${process.pid}-${++probes}`;
  for (const [kind, namespace] of [['ClusterRole'], ['Role', 'default']]) {
    const user = `${name}-${kind}`;
    const inside = namespace === undefined ? '' : `namespaces/${namespace}/`;
    const path = `/apis/${group}/v1/${inside}${kind}`.toLowerCase();
    await admin.must('POST', `${path}s`, { metadata: { name }, rules });
    await admin.must('POST', `${path}bindings`, {
      metadata: { name },
      roleRef: { apiGroup: group, kind, name },
      subjects: [{ apiGroup: group, kind: 'User', name: user }],
    });
    const resourceAttributes = { verb: 'get', group: 'example.com', resource: 'probes', namespace };
    while (!(await isAllowed({ user, resourceAttributes }))) await sleep(10);
    await admin.must('DELETE', `${path}bindings/${name}`);
    await admin.must('DELETE', `${path}s/${name}`);
  }
  admin.close();

  async function isAllowed(spec: object): Promise<boolean> {
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    return (await admin.must('POST', path, { spec })).status.allowed === true;
  }
}

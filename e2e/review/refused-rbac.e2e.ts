import { accepted, refused } from '../../__tests__/access/refused-objects';
import { type Apiserver, KubectlFailed, Lab, startApiserver, startEtcd } from '../harness';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('refused-rbac');
});
afterAll(() => lab?.close());

describe.each(['1.34', '1.37'] as const)('Kubernetes %s', (version) => {
  let apiserver: Apiserver;
  beforeAll(async () => {
    apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), version });
    await apiserver.kubectl(['create', 'namespace', 'web']);
  });

  const created = (object: object) =>
    apiserver.kubectl(['create', '--dry-run=server', '-o', 'name', '-f', '-'], JSON.stringify(object));

  test.each(refused)('refuses %s', (_, object) => expect(created(object)).rejects.toThrow(KubectlFailed));

  test.each(accepted)('accepts %s', async (_, object) => expect(await created(object)).toContain('/'));
});

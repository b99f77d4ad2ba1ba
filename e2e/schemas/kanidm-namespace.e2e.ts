import { App, Chart } from 'cdk8s';
import { KanidmServer } from '../../lib/constructs/kanidm-server';
import { toYaml } from '../../lib/output/yaml';
import { type Apiserver, Lab, startApiserver, startEtcd } from '../harness';

let lab: Lab;
let apiserver: Apiserver;

beforeAll(async () => {
  lab = await Lab.open('kanidm-namespace');
  apiserver = await startApiserver(lab, { etcd: await startEtcd(lab) });
});
afterAll(() => lab.close());

/** A pod of the kind that kube-proxy and network plugins run. */
const pod = toYaml({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'proxy', namespace: 'kube-system' },
  spec: { hostNetwork: true, containers: [{ name: 'proxy', image: 'registry.example.com/proxy' }] },
});
const create = () => apiserver.kubectl(['create', '--dry-run=server', '-f', '-'], pod);

test('in kube-system, the rendered Namespace would make the API server refuse the pods of Kubernetes', async () => {
  expect(await create()).toContain('created');
  const chart = new Chart(new App(), 'kanidm', { disableResourceNameHashes: true });
  const { namespace } = new KanidmServer(chart, 'kanidm', { domain: 'idm.example.com', namespace: 'kube-system' });
  await apiserver.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], toYaml(namespace.toJson()));
  await expect(create()).rejects.toThrow(
    'violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true)',
  );
});

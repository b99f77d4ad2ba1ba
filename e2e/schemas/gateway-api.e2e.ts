import { setTimeout as sleep } from 'node:timers/promises';
import { App, Chart } from 'cdk8s';
import { KanidmExposure } from '../../lib/constructs/kanidm-exposure';
import { toYaml } from '../../lib/output/yaml';
import { type Apiserver, Lab, startApiserver, startEtcd } from '../harness';
import { ensurePart } from '../parts/build';

let lab: Lab;
let apiserver: Apiserver;

beforeAll(async () => {
  lab = await Lab.open('gateway-api');
  apiserver = await startApiserver(lab, { etcd: await startEtcd(lab) });
});
afterAll(() => lab.close());

/** Applies the CRD of a version of the Gateway API, and waits until the API server serves it. */
async function define(part: string, version: string): Promise<void> {
  await apiserver.kubectl(['apply', '--server-side', '--force-conflicts', '-f', await ensurePart(part)]);
  const served = () => apiserver.kubectl(['get', '--raw', `/apis/gateway.networking.k8s.io/${version}/tlsroutes`]);
  for (let tries = 1; tries < 100; tries++) {
    if (await served().catch(() => undefined)) return;
    await sleep(200);
  }
  await served();
}

/** Creates the rendered TLSRoute without keeping it. An unknown field is an error. */
function create(apiVersion?: 'v1' | 'v1alpha2'): Promise<string> {
  const chart = new Chart(new App(), 'kanidm', { disableResourceNameHashes: true });
  const gateway = { name: 'public', namespace: 'gateways', sectionName: 'tls', ...(apiVersion ? { apiVersion } : {}) };
  new KanidmExposure(chart, 'kanidm', { domain: 'idm.example.com', namespace: 'default', gateway });
  const [route] = chart.toJson();
  return apiserver.kubectl(
    ['create', '--validate=strict', '--dry-run=server', '--output=yaml', '-f', '-'],
    toYaml(route),
  );
}

test('the experimental channel of Gateway API 1.4 has v1alpha2 of TLSRoute, and no v1', async () => {
  await define('gateway-api-1.4', 'v1alpha2');
  expect(await create('v1alpha2')).toContain('sectionName: tls');
  await expect(create()).rejects.toThrow('no matches for kind "TLSRoute" in version "gateway.networking.k8s.io/v1"');
});

test('Gateway API 1.6 has v1 of TLSRoute, and no v1alpha2', async () => {
  await define('gateway-api-1.6', 'v1');
  expect(await create()).toContain('sectionName: tls');
  await expect(create('v1alpha2')).rejects.toThrow(
    'no matches for kind "TLSRoute" in version "gateway.networking.k8s.io/v1alpha2"',
  );
});

import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../__tests__/run';
import { type Apiserver, Lab, startApiserver, startEtcd } from '../harness';
import { ensurePart } from '../parts/build';

const fixtures = join(__dirname, '../../__tests__/fixtures');
const flags = readFileSync(join(fixtures, 'home-lab/apiserver-flags.txt'), 'utf8');
const uuid = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';

/** The entries of a Kanidm as its client printed them, with the domain of the home lab. */
const kanidm = (list: string) =>
  readFileSync(join(fixtures, `adopt/${list}.json`), 'utf8').replaceAll('@localhost', '@sso.kammel.dev');

let lab: Lab;
let apiserver: Apiserver;
let env: Record<string, string>;
const command = (...argv: string[]) => run(argv, { cwd: lab.folder, env });

beforeAll(async () => {
  lab = await Lab.open('adopt');
  // The issuer does not run: an API server that can't reach it refuses logins, but starts.
  apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), extraArgs: flags.trim().split('\n') });
  const path = `${dirname(await ensurePart('kubectl-1.34'))}${delimiter}${process.env.PATH}`;
  env = { PATH: path, KUBECONFIG: apiserver.kubeconfig, HOME: lab.folder };
  await lab.write('kube-apiserver.flags', flags);
  for (const list of ['person', 'group', 'oauth2']) await lab.write(`${list}.json`, kanidm(list));
  // The commands that the owner of the home lab typed, and those that others type.
  const create = (...args: string[]) => apiserver.kubectl(['create', ...args]);
  await create('clusterrolebinding', 'oidc-cluster-admin', '--clusterrole=cluster-admin', `--user=${issuer}#${uuid}`);
  await create('namespace', 'web');
  await create('rolebinding', 'dev', '--clusterrole=edit', `--user=${issuer}#${uuid}`, '--namespace=web');
  await create('rolebinding', 'dev', '--clusterrole=edit', `--user=${issuer}#${uuid}`, '--namespace=default');
  await create('clusterrolebinding', 'by-certificate', '--clusterrole=view', '--user=somebody');
});
afterAll(() => lab.close());

test('adopt, synth, and the cluster differs in nothing', async () => {
  const argv = ['kube-apiserver.flags', 'person.json', 'group.json', 'oauth2.json', '--live', '-o', 'kaniflux.yaml'];
  const adopted = await command('adopt', ...argv);
  expect(adopted.stderr).toContain(
    'group k8s_users: the config does not have these members, because their entries were not read: ci_bot',
  );
  expect(adopted.stderr).toContain('wrote kaniflux.yaml\nwrote homelab-ca.crt\n');
  expect(parse(readFileSync(lab.path('kaniflux.yaml'), 'utf8'))).toMatchObject({
    kanidm: { domain: 'sso.kammel.dev' },
    people: { datosh: { id: uuid } },
    clusters: {
      homelab: {
        server: apiserver.url,
        kubernetes: '1.34.4',
        client: 'k8s',
        grants: [
          { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', people: ['datosh'] },
          { name: 'dev', clusterRole: 'edit', namespaces: ['default', 'web'], people: ['datosh'] },
        ],
      },
    },
  });
  const file = lab.path('kaniflux.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^( +controlPlane:) #.*$/m, '$1 flags'));
  expect(await command('synth')).toMatchObject({ code: 0, stderr: expect.not.stringContaining(' error ') });
  const live = await command('diff', '--live', '--cluster', 'homelab', '--format', 'json');
  expect({ ...live, stdout: JSON.parse(live.stdout) }).toMatchObject({ code: 0 });
});

test('a Kanidm in the cluster is taken with its HelmRelease, or named', async () => {
  const crds = join(__dirname, '../../crds');
  for (const group of ['helm', 'source'])
    await apiserver.kubectl(['apply', '--server-side', '-f', join(crds, `${group}.toolkit.fluxcd.io.yaml`)]);
  await apiserver.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
  const metadata = { name: 'kanidm', namespace: 'default' };
  const url = 'https://charts.example.com';
  const chart = { chart: 'kanidm', version: '0.1.2', sourceRef: { kind: 'HelmRepository', name: 'kanidm' } };
  const container = { name: 'kanidm', image: 'kanidm/server:1.11.1' };
  const labels = { app: 'kanidm' };
  const items = [
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository', metadata, spec: { interval: '1h', url } },
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata,
      spec: { interval: '1h', chart: { spec: chart }, values: { domain: 'sso.kammel.dev' } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { ...metadata, name: 'old' },
      spec: {
        serviceName: 'kanidm',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
  ];
  await apiserver.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const adopted = await command('adopt', 'kube-apiserver.flags', '--live');
  expect(parse(adopted.stdout).kanidm).toEqual({
    domain: 'sso.kammel.dev',
    version: '1.11.1',
    cluster: 'homelab',
    namespace: 'default',
    helm: { repository: url, chart: 'kanidm', version: '0.1.2' },
  });
  expect(adopted.stderr).toMatch(/StatefulSet default\/old \(\d+\), Kanidm 1\.11\.1: Kaniflux does not take over/);
});

test('a binding that changes by hand afterwards is a difference', async () => {
  await apiserver.kubectl(['delete', 'rolebinding', 'dev', '--namespace=web']);
  const live = await command('diff', '--live', '--cluster', 'homelab');
  expect(live).toMatchObject({ code: 1, stdout: expect.stringContaining('web') });
});

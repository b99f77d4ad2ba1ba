import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startFailure } from '../../../lib/checks/live/api-server-start-check';
import { newestLog } from '../../../lib/cli/doctor-tools';
import { diagnose, RecordedKanidm, shown } from './server';

let kanidm: RecordedKanidm;
beforeAll(async () => {
  kanidm = await RecordedKanidm.start();
});
afterAll(() => kanidm.close());

const refused = () => () => {
  throw new Error('kubectl version: The connection to the server 192.0.2.10:6443 was refused');
};
const line = (err: string) =>
  `2026-11-26T10:00:00.1Z stderr F E1126 10:00:00.1 1 run.go:72] "command failed" err="${err}"`;
const down = (log: string, change?: Record<string, unknown>) =>
  diagnose(kanidm.load(change), ['api-server-down', 'kubectl-unusable'], { kubectl: refused, apiServerLog: () => log });
const fixes = ({ findings }: Awaited<ReturnType<typeof down>>) => findings.map(({ code, fix }) => [code, fix]);

test('a missing file that is rendered is copied again', async () => {
  const result = await down(line('open /etc/kubernetes/kaniflux/oidc-ca.crt: no such file or directory'));
  expect(shown(result)[0]).toBe(
    'error api-server-down kube-apiserver on this machine does not start: open /etc/kubernetes/kaniflux/oidc-ca.crt: no such file or directory',
  );
  expect(fixes(result)[0]).toEqual([
    'api-server-down',
    '`install -D -m 0644 dist/control-planes/homelab/oidc-ca.crt /etc/kubernetes/kaniflux/oidc-ca.crt`',
  ]);
});

test('the settings of the cluster are the place of the finding', async () => {
  const { findings } = await down(line('open /etc/kubernetes/authn.yaml: no such file or directory'));
  expect(findings.map(({ path, cluster }) => [path?.join('.'), cluster])[0]).toEqual([
    'clusters.homelab.authentication',
    'homelab',
  ]);
});

test('a missing file of another name is explained by the table of log lines', async () => {
  const [[, fix] = []] = fixes(await down(line('open /etc/kubernetes/authn.yaml: no such file or directory')));
  expect(fix).toContain('Put the file at this path');
});

test('a log without a failure is no reason, and without a log nothing is claimed', async () => {
  expect(shown(await down('2026-11-26T10:00:00.1Z stderr F I1126 10:00:00.1 1 server.go:1] ready'))[0]).toBe(
    'ok api-server-down the newest log of kube-apiserver on this machine does not end with an error',
  );
  const result = await diagnose(kanidm.load(), ['api-server-down'], { kubectl: refused });
  expect(shown(result)).toEqual([
    'skipped api-server-down the log of kube-apiserver of homelab: this machine has no log of kube-apiserver',
  ]);
});

test.each([
  ['kubeadm', 'export KUBECONFIG=/etc/kubernetes/admin.conf`: on that node, doctor reads the log of kube-apiserver'],
  ['rke2', 'export KUBECONFIG=/etc/rancher/rke2/rke2.yaml`: on that node, doctor reads the log of kube-apiserver'],
  ['k3s', 'as root on a server, with `export KUBECONFIG=/etc/rancher/k3s/k3s.yaml`'],
  ['talos', 'find out from the node or the provider why the API server does not answer'],
])('the fix for an API server of %s that is down names its own files', async (controlPlane, end) => {
  const config = kanidm.load({ clusters: { homelab: { controlPlane } } });
  const { findings } = await diagnose(config, ['kubectl-unusable'], { kubectl: refused });
  expect(findings.map(({ fix }) => fix.slice(-end.length))).toEqual([end]);
});

test('an API server that answers is not looked for in logs', async () => {
  const kubectl = () => () => JSON.stringify({ serverVersion: { gitVersion: 'v1.34.4' } });
  expect(shown(await diagnose(kanidm.load(), ['api-server-down'], { kubectl }))).toEqual([]);
});

test.each([
  ['a flag that it does not have', 'x stderr F Error: unknown flag: --oidc-foo', 'Error: unknown flag: --oidc-foo'],
  ['a quoted reason', line('oidc: invalid \\"x\\"'), 'oidc: invalid "x"'],
])('%s', (_, text, reason) => {
  expect(startFailure(`first\n${text}\n`)?.reason).toBe(reason);
});

test('the word Error within a line of a running server is no failure', () => {
  expect(startFailure('x stderr F I1126 1 a.go:1] got Error: not found, trying again')).toBeUndefined();
});

describe('the newest log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kaniflux-pods-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string, time: number) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, time, time);
  };

  test('is the end of the last one of kube-apiserver', () => {
    write('kube-system_kube-apiserver-node_1/kube-apiserver/3.log', 'old', 1000);
    write('kube-system_kube-apiserver-node_1/kube-apiserver/4.log', `${'a'.repeat(300_000)}end`, 2000);
    write('kube-system_etcd-node_1/etcd/0.log', 'of etcd', 3000);
    const log = newestLog(folder);
    expect([log.length, log.slice(-3)]).toEqual([256 * 1024, 'end']);
  });

  test('is said to be missing', () => {
    write('kube-system_etcd-node_1/etcd/0.log', 'of etcd', 3000);
    expect(() => newestLog(folder)).toThrow('this machine has no log of kube-apiserver in ');
    expect(() => newestLog(join(folder, 'none'))).toThrow('this machine has no log of kube-apiserver in ');
  });
});

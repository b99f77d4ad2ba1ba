import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../__tests__/run';
import { kubectlOf } from '../lib/cli/kubectl';

/*
 * A program called kubectl, which mostly answers as kubectl never does: a wrapper, the sign-in page of a proxy, a
 * plugin that prints a greeting.
 */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-kubectl-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a kubectl on the PATH that prints a text for each command. For `version`, it can print a real answer. */
function printing(text: string, version = text): void {
  running(`case "$*" in *version*) printf %s ${quoted(version)} ;; *) printf %s ${quoted(text)} ;; esac`);
}
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Puts a kubectl on the PATH that is a shell script. */
function running(script: string): void {
  const file = join(folder, 'kubectl');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
const using = (argv: readonly string[]) => run(argv, { env: { PATH: folder } });

const object = (more: object) => JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, ...more });
const nested = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;

const odd: readonly [string, string, string][] = [
  ['a page', '<html>sign in</html>', 'something other than JSON'],
  ['nothing', '', 'nothing'],
  ['null', 'null', 'something other than a JSON object'],
  ['a text', '"x"', 'something other than a JSON object'],
  ['a list', '[{}]', 'something other than a JSON object'],
  ['half an answer', '{"items":[{"kind":', 'something other than JSON'],
  ['items that are no list', '{"items":null}', 'something other than Kubernetes objects'],
  ['items that are no objects', '{"items":[null,3]}', 'something other than Kubernetes objects'],
  ['an object without a name', object({ metadata: {} }), 'something other than Kubernetes objects'],
  ['an object without a kind', object({ kind: { a: 1 } }), 'something other than Kubernetes objects'],
  ['what overflows a stack', nested, 'JSON that is nested too deeply'],
];

describe.each(odd)('a kubectl that prints %s', (_, text, message) => {
  test.each([[['diff', '--live']], [['adopt', '--live']]])('ends %j with a sentence', async (argv) => {
    printing(text);
    const { code, stdout, stderr } = await using(argv);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `kaniflux: kubectl get printed ${message}\n`,
    });
  });

  test('is a finding of doctor', async () => {
    printing(text);
    const { code, stdout, stderr } = await using(['doctor', '--only', 'cluster,flux', '--timeout', '60']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('kubectl-unusable');
  });
});

test.each([
  ['a version that is no text', '{"serverVersion":{"gitVersion":{"a":1}}}', 'kubectl prints no server version'],
  ['a version that is no map', '{"serverVersion":3}', 'kubectl prints no server version'],
])('%s is told', async (_, version, message) => {
  printing('{}', version);
  expect((await using(['doctor', '--only', 'cluster', '--timeout', '60'])).stdout).toContain(message);
});

test.each([
  ['fields of another type', object({ spec: 3, status: 'x', data: { ClusterConfiguration: 5 } })],
  ['lists that are maps', object({ spec: { containers: {}, volumes: [null] }, status: { conditions: {} } })],
  ['names that objects inherit', object({ metadata: { name: '__proto__', namespace: 'constructor' }, status: null })],
])('one check that cannot read %s does not end the others', async (_, item) => {
  printing(`{"items":[${item}],"data":3}`, '{"serverVersion":{"gitVersion":"v1.32.1"}}');
  const { code, stdout, stderr } = await using(['doctor', '--only', 'cluster,flux', '--timeout', '60']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toContain('kubectl reaches a cluster with Kubernetes v1.32.1');
  expect(stdout).toContain('(kanidm-objects-differ');
  expect(stdout).not.toMatch(/^ {4}at /m);
});

test('a sign-in that is answered with something else than a user is told', async () => {
  printing('{"status":{"userInfo":{}}}');
  const { stdout } = await using(['doctor', '--login', '--only', 'login', '--timeout', '60']);
  expect(stdout).toContain('kubectl auth whoami printed something other than a SelfSubjectReview');
});

const io = () => ({ cwd: folder, env: { PATH: folder } }) as unknown as Parameters<typeof kubectlOf>[0];

test('more than the limit is an error, and as much is not', () => {
  printing(object({ data: 'x'.repeat(3000) }));
  const get = ['get', 'pod', 'p', '--output=json'];
  expect(() => kubectlOf(io(), { limit: 0.001 })(get)).toThrow('kubectl get printed more than 0.001 MiB');
  expect(kubectlOf(io(), { limit: 0.01 })(get)).toContain('xxx');
});

test('a kubectl that does not read its input is no error', () => {
  printing(object({}));
  expect(kubectlOf(io())(['get', '-f', '-', '-o', 'json'], 'x'.repeat(2 ** 20))).toContain('Pod');
});

test('nothing is an answer where objects may be missing, and text where JSON was not asked for', () => {
  printing('');
  expect(kubectlOf(io())(['get', 'configmap', 'x', '--ignore-not-found', '--output=json'])).toBe('');
  expect(kubectlOf(io())(['get', '--raw', '/api'])).toBe('');
});

test.each([
  [
    'a log line and a warning before its message',
    'W1127 03:00:00.1 7 loader.go:222] Config not found\nWarning: v1 X is deprecated\nerror: no such context',
    'kubectl get: error: no such context',
  ],
  ['only a warning', 'Warning: v1 X is deprecated', 'kubectl get: Warning: v1 X is deprecated'],
  [
    'the failure of a credential plugin',
    'error: connection refused\nUnable to connect to the server: getting credentials: exec: executable sh failed',
    'kubectl get: the credential plugin of its context failed: error: connection refused\nUnable to connect to',
  ],
])('a kubectl that fails with %s', (_, stderr, message) => {
  running(`printf %s ${quoted(stderr)} >&2; exit 1`);
  expect(() => kubectlOf(io())(['get', 'pods'])).toThrow(message);
});

test('a kubectl that is killed is told with the signal', () => {
  running('kill -9 $$');
  expect(() => kubectlOf(io())(['get', 'pods'])).toThrow('kubectl get: the command ended with SIGKILL');
});

test('adopt --live takes the CA of the cluster and names the Kanidm in it', async () => {
  const list = (...items: readonly object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kanidm', namespace: 'idm' },
    spec: { template: { spec: { containers: [{ image: 'kanidm/server:1.11.1' }] } } },
  };
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'admins' },
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'Group', name: 'k8s:ops@idm.example.org' }],
  };
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const cluster = {
    server: 'https://192.0.2.1:6443',
    'certificate-authority-data': Buffer.from(pem).toString('base64'),
  };
  const answers = {
    '*config*view*--flatten*': JSON.stringify({ clusters: [{ cluster }] }),
    '*version*': JSON.stringify({ serverVersion: { gitVersion: 'v1.34.4+k3s1' } }),
    '*clusterrolebindings*': list(binding),
    '*deployments.apps*': list(deployment),
    '*fluxcd.io*|*kaniop.rs*': undefined,
    '*configmap*': '',
    '*': list(),
  };
  const cases = Object.entries(answers).map(([pattern, text]) =>
    text === undefined
      ? `${pattern}) echo "error: the server doesn't have a resource type" >&2; exit 1 ;;`
      : `${pattern}) printf %s ${quoted(text)} ;;`,
  );
  running(`case "$*" in\n${cases.join('\n')}\nesac`);
  const { code, stdout, stderr } = await run(['adopt', '--live', '-o', 'kaniflux.yaml'], {
    cwd: folder,
    env: { PATH: folder },
  });
  expect({ code, stdout, stderr }).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /Deployment idm\/kanidm \(\d+\), Kanidm 1\.11\.1: Kaniflux does not take over a Kanidm/,
    ),
  });
  expect(stderr).not.toContain('resource type');
  expect(readFileSync(join(folder, 'homelab-ca.crt'), 'utf8')).toBe(pem);
  expect(parse(readFileSync(join(folder, 'kaniflux.yaml'), 'utf8')).clusters.homelab).toMatchObject({
    server: 'https://192.0.2.1:6443',
    kubernetes: '1.34.4',
    controlPlane: 'k3s',
    kubeconfig: { certificateAuthority: { file: 'homelab-ca.crt' } },
  });
});

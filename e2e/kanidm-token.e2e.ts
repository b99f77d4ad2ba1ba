import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * Runs docs/kanidm-token.sh with a curl that records its arguments. The requests and answers are those of a real Kanidm
 * 1.11.1, whose token was tried at a real kube-apiserver.
 */
const script = join(__dirname, '../docs/kanidm-token.sh');
const secret = 'eyJhbGciOiJFUzI1NiJ9.c2VjcmV0.c2ln';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-token-'));
  writeFileSync(join(folder, 'api-token'), `${secret}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function signIn(answer: object | string, env: Record<string, string> = {}) {
  const curl = join(folder, 'curl');
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  writeFileSync(join(folder, 'answer'), text);
  writeFileSync(
    curl,
    `#!/bin/sh\nprintf '%s\\n' "$@" >'${folder}/args'\ncat >'${folder}/input'\ncat '${folder}/answer'\n`,
  );
  chmodSync(curl, 0o755);
  const all = {
    PATH: `${folder}:${process.env.PATH}`,
    KANIDM_URL: 'https://idm.example.com',
    KANIDM_CLIENT: 'k8s',
    KANIDM_TOKEN_FILE: join(folder, 'api-token'),
    ...env,
  };
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    execFile('sh', [script], { env: all }, (error, stdout, stderr) =>
      resolve({ status: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test('it gives kubectl the ID token, and shows nobody the API token', async () => {
  const { status, stdout, stderr } = await signIn({
    access_token: 'a.b.c',
    token_type: 'bearer',
    id_token: 'x.y-1.z_2',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: 'x.y-1.z_2' },
  });
  const args = readFileSync(join(folder, 'args'), 'utf8').trimEnd().split('\n');
  expect(args).toEqual([
    ...['--silent', '--show-error', '--proto', '=https', '--max-time', '30'],
    ...['--data-urlencode', 'grant_type=urn:ietf:params:oauth:grant-type:token-exchange'],
    ...['--data-urlencode', 'subject_token_type=urn:ietf:params:oauth:token-type:access_token'],
    ...['--data-urlencode', 'client_id=k8s'],
    ...['--data-urlencode', 'audience=k8s'],
    ...['--data-urlencode', 'scope=openid groups'],
    ...['--data-urlencode', 'subject_token@-'],
    'https://idm.example.com/oauth2/token',
  ]);
  expect(readFileSync(join(folder, 'input'), 'utf8')).toBe(secret);
});

test('the token can come from the environment, the CA from a file', async () => {
  const { status } = await signIn(
    { id_token: 'x.y.z' },
    { KANIDM_TOKEN_FILE: '', KANIDM_TOKEN: secret, KANIDM_CA_PATH: '/etc/ca.crt' },
  );
  expect(status).toBe(0);
  expect(readFileSync(join(folder, 'args'), 'utf8')).toContain('--cacert\n/etc/ca.crt\n');
  expect(readFileSync(join(folder, 'input'), 'utf8')).toBe(secret);
});

test.each([
  [{ error: 'access_denied' }, 'access_denied'],
  ['<html>', ''],
])('what is no ID token is said, without the answer: %j', async (answer, why) => {
  const { status, stdout, stderr } = await signIn(answer);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toBe(`kanidm-token: Kanidm gave no ID token: ${why}\n`);
});

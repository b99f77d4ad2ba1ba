import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Authority } from '../../e2e/harness/certs';
import { run } from '../run';

const token = 'the-token-of-idm-admin';
let server: Server;
let folder: string;
let origin: string;
const answered: string[] = [];
let memberof = ['idm_admins@localhost'];
let domain = 'localhost';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-rest-'));
  const authority = await Authority.create('test');
  writeFileSync(join(folder, 'ca.pem'), authority.cert);
  server = createServer(await authority.issue({ commonName: 'kanidm', hosts: ['localhost'] }), (ask, answer) => {
    answered.push(`${ask.method} ${ask.url}`);
    const known = ask.headers.authorization === `Bearer ${token}`;
    const self = ask.url === '/v1/self';
    const list = /^\/v1\/(person|group|oauth2|service_account)$/.exec(ask.url ?? '')?.[1];
    answer.writeHead(known ? (list || self ? 200 : 404) : 401, {
      'content-type': 'application/json',
      'x-kanidm-version': '1.11.1',
    });
    const me = JSON.stringify({ youare: { attrs: { memberof } } });
    const body = list
      ? readFileSync(join(__dirname, `../fixtures/adopt/${list}.json`), 'utf8').replaceAll('@localhost', `@${domain}`)
      : me;
    answer.end(known ? body : '"notauthenticated"');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const adopt = (argv: string[], env: Record<string, string> = { KANIDM_TOKEN: token }) =>
  run(['adopt', ...argv], { cwd: folder, env });

test('people, groups and clients are read over TLS, and nothing is changed', async () => {
  const { code, stdout, stderr } = await adopt(['--kanidm', `${origin}/ui/`, '--kanidm-ca', 'ca.pem']);
  expect(code).toBe(1);
  expect(parse(stdout)).toMatchObject({
    kanidm: { domain: 'localhost', origin, version: '1.11.1' },
    people: { jane: { id: 'a39bd23b-9919-4ae2-b299-fc6223227c5b' } },
    groups: { team: { members: ['jane'] } },
    clients: { k8s: { localhostRedirects: true } },
  });
  expect(stderr).toContain(`${origin}/v1/group: group idm_people_admins: this is a built-in`);
  expect(answered.every((line) => line.startsWith('GET '))).toBe(true);
  expect(stdout + stderr).not.toContain(token);
});

test('an address outside the domain, such as that of a port-forward, is not the origin', async () => {
  domain = 'idm.example.com';
  const argv = ['--kanidm', origin, '--kanidm-ca', 'ca.pem'];
  writeFileSync(
    join(folder, 'kube.args'),
    '--oidc-issuer-url=https://idm.example.com/oauth2/openid/k8s\n--oidc-client-id=k8s\n',
  );
  for (const files of [[], ['kube.args']]) {
    const { stdout, stderr } = await adopt([...files, ...argv]);
    expect(parse(stdout).kanidm).toEqual({ domain, version: '1.11.1' });
    expect(stderr).not.toContain('another Kanidm');
  }
  domain = 'localhost';
});

test('a token that does not see everything is said', async () => {
  memberof = ['idm_people_admins@localhost'];
  const { stderr } = await adopt(['--kanidm', origin, '--kanidm-ca', 'ca.pem']);
  memberof = ['idm_admins@localhost'];
  expect(stderr).toContain(`${origin}/v1/self: the account of the token is not in idm_admins`);
  expect((await adopt(['--kanidm', origin, '--kanidm-ca', 'ca.pem'])).stderr).not.toContain('/v1/self');
});

test.each([
  ['another token', [], { KANIDM_TOKEN: 'wrong-secret' }, 'Kanidm rejects the token (401)'],
  ['no token', [], {}, '--kanidm reads the token from KANIDM_TOKEN, which is not set'],
])('with %s it says why, and not the token', async (_, argv, env, message) => {
  const ran = await adopt(['--kanidm', origin, '--kanidm-ca', 'ca.pem', ...argv], env as Record<string, string>);
  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  expect(ran.stderr).not.toContain('wrong-secret');
});

test('a private CA that is not named, a closed port and a plain address are each told', async () => {
  expect((await adopt(['--kanidm', origin])).stderr).toContain('--kanidm-ca');
  expect((await adopt(['--kanidm', 'https://localhost:1'])).stderr).toContain('ECONNREFUSED');
  expect((await adopt(['--kanidm', 'http://localhost'])).stderr).toContain('must be an https address');
});

describe('files', () => {
  const flags =
    '--oidc-issuer-url=https://idm.example.com/oauth2/openid/k8s --oidc-client-id=k8s --oidc-signing-algs=ES256';

  test('what is there already is neither overwritten nor repeated', async () => {
    writeFileSync(join(folder, 'flags'), flags);
    expect(await adopt(['flags', '--output', 'kaniflux.yaml'])).toMatchObject({ code: 1, stdout: '' });
    const before = readFileSync(join(folder, 'kaniflux.yaml'), 'utf8');
    const again = await adopt(['flags', '-o', 'kaniflux.yaml']);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('adopt does not overwrite files') });
    expect(readFileSync(join(folder, 'kaniflux.yaml'), 'utf8')).toBe(before);
    expect(await adopt(['flags', '-c', 'kaniflux.yaml'])).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('kaniflux.yaml has everything that was read'),
    });
  });

  test('standard input is a file too; one that holds nothing, and no source at all, are refused', async () => {
    const piped = await run(['adopt', '-', '--cluster', 'a'], { cwd: folder, stdin: async () => flags });
    expect(parse(piped.stdout)).toMatchObject({ clusters: { a: { client: 'k8s' } } });
    writeFileSync(join(folder, 'other'), 'hello');
    expect((await adopt(['other'])).stderr).toContain('other contains nothing that adopt can read');
    expect((await adopt(['missing'])).stderr).toContain("missing can't be read: ENOENT");
    expect((await adopt(['.'])).stderr).toContain('. is a folder; name the files in it, for example ./*.yaml');
    expect((await adopt([])).stderr).toContain('nothing to read; name files');
  });
});

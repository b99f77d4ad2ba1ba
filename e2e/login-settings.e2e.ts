import { execFile } from 'node:child_process';
import { request } from 'node:https';
import { promisify } from 'node:util';
import { codesOf, homeLab } from '../__tests__/config';
import { authenticators } from '../lib/identity/authenticator';
import type { Apiserver } from './harness';
import { claimsOf } from './login/claims';
import { Desk, explainLog } from './login/desk';
import { type Prepared, prepare } from './login/prepared';
import { type Method, type Row, rowsOf } from './login/rows';
import { ensurePart } from './parts/build';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open('login-settings');
});
afterAll(() => desk?.close());

const row = (name: string): Row => rowsOf('structured').find((one) => one.name === name) as Row;
const prepared = (name: string, method: Method, change: Partial<Row> = {}, kubernetes = '1.34') =>
  prepare({ ...row(name), ...change }, method, kubernetes, desk.ca);
const tokenOf = ({ row: own, config, cluster }: Prepared, change: object = {}) => {
  const [client] = authenticators(config, cluster);
  return desk
    .issuer(config.kanidm.origin)
    .token({ ...claimsOf(own, config, client as NonNullable<typeof client>), ...change });
};
/** Returns the lines of a log that contain a text. Waits for the first one. */
const linesWith = async ({ process }: Apiserver, text: string): Promise<string> => {
  const lines = async () => (await process.output()).split('\n').filter((line) => line.includes(text));
  await process.ready(async () => (await lines()).length > 0, 90);
  return (await lines()).join('\n');
};

describe('an API server that is ready, and lets nobody in:', () => {
  test('the home lab without --oidc-signing-algs', async () => {
    const one = prepared('home-lab', 'flags');
    const flags = one.flags.filter((flag) => !flag.startsWith('--oidc-signing-algs='));
    expect(flags).toHaveLength(one.flags.length - 1);
    const apiserver = await desk.apiserver('1.34', flags);
    expect(await desk.says(apiserver, tokenOf(one))).toBe('refused');
    const line = await linesWith(apiserver, 'Unable to authenticate the request');
    expect(line).toContain(
      String.raw`oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"ES256\"`,
    );
    expect(await explainLog(line)).toContain('--oidc-signing-algs=ES256');
  });

  test.each<Method>(['flags', 'structured'])('a CA that is not the one of the origin, with %s', async (method) => {
    const one = prepared('real-token', method, { ca: false });
    const apiserver = await desk.apiserver('1.34', one.flags, one.files);
    const line = await linesWith(apiserver, 'initializing plugin');
    expect(line).toContain('tls: failed to verify certificate: x509: certificate signed by unknown authority');
    expect(await desk.says(apiserver, tokenOf(one))).toBe('refused');
    expect(await explainLog(line)).toContain('`authentication.ca.file`');
    expect(await explainLog(await linesWith(apiserver, 'oidc: authenticator not initialized'))).toContain('discovery');
  });

  test('an issuer with a slash at the end', async () => {
    const one = prepared('home-lab', 'flags');
    const flags = one.flags.map((flag) => flag.replace(/^(--oidc-issuer-url=.*)$/, '$1/'));
    const apiserver = await desk.apiserver('1.34', flags);
    const line = await linesWith(apiserver, 'initializing plugin');
    expect(line).toContain('issuer did not match the issuer returned by provider');
    expect(await explainLog(line)).toContain('without a slash');
    expect(await desk.says(apiserver, tokenOf(one))).toBe('refused');
    expect(await explainLog(await linesWith(apiserver, 'Unable to authenticate the request'))).toContain('issuer');
  });
});

test('a claim with an escape of CEL in its name is never found, which is why such a config is refused', async () => {
  const one = prepared('commas', 'structured');
  const [file, name] = ['authentication-config.yaml', 'k8s__teams__x'];
  const text = (one.files[file] as string).replaceAll('"teams"', `"${name}"`);
  expect(text).not.toBe(one.files[file]);
  const apiserver = await desk.apiserver('1.34', one.flags, { [file]: text });
  const claims = { teams: undefined, [name]: 'ops,dev' };
  expect(await desk.admits(apiserver, tokenOf(one, claims))).toMatchObject({ groups: [] });
  expect(() =>
    prepared('commas', 'structured', {
      authentication: { groups: { claim: name } },
      client: { claims: { [name]: { join: 'csv', values: { k8s_users: ['ops'] } } } },
    }),
  ).toThrow(/escape/);
});

describe('an API server that does not start:', () => {
  const without = (flags: readonly string[], name: string) => flags.filter((flag) => !flag.startsWith(`--${name}=`));
  const changed = (flags: readonly string[], from: RegExp, to: string) => flags.map((flag) => flag.replace(from, to));

  test.each<[string, (one: Prepared) => readonly string[], RegExp]>([
    ['an issuer of http', ({ flags }) => changed(flags, /=https:/, '=http:'), /not https/],
    ['an unknown algorithm', ({ flags }) => changed(flags, /ES256/, 'XS256'), /is not an algorithm/],
    [
      'no client id',
      ({ flags }) => without(flags, 'oidc-client-id'),
      /requires both --oidc-issuer-url and --oidc-client-id/,
    ],
    [
      'both ways at once',
      ({ flags }) => [...flags, '--authentication-config=/etc/kubernetes/kaniflux/authentication-config.yaml'],
      /Both/,
    ],
  ])('flags with %s', async (_name, flags, meaning) => {
    const one = prepared('home-lab', 'flags');
    const { files } = prepared('home-lab', 'structured');
    const error: Error = await desk.apiserver('1.34', flags(one), files).then(
      () => new Error('it started'),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(/ended with 1 before it was ready/);
    expect(await explainLog(error.message)).toMatch(meaning);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['a user name without a prefix', (text) => text.replace(/ +prefix: .*#\n/, ''), /is set without a prefix/],
    ['nothing in it', () => '', /empty/],
    ['no kind', (text) => text.replace(/^kind:.*\n/m, ''), /incomplete/],
    ['a field that does not exist', (text) => text.replace('audiences:', 'audience:'), /does not exist/],
    ['an issuer of http', (text) => text.replace('url: https:', 'url: http:'), /not https/],
  ])('an AuthenticationConfiguration with %s', async (_name, change, meaning) => {
    const one = prepared('home-lab', 'structured');
    const text = one.files['authentication-config.yaml'] as string;
    expect(change(text)).not.toBe(text);
    const files = { 'authentication-config.yaml': change(text) };
    const error: Error = await desk.apiserver('1.34', one.flags, files).then(
      () => new Error('it started'),
      (thrown) => thrown,
    );
    expect(error.message).toMatch(/ended with 1 before it was ready/);
    expect(await explainLog(error.message)).toMatch(meaning);
  });

  test('none of these is rendered: a config with an origin of http is refused', () => {
    expect(codesOf(homeLab({ kanidm: { origin: 'http://sso.kammel.dev' } }))).toContain('origin-form');
  });
});

test('the AuthenticationConfiguration of an older Kubernetes, v1beta1, means the same', async () => {
  const one = prepared('commas', 'structured', {}, '1.33');
  expect(one.files['authentication-config.yaml']).toMatch(/^apiVersion: apiserver\.config\.k8s\.io\/v1beta1$/m);
  const apiserver = await desk.apiserver('1.34', one.flags, one.files);
  expect(await desk.admits(apiserver, tokenOf(one))).toMatchObject({ groups: one.row.groups });
});

describe('an AuthenticationConfiguration that is rendered', () => {
  const paths = ['/livez', '/readyz', '/healthz'];
  const clusterInfo = '/api/v1/namespaces/kube-public/configmaps/cluster-info';
  let one: Prepared;
  let apiserver: Apiserver;
  const anonymously = (path: string) => statusOf(apiserver, path);

  beforeAll(async () => {
    const anonymous = { enabled: true, paths: [...paths, clusterInfo] };
    one = prepared('home-lab', 'structured', { authentication: { anonymous } });
    apiserver = await desk.apiserver('1.34', one.flags, one.files);
  });

  test('lets anonymous requests through to the paths that it names', async () => {
    expect(await desk.admits(apiserver, tokenOf(one))).toMatchObject({ groups: [] });
    expect(await Promise.all(paths.map(anonymously))).toEqual([200, 200, 200]);
    expect(await anonymously('/version')).toBe(401);
  });

  test('lets kubeadm with a token request the ConfigMap, if it names the path of anonymous-join', async () => {
    // The answer is not 401, so the request was authenticated as anonymous. RBAC refuses it, because the Role that
    // kubeadm would create does not exist here.
    expect(await anonymously(clusterInfo)).toBe(403);
    const kubeadm = await ensurePart('kubeadm-1.34');
    const server = apiserver.url.replace('https://', '');
    const token = ['--token=abcdef.0123456789abcdef', '--discovery-token-unsafe-skip-ca-verification'];
    const args = ['join', 'phase', 'preflight', server, ...token, '--ignore-preflight-errors=all', '--v=8'];
    const stderr = expect.stringContaining(`verb="GET" url="${apiserver.url}${clusterInfo}?`);
    await expect(promisify(execFile)(kubeadm, args, { timeout: 10_000 })).rejects.toMatchObject({ stderr });
  });

  test('is read again without a restart, and one that is wrong changes nothing', async () => {
    const file = 'authentication-config.yaml';
    await desk.replace(file, 'kind: AuthenticationConfiguration\n');
    expect(await explainLog(await linesWith(apiserver, 'failed to load authentication'))).toMatch(
      /keeps the settings that it read before/,
    );
    expect(await desk.says(apiserver, tokenOf(one))).not.toBe('refused');

    // Everything except `anonymous` can change without a restart.
    const other = prepared('short-name', 'structured');
    await desk.replace(file, other.files[file] as string);
    expect(await explainLog(await linesWith(apiserver, 'changed from initial'))).toMatch(/Restart/);
    expect(await desk.says(apiserver, tokenOf(other))).toBe('refused');

    const { authentication } = one.row;
    const both = prepared('short-name', 'structured', {
      authentication: { ...other.row.authentication, ...authentication },
    });
    await desk.replace(file, both.files[file] as string);
    await linesWith(apiserver, 'reloaded authentication config');
    expect(await desk.admits(apiserver, tokenOf(both))).toMatchObject({ user: 'kanidm:datosh' });
    expect(await desk.says(apiserver, tokenOf(one))).toBe('refused');
  });
});

/** Returns the status with which an API server answers a request without credentials. */
const statusOf = ({ url, authority }: Apiserver, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${url}${path}`, { ca: authority.cert, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once('error', reject)
      .end();
  });

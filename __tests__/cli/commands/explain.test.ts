import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { homeLab } from '../../config';
import { run } from '../../run';
import { homeLabFolder } from './folder';

const { folder, write, ask } = homeLabFolder();

test('explain says what is nearest to a misspelt person', async () => {
  expect(await ask(['explain', 'datosch'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`datosh`'),
  });
  expect(await ask(['explain', 'k8s_users'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`k8s_users` is a group'),
  });
  expect((await ask(['explain', 'datosh'])).stdout).toContain('may do everything');
});

test('explain with --manifests says what hand-written bindings give', async () => {
  mkdirSync(join(folder, 'hand'));
  write(
    'hand/a.yaml',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: hand }\nroleRef: { kind: ClusterRole, name: edit }\nsubjects: [{ kind: User, name: "https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16" }]\n',
  );
  const { stdout } = await ask(['explain', 'datosh', '--manifests', 'hand']);
  expect(stdout).toContain('; binding hand)');
  expect(stdout).toContain('; grant oidc-cluster-admin)');
  expect((await ask(['explain', 'datosh'])).stdout).not.toContain('binding hand)');
});

test('explain of a former name says who it is now, and suggests nobody else', async () => {
  const text = stringify(
    homeLab({
      kanidm: { version: '1.11.1', helm: null, cluster: null, provision: 'migrations' },
      people: { janet: { displayName: 'Janet', formerly: 'jane' }, jana: { displayName: 'Jana' } },
    }),
  );
  write('renamed.yaml', text);
  expect(await ask(['explain', 'jane', '-c', 'renamed.yaml'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/`jane` is the former name of `janet`/),
  });
});

test('a token is never an argument, and never printed', async () => {
  const token = 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl';
  const given = await ask(['explain', '--token', token]);
  expect(given).toMatchObject({ code: 2, stderr: expect.stringContaining('standard input') });
  const read = await ask(['explain', '--token', '-'], token);
  expect(read).toMatchObject({ code: 1, stdout: expect.stringContaining('refused') });
  for (const { stdout, stderr } of [given, read]) expect(stdout + stderr).not.toContain(token.slice(0, 12));
});

test('a log of which a line is known', async () => {
  const line = 'oidc: id token signed with unsupported algorithm, expected ["RS256"] got ["ES256"]';
  const { code, stdout, stderr } = await ask(['explain', '--log', '-'], `something else\n${line}\n`);
  expect(stderr).toBe('kaniflux: 1 other line has no explanation\n');
  expect(code).toBe(0);
  expect(stdout).toContain('--oidc-signing-algs=ES256');
  expect((await ask(['explain', '--log', '-'], 'something else\n')).code).toBe(1);
  for (const format of ['text', 'json']) {
    const shown = await ask(['explain', '--log', '-', '--format', format], `${line} eyJhbGciOiJF.eyJpc3Mi.c2ln\n`);
    expect(shown.stdout).toContain('<token>');
    expect(shown.stdout).not.toContain('eyJ');
  }
});

describe('a token without a usable config', () => {
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims: object, header: object = { alg: 'ES256' }) =>
    `${encoded(header)}.${encoded(claims)}.${'A'.repeat(86)}`;
  const idToken = {
    iss: 'https://idm.example.com/oauth2/openid/k8s',
    aud: 'k8s',
    sub: 'a',
    exp: 4102444800,
    groups: ['g'],
  };
  /** Explains the token in a folder without a kaniflux.yaml. */
  const alone = (text: string, ...argv: string[]) =>
    run(['explain', '--token', '-', ...argv], { cwd: __dirname, stdin: async () => text });

  test('is named by its kind, and compared with nothing', async () => {
    const { code, stdout, stderr } = await alone(token(idToken));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'kaniflux.yaml does not exist, so the token is not compared with the settings of a cluster',
      "this token has the claims of an ID token, and its issuer looks like that of Kanidm's client k8s",
      '  iss https://idm.example.com/oauth2/openid/k8s',
      '  aud k8s',
    ]);
    expect(stdout).toContain('  exp 4102444800 (2100-01-01T00:00:00Z)\n');
    expect(stdout).not.toContain('no API server accepts the token');
  });

  test.each<[string, string, RegExp]>([
    ['an API token of Kanidm', token({ account_id: 'a', token_id: 'b' }), /^this is an API token of Kanidm: /m],
    [
      'one that has expired',
      token({ ...idToken, exp: 1000 }),
      /^no API server accepts the token\n {2}because the token expired on/m,
    ],
    [
      'one without an issuer',
      token({ ...idToken, iss: undefined }),
      /lacks a claim .*\n(?:.*\n)* {2}because the token has no is/,
    ],
    [
      'one without a signature',
      token(idToken).replace(/[^.]*$/, ''),
      / {2}because the token has no signature, but a signature with ES256 has 64 bytes: .*(?!\n.*pass the keys)/,
    ],
    [
      'a service account without a signature',
      token({ sub: 'system:serviceaccount:a:b', iss: 'https://k' }).replace(/[^.]*$/, ''),
      /because the token has no signature/,
    ],
    ['one with a secret of both sides', token(idToken, { alg: 'HS256' }), /because the token is signed with HS256/],
  ])('is refused by every API server if it is %s', async (_, text, expected) => {
    const { code, stdout } = await alone(text);
    expect(stdout).toMatch(expected);
    expect(code).toBe(1);
  });

  test('of a service account is not refused, as its own cluster accepts it', async () => {
    const { code, stdout } = await alone(token({ sub: 'system:serviceaccount:a:b', iss: 'https://k' }));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('not checked: which cluster issued') });
  });

  test.each<[string, object, number, RegExp | undefined]>([
    [
      'refused',
      { authenticated: false, error: '[invalid bearer token, oidc: verify token: a]' },
      1,
      /^read: the API server that answered this TokenReview refused the token: “\[invalid bearer token, oidc: verify token: a\]”$/m,
    ],
    ['refused without a reason', { authenticated: false }, 1, /TokenReview refused the token$/m],
    ['refused, with the field left out', { error: 'a' }, 1, /TokenReview refused the token: “a”$/m],
    ['accepted', { authenticated: true }, 0, /TokenReview accepted the token$/m],
    ['not answered', { user: {} }, 0, undefined],
  ])('in a TokenReview is %s by the API server that answered', async (_, status, expected, says) => {
    const { code, stdout } = await alone(
      JSON.stringify({ kind: 'TokenReview', spec: { token: token(idToken) }, status }),
    );
    expect(code).toBe(expected);
    if (says) expect(stdout).toMatch(says);
    else expect(stdout).not.toContain('TokenReview');
    const asJson = await alone(
      JSON.stringify({ kind: 'TokenReview', spec: { token: token(idToken) }, status }),
      ...['--format', 'json'],
    );
    const [{ read }] = JSON.parse(asJson.stdout);
    expect(asJson.code).toBe(expected);
    expect(read.map((note: string) => `read: ${note}`).join('\n')).toMatch(says ?? /^(?!.*TokenReview)/);
  });

  test('is as JSON a verdict that names no cluster', async () => {
    const [verdict, ...more] = JSON.parse((await alone(token(idToken), '--format', 'json')).stdout);
    expect(verdict).toMatchObject({ accepted: null, refused: [], claims: { aud: 'k8s', groups: ['g'] } });
    expect(more).toEqual([]);
    expect(verdict).not.toHaveProperty('cluster');
  });

  test('is explained beside a config with errors too, which the exit code tells', async () => {
    write('faulty.yaml', 'kanidm: 3\n');
    const { code, stdout, stderr } = await ask(['explain', '--token', '-', '-c', 'faulty.yaml'], token(idToken));
    expect(stderr).toContain('faulty.yaml has errors, so the token is not compared with the config');
    expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringContaining('has the claims of an ID token') });
  });

  test('cannot be limited to a cluster, and a config that somebody names has to be there', async () => {
    expect(await alone(token(idToken), '--cluster', 'a')).toMatchObject({ code: 2, stdout: '' });
    expect(await alone(token(idToken), '-c', 'none.yaml')).toMatchObject({ code: 2, stdout: '' });
  });
});

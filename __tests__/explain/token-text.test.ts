import { entry } from '../../lib/config/config';
import { parseJwt } from '../../lib/explain/jwt';
import { judge } from '../../lib/explain/token';
import { kindOf } from '../../lib/explain/token-kind';
import { tokenText } from '../../lib/explain/token-text';
import { configOf } from '../config';
import { run } from '../run';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { iss: 'https://sso.kammel.dev/oauth2/openid/k8s', aud: 'k8s', sub: 'a', exp: 4_000_000_000 };
const token = `${part({ alg: 'ES256', kid: 'x' })}.${part(claims)}.c2ln`;

test.each<[string, string]>([
  ['as it is', token],
  ['with a line break at the end', `${token}\n`],
  ['after Bearer', `Bearer ${token}`],
  ['after bearer in small letters', `bearer ${token}`],
  ['in quotes', `"${token}"`],
  ['in single quotes', `'${token}'`],
  ['in backquotes', `\`${token}\``],
  ['quoted, with Bearer', `"Bearer ${token}"`],
  ['after the name of its header', `Authorization: Bearer ${token}`],
  ['as an option of curl', `-H "Authorization: Bearer ${token}"`],
  ['as a header of a proxy', `X-Forwarded-Access-Token: ${token}`],
  ['as a line of a kubeconfig', `token: ${token}`],
  ['as a field of JSON', `"id_token": "${token}",`],
  ['as the field of an old kubeconfig', `id-token: ${token}`],
  ['broken over lines', `${token.slice(0, 40)}\n  ${token.slice(40)}`],
  ['with a byte order mark', `\ufeff${token}`],
  ['in the quotation marks of a word processor', `“Bearer ${token}”`],
  ['in colours', `\u001b[32m${token}\u001b[0m`],
  [
    'in an ExecCredential',
    JSON.stringify({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false },
      status: { token },
    }),
  ],
  ['in an ExecCredential over several lines', JSON.stringify({ kind: 'ExecCredential', status: { token } }, null, 2)],
  ["in kubelogin's cache", JSON.stringify({ id_token: token, refresh_token: 'abc' })],
  [
    'in the answer of the token endpoint',
    JSON.stringify({ access_token: 'x.y.z', id_token: token, token_type: 'Bearer' }),
  ],
  ['in UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${token}`, 'utf16le').toString('utf8')],
  ['in the output of curl -v', `> GET /api HTTP/2\n> authorization: Bearer ${token}\n> \n< HTTP/2 401 \n`],
  ['in a command', `curl -k -H "Authorization: Bearer ${token}" https://192.0.2.10:6443/api`],
  ['in a kubeconfig', `apiVersion: v1\nusers:\n- name: jane\n  user:\n    token: ${token}\n`],
  ['after other lines', `Open http://localhost:8000\n${JSON.stringify({ kind: 'ExecCredential', status: { token } })}`],
  ['in a response with headers', `HTTP/1.1 200 OK\r\n\r\n${JSON.stringify({ id_token: token })}`],
  ['in a cookie', `set-cookie: a=1; id_token=${token}; Path=/`],
  ['in a URL', `http://localhost:8000/#id_token=${token}&state=a`],
  ['in a URL, with escapes', `a=Bearer%20${token}`],
  ['in the variable of a shell', `export TOKEN="${token}"`],
  ['beside an access token', `id_token: ${token}\naccess_token: ${part({ alg: 'ES256' })}.${part({ a: 1 })}.c2ln`],
  ['twice', `${token}\n${token}`],
  ['in a command with an option', `kubectl --token ${token} get pods`],
  ['in several cookies', `Cookie: a=1; app-auth-main.0=${token.slice(0, 60)}; app-auth-main.1=${token.slice(60)}; b=2`],
  ['in a Secret', JSON.stringify({ kind: 'Secret', data: { token: Buffer.from(token).toString('base64') } })],
  [
    'in base64, in lines of 76 characters',
    Buffer.from(`${token}${'a'.repeat(86)}`)
      .toString('base64')
      .replace(/.{76}/g, '$&\n'),
  ],
  [
    'in base64, in lines of 64 characters',
    Buffer.from(`${token}${'a'.repeat(86)}`)
      .toString('base64')
      .replace(/.{64}/g, '$&\n'),
  ],
  ['in a TokenReview', JSON.stringify({ kind: 'TokenReview', spec: { token } })],
])('a token %s is read', (_name, text) => {
  expect(tokenText(text).token?.replace(/a{86}$/, '')).toBe(token);
});

test('tokens in base64, one a line, are several tokens', () => {
  const lines = ['a', 'b'].map((end) => Buffer.from(`${token}${end.repeat(250)}`).toString('base64'));
  expect(tokenText(lines.join('\n'))).toEqual({
    notes: ['a text with 2 different tokens. Pass only the ID token'],
  });
});

test('words after a whole token are no part of it, and the rest of a signature is', () => {
  const whole = token.replace(/[^.]*$/, 'a'.repeat(86));
  expect(tokenText(`${whole}\nlogout`).token).toBe(whole);
  expect(tokenText(`${whole.slice(0, -20)}\n${whole.slice(-20)}`).token).toBe(whole);
  const rsa = `${part({ alg: 'RS256' })}.${part(claims)}.${'a'.repeat(342)}`;
  expect(tokenText(`${rsa}\nlogout`).token).toBe(rsa);
  expect(tokenText(`${rsa.slice(0, -256)}\n${rsa.slice(-256)}`).token).toBe(rsa);
});

test('decoded tokens are claims', () => {
  expect(tokenText(JSON.stringify({ header: { alg: 'ES256' }, payload: claims, signature: 'a' })).claims).toEqual(
    claims,
  );
});

test('claims as JSON are claims, and nothing is accepted by them alone', () => {
  const { claims: read } = tokenText(JSON.stringify(claims));
  expect(read).toEqual(claims);
  const config = configOf();
  const verdict = judge(config, entry(config.clusters, 'homelab'), {
    token: { claims: read ?? {} },
    now: 1,
    jwks: '{"keys":[]}',
  });
  expect(verdict).toMatchObject({ accepted: null, unchecked: [expect.stringMatching(/algorithm and the signature/)] });
});

test.each<[string, object, RegExp]>([
  ['an ExecCredential without a token', { kind: 'ExecCredential', status: {} }, /without a token/],
  ['something else', { a: 1 }, /without a token/],
  ['the answer of the userinfo endpoint', { sub: 'a', email: 'a@example.com' }, /userinfo endpoint/],
  ['the answer of token introspection', { active: true, ...claims }, /introspection/],
])('%s is named', (_name, value, what) => {
  const read = tokenText(JSON.stringify(value));
  expect(read.token).toBeUndefined();
  expect(read.notes.join()).toMatch(what);
});

test.each<[string, string, RegExp]>([
  [
    'two tokens, none of them called an ID token',
    `${token}\n${part({ alg: 'a' })}.${part({})}.c2ln`,
    /2 different tokens/,
  ],
  [
    'two tokens, both called an ID token',
    `id_token: ${token}\nid_token: ${part({ alg: 'a' })}.${part({})}.c2ln`,
    /^a text with 2 different tokens\. Pass only the ID token$/,
  ],
  ['claims of which the end is missing', JSON.stringify(claims).slice(0, -1), /JSON with an error/],
  ['a token without its signature', token.slice(0, token.lastIndexOf('.')), /incomplete/],
  ['a shortened token', `${token.slice(0, 60)}...`, /shortened/],
  ['a token that is shortened in its header', `${token.slice(0, 20)}...`, /shortened/],
  ['a token of GitHub', 'ghp_abcdefghijklmnop', /GitHub/],
  ['a bootstrap token', 'abcdef.0123456789abcdef', /nodes join/],
  ['a web page', '<!DOCTYPE html><html></html>', /web page/],
  ['an error', 'error: You must be logged in to the server', /--log/],
  ['the URL with the code', 'http://localhost:8000/?code=abc&state=d', /with a code/],
  ['an error of the token endpoint', '{"error":"invalid_grant"}', /error invalid_grant/],
  ['a JWKS', '{"keys":[]}', /--jwks/],
  [
    'an opaque access token',
    '{"access_token":"gho_a","token_type":"Bearer"}',
    /`openid` was not requested.*not a JSON Web Token/,
  ],
  ['a text', 'nothing of the kind', /text without a token/],
  ['a log of kubectl', `curl -v -XGET -H "Authorization: Bearer <masked>" 'https://192.0.2.10:6443/api'`, /--raw/],
  ['a kubeconfig as kubectl shows it', 'users:\n- name: jane\n  user:\n    token: REDACTED\n', /--raw/],
  ['a token whose signature was replaced', token.replace(/[^.]*$/, '<SIGNATURE_REMOVED>'), /shortened/],
  [
    'a log with a token whose signature was replaced',
    `a log: ${token.replace(/[^.]*$/, '<SIGNATURE_REMOVED>')} and more`,
    /no token is complete/,
  ],
  ['a log without the token', 'Authorization: Bearer <TOKEN_REMOVED>', /hides the token/],
  [
    'lines of base64 that are no token',
    Buffer.from('eyJ'.repeat(60)).toString('base64').replace(/.{76}/g, '$&\n'),
    /without a token/,
  ],
  ['a TokenReview without a token', '{"kind":"TokenReview","status":{"authenticated":true}}', /accepted the token/],
  ['a token with its end hidden', `${token.slice(0, 30)}[REDACTED]`, /shortened/],
  ['a token in the lines of a mail', `> ${token.slice(0, 40)}\n> ${token.slice(40)}`, /no token is complete/],
  ['cookies in another order', `a.0=${token.slice(0, 30)}; a.2=${token.slice(30)}`, /shortened|no token is complete/],
])('%s is not taken for an ID token', (_name, text, what) => {
  const read = tokenText(text);
  expect(read.token).toBeUndefined();
  expect(read.claims).toBeUndefined();
  expect(read.notes.join()).toMatch(what);
  expect(read.notes.join()).not.toContain(token.slice(0, 20));
});

test.each([`${token}==`, `${token}+a`, `${token}/a`, `${token}.a`])('a damaged token is not repaired: %#', (text) => {
  expect(() => parseJwt(tokenText(text).token ?? '')).toThrow(/base64url|not a JSON Web Token|empty/);
});

test('the claims that kubelogin prints with -v1 are claims', () => {
  const log = `I1126 10:00:00.000000 1 get_token.go:81] you got a token: ${JSON.stringify(claims, null, 2)}\n`;
  expect(tokenText(log).claims).toEqual(claims);
});

test('an access token in place of the ID token is said', () => {
  const { notes } = tokenText(JSON.stringify({ access_token: token }));
  expect(notes.join()).toMatch(/`openid` was not requested\. kubectl and most applications use the ID token$/);
});

describe('kinds of tokens that are no ID tokens', () => {
  const kind = (payload: object, header: object = { alg: 'ES256' }) =>
    kindOf(parseJwt(`${part(header)}.${part(payload)}.c2ln`));

  test.each<[string, object, object, RegExp, boolean | 'elsewhere']>([
    [
      'an API token of Kanidm',
      { account_id: 'a', token_id: 'b', label: 'ci', expiry: null },
      {},
      /API token of Kanidm with the label “ci”/,
      false,
    ],
    [
      "a session of Kanidm's own",
      { session_id: 'a', purpose: 'readonly', spn: 'jane@idm.example.com' },
      {},
      /session token of the `kanidm` command/,
      false,
    ],
    ['an access token', claims, { alg: 'ES256', typ: 'at+jwt' }, /access token/, true],
    ['a token of a service account', { ...claims, 'kubernetes.io': {} }, {}, /service account/, 'elsewhere'],
  ])('%s', (_name, payload, header, says, judged) => {
    expect(kind(payload, { alg: 'ES256', ...header })).toEqual({ says: expect.stringMatching(says), judged });
  });

  test('an ID token is none of them', () => {
    expect(kind({ ...claims, session_id: 'x' })).toBeUndefined();
  });

  test('an API token of Kanidm is refused for what it is, not for its issuer', () => {
    const config = configOf();
    const api = parseJwt(`${part({ alg: 'ES256' })}.${part({ account_id: 'a', token_id: 'b' })}.c2ln`);
    const { refused } = judge(config, entry(config.clusters, 'homelab'), { token: api, now: 1 });
    expect(refused).toEqual([expect.stringMatching(/API token of Kanidm/)]);
  });

  test('an encrypted token is named', () => {
    const jwe = `${part({ alg: 'dir', enc: 'A128GCM' })}..aaaa.bbbbbb.cccc`;
    expect(() => parseJwt(jwe)).toThrow(/encrypted token \(JWE\)/);
    expect(() => parseJwt('a.b.c.d.e')).toThrow(/not a JSON Web Token.*number of parts in the input is 5/);
  });
});

describe('the command', () => {
  const explain = (args: readonly string[], stdin: string) =>
    run(['explain', '--token', '-', ...args], { stdin: async () => stdin });

  test('says what it read, and shows no piece of it', async () => {
    const { stdout, stderr } = await explain([], JSON.stringify({ kind: 'ExecCredential', status: { token } }));
    expect(stdout).toMatch(/^read: the token of an ExecCredential$/m);
    expect(stdout).not.toMatch(/accepted/);
    expect(stdout + stderr).not.toContain(token.slice(0, 12));
  });

  test('takes one source of keys', async () => {
    const { code, stderr } = await explain(['--jwks', 'a.json', '--fetch-jwks'], token);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('exclude each other') });
  });

  test('a JSON object without a token is said to be one', async () => {
    const { code, stderr } = await explain([], '{"password":"hunter2"}');
    expect(code).toBe(2);
    expect(stderr).toMatch(/needs an ID token, but standard input is a JSON object without a token/);
    expect(stderr).not.toContain('hunter2');
  });
});

test('a name of a file is not called an incomplete token', () => {
  expect(tokenText('token.txt')).toEqual({ token: 'token.txt', notes: [] });
});

test.each<[string, string]>([
  ['ghp_abcdefghijklmnop', 'a token of GitHub'],
  ['github_pat_abc', 'a token of GitHub'],
  ['glpat-abc.def', 'a token of GitLab'],
  ['ya29.abc-def', 'an access token of Google'],
  ['k8s-aws-v1.abc', 'a token of AWS for a cluster of EKS, which only that cluster accepts'],
  ['sha256~abc', 'a token of OpenShift'],
  ['kubeconfig-user-abc:def', 'a token of Rancher'],
  ['hvs.abc', 'a token of Vault'],
  [`s.${'a'.repeat(24)}`, 'a token of Vault'],
  ['abcdef.0123456789abcdef', 'a bootstrap token of kubeadm, with which nodes join a cluster'],
  ['K10ab::server:abc', 'the token with which nodes join a cluster of K3s or RKE2'],
  ['<html>a b</html>', 'a web page'],
  ['-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----', 'a certificate or a key'],
])('%s is named, but not inside of another text', (text, what) => {
  expect(tokenText(text)).toEqual({ notes: [what] });
  expect(tokenText(`see ${text}`).notes).not.toContain(what);
});

test.each<[object, string]>([
  [{ kind: 'Config', clusters: [{ name: 'a' }] }, 'a kubeconfig without a token'],
  [{ kind: 'Config', clusters: [] }, 'a JSON object without a token'],
  [{ kind: 'List', clusters: [{ name: 'a' }] }, 'a JSON object without a token'],
  [{ authorization_endpoint: 'https://idm.example.com/ui/oauth2' }, 'a discovery document'],
  [{ error: 'not a code' }, 'an answer with the error'],
])('%j is named', (value, what) => {
  expect(tokenText(JSON.stringify(value))).toEqual({ notes: [what] });
});

test('a long text without a token is read in time', () => {
  expect(tokenText('a'.repeat(1024 * 1024)).notes).toEqual([]);
});

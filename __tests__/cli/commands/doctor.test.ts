import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { liveCodes } from '../../../lib/checks/live/live-codes';
import { liveChecks } from '../../../lib/checks/live/live-table';
import { RecordedKanidm } from '../../checks/live/server';
import { homeLab } from '../../config';
import { run } from '../../run';

let kanidm: RecordedKanidm;
let folder: string;

beforeAll(async () => {
  kanidm = await RecordedKanidm.start();
  folder = mkdtempSync(join(tmpdir(), 'kaniflux-doctor-'));
  writeFileSync(join(folder, 'ca.pem'), kanidm.ca);
  const input = homeLab({
    kanidm: { domain: 'localhost', origin: kanidm.origin, cluster: null, helm: null, version: '1.11.1' },
    clients: { k8s: { image: null } },
  });
  const [homelab] = Object.values(input.clusters as object);
  const one = { ...homelab, authentication: { ...homelab.authentication, ca: { file: 'ca.pem' } } };
  writeFileSync(join(folder, 'kaniflux.yaml'), stringify({ ...input, clusters: { homelab: one } }));
  const clusters = {
    one: { ...one, server: 'https://192.0.2.1:6443' },
    two: { ...one, server: 'https://192.0.2.2:6443' },
  };
  writeFileSync(join(folder, 'two.yaml'), stringify({ ...input, clusters }, { aliasDuplicateObjects: false }));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await kanidm.close();
});
beforeEach(() => {
  kanidm.discovery = {};
  // Every version becomes unsupported some day.
  kanidm.headers = { 'x-kanidm-version': '' };
  kanidm.answers = {};
});

const doctor = (argv: readonly string[], env: Record<string, string> = {}) =>
  run(['doctor', ...argv], { cwd: folder, env: { PATH: folder, ...env } });
const looking = (...argv: string[]) => doctor(['--kanidm-ca', 'ca.pem', '--only', 'kanidm', ...argv]);

test('what is well is a line each, and exit code 0', async () => {
  const { code, stdout, stderr } = await looking();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('ok      the issuer is ');
  expect(stdout).toMatch(/\n\n11 ok, nothing wrong, 2 skipped\n$/);
});

test('if every check is skipped, the last line says so, and the exit code is 2', async () => {
  const { code, stdout } = await doctor(['--only', 'entries']);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^skipped /m);
  expect(stdout).toMatch(/\n0 ok, nothing checked, \d+ skipped\n$/);
});

test('what is wrong has the place in the config and the fix below, and exit code 1', async () => {
  kanidm.discovery = { id_token_signing_alg_values_supported: ['RS256'] };
  const { code, stdout } = await looking();
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /error {3}client k8s signs with RS256.* \(kanidm-algorithm\)\n {8}fix: run `kanidm system oauth2 disable-legacy-crypto k8s` \(kaniflux\.yaml:\d+\)\n/,
  );
});

test('what the config accepts is said with its reason, and does no harm to the exit code', async () => {
  kanidm.discovery = { code_challenge_methods_supported: [] };
  const text = readFileSync(join(folder, 'kaniflux.yaml'), 'utf8');
  const ignore =
    'checks: { ignore: [{ code: no-pkce, reason: an old kubelogin }, { code: kanidm-dns, reason: none }] }\n';
  writeFileSync(join(folder, 'accepts.yaml'), text + ignore);
  const { code, stdout } = await looking('-c', 'accepts.yaml');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ignored client k8s does not support PKCE .*: an old kubelogin \(no-pkce\)$/m);
  expect(stdout).toContain('10 ok, nothing wrong, 1 ignored, 2 skipped');
  const json = JSON.parse((await looking('-c', 'accepts.yaml', '--format', 'json')).stdout);
  expect(json).toMatchObject({ findings: [], ignored: [{ code: 'no-pkce', reason: 'an old kubelogin', count: 1 }] });
  expect((await run(['check', '-c', 'accepts.yaml'], { cwd: folder })).stdout).not.toContain('no-pkce');
});

test('every format of check is one of doctor', async () => {
  kanidm.discovery = { code_challenge_methods_supported: [] };
  const json = JSON.parse((await looking('--format', 'json')).stdout);
  expect(json.findings).toMatchObject([{ code: 'no-pkce', file: 'kaniflux.yaml', help: 'docs/findings/no-pkce.md' }]);
  expect(json.ok).toContainEqual({
    code: 'kanidm-certificate-name',
    text: 'the certificate of Kanidm is for localhost',
  });
  const sarif = JSON.parse((await looking('--format', 'sarif')).stdout);
  expect(sarif.runs[0].results).toMatchObject([{ ruleId: 'no-pkce', level: 'error' }]);
  expect(sarif.runs[0].tool.driver.rules).toHaveLength(Object.keys(liveCodes).length);
  expect((await looking('--format', 'github')).stdout).toMatch(
    /^::error file=kaniflux\.yaml,line=\d+,col=\d+,title=no-pkce::/,
  );
  expect((await looking('--format', 'markdown')).stdout).toContain('## kaniflux doctor: 1 error');
});

test('without kubectl that is one finding, and the rest goes on', async () => {
  const { code, stdout } = await doctor(['--kanidm-ca', 'ca.pem', '--only', 'kanidm,flux']);
  expect(code).toBe(1);
  expect(stdout.match(/^(error|warning).*/gm)).toEqual([
    expect.stringMatching(/^error {3}kubectl is not installed.*\(kubectl-unusable\)$/),
  ]);
  expect(stdout).toMatch(/^ok .*\(kanidm-keys\)$/m);
  expect(stdout).toContain(
    'skipped kubectl does not reach the cluster (see kubectl-unusable) (flux-missing, flux-controller-down, flux-not-applied,',
  );
});

test('a token that Kanidm refuses is a finding, and stands nowhere', async () => {
  const secret = 'secret-token-of-somebody';
  kanidm.answers = {
    ...kanidm.answers,
    '/v1/person': { status: 302, headers: { location: `https://example.com/?${secret}` } },
  };
  for (const format of ['text', 'json', 'sarif']) {
    const { code, stdout, stderr } = await doctor(['--kanidm-ca', 'ca.pem', '--only', 'entries', '--format', format], {
      KANIDM_TOKEN: secret,
      KANIDM_URL: `${kanidm.origin}/`,
    });
    expect(code).toBe(1);
    expect(stdout).toContain('kanidm-entries-unreadable');
    expect(stdout + stderr).not.toContain(secret);
  }
});

describe('a token', () => {
  const secret = 'secret-token-of-an-administrator';
  const entries = (argv: string[], env: Record<string, string> = {}) =>
    doctor(['--only', 'entries', ...argv], { KANIDM_TOKEN: secret, KANIDM_CA_PATH: 'ca.pem', ...env });

  beforeEach(() => {
    kanidm.asked.length = 0;
  });

  test.each([
    ['nothing names its server', {}, 'because neither --kanidm nor KANIDM_URL names the server that it is for'],
    [
      'it is for another',
      { KANIDM_URL: 'https://idm.example.com' },
      'KANIDM_TOKEN is for https://idm.example.com, so it',
    ],
    ['it is for another port', { KANIDM_URL: 'https://localhost' }, 'KANIDM_TOKEN is for https://localhost, so it'],
  ])('is not sent to the origin of the config where %s', async (_, env, message) => {
    const { code, stdout } = await entries([], env);
    expect(code).toBe(1);
    expect(stdout).toContain(message);
    expect(stdout).toContain(`fix: write \`--kanidm ${kanidm.origin}\` if that is your Kanidm`);
    expect(kanidm.asked).toEqual([]);
  });

  test.each([
    ['the option', ['--kanidm', 'ORIGIN'], {}],
    ['the variable', [], { KANIDM_URL: 'ORIGIN' }],
    ['the option, whatever the variable says', ['--kanidm', 'ORIGIN'], { KANIDM_URL: 'https://idm.example.com' }],
  ])('is sent where the origin is that of %s', async (_, argv: string[], env: Record<string, string>) => {
    const named = (text: string) => text.replace('ORIGIN', kanidm.origin);
    await entries(argv.map(named), Object.fromEntries(Object.entries(env).map(([key, value]) => [key, named(value)])));
    expect(kanidm.asked).toContain(`/v1/person Bearer ${secret}`);
  });

  test('is not sent over a connection that only the CA of the config trusts', async () => {
    const { code, stdout } = await entries(['--kanidm', kanidm.origin], { KANIDM_CA_PATH: '' });
    expect(code).toBe(1);
    expect(stdout).toContain('if Kanidm uses a private CA, pass it with --kanidm-ca');
    expect(kanidm.asked).toEqual([]);
  });

  test('for an address without TLS is refused', async () => {
    expect(await entries(['--kanidm', 'http://localhost'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--kanidm must be an https address, for example https://idm.example.com'),
    });
  });
});

test('without a token that is said, and nothing was checked', async () => {
  expect(await doctor(['--kanidm-ca', 'ca.pem', '--only', 'entries'])).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('skipped no token in KANIDM_TOKEN (kanidm-entries-unreadable, entry-missing, '),
  });
});

test.each([
  [['--only', 'kanidm,heart'], '--only takes machine, kanidm, entries, cluster, flux, login, not `heart`'],
  [['--timeout', '0'], '--timeout is a number of seconds up to 600, not `0`'],
  [['-c', 'two.yaml', '--context', 'admin'], '--context needs one cluster; name it with --cluster'],
  [['-c', 'two.yaml', '--cluster', 'three'], 'there is no cluster `three`'],
  [['--kanidm-ca', 'missing.pem'], "missing.pem can't be read: ENOENT"],
  [['homelab'], 'doctor takes no arguments'],
])('%j is refused', async (argv, message) => {
  expect(await doctor(argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});

test('a config with errors is not looked at', async () => {
  writeFileSync(join(folder, 'broken.yaml'), 'kanidm: { domain: localhost }\nclusters: { a: {} }\n');
  const { code, stdout, stderr } = await doctor(['-c', 'broken.yaml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('broken.yaml:2');
});

test('every code of the table has a check', () => {
  expect(liveChecks.map(({ code }) => code).sort()).toEqual(Object.keys(liveCodes).sort());
});

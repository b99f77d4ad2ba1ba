import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from '../../../lib/checks/live/entry-differences';
import type { Tools } from '../../../lib/checks/live/live-system';
import { load } from '../../config';
import { diagnose, RecordedKanidm, shown } from './server';

/*
 * The entries of a real Kanidm 1.11.1 for fixtures/doctor/kaniflux.yaml: `healthy` was recorded after the migrations of
 * this config. `skipped` was recorded where a group with one of the names existed before the migrations. `by-hand` was
 * recorded after manual changes. docs/verified.md has details.
 */
const codes = [
  'kanidm-entries-unreadable',
  'entry-missing',
  'entry-identity',
  'entry-not-removed',
  'members-differ',
  'client-differs',
  'entry-differs',
];
const text = readFileSync(join(__dirname, '../../fixtures/doctor/kaniflux.yaml'), 'utf8');
let kanidm: RecordedKanidm;

beforeAll(async () => {
  kanidm = await RecordedKanidm.start();
});
afterAll(() => kanidm.close());
beforeEach(() => {
  kanidm.answers = {};
});

async function look(entries: string, change = (config: string) => config, tools: Partial<Tools> = {}) {
  kanidm.entries = `doctor/${entries}`;
  const { config, sources, findings } = load(change(text.replace('https://localhost:8443', kanidm.origin)));
  if (!config) throw new Error(JSON.stringify(findings));
  return diagnose({ config, sources }, codes, {
    token: kanidm.token,
    tokenFor: kanidm.origin,
    kanidmCa: kanidm.ca,
    ...tools,
  });
}
const wrong = async (...args: Parameters<typeof look>) =>
  shown(await look(...args)).filter((line) => !line.startsWith('ok '));

test('what the migrations made is what the config says', async () => {
  expect(shown(await look('healthy'))).toEqual([
    'ok kanidm-entries-unreadable 11 entries of Kanidm were read',
    'ok entry-missing Kanidm has every entry of the config',
    'ok entry-identity names and UUIDs match the config',
    'ok entry-not-removed no entry with `absent: true` is in Kanidm',
    'ok members-differ members of groups match the config',
    'ok client-differs clients match the config',
    'ok entry-differs people, service accounts and groups match the config',
  ]);
});

test('a skipped migration is found by what is missing, with the file to look for', async () => {
  expect(await wrong('skipped')).toEqual([
    'error entry-missing Kanidm has no client k8s',
    'error entry-missing Kanidm has no client grafana',
    expect.stringMatching(/^error entry-identity group k8s_users has the UUID 7dfa5c8d-.* in Kanidm, and 633dafe1-/),
    'error members-differ group k8s_users lacks k8s_admins, jane and ci_bot',
    "skipped client-differs Kanidm's entries: Kanidm has none of the entries to compare (see entry-missing)",
    'warning entry-differs group k8s_users has another description in Kanidm',
  ]);
  const { findings } = await look('skipped');
  expect(findings[0]?.fix).toContain('`Failed to apply migration` and `40-0000-client-k8s.json`');
  expect(findings[0]?.fix).toMatch(/^install the files in `dist\/kanidm\/migrations.d\/` on the host/);
  const deployed = await look('skipped', (config) => config.replace('  provision:', '  manifests: {}\n  provision:'));
  expect(deployed.findings[0]?.fix).toMatch(/^check `kubectl -n kanidm logs` of Kanidm for/);
  expect(findings[2]).toMatchObject({ fix: expect.stringContaining('write `id: 7dfa5c8d-'), line: 27 });
});

test('what was changed by hand is found, a rename without losing who is who', async () => {
  expect(await wrong('by-hand')).toEqual([
    'warning entry-identity person jane is called janet in Kanidm; bindings still match, because they use the UUID',
    'error members-differ group k8s_admins has jane in addition to the members in the config',
    'error members-differ group team lacks jane',
    'error client-differs client k8s has another legacyCrypto and scopes.k8s_users in Kanidm',
    'warning entry-differs person datosh has another displayName in Kanidm',
  ]);
});

test('what Kanidm does not have is not said to match', async () => {
  const all = ['/v1/person', '/v1/service_account', '/v1/group', '/v1/oauth2'];
  kanidm.answers = Object.fromEntries(all.map((path) => [path, { body: [] }]));
  const lines = shown(await look('healthy')).filter((line) => !line.startsWith('error entry-missing'));
  const none = "Kanidm's entries: Kanidm has none of the entries to compare (see entry-missing)";
  expect(lines).toEqual([
    'ok kanidm-entries-unreadable 0 entries of Kanidm were read',
    `skipped entry-identity ${none}`,
    'ok entry-not-removed no entry with `absent: true` is in Kanidm',
    `skipped members-differ ${none}`,
    `skipped client-differs ${none}`,
    `skipped entry-differs ${none}`,
  ]);
});

test('of the entries that Kanidm has, only those are said to match', async () => {
  const more = (config: string) => config.replace('\n  jane:\n', '\n  joe: { displayName: Joe }\n  jane:\n');
  const lines = shown(await look('healthy', more)).filter((line) => /entry-|-differ/.test(line));
  const rest = '; entries that Kanidm lacks were not compared';
  expect(lines).toEqual([
    'error entry-missing Kanidm has no person joe',
    `ok entry-identity names and UUIDs match the config${rest}`,
    'ok entry-not-removed no entry with `absent: true` is in Kanidm',
    'ok members-differ members of groups match the config',
    'ok client-differs clients match the config',
    `ok entry-differs people, service accounts and groups match the config${rest}`,
  ]);
});

test('an entry that was renamed in the config keeps the name from which its UUID is derived', async () => {
  const renamed = (config: string) =>
    config.replaceAll(/\bjane\b(?!@)/g, 'joan').replace('  joan:\n', '  joan:\n    formerly: jane\n');
  const { findings } = await look('by-hand', renamed);
  expect(findings[0]).toMatchObject({
    message: expect.stringContaining('person joan is called janet in Kanidm'),
    fix: 'rename the entry to `janet` in the config; if the entry has no `id`, also write `formerly: jane`',
  });
});

test('a URL that Kanidm stores in another spelling is the same URL', async () => {
  const spelled = (url: string) => (config: string) => config.replace('https://grafana.example.com', url);
  expect(await wrong('healthy', spelled('https://GRAFANA.example.com:443'))).toEqual([]);
  expect(await wrong('healthy', spelled('https://grafana.example.com:444'))).toEqual([
    expect.stringMatching(/^error client-differs client grafana has another landingUrl/),
  ]);
});

test('a gid that Kanidm derived is no difference, and a group that is not POSIX is one', () => {
  const { config } = load(text.replace('  team: {', '  team: { posix: {},'));
  const group = config?.groups.get('team');
  if (!group) throw new Error('no group');
  const live = (fields: Record<string, unknown>) => ({ name: 'team', id: '', hasImage: false, fields });
  const { members, managedBy } = group;
  expect(differences(group, live({ members, managedBy, posix: { gid: 2_000_000_000 } }), new Map())).toEqual([]);
  expect(differences(group, live({ members, managedBy }), new Map())).toEqual(['posix']);
});

test('values of people are not printed', async () => {
  const other = (config: string) => config.replace('mail: jane@example.com', 'mail: jane@example.org');
  const lines = await wrong('healthy', other);
  expect(lines).toEqual(['warning entry-differs person jane has another mail in Kanidm']);
});

test('the fix names the migration that sets the field which differs', async () => {
  const file = async (change: (config: string) => string) => {
    const { findings } = await look('healthy', change);
    return findings.map(({ fix }) => /`Failed to apply migration` and (.*): if/.exec(fix ?? '')?.[1]);
  };
  const withoutPkce = (config: string) => config.replace('type: basic', 'type: basic\n    disablePkce: true');
  expect(await file(withoutPkce)).toEqual(['`50-pkce-client-grafana.json`']);
  expect(await file((config) => config.replace('displayName: Grafana', 'displayName: Graphs'))).toEqual([
    '`40-0000-client-grafana.json`',
  ]);
  expect(await file((config) => withoutPkce(config).replace('displayName: Grafana', 'displayName: Graphs'))).toEqual([
    '`40-0000-client-grafana.json` and `50-pkce-client-grafana.json`',
  ]);
  expect(await file((config) => config.replace('managedBy: k8s_admins', 'managedBy: k8s_users'))).toEqual([
    '`30-manager-service-account-ci_bot.json`',
  ]);
});

test('what the config leaves out is not compared', async () => {
  const less = (config: string) =>
    config
      .replace(/ {4}legalName: .*\n/, '')
      .replace(/ {4}sshKeys:\n.*\n/, '')
      .replace(', policy: { sessionExpiry: 28800 }', '')
      .replace(/ {4}supplementaryScopes: .*\n/, '')
      .replace(/ {4}claims:\n.*\n.*\n/, '');
  expect(await wrong('healthy', less)).toEqual([]);
});

test('an entry that is to be absent and is there is an error', async () => {
  const absent = (config: string) =>
    config
      .replace('team: { members: [jane], managedBy: k8s_admins }', 'team: { absent: true }')
      .replace(/, team: \[Editor\]/, '')
      .replace(/ {6}teams: .*\n/, '');
  expect(await wrong('healthy', absent)).toEqual([
    'error entry-not-removed group team is still in Kanidm',
    'error client-differs client grafana has another claims.role.values.team and claims.teams in Kanidm',
  ]);
});

test('with a runbook the fix is the runbook, and an entry without UUID is known by its name', async () => {
  const byHand = (config: string) => config.replace('provision: migrations', 'provision: runbook');
  expect(await wrong('healthy', byHand)).toEqual([]);
  const { findings } = await look('skipped', byHand);
  expect(findings[0]).toMatchObject({ code: 'entry-missing', fix: 'run the runbook in `dist/kanidm/`' });
});

test('a token that is refused is told, and the rest is not looked at', async () => {
  expect(await wrong('healthy', undefined, { token: 'of-somebody-else' })).toEqual([
    `warning kanidm-entries-unreadable ${kanidm.origin}/v1/person: Kanidm rejects the token (401): the token has expired, or another server issued it`,
    ...codes
      .slice(1)
      .map(
        (code) =>
          `skipped ${code} Kanidm's entries: the entries of Kanidm could not be read (see kanidm-entries-unreadable)`,
      ),
  ]);
});

test('a token that does not see everything makes nothing look as if it were missing', async () => {
  kanidm.memberOf = ['idm_people_admins@localhost'];
  kanidm.answers['/v1/group'] = { body: [] };
  const lines = await wrong('healthy');
  kanidm.memberOf = ['idm_admins@localhost'];
  expect(lines[0]).toContain('warning kanidm-entries-unreadable the account of the token is not in idm_admins');
  expect(lines.slice(1).every((line) => line.startsWith('skipped '))).toBe(true);
});

describe('when an account is valid, PKCE and images, as a runbook set them', () => {
  const jane = 'cb3e859e-9994-426d-8564-692f6a537a03';
  const config =
    (change: (text: string) => string = (text) => text) =>
    () =>
      change(`
kanidm: { domain: localhost, origin: "${kanidm.origin}", version: "1.11.1" }
people:
  jane: { id: ${jane}, displayName: Jane Doe, validFrom: "2026-01-01T00:00:00Z", expires: "2030-01-01T01:00:00+01:00" }
  joe: { displayName: Joe Doe, expires: null }
serviceAccounts:
  deployer: { displayName: Deployer, validFrom: "2026-01-01T00:00:00Z", expires: "2031-01-01T00:00:00Z" }
groups:
  k8s_users: { members: [jane, deployer] }
clients:
  k8s: { landingUrl: http://localhost:8000, scopes: { k8s_users: [openid, groups] } }
  legacy: { type: basic, displayName: Legacy, landingUrl: https://legacy.example.com, disablePkce: true, image: { url: https://example.com/logo.svg, sha256: ${'a'.repeat(64)} } }
clusters:
  prod: { server: https://192.0.2.1:6443, kubernetes: "1.34", client: k8s, controlPlane: kubeadm, grants: [{ name: a, clusterRole: edit, groups: [k8s_users] }] }
`);

  test('are as the config says: a time in another time zone is the same', async () => {
    expect(await wrong('validity', config())).toEqual([]);
  });

  test.each<[string, string, string]>([
    [
      'expires: null',
      'expires: "2030-01-01T00:00:00Z"',
      'warning entry-differs person joe has another expires in Kanidm',
    ],
    ['T01:00:00+01:00', 'T01:00:00Z', 'warning entry-differs person jane has another expires in Kanidm'],
    [
      'validFrom: "2026-01-01T00:00:00Z", expires: "2031',
      'validFrom: null, expires: "2031',
      'warning entry-differs service account deployer has another validFrom in Kanidm',
    ],
    [', disablePkce: true', '', 'error client-differs client legacy has another disablePkce in Kanidm'],
    [
      '8000, scopes',
      `8000, image: { url: https://example.com/k8s.svg, sha256: ${'b'.repeat(64)} }, scopes`,
      'error client-differs client k8s has no logo image in Kanidm',
    ],
  ])('%s in place of what is there', async (from, to, line) => {
    const change = (text: string) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    };
    expect(await wrong('validity', config(change))).toEqual([line]);
  });

  test('with migrations, the fix names what sets them', async () => {
    const change = (text: string) => text.replace('version: "1.11.1"', 'version: "1.11.1", provision: migrations');
    const ids = { joe: 'b096e1ce-777c-495f-98f6-42cc833a7458', deployer: '492cdd51-e24d-453b-b429-05074fe0fc51' };
    const withIds = (text: string) =>
      Object.entries(ids).reduce((all, [name, id]) => all.replace(`${name}: {`, `${name}: { id: ${id},`), change(text));
    const { findings } = await look(
      'validity',
      config((text) => withIds(text).replace('+01:00', '-05:00')),
    );
    const finding = findings.find(({ code }) => code === 'entry-differs');
    expect(finding?.fix).toBe('run the runbook in `dist/kanidm/` for expires, which no migration sets');
  });
});

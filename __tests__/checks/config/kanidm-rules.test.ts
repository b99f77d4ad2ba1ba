import { parse } from 'yaml';
import { codesOf, configOf, homeLab, load } from '../../config';

/** Returns the codes for a change of the home lab, without the warning about the chart's old server. */
const codes = (change: Record<string, unknown>) =>
  codesOf(homeLab(change)).filter((code) => code !== 'kanidm-unsupported');
const client = (fields: Record<string, unknown>) => codes({ clients: { k8s: fields } });

describe('the version', () => {
  const message = (change: Record<string, unknown>) => load(homeLab(change)).findings.map(({ message }) => message);

  test("of the chart's own image is warned about, with what it lacks", () => {
    expect(message({})).toEqual([
      'Kanidm 1.4.5, the version that the chart deploys, should be upgraded: two High-severity vulnerabilities (SCIM and LDAP filters) let anyone stop the server, and its support ended on 2025-03-01; this version also lacks migrations and the scopes groups_name, groups_spn and groups_uuid',
    ]);
  });

  test.each([
    ['1.11', []],
    ['1.11.1', []],
    ['1.10.5', ['Kanidm 1.10.5 should be upgraded: its support ended on 2026-09-01']],
    // A version without a patch is deployed as its newest patch.
    ['1.10', ['Kanidm 1.10 should be upgraded: its support ended on 2026-09-01']],
    [
      '1.10.4',
      [expect.stringMatching(/^Kanidm 1.10.4 should be upgraded: a High-severity vulnerability \(SCIM filters\)/)],
    ],
    ['1.10.2', [expect.not.stringContaining('Critical')]],
    [
      '1.10.1',
      [expect.stringMatching(/: a Critical vulnerability .*, and a High-severity vulnerability \(SCIM filters\)/)],
    ],
    ['1.9.4', [expect.not.stringMatching(/Critical|LDAP/)]],
    [
      '1.9.3',
      [expect.stringMatching(/: a Critical vulnerability .*, and a High-severity vulnerability \(SCIM filters\)/)],
    ],
    ['1.9.2', [expect.stringMatching(/: a Critical vulnerability .*, and two High-severity vulnerabilities/)]],
    ['1.8.0', [expect.stringContaining('Critical')]],
    ['1.7.4', [expect.not.stringContaining('Critical')]],
    [
      '1.12',
      [
        'Kanidm 1.12 is newer than the releases that this version of Kaniflux knows, so Kaniflux does not know what has changed',
      ],
    ],
  ])('%s', (version, messages) => {
    expect(message({ kanidm: { version } })).toEqual(messages);
  });

  test('is not asked for where Kanidm runs elsewhere and nothing hangs on it', () => {
    expect(message({ kanidm: { helm: null, cluster: null } })).toEqual([]);
    expect(codes({ kanidm: { helm: null, cluster: null, provision: 'migrations' } })).toEqual(['migrations-version']);
  });

  test.each(['1.9.4', '1.10'])('%s reads migrations but makes no people by them', (version) => {
    expect(codes({ kanidm: { version, provision: 'migrations' } })).toContain('migrations-version');
  });
});

test('an entry with the old name of a renamed one needs another incarnation', () => {
  const fixes = (people: Record<string, unknown>) =>
    load(homeLab({ kanidm: { version: '1.11.1', provision: 'migrations' }, people })).findings.flatMap(
      ({ code, fix }) => (code === 'uuid-twice' ? [fix] : []),
    );
  const [robert, bob] = [{ displayName: 'Robert', formerly: 'bob' }, { displayName: 'Bob' }];
  const fix =
    'if both are the same entry of Kanidm, before and after a rename, remove the one with the former name; if `people.bob` is a new entry with this name, write `incarnation: 2` for it';
  expect(fixes({ robert, bob })).toEqual([fix]);
  expect(fixes({ bob, robert })).toEqual([fix]);
  expect(fixes({ robert, bob: { ...bob, incarnation: 2 } })).toEqual([]);
});

test.each([
  ['scopes', { scopes: { k8s_users: ['openid', 'groups_name'] } }, ['clients.k8s.scopes.k8s_users.1']],
  [
    'supplementary scopes',
    { supplementaryScopes: { k8s_users: ['groups_name'] } },
    ['clients.k8s.supplementaryScopes.k8s_users.0'],
  ],
  ['supplementary scopes of any version', { supplementaryScopes: { k8s_users: ['groups'] } }, []],
])('a scope of a newer Kanidm is refused in %s', (_, fields, paths) => {
  const told = (client: object) =>
    load(
      homeLab({
        kanidm: { version: '1.7.4' },
        clients: { app: { landingUrl: 'https://app.example.com', ...client }, k8s: fields },
      }),
    )
      .findings.filter(({ code }) => code === 'field-version')
      .map(({ path }) => path?.join('.'));
  expect(told({})).toEqual(paths);
  // A client that is only deleted gets no scopes.
  expect(told({ ...fields, absent: true })).toEqual(paths);
});

describe('the domain', () => {
  test.each([
    ['idm.example.com', []],
    ['idm.region.example.com', []],
    ['example.com', ['unsuitable-domain']],
    ['idm', ['unsuitable-domain']],
    ['idm.local', ['unsuitable-domain']],
  ])('%s', (domain, wanted) => {
    expect(codes({ kanidm: { domain } })).toEqual(wanted);
  });

  test('an origin may be at the domain or below it, with a port', () => {
    const elsewhere = { helm: null, cluster: null, domain: 'idm.example.com' };
    for (const origin of ['https://idm.example.com', 'https://eu.idm.example.com:8443']) {
      expect(codes({ kanidm: { ...elsewhere, origin } })).toEqual([]);
    }
    expect(codes({ kanidm: { ...elsewhere, origin: 'https://notidm.example.com' } })).toEqual(['origin-domain']);
    expect(codes({ kanidm: { ...elsewhere, origin: 'http://idm.example.com' } })).toEqual(['origin-form']);
  });
});

test.each([
  ['https://idm.example.com/', 'write `https://idm.example.com`'],
  ['http://eu.idm.example.com', 'write `https://eu.idm.example.com`'],
  ['IDM.example.com:443', 'write `https://idm.example.com`'],
  ['http://idm.example.com:8080', expect.stringMatching(/^write scheme, host and port only/)],
  ['https://other.example.com/', expect.stringMatching(/^write scheme, host and port only/)],
])('the fix of the origin %s', (origin, fix) => {
  const kanidm = { helm: null, cluster: null, domain: 'idm.example.com', origin };
  expect(load(homeLab({ kanidm })).findings.map((finding) => [finding.code, finding.fix])).toEqual([
    ['origin-form', fix],
  ]);
});

describe('chart values', () => {
  const values = (version: string, given: Record<string, unknown>) =>
    codes({ kanidm: { helm: { version, values: given } } });

  test('of 0.2.x that 0.1.x does not have', () => {
    const given = { replicas: 1, storageClassName: 'fast', logLevel: 'debug' };
    expect(values('0.2.1', given)).toEqual([]);
    expect(values('0.1.2', given)).toEqual(['chart-value', 'chart-value', 'chart-value']);
  });

  test('a number in quotes is refused because of the quotes', () => {
    const told = (replicas: unknown) =>
      load(homeLab({ kanidm: { helm: { version: '0.2.1', values: { replicas } } } })).findings.flatMap((one) =>
        one.code === 'chart-value' ? [`${one.message} | ${one.fix}`] : [],
      );
    expect(told('1')).toEqual([
      'the value `replicas` of the chart must be a number, without quotes | write `0` or `1`',
    ]);
    expect(told('2')).toEqual(["the value `replicas` of the chart can't be `2` | write `0` or `1`"]);
    expect(told(1)).toEqual([]);
  });

  test('the same domain again is no contradiction', () => {
    expect(values('0.1.2', { domain: 'sso.kammel.dev' })).toEqual([]);
  });

  test('a domain that is null is one finding', () => {
    const withNull = (given: Record<string, unknown>) =>
      codesOf(JSON.stringify(homeLab({ kanidm: { helm: { values: given } } })).replace('"NULL"', 'null'));
    expect(withNull({ domain: 'NULL' })).toEqual(['values-domain']);
    expect(withNull({ ingress: { className: 'NULL' } })).toEqual(['values-null']);
  });

  test('of a chart that is not known are not judged', () => {
    const helm = {
      repository: 'https://charts.example.com',
      chart: 'other',
      version: '3.0.0',
      values: { any: ['thing'] },
    };
    expect(codes({ kanidm: { helm } })).toEqual([]);
  });

  test.each(['>=3', '1.x', '3', '*', '^3.0.0', '3.0'])(
    'of a chart that is not known need an exact version: %s',
    (version) => {
      const helm = { repository: 'https://charts.example.com', chart: 'other', version };
      expect(codes({ kanidm: { helm } })).toEqual(['chart-version']);
    },
  );

  test.each(['3.0.0', 'v3.0.0', '3.0.0-rc.1+build'])('an exact version: %s', (version) => {
    const helm = { repository: 'https://charts.example.com', chart: 'other', version };
    expect(codes({ kanidm: { helm } })).toEqual([]);
  });
});

describe('redirect URLs', () => {
  test.each([
    'https://app.example.com/callback',
    'http://localhost:18000',
    'http://127.0.0.1:8000/x',
    'http://[::1]:8000',
    'app://callback',
    'com.example.app:/callback',
    'com.example.app:callback',
    'https://app.example.com/%2A/callback',
  ])('%s is fine', (url) => {
    expect(client({ redirectUrls: [url] })).toEqual([]);
  });

  test.each([
    ['http://localhost.example.com', 'redirect-http'],
    ['javascript:alert(1)', 'redirect-form'],
    ['//app.example.com', 'redirect-form'],
    ['localhost:8000', 'redirect-form'],
    ['app.example.com:3000/callback', 'redirect-form'],
    ['https://app.example.com/*', 'redirect-form'],
    ['https://*.example.com/callback', 'redirect-form'],
    ['https://app.example.com/#', 'redirect-fragment'],
  ])('%s is %s, as landing URL too', (url, code) => {
    expect(client({ redirectUrls: [url] })).toEqual([code]);
    expect(client({ landingUrl: url })).toContain(code);
  });
});

test('settings of a client that Kanidm passes over are warned about', () => {
  expect(client({ consentPrompt: false })).toEqual(['consent-public', 'field-version']);
  expect(client({ claims: { groups: { values: { k8s_users: ['a'] } } } })).toEqual(['claim-overwritten']);
});

test('a built-in entry can be referred to', () => {
  const groups = { k8s_users: { members: ['datosh', 'idm_all_persons'], managedBy: 'idm_admins' } };
  expect(codes({ groups })).toEqual([]);
  expect(codes({ groups: { k8s_users: { members: ['idm_all_person'] } } })).toContain('unknown-reference');
});

test('a group in two groups is no cycle', () => {
  const groups = parse(
    '{ base: { members: [datosh] }, a: { members: [base] }, b: { members: [base] }, all: { members: [a, b] } }',
  );
  expect(codes({ groups })).toEqual([]);
});

test('two thousand nested groups are looked through', () => {
  const groups = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, i) => [`g${i}`, { members: i === 0 ? ['datosh'] : [`g${i - 1}`] }]),
  );
  expect(codes({ groups })).toEqual([]);
});

describe('SSH keys', () => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAeGXTnh8cGXF5WEBpBBsPBYIhIQm9Cj2fBiFUX2mCdm';
  const fault = (value: string) => codes({ people: { datosh: { sshKeys: { laptop: value } } } });
  test.each([key, `${key} me@laptop of mine`, `${key}\n`])('%j', (value) => expect(fault(value)).toEqual([]));
  test('are used without the line break at the end of a YAML block', () => {
    const { people } = configOf({ people: { datosh: { sshKeys: { laptop: `${key}\n` } } } });
    expect(people.get('datosh')?.sshKeys).toEqual({ laptop: key });
  });
  test.each([
    `${key.slice(0, -4)}`,
    `${key}\nsecond line`,
    key.replace('ssh-ed25519', 'ssh-rsa'),
    'ssh-new AAAA',
    'ssh-ed25519',
    '-----BEGIN OPENSSH PRIVATE KEY-----',
  ])('%s is refused', (value) => expect(fault(value)).toEqual(['ssh-key']));
});

test('an entry that no ConfigMap could hold', () => {
  const people = (length: number) => ({ datosh: { description: 'x'.repeat(length) } });
  const kanidm = { version: '1.11.1', provision: 'migrations' };
  expect(codes({ kanidm, people: people(1_000_000) })).toEqual(['entry-too-large']);
  expect(codes({ kanidm, people: people(990_000) })).toEqual([]);
  // The runbook does not have this limit.
  expect(codes({ people: people(1_000_000) })).toEqual(['runbook-description']);
});

describe('the namespace', () => {
  const manifests = { helm: null, version: '1.11.1', manifests: {} };
  const other = { helm: { repository: 'https://charts.example.com', chart: 'kanidm', version: '1.0.0', values: null } };

  test.each(['kube-system', 'kube-public', 'default'])('%s belongs to Kubernetes', (namespace) => {
    expect(codes({ kanidm: { namespace } })).toEqual(['kanidm-namespace']);
    expect(codes({ kanidm: { ...manifests, namespace } })).toEqual(['kanidm-namespace']);
  });

  test('that begins with kube- is only reserved', () => {
    const [finding] = load(homeLab({ kanidm: { ...manifests, namespace: 'kube-identity' } })).findings;
    expect(finding?.message).toMatch(
      /^`kube-identity` is reserved for Kubernetes, as all names that begin with `kube-`: /,
    );
  });

  test.each(['default-apps', 'my-kube-system', 'kube', 'kanidm'])('%s does not', (namespace) => {
    expect(codes({ kanidm: { ...manifests, namespace } })).toEqual([]);
  });

  test('is free where nothing labels it: another chart, or a Kanidm that runs elsewhere', () => {
    expect(codes({ kanidm: { ...other, namespace: 'default' } })).not.toContain('kanidm-namespace');
    expect(codes({ kanidm: { helm: null, cluster: null, namespace: 'default' } })).toEqual([]);
  });
});

describe('the scope `openid`', () => {
  const group = { extra: { members: ['datosh'] } };
  const scopes = (k8s: object, more: Record<string, unknown> = {}) =>
    codes({ groups: group, clients: { k8s: { scopes: k8s }, ...more } });
  const wiki = { landingUrl: 'https://wiki.example.com', scopes: { k8s_users: ['read'] } };

  test('is needed once, because Kanidm gives a person the scopes of all groups', () => {
    expect(scopes({ extra: ['email'] })).toEqual([]);
    expect(scopes({ k8s_users: ['groups'], extra: ['openid'] })).toEqual([]);
  });

  test('is needed by the clients of an API server', () => {
    expect(scopes({ k8s_users: ['groups'] })).toContain('scope-without-openid');
    expect(scopes({}, { wiki })).toEqual([]);
  });

  test('is needed by the members of a group with a grant', () => {
    const granted = (members: string[]) =>
      codes({
        people: { jane: { displayName: 'Jane', id: '7b89b6ea-1e8b-4aa8-98fb-a70cba498d17' } },
        groups: { extra: { members } },
        clients: { k8s: { scopes: { extra: ['groups'] } } },
        clusters: { homelab: { grants: [{ name: 'a', clusterRole: 'view', groups: ['extra'] }] } },
      });
    expect(granted(['jane'])).toEqual(['outside-scope-map']);
    expect(granted(['datosh', 'jane'])).toEqual(['member-outside-scope-map']);
    expect(granted(['datosh'])).toEqual([]);
  });
});

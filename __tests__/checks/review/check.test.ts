import { check } from '../../../lib/checks/review/run-review';
import type { Results } from '../../../lib/findings/results';
import { homeLab, load } from '../../config';
import { type Case, cases, homelab } from './check-cases';
import { expected } from './check-expected';
import { run, told } from './run-case';

const codes = (report: Results) => report.findings.map(({ code }) => code);

describe.each(Object.entries(cases))('%s', (code, { fires, quiet }) => {
  test('has a case that reports it and one close by that does not', () => {
    expect(fires.length).toBeGreaterThan(0);
    expect(quiet.length).toBeGreaterThan(0);
  });

  test.each(fires.map((one, i): [number, Case] => [i, one]))(
    'is reported at its place, with its fix (%i)',
    (i, one) => {
      const report = run(one);
      expect(told(report, code)).toEqual(expected[code]?.[i]);
      for (const { message } of report.findings) expect(message).toMatch(/\S \S/);
    },
  );

  test.each(quiet.map((one, i): [number, Case] => [i, one]))('is not reported (%i)', (_i, one) => {
    expect(codes(run(one))).not.toContain(code);
  });
});

test('clusters with equal access get the findings that each gets alone', () => {
  const cluster = (ip: string, clusterRole: string) => ({
    server: `https://${ip}:6443`,
    kubernetes: '1.34',
    client: 'k8s',
    controlPlane: 'kubeadm',
    grants: [
      { name: 'ops', clusterRole, people: ['datosh'] },
      { name: 'all', clusterRole: 'cluster-admin', people: ['datosh'] },
      { name: 'lost', clusterRole: 'veiw', people: ['datosh'] },
    ],
  });
  const one = cluster('192.0.2.10', 'edit');
  const two = cluster('192.0.2.11', 'edit');
  const other = cluster('192.0.2.12', 'view');
  const of = (name: string, clusters: object) =>
    run({ config: { clusters } })
      .findings.filter((finding) => finding.cluster === name)
      .map(({ line: _, ...finding }) => finding);
  const all = { one, other, two };
  expect(of('two', all)).toEqual(of('two', { two }));
  expect(of('other', all)).toEqual(of('other', { other }));
  expect(of('two', all).map(({ code }) => code)).toEqual(
    expect.arrayContaining(['privilege-escalation', 'reads-secrets', 'undefined-role']),
  );
});

describe('what is ignored', () => {
  const ignore = (...list: Record<string, string>[]) => run({ config: { checks: { ignore: list } } });

  test('is left out, and said with its reason', () => {
    const report = ignore({ code: 'no-break-glass', reason: 'a test cluster' });
    expect(codes(report)).not.toContain('no-break-glass');
    expect(report.ignored).toEqual([{ code: 'no-break-glass', reason: 'a test cluster', count: 1 }]);
  });

  test('and matched nothing is a finding of its own', () => {
    const report = ignore({ code: 'many-admins', reason: 'was once' });
    expect(report.ignored).toEqual([]);
    expect(codes(report)).not.toContain('unused-ignore');
    expect(ignore({ code: 'no-grants', reason: 'was once' }).findings).toContainEqual(
      expect.objectContaining({ code: 'unused-ignore', severity: 'note', path: ['checks', 'ignore', 0] }),
    );
  });

  test('can be an entry that matches nothing', () => {
    const unused = { code: 'no-grants', reason: 'r' };
    const of = (...entries: Record<string, string>[]) => told(ignore(...entries), 'unused-ignore');
    expect(of({ code: 'unused-ignore', reason: 'r', path: 'checks.ignore.1' }, unused)).toEqual([]);
    const other = { code: 'server-shared', reason: 'r' };
    expect(of(unused, { code: 'unused-ignore', reason: 'r', path: 'checks.ignore.2' }, other)).toEqual([
      'note checks.ignore.0 | remove this entry',
    ]);
    const used = { code: 'no-break-glass', reason: 'r' };
    expect(of(used, { code: 'unused-ignore', reason: 'r', path: 'checks.ignore.0' })).toEqual([
      'note checks.ignore.1 | remove this entry',
    ]);
    // Without manifests, this run cannot say whether the other entry is needed.
    expect(of({ code: 'many-admins', reason: 'r' }, { code: 'unused-ignore', reason: 'r' })).toEqual([]);
  });

  test('is counted for the first entry that matches it', () => {
    const all = { code: 'no-break-glass', reason: 'all' };
    const one = { code: 'no-break-glass', reason: 'one', cluster: 'homelab' };
    expect(ignore(all, one).ignored).toEqual([{ ...all, count: 1 }]);
    expect(ignore(one, all).ignored).toEqual([{ ...one, count: 1 }]);
    const elsewhere = { code: 'no-break-glass', reason: 'elsewhere', path: 'clients' };
    expect(ignore(elsewhere, all).ignored).toEqual([{ ...all, count: 1 }]);
  });

  test('can be for one cluster', () => {
    const other = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
    const report = run({
      config: { clusters: { other }, checks: { ignore: [{ code: 'no-break-glass', reason: 'r', cluster: 'other' }] } },
    });
    expect(report.findings.filter(({ code }) => code === 'no-break-glass').map(({ cluster }) => cluster)).toEqual([
      'homelab',
    ]);
  });

  const several = {
    groups: {
      k8s_users: { members: ['datosh', 'admins', 'owners'] },
      admins: { members: [] },
      owners: { members: [] },
    },
    ...homelab({
      grants: [
        { name: 'one', clusterRole: 'edit', groups: ['admins'] },
        { name: 'two', clusterRole: 'edit', groups: ['owners'] },
      ],
    }),
  };
  const left = (code: string, entry: Record<string, string>, manifests: readonly object[] = []) => {
    const report = run({ config: { ...several, checks: { ignore: [{ code, reason: 'r', ...entry }] } }, manifests });
    return told(report, code).map((line) => line.split(' | ')[0]);
  };
  const first = 'clusters.homelab.grants.0';

  test.each([
    ['a grant', 'reads-secrets', { grant: 'one' }],
    ['a path of the config', 'reads-secrets', { path: first }],
    ['a path above it', 'empty-group', { path: `${first}.groups` }],
    ['a group', 'empty-group', { group: 'admins' }],
    ['all that it names', 'empty-group', { cluster: 'homelab', grant: 'one', group: 'admins', path: first }],
  ])('can be for %s, and no other', (_what, code, entry) => {
    expect(left(code, {})).toEqual([]);
    expect(left(code, entry)).toEqual([expect.stringContaining('grants.1')]);
  });

  test('must fit all that it names', () => {
    expect(left('empty-group', { grant: 'one', group: 'owners' })).toHaveLength(2);
    expect(left('reads-secrets', { path: 'clusters.homelab.grants.0x' })).toHaveLength(2);
    expect(left('reads-secrets', { path: 'clusters.homelab.grant' })).toHaveLength(2);
  });

  test('can be for a hand-written file, or a folder of them', () => {
    const [wild] = cases['wildcard-role']?.fires.at(-1)?.manifests ?? [];
    const both = [wild as object, { ...wild }];
    expect(left('wildcard-role', { path: '0.yaml' }, both)).toEqual([expect.stringContaining('1.yaml:1')]);
    expect(left('wildcard-role', { path: './0.yaml/' }, both)).toEqual([expect.stringContaining('1.yaml:1')]);
    expect(left('wildcard-role', { path: 'yaml' }, both)).toHaveLength(2);
  });

  test.each([
    [{ code: 'no-breakglass', reason: 'r' }, 'unknown-code', 'write `no-break-glass`'],
    [{ code: 'unknown-key', reason: 'r' }, 'ignore-refused', 'fix the error, and remove this entry'],
    [{ code: 'empty-group', reason: 'r', grant: 'three' }, 'unknown-reference', 'choose one of `one`, `two`'],
    [{ code: 'empty-group', reason: 'r', group: 'adminz' }, 'unknown-reference', 'write `admins`'],
  ])('is an error where it could never match: %j', (entry, code, fix) => {
    const { config, findings } = load(homeLab({ ...several, checks: { ignore: [entry] } }));
    expect(config).toBeUndefined();
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code, fix }]);
  });
});

test('a finding stands at its place in the config, with the cluster', () => {
  const finding = run(homelabWith({ name: 'g', clusterRole: 'edit', people: ['datosh'] })).findings.find(
    ({ code }) => code === 'reads-secrets',
  );
  expect(finding).toMatchObject({
    file: 'kaniflux.yaml',
    cluster: 'homelab',
    path: ['clusters', 'homelab', 'grants', 0],
  });
});

test('a finding of a hand-written file stands in that file', () => {
  const [one] = cases['unknown-subject']?.fires ?? [];
  expect(run(one as Case).findings.find(({ code }) => code === 'unknown-subject')).toMatchObject({
    file: '0.yaml',
    line: 1,
  });
});

describe('what is true in many places', () => {
  const wide = { rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] }] };
  const other = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
  const saying = (code: string, config: Case['config']) =>
    run({ config: config ?? {} }).findings.filter((found) => found.code === code);

  test('of a line is said once: a role on two clusters, a Role in two namespaces', () => {
    const clusters = { other, homelab: { kubernetes: '1.34' } };
    const [found, ...more] = saying('wildcard-role', { roles: { wide }, clusters });
    expect(more).toEqual([]);
    expect(found).not.toHaveProperty('cluster');
    expect(saying('wildcard-role', { roles: { wide: { ...wide, namespaces: ['db', 'web'] } } })).toMatchObject([
      { cluster: 'homelab' },
    ]);
  });

  test('is counted each time where it is ignored, and left out for the one cluster that is named', () => {
    const ignored = (entry: object) =>
      run({
        config: {
          roles: { wide },
          clusters: { other },
          checks: { ignore: [{ code: 'wildcard-role', reason: 'r', ...entry }] },
        },
      });
    expect(ignored({}).ignored).toMatchObject([{ count: 2 }]);
    expect(ignored({ cluster: 'other' }).findings.filter(({ code }) => code === 'wildcard-role')).toMatchObject([
      { cluster: 'homelab' },
    ]);
  });

  test('is left out if it is about a cluster that is not checked, also if it was found when the config was read', () => {
    const { config, findings, sources } = load(
      homeLab({ clusters: { other: { ...other, kubernetes: '1.39' }, homelab: { kubernetes: '1.34' } } }),
    );
    if (!config) throw new Error('no config');
    const codesOn = (cluster: string) =>
      check({ config, sources, warnings: findings, clusters: [cluster] }).findings.map(({ code }) => code);
    expect(codesOn('other')).toContain('kubernetes-untried');
    expect(codesOn('homelab')).not.toContain('kubernetes-untried');
    expect(codesOn('homelab')).toContain('kanidm-unsupported');
  });

  test('a grant in several namespaces is one finding that names them', () => {
    const grant = { name: 'g', clusterRole: 'edit', people: ['datosh'], namespaces: ['web', 'db'] };
    for (const code of ['reads-secrets', 'pod-exec', 'service-account-access']) {
      const found = saying(code, homelab({ grants: [grant] }));
      expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(' in namespaces db and web: ')]);
    }
  });
});

describe('a hand-written file is read', () => {
  const settings = { 'oidc-issuer-url': 'https://sso.kammel.dev/oauth2/openid/k8s', 'oidc-client-id': 'k8s' };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const own = { jwt: [{ issuer: { url: settings['oidc-issuer-url'], audiences: ['other'] }, claimMappings: {} }] };

  test.each<[string, object, string]>([
    ['as K3s adds to its own', { 'kube-apiserver-arg+': lines }, 'api-server-algorithm'],
    [
      'with a value after its flag',
      { kind: 'Pod', spec: { containers: [{ command: ['kube-apiserver', ...words] }] } },
      'api-server-algorithm',
    ],
    ['as a patch of Talos', { cluster: { apiServer: { extraArgs: settings } } }, 'api-server-algorithm'],
    ['as a document of Talos', { kind: 'KubeAuthenticationConfig', configuration: own }, 'api-server-audience'],
  ])('%s', (_form, object, code) => {
    expect(codes(run({ manifests: [object] }))).toContain(code);
  });

  test('one flag alone, as K3s takes it, is no list', () => {
    const alone = { 'kube-apiserver-arg': lines[0] };
    expect(codes(run({ manifests: [alone] }))).toEqual(
      expect.arrayContaining(['api-server-algorithm', 'api-server-audience']),
    );
  });
});

test.each([
  ['without the prefix', 'k8s_users@sso.kammel.dev'],
  ['without the domain', 'kanidm:k8s_users'],
  ['bare', 'k8s_users'],
  ['with the dash that is no "none" for groups', '-k8s_users@sso.kammel.dev'],
])('a group written %s is named as the tokens have it', (_form, name) => {
  const subjects = [{ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' }];
  const byHand = { ...(cases['unknown-subject']?.fires[0]?.manifests?.[0] as object), subjects };
  const found = run({ config: homelab({ authentication: { groups: {} } }), manifests: [byHand] }).findings;
  expect(found.find(({ code }) => code === 'unknown-subject')?.fix).toBe(
    'write `kanidm:k8s_users@sso.kammel.dev` if that is the intended group',
  );
});

test.each([
  [
    'another group is not put in its place, however alike prefix and domain are',
    'kanidm:devs@sso.kammel.dev',
    /^ClusterRoleBinding \S+ names the group .*, but according to the config, no token for homelab contains this name$/,
    'remove the subject, or grant the role in the config; if the name comes from a client certificate, or from an account or group that is in Kanidm but not in the config, accept this finding under `checks.ignore`',
  ],
  [
    'a variable is not a name',
    `kanidm:k8s_users@\${DOMAIN}`,
    /contains a variable that Flux replaces: whether .* is unknown$/,
    'compare the name with `kubectl auth whoami`, or grant the role in the config',
  ],
])('unknown-subject: %s', (_, name, message, fix) => {
  const subjects = [{ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' }];
  const byHand = { ...(cases['unknown-subject']?.fires[0]?.manifests?.[0] as object), subjects };
  const { findings } = run({ config: homelab({ authentication: { groups: {} } }), manifests: [byHand] });
  expect(findings.filter(({ code }) => code === 'unknown-subject')).toEqual([
    expect.objectContaining({ message: expect.stringMatching(message), fix }),
  ]);
});

test('nobody is told that people can be added to a group of Kubernetes', () => {
  const byHand = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'a' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: ['system:nodes', 'ours'].map((name) => ({ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' })),
  };
  const { findings } = run({ manifests: [byHand] });
  const messages = findings.filter(({ code }) => code === 'admin-group').map(({ message }) => message);
  expect(messages).toContain('every member of system:nodes has full access to homelab');
  expect(messages.find((one) => one.includes('ours'))).toMatch(/anyone who can add members/);
});

const openToAll = { clients: { k8s: { scopes: { idm_all_persons: ['openid', 'groups'] } } } };

test.each([
  ['empty-group', []],
  ['everybody-granted', ['idm_all_persons']],
])('%s is at the line of the group in a grant that is not sorted', (code, members) => {
  const groups = { zebras: { members }, k8s_users: { members: ['datosh'] }, apes: { members } };
  const grant = { name: 'g', clusterRole: 'view', groups: ['zebras', 'k8s_users', 'apes'] };
  const { findings } = run({ config: { groups, ...openToAll, ...homelab({ grants: [grant] }) } });
  expect(findings.filter((one) => one.code === code).map(({ group, excerpt }) => [group, excerpt.trim()])).toEqual([
    ['zebras', '"zebras",'],
    ['apes', '"apes"'],
  ]);
});

test('errors stand before warnings, and those before notes', () => {
  const [one] = cases['api-server-algorithm']?.fires ?? [];
  const order = run(one as Case).findings.map(({ severity }) => severity);
  expect(order).toEqual([...order].sort((a, b) => 'ewn'.indexOf(a.charAt(0)) - 'ewn'.indexOf(b.charAt(0))));
  expect(order[0]).toBe('error');
});

function homelabWith(grant: Record<string, unknown>): Case {
  return { config: homelab({ grants: [grant] }) };
}

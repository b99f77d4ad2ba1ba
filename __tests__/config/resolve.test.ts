import { entry } from '../../lib/config/config';
import { configOf } from '../config';

const ca = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const rules = [{ resources: ['pods'], verbs: ['get'] }];
const config = configOf(
  `
kanidm: { domain: idm.example.com, version: "1.11.1", cluster: b, manifests: {} }
people:
  ada: { displayName: Ada, mail: ada@example.com }
  bob: { displayName: Bob, mail: [bob@example.com, b@example.com] }
  cid: { absent: true }
  dora: { displayName: Dora }
serviceAccounts:
  ci: { absent: true }
  bot: { displayName: Bot }
groups:
  team: { members: [bob, { name: ada, until: 2030-01-31, reason: leave }, { name: dora }] }
  kept: {}
  plain: { members: [ada] }
clients:
  k8s: { landingUrl: "http://localhost:8000", redirectUrls: ["http://localhost:8000"], preferShortUsername: true, claims: { job: { values: { team: [dev] } } }, scopes: { team: [openid, email, groups_name] } }
  zeta: { landingUrl: "https://zeta.example.com", redirectUrls: ["https://zeta.example.com"], scopes: { team: [openid, email, groups_name] } }
checks: { ignore: [{ code: no-break-glass, reason: test }] }
flux: { path: deploy//, source: { name: shared } }
roles:
  reader: { namespaces: [shop, blog], rules: [{ resources: [pods], verbs: [get] }] }
  certs: { clusters: [b], aggregateTo: [view], rules: [{ resources: [pods], verbs: [get] }] }
grants:
  - { name: late, clusterRole: view, people: [bob, ada], clusters: [b], until: 2030-01-31, reason: trial }
  - { name: all, clusterRole: view, groups: [team], clusters: "*" }
clusters:
  b:
    server: "https://b.example.com:6443"
    kubernetes: "1.34"
    client: k8s
    controlPlane: kubeadm
    trust: [zeta]
    podSecurity: { default: restricted }
    authentication: { method: structured, ca: { file: ca.crt }, clients: { zeta: { claim: sub, prefix: "zeta:" } } }
    issuers:
      z: { url: "https://z.example.com", audiences: [k8s], groups: {} }
      a: { url: "https://a.example.com", audiences: [k8s], ca: { file: ca.crt }, username: { expression: "'a:' + claims.sub" } }
    apps: { headlamp: { url: "https://headlamp.example.com/", groups: [team] } }
    kubeconfig: { user: me, certificateAuthority: { file: ca.crt, inline: true } }
    flux: { path: . }
    grants:
      - { name: mine, role: reader, namespaces: [shop, blog], subjects: { users: [y, x], groups: [g] }, serviceAccounts: [bot] }
  a:
    server: "https://a.example.com:6443"
    kubernetes: "1.34"
    client: k8s
    controlPlane: kubeadm
    kubeconfig: { certificateAuthority: { file: ca.crt, inline: false } }
    flux: { path: ./x/./y/, source: { namespace: other } }
    grants: []
`,
  { 'ca.crt': ca },
);
const [a, b] = [entry(config.clusters, 'a'), entry(config.clusters, 'b')];

test('people and service accounts have a display name and all mail addresses', () => {
  expect(
    [...config.people.values()].map(({ name, path, displayName, mails }) => [name, path, displayName, mails]),
  ).toEqual([
    ['ada', ['people', 'ada'], 'Ada', ['ada@example.com']],
    ['bob', ['people', 'bob'], 'Bob', ['bob@example.com', 'b@example.com']],
    ['cid', ['people', 'cid'], 'cid', undefined],
    ['dora', ['people', 'dora'], 'Dora', undefined],
  ]);
  expect(entry(config.people, 'cid')).not.toHaveProperty('mails');
  expect([...config.serviceAccounts.values()].map(({ path, displayName }) => [path, displayName])).toEqual([
    [['serviceAccounts', 'ci'], 'ci'],
    [['serviceAccounts', 'bot'], 'Bot'],
  ]);
});

test('members have terms, and a group without members stays without', () => {
  const [team, kept, plain] = ['team', 'kept', 'plain'].map((name) => entry(config.groups, name));
  expect(team).toMatchObject({
    name: 'team',
    path: ['groups', 'team'],
    members: ['bob', 'ada', 'dora'],
    memberTerms: { ada: { until: '2030-01-31', reason: 'leave' } },
  });
  expect(Object.keys(team?.memberTerms ?? {})).toEqual(['ada']);
  expect(kept).not.toHaveProperty('members');
  expect(plain).toMatchObject({ members: ['ada'] });
  expect(plain).not.toHaveProperty('memberTerms');
});

const none = { users: [], groups: [] };
const nobody = { people: [], groups: [], serviceAccounts: [] };
const everywhere = {
  ...nobody,
  name: 'all',
  path: ['grants', 1],
  roleKind: 'ClusterRole',
  roleName: 'view',
  namespaces: [],
  groups: ['team'],
  subjects: none,
  written: { ...nobody, groups: ['team'] },
};

test('a cluster has its own grants and those for it, by name, with sorted lists', () => {
  expect(a.grants).toStrictEqual([everywhere]);
  expect(b.grants).toStrictEqual([
    everywhere,
    {
      ...nobody,
      name: 'late',
      path: ['grants', 0],
      roleKind: 'ClusterRole',
      roleName: 'view',
      namespaces: [],
      people: ['ada', 'bob'],
      subjects: none,
      written: { ...nobody, people: ['bob', 'ada'] },
      until: '2030-01-31',
      reason: 'trial',
    },
    {
      ...nobody,
      name: 'mine',
      path: ['clusters', 'b', 'grants', 0],
      roleKind: 'Role',
      roleName: 'reader',
      namespaces: ['blog', 'shop'],
      serviceAccounts: ['bot'],
      subjects: { users: ['x', 'y'], groups: ['g'] },
      written: { ...nobody, serviceAccounts: ['bot'] },
    },
  ]);
});

test('a cluster has the roles for it, by name', () => {
  const reader = { name: 'reader', path: ['roles', 'reader'], namespaces: ['blog', 'shop'] };
  expect(a.roles).toMatchObject([{ ...reader, rules }]);
  expect(b.roles).toMatchObject([
    { name: 'certs', path: ['roles', 'certs'], namespaces: [], rules, aggregateTo: ['view'] },
    { ...reader, rules },
  ]);
  expect(a.roles[0]).not.toHaveProperty('aggregateTo');
});

test('a cluster trusts the clients of its applications, and its issuers have prefixes of their own', () => {
  expect(b.trust).toEqual(['headlamp', 'zeta']);
  expect(b.issuers).toMatchObject([
    { name: 'a', path: ['clusters', 'b', 'issuers', 'a'], ca, username: { expression: "'a:' + claims.sub" } },
    { name: 'z', path: ['clusters', 'b', 'issuers', 'z'], prefix: 'z:', groups: { claim: 'groups', prefix: 'z:' } },
  ]);
  expect(b.issuers[0]).not.toHaveProperty('prefix');
  expect(b.issuers[0]).not.toHaveProperty('groups');
  expect(b.issuers[1]).not.toHaveProperty('ca');
});

test('the client of an application names people and groups as the client of the cluster', () => {
  expect(entry(config.clients, 'headlamp')).toStrictEqual({
    name: 'headlamp',
    path: ['clusters', 'b', 'apps', 'headlamp'],
    type: 'basic',
    absent: false,
    displayName: 'Headlamp',
    landingUrl: 'https://headlamp.example.com',
    redirectUrls: ['https://headlamp.example.com/oidc-callback'],
    scopes: { team: ['openid', 'email', 'profile', 'groups_name'] },
    claims: entry(config.clients, 'k8s').claims,
    preferShortUsername: true,
  });
  expect(entry(config.clients, 'k8s')).toMatchObject({
    displayName: 'k8s',
    claims: { job: { values: { team: ['dev'] } } },
  });
});

test('each cluster has its own settings and the shared ones', () => {
  expect(config.kanidm).toMatchObject({ origin: 'https://idm.example.com', cluster: 'b', version: { text: '1.11.1' } });
  expect([a.kubeconfig.user, b.kubeconfig.user]).toEqual(['oidc-a', 'me']);
  expect(a.kubeconfig.certificateAuthority).toStrictEqual({ path: 'ca.crt' });
  expect(b.kubeconfig.certificateAuthority).toStrictEqual({ pem: ca });
  expect([a.flux.path, b.flux.path]).toEqual(['./x/./y', '.']);
  expect(a.flux.source).toMatchObject({ name: 'shared', namespace: 'other' });
  expect(b.flux.source).toMatchObject({ name: 'shared' });
  expect(b).toMatchObject({ podSecurity: { default: 'restricted' } });
  expect(a).not.toHaveProperty('podSecurity');
  expect(a).not.toHaveProperty('breakGlass');
  expect(b.authentication.ca).toStrictEqual({ pem: ca });
  expect(config.checks.ignore).toEqual([{ code: 'no-break-glass', reason: 'test', place: ['checks', 'ignore', 0] }]);
  expect(a.authentication).not.toHaveProperty('ca');
});

test('a grant to a group makes the API server read groups, from each client', () => {
  const groups = { claim: 'groups', prefix: 'kanidm:' };
  expect(b.authentication.groups).toEqual(groups);
  expect(b.authentication.clients.zeta).toMatchObject({ prefix: 'zeta:', groups });
  const without = configOf();
  expect(entry(without.clusters, 'homelab').authentication).not.toHaveProperty('groups');
});

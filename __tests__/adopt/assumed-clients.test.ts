import type { AdoptedGrant } from '../../lib/adopt/adopt-grants';
import { assumeClients } from '../../lib/adopt/assumed-clients';
import { identities, issuer } from './worlds';

const grant = (more: Partial<AdoptedGrant['grant']>): AdoptedGrant => ({
  bindings: [0],
  grant: { name: 'a', clusterRole: 'view', ...more },
});
const scopes = ['openid', 'email', 'profile', 'groups'];
const addresses = {
  landingUrl: 'http://localhost:8000',
  redirectUrls: ['http://localhost:8000', 'http://localhost:18000'],
};
type Wanted = Parameters<typeof assumeClients>[1];

function assumed(more: Partial<Wanted> = {}, there = identities({ clients: new Map() })) {
  const wanted = {
    trusted: [{ client: 'k8s', issuer: issuer() }],
    grants: [],
    isShort: () => false,
    isEks: false,
    ...more,
  };
  const notes = assumeClients(there, wanted);
  return { notes, clients: Object.fromEntries(there.clients), groups: [...there.groups].slice(1) };
}
const note = (what: string, client = 'k8s') =>
  `client ${client} was not read from Kanidm, so adopt assumes the following: ${what}; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client`;

test('a client that was read is not assumed', () => {
  const there = identities();
  expect(assumed({}, there)).toEqual({
    notes: [],
    clients: { k8s: { landingUrl: 'http://localhost:8000' } },
    groups: [],
  });
});

test('without grants, a new and empty group can use the client', () => {
  expect(assumed()).toEqual({
    notes: [{ source: 'auth.yaml', text: note('addresses, scopes, the group k8s_users') }],
    clients: { k8s: { ...addresses, scopes: { k8s_users: scopes } } },
    groups: [['k8s_users', { members: [] }]],
  });
});

test('the groups of the grants can use it, sorted, and no other group', () => {
  const grants = [grant({ groups: ['ops', 'dev'] }), grant({ groups: ['ops'] })];
  const { notes, clients, groups } = assumed({ grants });
  expect(notes.map(({ text }) => text)).toEqual([note('addresses, scopes')]);
  expect(Object.entries(clients.k8s?.scopes ?? {})).toEqual([
    ['dev', scopes],
    ['ops', scopes],
  ]);
  expect(groups).toEqual([]);
});

test('people of grants are in a new group, sorted and once each', () => {
  const grants = [grant({ people: ['sam', 'jane'], groups: ['ops'] }), grant({ people: ['sam'] })];
  const { clients, groups } = assumed({ grants });
  expect(groups).toEqual([['k8s_users', { members: ['jane', 'sam'] }]]);
  expect(Object.keys(clients.k8s?.scopes ?? {})).toEqual(['ops', 'k8s_users']);
});

test('the people and groups of bindings that stay can use it too, and nobody else', () => {
  const left: Wanted['left'] = [
    { kind: 'group', key: 'web' },
    { kind: 'person', key: 'bob' },
    { kind: 'service account', key: 'bot' },
    { kind: 'literal' },
    { kind: 'nobody', reason: 'x' },
  ];
  const { clients, groups } = assumed({ grants: [grant({ groups: ['ops'] })], left });
  expect(groups).toEqual([['k8s_users', { members: ['bob'] }]]);
  expect(Object.keys(clients.k8s?.scopes ?? {})).toEqual(['ops', 'web', 'k8s_users']);
});

test('the new group has another name if there is one already', () => {
  const groups = new Map([['k8s_users', {}]]);
  const found = assumed({}, identities({ clients: new Map(), groups }));
  expect(Object.keys(found.clients.k8s?.scopes ?? {})).toEqual(['kubernetes_users']);
});

test('short names and the algorithm of EKS are assumed', () => {
  const isShort = (client: string) => client === 'k8s';
  const trusted = ['k8s', 'web'].map((client) => ({ client, issuer: issuer() }));
  const { notes, clients } = assumed({ trusted, isShort, isEks: true, grants: [grant({ groups: ['ops'] })] });
  expect(notes.map(({ text }) => text)).toEqual([
    note(
      'addresses, scopes, `preferShortUsername` (in the bindings, no user name of this client ends in `@<domain>`), `legacyCrypto` (EKS accepts RS256 only)',
    ),
    note('addresses, scopes, `legacyCrypto` (EKS accepts RS256 only)', 'web'),
  ]);
  expect(clients).toEqual({
    k8s: { ...addresses, scopes: { ops: scopes }, preferShortUsername: true, legacyCrypto: true },
    web: { ...addresses, scopes: { ops: scopes }, legacyCrypto: true },
  });
});

test('the claims that the API server requires are assumed, if a claim map can give them', () => {
  const requiredClaims = new Map([
    ['level', '2'],
    ['azp', 'k8s'],
    ['list', 'a,b'],
    ['role', 'admin'],
  ]);
  const trusted = [{ client: 'k8s', issuer: { ...issuer(), requiredClaims } }];
  const { notes, clients } = assumed({ trusted, grants: [grant({ groups: ['ops', 'dev'] })] });
  expect(notes[0]?.text).toBe(
    note(
      'addresses, scopes, the claim `level` that the API server requires, the claim `role` that the API server requires',
    ),
  );
  expect(clients.k8s?.claims).toEqual({
    level: { join: 'csv', values: { dev: ['2'], ops: ['2'] } },
    role: { join: 'csv', values: { dev: ['admin'], ops: ['admin'] } },
  });
});

test('flags that accept only RS256 are a note of their own, except on EKS', () => {
  const trusted = [{ client: 'k8s', issuer: { ...issuer(), source: 'flags', algorithms: ['RS256'] } }];
  const own = {
    source: 'flags',
    text: 'without --oidc-signing-algs the API server accepts only RS256, so people can sign in today only if client k8s has `legacyCrypto`; the config assumes that it does not, and Kaniflux renders ES256',
  };
  expect(assumed({ trusted }).notes.slice(1)).toEqual([own]);
  expect(assumed({ trusted, isEks: true }).notes).toHaveLength(1);
  expect(assumed().notes).toHaveLength(1);
});

test('a client of a kubeconfig has no settings of an issuer', () => {
  const { notes, clients } = assumed({ trusted: [{ client: 'web', issuer: { source: 'kubeconfig' } }] });
  expect(notes).toEqual([{ source: 'kubeconfig', text: note('addresses, scopes, the group k8s_users', 'web') }]);
  expect(clients).toEqual({ web: { ...addresses, scopes: { k8s_users: scopes } } });
});

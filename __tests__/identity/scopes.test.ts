import { entry } from '../../lib/config/config';
import { authenticators } from '../../lib/identity/authenticator';
import { scopesFor, scopesLackedBy, scopesLackedByMembers, scopesLackedThrough } from '../../lib/identity/scopes';
import { configOf } from '../config';

const config = configOf(`
kanidm: { domain: idm.example.com, version: "1.11.1", provision: migrations }
people:
  ada: { displayName: Ada, mail: ada@example.com }
  bob: { displayName: Bob, mail: bob@example.com }
groups:
  full: { members: [ada] }
  half: { members: [bob] }
  all: { members: [full, half] }
clients:
  one:
    displayName: One
    landingUrl: http://localhost:8000
    redirectUrls: [http://localhost:8000]
    localhostRedirects: true
    scopes: { full: [openid, email, groups_name], half: [openid] }
clusters:
  by-mail: { server: "https://a.example.com:6443", kubernetes: "1.34", client: one, controlPlane: kubeadm, authentication: { claim: email, groups: { claim: groups } }, grants: [] }
  by-name: { server: "https://b.example.com:6443", kubernetes: "1.34", client: one, controlPlane: kubeadm, authentication: { groups: { claim: groups } }, grants: [] }
`);

/** Asks about both in turn, and twice, because a cached answer for one must not be used for the other. */
const ask = (cluster: string, of: 'person' | 'members', name: string) => {
  const [own] = authenticators(config, entry(config.clusters, cluster));
  if (!own) throw new Error('no client');
  return of === 'person' ? scopesLackedBy(config, own, name) : scopesLackedByMembers(config, own, name);
};

test('clusters of one client that read other claims ask for other scopes', () => {
  for (let time = 0; time < 2; time++) {
    expect(ask('by-mail', 'person', 'bob')).toEqual(['email', 'groups_name']);
    expect(ask('by-name', 'person', 'bob')).toEqual(['groups_name']);
    expect(ask('by-mail', 'person', 'ada')).toEqual([]);
    expect(ask('by-name', 'person', 'ada')).toEqual([]);
  }
});

test('a group lacks what any of its members lacks', () => {
  for (let time = 0; time < 2; time++) {
    expect(ask('by-mail', 'members', 'all')).toEqual(['email', 'groups_name']);
    expect(ask('by-name', 'members', 'all')).toEqual(['groups_name']);
    expect(ask('by-mail', 'members', 'full')).toEqual([]);
  }
});

const ofClient = (cluster: string) => {
  const [authenticator] = authenticators(config, entry(config.clusters, cluster));
  if (!authenticator) throw new Error('no client');
  return authenticator;
};

test('a built-in group has no members that lack a scope', () => {
  expect(ask('by-mail', 'members', 'idm_admins')).toEqual([]);
});

test('an account in no group lacks all scopes, unless everybody has them', () => {
  expect(ask('by-mail', 'person', 'nobody')).toEqual(['email', 'groups_name']);
  const { client, ...rest } = ofClient('by-mail');
  const forAll = { ...client, scopes: { ...client.scopes, idm_all_persons: ['email'] } };
  expect(scopesLackedBy(config, { client: forAll, ...rest }, 'nobody')).toEqual(['groups_name']);
});

test.each([
  ['full', []],
  ['half', ['email', 'groups_name']],
  ['all', ['email', 'groups_name']],
])('a member of %s, of whom no other group is known, lacks %j', (group, lacked) => {
  expect(scopesLackedThrough(config, ofClient('by-mail'), group)).toEqual(lacked);
});

test('a member of a group has the scopes of the groups that it is in', () => {
  const { client, ...rest } = ofClient('by-mail');
  const outside = { ...client, scopes: { ...client.scopes, all: ['email'] } };
  expect(scopesLackedThrough(config, { client: outside, ...rest }, 'half')).toEqual(['groups_name']);
});

const anyClaim = { expression: 'size(claims) == 1 ? "a" : "b"' };
const sub = { claim: 'sub', prefix: '' };
test.each<[object, object, string[]]>([
  [{ username: sub, groups: undefined }, {}, []],
  [{ username: sub, groups: { claim: 'groups', prefix: '' } }, {}, ['groups_name']],
  [{ username: { claim: 'email', prefix: '' }, groups: undefined }, {}, ['email']],
  [{ username: sub, groups: undefined, requiredClaims: { email_verified: 'true' } }, {}, ['email']],
  [{ username: { claim: 'email', prefix: '' }, groups: undefined }, { full: ['openid'] }, ['email']],
  [{ username: anyClaim, groups: undefined }, {}, ['email', 'groups_name']],
  [{ username: anyClaim, groups: undefined }, { full: ['openid'] }, []],
])('an API server with %j and the scopes %j asks for %j', (mapping, scopes, expected) => {
  const { client, ...rest } = ofClient('by-mail');
  const changed = Object.keys(scopes).length > 0 ? { ...client, scopes: { ...scopes } } : client;
  expect(scopesFor({ ...rest, ...mapping, client: changed })).toEqual(expected);
});

test('a client without a scope map offers nothing', () => {
  const { client, ...rest } = ofClient('by-mail');
  const { scopes: _, ...without } = client;
  expect(scopesFor({ ...rest, username: anyClaim, client: without })).toEqual([]);
});

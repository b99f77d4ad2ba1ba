import { entry } from '../../lib/config/config';
import { authenticators } from '../../lib/identity/authenticator';
import { scopesLackedBy, scopesLackedByMembers } from '../../lib/identity/scopes';
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

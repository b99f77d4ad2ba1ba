import { codesOf, homeLab, load } from '../../config';

interface Client {
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  readonly supplementaryScopes?: Readonly<Record<string, readonly string[]>>;
  readonly claims?: object;
  readonly preferShortUsername?: boolean;
}

const openid = { k8s_users: ['openid', 'email'] };
const withScope = (scope: string): Client => ({ scopes: { k8s_users: ['openid', 'email', scope] } });
const withMap = (claim: string, values: Readonly<Record<string, readonly string[]>>, join = 'array'): Client => ({
  scopes: openid,
  claims: { [claim]: { join, values } },
});

/** The home lab with a second client, and `k8s` as given. */
function trusting(authentication: object, k8s: Client, second: Client) {
  const kind = { landingUrl: 'http://localhost:8000' };
  return homeLab({
    kanidm: { version: '1.11.1' },
    groups: { k8s_admins: { members: ['datosh'] } },
    clients: { k8s: { ...kind, scopes: null, ...k8s }, headlamp: { ...kind, type: 'basic', ...second } },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        trust: ['headlamp'],
        authentication: { method: 'structured', groups: null, ...authentication },
      },
    },
  });
}

test.each([
  { claim: 'email' },
  { claim: 'email', prefix: 'oidc:' },
  { claim: 'email', prefix: '' },
  { claim: 'sub', prefix: 'oidc:' },
  { claim: 'sub', prefix: '' },
  { claim: 'preferred_username', prefix: 'oidc:' },
  { claim: 'preferred_username', prefix: '' },
])('one Kanidm gives one person one name in the tokens of both clients: %j', (authentication) => {
  const scopes = withScope('groups');
  for (const groups of [null, {}, { prefix: 'oidc:' }, { prefix: '' }]) {
    for (const preferShortUsername of [false, true]) {
      const input = trusting({ ...authentication, groups }, scopes, { ...scopes, preferShortUsername });
      const { findings } = load(input);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  }
});

test('a claim that is not of one person is refused for that reason alone', () => {
  const scopes = withScope('groups');
  const shared = withMap('team', { k8s_users: ['ops'] });
  expect(codesOf(trusting({ claim: 'name', prefix: 'oidc:' }, scopes, scopes))).toEqual(['claim-name']);
  expect(codesOf(trusting({ claim: 'team', prefix: 'oidc:' }, shared, shared))).toEqual(['claim-shared']);
});

const ops = (group: string, join?: string) => withMap('teams', { [group]: ['ops'] }, join);

test.each<[string, string, Client, Client]>([
  ['a value of other groups', 'teams', ops('k8s_admins'), ops('k8s_users')],
  ['a value of more groups', 'teams', ops('k8s_users'), withMap('teams', { k8s_users: ['ops'], k8s_admins: ['ops'] })],
  ['a value of other groups, joined', 'teams', ops('k8s_admins', 'csv'), ops('k8s_users', 'ssv')],
  [
    'a value that is the name of a group',
    'groups',
    withMap('groups', { k8s_users: ['k8s_admins'] }),
    withScope('groups_name'),
  ],
  [
    'a value that is the name of a group that the config does not have',
    'groups',
    withScope('groups_name'),
    withMap('groups', { k8s_users: ['ops'] }),
  ],
  [
    'a value that is a UUID',
    'groups',
    withMap('groups', { k8s_users: ['7b89b6ea-1e8b-4aa8-98fb-a70cba498d17'] }),
    withScope('groups_uuid'),
  ],
  [
    'a list for some people only',
    'groups',
    withMap('groups', { k8s_users: ['ops'] }),
    { ...withScope('profile'), supplementaryScopes: { k8s_admins: ['groups_name'] } },
  ],
])('refused: %s', (_, claim, k8s, second) => {
  expect(codesOf(trusting({ groups: { claim } }, k8s, second))).toContain('prefix-shared');
});

test.each<[string, string, Client, Client]>([
  ['the same value of the same groups', 'teams', ops('k8s_users'), ops('k8s_users', 'csv')],
  ['different values', 'teams', ops('k8s_users'), withMap('teams', { k8s_admins: ['admins'] })],
  ['a claim that one client has', 'teams', ops('k8s_users'), { scopes: openid }],
  ['forms of the same groups', 'groups', withScope('groups_name'), withScope('groups')],
  ['other forms of the same groups', 'groups', withScope('groups_uuid'), withScope('groups_spn')],
  [
    'a value that is the name of the group that has it',
    'groups',
    withMap('groups', { k8s_users: ['k8s_users'] }),
    withScope('groups_name'),
  ],
  [
    'a value without a domain beside long names',
    'groups',
    withMap('groups', { k8s_users: ['ops'] }),
    withScope('groups'),
  ],
])('accepted: %s', (_, claim, k8s, second) => {
  expect(codesOf(trusting({ groups: { claim } }, k8s, second))).not.toContain('prefix-shared');
});

test.each<[string, object, Client, Client, string]>([
  [
    'of two claim maps',
    { groups: { claim: 'teams' } },
    ops('k8s_admins'),
    ops('k8s_users'),
    'the name `kanidm:ops` means k8s_admins in tokens of client k8s, but k8s_users in tokens of client headlamp',
  ],
  [
    'of two claim maps with different values and prefixes',
    { groups: { claim: 'teams', prefix: '' }, clients: { headlamp: { groups: { claim: 'teams', prefix: 'o' } } } },
    ops('k8s_admins'),
    withMap('teams', { k8s_users: ['ps'] }),
    'the name `ops` means k8s_admins in tokens of client k8s, but k8s_users in tokens of client headlamp',
  ],
  [
    'of a claim map and a group of Kanidm',
    { groups: { claim: 'groups', prefix: '' }, clients: { headlamp: { groups: { claim: 'groups', prefix: 'o' } } } },
    withMap('groups', { k8s_users: ['ops'] }),
    withScope('groups_name'),
    'in tokens of client k8s, a claim map gives the name `ops` to k8s_users, but in tokens of client headlamp, the same name means the Kanidm group `ps`',
  ],
])(
  'the message has the name at the API server, both clients and the groups: %s',
  (_, authentication, k8s, second, message) => {
    const { findings } = load(trusting(authentication, k8s, second));
    expect(findings.find(({ code }) => code === 'prefix-shared')?.message).toBe(
      `${message}: the API server cannot tell these groups apart`,
    );
  },
);

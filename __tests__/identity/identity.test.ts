import { entry } from '../../lib/config/config';
import { authenticators } from '../../lib/identity/authenticator';
import { groupScope, mayUse, tokenClaims } from '../../lib/identity/claims';
import { memberships } from '../../lib/identity/membership';
import { groupNamesFrom, groupSubjects, groupsByName, personSubjects, userNameFrom } from '../../lib/identity/subject';
import { derivedUuid, uuidOf } from '../../lib/identity/uuid';
import { configOf } from '../config';

const uuid = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
const groupId = '91793d00-d9f0-4f9d-b352-8bb6142e7069';
const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';

const withAuthentication = (authentication: object, change: Record<string, unknown> = {}) => {
  const config = configOf({ ...change, clusters: { homelab: { authentication } } });
  return { config, cluster: entry(config.clusters, 'homelab') };
};

describe('a person on a cluster is called', () => {
  test.each([
    [{}, `${issuer}#${uuid}`],
    [{ prefix: '' }, uuid],
    [{ prefix: 'kanidm:' }, `kanidm:${uuid}`],
    [{ claim: 'email' }, 'fabian@kammel.dev'],
    [{ claim: 'email', prefix: 'kanidm:' }, 'kanidm:fabian@kammel.dev'],
    [{ claim: 'preferred_username' }, `${issuer}#datosh@sso.kammel.dev`],
    [{ claim: 'preferred_username', prefix: 'kanidm:' }, 'kanidm:datosh@sso.kammel.dev'],
  ])('%j: %s', (authentication, name) => {
    const { config, cluster } = withAuthentication(authentication);
    expect(personSubjects(config, cluster, 'datosh')).toEqual([name]);
  });

  test('by the short name where the client prefers it', () => {
    const { config, cluster } = withAuthentication(
      { claim: 'preferred_username', prefix: 'kanidm:' },
      { clients: { k8s: { preferShortUsername: true } } },
    );
    expect(personSubjects(config, cluster, 'datosh')).toEqual(['kanidm:datosh']);
  });
});

test('names that the config does not have are errors', () => {
  const { config, cluster } = withAuthentication({ groups: {} });
  expect(() => personSubjects(config, cluster, 'nope')).toThrow('the config has no person or service account `nope`');
  for (const group of ['nope', 'idm_all_persons']) {
    expect(() => groupSubjects(config, cluster, group)).toThrow(`the config has no group \`${group}\``);
  }
});

describe('a group on a cluster is called', () => {
  const scoped = (scope: string) => ({
    kanidm: { version: '1.11' },
    clients: { k8s: { scopes: { k8s_users: ['openid', scope] } } },
  });

  test.each([
    ['groups', 'kanidm:k8s_users@sso.kammel.dev'],
    ['groups_spn', 'kanidm:k8s_users@sso.kammel.dev'],
    ['groups_name', 'kanidm:k8s_users'],
  ])('with the scope %s: %s', (scope, name) => {
    const { config, cluster } = withAuthentication({ groups: {} }, scoped(scope));
    expect(groupSubjects(config, cluster, 'k8s_users')).toEqual([name]);
  });

  test('by its UUID with groups_uuid, where that is known', () => {
    const known = withAuthentication(
      { groups: {} },
      { ...scoped('groups_uuid'), groups: { k8s_users: { id: groupId } } },
    );
    expect(groupSubjects(known.config, known.cluster, 'k8s_users')).toEqual([`kanidm:${groupId}`]);
    const unknown = withAuthentication({ groups: {} }, scoped('groups_uuid'));
    expect(groupSubjects(unknown.config, unknown.cluster, 'k8s_users')).toEqual([]);
  });

  test('by the value that a claim map gives it alone', () => {
    const values = { k8s_users: ['everybody', 'user'], k8s_admins: ['everybody', 'admin'] };
    const { config, cluster } = withAuthentication(
      { groups: { claim: 'k8s', prefix: '' } },
      { groups: { k8s_admins: {} }, clients: { k8s: { claims: { k8s: { values } } } } },
    );
    expect(groupSubjects(config, cluster, 'k8s_users')).toEqual(['user']);
    expect(groupSubjects(config, cluster, 'k8s_admins')).toEqual(['admin']);
  });
});

describe('the groups of Kanidm by their names on a cluster', () => {
  const scopes = (...scopes: string[]) => ({ scopes: { k8s_users: ['openid', ...scopes] } });
  const byName = (groups: object | undefined, client: object) => {
    const { config, cluster } = withAuthentication(
      { method: 'structured', ...(groups ? { groups } : {}) },
      { kanidm: { version: '1.11' }, groups: { k8s_users: { id: groupId }, admins: {} }, clients: { k8s: client } },
    );
    const shown = ['k8s_users', 'admins', 'idm_all_accounts', 'idm_all_persons', 'idm_admins'];
    const all = [...groupsByName(config, cluster)];
    // All names are names of groups.
    expect(
      all.filter(
        ([name, group]) => typeof name !== 'string' || !/^(k8s_users|admins|(idm|system|domain)_.*)$/.test(group),
      ),
    ).toEqual([]);
    return Object.fromEntries(all.filter(([, group]) => shown.includes(group)));
  };
  const spns = {
    'k:k8s_users@sso.kammel.dev': 'k8s_users',
    'k:admins@sso.kammel.dev': 'admins',
    'k:idm_admins@sso.kammel.dev': 'idm_admins',
    'k:idm_all_accounts@sso.kammel.dev': 'idm_all_accounts',
    'k:idm_all_persons@sso.kammel.dev': 'idm_all_persons',
  };
  const ids = {
    [`k:${groupId}`]: 'k8s_users',
    'k:00000000-0000-0000-0000-000000000035': 'idm_all_persons',
    'k:00000000-0000-0000-0000-000000000036': 'idm_all_accounts',
  };
  const names = {
    'k:k8s_users': 'k8s_users',
    'k:admins': 'admins',
    'k:idm_admins': 'idm_admins',
    'k:idm_all_accounts': 'idm_all_accounts',
    'k:idm_all_persons': 'idm_all_persons',
  };

  test.each<[string, Record<string, string>]>([
    ['groups', { ...spns, ...ids }],
    ['groups_spn', spns],
    ['groups_name', names],
    ['groups_uuid', ids],
  ])('with the scope %s', (scope, expected) => {
    expect(byName({ claim: 'groups', prefix: 'k:' }, scopes(scope))).toEqual(expected);
    expect(byName({ expression: "dyn(claims.groups).map(g, 'k:' + g)" }, scopes(scope))).toEqual(expected);
  });

  test.each<[string, object | undefined, Record<string, string>]>([
    ['are none without a mapping of the groups', undefined, {}],
    [
      'are none if the config does not determine them',
      { expression: "has(claims.nonce) ? ['x'] : dyn(claims.groups).map(g, 'k:' + g)" },
      {},
    ],
    ['do not contain what every token has', { expression: "['x'] + dyn(claims.groups).map(g, 'k:' + g)" }, names],
    [
      'do not contain a group whose tokens are refused',
      { expression: "dyn(claims.groups).map(g, g.startsWith('idm_admins') ? string(claims.missing) : 'k:' + g)" },
      {
        'k:k8s_users': 'k8s_users',
        'k:admins': 'admins',
        'k:idm_all_accounts': 'idm_all_accounts',
        'k:idm_all_persons': 'idm_all_persons',
      },
    ],
  ])('%s', (_what, groups, expected) => {
    expect(byName(groups, scopes('groups_name'))).toEqual(expected);
  });

  test.each(['team', 'groups'])('are the values of the claim map %s without a scope for groups', (claim) => {
    const claims = { [claim]: { values: { k8s_users: ['user'], admins: ['admin'] } } };
    expect(byName({ claim, prefix: 'k:' }, { ...scopes('email'), claims })).toEqual({
      'k:user': 'k8s_users',
      'k:admin': 'admins',
    });
  });

  test('are the same on the next cluster with the same settings, and others with other settings', () => {
    const { config, cluster } = withAuthentication({ groups: { prefix: 'a:' } });
    const { authentication } = cluster;
    const other = { ...authentication, groups: { claim: 'groups', prefix: 'b:' } };
    expect(groupSubjects(config, cluster, 'k8s_users')).toEqual(['a:k8s_users@sso.kammel.dev']);
    expect(groupSubjects(config, { ...cluster, name: 'second' }, 'k8s_users')).toEqual(['a:k8s_users@sso.kammel.dev']);
    expect(groupSubjects(config, { ...cluster, authentication: other }, 'k8s_users')).toEqual([
      'b:k8s_users@sso.kammel.dev',
    ]);
  });
});

test('a group whose tokens are refused has no name, and the others have theirs', () => {
  const { config, cluster } = withAuthentication(
    {
      method: 'structured',
      groups: { expression: "dyn(claims.groups).map(g, g.startsWith('admins') ? string(claims.missing) : 'k:' + g)" },
    },
    {
      kanidm: { version: '1.11' },
      groups: { admins: {} },
      clients: { k8s: { scopes: { k8s_users: ['openid', 'groups_name'] } } },
    },
  );
  expect(groupSubjects(config, cluster, 'admins')).toEqual([]);
  expect(groupSubjects(config, cluster, 'k8s_users')).toEqual(['k:k8s_users']);
});

test('a claim that is not a string, but has to be split, gives no groups', () => {
  const groups = { claim: 'team', prefix: 'k:', separator: ',' };
  const mapping = { username: { claim: 'sub', prefix: '' }, groups, requiredClaims: {} };
  const { config } = withAuthentication({});
  const claims = tokenClaims(config, entry(config.people, 'datosh'), entry(config.clients, 'k8s'));
  expect(groupNamesFrom(mapping, { ...claims, team: ['a', 'b'] })).toEqual([]);
  expect(groupNamesFrom(mapping, { ...claims, team: 'a,b' })).toEqual(['k:a', 'k:b']);
});

describe('groups', () => {
  const config = configOf({
    people: { other: { displayName: 'Other', id: '7b89b6ea-1e8b-4aa8-98fb-a70cba498d17' } },
    groups: {
      a: { members: ['b', 'other'] },
      b: { members: ['k8s_users'] },
      gone: { members: ['datosh'], absent: true },
    },
  });

  test('that nest are flattened, and an absent one holds nobody', () => {
    expect(memberships(config).groupsOf.get('datosh')).toEqual(['a', 'b', 'k8s_users']);
    expect(memberships(config).peopleIn.get('a')).toEqual(['datosh', 'other']);
    expect(memberships(config).peopleIn.get('gone')).toEqual([]);
    expect(memberships(config).parentsOf.get('k8s_users')).toEqual(['a', 'b']);
  });

  test('in the scope map decide who may use a client', () => {
    const client = entry(config.clients, 'k8s');
    expect(mayUse(config, entry(config.people, 'datosh'), client)).toBe(true);
    expect(mayUse(config, entry(config.people, 'other'), client)).toBe(false);
    const nested = configOf({
      groups: { all: { members: ['k8s_users'] } },
      clients: { k8s: { scopes: { k8s_users: null, all: ['openid'] } } },
    });
    expect(mayUse(nested, entry(nested.people, 'datosh'), entry(nested.clients, 'k8s'))).toBe(true);
    const open = configOf({ clients: { k8s: { scopes: { idm_all_persons: ['openid'] } } } });
    expect(mayUse(open, entry(open.people, 'datosh'), entry(open.clients, 'k8s'))).toBe(true);
  });
});

test('scopes and claim maps of a group hold for who is in it through another', () => {
  const config = configOf({
    groups: { all: { members: ['k8s_users'] } },
    clients: {
      k8s: { scopes: { k8s_users: null, all: ['openid', 'email'] }, claims: { team: { values: { all: ['ops'] } } } },
    },
  });
  expect(tokenClaims(config, entry(config.people, 'datosh'), entry(config.clients, 'k8s'))).toMatchObject({
    email: 'fabian@kammel.dev',
    team: ['ops'],
  });
});

test('what a token says and what an API server makes of it come from the same facts', () => {
  const { config, cluster } = withAuthentication({ groups: {} }, { groups: { k8s_users: { id: groupId } } });
  const claims = tokenClaims(config, entry(config.people, 'datosh'), entry(config.clients, 'k8s'));
  expect(claims).toEqual({
    iss: issuer,
    aud: 'k8s',
    sub: uuid,
    preferred_username: 'datosh@sso.kammel.dev',
    name: 'Fabian Kammel',
    email: 'fabian@kammel.dev',
    email_verified: true,
    groups: [groupId, 'k8s_users@sso.kammel.dev'],
  });
  const [authenticator] = authenticators(config, cluster);
  expect(authenticator && userNameFrom(authenticator, claims)).toBe(`${issuer}#${uuid}`);
  expect(authenticator && groupNamesFrom(authenticator, claims)).toEqual([
    `kanidm:${groupId}`,
    'kanidm:k8s_users@sso.kammel.dev',
  ]);
  expect(groupScope(entry(config.clients, 'k8s'))).toBe('groups');
});

describe('a derived UUID', () => {
  test('is stable for ever', () => {
    expect(derivedUuid('idm.example.com', 'person', 'datosh')).toBe('c7b4c915-a2a3-5fc6-80a5-97bba341157b');
    expect(derivedUuid('idm.example.com', 'group', 'datosh')).toBe('c9ca5820-81a3-5a58-bf6d-be9b0d95761a');
    expect(derivedUuid('idm.example.com', 'person', 'datosh', 2)).toBe('93c978ac-4f3d-57cb-958e-b990e8f3d214');
  });

  test('is not made for a kind that does not exist', () => {
    const kind = JSON.parse('"serviceAccount"');
    expect(() => derivedUuid('idm.example.com', kind, 'jane')).toThrow(
      'kind: expected one of `person`, `service account`, `group`, `client`, found `serviceAccount`',
    );
  });

  test('stands in where Kaniflux provisions, follows the old key after a rename, and yields to a given one', () => {
    const provisioned = (person: object) => {
      const config = configOf({
        kanidm: { provision: 'migrations', version: '1.11' },
        people: { datosh: { id: null, ...person } },
      });
      return uuidOf(config, 'person', entry(config.people, 'datosh'));
    };
    expect(provisioned({})).toBe(derivedUuid('sso.kammel.dev', 'person', 'datosh'));
    expect(provisioned({ formerly: 'fabian' })).toBe(derivedUuid('sso.kammel.dev', 'person', 'fabian'));
    expect(provisioned({ incarnation: 2 })).toBe(derivedUuid('sso.kammel.dev', 'person', 'datosh', 2));
    expect(provisioned({ id: uuid })).toBe(uuid);
  });
});

test('a service account has the UUID of its own kind in its token, derived as ever', () => {
  const config = configOf({
    kanidm: { provision: 'migrations', version: '1.11' },
    serviceAccounts: { ci: { displayName: 'CI' } },
    groups: { k8s_users: { members: ['datosh', 'ci'] } },
  });
  const account = entry(config.serviceAccounts, 'ci');
  expect(tokenClaims(config, account, entry(config.clients, 'k8s')).sub).toBe(
    derivedUuid('sso.kammel.dev', 'service account', 'ci'),
  );
  expect(derivedUuid('idm.example.com', 'service account', 'ci')).toBe('ce90903f-b352-54c8-898e-6eaed746d067');
  expect(mayUse(config, account, entry(config.clients, 'k8s'))).toBe(true);
});

import { entry } from '../../lib/config/config';
import { authenticators } from '../../lib/identity/authenticator';
import { groupScope, mayUse, tokenClaims } from '../../lib/identity/claims';
import { memberships } from '../../lib/identity/membership';
import { groupNamesFrom, groupSubjects, personSubjects, userNameFrom } from '../../lib/identity/subject';
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

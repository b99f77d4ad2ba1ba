import { clusterAccess } from '../../lib/access/cluster';
import { becomings, chainTo, type Managed, potentialOf } from '../../lib/access/managers';
import { type Config, entry } from '../../lib/config/config';
import { clusterObjects } from '../../lib/render';
import { configOf } from '../config';

const person = (i: number, more: object = {}) => ({
  displayName: `P${i}`,
  id: `00000000-0000-4000-8000-00000000000${i}`,
  ...more,
});
const authentication = { method: 'structured', claim: 'preferred_username', prefix: 'u:', groups: { prefix: 'g:' } };

interface Change {
  readonly people?: object;
  readonly groups?: object;
  readonly serviceAccounts?: object;
  readonly grants?: readonly object[];
}

const homelab = ({ people = {}, groups = {}, serviceAccounts = {}, grants = [] }: Change) =>
  configOf({
    kanidm: { version: '1.11.1', cluster: null, helm: null },
    people: { datosh: null, jane: person(1), joe: person(2), ...people },
    serviceAccounts,
    groups: { k8s_users: { members: ['jane', 'joe'] }, ...groups },
    clients: { k8s: { preferShortUsername: true, scopes: { k8s_users: ['openid', 'groups_name'] } } },
    clusters: { homelab: { kubernetes: '1.34', authentication, grants } },
  });

/** Returns what a person could get, as plain lists; `undefined` if nothing. */
function potential(config: Config, name: string, kind: 'person' | 'service account' | 'members' = 'person') {
  const found = potentialOf(config, { kind, name });
  return (
    found && {
      joins: [...found.joins].map((pair) => pair.join(' by ')),
      actsAs: [...found.actsAs],
      givenBy: [...found.givenBy].map(([one, { name }]) => `${one} by ${name}`),
    }
  );
}

/** Returns the roles that each person could get. */
function roles(config: Config, more: readonly object[] = []) {
  const cluster = entry(config.clusters, 'homelab');
  const access = clusterAccess(config, cluster, [...clusterObjects(config, cluster), ...more]);
  return becomings(access).map(({ actor, becomings: all }) => [
    `${actor.kind} ${actor.name}`,
    ...all.map(
      ({ held, managed, kind, chain }) =>
        `${held.binding.metadata.name} by ${kind} ${managed}: ${chain.map(({ name }) => name).join(', ')}`,
    ),
  ]);
}

const user = (name: string) => ({ kind: 'User', name });
const group = (name: string) => ({ kind: 'Group', name });
const bound = (name: string, subject: object) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { kind: 'ClusterRole', name: 'view' },
  subjects: [subject],
});

describe('jane manages ops, whose parent group manages extra, which manages a service account', () => {
  const config = homelab({
    people: { keeper: person(3), gone: person(4, { absent: true }) },
    groups: {
      k8s_users: { members: ['jane', 'joe', 'admins', 'extra', 'ci'] },
      admins: { members: ['ops'] },
      ops: { members: [], managedBy: 'jane' },
      extra: { members: [], managedBy: 'admins' },
      kept: { managedBy: 'kept' },
      old: { absent: true, managedBy: 'joe' },
      free: { members: [] },
    },
    serviceAccounts: {
      ci: person(5, { managedBy: 'extra' }),
      bot: person(6, { managedBy: 'bot' }),
      past: person(7, { managedBy: 'joe', absent: true }),
      side: person(8, { managedBy: 'keeper' }),
    },
    grants: [
      { name: 'a', clusterRole: 'admin', groups: ['admins'] },
      { name: 'e', clusterRole: 'edit', groups: ['extra'] },
      { name: 'v', clusterRole: 'view', people: ['jane'], serviceAccounts: ['ci'] },
    ],
  });

  test('she could join each of the groups, and act as the service account', () => {
    expect(potential(config, 'jane')).toEqual({
      joins: ['ops by ops', 'admins by ops', 'extra by extra'],
      actsAs: ['ci'],
      givenBy: ['ops by ops', 'admins by ops', 'extra by extra', 'ci by ci'],
    });
  });

  test('her roles would be those of the groups and of the service account, with the entries to change', () => {
    expect(roles(config)).toEqual([
      ['person jane', 'a by group ops: ops', 'e by group extra: ops, extra', 'v by service account ci: ops, extra, ci'],
      // The service account that keeper manages has no role.
      ['person keeper'],
    ]);
  });

  test.each([
    ['person', 'joe'],
    ['person', 'gone'],
    ['service account', 'ci'],
    // The manager of this service account is the service account itself.
    ['service account', 'bot'],
    ['members', 'kept'],
    ['members', 'jane'],
  ] as const)('%s %s could get nothing', (kind, name) => {
    // A copy of the config, for which no result is cached yet.
    expect(potential({ ...config }, name, kind)).toBeUndefined();
  });

  test('keeper cannot sign in, and could act as a service account', () => {
    expect(potential(config, 'keeper')).toEqual({ joins: [], actsAs: ['side'], givenBy: ['side by side'] });
  });
});

describe('the manager', () => {
  const managed = (managedBy: string, more: Change = {}) =>
    homelab({
      ...more,
      groups: { k8s_users: { members: ['jane', 'joe', 'ops', 'ci'] }, ops: { members: [], managedBy }, ...more.groups },
      serviceAccounts: { ci: person(5), ...more.serviceAccounts },
      grants: [{ name: 'a', clusterRole: 'admin', groups: ['ops'] }],
    });
  const whoGets = (config: Config) => roles(config).map(([actor, ...all]) => [actor, all.length]);

  test.each<[string, Change, [string, number][]]>([
    ['jane', {}, [['person jane', 1]]],
    ['ci', {}, [['service account ci', 1]]],
    [
      'devs',
      { groups: { devs: { members: ['joe', 'ci'] } } },
      [
        ['person joe', 1],
        ['service account ci', 1],
      ],
    ],
    ['devs', { groups: { devs: { members: ['inner'] }, inner: { members: ['joe'] } } }, [['person joe', 1]]],
    ['kept', { groups: { kept: {} } }, [['members kept', 1]]],
    ['devs', { groups: { devs: { members: ['kept'] }, kept: {} } }, [['members kept', 1]]],
    ['idm_people_admins', {}, [['members idm_people_admins', 1]]],
    [
      'idm_all_persons',
      {},
      [
        ['person jane', 1],
        ['person joe', 1],
        ['members idm_all_persons', 1],
      ],
    ],
    [
      'idm_all_accounts',
      {},
      [
        ['person jane', 1],
        ['person joe', 1],
        ['service account ci', 1],
        ['members idm_all_accounts', 1],
      ],
    ],
    [
      'staff',
      { groups: { staff: { members: ['idm_all_persons'] }, kept: {} } },
      [
        ['person jane', 1],
        ['person joe', 1],
        ['members kept', 1],
        ['members idm_all_persons', 1],
      ],
    ],
  ])('%s, with %j: %j', (managedBy, more, expected) => expect(whoGets(managed(managedBy, more))).toEqual(expected));

  test('of a service account gets its groups, but does not join them', () => {
    const config = managed('devs', {
      groups: { devs: { members: ['bot'] } },
      serviceAccounts: { bot: person(6, { managedBy: 'jane' }) },
    });
    expect(potential(config, 'jane')).toEqual({
      joins: ['ops by ops'],
      actsAs: ['bot'],
      givenBy: ['bot by bot', 'devs by bot', 'ops by ops'],
    });
  });
});

describe('a person who cannot sign in', () => {
  const homelabOf = (members: string[]) =>
    homelab({
      people: { keeper: person(3) },
      groups: {
        k8s_users: { members },
        keepers: { members: ['keeper'] },
        ops: { members: [], managedBy: 'keeper' },
        door: { members: [], managedBy: 'keepers' },
      },
    });
  const objects = [
    bound('own', user('u:keeper')),
    bound('others', user('u:joe')),
    bound('keepers', group('g:keepers')),
    bound('ops', group('g:ops')),
    bound('door', group('g:door')),
    bound('everybody', group('system:authenticated')),
  ];

  test('but could join a group that can, would have the roles of this group, and the own ones', () => {
    expect(roles(homelabOf(['jane', 'door']), objects)).toEqual([
      [
        'person keeper',
        'ops by group ops: ops',
        'door by group door: door',
        'keepers by group door: door',
        'own by group door: door',
      ],
    ]);
  });

  test('and could not join such a group, gets nothing', () => {
    expect(roles(homelabOf(['jane']), objects)).toEqual([['person keeper']]);
  });
});

test('a service account of another person has the roles that name it, not those of everybody', () => {
  const config = homelab({
    groups: { k8s_users: { members: ['jane', 'joe', 'ci'] } },
    serviceAccounts: { ci: person(5, { managedBy: 'jane' }), cd: person(6) },
  });
  const objects = [
    bound('ci', user('u:ci')),
    bound('cd', user('u:cd')),
    bound('jane', user('u:jane')),
    bound('everybody', group('system:authenticated')),
    bound('all', group('g:k8s_users')),
  ];
  expect(roles(config, objects)).toEqual([
    ['person jane', 'ci by service account ci: ci', 'all by service account ci: ci'],
  ]);
});

test('a chain ends where entries manage each other', () => {
  const one: Managed = { name: 'one', managedBy: 'two', kind: 'group' };
  const two: Managed = { name: 'two', managedBy: 'one', kind: 'group' };
  const givenBy = new Map([
    ['one', one],
    ['two', two],
  ]);
  expect(chainTo('one', givenBy)).toEqual([two, one]);
  expect(chainTo('three', givenBy)).toEqual([]);
});

test('nobody gets anything without a manager', () => {
  expect(roles(homelab({}))).toEqual([]);
});

test('a person who may use one of two clients signs in', () => {
  const config = configOf({
    kanidm: { version: '1.11.1', cluster: null, helm: null },
    people: { datosh: null, jane: person(1), joe: person(2) },
    groups: {
      k8s_users: { members: ['joe'] },
      web_users: { members: ['jane', 'ops'] },
      ops: { members: [], managedBy: 'jane' },
    },
    clients: {
      k8s: { preferShortUsername: true, scopes: { k8s_users: ['openid', 'groups_name'] } },
      web: {
        type: 'basic',
        landingUrl: 'https://web.example.com',
        preferShortUsername: true,
        scopes: { web_users: ['openid', 'groups_name'] },
      },
    },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        trust: ['web'],
        authentication,
        grants: [{ name: 'a', clusterRole: 'admin', groups: ['ops'] }],
      },
    },
  });
  expect(roles(config)).toEqual([['person jane', 'a by group ops: ops']]);
});

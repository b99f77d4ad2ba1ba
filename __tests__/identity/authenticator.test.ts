import { entry } from '../../lib/config/config';
import { authenticators, issuerAuthenticators, mappedClaims } from '../../lib/identity/authenticator';
import { groupClaimValues, tokenClaims } from '../../lib/identity/claims';
import { entriesOf } from '../../lib/identity/entries';
import { serverVersion } from '../../lib/identity/server-version';
import { groupNamesFrom, groupSubjects, personSubjects, userNameFrom } from '../../lib/identity/subject';
import { derivedUuid, provisionedUuid, reference, uuidOf } from '../../lib/identity/uuid';
import { configOf } from '../config';

const id = (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
const people = { jane: { displayName: 'Jane', id: id(1), mail: ['jane@example.com', 'j@example.com'] } };

function own(change: Record<string, unknown>, authentication: object) {
  const config = configOf({ ...change, clusters: { homelab: { authentication } } });
  const [authenticator] = authenticators(config, entry(config.clusters, 'homelab'));
  if (!authenticator) throw new Error('no client');
  return { config, cluster: entry(config.clusters, 'homelab'), authenticator };
}

test('the signing algorithm is that of the client', () => {
  expect(own({}, {}).authenticator.signingAlgorithm).toBe('ES256');
  const legacy = { clients: { k8s: { legacyCrypto: true } } };
  expect(own(legacy, {}).authenticator.signingAlgorithm).toBe('RS256');
});

test('all settings of a mapping reach the API server, also those of another issuer', () => {
  const mapping = {
    username: { expression: "'p:' + claims.sub" },
    groups: { claim: 'roles', prefix: 'r:' },
    requiredClaims: { hd: 'example.com' },
    uid: { claim: 'sub' },
    extra: [{ key: 'example.com/a', valueExpression: 'claims.a' }],
    claimValidationRules: [{ expression: 'claims.a == "x"', message: 'not x' }],
    userValidationRules: [{ expression: 'user.username != "y"', message: 'y' }],
  };
  const url = 'https://ci.example.com';
  const ofCi = {
    ...mapping,
    username: { expression: "'ci:' + claims.sub" },
    groups: { claim: 'roles', prefix: 'ci:' },
  };
  const config = configOf({
    clients: { k8s: { claims: { a: { values: { k8s_users: ['x'] } } } } },
    clusters: {
      homelab: {
        authentication: { method: 'structured', ...mapping, requiredClaims: { name: 'CI' } },
        issuers: { ci: { url, audiences: ['k8s'], ...ofCi } },
      },
    },
  });
  const cluster = entry(config.clusters, 'homelab');
  expect(authenticators(config, cluster)).toEqual([
    {
      client: entry(config.clients, 'k8s'),
      issuer: 'https://sso.kammel.dev/oauth2/openid/k8s',
      audience: 'k8s',
      signingAlgorithm: 'ES256',
      ...mapping,
      requiredClaims: { name: 'CI' },
      claimsByName: false,
    },
  ]);
  expect(issuerAuthenticators(cluster)).toEqual([
    { source: cluster.issuers[0], issuer: url, ...ofCi, claimsByName: false },
  ]);
  expect(issuerAuthenticators({ issuers: [], kubernetes: cluster.kubernetes })).toEqual([]);
});

test('the claims that a claim map fills are known by the URL of the issuer', () => {
  const { config, cluster } = own({ clients: { k8s: { claims: { team: { values: { k8s_users: ['a'] } } } } } }, {});
  const mapped = mappedClaims(config, cluster);
  expect(mapped('https://sso.kammel.dev/oauth2/openid/k8s')).toEqual(new Set(['team']));
  expect(mapped('https://ci.example.com')).toBeUndefined();
  const without = own({}, {});
  expect(mappedClaims(without.config, without.cluster)('https://sso.kammel.dev/oauth2/openid/k8s')).toEqual(new Set());
});

describe('a claim map with one string', () => {
  const mapped = (claim: string, join: string, scope = 'email') => ({
    clients: {
      k8s: {
        scopes: { k8s_users: ['openid', scope] },
        claims: { [claim]: { join, values: { k8s_users: ['a', 'b'] } } },
      },
    },
  });
  const structured = (claim: string) => ({ method: 'structured', groups: { claim, prefix: 'k:' } });

  test.each<[string, string, string, string | undefined]>([
    ['team', 'csv', 'email', ','],
    ['team', 'ssv', 'email', ' '],
    ['team', 'array', 'email', undefined],
    ['groups', 'csv', 'email', ','],
    ['groups', 'csv', 'groups', undefined],
    ['team', 'csv', 'groups', ','],
  ])('%s as %s with the scope %s is split at %p', (claim, join, scope, separator) => {
    expect(own(mapped(claim, join, scope), structured(claim)).authenticator.groups?.separator).toBe(separator);
  });

  test('is not split where no claim map has it, nor with flags', () => {
    expect(own({}, structured('groups')).authenticator.groups).not.toHaveProperty('separator');
    const flags = own(mapped('team', 'array'), { groups: { claim: 'team', prefix: 'k:' } });
    expect(flags.authenticator.groups).toStrictEqual({ claim: 'team', prefix: 'k:' });
    const array = own(mapped('team', 'array'), structured('team'));
    expect(array.authenticator.groups).not.toHaveProperty('separator');
    const joinedByFlags = own(mapped('groups', 'array', 'groups'), { groups: { claim: 'groups', prefix: 'k:' } });
    expect(joinedByFlags.authenticator.groups).not.toHaveProperty('separator');
  });

  test('gives each group in it', () => {
    const { authenticator, config } = own(mapped('team', 'csv'), structured('team'));
    const claims = tokenClaims(config, entry(config.people, 'datosh'), entry(config.clients, 'k8s'));
    expect(claims.team).toBe('a,b');
    expect(groupNamesFrom(authenticator, claims)).toEqual(['k:a', 'k:b']);
    const { separator: _, ...groups } = authenticator.groups as { claim: string; prefix: string; separator?: string };
    expect(groupNamesFrom({ ...authenticator, groups }, claims)).toEqual(['k:a,b']);
  });
});

test('the same list of groups has other names under another prefix', () => {
  const { authenticator, config } = own({}, { groups: { prefix: 'a:' } });
  const claims = tokenClaims(config, entry(config.people, 'datosh'), entry(config.clients, 'k8s'));
  const other = { ...authenticator, groups: { claim: 'groups', prefix: 'b:' } };
  expect(groupNamesFrom(authenticator, claims)).toEqual(['a:k8s_users@sso.kammel.dev']);
  expect(groupNamesFrom(other, claims)).toEqual(['b:k8s_users@sso.kammel.dev']);
  expect(groupNamesFrom(authenticator, claims)).toEqual(['a:k8s_users@sso.kammel.dev']);
});

test('two clusters of one config, asked in turn, each have their own names', () => {
  const other = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
  const config = configOf({
    clusters: {
      homelab: { authentication: { prefix: 'a:', groups: { prefix: 'ga:' } } },
      other: { ...other, authentication: { prefix: 'b:', groups: { prefix: 'gb:' } }, grants: [] },
    },
  });
  for (const [name, prefix] of [
    ['homelab', 'a:'],
    ['other', 'b:'],
    ['homelab', 'a:'],
  ] as const) {
    const cluster = entry(config.clusters, name);
    expect(personSubjects(config, cluster, 'datosh')).toEqual([`${prefix}7b89b6ea-1e8b-4aa8-98fb-a70cba498d16`]);
    expect(groupSubjects(config, cluster, 'k8s_users')).toEqual([`g${prefix}k8s_users@sso.kammel.dev`]);
  }
});

test('an API server that reads no groups has no names of groups', () => {
  const { config, cluster } = own({}, {});
  expect(groupSubjects(config, cluster, 'k8s_users')).toEqual([]);
});

test('an API server that reads a claim that no claim map sets has no names of groups', () => {
  const { config, cluster } = own({}, { groups: { claim: 'roles', prefix: '' } });
  expect(groupSubjects(config, cluster, 'k8s_users')).toEqual([]);
});

test('an account has the names of its claims, whatever the scopes are, and none if the config lacks them', () => {
  const change = {
    people: { jane: { displayName: 'Jane', mail: 'jane@example.com' } },
    serviceAccounts: { ci: { displayName: 'CI', id: id(9) } },
  };
  const byMail = own(change, { claim: 'email' });
  expect(personSubjects(byMail.config, byMail.cluster, 'jane')).toStrictEqual(['jane@example.com']);
  expect(personSubjects(byMail.config, byMail.cluster, 'ci')).toStrictEqual([]);
  const withoutMail = own({ people: { joe: { displayName: 'Joe', id: id(2) } } }, { claim: 'email' });
  expect(personSubjects(withoutMail.config, withoutMail.cluster, 'joe')).toStrictEqual([]);
  const byId = own(change, { prefix: 'k:' });
  expect(personSubjects(byId.config, byId.cluster, 'jane')).toStrictEqual([]);
  expect(personSubjects(byId.config, byId.cluster, 'ci')).toStrictEqual([`k:${id(9)}`]);
  const expressed = own(change, { method: 'structured', username: { expression: "'k:' + claims.sub" } });
  expect(personSubjects(expressed.config, expressed.cluster, 'jane')).toStrictEqual([]);
});

test('a token has no names if the config does not determine them', () => {
  const { config, authenticator } = own({}, { groups: { prefix: '' } });
  const claims = tokenClaims(config, entry(config.people, 'datosh'), authenticator.client);
  const differing = { expression: "has(claims.nonce) ? 'a' : 'b'" };
  expect(userNameFrom({ ...authenticator, username: differing }, claims)).toBeUndefined();
  expect(groupNamesFrom({ ...authenticator, groups: differing }, claims)).toEqual([]);
  const { groups: _, ...without } = authenticator;
  expect(groupNamesFrom(without, claims)).toEqual([]);
  expect(groupNamesFrom({ ...authenticator, groups: { claim: 'roles', prefix: '' } }, claims)).toEqual([]);
});

test('of several values that a claim map gives to a group alone, the first names it', () => {
  const values = { k8s_users: ['all', 'first', 'second'], devs: ['all'] };
  const { config, cluster } = own(
    { groups: { devs: {} }, clients: { k8s: { claims: { team: { values } } } } },
    { groups: { claim: 'team', prefix: '' } },
  );
  expect(groupSubjects(config, cluster, 'k8s_users')).toEqual(['first']);
});

test('a value that a claim map gives to two groups names neither; a group without one has no name', () => {
  const values = { k8s_users: ['all'], devs: ['all'] };
  const { config, cluster } = own(
    { groups: { devs: {}, ops: {} }, clients: { k8s: { claims: { team: { values } } } } },
    { groups: { claim: 'team', prefix: '' } },
  );
  for (const group of ['k8s_users', 'devs', 'ops']) expect(groupSubjects(config, cluster, group)).toEqual([]);
});

describe('a token', () => {
  const scoped = (scopes: object, more: object = {}) =>
    configOf({
      people,
      serviceAccounts: { ci: { displayName: 'CI', id: id(9) } },
      groups: { k8s_users: { members: ['datosh', 'jane', 'ci'] }, ...more },
      clients: { k8s: { scopes } },
    });
  const claimsOf = (config: ReturnType<typeof configOf>, kind: 'people' | 'serviceAccounts', name: string) =>
    tokenClaims(
      config,
      kind === 'people' ? entry(config.people, name) : entry(config.serviceAccounts, name),
      entry(config.clients, 'k8s'),
    );

  test('has the first mail address, and none without the scope', () => {
    expect(claimsOf(scoped({ k8s_users: ['openid', 'email'] }), 'people', 'jane')).toMatchObject({
      email: 'jane@example.com',
      email_verified: true,
    });
    expect(claimsOf(scoped({ k8s_users: ['openid'] }), 'people', 'jane')).not.toHaveProperty('email');
  });

  test('has an unknown mail address if the config has none', () => {
    const config = configOf({
      people: { jane: { displayName: 'Jane', id: id(1) } },
      groups: { k8s_users: { members: ['datosh', 'jane'] } },
      clients: { k8s: { scopes: { k8s_users: ['openid', 'email', 'groups'] } } },
    });
    expect(claimsOf(config, 'people', 'jane')).toStrictEqual({
      iss: 'https://sso.kammel.dev/oauth2/openid/k8s',
      aud: 'k8s',
      sub: id(1),
      preferred_username: 'jane@sso.kammel.dev',
      name: 'Jane',
      email: undefined,
      email_verified: undefined,
      groups: ['k8s_users@sso.kammel.dev'],
    });
  });

  test.each<[object, string[], string[] | undefined]>([
    [{ k8s_users: ['openid'] }, [], undefined],
    [{ k8s_users: ['openid'], kept: ['openid', 'email', 'groups_name'] }, ['email'], ['k8s_users']],
    [
      { k8s_users: ['openid', 'groups_name'], kept: ['openid', 'groups_spn'] },
      [],
      ['k8s_users@sso.kammel.dev', 'k8s_users'],
    ],
    [{ k8s_users: ['openid'], none: ['openid', 'email', 'groups_name'] }, [], undefined],
  ])(
    'with the scopes %j has the claims of groups that only Kanidm knows, and of no other group',
    (scopes, mail, groups) => {
      const config = configOf({
        kanidm: { version: '1.11' },
        people,
        groups: { k8s_users: { members: ['datosh', 'jane'] }, kept: {}, none: { members: [] } },
        clients: { k8s: { scopes } },
      });
      const claims = claimsOf(config, 'people', 'jane');
      expect(Object.keys(claims).filter((claim) => claim === 'email')).toEqual(mail);
      expect(claims.groups).toEqual(groups);
    },
  );

  test.each<[string[], string[], string[]]>([
    [['groups_name'], ['groups_spn'], ['team@sso.kammel.dev', 'team']],
    [['groups'], ['groups_spn', 'groups_name', 'groups_uuid'], [id(7), 'team@sso.kammel.dev', 'team']],
    [['groups_name'], ['email'], ['team']],
  ])('with the scopes %j and the supplementary scopes %j has each group as %j', (scopes, more, expected) => {
    const config = configOf({
      kanidm: { version: '1.11' },
      people,
      groups: { team: { id: id(7), members: ['jane'] }, other: { members: [] } },
      clients: {
        k8s: {
          scopes: { team: ['openid', ...scopes] },
          supplementaryScopes: { team: more, other: ['groups_uuid'] },
        },
      },
    });
    expect(claimsOf(config, 'people', 'jane').groups).toEqual(expected);
  });

  test('has the supplementary scopes of a group that only Kanidm knows', () => {
    const config = configOf({
      people,
      groups: { kept: {} },
      clients: { k8s: { supplementaryScopes: { kept: ['email'] } } },
    });
    expect(claimsOf(config, 'people', 'jane')).toHaveProperty('email', 'jane@example.com');
  });

  test('of an account that the config does not have has no groups', () => {
    const config = scoped({ idm_all_persons: ['openid', 'groups'] });
    const nobody = { ...entry(config.people, 'jane'), name: 'nobody' };
    expect(tokenClaims(config, nobody, entry(config.clients, 'k8s')).groups).toEqual([]);
  });

  test('of a service account can have a mail address, which only Kanidm knows', () => {
    const claims = (scopes: string[]) => claimsOf(scoped({ k8s_users: scopes }), 'serviceAccounts', 'ci');
    expect(claims(['openid', 'email'])).toHaveProperty('email', undefined);
    expect(claims(['openid'])).not.toHaveProperty('email');
  });

  test('of a service account has what idm_all_accounts has, and not what idm_all_persons has', () => {
    const claims = {
      where: { values: { idm_all_accounts: ['accounts'], idm_all_persons: ['persons'] } },
    };
    const config = configOf({
      people,
      serviceAccounts: { ci: { displayName: 'CI', id: id(9) } },
      groups: { k8s_users: { members: ['datosh', 'ci'] } },
      clients: { k8s: { claims } },
    });
    expect(claimsOf(config, 'serviceAccounts', 'ci').where).toEqual(['accounts']);
    expect(claimsOf(config, 'people', 'jane').where).toEqual(['accounts', 'persons']);
  });

  test('has the values of a claim map once, sorted, and no claim without values', () => {
    const config = configOf({
      people,
      groups: { k8s_users: { members: ['datosh', 'jane'] }, a: { members: ['jane'] }, b: { members: ['jane'] } },
      clients: { k8s: { claims: { team: { values: { a: ['z', 'x'], b: ['x', 'y'] } } } } },
    });
    expect(claimsOf(config, 'people', 'jane').team).toEqual(['x', 'y', 'z']);
    expect(claimsOf(config, 'people', 'datosh')).not.toHaveProperty('team');
  });
});

test('the entries of a config come with their kinds, in the order in which they are created', () => {
  const config = configOf({ people, serviceAccounts: { ci: { displayName: 'CI', id: id(9) } } });
  expect([...entriesOf(config)].map(({ kind, entry: { name } }) => `${kind} ${name}`)).toEqual([
    'person datosh',
    'person jane',
    'service account ci',
    'group k8s_users',
    'client k8s',
  ]);
});

describe('an entry that migrations create', () => {
  const migrated = configOf({
    kanidm: { provision: 'migrations', version: '1.11' },
    people: { jane: { displayName: 'Jane' } },
    groups: { devs: {} },
    serviceAccounts: { ci: { displayName: 'CI' } },
  });

  test.each(['jane', 'devs', 'ci'])('%s is referred to by its UUID', (name) => {
    expect(reference(migrated, name)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/);
  });

  test('and the others by their names: built-in groups, and clients, which are no members', () => {
    expect(reference(migrated, 'idm_admins')).toBe('idm_admins');
    expect(reference(migrated, 'k8s')).toBe('k8s');
  });

  test('has a UUID of its own kind and incarnation', () => {
    const group = entry(migrated.groups, 'devs');
    const uuids = [
      provisionedUuid(migrated, 'group', group),
      provisionedUuid(migrated, 'group', { ...group, incarnation: 2 }),
      provisionedUuid(migrated, 'group', { ...group, incarnation: 3 }),
    ];
    expect(uuids).toEqual([
      '485265bf-de58-5b73-9a6f-b11f4bceca67',
      '0c2091ea-13c6-5e3b-bacc-18557059305e',
      '361dd39b-810e-5736-be4d-20e182e7eab2',
    ]);
    expect(uuidOf(migrated, 'client', entry(migrated.clients, 'k8s'))).toBe('32aceb4a-14c7-54f2-a229-26fbc5e9c8d1');
    expect(derivedUuid('idm.example.com', 'client', 'datosh')).toBe('68686be1-df20-5dbc-a430-b7daf5a06460');
  });

  test('has it in the token', () => {
    const claims = tokenClaims(migrated, entry(migrated.people, 'jane'), entry(migrated.clients, 'k8s'));
    expect(claims.sub).toBe('0632b83e-a8ad-5807-beac-8adf0210adb2');
    expect(groupClaimValues(migrated, 'groups', 'devs')).toEqual([
      '485265bf-de58-5b73-9a6f-b11f4bceca67',
      'devs@sso.kammel.dev',
    ]);
  });

  test('has none elsewhere', () => {
    const config = configOf({ people: { jane: { displayName: 'Jane' } } });
    expect(() => provisionedUuid(config, 'person', entry(config.people, 'jane'))).toThrow(
      'people.jane: internal error: no UUID, because Kaniflux derives UUIDs only for migrations',
    );
  });
});

const version = (major: number, minor: number, patch: number) => expect.objectContaining({ major, minor, patch });
test.each<[string, object, unknown]>([
  ['the version of the config', { version: { major: 1, minor: 10, patch: 2 }, manifests: {} }, version(1, 10, 2)],
  ['that of the manifests', { manifests: {} }, version(1, 11, 1)],
  [
    'that of the chart',
    { helm: { repository: 'https://datosh.github.io/kanidm/', chart: 'kanidm', version: '0.1.2' } },
    version(1, 4, 5),
  ],
  [
    'none of another chart',
    { helm: { repository: 'https://a.example.com', chart: 'kanidm', version: '1' } },
    undefined,
  ],
  ['none where Kanidm runs elsewhere', {}, undefined],
])('the version of Kanidm is %s', (_name, kanidm, expected) => {
  const elsewhere = { ...configOf().kanidm, version: undefined, helm: undefined, manifests: undefined };
  expect(serverVersion(Object.assign(elsewhere, kanidm))).toEqual(expected);
});

describe('groups that an expression names', () => {
  const named = (expression: string, change: Record<string, unknown>, group: string) => {
    const groups = { devs: { members: [] }, ops: { members: [] } };
    const { config, cluster } = own({ groups, ...change }, { method: 'structured', groups: { expression } });
    return groupSubjects(config, cluster, group);
  };
  const mapped = (join: string) => ({
    clients: { k8s: { claims: { team: { join, values: { devs: ['a', 'x'], ops: ['b', 'x'] } } } } },
  });

  test('are those of the scope', () => {
    const expression = 'dyn(claims.groups).map(g, "k:" + g)';
    expect(named(expression, {}, 'devs')).toEqual(['k:devs@sso.kammel.dev']);
    expect(named(expression, {}, 'k8s_users')).toEqual(['k:k8s_users@sso.kammel.dev']);
  });

  test.each([
    ['array', 'dyn(claims.team).map(g, "t:" + g)'],
    ['csv', 'claims.team.split(",").map(g, "t:" + g)'],
  ])('are those of a claim map with %s, but not one of two groups', (join, expression) => {
    expect(named(expression, mapped(join), 'devs')).toEqual(['t:a']);
    expect(named(expression, mapped(join), 'ops')).toEqual(['t:b']);
    expect(named(expression, mapped(join), 'k8s_users')).toEqual([]);
  });

  test('are the UUIDs if the expression leaves out the other values', () => {
    const expression = 'dyn(claims.groups).filter(g, !g.contains("@"))';
    expect(named(expression, { groups: { devs: { id: id(7) } } }, 'devs')).toEqual([id(7)]);
  });

  test('are those that stand for having a claim at all', () => {
    const claims = { team: { values: { devs: ['a'] } } };
    const expression = 'has(claims.team) ? ["member"] : ["other"]';
    expect(named(expression, { clients: { k8s: { claims } } }, 'devs')).toEqual(['member']);
  });

  test('are not those that every token has, even if there is only one group', () => {
    const { config, cluster } = own(
      {},
      { method: 'structured', groups: { expression: 'dyn(claims.groups).map(g, "k:" + g) + ["all"]' } },
    );
    expect(groupSubjects(config, cluster, 'k8s_users')).toEqual(['k:k8s_users@sso.kammel.dev']);
  });

  test.each([
    'dyn(claims.groups).map(g, g + claims.name)',
    'dyn(claims.groups).map(g, g + claims.preferred_username)',
    'dyn(claims.groups).map(g, g + claims.sub)',
    'has(claims.email) ? dyn(claims.groups) : []',
    'has(claims.email_verified) ? dyn(claims.groups) : []',
    'has(claims.nonce) ? ["a"] : dyn(claims.groups)',
  ])('are unknown for %s, because people differ in it', (expression) => {
    expect(named(expression, {}, 'devs')).toEqual([]);
  });
});

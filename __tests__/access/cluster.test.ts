import { builtInRbac, clusterAccess, groupOf } from '../../lib/access/cluster';
import { holders } from '../../lib/access/holders';
import { principals, wayInto } from '../../lib/access/principals';
import { entry } from '../../lib/config/config';
import { configOf } from '../config';

const person = (i: number, more: object = {}) => ({
  displayName: `P${i}`,
  id: `00000000-0000-4000-8000-00000000000${i}`,
  ...more,
});
const authentication = { method: 'structured', claim: 'preferred_username', prefix: 'u:', groups: { prefix: 'g:' } };

/** Tokens have short user names and short group names. */
const homelab = (groups: object, more: { cluster?: object; client?: object } = {}) => {
  const config = configOf({
    kanidm: { version: '1.11.1', cluster: null, helm: null },
    people: { datosh: null, jane: person(1), joe: person(2), gone: person(4, { absent: true }) },
    serviceAccounts: { ci: person(5), idle: person(6), old: person(7, { absent: true }) },
    groups: {
      k8s_users: { members: ['jane', 'devs'] },
      devs: { members: ['ci'] },
      removed: { absent: true },
      ...groups,
    },
    clients: { k8s: { preferShortUsername: true, scopes: { k8s_users: ['openid', 'groups_name'] }, ...more.client } },
    clusters: { homelab: { kubernetes: '1.34', authentication, grants: [], ...more.cluster } },
  });
  return { config, cluster: entry(config.clusters, 'homelab') };
};
const seen = (kind: string, name: string, groups: string[], user?: string) => ({
  kind,
  name,
  client: 'k8s',
  groups,
  ...(user === undefined ? {} : { user }),
});

describe('the principals of a cluster', () => {
  test('are the accounts that can sign in', () => {
    const { config, cluster } = homelab({});
    expect(principals(config, cluster)).toStrictEqual([
      seen('person', 'jane', ['g:k8s_users'], 'u:jane'),
      seen('service account', 'ci', ['g:devs', 'g:k8s_users'], 'u:ci'),
    ]);
  });

  const groups = {
    devs: { members: ['ci', 'kept', 'idm_all_persons'] },
    kept: {},
    leads: { members: ['devs'] },
    staff: { members: ['idm_all_accounts'] },
  };

  test('include groups whose members only Kanidm knows, and accounts that could be in them', () => {
    const { config, cluster } = homelab(groups);
    const all = ['g:devs', 'g:k8s_users', 'g:leads', 'g:staff'];
    expect(principals(config, cluster)).toStrictEqual([
      seen('person', 'jane', all, 'u:jane'),
      seen('person', 'joe', all, 'u:joe'),
      seen('service account', 'ci', all, 'u:ci'),
      seen('service account', 'idle', ['g:staff'], 'u:idle'),
      seen('members', 'kept', ['g:kept', ...all]),
      seen('members', 'idm_all_accounts', expect.arrayContaining(['g:staff'])),
      seen('members', 'idm_all_persons', all),
    ]);
  });

  test('have the groups of a claim map, each once', () => {
    const values = { kept: ['k'], devs: ['d', 'k'], staff: ['s'], idm_all_persons: ['p'], k8s_users: ['u'] };
    const { config, cluster } = homelab(groups, {
      client: { claims: { roles: { join: 'array', values }, other: { join: 'array', values: { kept: ['x'] } } } },
      cluster: { authentication: { ...authentication, groups: { claim: 'roles', prefix: 'r:' } } },
    });
    const members = principals(config, cluster).filter(({ kind }) => kind === 'members');
    expect(members).toStrictEqual([
      seen('members', 'kept', ['r:k', 'r:d', 'r:u', 'r:s']),
      seen('members', 'idm_all_accounts', expect.arrayContaining(['r:s'])),
      seen('members', 'idm_all_persons', ['r:p', 'r:d', 'r:k', 'r:u', 'r:s']),
    ]);
  });

  test('are other ones on a cluster that reads tokens in another way', () => {
    const { config, cluster } = homelab({}, { cluster: {} });
    const other = { ...cluster, authentication: { ...cluster.authentication, prefix: 'other:' } };
    expect(principals(config, cluster).map(({ user }) => user)).toEqual(['u:jane', 'u:ci']);
    expect(principals(config, other).map(({ user }) => user)).toEqual(['other:jane', 'other:ci']);
  });
});

describe('the way into a group', () => {
  const { config } = homelab({
    a: { members: ['jane'] },
    b: { members: ['a'] },
    c: { members: ['b', 'short'] },
    d: { members: ['c'] },
    short: { members: ['jane'] },
    staff: { members: ['idm_all_persons'] },
    all: { members: ['staff'] },
  });
  test.each<[string, string, string[]]>([
    ['jane', 'a', ['a']],
    ['jane', 'b', ['a', 'b']],
    ['jane', 'c', ['short', 'c']],
    ['jane', 'd', ['short', 'c', 'd']],
    ['jane', 'all', ['idm_all_persons', 'staff', 'all']],
    ['a', 'a', ['a']],
    ['a', 'c', ['b', 'c']],
    ['joe', 'staff', ['idm_all_persons', 'staff']],
  ])('from %s to %s is %j', (name, group, way) => expect(wayInto(config, name, group)).toEqual(way));
});

describe('the holders of the roles', () => {
  const group = (name: string) => ({ kind: 'Group', name });
  const user = (name: string) => ({ kind: 'User', name });
  const binding = (subjects: object[] | undefined) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects,
  });
  const { config, cluster } = homelab(
    {
      devs: { members: ['ci', 'idle', 'jane', 'joe'] },
      kept: {},
      leads: { members: ['kept'] },
      k8s_users: { members: ['jane', 'ci'] },
    },
    { cluster: { grants: [{ name: 'b', clusterRole: 'view', groups: ['devs', 'kept', 'leads'], people: ['jane'] }] } },
  );
  // In a valid config, no grant names somebody who cannot sign in. So the grants are changed here.
  const grants = cluster.grants.map((one) => ({ ...one, people: ['jane', 'joe'], serviceAccounts: ['ci', 'idle'] }));
  const incomplete = { ...binding([user('u:jane')]), roleRef: undefined };
  const held = (...subjects: object[]) =>
    holders(config, { ...cluster, grants }, [incomplete, binding(subjects), binding(undefined)]).map(
      ({ kind, name, way }) => [kind, name, way],
    );

  test('are people and service accounts that can sign in', () => {
    expect(held(user('u:jane'), user('u:joe'), user('u:ci'), user('u:idle'))).toEqual([
      ['person', 'jane', []],
      ['service account', 'ci', []],
    ]);
  });

  test('are the members of a group that can sign in', () => {
    expect(held(group('g:devs'))).toEqual([
      ['person', 'jane', ['devs']],
      ['service account', 'ci', ['devs']],
    ]);
  });

  test('are groups whose members only Kanidm knows', () => {
    expect(held(group('g:leads'), group('g:kept'))).toEqual([
      ['members', 'kept', ['leads']],
      ['members', 'kept', ['kept']],
    ]);
  });

  test('are subjects that are not in the config', () => {
    expect(held(user('g:devs'), group('u:jane'), user('u:datosh'), group('g:k8s_users'))).toEqual([
      ['stranger', 'user g:devs', []],
      ['stranger', 'group u:jane', []],
      ['stranger', 'user u:datosh', []],
      ['stranger', 'group g:k8s_users', []],
    ]);
  });
});

describe('the access on a cluster', () => {
  const { config, cluster } = homelab({});
  const access = clusterAccess(config, cluster, []);

  // One test, because the owners are collected at the first question.
  test('knows the owners of names', () => {
    const subjects: [string, string, string?, string?][] = [
      ['User', 'u:jane', 'person', 'jane'],
      ['User', 'u:ci', 'service account', 'ci'],
      ['Group', 'g:devs', 'group', 'devs'],
      ['User', 'g:devs'],
      ['Group', 'u:jane'],
      ['User', 'jane'],
    ];
    for (const [kind, name, ownerKind, owner] of subjects) {
      const expected = owner === undefined ? undefined : { kind: ownerKind, name: owner };
      expect(access.ownerOf({ kind, name })).toEqual(expected);
      expect(groupOf(access, { kind, name })).toBe(ownerKind === 'group' ? owner : undefined);
    }
  });

  const controller = { kind: 'ServiceAccount', name: 'kustomize-controller', namespace: 'flux-system' };
  const bound = (subjects: object[] | undefined, name = 'crd-controller-flux-system', namespace?: string) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects,
  });
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'r' }, rules: [] };
  test.each<[string, object[], boolean]>([
    ['no object', [], true],
    ['a role', [role], true],
    ['a binding of a controller of Flux', [role, bound([{ kind: 'User', name: 'x' }, controller])], false],
    ['a binding of the Helm controller', [bound([{ ...controller, name: 'helm-controller' }])], false],
    ['a binding of another installation', [bound([controller], 'cluster-reconciler')], false],
    ['a further binding of a controller', [bound([controller], 'more')], true],
    ['a further binding in a namespace', [bound([controller], 'crd-controller', 'flux-system')], true],
    [
      'a controller of the same name of another program',
      [bound([{ ...controller, name: 'helm-controller', namespace: 'helm-controller' }], 'helm-controller')],
      true,
    ],
    ['a binding of a user', [bound([{ ...controller, kind: 'User' }])], true],
    ['a binding of another controller', [bound([{ ...controller, name: 'source-controller' }])], true],
    ['a binding of nobody', [bound(undefined)], true],
  ])('with %s: the usual rights of Flux are assumed: %p', (_name, objects, assumed) => {
    const { bindings } = clusterAccess(config, cluster, objects).authorizer;
    const names = bindings.map(({ metadata }) => metadata.name);
    expect(names.includes('cluster-reconciler-flux-system')).toBe(assumed);
    expect(names).toContain('system:basic-user');
  });

  test('has no built-in objects if the objects include them', () => {
    expect(clusterAccess(config, cluster, [role], true).authorizer.bindings).toEqual([]);
  });

  test('shares the built-in objects of clusters with one version and namespace of Flux', () => {
    const source = { ...cluster.flux.source, namespace: 'gitops' };
    const elsewhere = { ...cluster, flux: { ...cluster.flux, source } };
    expect(builtInRbac({ ...cluster })).toBe(builtInRbac(cluster));
    expect(builtInRbac(elsewhere).map(({ metadata }) => metadata.name)).toContain('cluster-reconciler-gitops');
  });

  test.each<[object | undefined, boolean]>([
    [undefined, false],
    [{ noCrossNamespaceRefs: true }, false],
    [{ noCrossNamespaceRefs: true, defaultServiceAccount: 'default' }, true],
  ])('with the lockdown %j: Flux is limited in a namespace: %p', (lockdown, limited) => {
    const locked = homelab({}, { cluster: { flux: lockdown ? { lockdown } : {} } });
    const { authorizer } = clusterAccess(locked.config, locked.cluster, []);
    expect(authorizer.limits('web').limitsFlux).toBe(limited ? true : undefined);
  });

  test.each([
    ['1.34', { ignoresConstrained: true }],
    ['1.35', { execNeedsCreate: true, ignoresConstrained: true }],
    ['1.36', { execNeedsCreate: true }],
    ['1.37', { execNeedsCreate: true }],
  ])('of Kubernetes %s limits roles in a namespace and in the whole cluster to %j', (kubernetes, limits) => {
    const one = homelab({}, { cluster: { kubernetes } });
    const { authorizer } = clusterAccess(one.config, one.cluster, []);
    expect(authorizer.limits('web')).toStrictEqual(limits);
    expect(authorizer.limits(undefined)).toStrictEqual(limits);
  });
});

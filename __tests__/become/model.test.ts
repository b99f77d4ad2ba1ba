import { superusers } from '../../lib/access/authorizer';
import type { PolicyRule } from '../../lib/access/objects';
import {
  accountFact,
  conditionFact,
  everyRule,
  identityFact,
  rightsFact,
  serviceAccountFact,
  superuserFact,
  writtenRolesFact,
} from '../../lib/become/fact';
import { type Goal, goalOf, reaches } from '../../lib/become/goal';
import { IdentityRights, isWhole } from '../../lib/become/identity-rights';
import { onlyRequests } from '../../lib/become/only-requests';
import { podSecurityOf } from '../../lib/become/pod-security';
import { Reached } from '../../lib/become/reached';
import { worldOf, worldWith } from '../../lib/become/world';
import { type Cluster, entry } from '../../lib/config/config';
import { configOf } from '../config';
import { boss, grant, rule, rules, user, world } from './small-world';

const heldBy = (texts: readonly PolicyRule[], namespace?: string) => rightsFact(texts, namespace, 'r').held;

describe('a fact', () => {
  test('has a key that tells it from others', () => {
    const only = (texts: string[], namespace?: string) => [heldBy(rules(...texts), namespace)];
    const facts = [
      accountFact({ kind: 'person', name: 'a' }),
      accountFact({ kind: 'members', name: 'a' }),
      accountFact({ kind: 'person', name: 'b' }),
      identityFact({ user: 'a', groups: [] }, ''),
      identityFact({ user: 'a', groups: ['g'] }, ''),
      identityFact({ user: 'a', groups: ['g', 'h'] }, ''),
      identityFact({ user: 'a', groups: ['gh'] }, ''),
      identityFact({ groups: ['g'] }, ''),
      identityFact({ user: 'a', groups: [] }, '', { impersonated: true }),
      identityFact({ user: 'a', groups: [] }, '', { impersonated: true, only: only(['get pods']) }),
      identityFact({ user: 'a', groups: [] }, '', { impersonated: true, only: only(['get pods'], 'web') }),
      identityFact({ user: 'a', groups: [] }, '', { impersonated: true, only: only(['list pods']) }),
      rightsFact(rules('get pods'), undefined, ''),
      rightsFact(rules('get pods'), 'web', ''),
      rightsFact(rules('list pods'), 'web', ''),
      conditionFact('node', ''),
      conditionFact('token-secrets', '', 'web'),
      conditionFact('token-secrets', '', 'db'),
      writtenRolesFact({ role: 'Role', isNew: false }),
      writtenRolesFact({ role: 'Role', isNew: true }),
      writtenRolesFact({ role: 'ClusterRole', isNew: true }),
      writtenRolesFact({ role: 'Role', namespace: 'web', isNew: false }),
      writtenRolesFact({ role: 'Role', names: ['a', 'b'], isNew: false }),
      writtenRolesFact({ role: 'Role', names: ['ab'], isNew: false }),
    ];
    expect(new Set(facts.map(({ key }) => key)).size).toBe(facts.length);
  });

  test('of an identity does not depend on the order of its groups', () => {
    const [one, other] = [
      ['a', 'b'],
      ['b', 'a'],
    ].map((groups) => identityFact({ user: 'u', groups }, 'u').key);
    expect(one).toBe(other);
  });

  test('of an identity has the user, and the requests to which it is limited', () => {
    expect(serviceAccountFact('web', 'ci')).toStrictEqual({
      kind: 'identity',
      key: expect.any(String),
      words: 'the service account web/ci',
      who: {
        user: 'system:serviceaccount:web:ci',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:web'],
      },
      impersonated: false,
    });
    const only = [heldBy(everyRule)];
    expect(identityFact({ groups: [] }, 'x', { impersonated: true, only })).toMatchObject({ impersonated: true, only });
    expect(superuserFact('x').who).toEqual({ user: 'kubernetes-admin', groups: [superusers] });
  });

  test('of rights is a role in the form of a binding', () => {
    expect(rightsFact(rules('get pods'), 'web', 'the pods').held).toStrictEqual({
      binding: {
        kind: 'RoleBinding',
        metadata: { name: 'the pods', namespace: 'web' },
        roleRef: { kind: 'ClusterRole', name: 'the pods' },
      },
      subject: { kind: 'User', name: '' },
      rules: rules('get pods'),
      namespace: 'web',
    });
    expect(rightsFact([], undefined, 'all').held).toStrictEqual({
      binding: {
        kind: 'ClusterRoleBinding',
        metadata: { name: 'all' },
        roleRef: { kind: 'ClusterRole', name: 'all' },
      },
      subject: { kind: 'User', name: '' },
      rules: [],
    });
  });

  test.each([
    [{ role: 'Role', isNew: false }, 'the rules of every Role'],
    [{ role: 'Role', namespace: 'web', isNew: false }, 'the rules of every Role in namespace web'],
    [{ role: 'ClusterRole', names: ['a', 'b'], isNew: false }, 'the rules of ClusterRole a, b'],
    [{ role: 'ClusterRole', names: ['a'], isNew: true }, 'a new role ClusterRole a'],
  ] as const)('of written roles %j: %s', (roles, words) => {
    expect(writtenRolesFact(roles)).toStrictEqual({
      kind: 'written-roles',
      key: expect.any(String),
      words,
      ...roles,
    });
  });

  test('of a condition has its namespace', () => {
    expect(conditionFact('node', 'n')).toStrictEqual({ kind: 'node', key: 'node\n', words: 'n' });
    expect(conditionFact('node', 'n', 'web')).toStrictEqual({
      kind: 'node',
      key: 'node\nweb',
      words: 'n',
      namespace: 'web',
    });
  });
});

describe('a goal', () => {
  test.each<[string, Goal]>([
    ['cluster-admin', 'everything'],
    ['everything', 'everything'],
    [' cluster-admin ', 'everything'],
    ['delete secrets', { verb: 'delete', group: '', resource: 'secrets' }],
    ['  delete   secrets in prod ', { verb: 'delete', group: '', resource: 'secrets', namespace: 'prod' }],
    ['spin widgets', { verb: 'spin', group: 'example.com', resource: 'widgets' }],
    [
      'bind clusterroles in prod',
      { verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles', namespace: 'prod' },
    ],
  ])('%j', (text, goal) => {
    const known = { verbs: ['spin'], apiGroups: ['example.com'], resources: ['widgets'] };
    expect(goalOf(text, [known])).toStrictEqual(goal);
  });

  const malformed = (text: string) =>
    `\`${text}\` is not a right: write \`cluster-admin\`, or a right such as \`delete secrets in prod\``;
  test.each([
    ['', malformed('')],
    ['delete', malformed('delete')],
    ['delete secrets on prod', malformed('delete secrets on prod')],
    ['delete secrets in', malformed('delete secrets in')],
    ['delete secrets in prod now', malformed('delete secrets in prod now')],
    ['approve signers in prod', 'a request to `approve signers` has no namespace: remove `in prod`'],
    [
      'delete secrets in PROD',
      '`PROD` cannot be the name of a namespace, which consists of lower-case letters, digits and `-`, beginning and ending with a letter or digit, 63 characters at most',
    ],
    ['dlete secrets', 'there is no verb `dlete`: write `delete`'],
    ['get widgets', 'several API groups have `widgets`: use one of `widgets.example.com`, `widgets.example.org`'],
  ])('%j is refused', (text, message) => {
    const widgets = { verbs: ['get'], apiGroups: ['example.com', 'example.org'], resources: ['widgets'] };
    expect(() => goalOf(text, [widgets])).toThrow(new Error(message));
  });

  test('is reached by a role, by an identity, and without a role by a superuser', () => {
    const reached = new Reached(world({ objects: [...boss('web'), ...grant('jane', { rules: rules('get pods') })] }));
    const get: Goal = { verb: 'get', group: '', resource: 'pods' };
    const at = (fact: Parameters<typeof reaches>[1], goal: Goal) => {
      const found = reaches(reached, fact, goal);
      return found && (found.by?.held.binding.metadata.name ?? 'no role');
    };
    expect(at(user('jane'), get)).toBe('jane-everywhere');
    expect(at(user('jane'), 'everything')).toBeUndefined();
    expect(at(serviceAccountFact('web', 'boss'), 'everything')).toBe('web-boss-everywhere');
    expect(at(rightsFact(everyRule, undefined, 'all'), 'everything')).toBe('all');
    expect(at(rightsFact(everyRule, 'web', 'all'), 'everything')).toBeUndefined();
    expect(at(superuserFact('x'), get)).toBe('no role');
    expect(at(conditionFact('node', 'n'), get)).toBeUndefined();
    expect(at(accountFact({ kind: 'person', name: 'jane' }), get)).toBeUndefined();
  });
});

describe('the rights of an identity', () => {
  const wide = heldBy([rule('get pods'), rule('list secrets b,a'), rule('list secrets a,c')]);
  const inWeb = heldBy([rule('get secrets'), rule('create configmaps new'), rule('patch configmaps new')], 'web');
  const rights = new IdentityRights({ groups: [] }, [{ held: wide }, { held: inWeb, from: 'x' }]);

  test('are limited to the names and the namespace of a role', () => {
    expect(rights.allowed(['list', '', 'secrets'])).toStrictEqual([
      { held: wide, right: { verb: 'list', group: '', resource: 'secrets' }, names: ['b', 'a', 'c'] },
    ]);
    expect(rights.allowed(['get', '', 'secrets'])).toStrictEqual([
      {
        held: inWeb,
        right: { verb: 'get', group: '', resource: 'secrets', namespace: 'web' },
        from: 'x',
        namespace: 'web',
      },
    ]);
    expect(
      rights
        .any([
          ['get', '', 'pods'],
          ['get', '', 'secrets'],
        ])
        .map(({ right }) => right.resource),
    ).toEqual(['pods', 'secrets']);
    expect(rights.allowed(['delete', '', 'pods'])).toEqual([]);
    const all = new IdentityRights({ groups: [] }, [{ held: heldBy([rule('get pods a'), rule('get pods')]) }]);
    expect(all.allowed(['get', '', 'pods'])[0]).not.toHaveProperty('names');
    expect(all.allowed(['get', '', 'pods/log'])).toEqual([]);
  });

  test.each<[string, string, string | undefined, string | undefined, boolean]>([
    ['get', 'pods', undefined, undefined, true],
    ['get', 'pods', 'web', 'a', true],
    ['get', 'secrets', 'web', undefined, true],
    ['get', 'secrets', 'db', undefined, false],
    ['get', 'secrets', undefined, undefined, false],
    ['list', 'secrets', 'web', 'a', true],
    ['list', 'secrets', 'web', 'x', false],
    ['list', 'secrets', 'web', undefined, false],
  ])('%s %s in %s, named %s: %p', (verb, resource, namespace, name, expected) => {
    expect(rights.can([verb, '', resource], namespace, name) !== undefined).toBe(expected);
    expect(rights.passes([verb, '', resource], namespace, name) !== undefined).toBe(expected);
  });

  test('inside a request are those of all roles, also if the requests are limited', () => {
    const limited = new IdentityRights({ groups: [superusers] }, [{ held: wide }], [{ held: wide }, { held: inWeb }]);
    expect(limited.can(['get', '', 'secrets'], 'web')).toBeUndefined();
    expect(limited.passes(['get', '', 'secrets'], 'web')).toBeDefined();
    expect(limited.isSuperuser).toBe(false);
    expect(new IdentityRights({ groups: [superusers] }, []).isSuperuser).toBe(true);
    expect(rights.isSuperuser).toBe(false);
  });

  test('create objects of some names only together with patch', () => {
    expect(rights.creates('', 'configmaps')).toMatchObject([{ names: ['new'], namespace: 'web' }]);
    const without = new IdentityRights({ groups: [] }, [{ held: heldBy([rule('create configmaps new')]) }]);
    expect(without.creates('', 'configmaps')).toEqual([]);
    const other = new IdentityRights({ groups: [] }, [
      { held: heldBy([rule('create configmaps a,b'), rule('patch configmaps b')]) },
    ]);
    expect(other.creates('', 'configmaps')).toMatchObject([{ names: ['b'] }]);
    const any = new IdentityRights({ groups: [] }, [{ held: heldBy([rule('create configmaps')]) }]);
    expect(any.creates('', 'configmaps')).toHaveLength(1);
  });

  test('are whole with every verb on every resource in the whole cluster', () => {
    const whole = (held: typeof wide) => new IdentityRights({ groups: [] }, [{ held: wide }, { held, from: 'y' }]);
    const held = heldBy(everyRule);
    const all = whole(held);
    expect(all.whole).toStrictEqual({ right: { verb: '*', group: '*', resource: '*' }, held, from: 'y' });
    expect(all.whole).toBe(all.whole);
    expect(whole(heldBy(everyRule, 'web')).whole).toBeUndefined();
    expect(rights.whole).toBeUndefined();
    expect(rights.whole).toBeUndefined();
  });

  test.each<[PolicyRule, boolean]>([
    [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, true],
    [{ verbs: ['get', '*'], apiGroups: ['', '*'], resources: ['pods', '*'], resourceNames: [] }, true],
    [{ verbs: ['get'], apiGroups: ['*'], resources: ['*'] }, false],
    [{ verbs: ['*'], apiGroups: [''], resources: ['*'] }, false],
    [{ verbs: ['*'], apiGroups: ['*'], resources: ['pods'] }, false],
    [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: ['a'] }, false],
    [{ verbs: ['*'], nonResourceURLs: ['*'] }, false],
  ])('%j is every right: %p', (one, expected) => {
    expect(isWhole([rule('get pods'), one])).toBe(expected);
  });

  test('allow a request by the first role that has it', () => {
    expect(rights.allows({ verb: 'get', group: '', resource: 'secrets', namespace: 'web' })?.from).toBe('x');
    expect(rights.allows({ verb: 'get', group: '', resource: 'secrets' })).toBeUndefined();
  });

  test('cover rules in the places of their roles', () => {
    expect(rights.covers([rule('get pods')], undefined)).toBe(true);
    expect(rights.covers([rule('get pods'), rule('get secrets')], undefined)).toBe(false);
    expect(rights.covers([rule('get pods'), rule('get secrets')], 'web')).toBe(true);
    expect(rights.covers([rule('get secrets')], 'db')).toBe(false);
    expect(new IdentityRights({ groups: [superusers] }, []).covers(everyRule, undefined)).toBe(true);
  });
});

describe('the requests of constrained impersonation', () => {
  const on = (has: PolicyRule, limit: PolicyRule, namespace?: string, where?: string) =>
    onlyRequests([{ held: heldBy([has], namespace), from: 'x' }], [heldBy([limit], where)]).map(({ held, from }) => ({
      from,
      rules: held.rules,
      namespace: held.namespace,
    }));
  const only = (one: PolicyRule, namespace?: string) => [{ from: 'x', rules: [one], namespace }];
  const of = (verb: string, group: string, resource: string, names?: string[]): PolicyRule => ({
    verbs: [verb],
    apiGroups: [group],
    resources: [resource],
    ...(names ? { resourceNames: names } : {}),
  });
  const path = (verb: string, url: string): PolicyRule => ({ verbs: [verb], nonResourceURLs: [url] });

  test.each<[PolicyRule, PolicyRule, PolicyRule | undefined]>([
    [of('get', '', 'pods'), of('get', '', 'pods'), of('get', '', 'pods')],
    [of('*', '*', '*'), of('get', '', 'pods'), of('get', '', 'pods')],
    [of('get', '', 'pods'), of('*', '*', '*'), of('get', '', 'pods')],
    [of('get', '*', 'pods'), of('*', 'apps', '*'), of('get', 'apps', 'pods')],
    [of('get', '', 'pods'), of('list', '', 'pods'), undefined],
    [of('get', '', 'pods'), of('get', 'apps', 'pods'), undefined],
    [of('get', '', 'pods'), of('get', '', 'secrets'), undefined],
    [of('get', '', '*/log'), of('get', '', 'pods/log'), of('get', '', 'pods/log')],
    [of('get', '', 'pods/log'), of('get', '', '*/log'), of('get', '', 'pods/log')],
    [of('get', '', '*/log'), of('get', '', 'pods/exec'), undefined],
    [of('get', '', 'pods/exec'), of('get', '', '*/log'), undefined],
    [of('get', '', 'pods', ['a']), of('get', '', 'pods'), of('get', '', 'pods', ['a'])],
    [of('get', '', 'pods'), of('get', '', 'pods', ['a']), of('get', '', 'pods', ['a'])],
    [of('get', '', 'pods', ['a']), of('get', '', 'pods', ['a']), of('get', '', 'pods', ['a'])],
    [of('get', '', 'pods', ['a']), of('get', '', 'pods', ['b']), undefined],
    [path('get', '/a'), path('*', '/a'), path('get', '/a')],
    [path('get', '/a'), path('get', '/b'), undefined],
    [path('get', '/a'), of('*', '*', '*'), undefined],
    [of('*', '*', '*'), path('get', '/a'), undefined],
  ])('%j and %j: %j', (has, limit, met) => {
    expect(on(has, limit)).toStrictEqual(met ? only(met) : []);
  });

  test('are limited to the namespace of either role', () => {
    const get = of('get', '', 'pods');
    expect(on(get, get, 'web')).toStrictEqual(only(get, 'web'));
    expect(on(get, get, undefined, 'web')).toStrictEqual(only(get, 'web'));
    expect(on(get, get, 'web', 'web')).toStrictEqual(only(get, 'web'));
    expect(on(get, get, 'web', 'db')).toEqual([]);
  });
});

describe('the Pod Security level', () => {
  const named = (name: unknown, enforce: unknown, kind = 'Namespace') => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': enforce } },
  });
  const cluster = (podSecurity?: object) =>
    entry(configOf({ clusters: { homelab: podSecurity ? { podSecurity } : {} } }).clusters, 'homelab');

  test('is that of the label, then that of the config for the namespace, then that for all', () => {
    const on = cluster({ default: 'baseline', namespaces: { web: 'restricted', db: 'privileged' } });
    const level = podSecurityOf(on, [
      named('web', 'privileged'),
      named('a', 'any'),
      named('b', 'restricted', 'Pod'),
      named(1, 'restricted'),
    ]);
    expect(['web', 'db', 'a', 'b', 'constructor'].map(level)).toEqual([
      'privileged',
      'privileged',
      'baseline',
      'baseline',
      'baseline',
    ]);
  });

  test('is not known without a label and without the config', () => {
    expect(podSecurityOf(cluster(), [])('web')).toBeUndefined();
  });
});

describe('what the steps know about a cluster', () => {
  const account = (name: string, namespace?: string) => ({
    kind: 'ServiceAccount',
    name,
    ...(namespace ? { namespace } : {}),
  });
  const bound = (
    name: string,
    subjects: object[] | undefined,
    namespace?: string,
    ref: object = { kind: 'ClusterRole', name: 'view' },
  ) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: ref,
    subjects,
  });
  const object = (kind: string, name: unknown, namespace?: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    ...more,
  });
  const token = (type: string) => ({
    type,
    metadata: { name: 's', namespace: 'tokens', annotations: { 'kubernetes.io/service-account.name': type } },
  });
  const role = (kind: string, name: string, namespace?: string) => ({
    ...object(kind, name, namespace, { rules: [] }),
    apiVersion: 'rbac.authorization.k8s.io/v1',
  });
  const objects = [
    bound(
      'b',
      [account('own'), account('far', 'away'), { kind: 'User', name: 'zoe' }, { kind: 'Group', name: 'ops' }],
      'web',
      {
        kind: 'Role',
        name: 'r',
      },
    ),
    bound('nowhere', [account('lost')]),
    bound('system:controller:x', [account('x', 'kube-system'), account('y', 'web')]),
    bound('later', [account('x', 'kube-system')]),
    bound(
      'system:controller:job-controller',
      [account('job-controller', 'kube-system'), account('mine', 'kube-system')],
      undefined,
      { kind: 'ClusterRole', name: 'system:controller:job-controller' },
    ),
    bound('own', [account('default', 'own')], 'own'),
    bound('grouped', [
      { kind: 'Group', name: 'system:serviceaccounts:own' },
      { kind: 'Group', name: 'system:serviceaccounts:all' },
    ]),
    bound('one', [{ kind: 'User', name: 'adam' }], 'web', { kind: 'ClusterRole', name: 'edit' }),
    bound('nobody', undefined, 'empty'),
    role('Role', 'r', 'web'),
    role('Role', 's', 'web'),
    role('ClusterRole', 'mine'),
    object('Namespace', 'all'),
    object('Namespace', 1),
    object('ConfigMap', 'c', 'config'),
    { ...object('Secret', 's'), ...token('kubernetes.io/service-account-token') },
    { ...object('Secret', 's'), ...token('Opaque') },
    { ...object('ConfigMap', 's'), ...token('kubernetes.io/service-account-token') },
  ];
  const known = world({ objects });

  test('the namespaces, sorted', () => {
    expect(known.namespaces).toEqual([
      'all',
      'away',
      'config',
      'default',
      'empty',
      'flux-system',
      'kanidm',
      'kube-public',
      'kube-system',
      'own',
      'tokens',
      'web',
    ]);
  });

  test('the users and groups of bindings, sorted', () => {
    expect(known.users.filter((name) => !/^(system|https):/.test(name))).toEqual(['adam', 'zoe']);
    expect(known.users).not.toContain('ops');
    expect(known.groups).toEqual([...known.groups].sort());
    expect(known.groups).toEqual(expect.arrayContaining(['ops', 'system:serviceaccounts:own', 'system:masters']));
    expect(known.groups).not.toContain('zoe');
  });

  test('the service accounts, also one for those that only have the rights of their group', () => {
    const at = (namespace: string) => known.serviceAccounts.get(namespace);
    expect(at('web')).toEqual([
      { namespace: 'web', name: 'own', isController: false },
      { namespace: 'web', name: 'y', isController: false },
    ]);
    expect(at('away')).toEqual([{ namespace: 'away', name: 'far', isController: false }]);
    expect(at('kube-system')).toContainEqual({
      namespace: 'kube-system',
      name: 'attachdetach-controller',
      isController: true,
    });
    // Only the name of its binding is that of a default binding.
    expect(at('kube-system')).toContainEqual({ namespace: 'kube-system', name: 'x', isController: false });
    // A further subject of a default binding is not a controller.
    expect(at('kube-system')).toContainEqual({ namespace: 'kube-system', name: 'job-controller', isController: true });
    expect(at('kube-system')).toContainEqual({ namespace: 'kube-system', name: 'mine', isController: false });
    expect(at('own')).toEqual([{ namespace: 'own', name: 'default', isController: false }]);
    expect(at('all')).toEqual([{ namespace: 'all', name: 'default', isController: false }]);
    expect(at('config')).toBeUndefined();
  });

  test('a service account that a binding names as a user, and no other user', () => {
    const binding = (name: string) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'User', name }],
    });
    const { serviceAccounts } = world({
      objects: [binding('system:serviceaccount:ops:deployer'), binding('system:serviceaccount:ops'), binding('ops:d')],
    });
    expect(serviceAccounts.get('ops')).toEqual([{ namespace: 'ops', name: 'deployer', isController: false }]);
  });

  test('the namespaces that the config or a question names', () => {
    const { access, namespaces } = world({
      config: { clusters: { homelab: { podSecurity: { default: 'baseline', namespaces: { lax: 'privileged' } } } } },
    });
    expect(namespaces).toContain('lax');
    expect(namespaces).not.toContain('prod');
    expect(worldWith(access, [], ['prod']).namespaces).toContain('prod');
  });

  test('the roles, and those of bindings', () => {
    expect(known.roleNames('web')).toEqual(['r', 's']);
    expect(known.roleNames('db')).toEqual([]);
    expect(known.clusterRoleNames).toContain('mine');
    expect(known.clusterRoleNames).not.toContain('r');
    expect(known.bindingRefs('web')).toEqual([
      { kind: 'Role', name: 'r' },
      { kind: 'ClusterRole', name: 'edit' },
    ]);
    expect(known.bindingRefs('web', ['one'])).toEqual([{ kind: 'ClusterRole', name: 'edit' }]);
    expect(known.bindingRefs(undefined, ['later', 'b'])).toEqual([{ kind: 'ClusterRole', name: 'view' }]);
    // An API server refuses a ServiceAccount without a namespace in a ClusterRoleBinding.
    expect(known.bindingRefs(undefined, ['nowhere'])).toEqual([]);
    expect(known.bindingRefs('db')).toEqual([]);
  });

  test('the token Secrets, and other objects', () => {
    expect(known.hasTokenSecret('tokens', 'kubernetes.io/service-account-token')).toBe(true);
    expect(known.hasTokenSecret('tokens', 'kubernetes.io/service-account-token', ['s'])).toBe(true);
    expect(known.hasTokenSecret('tokens', 'kubernetes.io/service-account-token', ['t'])).toBeUndefined();
    expect(known.hasTokenSecret('tokens', 'Opaque', ['s'])).toBe(false);
    expect(known.hasTokenSecret('tokens', 'Opaque')).toBeUndefined();
    expect(known.hasTokenSecret('web', 'kubernetes.io/service-account-token')).toBeUndefined();
    const map = object('ConfigMap', 's');
    const other = world({ objects: [{ ...map, ...token('kubernetes.io/service-account-token') }] });
    expect(other.hasTokenSecret('tokens', 'kubernetes.io/service-account-token')).toBeUndefined();
    expect(known.hasObject('ConfigMap', 'config')).toBe(true);
    expect(known.hasObject('Secret', 'tokens', ['t', 's'])).toBe(true);
    expect(known.hasObject('Secret', 'tokens', ['t'])).toBe(false);
    expect(known.hasObject('ConfigMap', 'web')).toBe(false);
    expect(known.hasObject('Pod', 'config')).toBe(false);
  });

  test.each<[Cluster['controlPlane'], boolean | undefined]>([
    ['kubeadm', true],
    ['k3s', true],
    ['k0s', undefined],
    ['cluster-api', undefined],
    ['flags', undefined],
    ['eks', false],
    ['gke', false],
    ['aks', false],
  ])('the control plane %s runs on nodes of the cluster: %p', (controlPlane, expected) => {
    const config = configOf();
    const on = { ...entry(config.clusters, 'homelab'), controlPlane };
    expect(worldOf(config, on, []).hasControlPlaneNodes).toBe(expected);
  });
});

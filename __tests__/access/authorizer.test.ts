import { Authorizer } from '../../lib/access/authorizer';
import { pathMatches, selects } from '../../lib/access/match';
import { namesAllowed } from '../../lib/access/named-rights';
import {
  type AccessRequest,
  type BindingObject,
  isBinding,
  type PolicyRule,
  type RbacObject,
  type RoleObject,
  type SubjectRef,
} from '../../lib/access/objects';
import { boundTo, bySubject, groupKeys, userKey } from '../../lib/access/subject-index';
import { builtinRbac, knownVersion } from '../../lib/upstream/builtin-rbac';
import builtin from '../../lib/upstream/kubernetes-rbac.json';

const jane = { user: 'kanidm:jane', groups: ['kanidm:devs'] };
const user: SubjectRef = { kind: 'User', name: 'kanidm:jane' };
const devs: SubjectRef = { kind: 'Group', name: 'kanidm:devs' };

const clusterRole = (name: string, rules: PolicyRule[], labels = {}): RoleObject => ({
  kind: 'ClusterRole',
  metadata: { name, labels },
  rules,
});
const bind = (role: string, subjects: SubjectRef[], namespace?: string, kind = 'ClusterRole'): RbacObject => ({
  kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: { name: `${role}-binding`, namespace },
  roleRef: { kind, name: role },
  subjects,
});
const ask = (verb: string, what: string, more: Partial<{ namespace: string; name: string }> = {}): AccessRequest => {
  if (what.startsWith('/')) return { verb, path: what };
  const [resource = '', subresource] = (what.split(':')[1] ?? what).split('/');
  return { verb, group: what.includes(':') ? (what.split(':')[0] as string) : '', resource, subresource, ...more };
};
const allowed = (rules: PolicyRule[], request: AccessRequest) =>
  new Authorizer([clusterRole('r', rules), bind('r', [user])]).can(jane, request).allowed;

describe('a rule', () => {
  const core = { apiGroups: [''] };
  test.each<[string, PolicyRule, AccessRequest, boolean]>([
    ['names verb, group and resource', { ...core, resources: ['pods'], verbs: ['get'] }, ask('get', 'pods'), true],
    ['says nothing of other verbs', { ...core, resources: ['pods'], verbs: ['get'] }, ask('list', 'pods'), false],
    ['says nothing of other groups', { ...core, resources: ['pods'], verbs: ['get'] }, ask('get', 'apps:pods'), false],
    [
      'for pods is none for pods/exec',
      { ...core, resources: ['pods'], verbs: ['*'] },
      ask('create', 'pods/exec'),
      false,
    ],
    [
      'for pods/exec is none for pods',
      { ...core, resources: ['pods/exec'], verbs: ['*'] },
      ask('create', 'pods'),
      false,
    ],
    ['for * is one for subresources', { ...core, resources: ['*'], verbs: ['*'] }, ask('create', 'pods/exec'), true],
    [
      'for */scale',
      { apiGroups: ['*'], resources: ['*/scale'], verbs: ['update'] },
      ask('update', 'apps:deployments/scale'),
      true,
    ],
    [
      'for */scale is none for others',
      { apiGroups: ['*'], resources: ['*/scale'], verbs: ['*'] },
      ask('get', 'apps:deployments/status'),
      false,
    ],
    ['for pods/* means that word', { ...core, resources: ['pods/*'], verbs: ['*'] }, ask('get', 'pods/log'), false],
    [
      'with names',
      { ...core, resources: ['secrets'], resourceNames: ['a'], verbs: ['get'] },
      ask('get', 'secrets', { name: 'a' }),
      true,
    ],
    [
      'with names refuses another',
      { ...core, resources: ['secrets'], resourceNames: ['a'], verbs: ['get'] },
      ask('get', 'secrets', { name: 'b' }),
      false,
    ],
    [
      'with names refuses all',
      { ...core, resources: ['secrets'], resourceNames: ['a'], verbs: ['list'] },
      ask('list', 'secrets'),
      false,
    ],
    [
      'with an empty name is for requests without a name',
      { ...core, resources: ['secrets'], resourceNames: [''], verbs: ['list'] },
      ask('list', 'secrets'),
      true,
    ],
    [
      'for */undefined is none for resources',
      { ...core, resources: ['*/undefined'], verbs: ['*'] },
      ask('get', 'pods'),
      false,
    ],
    ['without groups is for none', { resources: ['pods'], verbs: ['get'] }, ask('get', 'pods'), false],
    ['for a path', { nonResourceURLs: ['/metrics'], verbs: ['get'] }, ask('get', '/metrics'), true],
    [
      'for a path is not for those below',
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      ask('get', '/metrics/x'),
      false,
    ],
    ['for a path with a star is', { nonResourceURLs: ['/apis/*'], verbs: ['get'] }, ask('get', '/apis/a/b'), true],
    [
      'for a path with a star needs the slash',
      { nonResourceURLs: ['/apis/*'], verbs: ['get'] },
      ask('get', '/apis'),
      false,
    ],
    ['for a path is none for resources', { nonResourceURLs: ['*'], verbs: ['*'] }, ask('get', 'pods'), false],
    [
      'for resources is none for paths',
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      ask('get', '/metrics'),
      false,
    ],
  ])('%s', (_name, rule, request, expected) => expect(allowed([rule], request)).toBe(expected));
});

describe('a binding', () => {
  const pods: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
  const paths: PolicyRule = { nonResourceURLs: ['*'], verbs: ['get'] };
  const role = (namespace: string): RbacObject => ({
    kind: 'Role',
    metadata: { name: 'own', namespace },
    rules: [pods],
  });

  test('of a ClusterRole in a namespace counts there and gives no paths', () => {
    const all = new Authorizer([clusterRole('r', [pods, paths]), bind('r', [user], 'web')]);
    expect(all.can(jane, ask('get', 'pods', { namespace: 'web' })).allowed).toBe(true);
    expect(all.can(jane, ask('get', 'pods', { namespace: 'db' })).allowed).toBe(false);
    expect(all.can(jane, ask('get', 'pods')).allowed).toBe(false);
    expect(all.can(jane, ask('get', '/metrics')).allowed).toBe(false);
  });

  test('finds a Role in its own namespace only', () => {
    const all = new Authorizer([role('web'), bind('own', [user], 'db', 'Role')]);
    expect(all.can(jane, ask('get', 'pods', { namespace: 'db' })).allowed).toBe(false);
    const same = new Authorizer([role('web'), bind('own', [user], 'web', 'Role')]);
    expect(same.can(jane, ask('get', 'pods', { namespace: 'web' })).allowed).toBe(true);
  });

  test('on the whole cluster gives nothing of a Role', () => {
    const all = new Authorizer([role('web'), bind('own', [user], undefined, 'Role')]);
    expect(all.can(jane, ask('get', 'pods', { namespace: 'web' })).allowed).toBe(false);
  });

  test('says through whom: the group, not the user', () => {
    const decision = new Authorizer([clusterRole('r', [pods]), bind('r', [devs])]).can(jane, ask('get', 'pods'));
    expect(decision.through.map(({ subject, binding }) => [subject.name, binding.metadata.name])).toEqual([
      ['kanidm:devs', 'r-binding'],
    ]);
  });

  test('does not take a user for a group of the same name', () => {
    const all = new Authorizer([clusterRole('r', [pods]), bind('r', [{ kind: 'Group', name: 'kanidm:jane' }])]);
    expect(all.can(jane, ask('get', 'pods')).allowed).toBe(false);
  });

  test('to a ServiceAccount is for the user with its long name', () => {
    const subject = { kind: 'ServiceAccount', name: 'ci' };
    const all = new Authorizer([clusterRole('r', [pods]), bind('r', [subject], 'web')]);
    const ci = { user: 'system:serviceaccount:web:ci', groups: [] };
    expect(all.can(ci, ask('get', 'pods', { namespace: 'web' })).allowed).toBe(true);
  });
});

describe('a subresource', () => {
  const rule = (resources: string[]) => ({ verbs: ['create'], apiGroups: [''], resources });
  const may = (resources: string[], resource: string, subresource?: string) =>
    new Authorizer([clusterRole('r', [rule(resources)]), bind('r', [user])]).can(jane, {
      verb: 'create',
      group: '',
      resource,
      ...(subresource === undefined ? {} : { subresource }),
    }).allowed;

  test('is allowed by its own name, by `*`, and by a star and its name', () => {
    expect(may(['pods/exec'], 'pods', 'exec')).toBe(true);
    expect(may(['*'], 'pods', 'exec')).toBe(true);
    expect(may(['*/exec'], 'pods', 'exec')).toBe(true);
  });

  test('is neither allowed by its resource nor allows it', () => {
    expect(may(['pods'], 'pods', 'exec')).toBe(false);
    expect(may(['pods/exec'], 'pods')).toBe(false);
    expect(may(['pods/exec'], 'pods', 'attach')).toBe(false);
    expect(may(['*/exec'], 'exec')).toBe(false);
  });
});

describe('the built-in roles', () => {
  const all = new Authorizer([
    ...builtinRbac({ major: 1, minor: 34 }),
    bind('view', [user]),
    bind('edit', [devs], 'web'),
  ]);

  test('are all that the data of a version has', () => {
    expect(builtinRbac({ major: 1, minor: 30 })).toEqual(
      builtin.objects.filter(({ from }) => from === '1.30').map(({ object }) => object),
    );
  });

  test('everybody who is authenticated may ask what they may do', () => {
    const nobody = { user: 'x', groups: [] };
    expect(all.can(nobody, ask('create', 'authorization.k8s.io:selfsubjectaccessreviews')).allowed).toBe(true);
    expect(all.can(nobody, ask('get', '/version')).allowed).toBe(true);
    expect(all.can({ user: 'x', groups: ['system:unauthenticated'] }, ask('get', '/api')).allowed).toBe(false);
  });

  test('view is aggregated, and reads no Secrets', () => {
    expect(all.can({ user: jane.user, groups: [] }, ask('list', 'apps:deployments')).allowed).toBe(true);
    expect(all.can({ user: jane.user, groups: [] }, ask('get', 'secrets')).allowed).toBe(false);
  });

  test('edit is aggregated from view too', () => {
    const rules = all.roles.rules({ kind: 'ClusterRole', name: 'edit' });
    expect(rules).toEqual(expect.arrayContaining([...all.roles.rules({ kind: 'ClusterRole', name: 'view' })]));
    expect(all.can(jane, ask('get', 'secrets', { namespace: 'web' })).allowed).toBe(true);
  });

  test('a role of our own is aggregated by its label', () => {
    const rule = { apiGroups: ['cert-manager.io'], resources: ['*'], verbs: ['get'] };
    const own = clusterRole('certs', [rule], {
      'rbac.authorization.k8s.io/aggregate-to-view': 'true',
    });
    const more = new Authorizer([...builtinRbac({ major: 1, minor: 34 }), own, bind('view', [user])]);
    expect(more.can(jane, ask('get', 'cert-manager.io:certificates')).allowed).toBe(true);
    expect(more.roles.rules({ kind: 'ClusterRole', name: 'admin' })).toContainEqual(rule);
  });

  test('system:masters may do everything without a rule', () => {
    expect(new Authorizer([]).can({ user: 'x', groups: ['system:masters'] }, ask('delete', 'nodes'))).toEqual({
      allowed: true,
      through: [],
    });
  });

  test.each([
    ['1.29', 29, '1.30'],
    ['1.34', 34, '1.34'],
    ['1.40', 40, '1.37'],
  ])('of %s are those of the nearest version known', (_text, minor, known) => {
    expect(knownVersion({ major: 1, minor })).toBe(known);
  });
});

test('the cost of a question does not grow with the bindings of others', () => {
  const many = Array.from({ length: 5000 }, (_, i) => bind(`role-${i}`, [{ kind: 'User', name: `user-${i}` }]));
  const looked: string[] = [];
  const all = new Authorizer([...many, bind('r', [user])]);
  const find = all.roles.rules.bind(all.roles);
  all.roles.rules = (ref, namespace) => {
    looked.push(ref.name);
    return find(ref, namespace);
  };
  all.can(jane, ask('get', 'pods'));
  expect(looked).toEqual(['r']);
});

describe('the objects to which a rule is limited by name', () => {
  const rule = { apiGroups: [''], resources: ['secrets', 'pods/exec'], resourceNames: ['b', 'a'], verbs: ['*'] };
  test.each<[string, AccessRequest, string[]]>([
    ['are listed', ask('get', 'secrets'), ['a', 'b']],
    ['are listed for a list, which can select one name', ask('list', 'secrets'), ['a', 'b']],
    ['are listed for a subresource', ask('create', 'pods/exec'), ['a', 'b']],
    ['are none for a collection, which has no name', ask('deletecollection', 'secrets'), []],
    ['are none for another resource', ask('get', 'configmaps'), []],
    ['are none for a path', ask('get', '/metrics'), []],
    ['are not listed if the request has a name', ask('get', 'secrets', { name: 'a' }), []],
  ])('%s', (_, request, names) => expect(namesAllowed([rule], request)).toEqual(names));

  test('are not listed if another rule allows all objects', () => {
    const all = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
    expect(namesAllowed([rule, all], ask('get', 'secrets'))).toEqual([]);
    expect(namesAllowed([rule, all], ask('update', 'secrets'))).toEqual(['a', 'b']);
  });
});

describe('the roles that a requester holds', () => {
  const pods: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
  const role = clusterRole('r', [pods]);
  const named = (name: string, subjects: SubjectRef[], more: Partial<BindingObject> = {}): BindingObject => ({
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { kind: 'ClusterRole', name: 'r' },
    subjects,
    ...more,
  });
  const group = (name: string): SubjectRef => ({ kind: 'Group', name });

  test('are given once by a binding, to the user before a group, and to the first group', () => {
    const both = named('both', [devs, user]);
    const groups = named('groups', [group('b'), group('a')]);
    const held = new Authorizer([role, groups, both]).held({ user: 'kanidm:jane', groups: ['kanidm:devs', 'a', 'b'] });
    expect(held).toStrictEqual([
      { binding: both, subject: user, rules: [pods] },
      { binding: groups, subject: group('a'), rules: [pods] },
    ]);
  });

  test('do not include those of users if the user name is not known', () => {
    const bindings = [named('wrong', [{ kind: 'User', name: 'undefined' }]), named('right', [devs])];
    const held = new Authorizer([role, ...bindings]).held({ groups: ['kanidm:devs'] });
    expect(held.map(({ binding }) => binding.metadata.name)).toEqual(['right']);
    expect(boundTo(bySubject(bindings), { groups: ['kanidm:devs'] })).toEqual([
      { binding: bindings[1], subject: devs },
    ]);
  });

  test('have no rules if a ClusterRoleBinding names a Role', () => {
    const own: RbacObject = { kind: 'Role', metadata: { name: 'own' }, rules: [pods] };
    const binding = named('b', [user], { roleRef: { kind: 'Role', name: 'own' } });
    expect(new Authorizer([own, binding]).held(jane)).toStrictEqual([{ binding, subject: user, rules: [] }]);
  });

  test('are those of each namespace if its RoleBindings have the same name', () => {
    const all = new Authorizer([role, bind('r', [user], 'web'), bind('r', [devs], 'db')]);
    expect(all.held(jane).map(({ namespace }) => namespace)).toEqual(['web', 'db']);
  });

  test.each<[string | undefined, string | undefined, object]>([
    ['flux-system', 'web', { limitsFlux: true }],
    ['flux-system', 'flux-system', {}],
    ['flux-system', undefined, {}],
    [undefined, 'web', {}],
    [undefined, undefined, {}],
  ])('Flux locked down in %s, namespace %s: %j', (locked, namespace, limits) => {
    const all = new Authorizer(
      [role, bind('r', [user], namespace)],
      [],
      locked === undefined ? {} : { lockedFlux: locked },
    );
    expect(all.limits(namespace)).toStrictEqual(limits);
    expect(all.held(jane)[0]?.limitsFlux).toBe('limitsFlux' in limits ? true : undefined);
  });

  test('can be asked for by request: every binding with a subject, in every namespace', () => {
    const wide = named('wide', [user, devs]);
    const inside = bind('r', [devs], 'web');
    const more = clusterRole('r', [{ ...pods, verbs: ['watch'] }, pods]);
    const all = new Authorizer([more, wide, inside, named('nobody', []), named('none', [], { subjects: undefined })]);
    const { rules } = more;
    expect(all.allowing(ask('get', 'pods'))).toStrictEqual([
      { binding: wide, subject: user, rules },
      { binding: inside, subject: devs, rules, namespace: 'web' },
    ]);
    expect(all.allowing(ask('list', 'pods'))).toEqual([]);
  });
});

describe('built-in objects that others share', () => {
  const pods: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
  const builtIn = [clusterRole('r', [pods]), bind('r', [user]), clusterRole('s', [pods]), bind('s', [devs])];
  const names = ({ bindings }: Authorizer) =>
    bindings.map(({ metadata, subjects }) => `${metadata.name} ${subjects?.map(({ name }) => name)}`);

  test('come before those of the cluster', () => {
    const own = bind('t', [user], 'web');
    const all = new Authorizer([own, clusterRole('t', [])], builtIn);
    expect(names(all)).toEqual(['r-binding kanidm:jane', 's-binding kanidm:devs', 't-binding kanidm:jane']);
    expect(all.held(jane).map(({ binding }) => binding.roleRef.name)).toEqual(['r', 't', 's']);
    expect([...all.roles.all].map(({ metadata }) => metadata.name)).toEqual(['r', 's', 't']);
    expect(names(new Authorizer([], builtIn))).toEqual(['r-binding kanidm:jane', 's-binding kanidm:devs']);
  });

  test('are replaced by objects of the same name', () => {
    const all = new Authorizer([bind('r', [{ kind: 'User', name: 'kanidm:joe' }])], builtIn);
    expect(names(all)).toEqual(['r-binding kanidm:joe', 's-binding kanidm:devs']);
    expect(all.can({ user: 'kanidm:jane', groups: [] }, ask('get', 'pods')).allowed).toBe(false);
    expect(all.can({ user: 'kanidm:joe', groups: [] }, ask('get', 'pods')).allowed).toBe(true);
    expect(
      new Authorizer([clusterRole('r', [])], builtIn).can({ user: 'kanidm:jane', groups: [] }, ask('get', 'pods'))
        .allowed,
    ).toBe(false);
  });

  test('are the later ones if two have the same name', () => {
    const all = new Authorizer([], [...builtIn, bind('r', [{ kind: 'User', name: 'kanidm:joe' }])]);
    expect(names(all)).toEqual(['r-binding kanidm:joe', 's-binding kanidm:devs']);
  });
});

describe('an aggregated role', () => {
  const rule = (resource: string): PolicyRule => ({ apiGroups: [''], resources: [resource], verbs: ['get'] });
  const to = (label: string) => ({ [label]: 'true' });
  const aggregate = (name: string, label: string, more: object = {}): RbacObject => ({
    kind: 'ClusterRole',
    metadata: { name, ...more },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: to(label) }] },
    rules: [rule('stale')],
  });
  const { roles } = new Authorizer([
    clusterRole('z', [rule('z'), rule('both')], to('inner')),
    clusterRole('a', [rule('a'), rule('both')], to('inner')),
    clusterRole('direct', [rule('direct')], to('outer')),
    clusterRole('other', [rule('other')], to('else')),
    { kind: 'ClusterRole', metadata: { name: 'empty', labels: to('outer') } },
    { kind: 'Role', metadata: { name: 'local', namespace: 'web', labels: to('outer') }, rules: [rule('local')] },
    aggregate('inner', 'inner', { labels: to('outer') }),
    aggregate('outer', 'outer'),
    { kind: 'ClusterRole', metadata: { name: 'nothing' }, aggregationRule: {}, rules: [rule('stale')] },
  ]);
  const rulesOf = (name: string) => roles.rules({ kind: 'ClusterRole', name });

  test('has the rules of the ClusterRoles with its label, in the order of their names, each once', () => {
    expect(rulesOf('inner')).toEqual([rule('a'), rule('both'), rule('z')]);
  });

  test('has those of roles that are aggregated in turn, and none that were written into them', () => {
    expect(rulesOf('outer')).toEqual([rule('a'), rule('both'), rule('direct'), rule('z')]);
    expect(rulesOf('nothing')).toEqual([]);
  });

  test('is evaluated once', () => expect(rulesOf('outer')).toBe(rulesOf('outer')));

  test('is returned by its name and namespace; a role without rules has none', () => {
    expect(rulesOf('empty')).toEqual([]);
    expect(rulesOf('missing')).toEqual([]);
    expect(roles.find({ kind: 'Role', name: 'local' }, 'web')?.rules).toEqual([rule('local')]);
    expect(roles.find({ kind: 'Role', name: 'local' }, 'db')).toBeUndefined();
    expect(roles.find({ kind: 'ClusterRole', name: 'other' }, 'web')?.rules).toEqual([rule('other')]);
  });
});

test.each<[string, string, boolean]>([
  ['/apis/**', '/apis/x', true],
  ['/a*b*', '/a*bc', true],
  ['/a*b*', '/abc', false],
  ['*', '/', true],
  ['/a*b', '/axb', false],
])('the path %s in a rule and %s: %p', (url, path, expected) => expect(pathMatches(url, path)).toBe(expected));

describe('a label selector', () => {
  const labels = { app: 'web', tier: 'front' };
  const express = (key: string, operator: string, values?: string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });
  test.each<[object, boolean]>([
    [{}, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'web', tier: 'back' } }, false],
    [{ matchLabels: { constructor: 'x' } }, false],
    [express('app', 'In', ['db', 'web']), true],
    [express('app', 'In', ['db']), false],
    [express('zone', 'In', ['a']), false],
    [express('app', 'In'), false],
    [express('app', 'NotIn', ['db']), true],
    [express('app', 'NotIn', ['db', 'web']), false],
    [express('zone', 'NotIn', ['a']), true],
    [express('app', 'Exists'), true],
    [express('zone', 'Exists'), false],
    [express('app', 'DoesNotExist'), false],
    [express('zone', 'DoesNotExist'), true],
    [express('app', 'Gt', ['a']), false],
    [
      {
        matchExpressions: [...express('app', 'Exists').matchExpressions, ...express('zone', 'Exists').matchExpressions],
      },
      false,
    ],
    [{ matchLabels: { app: 'db' }, ...express('app', 'Exists') }, false],
  ])('%j: %p', (selector, expected) => expect(selects(selector, labels)).toBe(expected));

  test('of labels matches no object without labels', () => {
    expect(selects({ matchLabels: { app: 'web' } })).toBe(false);
    expect(selects({})).toBe(true);
  });
});

test('a service account without a namespace is in that of its binding, if it has one', () => {
  const ci: SubjectRef = { kind: 'ServiceAccount', name: 'ci' };
  const objects = [bind('r', [ci]), bind('r', [ci], 'web'), bind('r', [{ ...ci, namespace: 'db' }], 'web')];
  expect([...bySubject(objects.filter(isBinding)).keys()]).toEqual(
    ['', 'web', 'db'].map((namespace) => userKey(`system:serviceaccount:${namespace}:ci`)),
  );
});

test('the bindings of a requester, each once: by the user first, then by each group', () => {
  const both = bind('both', [devs, user]);
  const group = bind('group', [devs, { kind: 'Group', name: 'kanidm:ops' }]);
  const index = bySubject([group, bind('other', [{ kind: 'User', name: 'kanidm:joe' }]), both].filter(isBinding));
  expect(boundTo(index, { ...jane, groups: ['kanidm:devs', 'kanidm:ops'] })).toEqual([
    { binding: both, subject: user },
    { binding: group, subject: devs },
  ]);
});

test.each<[string[], string[]]>([
  [[], ['system:authenticated']],
  [
    ['a', 'a'],
    ['a', 'system:authenticated'],
  ],
  [
    ['system:authenticated', 'a'],
    ['system:authenticated', 'a'],
  ],
  [['system:unauthenticated'], ['system:unauthenticated']],
])('the groups of a token with %j are %j', (groups, expected) => {
  expect(groupKeys(groups)).toEqual(expected.map((name) => `Group\n${name}`));
});

import {
  type Able,
  type AbleByName,
  ableByNameLine,
  ableLine,
  whoCan,
  whoCanByName,
  whoCanInside,
} from '../../lib/access/able-people';
import { clusterAccess } from '../../lib/access/cluster';
import type { AccessRequest } from '../../lib/access/objects';
import { asStored, isBinding } from '../../lib/access/objects';
import { isInScopeMap, type Principal } from '../../lib/access/principals';
import { isSuperuser, strangers } from '../../lib/access/strangers';
import { ofUnknownRoles, unknownRule } from '../../lib/access/unknown-roles';
import { entry } from '../../lib/config/config';
import { clusterObjects } from '../../lib/render';
import { builtinRbac } from '../../lib/upstream/builtin-rbac';
import { configOf } from '../config';

const person = (i: number) => ({ displayName: `P${i}`, id: `00000000-0000-4000-8000-00000000000${i}` });
const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const group = (name: string) => ({ kind: 'Group', name });
const user = (name: string) => ({ kind: 'User', name });
const bound = (name: string, subjects: object[] | undefined, role: string, namespace?: string) => ({
  ...api,
  kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: { name, namespace },
  roleRef: { kind: 'ClusterRole', name: role },
  subjects,
});

const config = configOf({
  kanidm: { version: '1.11.1', cluster: null, helm: null },
  people: { datosh: null, ann: person(1), jane: person(2), joe: person(3), boss: person(4) },
  groups: {
    k8s_users: { members: ['ann', 'devs', 'boss'] },
    devs: { members: ['jane', { name: 'joe', until: '2027-01-31' }] },
  },
  clients: {
    k8s: {
      preferShortUsername: true,
      scopes: { k8s_users: ['openid'] },
      claims: { roles: { join: 'array', values: { devs: ['devs'] } } },
    },
  },
  clusters: {
    homelab: {
      kubernetes: '1.34',
      authentication: {
        method: 'structured',
        claim: 'preferred_username',
        prefix: 'u:',
        groups: { claim: 'roles', prefix: '' },
      },
      grants: [
        { name: 'team', clusterRole: 'view', subjects: { groups: ['devs'] } },
        { name: 'ann', clusterRole: 'edit', people: ['ann'], until: '2026-12-31' },
      ],
    },
  },
});
const cluster = entry(config.clusters, 'homelab');
const get = (resource: string, more: object = {}): AccessRequest => ({ verb: 'get', group: '', resource, ...more });

/** The objects of others on the cluster. */
const more = [
  bound('ops', [group('ops'), user('root')], 'view'),
  bound('ops-too', [group('ops'), { kind: 'ServiceAccount', name: 'ci', namespace: 'build' }], 'edit'),
  bound('inside', [{ kind: 'ServiceAccount', name: 'ci' }, user('u:jane')], 'edit', 'web'),
  bound('db', [group('dba'), user('u:ann')], 'edit', 'db'),
  bound('db-too', [group('dba'), user('u:jane')], 'edit', 'db'),
  bound('system:own', [group('dba')], 'edit', 'own'),
  bound('nobody', undefined, 'edit', 'empty'),
  // ops has the right in every namespace, so it is not listed for this one.
  bound('again', [group('ops')], 'edit', 'again'),
];
const evaluated = clusterAccess(config, cluster, [...clusterObjects(config, cluster), ...more]);
// No valid config gives a person this group.
const masters = (one: Principal): Principal => (one.name === 'boss' ? { ...one, groups: ['system:masters'] } : one);
const access = { ...evaluated, principals: evaluated.principals.map(masters) };
const boss = access.principals.filter(({ name }) => name === 'boss');

const lines = (all: readonly Able[]) => all.map(ableLine);

describe('whoever may make a request', () => {
  test('is a person of the config or another subject, with the binding and its last day', () => {
    const able = whoCan(access, get('pods'));
    expect(able[2]).toStrictEqual({
      who: 'joe',
      role: 'view',
      binding: 'team',
      way: ['devs'],
      until: '2027-01-31',
      known: true,
    });
    expect(able[5]).toStrictEqual({ who: 'group ops', role: 'view', binding: 'ops', way: [], known: false });
    expect(lines(able)).toEqual([
      'ann (edit; binding ann, until 2026-12-31)',
      'jane (view, by devs; binding team)',
      'joe (view, by devs; binding team, until 2027-01-31)',
      'boss (cluster-admin; binding cluster-admin)',
      'group system:masters (cluster-admin; binding cluster-admin)',
      'group ops (view; binding ops)',
      'user root (view; binding ops)',
      'system:serviceaccount:build:ci (edit; binding ops-too)',
    ]);
  });

  test('in a namespace, is also whoever a binding names there, with no last day if two bindings give the right', () => {
    expect(lines(whoCan(access, get('pods', { namespace: 'db' })))).toEqual([
      'ann (edit; binding ann)',
      'jane (edit; binding db-too)',
      'joe (view, by devs; binding team, until 2027-01-31)',
      'boss (cluster-admin; binding cluster-admin)',
      'group system:masters (cluster-admin; binding cluster-admin)',
      'group ops (view; binding ops)',
      'user root (view; binding ops)',
      'system:serviceaccount:build:ci (edit; binding ops-too)',
      'group dba (edit; binding db)',
    ]);
  });

  test('is a member of system:masters without any binding', () => {
    const whole = { ...clusterAccess(config, cluster, [], true), principals: boss };
    expect(whoCan(whole, { verb: 'get', path: '/metrics' })).toStrictEqual([
      { who: 'boss', role: 'system:masters', binding: 'system:masters', way: [], known: true },
    ]);
    expect([...boss, { groups: ['ops'] }].map(isSuperuser)).toEqual([true, false]);
  });
});

describe('whoever may make a request in a namespace only', () => {
  const inside = (request: AccessRequest) =>
    [...whoCanInside(access, request, whoCan(access, request))].map(([namespace, all]) => [namespace, ...lines(all)]);

  test('is listed by namespace; a binding whose name begins with system: counts as any other', () => {
    expect(inside(get('secrets'))).toEqual([
      ['db', 'jane (edit; binding db-too)', 'group dba (edit; binding db)'],
      ['own', 'group dba (edit; binding system:own)'],
      ['web', 'jane (edit; binding inside)', 'system:serviceaccount:web:ci (edit; binding inside)'],
    ]);
  });

  test.each<[string, AccessRequest]>([
    ['a path', { verb: 'get', path: '/metrics' }],
    ['a namespace', get('secrets', { namespace: 'web' })],
    ['a resource without a namespace', get('nodes')],
  ])('is not listed for %s', (_name, request) => expect(inside(request)).toEqual([]));

  test('is listed for a resource that is not known, too', () => {
    const rule = { verbs: ['get'], apiGroups: ['example.com'], resources: ['widgets'] };
    const role = { ...api, kind: 'ClusterRole', metadata: { name: 'widgets' }, rules: [rule] };
    const more = clusterAccess(config, cluster, [role, bound('w', [user('u:jane')], 'widgets', 'web')]);
    const request = { verb: 'get', group: 'example.com', resource: 'widgets' };
    expect([...whoCanInside(more, request, [])].map(([namespace, all]) => [namespace, ...lines(all)])).toEqual([
      ['web', 'jane (widgets; binding w)'],
    ]);
  });
});

describe('whoever may make a request for objects of some names only', () => {
  const rule = (resources: string[], verbs: string[], resourceNames?: string[]) => ({
    verbs,
    apiGroups: [''],
    resources,
    ...(resourceNames ? { resourceNames } : {}),
  });
  const role = (name: string, ...rules: object[]) => ({ ...api, kind: 'ClusterRole', metadata: { name }, rules });
  const objects = [
    role('two', rule(['secrets'], ['get', 'list', 'create'], ['b', 'a']), rule(['nodes'], ['get'], ['n'])),
    role('all', rule(['secrets'], ['get'])),
    bound('wide', [user('u:jane'), group('ops')], 'two'),
    bound('web', [user('u:jane'), user('u:ann')], 'two', 'web'),
    bound('db', [user('u:ann')], 'two', 'db'),
    bound('web-all', [user('u:ann')], 'all', 'web'),
    bound('nobody', [], 'two'),
    bound('none', undefined, 'two'),
  ];
  const named = clusterAccess(config, cluster, objects);
  const byName = (request: AccessRequest, everywhere: readonly Able[] = []) =>
    whoCanByName(named, request, everywhere, whoCanInside(named, request, everywhere)).map((one) =>
      ableByNameLine(one, request),
    );

  test('is listed once for each binding, unless it has the right to all objects there', () => {
    expect(byName(get('secrets'))).toEqual([
      'only those named a and b: jane (two; binding wide)',
      'only those named a and b: group ops (two; binding wide)',
      'in namespace web, only those named a and b: jane (two; binding web)',
      'in namespace db, only those named a and b: ann (two; binding db)',
    ]);
    const ann: Able = { who: 'ann', role: 'all', binding: 'all', way: [], known: true };
    expect(byName(get('secrets'), [ann]).filter((line) => line.includes('ann'))).toEqual([]);
  });

  test('in a namespace, is only who has the right there', () => {
    expect(byName(get('secrets', { namespace: 'db' }))).toEqual([
      'only those named a and b: jane (two; binding wide)',
      'only those named a and b: group ops (two; binding wide)',
      'in namespace db, only those named a and b: ann (two; binding db)',
    ]);
  });

  test('has the names, and the namespace if there is one', () => {
    const request = get('secrets', { namespace: 'db' });
    const able = (who: string, binding: string): Omit<AbleByName, 'known'> => ({
      who,
      role: 'two',
      binding,
      way: [],
      names: ['a', 'b'],
    });
    expect(whoCanByName(named, request, [], new Map())).toStrictEqual([
      { ...able('jane', 'wide'), known: true },
      { ...able('group ops', 'wide'), known: false },
      { ...able('ann', 'db'), known: true, namespace: 'db' },
    ]);
  });

  test.each<[string, AccessRequest, string[]]>([
    [
      'a resource without a namespace counts in the whole cluster only',
      get('nodes'),
      ['only those named n: jane (two; binding wide)', 'only those named n: group ops (two; binding wide)'],
    ],
    ['a path has no name', { verb: 'get', path: '/metrics' }, []],
    ['a request with a name is answered for all', get('secrets', { name: 'a' }), []],
    ['a resource that is not known', get('widgets'), []],
    ['a verb that no rule limits', { ...get('secrets'), verb: 'delete' }, []],
  ])('%s', (_name, request, expected) => expect(byName(request)).toEqual(expected));

  test.each([
    ['get', ''],
    ['list', ' (with --field-selector metadata.name=NAME)'],
    ['watch', ' (with --field-selector metadata.name=NAME)'],
    ['create', ' (with kubectl apply --server-side)'],
  ])('is told how to %s one object', (verb, text) => {
    const able: AbleByName = { who: 'ann', role: 'r', binding: 'b', way: [], known: true, names: ['a'] };
    expect(ableByNameLine(able, { ...get('secrets'), verb })).toBe(`only those named a${text}: ann (r; binding b)`);
    expect(ableByNameLine(able, { ...get('pods'), verb: 'create', subresource: 'exec' })).toBe(
      'only those named a: ann (r; binding b)',
    );
  });
});

test('whether somebody is in a group of the scope map can be something that only Kanidm knows', () => {
  const kept = configOf({
    kanidm: { version: '1.11.1', cluster: null, helm: null },
    people: { ann: person(1), jane: person(2) },
    groups: { k8s_users: { members: ['ann', 'kept'] }, kept: {}, apart: {} },
    clients: { k8s: { scopes: { k8s_users: ['openid'] } } },
  });
  const at = (kind: Principal['kind'], name: string, client = 'k8s') => isInScopeMap(kept, { kind, name, client });
  expect([at('person', 'ann'), at('person', 'jane'), at('person', 'ann', 'missing')]).toEqual([true, false, false]);
  expect([at('members', 'kept'), at('members', 'apart'), at('members', 'ann')]).toEqual([true, false, false]);
  const everybody = bound('b', [group('system:authenticated')], 'view');
  const all = clusterAccess(kept, entry(kept.clusters, 'homelab'), [everybody]);
  expect(lines(whoCan(all, get('pods')))).toContain(
    "jane (view; binding b; can sign in only if Kanidm lists them in a group of the client's scope map)",
  );
  expect(lines(whoCan(all, get('pods')))).toContain('ann (view; binding b)');
  expect(
    whoCan(
      { ...all, principals: all.principals.map((one) => ({ ...one, groups: ['system:masters'] })) },
      { verb: 'get', path: '/x' },
    ),
  ).toContainEqual({
    who: 'jane',
    role: 'cluster-admin',
    binding: 'cluster-admin',
    way: [],
    known: true,
    isSignInUnknown: true,
  });
});

describe('the subjects that are not in the config', () => {
  test('have the names and groups that the API server gives them, and their first binding', () => {
    const fresh = clusterAccess(config, cluster, [...clusterObjects(config, cluster), ...more]);
    expect(strangers(fresh)).toStrictEqual([
      { name: 'group system:masters', groups: ['system:masters'], binding: expect.anything() },
      { name: 'group ops', groups: ['ops'], binding: more[0] },
      { name: 'user root', user: 'root', groups: [], binding: more[0] },
      ...(
        [
          ['build', 1],
          ['web', 2],
        ] as const
      ).map(([namespace, at]) => ({
        name: `system:serviceaccount:${namespace}:ci`,
        user: `system:serviceaccount:${namespace}:ci`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
        binding: more[at],
      })),
      { name: 'group dba', groups: ['dba'], binding: more[3] },
    ]);
    expect(strangers(fresh)).toBe(strangers(fresh));
  });

  const scheduler = user('system:kube-scheduler');
  const account = (namespace: string | undefined) => ({ kind: 'ServiceAccount', name: 'a', namespace });
  const discovery = builtinRbac(cluster.kubernetes)
    .filter(isBinding)
    .find((one) => one.metadata.name === 'system:discovery');
  const [info, signer] = ['system:public-info-viewer', 'system:controller:bootstrap-signer'].map((name) =>
    builtinRbac(cluster.kubernetes)
      .filter(isBinding)
      .find(({ metadata }) => metadata.name === name),
  );
  test.each<[string, object, string[]]>([
    [
      'a component, and a service account of an add-on',
      bound('system:x', [scheduler, account('kube-system')], 'view'),
      ['system:serviceaccount:kube-system:a', 'user system:kube-scheduler'],
    ],
    ['a component, in a binding of another name', bound('x', [scheduler], 'view'), ['user system:kube-scheduler']],
    [
      'a component beside somebody else',
      bound('system:x', [scheduler, user('x')], 'view'),
      ['user system:kube-scheduler', 'user x'],
    ],
    ['a user', bound('system:x', [user('x')], 'view'), ['user x']],
    [
      'a user whose name ends like that of the system',
      bound('system:x', [user('x:system:')], 'view'),
      ['user x:system:'],
    ],
    ['whoever does not sign in', bound('system:x', [user('system:anonymous')], 'view'), ['user system:anonymous']],
    [
      'a service account, as a user',
      bound('system:x', [user('system:serviceaccount:web:ci')], 'view'),
      ['system:serviceaccount:web:ci'],
    ],
    ['a group', bound('system:x', [group('system:nodes')], 'view'), ['group system:nodes']],
    ['a service account elsewhere', bound('system:x', [account('web')], 'view'), ['system:serviceaccount:web:a']],
    ['a user of a namespace', bound('system:x', [{ ...user('x'), namespace: 'kube-system' }], 'view'), ['user x']],
    ['a service account of no namespace, which is refused', bound('x', [account(undefined)], 'view'), []],
    ['nobody', bound('x', undefined, 'view'), []],
    ['a default binding of somebody else', { ...api, ...discovery, subjects: [group('ops')] }, ['group ops']],
    [
      'a default binding of a service account elsewhere',
      { ...api, ...signer, subjects: [{ kind: 'ServiceAccount', name: 'bootstrap-signer', namespace: 'web' }] },
      ['system:serviceaccount:web:bootstrap-signer'],
    ],
    ['a default binding that was read again', { ...api, ...discovery }, []],
    [
      'a default binding with a further subject',
      { ...api, ...discovery, subjects: [...(discovery?.subjects ?? []), group('ops')] },
      ['group ops'],
    ],
    [
      'a default binding of another role',
      { ...api, ...discovery, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } },
      ['group system:authenticated'],
    ],
    [
      'a default binding of another kind',
      { ...api, ...discovery, kind: 'RoleBinding', metadata: { name: 'system:discovery', namespace: 'web' } },
      ['group system:authenticated'],
    ],
    [
      'a default binding, its subjects in another order',
      { ...api, ...info, subjects: info?.subjects?.toReversed() },
      [],
    ],
  ])('%s', (_name, object, expected) => {
    const names = strangers(clusterAccess(config, cluster, [object])).map(({ name }) => name);
    expect(names.filter((name) => name !== 'group system:masters').sort()).toEqual([...expected].sort());
  });
});

test('a role that is neither built in nor in the config is not known', () => {
  const role = { ...api, kind: 'Role', metadata: { name: 'own', namespace: 'web' }, rules: [] };
  const inWeb = (name: string, kind: string, namespace: string) => ({
    ...bound(name, [user('x')], 'own', namespace),
    roleRef: { kind, name: 'own' },
  });
  const objects = [
    role,
    bound('built-in', [user('x')], 'view'),
    bound('missing', [user('x')], 'viewer'),
    bound('of-nobody', [], 'viewer'),
    bound('of-none', undefined, 'viewer'),
    inWeb('there', 'Role', 'web'),
    inWeb('elsewhere', 'Role', 'db'),
    { ...bound('stray', [user('x')], 'viewer'), metadata: { name: 'stray', namespace: 'db' } },
  ].map((object) => asStored({ ...object }));
  expect(ofUnknownRoles(clusterAccess(config, cluster, objects)).map(unknownRule)).toEqual([
    'the rights that the binding missing gives; its ClusterRole viewer is neither built in nor in the config',
    'the rights that the binding elsewhere in namespace db gives; its Role own is neither built in nor in the config',
    // An API server removes the namespace of a ClusterRoleBinding.
    'the rights that the binding stray gives; its ClusterRole viewer is neither built in nor in the config',
  ]);
});

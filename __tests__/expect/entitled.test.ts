import { accessOn, rendered } from '../../lib/diff/side';
import { accountsOf } from '../../lib/expect/accounts';
import { askedRight } from '../../lib/expect/asked-right';
import { type Entitled, Entitlements } from '../../lib/expect/entitled';
import { exemptions } from '../../lib/expect/exempt';
import { decided, holds, inKanidm } from '../../lib/expect/verdict';
import { enough, nameOf, someHold, unknownLogin, unknownRoles, wayOf } from '../../lib/expect/verdict-words';
import { load } from '../config';
import { fleet } from './fleet';

const binding = (
  name: string,
  role: string,
  subjects: object[] | undefined,
  namespace?: string,
  kind = 'ClusterRole',
) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: namespace === undefined || name === 'wide' ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
  ...(subjects ? { subjects } : {}),
});

/** The cluster lab, with hand-written objects. */
function lab(...more: object[]) {
  const { config, findings } = load(fleet([], {}));
  if (!config) throw new Error(JSON.stringify(findings));
  const access = accessOn(rendered(config), 'lab', more);
  if (!access) throw new Error('no cluster');
  return { config, access, on: new Entitlements(access) };
}
const bot = { kind: 'ServiceAccount', name: 'bot' };
const placedBot = { ...bot, namespace: 'db' };
const inText = ({ kind, name, held }: Entitled) =>
  `${kind} ${name}: ${held.binding.metadata.name}${held.namespace === undefined ? '' : ` in ${held.namespace}`}`;

test('who has a right: whom the bindings name, each once, by the first binding', () => {
  const { on } = lab(
    binding('a', 'edit', [bot, { ...bot, namespace: 'ops' }], 'web'),
    binding('b', 'edit', [placedBot, { kind: 'User', name: 'x' }, { kind: 'Group', name: 'x' }]),
    binding('c', 'edit', [{ kind: 'User', name: 'x' }]),
    binding('wide', 'edit', [{ kind: 'User', name: 'wide' }], 'web'),
    binding('none', 'edit', undefined),
    binding('d', 'view', [{ kind: 'User', name: 'y' }]),
    binding('e', 'from-a-chart', [{ kind: 'User', name: 'z' }], 'db'),
    binding('f', 'helper', [{ kind: 'User', name: 'w' }], 'web', 'Role'),
  );
  const right = askedRight('delete secrets', undefined, []);
  const { bindings, unknown } = on.matching(right, undefined);
  expect(on.holders(bindings).map(inText)).toEqual([
    'person jane: admins',
    'person ann: dev in prod',
    'person bob: dev in prod',
    'workload system:serviceaccount:web:bot: a in web',
    'workload system:serviceaccount:ops:bot: a in web',
    'workload system:serviceaccount:db:bot: b',
    'user x: b',
    'group x: b',
    'user wide: wide',
  ]);
  expect(on.holders(unknown).map(inText)).toEqual(['user z: e in db', 'user w: f in web']);
  expect(on.unknownRoles.map((one) => one.binding.metadata.name)).toEqual(['e', 'f']);
  const inDb = on.matching(right, ['db']);
  expect(inDb.bindings.map((one) => one.binding.metadata.name)).not.toContain('dev');
  expect(inDb.unknown.map((one) => one.binding.metadata.name)).toEqual(['e']);
});

test('the bindings of a role, in the namespaces that are asked about', () => {
  const { on } = lab(
    binding('a', 'edit', [bot], 'web'),
    binding('b', 'edit', [placedBot]),
    binding('c', 'view', [placedBot]),
  );
  const names = (namespaces?: string[]) => on.ofRole('edit', namespaces).map((one) => one.binding.metadata.name);
  expect(names()).toEqual(['dev', 'a', 'b']);
  expect(names(['web'])).toEqual(['a', 'b']);
  expect(names(['db', 'prod'])).toEqual(['dev', 'b']);
});

test('every signed-in user, by a binding of Kubernetes and by another one', () => {
  const all = { kind: 'Group', name: 'system:authenticated' };
  const { on, access } = lab(binding('a', 'view', [all]));
  const counted = (name: string) => on.holders(on.ofRole(name, undefined)).map((who) => `${who.kind} ${who.name}`);
  const everybody = access.principals.map(({ kind, name }) => `${kind} ${name}`);
  expect(everybody).toContain('person jane');
  expect(counted('view')).toEqual([...new Set(everybody), 'group system:authenticated']);
  expect(counted('system:basic-user')).toEqual([...new Set(everybody)]);
  // Components of Kubernetes are not named.
  expect(counted('system:kube-scheduler')).toEqual([]);
});

test('service accounts by the names that the API server gives them, and their groups, are no people', () => {
  const { on, access } = lab(
    binding('a', 'view', [
      { kind: 'User', name: 'system:serviceaccount:ops:bot' },
      { kind: 'User', name: 'system:serviceaccount' },
      { kind: 'Group', name: 'system:serviceaccounts' },
      { kind: 'Group', name: 'system:serviceaccounts:ops' },
      { kind: 'Group', name: 'system:serviceaccountsx' },
    ]),
    binding('cluster-admin', 'cluster-admin', [{ kind: 'User', name: 'x' }]),
  );
  const counted = (name: string) => on.holders(on.ofRole(name, undefined)).map((who) => `${who.kind} ${nameOf(who)}`);
  expect(counted('view')).toEqual([
    'workload system:serviceaccount:ops:bot',
    'user user system:serviceaccount',
    'workload every service account (group system:serviceaccounts)',
    'workload group system:serviceaccounts:ops',
    'group group system:serviceaccountsx',
  ]);
  // The API server adds system:masters to this binding, which is no decision of the one who wrote it.
  expect(counted('cluster-admin')).toEqual(['user user x', 'person jane']);
  expect(access.authorizer.bindings.find(({ metadata }) => metadata.name === 'cluster-admin')?.subjects).toHaveLength(
    2,
  );
});

test('a subject whose owner cannot sign in stands for nobody', () => {
  const { config } = load(
    fleet([], { lab: [{ name: 'more', clusterRole: 'view', people: ['out'], groups: ['empty'] }] }),
  );
  const access = config && accessOn(rendered(config), 'lab');
  if (!access) throw new Error('no cluster');
  const on = new Entitlements(access);
  expect(on.holders(on.ofRole('view', undefined)).map(inText)).toEqual(['person out: more']);
});

test('the accounts that a name stands for', () => {
  const { config } = lab();
  const names = (name: string) => accountsOf(config, name).map((one) => `${one.kind} ${one.name}`);
  expect(names('jane')).toEqual(['person jane']);
  expect(names('ci')).toEqual(['service account ci']);
  expect(names('sub')).toEqual(['person bob']);
  expect(names('devs')).toEqual(['person ann', 'person bob']);
  expect(names('users')).toEqual(['person ann', 'person bob', 'person eve', 'person jane', 'service account ci']);
  expect(names('empty')).toEqual([]);
  expect(names('kept')).toEqual(['members kept']);
  const all = ['person ann', 'person bob', 'person eve', 'person jane', 'person out'];
  expect(names('everybody')).toEqual([...all, 'members idm_all_persons']);
  expect(names('idm_all_accounts')).toEqual(['members idm_all_accounts']);
});

describe('whom an expectation exempts', () => {
  const { config } = lab();
  const who = [
    { kind: 'person', name: 'bob' },
    { kind: 'person', name: 'jane' },
    { kind: 'service account', name: 'ci' },
    { kind: 'members', name: 'sub' },
    { kind: 'members', name: 'kept' },
    { kind: 'user', name: 'ann' },
    { kind: 'workload', name: 'system:serviceaccount:a:b' },
    { kind: 'group', name: 'x' },
  ] as const;
  test.each<[string[], string[], string[], string]>([
    [[], [], [], 'no no no no no no no no'],
    [['bob'], [], [], 'yes no no no no no no no'],
    [['sub'], [], [], 'yes no no yes no no no no'],
    [['devs'], [], [], 'yes no no yes no no no no'],
    [['users'], [], [], 'yes yes yes no no no no no'],
    [['ci', 'jane'], [], [], 'no yes yes no no no no no'],
    [['kept'], [], [], 'unknown unknown unknown unknown yes no no no'],
    [['kept', 'sub'], [], [], 'yes unknown unknown yes yes no no no'],
    [['elsewhere'], [], [], 'unknown unknown unknown unknown unknown no no no'],
    [['idm_all_persons'], [], [], 'yes yes no no no no no no'],
    [['idm_all_accounts'], [], [], 'yes yes yes yes yes no no no'],
    [[], ['ann', 'x'], ['ann'], 'no no no no no yes no no'],
    [[], ['system:serviceaccount:a:b'], ['x'], 'no no no no no no yes yes'],
  ])('%j, users %j, groups %j: %s', (except, users, groups, expected) => {
    const exempt = exemptions(config, { except, exceptSubjects: { users, groups } });
    expect(who.map(exempt).join(' ')).toBe(expected);
  });
});

test('a hand-written binding with the name of a grant is no grant', () => {
  const { on } = lab(binding('dev', 'edit', [bot], 'web'));
  expect(on.holders(on.ofRole('edit', undefined)).map((who) => wayOf(on, who))).toContain(
    'system:serviceaccount:web:bot (edit in namespace web; binding dev)',
  );
});

test('holders in words', () => {
  const { on } = lab(
    binding('a', 'edit', [bot], 'web'),
    binding('b', 'from-a-chart', [
      { kind: 'User', name: 'x' },
      { kind: 'Group', name: 'y' },
    ]),
    binding('c', 'from-a-chart', [{ kind: 'User', name: 'z' }], 'web', 'Role'),
  );
  const holders = on.holders(on.ofRole('edit', undefined));
  expect(holders.map((who) => wayOf(on, who))).toEqual([
    'ann (edit in namespace prod, by devs; grant dev)',
    'bob (edit in namespace prod, by devs through sub; grant dev)',
    'system:serviceaccount:web:bot (edit in namespace web; binding a)',
  ]);
  const [ann, bob] = holders;
  if (!ann || !bob) throw new Error('no holders');
  expect(someHold(on, ann, [ann, bob])).toBe(
    'ann (edit in namespace prod, by devs; grant dev; and edit in namespace prod, by devs through sub; grant dev)',
  );
  expect(unknownRoles(on.holders(on.unknownRoles))).toEqual([
    'the rules of the ClusterRole from-a-chart, which user x and group y hold',
    'the rules of the Role from-a-chart, which user z holds',
  ]);
  expect(unknownRoles([])).toEqual([]);
  expect(unknownLogin(ann)).toBe('whether ann can sign in: only Kanidm knows the members of a group in the scope map');
  expect(enough(on, ann)).toBe('ann may not');
  expect(enough(on, { kind: 'person', name: 'nobody' })).toBe('nobody cannot sign in');
  expect(enough(on, { kind: 'service account', name: 'ann' })).toBe('service account ann cannot sign in');
  const kinds = ['person', 'service account', 'members', 'user', 'group', 'workload'] as const;
  expect(kinds.map((kind) => nameOf({ kind, name: 'a' }))).toEqual([
    'a',
    'service account a',
    'every member of a (only Kanidm knows the members)',
    'user a',
    'group a',
    'a',
  ]);
});

test('verdicts', () => {
  expect(decided([])).toBe(holds);
  expect(holds).toEqual({ state: 'holds', why: [] });
  expect(decided(['a', 'b'])).toEqual({ state: 'undecided', why: ['a', 'b'] });
  expect(inKanidm({ except: ['a', 'b'] }, { kind: 'person', name: 'c' })).toBe('whether Kanidm has c in a or b');
});

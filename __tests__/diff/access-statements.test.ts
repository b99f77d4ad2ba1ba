import type { Danger } from '../../lib/access/danger';
import { accessStatements } from '../../lib/diff/access-statements';
import type { AccessChange } from '../../lib/diff/change';
import { accessLines, sentence, untilDeleted } from '../../lib/diff/line-changes';

interface Fields extends Partial<Omit<AccessChange, 'who' | 'held'>> {
  readonly who?: string;
  readonly kind?: AccessChange['who']['kind'];
  readonly binding?: string;
  readonly role?: string;
  readonly roleKind?: 'Role' | 'ClusterRole';
  readonly namespace?: string;
  readonly subject?: AccessChange['held']['subject'];
}

const pods = { verb: 'get', group: '', resource: 'pods' };
const all = { verb: '*', group: '*', resource: '*' };

function change({
  who = 'jane',
  kind = 'person',
  binding = 'look',
  role = 'view',
  roleKind,
  ...more
}: Fields = {}): AccessChange {
  const { namespace, subject = { kind: 'User', name: who }, ...fields } = more;
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind ?? 'ClusterRole', name: role };
  const kindOfBinding = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  return {
    change: 'gained',
    cluster: 'lab',
    who: { kind, name: who },
    held: {
      binding: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: kindOfBinding,
        metadata: { name: binding, namespace },
        roleRef,
      },
      subject,
      rules: [],
      ...(namespace === undefined ? {} : { namespace }),
    } as AccessChange['held'],
    rights: [pods],
    danger: 'read',
    way: [],
    reason: 'R',
    ...fields,
  };
}
const everything: Fields = { danger: 'everything', rights: [all], role: 'cluster-admin', binding: 'admins' };
const authenticated: Fields = {
  binding: 'system:discovery',
  role: 'system:discovery',
  subject: { kind: 'Group', name: 'system:authenticated' },
};

describe('a change as a sentence', () => {
  test.each<[string, Fields, string]>([
    ['gained', {}, 'jane may read pods on lab (view): R'],
    ['lost', { change: 'lost' }, 'jane may no longer read pods on lab (view): R'],
    ['by groups', { way: ['a', 'b'] }, 'jane may read pods on lab (view, by b through a): R'],
    [
      'in a namespace',
      { namespace: 'web', roleKind: 'Role' },
      'jane may read pods in namespace web on lab (Role view): R',
    ],
    [
      'in several namespaces',
      { namespace: 'web', namespaces: ['db', 'web'] },
      'jane may read pods in namespaces db and web on lab (view): R',
    ],
    ['with other roles', { also: ['edit', 'see'] }, 'jane may read pods on lab (view): R; also gains edit and see'],
    [
      'lost with another role',
      { change: 'lost', also: ['edit'] },
      'jane may no longer read pods on lab (view): R; also loses edit',
    ],
    [
      'on a cluster that is gone',
      { change: 'lost', isClusterGone: true },
      'jane may still read pods on lab (view), but only until somebody deletes the objects that give this access: R',
    ],
    ['renamed', { otherName: 'janet' }, 'the account janet (which becomes jane) may read pods on lab (view): R'],
    [
      'renamed and lost',
      { otherName: 'janet', change: 'lost' },
      'the account jane (which becomes janet) may no longer read pods on lab (view): R',
    ],
    [
      'a stranger with another name',
      { kind: 'stranger', who: 'user a:jane', otherName: 'user b:jane' },
      'user b:jane (which becomes user a:jane) may read pods on lab (view): R',
    ],
    [
      'by adding members',
      { byManaging: { kind: 'group', name: 'ops', by: 'jane' } },
      'jane can now add members to ops, and thereby get the right to read pods on lab (view): R',
    ],
    [
      'by issuing tokens, lost',
      { change: 'lost', byManaging: { kind: 'service account', name: 'ci', by: 'jane' } },
      'jane can no longer issue tokens of service account ci, and thereby can no longer get the right to read pods on lab (view): R',
    ],
    [
      'by adding members, on a cluster that is gone',
      { change: 'lost', isClusterGone: true, byManaging: { kind: 'group', name: 'ops', by: 'jane' } },
      'jane can still add members to ops, and thereby can still get the right to read pods on lab (view), but only until somebody deletes the objects that give this access: R',
    ],
    ['of every signed-in user', authenticated, 'jane may do what every signed-in user may do on lab: R'],
    [
      'of every signed-in user, lost',
      { ...authenticated, change: 'lost' },
      'jane may no longer do what every signed-in user may do on lab: R',
    ],
    [
      'of every signed-in user, on a cluster that is gone',
      { ...authenticated, change: 'lost', isClusterGone: true },
      'jane may still do what every signed-in user may do on lab, but only until somebody deletes the objects that give this access: R',
    ],
    [
      'of a stranger, who is the group of every signed-in user',
      { ...authenticated, kind: 'stranger', who: 'group system:authenticated' },
      'every signed-in user (group system:authenticated) may read pods on lab (system:discovery): R',
    ],
    [
      'of the same stranger, on a cluster that is gone',
      { ...authenticated, kind: 'stranger', who: 'group system:authenticated', change: 'lost', isClusterGone: true },
      'every signed-in user (group system:authenticated) may still read pods on lab (system:discovery), but only until somebody deletes the objects that give this access: R',
    ],
  ])('%s', (_, fields, text) => {
    expect(sentence(change(fields))).toBe(text);
  });

  test.each<[string, Fields]>([
    ['a binding whose name does not begin with system:', { binding: 'discovery' }],
    ['a group of another name', { subject: { kind: 'Group', name: 'system:masters' } }],
    ['a user with the name of the group', { subject: { kind: 'User', name: 'system:authenticated' } }],
    ['a right that is more than reading', { danger: 'secrets' }],
  ])('is not one of every signed-in user with %s', (_, fields) => {
    expect(sentence(change({ ...authenticated, ...fields }))).toBe('jane may read pods on lab (system:discovery): R');
  });
  test('is one of every signed-in user with a right to write', () => {
    expect(sentence(change({ ...authenticated, danger: 'write' }))).toBe(
      'jane may do what every signed-in user may do on lab: R',
    );
  });

  test('has a sign as a line, and equal lines are one', () => {
    expect(accessLines([change(), change(), change({ change: 'lost' })])).toEqual([
      '+ jane may read pods on lab (view): R',
      '- jane may no longer read pods on lab (view): R',
    ]);
    expect(untilDeleted({})).toBe('');
  });
});

describe('statements', () => {
  const said = (...changes: Fields[]) =>
    accessStatements(changes.map(change)).map(({ say, clusters }) => say(clusters.join()));

  test.each<[Danger, string]>([
    ['everything', 'high'],
    ['secrets', 'medium'],
    ['read', 'none'],
  ])('about %s', (danger, level) => {
    const [gained] = accessStatements([change({ danger })]);
    expect({ ...gained, say: gained?.say('x and y') }).toEqual({
      part: 'access',
      level,
      change: 'added',
      say: 'jane may read pods on x and y (view): R',
      clusters: ['lab'],
      details: [],
      danger,
    });
    expect(accessStatements([change({ danger, change: 'lost' })])).toMatchObject([
      { level: 'none', change: 'removed', danger },
    ]);
  });
  test('about what every signed-in user may do have no level', () => {
    expect(accessStatements([change({ ...authenticated, danger: 'write' })])).toMatchObject([{ level: 'none' }]);
    expect(accessStatements([change({ danger: 'write' })])).toMatchObject([{ level: 'low' }]);
  });

  test('about several people are one if they differ only in the person', () => {
    expect(said({}, { who: 'joe' }, { who: 'ann', reason: 'other' }, { who: 'eve', binding: 'other' })).toEqual([
      'jane and joe may read pods on lab (view): R',
      'ann may read pods on lab (view): other',
      'eve may read pods on lab (view): R',
    ]);
    expect(said({}, { who: 'joe', cluster: 'edge' }, { who: 'ann', change: 'lost' })).toHaveLength(3);
    expect(said({ otherName: 'a' }, { who: 'joe', otherName: 'b' })).toEqual([
      'the account a (which becomes jane) may read pods on lab (view): R',
      'the account b (which becomes joe) may read pods on lab (view): R',
    ]);
    expect(said({ kind: 'members', who: 'a' }, { kind: 'members', who: 'b' })).toHaveLength(2);
    expect(said({ who: 'a' }, { who: 'a' })).toEqual(said({ who: 'a' }));
  });

  test('about several namespaces are one', () => {
    expect(said({ namespace: 'web' }, { namespace: 'db' }, { namespace: 'app' })).toEqual([
      'jane may read pods in namespaces app, db and web on lab (view): R',
    ]);
    expect(said({ namespace: 'web' }, {}, { namespace: 'db', reason: 'other' })).toEqual([
      'jane may read pods in namespace web on lab (view): R',
      'jane may read pods on lab (view): R',
      'jane may read pods in namespace db on lab (view): other',
    ]);
  });

  test('about everything leave out the smaller changes, and list their roles', () => {
    const edit: Fields = { role: 'edit', binding: 'work', danger: 'secrets' };
    expect(
      said(
        everything,
        edit,
        { ...edit, binding: 'again' },
        { ...edit, namespace: 'web', way: ['devs'] },
        authenticated,
      ),
    ).toEqual(['jane may do everything on lab (cluster-admin): R; also gains edit and edit in namespace web, by devs']);
    for (const other of [
      { who: 'joe' },
      { change: 'lost' },
      { cluster: 'edge' },
      { kind: 'members' },
      { byManaging: { kind: 'group', name: 'ops', by: 'jane' } },
    ] as const)
      expect(said(everything, { ...edit, ...other })).toHaveLength(2);
    expect(said({ ...everything, namespace: 'web' }, edit)).toHaveLength(2);
    expect(said(everything, { ...everything, binding: 'more' })).toEqual([
      'jane may do everything on lab (cluster-admin): R; also gains cluster-admin',
    ]);
  });

  describe('about everybody', () => {
    const everybody: Fields = { kind: 'members', who: 'idm_all_persons', subject: { kind: 'Group', name: 'g' } };
    const person = (who: string, more: Fields = {}): Fields => ({
      who,
      way: ['idm_all_persons'],
      subject: { kind: 'Group', name: 'g' },
      ...more,
    });

    test('list the people in the config, who have no statement of their own', () => {
      expect(said(person('joe'), everybody, person('ann'), person('ann'))).toEqual([
        'every person in Kanidm (idm_all_persons) may read pods on lab (view): R; affected people in the config: ann, joe',
      ]);
      expect(said(everybody)).toEqual(['every person in Kanidm (idm_all_persons) may read pods on lab (view): R']);
    });
    test('list no people who have the role in another way', () => {
      expect(said(everybody, person('joe', { way: ['ops'] }))).toHaveLength(2);
      expect(said(everybody, person('joe', { binding: 'other' }))).toHaveLength(2);
      expect(said(everybody, person('joe', { change: 'lost' }))).toHaveLength(2);
      expect(said(everybody, person('joe', { namespace: 'web' }))).toHaveLength(2);
      expect(said(everybody, person('ci', { kind: 'service account' }))).toHaveLength(2);
      expect(said({ ...everybody, who: 'ops' }, person('joe', { way: ['ops'] }))).toHaveLength(2);
    });
    test('can be about what everybody gets by managing an entry', () => {
      const byManaging = { kind: 'group', name: 'ops', by: 'idm_all_persons' } as const;
      expect(said({ ...everybody, byManaging }, person('joe', { way: ['ops'], byManaging }))).toEqual([
        'every person in Kanidm (idm_all_persons) can now add members to ops, and thereby get the right to read pods on lab (view): R; affected people in the config: joe',
      ]);
      expect(said({ ...everybody, byManaging }, person('joe'))).toHaveLength(2);
    });
    test('can be about every signed-in user', () => {
      const subject = { kind: 'Group', name: 'system:authenticated' } as const;
      const group: Fields = { kind: 'stranger', who: 'group system:authenticated', subject, danger: 'secrets' };
      expect(said(group, { who: 'joe', subject, danger: 'secrets' })).toEqual([
        'every signed-in user (group system:authenticated) may read pods on lab (view): R; affected people in the config: joe',
      ]);
    });
  });
});

import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf, merge } from '../config';

/*
 * What Kanidm keeps if it leaves the config. Nobody loses access by such a change.
 */

const uuid = (i: number) => `${String(i).repeat(8)}-1111-4111-8111-111111111111`;

const team = {
  kanidm: { domain: 'idm.example.com', version: '1.11.1' },
  people: {
    jane: { displayName: 'Jane', mail: 'jane@example.com', id: uuid(1) },
    ann: { displayName: 'Ann', mail: 'ann@example.com', id: uuid(2) },
    bob: { displayName: 'Bob', mail: 'bob@example.com', id: uuid(3) },
  },
  groups: { users: { members: ['jane', 'ann', 'bob'] }, admins: { members: ['ann'] }, devs: { members: ['bob'] } },
  clients: {
    k8s: { landingUrl: 'http://localhost:8000', scopes: { users: ['openid', 'email', 'profile', 'groups'] } },
  },
  clusters: {
    lab: {
      server: 'https://192.0.2.10:6443',
      kubernetes: '1.34',
      client: 'k8s',
      controlPlane: 'k3s',
      breakGlass: 'the safe',
      authentication: { method: 'structured', prefix: 'kanidm:', groups: { claim: 'groups', prefix: 'kanidm:' } },
      grants: [{ name: 'admins', clusterRole: 'cluster-admin', groups: ['admins'] }],
    },
  },
};

type Change = Record<string, unknown>;

const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'hand' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'kanidm:ops@idm.example.com' }],
};

const side = (changes: readonly Change[], objects: readonly object[]) =>
  rendered(configOf(JSON.stringify(changes.reduce<unknown>(merge, team))), () => objects);

/** Returns the lines about access and about what Kanidm keeps. */
function review(before: Change, after: Change, [was, is]: readonly object[][] = [[], []]): string[] {
  const diff = reviewDiff({ before: side([before], was ?? []), after: side([before, after], is ?? []) });
  return asText(diff)
    .split('\n')
    .filter((line) => / may | no longer (?:become|in|sign)|can (?:now|no longer)|Kanidm keeps/.test(line))
    .map((line) => line.trim());
}

const losses = (lines: readonly string[]) => lines.filter((line) => /may no longer|can no longer/.test(line));
const gains = (lines: readonly string[]) => lines.filter((line) => / \+ /.test(line));

describe('a group that leaves the config stays in Kanidm', () => {
  const ops = { groups: { ops: { members: ['jane'] } } };
  const gone = { groups: { ops: null } };
  const hand = [[binding], [binding]];

  test('and in a hand-written binding', () => {
    expect(losses(review(ops, gone, hand))).toEqual([]);
    expect(losses(review(ops, gone, [[binding], []]))).toEqual([expect.stringContaining('- jane may no longer do')]);
  });
  test('unless it becomes `absent`', () => {
    const [lost] = losses(review(ops, { groups: { ops: { absent: true, members: null } } }, hand));
    expect(lost).toContain('- jane may no longer do everything on lab');
  });
  test('under another name, if another group takes its name', () => {
    const before = { groups: { ops: { members: ['jane'], id: uuid(7) } } };
    const lines = review(before, { groups: { ops: { members: ['bob'], id: uuid(8) } } }, hand);
    expect(losses(lines)).toEqual([expect.stringContaining('- jane may no longer do everything')]);
    expect(gains(lines)).toEqual([expect.stringContaining('+ bob may do everything on lab')]);
  });
  test('with the people who leave the config with it, but without those whom Kanidm deletes', () => {
    const wider = { ...ops, groups: { ...ops.groups, users: { members: ['ops', 'ann', 'bob'] } } };
    const left = (jane: unknown) => ({ people: { jane }, groups: { ops: null, users: { members: null } } });
    expect(losses(review(wider, left(null), hand))).toEqual([]);
    expect(losses(review(wider, left({ absent: true, displayName: null, mail: null }), hand))).toEqual([
      expect.stringContaining('- jane may no longer do everything'),
    ]);
  });
  test('and in a binding that the config names by its group name', () => {
    const subjects = { groups: ['kanidm:admins@idm.example.com'] };
    const grants = [{ name: 'admins', clusterRole: 'cluster-admin', subjects }];
    expect(losses(review({}, { groups: { admins: null }, clusters: { lab: { grants } } }))).toEqual([]);
  });
  test('and in a group whose members the config no longer lists', () => {
    const nested = {
      groups: { ...ops.groups, admins: { members: ['ops'] }, users: { members: ['jane', 'ann', 'admins'] } },
    };
    const unlisted = (members: readonly string[] | null) => ({ groups: { ops: null, admins: { members } } });
    expect(losses(review(nested, unlisted(null)))).toEqual([]);
    expect(losses(review(nested, unlisted([])))).toEqual([expect.stringContaining('- jane may no longer do')]);
  });
  test('and in such a group under another name, if another group takes its name', () => {
    const before = { groups: { ops: { members: ['jane'], id: uuid(7) }, admins: { members: ['ops'] } } };
    const taken = (members: readonly string[] | null) => ({
      groups: { ops: { members: ['bob'], id: uuid(8) }, admins: { members } },
    });
    expect(losses(review(before, taken(null)))).toEqual([]);
    expect(losses(review(before, taken(['ops'])))).toEqual([expect.stringContaining('- jane may no longer do')]);
  });
  test('so nobody gains the access that its members have', () => {
    expect(gains(review(ops, gone, hand))).toEqual([]);
  });
  test('and a new binding gives its members access', () => {
    expect(review(ops, gone, [[], [binding]])).toContainEqual(
      expect.stringContaining('+ jane may do everything on lab (cluster-admin, by ops)'),
    );
  });
  test('with its manager', () => {
    const managed = { groups: { ops: { members: ['jane'], managedBy: 'bob' } } };
    expect(losses(review(managed, gone, hand))).toEqual([]);
    expect(losses(review(managed, { groups: { ops: { managedBy: null } } }, hand))).toEqual([]);
    expect(losses(review(managed, { groups: { ops: { managedBy: 'ann' } } }, hand))).toEqual([
      expect.stringMatching(/^- bob can no longer add members to ops.*: group ops was managed by bob$/),
    ]);
  });
});

describe('the claim maps of a client', () => {
  const roles = (values: object, join?: string) => ({ roles: { join, values } });
  const byRoles = {
    authentication: { groups: { claim: 'roles' } },
    grants: [{ name: 'a', clusterRole: 'cluster-admin', subjects: { groups: ['kanidm:admins'] } }],
  };
  const mapped = { clients: { k8s: { claims: roles({ admins: ['admins'] }) } }, clusters: { lab: byRoles } };
  const dropped = { clients: { k8s: { claims: null } } };
  const byDept = { claimValidationRules: [{ expression: "claims[?'dept'].orValue('') == 'ops'" }] };

  test('stay in Kanidm if they leave the config', () => {
    const lines = review(mapped, dropped);
    expect(losses(lines)).toEqual([]);
    expect(lines).toContainEqual(
      expect.stringContaining('Kanidm keeps the claim maps. To remove the claim maps, write `claims: {}`'),
    );
  });
  test('but not if they become empty', () => {
    const emptied = { clients: { k8s: { claims: { roles: null } } } };
    expect(review(mapped, emptied)).toEqual([
      '- ann may no longer do everything on lab (cluster-admin, by admins): the API server no longer puts the members of admins into the group kanidm:admins',
    ]);
  });
  test('give the reason, if another group gets a value', () => {
    const values = { admins: null, devs: ['admins'] };
    expect(review(mapped, { clients: { k8s: { claims: roles(values) } } })).toEqual([
      '🔴 + bob may do everything on lab (cluster-admin, by devs): the API server now puts the members of devs into the group kanidm:admins',
      '- ann may no longer do everything on lab (cluster-admin, by admins): the API server no longer puts the members of admins into the group kanidm:admins',
    ]);
  });
  test('are no longer split into groups, if the config no longer says how to split them', () => {
    const joined = (...values: string[]) => ({
      ...mapped,
      clients: { k8s: { claims: roles({ admins: values }, 'csv') } },
    });
    expect(losses(review(joined('admins', 'x'), dropped))).toEqual([expect.stringContaining('- ann may no longer')]);
    expect(losses(review(joined('admins'), dropped))).toEqual([]);
  });
  test('keep the sign-in that a rule allows', () => {
    const ruled = {
      clients: { k8s: { claims: { dept: { join: 'csv', values: { admins: ['ops'] } } } } },
      clusters: { lab: { authentication: byDept } },
    };
    expect(losses(review(ruled, dropped))).toEqual([]);
    expect(losses(review(ruled, { clients: { k8s: { claims: { dept: null } } } }))).toEqual([
      expect.stringContaining('ann can no longer sign in to this cluster'),
    ]);
  });
});

describe('the scope map of a client', () => {
  const app = {
    clients: {
      app: { type: 'basic', landingUrl: 'https://a.example.com', scopes: { devs: ['openid', 'groups'] } },
    },
    clusters: { lab: { trust: ['app'] } },
  };
  const of = (change: object) => ({ clients: { app: change } });

  test('stays in Kanidm if it leaves the config', () => {
    const means = 'Kanidm keeps the scope map. To remove the scope map, write `scopes: {}`';
    expect(review(app, of({ scopes: null }))).toContainEqual(expect.stringContaining(means));
  });
  test('but not if it becomes empty', () => {
    const lines = review(app, of({ scopes: { devs: null } }));
    expect(lines).toContainEqual(expect.stringContaining('members of devs can no longer use app'));
    expect(lines.join('\n')).not.toContain('Kanidm keeps');
  });
  test.each([
    ['supplementaryScopes', { devs: ['email'] }, 'the supplementary scope map'],
    ['consentPrompt', true, 'this setting. To turn it off, write `consentPrompt: false`'],
  ])('and so does %s', (field, value, kept) => {
    const before = { ...app, clients: { app: { ...app.clients.app, [field]: value } } };
    expect(review(before, of({ [field]: null }))).toContainEqual(expect.stringContaining(`Kanidm keeps ${kept}`));
  });
});

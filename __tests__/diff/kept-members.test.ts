import { accessDiff } from '../../lib/diff/access-changes';
import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

interface Change {
  readonly jane?: object | null;
  /** `null` if the config does not list the members. */
  readonly devs?: readonly string[] | null;
  readonly oncall?: readonly string[];
  readonly users?: readonly string[];
}

const side = ({ jane = {}, devs = ['jane', 'oncall'], oncall = ['sam'], users = ['datosh', 'devs'] }: Change) =>
  rendered(
    configOf({
      kanidm: { version: '1.11.1' },
      people: {
        jane: jane && { displayName: 'Jane', id: '11111111-1111-4111-8111-111111111111', ...jane },
        sam: { displayName: 'Sam', id: '22222222-2222-4222-8222-222222222222' },
      },
      groups: {
        devs: devs ? { members: devs } : {},
        oncall: { members: oncall },
        k8s_users: { members: users },
      },
      clusters: { homelab: { grants: [{ name: 'admins', clusterRole: 'cluster-admin', groups: ['devs'] }] } },
    }),
  );

/** Returns who loses cluster-admin. */
function losers(before: Change, after: Change): string[] {
  const [was, is] = [side(before), side(after)];
  const lost = accessDiff(was, is).filter(({ change, danger }) => change === 'lost' && danger === 'everything');
  return lost.map(({ who }) => who.name).sort();
}

const unlisted: Change = { devs: null };
const absent = { absent: true, displayName: undefined };

test.each<[string, Change, Change, string[]]>([
  ['nobody loses access if the members are no longer listed', {}, unlisted, []],
  ['who leaves a nested group that is still listed, does', {}, { ...unlisted, oncall: [] }, ['sam']],
  ['so does who is removed from Kanidm', {}, { ...unlisted, jane: absent }, ['jane']],
  ['who only left the config, stays a member', {}, { ...unlisted, jane: null }, []],
  ['who can no longer sign in, loses access', {}, { ...unlisted, users: ['datosh', 'sam'] }, ['jane']],
  [
    'so does who also left the config',
    { users: ['datosh', 'jane', 'sam'] },
    { ...unlisted, jane: null, users: ['datosh', 'sam'] },
    ['jane'],
  ],
  ['who was not a member, has nothing to lose', { devs: ['oncall'] }, unlisted, []],
  ['who is taken out of a listed group, loses access', {}, { devs: [] }, ['jane', 'sam']],
  ['the members of an unlisted group lose access if they are listed', unlisted, {}, ['devs']],
])('%s', (_, before, after, names) => {
  expect(losers(before, after)).toEqual(names);
});

test.each<[string, Change, boolean]>([
  ['who stays in the group with the role, and leaves the scope map', { users: ['datosh', 'sam'] }, true],
  ['who leaves both', { users: ['datosh', 'sam'], devs: ['oncall'] }, false],
  ['who is removed from Kanidm', { users: ['datosh', 'sam'], devs: ['oncall'], jane: absent }, false],
])('a session that exists keeps the access of %s: %#', (_, after, keeps) => {
  const listed = { users: ['datosh', 'jane', 'sam'] };
  const reasons = accessDiff(side(listed), side(after)).flatMap(({ who, danger, reason }) =>
    who.name === 'jane' && danger === 'everything' ? reason : [],
  );
  expect(reasons).toEqual([
    keeps
      ? 'jane can no longer sign in to this cluster, but a session that already exists keeps this access until it ends, by default a day after the sign-in'
      : 'jane can no longer sign in to this cluster',
  ]);
});

test('every member gains the access, and nobody loses a way of several steps', () => {
  const edit = (members: readonly string[] | null) => {
    const { config } = side({ devs: members });
    return config;
  };
  const text = asText(reviewDiff({ before: rendered(edit(['jane'])), after: rendered(edit(null)) }));
  expect(text).toContain('+ every member of devs (only Kanidm knows the members) may do everything on homelab');
  expect(text).toContain('changed from jane to not set: the members stay in Kanidm as they are');
  expect(text).not.toMatch(/no longer (become|add members)|may no longer/);
});

describe('the members of a built-in group', () => {
  const built = (k8sUsers: object, displayName = 'Jane') =>
    rendered(
      configOf({
        people: { jane: { displayName } },
        groups: { devs: { members: ['jane'], managedBy: 'idm_admins' }, k8s_users: { members: ['devs'], ...k8sUsers } },
        clusters: { homelab: { grants: [{ name: 'all', clusterRole: 'view', groups: ['k8s_users'] }] } },
      }),
    );
  const changes = (before: object, after: object) =>
    accessDiff(built(before), built(after, 'J. Doe')).map(({ change, who }) => `${change} ${who.name}`);

  test('gain and lose nothing by another change', () => {
    expect(changes({}, {})).toEqual([]);
    expect(changes({ members: ['devs', 'idm_all_persons'] }, { members: ['devs', 'idm_all_persons'] })).toEqual([]);
  });

  test('no role that is not known, and nothing in several steps', () => {
    const grants = [
      { name: 'flux', clusterRole: 'edit', namespaces: ['web'], groups: ['k8s_users'] },
      { name: 'odd', clusterRole: 'odd', groups: ['k8s_users'] },
    ];
    const side = (more: readonly object[]) =>
      rendered(
        configOf({
          groups: { k8s_users: { members: ['idm_all_persons', 'idm_admins'] } },
          clusters: { homelab: { grants: [...grants, ...more] } },
        }),
      );
    const look = { name: 'look', clusterRole: 'view', people: ['datosh'] };
    const texts = (before: object[], after: object[]) =>
      reviewDiff({ before: side(before), after: side(after) })
        .statements.filter(({ part }) => part === 'access')
        .map(({ say }) => say('homelab'));
    expect(texts([], [look])).toEqual([expect.stringContaining('datosh may read')]);
    const odder = { name: 'odder', clusterRole: 'odder', groups: ['k8s_users'] };
    expect(texts([], [odder])).toEqual([expect.stringContaining('now gives k8s_users the ClusterRole odder')]);
  });

  test('gain and lose what a manager can get', () => {
    expect(changes({ members: [] }, {})).toContain('gained idm_admins');
    expect(changes({}, { members: [] })).toContain('lost idm_admins');
  });
});

import { policyStatements } from '../../lib/diff/policy-statements';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { failsOn } from '../../lib/diff/statement';
import { type Change, teamWith, uuid } from './steps/configs';

const team = {
  people: {
    jane: { displayName: 'Jane', id: uuid(1) },
    ann: { displayName: 'Ann', id: uuid(2) },
    joe: { displayName: 'Joe', id: uuid(3) },
  },
  groups: {
    ops: { members: ['ann'] },
    strong: { id: uuid(4), members: ['ops', 'joe'], policy: { credentialMinimum: 'passkey', sessionExpiry: 600 } },
  },
};

const config = (...changes: readonly Change[]) => teamWith(team, ...changes);

/** Returns who a policy no longer applies to, as text. */
const said = (after: Change, before: Change = {}) =>
  policyStatements(config(before), config(before, after)).map((one) => one.say(''));

const strong = (...members: readonly string[]) => ({ groups: { strong: { members } } });
const lost = (who: string, group = 'strong') => [`the account policy of group ${group} no longer applies to ${who}`];
const absent = { absent: true, members: null, policy: null, displayName: null };

test.each<[string, Change, string]>([
  ['a nested group is removed', strong('joe'), 'ann'],
  ['a person is removed', strong('ops'), 'joe'],
  ['others are added at the same time', strong('ops', 'jane'), 'joe'],
  // The account stays in Kanidm.
  ['a person leaves the config', { people: { joe: null }, groups: { strong: { members: ['ops'] } } }, 'joe'],
  ['a nested group loses a member', { groups: { ops: { members: [] } } }, 'ann'],
  ['a nested group is deleted', { groups: { ops: absent, strong: { members: ['joe'] } } }, 'ann'],
  ['the group is deleted', { groups: { strong: absent } }, 'ann and joe'],
])('the policy no longer applies: %s', (_, after, who) => expect(said(after)).toEqual(lost(who)));

test.each<[string, Change]>([
  ['members are only added', strong('ops', 'joe', 'jane')],
  [
    'a person stays through a nested group',
    { groups: { ops: { members: ['ann', 'joe'] }, strong: { members: ['ops'] } } },
  ],
  ['everybody is a member', strong('idm_all_persons')],
  ['the group leaves the config', { groups: { strong: null } }],
  ['the config no longer lists the members', { groups: { strong: { members: null } } }],
  ['the config no longer lists the members of a nested group', { groups: { ops: { members: null } } }],
  ['the person is deleted', { people: { joe: absent }, groups: { strong: { members: ['ops'] } } }],
  [
    'the person and the group are renamed',
    {
      people: { joe: null, jo: { displayName: 'Jo', id: uuid(3) } },
      groups: { strong: null, strict: { id: uuid(4), members: ['ops', 'jo'], policy: { sessionExpiry: 600 } } },
    },
  ],
])('the policy still applies: %s', (_, after) => expect(said(after)).toEqual([]));

test('a group without settings in its policy has nothing to lose', () => {
  const before = { groups: { strong: { policy: { credentialMinimum: null, sessionExpiry: null } } } };
  expect(said(strong(), before)).toEqual([]);
  expect(said(strong(), { groups: { strong: { policy: null } } })).toEqual([]);
});

test('a renamed person is found under both names', () => {
  const renamed = { people: { joe: null, jo: { displayName: 'Jo', id: uuid(3) } } };
  expect(said({ ...renamed, ...strong('ops') })).toEqual(lost('jo'));
});

test('a group that the runbook renames is not deleted', () => {
  const before = { groups: { strong: { id: null } } };
  const renamed = (...members: readonly string[]) => ({
    groups: { strong: absent, strict: { formerly: 'strong', members, policy: { sessionExpiry: 600 } } },
  });
  expect(said(renamed('ops', 'joe'), before)).toEqual([]);
  expect(said(renamed('ops'), before)).toEqual(lost('joe', 'strict'));
});

test('members that only Kanidm knows are named by their group', () => {
  const before = strong('idm_admins', 'joe');
  expect(said(strong('joe'), before)).toEqual(lost('the members of idm_admins'));
  expect(said(strong('idm_admins'), before)).toEqual(lost('joe, unless they are in idm_admins in Kanidm'));
  expect(said({ groups: { strong: absent } }, { groups: { strong: { members: null } } })).toEqual(
    lost('the members of strong'),
  );
  expect(said(strong('joe'), { groups: { strong: { members: null } } })).toEqual([]);
});

test('the statement has a mark, and `--fail-on trust` selects it', () => {
  const { statements } = reviewDiff({ before: rendered(config()), after: rendered(config(strong('ops'))) });
  const [found] = statements.filter((one) => failsOn(one, 'trust'));
  expect(found?.say('')).toBe(lost('joe')[0]);
  expect(found?.level).toBe('medium');
});

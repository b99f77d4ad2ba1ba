import {
  daysAfter,
  endings,
  endOf,
  hasEnded,
  isDay,
  membershipsOf,
  membershipTerm,
  termText,
  today,
} from '../../lib/expire/terms';
import { configOf } from '../config';

const config = configOf({
  people: { jane: { displayName: 'Jane' }, dan: { displayName: 'Dan' } },
  groups: {
    oncall: {
      members: [
        { name: 'dan', reason: 'always' },
        { name: 'jane', until: '2027-03-01', reason: 'week 9' },
      ],
    },
    admins: { members: [{ name: 'oncall', until: '2027-02-01' }] },
    k8s_users: { members: ['datosh', 'admins'] },
  },
  grants: [
    { name: 'admins', clusterRole: 'cluster-admin', groups: ['admins'], clusters: '*' },
    { name: 'short', clusterRole: 'view', groups: ['admins'], clusters: '*', until: '2027-01-15' },
    {
      name: 'narrow',
      clusterRole: 'view',
      groups: ['admins'],
      clusters: '*',
      namespaces: ['web'],
      until: '2027-01-20',
    },
  ],
});
const wide = (name: string) => ({ kind: 'ClusterRoleBinding' as const, metadata: { name } });
const inside = (name: string, namespace: string) => ({ kind: 'RoleBinding' as const, metadata: { name, namespace } });
const [cluster] = config.clusters.values();
if (!cluster) throw new Error('the config has no cluster');

test.each([
  ['2027-01-31', '2027-01-31', false],
  ['2027-01-31', '2027-02-01', true],
  ['2027-01-31', '2027-01-30', false],
])('what lasts until %s has ended on %s: %s', (until, at, ended) => expect(hasEnded(until, at)).toBe(ended));

test('days', () => {
  expect(today(new Date('2027-01-31T23:59:59Z'))).toBe('2027-01-31');
  expect(daysAfter('2027-01-31', 1)).toBe('2027-02-01');
  expect(daysAfter('2028-03-01', -1)).toBe('2028-02-29');
  expect(['2028-02-29', '2027-02-29', '2027-13-01', '2027-1-1', ''].filter(isDay)).toEqual(['2028-02-29']);
});

test('everything that has a last day, a grant on several clusters once', () => {
  expect(endings(config)).toEqual([
    {
      kind: 'membership',
      path: ['groups', 'oncall', 'members', 1],
      what: 'the membership of jane in oncall',
      until: '2027-03-01',
    },
    {
      kind: 'membership',
      path: ['groups', 'admins', 'members', 0],
      what: 'the membership of oncall in admins',
      until: '2027-02-01',
    },
    { kind: 'grant', path: ['grants', 2], what: 'the grant narrow', until: '2027-01-20' },
    { kind: 'grant', path: ['grants', 1], what: 'the grant short', until: '2027-01-15' },
  ]);
  expect([...configOf({ groups: { oncall: {} } }).groups.values()].flatMap(membershipsOf)).toEqual([]);
});

test.each([
  [{}, ''],
  [{ until: '2027-01-31' }, ' until 2027-01-31'],
  [{ reason: 'on call' }, ' (on call)'],
  [{ until: '2027-01-31', reason: 'on call' }, ' until 2027-01-31 (on call)'],
])('the text of the term %j', (term, text) => expect(termText(term)).toBe(text));

test('a reason is shown as the caller asks', () =>
  expect(termText({ reason: 'a|b' }, (text) => text.replace('|', '/'))).toBe(' (a/b)'));

test('the term of each membership on a way', () => {
  const way = ['oncall', 'admins'];
  expect(membershipTerm(config, 'jane', way, 0)).toEqual({ until: '2027-03-01', reason: 'week 9' });
  expect(membershipTerm(config, 'dan', way, 0)).toEqual({ reason: 'always' });
  expect(membershipTerm(config, 'jane', way, 1)).toEqual({ until: '2027-02-01' });
  expect(membershipTerm(config, 'jane', way, 2)).toEqual({});
  expect(membershipTerm(config, 'toString', ['oncall'], 0)).toEqual({});
});

test.each([
  [wide('admins'), 'jane', ['oncall'], '2027-03-01'],
  [wide('admins'), 'jane', ['oncall', 'admins'], '2027-02-01'],
  [wide('admins'), 'dan', ['oncall'], undefined],
  [wide('short'), 'jane', ['oncall', 'admins'], '2027-01-15'],
  [wide('short'), 'jane', [], '2027-01-15'],
  [wide('admins'), 'jane', [], undefined],
  [wide('another'), 'jane', [], undefined],
  // The name alone does not show that a binding is that of the grant.
  [inside('short', 'web'), 'jane', [], undefined],
  [inside('narrow', 'web'), 'jane', [], '2027-01-20'],
  [inside('narrow', 'db'), 'jane', [], undefined],
  [wide('narrow'), 'jane', [], undefined],
])('the last day in the binding %j for %s by %j', (binding, name, way, end) =>
  expect(endOf({ config, cluster }, binding, name, way)).toBe(end),
);

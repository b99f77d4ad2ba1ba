import { edgesOf, modelOf, type NodeId, pathsOn } from '../../lib/report/model/access-paths';
import { dangerWords, rankOf, worstOf } from '../../lib/report/model/danger-words';
import { choose, everything, type Filter } from '../../lib/report/model/filter';
import { count, kindOf, labelOf, rolesOf, spoken, whoIs } from '../../lib/report/model/labels';
import { waysFor } from '../../lib/report/model/reachable';
import { allowed, factsOf, listed, nameOf, sentences, summary } from '../../lib/report/model/words';
import { handData } from './hand-data';

const model = modelOf(handData);
const { paths } = model;

test('each path is a sentence', () => {
  expect(sentences(model, paths, undefined, 99)).toEqual({
    lines: [
      'Service account bot has view in a on west (grant viewers).',
      'Every member of crew has edit in a, b, c, d and 1 more namespace on east, through crew (grant editors).',
      'group ops has empty in a, b on west (grant by-hand of apps/extra.yaml).',
      'jane has cluster-admin on east and west, through leads in admins (grant root).',
      'joe has view in a on west (grant viewers).',
      'joe has empty in a, b on east and west (grant by-hand of apps/extra.yaml).',
      'joe has empty in a, b on east and west, through admins (grant by-hand of apps/extra.yaml).',
      'Nobody in the config is in idle, which has empty in a, b on east and west (grant by-hand of apps/extra.yaml).',
    ],
    hidden: 0,
  });
  expect(sentences(model, paths, 'p5', 2)).toEqual({
    lines: [expect.stringMatching(/^joe has view/), expect.stringMatching(/^joe has empty/)],
    hidden: 1,
  });
});

test.each<[NodeId, string[]]>([
  ['p0', ['bot']],
  ['g0', ['jane', 'joe']],
  ['g2', ['nobody']],
  ['r3', ['group ops', 'joe', 'nobody']],
  ['c0', ['crew', 'jane', 'joe', 'nobody']],
])('the paths through %s are those of %j', (id, names) => {
  const on = pathsOn(paths, id);
  const holders = on.map(({ person }) => (person === undefined ? 'nobody' : nameOf(handData, person)));
  expect(
    [...new Set(holders)].map((name) => name.replace('Every member of ', '').replace('Service account ', '')),
  ).toEqual(names);
  if (id === 'c0') expect(new Set(on.flatMap(({ clusters }) => clusters))).toEqual(new Set([0]));
});

test('a path has an edge for each step, and one for each cluster', () => {
  expect(pathsOn(paths, 'p4').flatMap(edgesOf)).toEqual([
    { from: 'p4', to: 'g3' },
    { from: 'g3', to: 'g0' },
    { from: 'g0', to: 'r0' },
    { from: 'r0', to: 'c0' },
    { from: 'r0', to: 'c1' },
  ]);
});

test.each<[string[], number | undefined, string]>([
  [[], undefined, ''],
  [['a'], undefined, 'a'],
  [['a', 'b'], undefined, 'a and b'],
  [['a', 'b', 'c'], undefined, 'a, b and c'],
  [['a', 'b', 'c', 'd', 'e', 'f'], undefined, 'a, b, c, d, e and f'],
  [['a', 'b', 'c', 'd', 'e', 'f', 'g'], undefined, 'a, b, c, d, e, f and 1 more'],
  [['a', 'b', 'c'], 1, 'a and 2 more'],
])('%j, at most %j: %j', (items, most, text) => expect(listed(items, most)).toBe(text));

test.each([
  [0, '0 roles'],
  [1, '1 role'],
  [2, '2 roles'],
  [2000, '2,000 roles'],
])('%i is %s', (number, text) => expect(count(number, 'role')).toBe(text));

test.each<[NodeId, ReturnType<typeof labelOf>]>([
  ['p0', { kind: 'person', title: 'bot', note: 'service account', danger: 'read' }],
  ['p1', { kind: 'person', title: 'crew', note: 'only Kanidm knows the members', danger: 'takeover' }],
  ['p2', { kind: 'person', title: 'dan', note: '0 grants' }],
  ['p3', { kind: 'person', title: 'group ops', note: 'not in the config' }],
  ['p4', { kind: 'person', title: 'jane', note: 'Jane Doe', danger: 'everything' }],
  ['p5', { kind: 'person', title: 'joe', note: '2 grants', danger: 'read' }],
  ['g0', { kind: 'group', title: 'admins', note: '1 person' }],
  ['g1', { kind: 'group', title: 'crew', note: 'only Kanidm knows the members' }],
  ['g2', { kind: 'group', title: 'idle', note: '0 people' }],
  ['g4', { kind: 'group', title: 'system:authenticated', note: 'everybody who is signed in' }],
  ['g5', { kind: 'group', title: 'system:masters', note: 'built into Kubernetes' }],
  ['r0', { kind: 'grant', title: 'cluster-admin', note: 'everywhere · root', danger: 'everything' }],
  ['r1', { kind: 'grant', title: 'edit', note: 'in a and 4 more namespaces · editors', danger: 'takeover' }],
  ['r2', { kind: 'grant', title: 'view', note: 'in a · viewers', danger: 'read' }],
  ['r3', { kind: 'grant', title: 'empty', note: 'in a and 1 more namespace · by-hand' }],
  ['c1', { kind: 'cluster', title: 'west', note: 'Kubernetes 1.35.1' }],
])('the label of %s', (id, label) => expect(labelOf(model, id)).toEqual(label));

test('who somebody is', () => {
  expect(handData.people.map(whoIs)).toEqual([
    'service account',
    'only Kanidm knows the members',
    'person',
    'not in the config',
    'Jane Doe',
    'person',
  ]);
});

test.each<[NodeId, string[]]>([
  ['p2', []],
  [
    'p1',
    [
      "Can sign in to east and west only if Kanidm lists them in a group of the client's scope map",
      'Can become cluster-admin on west',
    ],
  ],
  ['p4', ['API servers call them issuer#1', 'API servers call them issuer#2', 'Can become cluster-admin on west']],
  [
    'p0',
    [
      'Can become the service account a/robot-0 on east and west',
      'Can become the service account a/robot-1 on east and west',
      'Can become the service account a/robot-2 on east and west',
      'Can become the service account a/robot-3 on east and west',
      '2 more ways to get rights: not shown here',
    ],
  ],
  ['g0', []],
  ['r0', []],
  ['r2', []],
  ['r1', ['Namespaces: a, b, c, d, e']],
  ['r3', ['Written by hand in apps/extra.yaml', 'Namespaces: a, b']],
  ['c0', ['API server https://192.0.2.10:6443']],
])('the facts about %s', (id, facts) => expect(factsOf(model, id)).toEqual(facts));

test.each<[NodeId, string]>([
  ['p2', 'dan holds no role.'],
  ['p4', 'jane holds 1 role on 2 clusters.'],
  ['p0', 'bot holds 1 role on 1 cluster.'],
  ['r0', '1 person holds cluster-admin through this grant, on 2 clusters.'],
  ['r2', '2 people hold view through this grant, on 1 cluster.'],
  ['c0', '3 people hold 3 roles on east.'],
  ['g0', '2 people hold 2 roles through admins, on 2 clusters.'],
  ['g2', '0 people hold 1 role through idle, on 2 clusters.'],
])('a screen reader gets a sentence about %s', (id, text) => expect(summary(model, paths, id)).toBe(text));

test('a screen reader gets the kind of a node, and where its paths lead', () => {
  expect(spoken(model, 'p2', [])).toBe(', person');
  expect(spoken(model, 'r2', ['c1'])).toBe(', role; leads to west');
  expect(spoken(model, 'g0', ['r0', 'r1', 'r2', 'r3'])).toBe(', group; leads to cluster-admin, edit, view, empty');
  expect(spoken(model, 'p5', ['r0', 'r1', 'r2', 'r3', 'c0'])).toBe(
    ', person; leads to cluster-admin, edit, view, empty, 1 more',
  );
  expect(['p0', 'g0', 'r0', 'c0'].map(kindOf)).toEqual(['person', 'group', 'grant', 'cluster']);
});

test('what roles allow is said once for each role', () => {
  expect(allowed(model, paths, 'p5')).toEqual(['view: may read pods', 'empty: may do nothing']);
  expect(rolesOf({ ...handData, grants: [...handData.grants, ...handData.grants] })).toEqual([
    'cluster-admin',
    'edit',
    'view',
    'empty',
  ]);
});

test('dangers have words, and the worst is first', () => {
  expect(Object.entries(dangerWords).sort(([a], [b]) => rankOf(a as 'read') - rankOf(b as 'read'))).toEqual([
    ['everything', 'Everything'],
    ['takeover', 'Take over'],
    ['secrets', 'Secrets'],
    ['accounts', 'Service accounts'],
    ['exec', 'Run commands'],
    ['write', 'Change'],
    ['read', 'Read'],
  ]);
  expect(worstOf(['read', undefined, 'secrets', 'write'])).toBe('secrets');
  expect(worstOf([undefined])).toBeUndefined();
  expect(rankOf(undefined)).toBeGreaterThan(rankOf('read'));
});

/** The people in the order of the model: the most dangerous first. */
const all = ['jane', 'crew', 'bot', 'joe', 'dan', 'group ops'];
const left: [string, Partial<Filter>, string[], boolean][] = [
  ['nothing', {}, all, false],
  ['spaces', { search: '  ' }, all, false],
  ['a person who holds nothing', { search: 'DAN' }, ['dan'], true],
  ['a person who holds nothing, and a role', { search: 'dan', role: 'view' }, [], true],
  ['a display name', { search: 'jane doe' }, ['jane'], true],
  ['a user name', { search: 'issuer#3' }, ['joe'], true],
  ['the name of a grant', { search: 'viewers' }, ['bot', 'joe'], true],
  ['a group on the way', { search: 'leads' }, ['jane'], true],
  ['the name of a cluster', { search: 'east' }, ['jane', 'crew', 'joe'], true],
  ['a namespace', { search: 'e', role: 'edit' }, ['crew'], true],
  ['a cluster', { cluster: 0 }, ['jane', 'crew', 'joe'], true],
  ['a group', { group: 0 }, ['jane', 'joe'], true],
  ['a role', { role: 'empty' }, ['joe', 'group ops'], true],
  ['the least danger', { danger: 'read' }, ['jane', 'crew', 'bot', 'joe'], true],
  ['a danger', { danger: 'takeover' }, ['jane', 'crew'], true],
];
test.each(left)('a filter by %s', (_, filter, names, narrowed) => {
  const chosen = choose(model, { ...everything, ...filter });
  expect(chosen.people.map((at) => handData.people[at]?.name)).toEqual(names);
  expect(chosen.narrowed).toBe(narrowed);
});

test.each<[string, Partial<Filter>, string[]]>([
  ['the goal', { search: 'ROBOT-3' }, ['the service account a/robot-3: bot on east, west']],
  ['the rights at the goal', { search: 'delete pods', danger: 'everything' }, ['cluster-admin: crew, jane on west']],
  ['a step', { search: 'run a pod in a', cluster: 1, danger: 'everything' }, ['cluster-admin: crew, jane on west']],
  ['a right', { search: 'create pods', danger: 'everything' }, ['cluster-admin: crew, jane on west']],
  ['an assumption', { search: 'namespace a has', danger: 'everything' }, ['cluster-admin: crew, jane on west']],
  ['a cluster by name', { search: 'west', danger: 'everything' }, ['cluster-admin: crew, jane on west']],
  ['a person', { search: ' Jane ' }, ['cluster-admin: jane on west']],
  ['a group by name', { search: 'crew', danger: 'everything' }, ['cluster-admin: crew, jane on west']],
  ['a cluster of one way', { cluster: 0, search: 'robot-5' }, ['the service account a/robot-5: bot on east']],
  ['a group that allows no step', { group: 0 }, []],
  ['a role that no step uses', { role: 'view' }, []],
])('the ways by %s', (_, filter, expected) => {
  const ways = waysFor(model, { ...everything, ...filter }).map(
    ({ goal, people, clusters }) =>
      `${goal}: ${people.map((at) => handData.people[at]?.name).join(', ')} on ${clusters.map((at) => handData.clusters[at]?.name).join(', ')}`,
  );
  expect(ways).toEqual(expected);
});

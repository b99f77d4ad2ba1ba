import { dangers } from '../../lib/access/danger';
import {
  clusterList,
  failOns,
  failsOn,
  gathered,
  inOrder,
  isFailOn,
  levelOf,
  type Statement,
} from '../../lib/diff/statement';

const statement = (more: Partial<Statement> & { readonly text?: string } = {}): Statement => ({
  part: 'access',
  level: 'low',
  change: 'added',
  say: (on) => `${more.text ?? 'a'} on ${on}`,
  clusters: ['lab'],
  details: [],
  ...more,
});

test('each danger has its level', () => {
  expect(dangers.map((danger) => [danger, levelOf(danger)])).toEqual([
    ['everything', 'high'],
    ['takeover', 'high'],
    ['secrets', 'medium'],
    ['accounts', 'medium'],
    ['exec', 'medium'],
    ['write', 'low'],
    ['read', 'none'],
  ]);
});

test('statements are sorted by their level, and keep their order within it', () => {
  const levels = ['none', 'low', 'high', 'medium', 'high'] as const;
  const sorted = inOrder(levels.map((level, i) => statement({ level, text: String(i) })));
  expect(sorted.map((one) => one.say('lab'))).toEqual(['2 on lab', '4 on lab', '3 on lab', '1 on lab', '0 on lab']);
});

describe('statements that differ only in their clusters', () => {
  const merged = (...all: Statement[]) => gathered(all).map(({ level, clusters }) => [level, clusters]);

  test('are one, with the worse level', () => {
    const edge = { clusters: ['edge', 'lab'] };
    expect(merged(statement(), statement(edge))).toEqual([['low', ['lab', 'edge']]]);
    expect(merged(statement(), statement({ ...edge, level: 'high' }))).toEqual([['high', ['lab', 'edge']]]);
    expect(merged(statement({ level: 'high' }), statement(edge))).toEqual([['high', ['lab', 'edge']]]);
  });
  test('are the first of them if their levels are equal', () => {
    const [one] = gathered([statement({ path: 'a' }), statement({ path: 'b' })]);
    expect(one?.path).toBe('a');
  });
  test.each<[string, Partial<Statement> & { readonly text?: string }]>([
    ['another text', { text: 'b' }],
    ['another part', { part: 'trust' }],
    ['another direction', { change: 'removed' }],
    ['other details', { details: ['x'] }],
    ['no cluster', { clusters: [] }],
  ])('are two with %s', (_, more) => {
    expect(gathered([statement(), statement(more)])).toHaveLength(2);
  });
});

test.each<[string[], number, string]>([
  [[], 0, ''],
  [['a'], 1, 'a'],
  [['a', 'b'], 2, 'a and b'],
  [['a', 'b', 'c'], 3, 'a, b and c'],
  [['a', 'b', 'c', 'd'], 4, 'all 4 clusters'],
  [['a', 'b', 'c', 'd'], 5, 'a, b, c and d'],
])('the clusters %j of %d', (names, all, text) => {
  expect(clusterList(names, all)).toBe(text);
});

describe('--fail-on', () => {
  const selectedBy = (more: Partial<Statement>) => failOns.filter((on) => failsOn(statement(more), on));

  test.each<[string, Partial<Statement>, string[]]>([
    ['a right to read', { danger: 'read' }, ['gain', 'read']],
    ['a right to write', { danger: 'write' }, ['gain', 'write', 'read']],
    ['a right to everything', { danger: 'everything' }, ['gain', ...dangers]],
    ['a changed right', { danger: 'read', change: 'changed' }, ['gain', 'read']],
    ['a right that is lost', { danger: 'everything', change: 'removed' }, ['loss']],
    ['a right that is not known', { isUnknown: true }, ['gain', ...dangers]],
    ['a right that was not known', { isUnknown: true, change: 'removed' }, []],
    ['something without a right', {}, []],
    ['a removal without a right', { change: 'removed' }, []],
    ['trust', { part: 'trust' }, ['trust']],
    [
      'trust with a danger',
      { part: 'trust', danger: 'secrets' },
      ['trust', 'secrets', 'accounts', 'exec', 'write', 'read'],
    ],
    ['a removal in another part', { part: 'kanidm', danger: 'read', change: 'removed' }, ['kanidm']],
    ['the output', { part: 'output' }, ['output']],
    ['settings', { part: 'settings', change: 'removed' }, ['settings']],
  ])('%s', (_, more, expected) => {
    expect(selectedBy(more)).toEqual(expected);
  });
  test('takes these values', () => {
    expect(failOns).toEqual([
      'gain',
      'loss',
      'trust',
      'output',
      'kanidm',
      'settings',
      'everything',
      'takeover',
      'secrets',
      'accounts',
      'exec',
      'write',
      'read',
    ]);
    expect(['gain', 'read', 'access', ''].map(isFailOn)).toEqual([true, true, false, false]);
  });
});

import { modelOf, type NodeId } from '../../lib/report/model/access-paths';
import { choose, everything } from '../../lib/report/model/filter';
import type { NodeKind } from '../../lib/report/model/labels';
import { pictureOf } from '../../lib/report/model/picture-nodes';
import { type Picture, placed } from '../../lib/report/model/placement';
import { handData } from './hand-data';

const edges = (...list: string[]) =>
  list.map((one) => ({ from: one.split('>')[0] ?? '', to: one.split('>')[1] ?? '' }));
const round = (row: number) => Math.round(row * 100) / 100;

/** Returns one line for each column: its title, then its nodes with their rows. */
const columns = (picture: Picture) =>
  picture.columns.map(
    ({ title, nodes, hidden }) =>
      `${title}:${nodes.map(({ id, row }) => ` ${id}@${round(row)}`).join('')}${hidden > 0 ? ` +${hidden}` : ''}`,
  );
const lanes = (picture: Picture) =>
  picture.edges.flatMap(({ from, to, via }) =>
    via.map(({ column, row }) => `${from}>${to} in column ${column} at ${round(row)}`),
  );

test('a node is placed beside the middle of those that lead to it', () => {
  const picture = placed(
    ['p0', 'p1', 'p2', 'g0', 'r0', 'c0'],
    edges('p0>g0', 'p2>g0', 'g0>r0', 'r0>c0'),
    new Map(),
    12,
  );
  expect(columns(picture)).toEqual(['People: p0@0 p1@1 p2@2', 'Groups: g0@1', 'Roles: r0@1', 'Clusters: c0@1']);
  expect(picture.height).toBe(3);
  expect(lanes(picture)).toEqual([]);
});

test('nodes that would overlap lie one below the other, in the order of what leads to them', () => {
  const picture = placed(['p0', 'p1', 'r0', 'r1', 'r2'], edges('p1>r0', 'p0>r1'), new Map(), 12);
  // Nothing leads to `r2`: it comes last.
  expect(columns(picture)).toEqual(['People: p0@0 p1@1', 'Roles: r1@0 r0@1 r2@2', 'Clusters:']);
});

test('edges to one node that pass through a column share a lane between the nodes', () => {
  const picture = placed(
    ['p0', 'p1', 'p2', 'g0', 'r0', 'r1'],
    edges('p0>g0', 'p1>r1', 'p2>r1', 'g0>r0'),
    new Map(),
    12,
  );
  expect(columns(picture)).toEqual(['People: p0@0 p1@1 p2@2', 'Groups: g0@0', 'Roles: r0@0 r1@1.5', 'Clusters:']);
  expect(lanes(picture)).toEqual(['p1>r1 in column 1 at 1.92', 'p2>r1 in column 1 at 1.92']);
});

// The edge from g0 to g2 runs below g1. So g2 is placed between g1 and this edge, in the middle of the edges that lead
// to it.
test('a group is to the left of all groups that contain it, also where one of them is nearer', () => {
  const picture = placed(
    ['p0', 'g0', 'g1', 'g2', 'r0'],
    edges('g1>g2', 'g0>g1', 'g0>g2', 'p0>g0', 'g2>r0'),
    new Map(),
    12,
  );
  expect(columns(picture)).toEqual([
    'People: p0@0',
    'Groups: g0@0',
    'Groups of groups: g1@0',
    'Groups of groups: g2@0.34',
    'Roles: r0@0.34',
    'Clusters:',
  ]);
});

test('what is left out is counted once for each kind', () => {
  const hidden = new Map<NodeKind, number>([
    ['person', 5],
    ['group', 4],
    ['grant', 3],
    ['cluster', 2],
  ]);
  expect(columns(placed(['g0', 'g1'], edges('g0>g1'), hidden, 12))).toEqual([
    'People: +5',
    'Groups: g0@0 +4',
    'Groups of groups: g1@0',
    'Roles: +3',
    'Clusters: +2',
  ]);
  expect(columns(placed([], [], new Map(), 12))).toEqual(['People:', 'Roles:', 'Clusters:']);
  expect(placed([], [], new Map(), 12).height).toBe(1);
});

test.each([
  // The people fill more than the visible rows.
  [3, 'Clusters: c0@0'],
  [4, 'Clusters: c0@3'],
])('with %i visible rows, %s', (rows, column) => {
  const picture = placed(['p0', 'p1', 'p2', 'p3', 'c0'], edges('p3>c0'), new Map(), rows);
  expect(columns(picture).at(-1)).toBe(column);
});

describe('the nodes of the picture', () => {
  const model = modelOf(handData);
  const of = (room: { people: number; others: number; rows: number }, filter = {}, followed?: NodeId) =>
    pictureOf(model, choose(model, { ...everything, ...filter }), room, followed).columns.map(
      ({ title, nodes, hidden }) =>
        `${title}: ${nodes
          .map(({ id }) => id)
          .sort()
          .join(' ')}${hidden > 0 ? ` +${hidden}` : ''}`,
    );

  test.each<[string, ReturnType<typeof of>, string[]]>([
    [
      'with room for all',
      of({ people: 6, others: 9, rows: 9 }),
      [
        'People: p0 p1 p2 p3 p4 p5',
        'Groups: g1 g2 g3',
        'Groups of groups: g0',
        'Roles: r0 r1 r2 r3',
        'Clusters: c0 c1',
      ],
    ],
    // Nobody holds the grant of `g2`: it is left out together with the last person.
    [
      'with room for one person less',
      of({ people: 5, others: 9, rows: 9 }),
      ['People: p0 p1 p2 p4 p5 +1', 'Groups: g1 g3', 'Groups of groups: g0', 'Roles: r0 r1 r2 r3', 'Clusters: c0 c1'],
    ],
    [
      'with room for one node of each other kind',
      of({ people: 1, others: 1, rows: 9 }),
      ['People: p4 +5', 'Groups: g3 +1', 'Roles: r0', 'Clusters: c0 +1'],
    ],
    // Without a filter, a cluster on which nobody holds anything is there too.
    [
      'of a filter',
      of({ people: 6, others: 9, rows: 9 }, { role: 'edit' }),
      ['People: p1', 'Groups: g1', 'Roles: r1', 'Clusters: c0'],
    ],
    [
      'of a followed node that fits',
      of({ people: 6, others: 9, rows: 9 }, { role: 'edit' }, 'p1'),
      ['People: p1', 'Groups: g1', 'Roles: r1', 'Clusters: c0'],
    ],
    [
      'of a followed node where not all rows are visible',
      of({ people: 6, others: 9, rows: 2 }, {}, 'p1'),
      ['People: p1', 'Groups: g1', 'Roles: r1', 'Clusters: c0'],
    ],
    [
      'of a followed person who holds nothing',
      of({ people: 6, others: 9, rows: 2 }, {}, 'p2'),
      ['People: p2', 'Roles: ', 'Clusters: '],
    ],
    [
      'of a followed cluster where not all rows are visible',
      of({ people: 6, others: 9, rows: 2 }, {}, 'c0'),
      ['People: p1 p4 p5', 'Groups: g1 g2 g3', 'Groups of groups: g0', 'Roles: r0 r1 r3', 'Clusters: c0'],
    ],
  ])('%s', (_, shown, expected) => expect(shown).toEqual(expected));
});

import { moves } from '../../lib/report/client/moves';
import { fromHash, toHash } from '../../lib/report/client/state';
import { edgeId, type Model, modelOf, type NodeId, through } from '../../lib/report/model/access-paths';
import { choose, everything, type Filter } from '../../lib/report/model/filter';
import { labelOf, spoken } from '../../lib/report/model/labels';
import { pictureOf } from '../../lib/report/model/picture-nodes';
import { nodePart, type Picture } from '../../lib/report/model/placement';
import { allowed, sentences, summary } from '../../lib/report/model/words';
import { largeFleet, smallFleet } from './fleets';
import { dataOf } from './page';

const model = modelOf(dataOf(smallFleet));
const large = modelOf(dataOf(largeFleet(120)));
const room = { people: 30, others: 60, rows: 12 };
const id = (kind: 'p' | 'g' | 'c', name: string, { data } = model): NodeId =>
  `${kind}${{ p: data.people, g: data.groups, c: data.clusters }[kind].findIndex((one) => one.name === name)}`;
const role = (name: string): NodeId => `r${model.data.grants.findIndex((one) => one.role === name)}`;
const titles = (ids: Iterable<NodeId>, of: Model = model) => [...ids].map((one) => labelOf(of, one).title).sort();
const people = (filter: Partial<Filter>) =>
  choose(model, { ...everything, ...filter }).people.map((at) => model.data.people[at]?.name);

describe('a filter', () => {
  test('leaves everybody where nothing is asked for, the most dangerous first', () => {
    expect(people({})).toEqual([
      'admin-1',
      'admin-2',
      'developer-1',
      'developer-2',
      'operator-1',
      'auditor-1',
      'viewer-1',
    ]);
  });

  test.each([
    ['a part of a name, in any case', { search: ' ADMIN-2 ' }, ['admin-2']],
    ['a role', { role: 'restart' }, ['operator-1']],
    ['a group', { group: 2 }, ['developer-1', 'developer-2', 'operator-1'].slice(2)],
    ['a danger', { danger: 'everything' }, ['admin-1', 'admin-2']],
    ['a namespace', { search: 'shop' }, ['developer-1', 'developer-2']],
    ['what is nowhere', { search: 'nowhere' }, []],
  ] as [string, Partial<Filter>, string[]][])('keeps those with %s', (_, filter, names) => {
    const group = filter.group === undefined ? {} : { group: Number(id('g', 'platform').slice(1)) };
    const wanted = filter.group === undefined ? names : ['admin-1', 'operator-1'];
    expect(people({ ...filter, ...group })).toEqual(wanted);
  });

  test('by cluster keeps of a path what is on it', () => {
    const { paths } = choose(model, { ...everything, cluster: 1 });
    expect(new Set(paths.flatMap(({ clusters }) => clusters))).toEqual(new Set([1]));
  });
});

describe('following', () => {
  const { paths } = choose(model, everything);

  test('a person reaches their groups, roles and clusters, and nobody else', () => {
    const { nodes, edges } = through(paths, id('p', 'developer-1'));
    expect(titles(nodes)).toEqual(['developer-1', 'developers', 'edge', 'edit', 'homelab', 'k8s_users', 'view']);
    expect(edges).toContain(edgeId(role('edit'), id('c', 'homelab')));
    expect(edges).not.toContain(edgeId(role('edit'), id('c', 'edge')));
  });

  test('a cluster shows what is held on it alone', () => {
    const { nodes } = through(paths, id('c', 'edge'));
    expect(titles(nodes)).not.toContain('edit');
    expect(titles(nodes)).not.toContain('homelab');
  });

  test('is said in words', () => {
    expect(summary(model, paths, id('g', 'developers'))).toBe(
      '2 people hold 2 roles through developers, on 2 clusters.',
    );
    const { lines, hidden } = sentences(model, paths, id('p', 'developer-1'), 1);
    expect(lines).toEqual(['developer-1 has edit in shop, web on homelab, through developers (grant developers).']);
    expect(hidden).toBe(1);
    expect(allowed(model, paths, role('restart'))).toEqual([
      'restart: may patch deployments.apps (to act as service accounts) and read deployments.apps',
    ]);
    expect(spoken(model, id('g', 'developers'), [role('edit')])).toBe(', group; leads to edit');
  });
});

/** Checks what must be true of every picture. */
function sound({ columns, edges, height }: Picture): void {
  const at = new Map(columns.flatMap(({ nodes }) => nodes).map((node) => [node.id, node]));
  for (const { nodes } of columns) {
    for (const [i, { row }] of nodes.entries()) {
      expect(row).toBeLessThan(height);
      if (i > 0) expect(row).toBeGreaterThanOrEqual((nodes[i - 1]?.row ?? 0) + 1);
    }
  }
  for (const { from, to, via } of edges) {
    const [start = 99, end = 0] = [at.get(from)?.column, at.get(to)?.column];
    expect(end).toBeGreaterThan(start);
    expect(via.map(({ column }) => column)).toEqual(Array.from({ length: end - start - 1 }, (_, i) => start + 1 + i));
    for (const lane of via) {
      const behind = columns[lane.column]?.nodes.filter(({ row }) => lane.row > row && lane.row < row + nodePart);
      expect(behind).toEqual([]);
    }
  }
}

describe('the picture', () => {
  test('has a column for each kind, one for groups of groups, and edges that go to the right', () => {
    const picture = pictureOf(model, choose(model, everything), room);
    sound(picture);
    expect(picture.columns.map(({ title, nodes }) => [title, nodes.length])).toEqual([
      ['People', 7],
      ['Groups', 4],
      ['Groups of groups', 1],
      ['Roles', 5],
      ['Clusters', 2],
    ]);
  });

  test('shows as many people as there is room for, and says how many more there are', () => {
    const picture = pictureOf(large, choose(large, everything), room);
    sound(picture);
    expect(picture.columns[0]).toMatchObject({ hidden: 90 });
    expect(picture.columns[0]?.nodes).toHaveLength(30);
    expect(picture.columns.at(-1)?.nodes.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('of what would lie far apart shows the followed paths alone', () => {
    const chosen = choose(large, everything);
    const who = id('p', 'user-77', large);
    const picture = pictureOf(large, chosen, room, who);
    sound(picture);
    const shown = picture.columns.flatMap(({ nodes }) => nodes.map((node) => node.id));
    expect(new Set(shown)).toEqual(through(chosen.paths, who).nodes);
  });

  test('has the grants of groups in which nobody is', () => {
    const empty = modelOf(
      dataOf(
        smallFleet
          .replace(/- viewer-1\n\s+- auditor-1/, '[]')
          .replace(/viewers:\n\s+members:\n\s+\[\]/, 'viewers:\n    members: []')
          .replace('grants:', 'grants:\n  - { name: idle, clusterRole: view, groups: [viewers], clusters: [edge] }'),
      ),
    );
    const picture = pictureOf(empty, choose(empty, everything), room);
    expect(
      titles(
        picture.columns.flatMap(({ nodes }) => nodes.map((node) => node.id)),
        empty,
      ),
    ).toContain('viewers');
    expect(sentences(empty, choose(empty, everything).paths, undefined, 99).lines).toContain(
      'Nobody in the config is in viewers, which has view on edge (grant idle).',
    );
  });
});

describe('a key', () => {
  const chosen = choose(model, everything);
  const picture = pictureOf(model, chosen, room);
  const press = (key: string, from: NodeId, followed?: NodeId) =>
    moves(picture, key, from, followed === undefined ? undefined : through(chosen.paths, followed));

  test('goes along the edges, and within the column', () => {
    const viewer = id('p', 'viewer-1');
    expect(press('ArrowRight', viewer)).toBe(id('g', 'viewers'));
    expect(press('ArrowLeft', id('g', 'viewers'))).toBe(id('p', 'auditor-1'));
    expect(press('ArrowUp', viewer)).toBe(id('p', 'auditor-1'));
    expect(press('ArrowDown', viewer)).toBeUndefined();
    expect(press('Home', viewer)).toBe(id('p', 'admin-1'));
    expect(press('End', id('p', 'admin-1'))).toBe(viewer);
    expect(press('x', viewer)).toBeUndefined();
  });

  test('stays on what is followed', () => {
    const viewer = id('p', 'viewer-1');
    expect(press('ArrowLeft', id('g', 'viewers'), viewer)).toBe(viewer);
    expect(press('ArrowUp', viewer, viewer)).toBeUndefined();
    expect(press('ArrowRight', id('g', 'k8s_users'), viewer)).toBe(role('view'));
  });
});

test('an address brings back what it was made of, and leaves out what is gone', () => {
  const state = {
    filter: { search: 'a&b=c', cluster: 1, group: 2, role: 'view', danger: 'read' as const },
    columns: 'roles' as const,
    held: id('p', 'viewer-1'),
  };
  expect(fromHash(model, toHash(model, state))).toEqual(state);
  expect(fromHash(model, '#cluster=gone&group=gone&role=gone&danger=gone&follow=p:gone')).toEqual({
    filter: { search: '' },
    columns: 'clusters',
  });
  expect(toHash(model, { filter: everything, columns: 'clusters' })).toBe('');
});

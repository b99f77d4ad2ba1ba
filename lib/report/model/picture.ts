import type { Chosen } from './filter';
import { kindOf, type NodeKind } from './labels';
import { edgeId, type Model, type NodeId, nodeId, stepsOf, through } from './paths';

/** Where a node stands: its column from the left, and the height of its middle in rows. */
export interface Placed {
  readonly id: NodeId;
  readonly column: number;
  readonly row: number;
}

export interface Column {
  readonly kind: NodeKind;
  readonly title: string;
  /** From top to bottom. */
  readonly nodes: readonly Placed[];
  /** How many more there would be. */
  readonly hidden: number;
}

export interface Picture {
  readonly columns: readonly Column[];
  readonly edges: readonly { readonly from: NodeId; readonly to: NodeId }[];
  /** In rows. */
  readonly height: number;
}

export interface Room {
  /** Most people shown; what their ways lead over comes with them. */
  readonly people: number;
  /** Most nodes of every other kind. */
  readonly others: number;
}

/** Lays out what a filter left. A node that is held fast is shown with all its paths, before others, as far as there is room. */
export function pictureOf(model: Model, chosen: Chosen, room: Room, held?: NodeId): Picture {
  const fast = held === undefined ? undefined : through(chosen.paths, held).nodes;
  const first = (ids: readonly NodeId[]) =>
    fast === undefined ? ids : [...ids.filter((id) => fast.has(id)), ...ids.filter((id) => !fast.has(id))];
  const cut = (ids: readonly NodeId[], most: number) => (ids.length <= most ? ids : first(ids).slice(0, most));
  const inOrder = (ids: readonly NodeId[]) => {
    const at = new Map(model.people.map((person, rank) => [nodeId.person(person), rank]));
    return [...ids].sort((a, b) => (at.get(a) ?? 0) - (at.get(b) ?? 0));
  };
  const everyone = chosen.people.map(nodeId.person);
  const people = new Set(inOrder(cut(everyone, room.people)));
  const paths = chosen.paths.filter(({ person }) =>
    person === undefined ? people.size < room.people : people.has(nodeId.person(person)),
  );
  const all = new Set(paths.flatMap(stepsOf).filter((id) => !id.startsWith('p')));
  for (const { clusters } of paths) for (const at of clusters) all.add(nodeId.cluster(at));
  if (!chosen.narrowed) for (const at of model.data.clusters.keys()) all.add(nodeId.cluster(at));
  const nodesOf = (kind: NodeKind) => [...all].filter((id) => kindOf(id) === kind);
  const kept = new Set<NodeId>(people);
  const hidden = new Map<NodeKind, number>([['person', everyone.length - people.size]]);
  for (const kind of ['group', 'grant', 'cluster'] as const) {
    const ids = nodesOf(kind);
    const shown = cut(ids, room.others);
    for (const id of shown) kept.add(id);
    hidden.set(kind, ids.length - shown.length);
  }
  const edges = edgesOf(paths, kept);
  return placed([...kept], edges, hidden);
}

function edgesOf(paths: Chosen['paths'], kept: ReadonlySet<NodeId>): Picture['edges'] {
  const edges = new Map<string, { from: NodeId; to: NodeId }>();
  const put = (from: NodeId, to: NodeId) => {
    if (kept.has(from) && kept.has(to)) edges.set(edgeId(from, to), { from, to });
  };
  for (const path of paths) {
    const steps = stepsOf(path);
    for (const [at, step] of steps.entries()) if (at > 0) put(steps[at - 1] as NodeId, step);
    for (const at of path.clusters) put(steps.at(-1) as NodeId, nodeId.cluster(at));
  }
  return [...edges.values()];
}

const titles: Readonly<Record<NodeKind, string>> = {
  person: 'People',
  group: 'Groups',
  grant: 'Roles',
  cluster: 'Clusters',
};

/** Columns from left to right; a node stands as near as there is room to the middle of those that lead to it. */
function placed(ids: readonly NodeId[], edges: Picture['edges'], hidden: ReadonlyMap<NodeKind, number>): Picture {
  const depth = depths(edges);
  const deepest = Math.max(0, ...depth.values());
  const before = new Map<NodeId, NodeId[]>();
  for (const { from, to } of edges) before.set(to, [...(before.get(to) ?? []), from]);
  const columns: { kind: NodeKind; title: string; ids: NodeId[]; hidden: number }[] = [];
  const add = (
    kind: NodeKind,
    of: (id: NodeId) => boolean = () => true,
    title = titles[kind],
    rest = hidden.get(kind) ?? 0,
  ) => columns.push({ kind, title, ids: ids.filter((id) => kindOf(id) === kind && of(id)), hidden: rest });
  add('person');
  const groups = ids.some((id) => kindOf(id) === 'group');
  for (let at = 0; groups && at <= deepest; at++)
    add(
      'group',
      (id) => (depth.get(id) ?? 0) === at,
      at === 0 ? 'Groups' : 'Groups of groups',
      at === 0 ? hidden.get('group') : 0,
    );
  add('grant');
  add('cluster');
  const rows = new Map<NodeId, number>();
  let height = 1;
  const out = columns.map((column, at): Column => {
    const wish = (id: NodeId) => {
      const known = (before.get(id) ?? []).map((one) => rows.get(one) ?? 0);
      return known.length === 0 ? Number.POSITIVE_INFINITY : known.reduce((a, b) => a + b, 0) / known.length;
    };
    const wishes = new Map(column.ids.map((id) => [id, at === 0 ? 0 : wish(id)]));
    const sorted = at === 0 ? column.ids : [...column.ids].sort((a, b) => less(wishes.get(a), wishes.get(b)));
    let next = 0;
    const nodes = sorted.map((id): Placed => {
      const wanted = wishes.get(id) ?? 0;
      const row = Math.max(next, Number.isFinite(wanted) ? Math.round(wanted * 2) / 2 : next);
      next = row + 1;
      rows.set(id, row);
      return { id, column: at, row };
    });
    height = Math.max(height, next);
    return { kind: column.kind, title: column.title, nodes, hidden: column.hidden };
  });
  return { columns: out, edges, height };
}

const less = (a = 0, b = 0) => (a === b ? 0 : a < b ? -1 : 1);

/** How deep each group lies in others: one that leads into another group stands left of it. Groups hold no cycles. */
function depths(edges: Picture['edges']): Map<NodeId, number> {
  const depth = new Map<NodeId, number>();
  const nested = edges.filter(({ from, to }) => kindOf(from) === 'group' && kindOf(to) === 'group');
  for (let again = true, round = 0; again && round <= nested.length; round++) {
    again = false;
    for (const { from, to } of nested) {
      const wanted = (depth.get(from) ?? 0) + 1;
      if ((depth.get(to) ?? 0) >= wanted) continue;
      depth.set(to, wanted);
      again = true;
    }
  }
  return depth;
}

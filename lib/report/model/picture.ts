import type { Chosen } from './filter';
import { kindOf, type NodeKind } from './labels';
import { edgeId, type Model, type NodeId, nodeId, pathsOn, stepsOf, through } from './paths';

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
  /** Rows that can be looked at together. */
  readonly rows: number;
}

/**
 * Lays out what a filter left. Of a picture with too many rows, only what a followed node is about is shown: its paths
 * would lie too far apart to be seen.
 */
export function pictureOf(model: Model, chosen: Chosen, room: Room, followed?: NodeId): Picture {
  const whole = layout(model, chosen, room);
  if (followed === undefined || whole.height <= room.rows) return whole;
  const paths = pathsOn(chosen.paths, followed);
  const among = through(chosen.paths, followed).nodes;
  const people = chosen.people.filter((at) => among.has(nodeId.person(at)));
  return layout(model, { paths, people, narrowed: true }, room, followed);
}

function layout(
  model: Model,
  { paths: all, people: everyone, narrowed }: Chosen,
  room: Room,
  followed?: NodeId,
): Picture {
  const shown = new Set(everyone.slice(0, room.people));
  const paths = all.filter(({ person }) => (person === undefined ? everyone.length <= room.people : shown.has(person)));
  const ids = new Set<NodeId>(followed === undefined ? [] : [followed]);
  for (const path of paths) {
    for (const step of stepsOf(path)) ids.add(step);
    for (const at of path.clusters) ids.add(nodeId.cluster(at));
  }
  if (!narrowed) for (const at of model.data.clusters.keys()) ids.add(nodeId.cluster(at));
  const hidden = new Map<NodeKind, number>([['person', everyone.length - shown.size]]);
  const kept = new Set<NodeId>([...shown].map(nodeId.person));
  for (const kind of ['group', 'grant', 'cluster'] as const) {
    const of = [...ids].filter((id) => kindOf(id) === kind);
    for (const id of of.slice(0, room.others)) kept.add(id);
    hidden.set(kind, Math.max(0, of.length - room.others));
  }
  return placed([...kept], edgesOf(paths, kept), hidden);
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

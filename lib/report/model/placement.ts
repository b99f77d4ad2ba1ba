import type { Edge, NodeId } from './access-paths';
import { kindOf, type NodeKind } from './labels';

/** The place of a node: its column from the left, and its top edge, in rows. */
export interface Placed {
  readonly id: NodeId;
  readonly column: number;
  readonly row: number;
}

export interface Column {
  readonly kind: NodeKind;
  readonly title: string;
  /** The nodes, from top to bottom. */
  readonly nodes: readonly Placed[];
  /** The number of nodes that are left out. */
  readonly hidden: number;
}

/** An edge. `via` has each column that the edge passes through, with the row at which the edge crosses this column. */
export interface Drawn extends Edge {
  readonly via: readonly { readonly column: number; readonly row: number }[];
}

export interface Picture {
  readonly columns: readonly Column[];
  readonly edges: readonly Drawn[];
  /** The height, in rows. */
  readonly height: number;
}

/** Sizes, in rows: the height and middle of a node, and the height and middle of a lane between two nodes. */
export const nodePart = 0.84;
const nodeMiddle = nodePart / 2;
const lane = { part: 0.36, middle: 0.1 };

const titles: Readonly<Record<NodeKind, string>> = {
  person: 'People',
  group: 'Groups',
  grant: 'Roles',
  cluster: 'Clusters',
};

/** A place in a column: a node, or the lane of all edges that pass through this column on their way to one node. */
interface Slot {
  readonly id: string;
  readonly middle: number;
  readonly part: number;
  /** The row that is the middle between the nodes with an edge to this slot; infinite if there are no such nodes. */
  readonly wish: number;
}

/**
 * Lays out columns from left to right. Each node is placed as near as possible to the middle of the nodes that lead to
 * it. Edges that only pass through a column have lanes there, because an edge behind a node would seem to end at this
 * node. Edges to the same node share a lane. If the picture is higher than the visible part, columns that fit into the
 * visible part start at the top.
 * @param rows the number of rows that are visible at once
 */
export function placed(
  ids: readonly NodeId[],
  edges: readonly Edge[],
  hidden: ReadonlyMap<NodeKind, number>,
  rows: number,
): Picture {
  const columns = columnsOf(ids, depths(edges), hidden);
  const columnAt = new Map(columns.flatMap(({ ids }, at) => ids.map((id) => [id, at] as const)));
  const at = (id: NodeId) => columnAt.get(id) ?? 0;
  const middles = new Map<string, number>();
  const laneId = (to: NodeId, column: number) => `${to} ${column}`;
  const sources = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    let last: string = from;
    for (let column = at(from) + 1; column <= at(to); column++) {
      const here = column === at(to) ? to : laneId(to, column);
      sources.set(here, (sources.get(here) ?? new Set()).add(last));
      last = here;
    }
  }
  const lanes = new Map<number, Set<string>>();
  for (const { from, to } of edges) {
    for (let column = at(from) + 1; column < at(to); column++)
      lanes.set(column, (lanes.get(column) ?? new Set()).add(laneId(to, column)));
  }
  const wish = (id: string) => {
    const origins = [...(sources.get(id) ?? [])].map((one) => middles.get(one) ?? 0);
    return origins.length === 0 ? Number.POSITIVE_INFINITY : origins.reduce((a, b) => a + b, 0) / origins.length;
  };
  let height = 1;
  const out = columns.map(({ ids, ...column }, number): Column => {
    const slots: Slot[] = [
      ...ids.map((id) => ({ id, middle: nodeMiddle, part: 1, wish: number === 0 ? 0 : wish(id) })),
      ...[...(lanes.get(number) ?? [])].map((id) => ({ id, ...lane, wish: wish(id) })),
    ];
    if (number > 0) slots.sort((a, b) => (a.wish === b.wish ? 0 : a.wish < b.wish ? -1 : 1));
    const nodes: Placed[] = [];
    const total = slots.reduce((sum, { part }) => sum + part, 0);
    const atTop = height > rows && total <= rows;
    let next = 0;
    for (const { id, middle, part, wish } of slots) {
      const row = Math.max(next, !atTop && Number.isFinite(wish) ? wish - middle : next);
      next = row + part;
      middles.set(id, row + middle);
      if (part === 1) nodes.push({ id, column: number, row });
    }
    height = Math.max(height, next);
    return { ...column, nodes };
  });
  const drawn = edges.map(({ from, to }): Drawn => {
    const between = Array.from({ length: Math.max(0, at(to) - at(from) - 1) }, (_, step) => at(from) + 1 + step);
    return { from, to, via: between.map((column) => ({ column, row: middles.get(laneId(to, column)) ?? 0 })) };
  });
  return { columns: out, edges: drawn, height };
}

function columnsOf(ids: readonly NodeId[], depth: ReadonlyMap<NodeId, number>, hidden: ReadonlyMap<NodeKind, number>) {
  const of = (kind: NodeKind) => ids.filter((id) => kindOf(id) === kind);
  const column = (kind: NodeKind, title = titles[kind], list = of(kind), rest = hidden.get(kind) ?? 0) => ({
    kind,
    title,
    ids: list,
    hidden: rest,
  });
  const groups = of('group');
  const deepest = groups.length === 0 ? -1 : Math.max(0, ...depth.values());
  const nested = Array.from({ length: deepest + 1 }, (_, at) => {
    const list = groups.filter((id) => (depth.get(id) ?? 0) === at);
    return at === 0 ? column('group', titles.group, list) : column('group', 'Groups of groups', list, 0);
  });
  return [column('person'), ...nested, column('grant'), column('cluster')];
}

/** Returns the column of each group: a group is to the left of the groups that contain it. Groups have no cycles. */
function depths(edges: readonly Edge[]): Map<NodeId, number> {
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

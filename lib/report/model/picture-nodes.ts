import { edgeId, type Model, type NodeId, nodeId, pathsOn, stepsOf, through } from './access-paths';
import type { Chosen } from './filter';
import { kindOf, type NodeKind } from './labels';
import { type Edge, type Picture, placed } from './placement';

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
  return placed([...kept], edgesOf(paths, kept), hidden, room.rows);
}

function edgesOf(paths: Chosen['paths'], kept: ReadonlySet<NodeId>): Edge[] {
  const edges = new Map<string, Edge>();
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

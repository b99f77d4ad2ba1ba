import { type Edge, edgeId, edgesOf, type Model, type NodeId, nodeId, pathsOn, stepsOf, through } from './access-paths';
import type { Chosen } from './filter';
import { kindOf, type NodeKind } from './labels';
import { type Picture, placed } from './placement';

export interface Room {
  /** The maximum number of people that are shown. The groups, roles and clusters on their paths are shown with them. */
  readonly people: number;
  /** The maximum number of nodes of each other kind. */
  readonly others: number;
  /** The number of rows that are visible at once. */
  readonly rows: number;
}

/**
 * Lays out what matches the filter. If there are more rows than are visible at once, only the paths through the
 * followed node are shown, since the nodes of a path would be too far apart otherwise.
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
  return placed([...kept], edgesBetween(paths, kept), hidden, room.rows);
}

function edgesBetween(paths: Chosen['paths'], kept: ReadonlySet<NodeId>): Edge[] {
  const edges = new Map<string, Edge>();
  for (const { from, to } of paths.flatMap(edgesOf)) {
    if (kept.has(from) && kept.has(to)) edges.set(edgeId(from, to), { from, to });
  }
  return [...edges.values()];
}

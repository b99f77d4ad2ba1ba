import { rankOf, worstOf } from './danger-words';
import type { ReportData } from './data';

/**
 * The id of a node in the picture, such as `p12`: `p` for a person, `g` for a group, `r` for a role that a grant gives,
 * `c` for a cluster; followed by its index.
 */
export type NodeId = string;

export const nodeId = {
  person: (at: number): NodeId => `p${at}`,
  group: (at: number): NodeId => `g${at}`,
  grant: (at: number): NodeId => `r${at}`,
  cluster: (at: number): NodeId => `c${at}`,
};

export const indexOf = (id: NodeId): number => Number(id.slice(1));

/** One way from a person through groups to a grant. */
export interface Path {
  /** The index of the person; `undefined` if nobody in the config holds the grant in this way. */
  readonly person?: number;
  readonly way: readonly number[];
  /** As in `HoldData`. */
  readonly terms?: readonly string[];
  readonly grant: number;
  readonly clusters: readonly number[];
}

/** The data in the form that the page uses, computed once. */
export interface Model {
  readonly data: ReportData;
  readonly paths: readonly Path[];
  readonly byPerson: readonly (readonly Path[])[];
  /** Indices of people, the most dangerous first, then by name. */
  readonly people: readonly number[];
  /** For each node, the text in which a search looks, in lower case. */
  readonly text: ReadonlyMap<NodeId, string>;
}

export function modelOf(data: ReportData): Model {
  const byPerson = data.people.map(({ holds }, person) =>
    holds.map(
      ({ grant, way, terms, clusters }): Path => ({
        person,
        way,
        ...(terms ? { terms } : {}),
        grant,
        clusters: clusters ?? data.grants[grant]?.clusters ?? [],
      }),
    ),
  );
  const held = byPerson.flat();
  const reached = new Set(held.map(({ way, grant }) => `${way.at(-1) ?? ''} ${grant}`));
  const idle = data.grants.flatMap(({ groups, clusters }, grant): Path[] => {
    const ways = groups.filter((group) => !reached.has(`${group} ${grant}`)).map((group) => [group]);
    return ways.map((way) => ({ way, grant, clusters }));
  });
  const worst = byPerson.map((paths) => rankOf(worstOf(paths.map(({ grant }) => data.grants[grant]?.danger))));
  const people = data.people.map((_, at) => at).sort((a, b) => (worst[a] ?? 0) - (worst[b] ?? 0) || a - b);
  return { data, paths: [...held, ...idle], byPerson, people, text: textOf(data) };
}

function textOf({ people, groups, grants, clusters }: ReportData): Map<NodeId, string> {
  const text = new Map<NodeId, string>();
  const put = (id: NodeId, ...words: (string | undefined)[]) => text.set(id, words.join('\n').toLowerCase());
  for (const [at, { name, displayName, knownAs }] of people.entries())
    put(nodeId.person(at), name, displayName, ...knownAs);
  for (const [at, { name }] of groups.entries()) put(nodeId.group(at), name);
  for (const [at, { name, role, namespaces }] of grants.entries()) put(nodeId.grant(at), name, role, ...namespaces);
  for (const [at, { name }] of clusters.entries()) put(nodeId.cluster(at), name);
  return text;
}

/** Returns the nodes of a path in order, without its clusters. */
export const stepsOf = ({ person, way, grant }: Path): NodeId[] => [
  ...(person === undefined ? [] : [nodeId.person(person)]),
  ...way.map(nodeId.group),
  nodeId.grant(grant),
];

export interface Edge {
  readonly from: NodeId;
  readonly to: NodeId;
}

/** Returns the edges of a path, up to each of its clusters. */
export function edgesOf(path: Path): Edge[] {
  const edges: Edge[] = [];
  let last: NodeId | undefined;
  for (const step of stepsOf(path)) {
    if (last !== undefined) edges.push({ from: last, to: step });
    last = step;
  }
  const from = last ?? nodeId.grant(path.grant);
  return [...edges, ...path.clusters.map((at) => ({ from, to: nodeId.cluster(at) }))];
}

export const edgeId = (from: NodeId, to: NodeId): string => `${from}>${to}`;

/** Returns the paths that lead through a node. For a cluster, each path is reduced to that cluster. */
export function pathsOn(paths: readonly Path[], id: NodeId): Path[] {
  const at = indexOf(id);
  switch (id[0]) {
    case 'p':
      return paths.filter(({ person }) => person === at);
    case 'g':
      return paths.filter(({ way }) => way.includes(at));
    case 'r':
      return paths.filter(({ grant }) => grant === at);
    default:
      return paths.filter(({ clusters }) => clusters.includes(at)).map((path) => ({ ...path, clusters: [at] }));
  }
}

export function through(paths: readonly Path[], id: NodeId): { nodes: Set<NodeId>; edges: Set<string> } {
  const nodes = new Set<NodeId>([id]);
  const edges = new Set<string>();
  for (const path of pathsOn(paths, id)) {
    for (const { from, to } of edgesOf(path)) {
      nodes.add(from).add(to);
      edges.add(edgeId(from, to));
    }
  }
  return { nodes, edges };
}

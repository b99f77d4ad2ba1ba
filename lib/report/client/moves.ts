import { edgeId, type NodeId } from '../model/access-paths';
import type { Picture } from '../model/placement';

/** The nodes and edges on the paths through the selected node; `undefined` if no node is selected. */
type Among = { readonly nodes: ReadonlySet<NodeId>; readonly edges: ReadonlySet<string> } | undefined;

/**
 * Returns the node to which a pressed key moves the focus. The left and right arrows move along the edges; the up and
 * down arrows, Home and End move within the column.
 */
export function moves({ columns, edges }: Picture, key: string, id: NodeId, among: Among): NodeId | undefined {
  const may = (one: NodeId) => among === undefined || among.nodes.has(one) || !among.nodes.has(id);
  const goes = (from: NodeId, to: NodeId) =>
    among === undefined || among.edges.has(edgeId(from, to)) || !among.nodes.has(id);
  const column = (columns.find(({ nodes }) => nodes.some((one) => one.id === id))?.nodes ?? [])
    .map((one) => one.id)
    .filter((one) => one === id || may(one));
  const at = column.indexOf(id);
  const order = new Map(columns.flatMap(({ nodes }) => nodes).map((one, place) => [one.id, place]));
  const first = (ids: NodeId[]) => ids.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))[0];
  switch (key) {
    case 'ArrowRight':
      return first(edges.filter(({ from, to }) => from === id && goes(from, to)).map(({ to }) => to));
    case 'ArrowLeft':
      return first(edges.filter(({ from, to }) => to === id && goes(from, to)).map(({ from }) => from));
    case 'ArrowDown':
      return column[at + 1];
    case 'ArrowUp':
      return column[at - 1];
    case 'Home':
      return column[0];
    case 'End':
      return column.at(-1);
    default:
      return undefined;
  }
}

/** A set of small numbers as a bit field. */
export type Bits = Uint32Array;

export const hasBit = (bits: Bits, i: number): boolean => (((bits[i >>> 5] ?? 0) >>> (i & 31)) & 1) === 1;

export function setBit(bits: Bits, i: number): void {
  bits[i >>> 5] = (bits[i >>> 5] ?? 0) | (1 << (i & 31));
}

export function addAll(bits: Bits, more: Bits): void {
  for (let i = 0; i < more.length; i++) bits[i] = (bits[i] ?? 0) | (more[i] ?? 0);
}

/** Returns the numbers in a set, in ascending order. */
export function numbersIn(bits: Bits): number[] {
  const numbers: number[] = [];
  for (let word = 0; word < bits.length; word++) {
    for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
      numbers.push(word * 32 + (31 - Math.clz32(rest & -rest)));
    }
  }
  return numbers;
}

export const emptyBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5);

/**
 * Returns for each node of a directed graph the nodes that can be reached from it in one step or more. Nodes that reach
 * each other share one set. The sets are bit fields, so one operation merges 32 nodes.
 * @param next the nodes that each node points to
 */
export function reachability(next: readonly (readonly number[])[]): Bits[] {
  const reached: Bits[] = [];
  for (const component of components(next)) {
    const bits = emptyBits(next.length);
    for (const node of component) {
      for (const to of next[node] ?? []) {
        setBit(bits, to);
        const beyond = reached[to];
        if (beyond) addAll(bits, beyond);
      }
    }
    for (const node of component) reached[node] = bits;
  }
  return reached;
}

/**
 * Yields the strongly connected components of a graph, each after the components that it points to.
 * @see https://doi.org/10.1137/0201010 (Tarjan, Depth-first search and linear graph algorithms)
 */
function* components(next: readonly (readonly number[])[]): Generator<number[]> {
  const order = new Int32Array(next.length).fill(-1);
  const lowest = new Int32Array(next.length);
  const waiting: number[] = [];
  const isWaiting = new Uint8Array(next.length);
  let count = 0;
  for (let start = 0; start < next.length; start++) {
    if (order[start] !== -1) continue;
    const path: { readonly node: number; at: number }[] = [];
    const enter = (node: number) => {
      order[node] = lowest[node] = count++;
      waiting.push(node);
      isWaiting[node] = 1;
      path.push({ node, at: 0 });
    };
    enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const to = next[top.node]?.[top.at++];
      if (to === undefined) {
        path.pop();
        const { node } = top;
        const above = path.at(-1);
        if (above) lowest[above.node] = Math.min(lowest[above.node] ?? 0, lowest[node] ?? 0);
        if (lowest[node] === order[node]) yield leave(node, waiting, isWaiting);
      } else if (order[to] === -1) {
        enter(to);
      } else if (isWaiting[to] === 1) {
        lowest[top.node] = Math.min(lowest[top.node] ?? 0, order[to] ?? 0);
      }
    }
  }
}

function leave(node: number, waiting: number[], isWaiting: Uint8Array): number[] {
  const component = waiting.splice(waiting.lastIndexOf(node));
  for (const one of component) isWaiting[one] = 0;
  return component;
}

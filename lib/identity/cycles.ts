/**
 * Returns the cycles in a directed graph that a depth-first search meets, each as its nodes in order. These are not
 * always all cycles, but at least one if the graph has a cycle. Takes linear time.
 */
export function cycles(nodes: readonly string[], next: (node: string) => readonly string[]): string[][] {
  const found: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of nodes) {
    if (state.has(start)) continue;
    const path: { readonly node: string; readonly rest: string[] }[] = [];
    const open = (node: string) => {
      state.set(node, 'open');
      path.push({ node, rest: [...next(node)].reverse() });
    };
    open(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const node = top.rest.pop();
      if (node === undefined) {
        state.set(top.node, 'done');
        path.pop();
      } else if (state.get(node) === 'open') {
        found.push(path.slice(path.findIndex((step) => step.node === node)).map((step) => step.node));
      } else if (!state.has(node)) {
        open(node);
      }
    }
  }
  return found;
}

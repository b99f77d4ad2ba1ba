import type { Path } from '../findings/finding';

/** A YAML text that was read, by whichever reader. */
export interface YamlText {
  readonly value: unknown;
  readonly faults: readonly Fault[];
  readonly tree: Tree<unknown>;
}

/** A fault of the text itself, found before its content is looked at. */
export interface Fault {
  readonly offset: number;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** What is in a text, as far as finding a place in it goes. */
export interface Tree<Node> {
  readonly root: Node | undefined;
  /** Offset of the first thing in it. */
  readonly start: number;
  /** An entry of a map or list, with the offsets of its key and value; `undefined` where there is none. */
  child(node: Node, step: string | number): Child<Node> | undefined;
  /** A scalar as it is written, before YAML made a value of it. */
  written(node: Node): string | undefined;
}

interface Child<Node> {
  readonly node: Node | undefined;
  readonly key: number | undefined;
  readonly value: number | undefined;
}

/** Where a path stands; the nearest parent that exists for one that doesn't. */
export function find<Node>(tree: Tree<Node>, path: Path, at: 'key' | 'value') {
  let node = tree.root;
  let offset = tree.start;
  for (const [depth, step] of path.entries()) {
    const child = node === undefined ? undefined : tree.child(node, step);
    if (!child) return { offset };
    offset = (at === 'value' && depth === path.length - 1 ? child.value : undefined) ?? child.key ?? offset;
    node = child.node;
  }
  return { offset, node };
}

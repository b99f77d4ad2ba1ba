import type { Path, Problem } from './problem';

/**
 * A copy without what the problems stand against, so that the rest can still be looked at and everything that is wrong
 * is said in one run. An entry that lacks a key goes as a whole.
 */
export function prune<T>(value: T, problems: readonly Problem[]): T {
  const copy = structuredClone(value);
  // Last first, so that the indices before stay true.
  const paths = problems.map(({ path }) => path).sort(byPathDescending);
  for (const path of paths) remove(copy, path);
  return copy;
}

function remove(root: unknown, path: Path): void {
  let node = root;
  for (const step of path.slice(0, -1)) node = child(node, step);
  const last = path.at(-1);
  if (last === undefined || typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) node.splice(Number(last), 1);
  else delete (node as Record<string, unknown>)[String(last)];
}

const child = (node: unknown, step: string | number): unknown =>
  typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[String(step)] : undefined;

function byPathDescending(a: Path, b: Path): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [left, right] = [a[i] as string | number, b[i] as string | number];
    if (left !== right) return Number(right) - Number(left) || (String(left) < String(right) ? 1 : -1);
  }
  return b.length - a.length;
}

/** Whether a problem stands in an entry that another stands in already: it may only follow from that one. */
export const follows = (problem: Problem, earlier: readonly Problem[]): boolean =>
  earlier.some(({ path }) => path[0] === problem.path[0] && path[1] === problem.path[1]);

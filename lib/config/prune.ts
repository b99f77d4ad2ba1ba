import type { Finding, Path } from '../findings/finding';

/**
 * A copy without what the problems stand against, so that the rest can still be looked at and everything that is wrong
 * is said in one run. For a missing key its whole entry goes.
 */
export function prune<T>(value: T, problems: readonly Finding[]): T {
  const copy = structuredClone(value);
  // Last first, so that the indices before stay true.
  const paths = problems.map(({ place }) => place.path).sort(byPathDescending);
  for (const path of paths) remove(copy, path);
  return copy;
}

/** A copy whose types hold: without unknown keys and wrong types, and with text where YAML made a number of it. */
export function readable<T>(value: T, problems: readonly Finding[]): T {
  const copy = structuredClone(value);
  for (const { code, place } of problems) {
    const { path } = place;
    const last = path.at(-1);
    const parent = path.slice(0, -1).reduce<unknown>(child, copy);
    if (code === 'not-text' && last !== undefined && typeof parent === 'object' && parent !== null) {
      const record = parent as Record<string, unknown>;
      record[String(last)] = String(record[String(last)]);
    }
  }
  return prune(
    copy,
    problems.filter(({ code }) => code === 'unknown-key' || code === 'wrong-type'),
  );
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

/** Whether a problem stands in an entry that another stands in already, or where that entry is named. */
export function follows({ place: { path } }: Finding, earlier: readonly Finding[], input: unknown): boolean {
  const value = path.reduce<unknown>(child, input);
  return earlier.some(
    ({ place: { path: other } }) => (path[0] === other[0] && path[1] === other[1]) || value === other[1],
  );
}

/** For problems of an entry as a whole: whether no earlier one stands in it, which may be why the whole looks wrong. */
export const isFirstIn = (earlier: readonly Finding[]) => {
  const faulty = earlier.map(({ place }) => place.path.map(String));
  return ({ place: { path } }: Finding): boolean =>
    !faulty.some((other) => path.every((step, i) => other[i] === String(step)));
};

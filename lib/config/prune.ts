import type { Finding, Path } from '../findings/finding';
import { isMap, listOf } from '../guards';

/** A copy of a config without its faulty parts. */
export interface Pruned<T> {
  readonly value: T;
  /**
   * Converts a path in `value` to the path in the whole config. The two differ if an earlier item of a list was
   * removed.
   */
  readonly original: (path: Path) => Path;
}

/**
 * Copies a config without the values at the places of the given findings, so that other rules can be applied to the
 * rest and one run reports all errors. If a required key is missing, its whole section is removed.
 */
export function prune<T>(value: T, findings: readonly Finding[]): Pruned<T> {
  const copy = structuredClone(value);
  const removed = new Map<string, number[]>();
  const paths = new Map(findings.map(({ place }) => [keyOf(place.path), place.path]));
  // From the last to the first, so that the indexes of the remaining items stay valid.
  for (const path of [...paths.values()].sort(byPathDescending)) {
    const parent = path.slice(0, -1);
    if (remove(copy, path)) {
      const key = keyOf(parent);
      removed.set(key, [Number(path.at(-1)), ...(removed.get(key) ?? [])]);
    }
  }
  const original = (path: Path): Path => {
    const result: (string | number)[] = [];
    for (const step of path) {
      const before = removed.get(keyOf(result)) ?? [];
      result.push(typeof step === 'number' ? before.reduce((i, gone) => (gone <= i ? i + 1 : i), step) : step);
    }
    return result;
  };
  return { value: copy, original };
}

/**
 * Copies a config so that its types hold: removes unknown keys and values of a wrong type, and converts a number or
 * boolean to a string if a string is expected.
 */
export function withoutWrongTypes<T>(value: T, findings: readonly Finding[]): T {
  const copy = structuredClone(value);
  for (const { code, place } of findings) {
    const key = String(place.path.at(-1));
    const parent = place.path.slice(0, -1).reduce<unknown>(child, copy);
    if (code !== 'not-text') continue;
    if (Array.isArray(parent)) parent[Number(key)] = String(parent[Number(key)]);
    else if (isRecord(parent)) parent[key] = String(parent[key]);
  }
  return prune(
    copy,
    findings.filter(({ code }) => code === 'unknown-key' || code === 'wrong-type'),
  ).value;
}

/** Removes the value at a path, if there is one. Returns whether it was an item of a list. */
function remove(root: unknown, path: Path): boolean {
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>(child, root);
  if (last === undefined) return false;
  if (Array.isArray(parent)) {
    parent.splice(Number(last), 1);
    return true;
  }
  if (isRecord(parent)) delete parent[String(last)];
  return false;
}

const isRecord = (value: unknown): value is Record<string, unknown> => isMap(value);

const child = (node: unknown, step: string | number): unknown => {
  if (Array.isArray(node)) return node[Number(step)];
  return isMap(node) && Object.hasOwn(node, String(step)) ? node[String(step)] : undefined;
};

/**
 * Returns a key for a path. The index of a list item is a string in a path from the validator, and a number in a path
 * from a rule.
 */
const keyOf = (path: Path): string => JSON.stringify(path.map(String));

function byPathDescending(a: Path, b: Path): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined) return -1;
    if (String(left) !== String(right)) {
      return Number(right) - Number(left) || (String(left) < String(right) ? 1 : -1);
    }
  }
  return b.length - a.length;
}

/**
 * Whether a finding may be a consequence of an earlier finding. This is so in these cases:
 * - Both are in the same entry, such as a person, or an entry of `checks.ignore`.
 * - The finding is at a reference to the entry that has the earlier finding.
 * - Both are in `kanidm`, and the earlier finding is about a whole field.
 * - The finding is in `grants` or `authentication`, and the earlier one is at the scopes or claims of a client whose
 *   tokens the cluster accepts.
 */
export function follows({ place: { path } }: Finding, earlier: readonly Finding[], input: unknown): boolean {
  const value = path.reduce<unknown>(child, input);
  const depth = path[0] === 'checks' ? 3 : 2;
  const entry = keyOf(path.slice(0, depth));
  const [section] = path[0] === 'clusters' ? path.slice(2) : path;
  const clients = section === 'grants' || section === 'authentication' ? clientsOf(input, path) : [];
  return earlier.some(({ place: { path: other } }) => {
    if (entry === keyOf(other.slice(0, depth)) || (value !== undefined && value === other[1])) return true;
    // `kanidm.manifests` and `kanidm.helm` decide which of the other fields of `kanidm` make sense.
    if (path[0] === 'kanidm' && other[0] === 'kanidm' && other.length === 2) return true;
    return other[0] === 'clients' && clients.includes(other[1]) && tokenFields.has(String(other[2]));
  });
}

/** The fields of a client that decide what its tokens contain. */
const tokenFields: ReadonlySet<string> = new Set(['scopes', 'supplementaryScopes', 'claims']);

/**
 * Returns the clients whose tokens the cluster of a path accepts. If the path is not in a cluster, returns the clients
 * whose tokens any cluster accepts.
 */
function clientsOf(input: unknown, path: Path): unknown[] {
  const clusters = child(input, 'clusters');
  const own =
    path[0] === 'clusters' ? [child(clusters, path[1] ?? '')] : Object.values(isMap(clusters) ? clusters : {});
  return own.flatMap((cluster) => [child(cluster, 'client'), ...listOf(child(cluster, 'trust'))]);
}

/**
 * Returns a function that returns false for a finding that an earlier finding may have caused. This is so if the
 * earlier finding is at the same place as the finding, or below that place.
 */
export const isFirstIn = (earlier: readonly Finding[]) => {
  const faulty = earlier.map(({ place }) => place.path.map(String));
  return ({ place: { path } }: Finding): boolean =>
    !faulty.some((other) => path.every((step, i) => other[i] === String(step)));
};

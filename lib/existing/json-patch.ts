import { isMap, isText, own } from '../guards';

/** The result of a JSON Patch on an empty document. */
export interface Patched {
  readonly document: unknown;
  /** The operations that create nothing, such as `remove /a/b`. */
  readonly others: readonly string[];
}

/**
 * Returns the document that a JSON Patch (RFC 6902) creates from an empty document with its `add` and `replace`
 * operations. Returns `undefined` if the list is not a JSON Patch.
 */
export function jsonPatch(operations: readonly unknown[]): Patched | undefined {
  const steps = operations.filter(isMap).filter(({ op, path }) => isText(op) && isText(path) && path.startsWith('/'));
  if (steps.length === 0 || steps.length < operations.length) return undefined;
  let document: unknown = {};
  const others: string[] = [];
  for (const { op, path, value } of steps) {
    if (op !== 'add' && op !== 'replace') {
      others.push(`${String(op)} ${String(path)}`);
      continue;
    }
    const keys = String(path)
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    document = put(document, keys, value);
  }
  return { document, others };
}

function put(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return isMap(node) && isMap(value) ? { ...node, ...value } : value;
  if (key === '-' || /^\d+$/.test(key)) {
    const items: readonly unknown[] = Array.isArray(node) ? node : [];
    const at = rest.length > 0 && key !== '-' ? Number(key) : items.length;
    if (at < items.length) return items.map((item, i) => (i === at ? put(item, rest, value) : item));
    return [...items, put(undefined, rest, value)];
  }
  const map = isMap(node) ? node : {};
  return Object.fromEntries([
    ...Object.entries(map).filter(([name]) => name !== key),
    [key, put(own(map, key), rest, value)],
  ]);
}

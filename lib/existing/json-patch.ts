import { isMap, isText, type Json, mapAt, own, scalarText } from '../guards';
import { documentsIn } from './documents-in';

/** The result of a JSON Patch on an empty document. */
export interface Patched {
  readonly document: unknown;
  /** What is not applied: operations that create nothing, such as `remove /a/b`, and conditions in a template. */
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
  for (const step of steps) {
    const { op, path } = step;
    if (op !== 'add' && op !== 'replace') {
      others.push(`${String(op)} ${String(path)}`);
      continue;
    }
    const keys = String(path)
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    document = put(document, keys, valueIn(step));
    if (scalarText(mapAt(step.valueFrom).template).search(controlLine) !== -1)
      others.push(`the conditions in the template of ${String(path)}; their lines were read as if all were true`);
  }
  return { document, others };
}

/**
 * Returns the value of an operation. In a patch of a ClusterClass, the value can come from a variable of the cluster,
 * or from a template whose result is YAML. Only Cluster API knows this value, so the returned value contains a
 * variable.
 */
function valueIn({ value, valueFrom }: Json): unknown {
  if (!isMap(valueFrom) || value !== undefined) return value;
  const { variable, template } = valueFrom;
  if (!isText(template)) return `\${${isText(variable) ? variable : '…'}}`;
  // A condition or loop around a line of YAML is not YAML, and the line counts as if the condition were true.
  const text = template.replace(controlLine, '').replace(/\{\{-?\s*(.*?)\s*-?\}\}/gs, '$${$1}');
  const [document] = documentsIn(text) ?? [];
  return document ?? text.trim();
}

/** A line of a Go template that contains only a condition, a loop or a similar action. */
const controlLine = /^[ \t]*\{\{-?\s*(?:if|else|end|range|with|define|block)\b[^}]*\}\}[ \t]*\r?\n?/gm;

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

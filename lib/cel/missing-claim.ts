import type { Cel } from './cel-parser';
import { keyOf } from './cel-values';
import { declaring } from './known-functions';
import { children, isName } from './type-check';

/**
 * Returns a claim without which the evaluation of an expression certainly fails, among the claims that `isMissing`.
 * `undefined` if the evaluation may succeed.
 */
export function failsAt(node: Cel, isMissing: (claim: string) => boolean): string | undefined {
  const first = (nodes: readonly (Cel | undefined)[]): string | undefined => {
    for (const one of nodes) {
      const claim = one && failsAt(one, isMissing);
      if (claim !== undefined) return claim;
    }
    return undefined;
  };
  const all = (nodes: readonly Cel[]): string | undefined => {
    const claims = nodes.map((one) => failsAt(one, isMissing));
    return claims.includes(undefined) ? undefined : claims[0];
  };
  const read = claimOf(node);
  if (read !== undefined && isMissing(read)) return read;
  if (node.kind === 'operator') {
    const [condition, ...branches] = node.args;
    if (node.name === '?:') return first([condition]) ?? all(branches);
    // `&&` and `||` ignore an error of one side if the other side decides.
    return node.name === '&&' || node.name === '||' ? all(node.args) : first(node.args);
  }
  // A loop over an empty list evaluates nothing else. An optional value may not need its alternative.
  const isLazy = node.kind === 'call' && (declaring.has(node.name) || node.name === 'or' || node.name === 'orValue');
  return node.kind === 'macro' || isLazy ? first([node.of]) : first(children(node));
}

/** Returns the claim in `claims.a` or `claims['a']`. */
function claimOf(node: Cel): string | undefined {
  if ((node.kind !== 'select' && node.kind !== 'index') || node.optional || !isName(node.of, 'claims'))
    return undefined;
  if (node.kind === 'select') return keyOf(node.field) ?? node.field;
  const value = node.index.kind === 'literal' ? node.index.value : undefined;
  return typeof value === 'string' ? (keyOf(value) ?? value) : undefined;
}

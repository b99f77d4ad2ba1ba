import type { Cel } from './cel-parser';
import { celTokens } from './cel-tokens';
import { children } from './type-check';

/** What an expression uses that older versions of Kubernetes do not have. */
export interface Needed {
  /** The first minor version of 1.x that has it. */
  readonly minor: number;
  readonly what: string;
}

/**
 * The minor versions that introduced functions. Tried with kube-apiserver 1.30.4, 1.31.4, 1.32.3, 1.33.4, 1.34.4,
 * 1.36.4 and 1.37.2.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/cel/environment/base.go
 */
const introduced: ReadonlyMap<string, number> = new Map(
  Object.entries({
    31: 'named validate',
    32: 'transformList transformMap transformMapEntry',
    33: 'first isSemver last major minor patch semver unwrap unwrapOpt',
    34: 'distinct flatten range reverse slice sort sortBy',
    37: 'includes',
  }).flatMap(([minor, names]) => names.split(' ').map((name) => [name, Number(minor)] as const)),
);

/** Macros that can have a variable for the index since 1.32, as in `exists(i, g, …)`. */
const withIndex = ['all', 'exists', 'exists_one', 'existsOne'];

function neededBy(node: Cel): Needed[] {
  const inner = children(node).flatMap(neededBy);
  if (node.kind !== 'call') return inner;
  if (withIndex.includes(node.name)) return [{ minor: 32, what: `\`${node.name}\` with two variables` }, ...inner];
  const minor = introduced.get(node.name);
  return minor === undefined ? inner : [{ minor, what: `the function \`${node.name}\`` }, ...inner];
}

/** Returns the newest feature that an expression uses; `undefined` if Kubernetes 1.30 has all of them. */
export function newestNeeded(text: string, node: Cel): Needed | undefined {
  const quoted = celTokens(text).find((token) => token.kind === 'name' && token.text.startsWith('`'));
  const all = [...(quoted ? [{ minor: 37, what: 'names in backquotes' }] : []), ...neededBy(node)];
  return all.reduce<Needed | undefined>((last, one) => (last && last.minor >= one.minor ? last : one), undefined);
}

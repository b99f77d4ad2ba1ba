import type { Path } from '../findings/finding';
import { isMap, type Json } from '../guards';

/**
 * The maps of a client that stay as they are in Kanidm if the config lacks them. An empty map in the config removes all
 * values of the map from Kanidm.
 */
const kept = ['scopes', 'supplementaryScopes', 'claims'];

/**
 * Returns a config without the value at a path. If this empties a list, or a map of a client, the empty list or map is
 * removed too. An empty list `members` is kept.
 */
export function without(value: unknown, path: Path): Json {
  const [key, ...rest] = path;
  const drop = (node: unknown, [first, ...more]: Path): unknown => {
    if (first === undefined) return undefined;
    if (Array.isArray(node)) {
      return more.length === 0
        ? node.filter((_, i) => i !== first)
        : node.map((one, i) => (i === first ? drop(one, more) : one));
    }
    if (!isMap(node)) return node;
    return Object.fromEntries(
      Object.entries(node).flatMap(([name, one]) => {
        if (name !== String(first)) return [[name, one]];
        const rest = more.length === 0 ? undefined : drop(one, more);
        const isEmpty =
          rest === undefined ||
          (Array.isArray(rest) && rest.length === 0 && name !== 'members') ||
          (isMap(rest) && Object.keys(rest).length === 0 && kept.includes(name));
        return isEmpty ? [] : [[name, rest]];
      }),
    );
  };
  const found = key === undefined ? value : drop(value, [key, ...rest]);
  return isMap(found) ? found : {};
}

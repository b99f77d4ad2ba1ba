import type { ClusterAccess } from '../../access/cluster';
import { type Danger, dangerOf, dangers, partsOf } from '../../access/danger';
import type { PolicyRule } from '../../access/objects';
import { type Right, rightsOf } from '../../access/rights';
import type { Given } from './review-rule';

/**
 * Caches the rights that each list of rules gives. The danger of a right also depends on facts that are not in the
 * rules. The keys of the map are these facts. Clusters with the same roles share their lists of rules, so the rights of
 * a list are determined once for all these clusters.
 */
const classified = new Map<string, WeakMap<readonly PolicyRule[], Given['rights']>>();

/**
 * Returns the rights that each of the given bindings grants. The rules of a role are classified only once, since many
 * bindings can grant it.
 */
export function givenBy({ authorizer }: ClusterAccess, ours: ReadonlySet<unknown>): Given[] {
  return authorizer.bindings.flatMap((binding) => {
    const [subject] = binding.subjects ?? [];
    if (!ours.has(binding) || !subject) return [];
    const held = authorizer.hold(binding, subject);
    const key = `${held.namespace === undefined} ${held.limitsFlux} ${held.execNeedsCreate} ${held.ignoresConstrained}`;
    const roles = classified.get(key) ?? new WeakMap<readonly PolicyRule[], Given['rights']>();
    classified.set(key, roles);
    const rights = roles.get(held.rules) ?? byDanger(rightsOf(held));
    roles.set(held.rules, rights);
    return [{ held, rights }];
  });
}

function byDanger(rights: readonly Right[]): Map<Danger, Right[]> {
  const groups = new Map<Danger, Right[]>();
  for (const right of rights) {
    for (const danger of dangers) {
      const those = danger === dangerOf(right) ? [right] : partsOf(right, danger);
      const list = groups.get(danger);
      if (list) list.push(...those);
      else if (those.length > 0) groups.set(danger, those);
    }
  }
  return groups;
}

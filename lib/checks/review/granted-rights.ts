import type { ClusterAccess } from '../../access/cluster';
import { type Danger, dangerOf } from '../../access/danger';
import type { PolicyRule } from '../../access/objects';
import { type Right, rightsOf } from '../../access/rights';
import type { Given } from './review-rule';

/**
 * Caches the rights of a list of rules: for the whole cluster, and for a namespace. Clusters with the same roles share
 * their lists of rules, so the rights of a list are determined once for all these clusters.
 */
const classified = {
  wide: new WeakMap<readonly PolicyRule[], Given['rights']>(),
  inside: new WeakMap<readonly PolicyRule[], Given['rights']>(),
  /** For a namespace of a cluster on which Flux is locked down. */
  limited: new WeakMap<readonly PolicyRule[], Given['rights']>(),
};

/**
 * Returns the rights that each of the given bindings grants. The rules of a role are classified only once, since many
 * bindings can grant it.
 */
export function givenBy({ authorizer }: ClusterAccess, ours: ReadonlySet<unknown>): Given[] {
  return authorizer.bindings.flatMap((binding) => {
    const [subject] = binding.subjects ?? [];
    if (!ours.has(binding) || !subject) return [];
    const held = authorizer.hold(binding, subject);
    const roles =
      held.namespace === undefined ? classified.wide : held.limitsFlux ? classified.limited : classified.inside;
    const rights = roles.get(held.rules) ?? byDanger(rightsOf(held));
    roles.set(held.rules, rights);
    return [{ held, rights }];
  });
}

function byDanger(rights: readonly Right[]): Map<Danger, Right[]> {
  const groups = new Map<Danger, Right[]>();
  for (const right of rights) {
    const danger = dangerOf(right);
    const list = groups.get(danger);
    if (list) list.push(right);
    else groups.set(danger, [right]);
  }
  return groups;
}

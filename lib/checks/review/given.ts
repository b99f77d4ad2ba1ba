import type { ClusterAccess } from '../../access/cluster';
import { type Danger, dangerOf } from '../../access/danger';
import { type Right, rightsOf } from '../../access/rights';
import type { Given } from './review-rule';

/** What the bindings among some objects give. A role that many bindings give is looked at once. */
export function givenBy({ authorizer }: ClusterAccess, ours: ReadonlySet<unknown>): Given[] {
  const known = { wide: new Map<unknown, Given['rights']>(), inside: new Map<unknown, Given['rights']>() };
  return authorizer.bindings.flatMap((binding) => {
    const [subject] = binding.subjects ?? [];
    if (!ours.has(binding) || !subject) return [];
    const held = authorizer.hold(binding, subject);
    const roles = held.namespace === undefined ? known.wide : known.inside;
    const rights = roles.get(held.rules) ?? byDanger(rightsOf(held));
    roles.set(held.rules, rights);
    return [{ held, rights }];
  });
}

function byDanger(rights: readonly Right[]): Map<Danger, Right[]> {
  const found = new Map<Danger, Right[]>();
  for (const right of rights) {
    const danger = dangerOf(right);
    const list = found.get(danger);
    if (list) list.push(right);
    else found.set(danger, [right]);
  }
  return found;
}

import { selects } from './match';
import type { PolicyRule, RoleObject, RoleRef } from './objects';

/** The roles of a cluster. The rules of aggregated ClusterRoles are evaluated as kube-controller-manager does it. */
export class Roles {
  private readonly byName = new Map<string, RoleObject>();
  private readonly evaluated = new Map<string, readonly PolicyRule[]>();

  /** If two roles have the same name, the later one counts, as if it had been applied later. */
  constructor(roles: Iterable<RoleObject>) {
    for (const role of roles) this.byName.set(key(role.kind, role.metadata.name, role.metadata.namespace), role);
  }

  /**
   * Returns the role that a binding refers to; `undefined` if it does not exist. A Role is looked up in the namespace
   * of the binding.
   */
  find({ kind, name }: RoleRef, namespace?: string): RoleObject | undefined {
    return this.byName.get(key(kind, name, namespace));
  }

  /** Returns the rules of a role; an empty list if it does not exist. */
  rules(ref: RoleRef, namespace?: string): readonly PolicyRule[] {
    const id = key(ref.kind, ref.name, namespace);
    let rules = this.evaluated.get(id);
    if (!rules) {
      const role = this.byName.get(id);
      rules = role ? this.evaluate(role) : [];
      this.evaluated.set(id, rules);
    }
    return rules;
  }

  get all(): Iterable<RoleObject> {
    return this.byName.values();
  }

  /**
   * If a ClusterRole has an `aggregationRule`, kube-controller-manager overwrites its rules. The roles that the
   * `aggregationRule` selects may have an `aggregationRule` themselves.
   */
  private evaluate(role: RoleObject): readonly PolicyRule[] {
    if (!role.aggregationRule) return role.rules ?? [];
    const reached = new Set<RoleObject>();
    const queue = [role];
    for (let next = queue.pop(); next; next = queue.pop()) {
      for (const selector of next.aggregationRule?.clusterRoleSelectors ?? []) {
        for (const other of this.byName.values()) {
          if (other.kind !== 'ClusterRole' || reached.has(other) || !selects(selector, other.metadata.labels)) continue;
          reached.add(other);
          if (other.aggregationRule) queue.push(other);
        }
      }
    }
    const sources = [...reached].filter((one) => !one.aggregationRule).sort(byName);
    return distinct(sources.flatMap(({ rules }) => rules ?? []));
  }
}

const key = (kind: string, name: string, namespace = '') => `${kind}\n${kind === 'Role' ? namespace : ''}\n${name}`;

const byName = (a: RoleObject, b: RoleObject) => (a.metadata.name < b.metadata.name ? -1 : 1);

function distinct(rules: readonly PolicyRule[]): PolicyRule[] {
  const seen = new Map(rules.map((rule) => [JSON.stringify(rule), rule]));
  return [...seen.values()];
}

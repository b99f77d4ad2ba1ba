import type { Held } from '../access/authorizer';
import { builtInRbac, type ClusterAccess } from '../access/cluster';
import type { BindingObject, PolicyRule, SubjectRef } from '../access/objects';
import type { Principal } from '../access/principals';
import { isDefaultSubject, serviceAccountOf } from '../access/strangers';
import { type AskedRight, isAddedByCharts, isInScope, isPart } from './asked-right';

/** Somebody who has the right of an expectation through a binding. */
export interface Entitled {
  /**
   * `user`, `group` and `workload` are not in the config: only a binding names them. A `workload` is a service account
   * of Kubernetes, or a group of them.
   */
  readonly kind: Principal['kind'] | 'user' | 'group' | 'workload';
  /** The key in the config, or the name at the API server. */
  readonly name: string;
  readonly held: Pick<Held, 'binding' | 'subject' | 'namespace'>;
}

/** What a binding gives. */
interface Given {
  readonly binding: BindingObject;
  /**
   * The rules of the role; `undefined` if they are unknown, because the role is neither built in nor among the objects
   * that were read.
   */
  readonly rules: readonly PolicyRule[] | undefined;
  /** Whether the ClusterRole collects the rules of others, as `view`, `edit` and `admin` do. */
  readonly isAggregated: boolean;
  readonly namespace?: string;
  /**
   * Whether the binding is one that Kubernetes or Flux itself creates. Its subjects are components of Kubernetes or
   * Flux, or every signed-in user.
   */
  readonly isOwn: boolean;
}

/** The bindings of a cluster that give a right, and those whose roles may give it. */
interface Matching {
  readonly bindings: readonly Given[];
  /** The bindings whose role may give the right: the role is unknown, or a chart may add the right to it. */
  readonly unknown: readonly Given[];
}

/**
 * Tells who has which right on a cluster, by its bindings. The time for an answer depends on the number of bindings,
 * not on the number of people.
 */
export class Entitlements {
  private readonly given: readonly Given[];
  /** The bindings of roles that are neither built in nor among the objects that were read. */
  readonly unknownRoles: readonly Given[];
  private readonly byUser = new Map<string, Principal[]>();
  private readonly byGroup = new Map<string, Principal[]>();

  /**
   * @param day expectations of the kind `always` count only accounts that are valid on this day, in UTC.
   * @default - they are undecided if they depend on the day
   */
  constructor(
    readonly access: ClusterAccess,
    readonly day?: string,
  ) {
    const { authorizer, cluster, principals } = access;
    const builtIn = new Set<unknown>(builtInRbac(cluster));
    this.given = authorizer.bindings.map((binding) => {
      const { namespace } = binding.metadata;
      const isWide = binding.kind === 'ClusterRoleBinding';
      const role = authorizer.roles.find(binding.roleRef, namespace);
      return {
        binding,
        isAggregated: role?.aggregationRule !== undefined,
        rules: role ? authorizer.hold(binding, { kind: 'User', name: '' }).rules : undefined,
        ...(isWide || namespace === undefined ? {} : { namespace }),
        isOwn: builtIn.has(binding),
      };
    });
    this.unknownRoles = this.given.filter(({ rules }) => rules === undefined);
    for (const who of principals) {
      if (who.user !== undefined) add(this.byUser, who.user, who);
      for (const group of new Set(who.groups)) add(this.byGroup, group, who);
    }
  }

  /** Returns the bindings that give a part of a right; for `everything`, those that give everything. */
  matching(right: AskedRight, namespaces: readonly string[] | undefined): Matching {
    const isAsked = isPart(right, namespaces);
    const mayBeAdded = isAddedByCharts(right);
    return {
      bindings: this.given.filter(({ rules, namespace }) => rules !== undefined && isAsked({ rules, namespace })),
      unknown: this.given.filter(
        ({ binding, rules, isAggregated, namespace }) =>
          isInScope(right, namespaces, namespace) &&
          (rules === undefined || (isAggregated && !isAsked({ rules, namespace }) && mayBeAdded(binding, rules))),
      ),
    };
  }

  /** Returns the bindings of a role. */
  ofRole(role: string, namespaces: readonly string[] | undefined): readonly Given[] {
    return this.given.filter(
      ({ binding, namespace }) =>
        binding.roleRef.name === role &&
        (namespace === undefined || namespaces === undefined || namespaces.includes(namespace)),
    );
  }

  /**
   * Returns everybody whom the bindings name, without duplicates. If several bindings name somebody, the first counts.
   */
  holders(bindings: readonly Given[]): Entitled[] {
    const found = new Map<string, Entitled>();
    for (const { binding, namespace, isOwn } of bindings) {
      for (const subject of binding.subjects ?? []) {
        const held = { binding, subject, ...(namespace === undefined ? {} : { namespace }) };
        for (const { kind, name } of this.named(subject, binding, isOwn)) {
          const key = `${kind}\n${name}`;
          if (!found.has(key)) found.set(key, { kind, name, held });
        }
      }
    }
    return [...found.values()];
  }

  private named(
    subject: SubjectRef,
    binding: BindingObject,
    isOwn: boolean,
  ): readonly Pick<Entitled, 'kind' | 'name'>[] {
    const { kind, name, namespace } = subject;
    const isDefault = () => isOwn || isDefaultSubject(this.access.cluster, binding, subject);
    if (kind === 'Group' && name === 'system:authenticated') {
      return isDefault() ? this.access.principals : [...this.access.principals, { kind: 'group', name }];
    }
    const principals = kind === 'Group' ? this.byGroup.get(name) : kind === 'User' ? this.byUser.get(name) : undefined;
    // The group also has members that are not in the config.
    if (kind === 'Group' && this.access.everyones.has(name)) return [...(principals ?? []), { kind: 'group', name }];
    // If the account with this name cannot sign in, or the group with this name has no members, the subject stands for
    // nobody.
    if (principals || this.access.ownerOf(subject)) return principals ?? [];
    if (isDefault()) return [];
    if (isOfWorkloads(subject)) return [{ kind: 'workload', name }];
    if (kind !== 'ServiceAccount') return [{ kind: kind === 'Group' ? 'group' : 'user', name }];
    return [
      { kind: 'workload', name: `system:serviceaccount:${namespace ?? binding.metadata.namespace ?? ''}:${name}` },
    ];
  }
}

/** Whether a user or group is a service account of Kubernetes, or a group of such service accounts. */
export const isOfWorkloads = ({ kind, name }: SubjectRef): boolean =>
  kind === 'User' ? serviceAccountOf(name) !== undefined : /^system:serviceaccounts(:|$)/.test(name);

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

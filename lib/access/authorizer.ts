import { ruleAllows } from './match';
import {
  type AccessRequest,
  type BindingObject,
  isBinding,
  isPathRequest,
  type PolicyRule,
  type RbacObject,
  type Requester,
  type RoleObject,
  type SubjectRef,
} from './objects';
import { Roles } from './roles';
import { type Bound, bySubject, groupKeys, type SubjectIndex, userKey } from './subject-index';

/** A role that a subject holds, with its binding and namespace. */
export interface Held {
  readonly binding: BindingObject;
  readonly subject: SubjectRef;
  /** Empty if the role is not among the objects that were read. */
  readonly rules: readonly PolicyRule[];
  /**
   * Whether the role is neither built in nor among the objects that were read, so that its rules are not known.
   * @default false
   */
  readonly isRoleUnknown?: true;
  /** `undefined` for the whole cluster. */
  readonly namespace?: string;
  /**
   * Whether Flux applies the objects in `namespace` as a service account of this namespace, instead of as
   * cluster-admin. @default false
   */
  readonly limitsFlux?: boolean;
  /**
   * Whether the API server requires the verb `create`, in addition to `get`, to run commands in pods.
   * @default false
   */
  readonly execNeedsCreate?: boolean;
  /** Whether the API server does not know the verbs `impersonate:…`, which then have no effect. @default false */
  readonly ignoresConstrained?: boolean;
}

/** Settings of a cluster that decide what the rules of a role allow. */
export interface ClusterLimits {
  /** The namespace of Flux, if Flux is locked down. */
  readonly lockedFlux?: string;
  /** @default false */
  readonly execNeedsCreate?: boolean;
  /** @default false */
  readonly ignoresConstrained?: boolean;
}

export interface Decision {
  readonly allowed: boolean;
  /** Every binding that allows the request. Can be empty for members of `system:masters`, who need no binding. */
  readonly through: readonly Held[];
}

/** kube-apiserver allows members of this group everything, without evaluating RBAC. */
export const superusers = 'system:masters';

/**
 * Evaluates RBAC as one API server does. Bindings are indexed by subject, so the cost of a question depends on the
 * bindings of the requester, not on the size of the cluster.
 */
export class Authorizer {
  readonly roles: Roles;
  readonly bindings: readonly BindingObject[];
  /**
   * The bindings for which this object builds an index. Usually, these are only the cluster's own bindings, because
   * clusters share the index of the built-in bindings. If the cluster replaces a built-in binding, these are all
   * bindings.
   */
  private readonly own: readonly BindingObject[];
  private readonly shared: readonly SubjectIndex[];
  private made: readonly SubjectIndex[] | undefined;
  private readonly byRequest = new WeakMap<AccessRequest, readonly Held[]>();
  /** Caches the roles that groups hold. The key is the list of groups, which people in the same groups share. */
  private readonly byGroups = new WeakMap<readonly string[], readonly Held[]>();
  private readonly byRequester = new WeakMap<Requester, readonly Held[]>();
  /** One `Held` for each subject of a binding, so that callers can use the `Held` as a key. */
  private readonly byBound = new WeakMap<Bound, Held>();

  /**
   * @param objects objects of RBAC; if two objects have the same kind, namespace and name, the later one counts
   * @param builtIn the built-in objects, if they are not among `objects`; clusters that pass the same list share its
   * evaluation
   */
  constructor(
    objects: Iterable<RbacObject>,
    builtIn: readonly RbacObject[] = [],
    private readonly clusterLimits: ClusterLimits = {},
  ) {
    const base = baseOf(builtIn);
    const bindings = new Map<string, BindingObject>();
    const roles: RoleObject[] = [];
    for (const object of objects) {
      if (isBinding(object)) bindings.set(identity(object), object);
      else roles.push(object);
    }
    const isChanged = base.bindings.some((binding) => bindings.has(identity(binding)));
    if (isChanged) {
      const all = new Map(base.bindings.map((binding) => [identity(binding), binding]));
      for (const [id, binding] of bindings) all.set(id, binding);
      this.bindings = [...all.values()];
      this.own = this.bindings;
      this.shared = [];
    } else {
      this.own = [...bindings.values()];
      this.bindings = [...base.bindings, ...this.own];
      this.shared = [base.index];
    }
    this.roles = rolesOf(base, roles);
  }

  /**
   * Returns every role that a requester holds, in the order of the bindings. If a binding names a requester twice, as a
   * user and as a group, its role is returned once.
   */
  held(who: Requester): readonly Held[] {
    const held = this.byRequester.get(who) ?? this.heldBy(who);
    this.byRequester.set(who, held);
    return held;
  }

  private heldBy({ user, groups }: Requester): readonly Held[] {
    const own = user === undefined ? [] : this.heldAs([userKey(user)]);
    let shared = this.byGroups.get(groups);
    if (!shared) {
      shared = this.heldAs(groupKeys(groups));
      this.byGroups.set(groups, shared);
    }
    if (own.length === 0) return shared;
    const named = new Set(own.map(({ binding }) => binding));
    return [...own, ...shared.filter(({ binding }) => !named.has(binding))];
  }

  /** Built on first use, because `allowing` needs no index. */
  private get indexes(): readonly SubjectIndex[] {
    this.made ??= [...this.shared, bySubject(this.own)];
    return this.made;
  }

  private heldAs(subjects: readonly string[]): Held[] {
    const seen = new Map<BindingObject, Held>();
    for (const subject of subjects) {
      for (const index of this.indexes) {
        for (const bound of index.get(subject) ?? []) {
          if (!seen.has(bound.binding)) seen.set(bound.binding, this.heldAt(bound));
        }
      }
    }
    return [...seen.values()];
  }

  private heldAt(bound: Bound): Held {
    const held = this.byBound.get(bound) ?? this.hold(bound.binding, bound.subject);
    this.byBound.set(bound, held);
    return held;
  }

  /** Returns the role that a binding gives to one of its subjects. */
  hold(binding: BindingObject, subject: SubjectRef): Held {
    const { namespace } = binding.metadata;
    const isWide = binding.kind === 'ClusterRoleBinding';
    return {
      binding,
      subject,
      rules: this.rulesOf(binding),
      ...(this.isRoleUnknown(binding) ? { isRoleUnknown: true } : {}),
      ...(isWide ? {} : { namespace }),
      ...this.limits(isWide ? undefined : namespace),
    };
  }

  /**
   * Whether the role of a binding is neither built in nor among the objects that were read. If the cluster has the
   * role, for example because an operator creates it, the binding gives rights that Kaniflux does not know.
   */
  isRoleUnknown({ roleRef, metadata }: BindingObject): boolean {
    return this.roles.find(roleRef, metadata.namespace) === undefined;
  }

  /** Returns the rules of the role of a binding. Only a RoleBinding can refer to a Role, in its own namespace. */
  private rulesOf({ kind, roleRef, metadata: { namespace } }: BindingObject): readonly PolicyRule[] {
    return kind === 'ClusterRoleBinding' && roleRef.kind === 'Role' ? [] : this.roles.rules(roleRef, namespace);
  }

  /**
   * Returns the settings of the cluster that limit what the rules of a role allow. Flux can be limited to the rights of
   * a service account when it applies objects in a namespace. In Flux's own namespace, objects can be applied with all
   * rights of Flux.
   */
  limits(namespace: string | undefined): Pick<Held, 'limitsFlux' | 'execNeedsCreate' | 'ignoresConstrained'> {
    const { lockedFlux, execNeedsCreate, ignoresConstrained } = this.clusterLimits;
    const limitsFlux = lockedFlux !== undefined && namespace !== undefined && namespace !== lockedFlux;
    return {
      ...(limitsFlux ? { limitsFlux } : {}),
      ...(execNeedsCreate ? { execNeedsCreate } : {}),
      ...(ignoresConstrained ? { ignoresConstrained } : {}),
    };
  }

  /**
   * Returns every binding that has a subject and a role whose rules allow the request. The namespace of the binding and
   * that of the request are not compared.
   */
  allowing(request: AccessRequest): readonly Held[] {
    const held = this.byRequest.get(request) ?? this.holding((rules) => allows(rules, request));
    this.byRequest.set(request, held);
    return held;
  }

  /**
   * Returns every binding that has a subject and whose role has rules for which `accepts` returns true. Calls `accepts`
   * once for each role.
   */
  holding(accepts: (rules: readonly PolicyRule[]) => boolean): Held[] {
    const answers = new Map<readonly PolicyRule[], boolean>();
    return this.bindings.flatMap((binding) => {
      const [subject] = binding.subjects ?? [];
      if (!subject) return [];
      const rules = this.rulesOf(binding);
      const isAccepted = answers.get(rules) ?? accepts(rules);
      answers.set(rules, isAccepted);
      return isAccepted ? [this.hold(binding, subject)] : [];
    });
  }

  can(who: Requester, request: AccessRequest): Decision {
    const through = this.held(who).filter((held) => heldAllows(held, request));
    return { allowed: through.length > 0 || who.groups.includes(superusers), through };
  }
}

/** The built-in objects of a Kubernetes version, evaluated once for all clusters. */
interface Base {
  readonly roleObjects: readonly RoleObject[];
  readonly bindings: readonly BindingObject[];
  readonly index: SubjectIndex;
  /** The evaluated roles, keyed by the JSON of the roles that a cluster has besides the built-in ones. */
  readonly roles: Map<string, Roles>;
}

const bases = new WeakMap<readonly RbacObject[], Base>();

function baseOf(builtIn: readonly RbacObject[]): Base {
  let base = bases.get(builtIn);
  if (!base) {
    const unique = new Map(builtIn.map((object) => [identity(object), object]));
    const bindings = [...unique.values()].filter(isBinding);
    const roleObjects = builtIn.filter((object): object is RoleObject => !isBinding(object));
    base = { roleObjects, bindings, index: bySubject(bindings), roles: new Map() };
    bases.set(builtIn, base);
  }
  return base;
}

/** The number of sets of roles that are cached, to limit memory. */
const mostSets = 16;

/** Clusters with the same roles share one evaluation. */
function rolesOf({ roleObjects, roles: known }: Base, own: readonly RoleObject[]): Roles {
  const key = JSON.stringify(own);
  const roles = known.get(key) ?? new Roles([...roleObjects, ...own]);
  if (known.size >= mostSets) known.clear();
  known.set(key, roles);
  return roles;
}

/** Whether a held role is bound to another subject than `system:authenticated`, the group of every signed-in user. */
export const isPersonal = ({ subject }: Held): boolean => subject.name !== 'system:authenticated';

/** Whether a held role allows a request. A role in a namespace does not allow cluster-wide requests or paths. */
export function heldAllows({ rules, namespace }: Held, request: AccessRequest): boolean {
  if (namespace !== undefined && (isPathRequest(request) || request.namespace !== namespace)) return false;
  return rules.some((rule) => ruleAllows(rule, request));
}

const answers = new WeakMap<AccessRequest, Map<readonly PolicyRule[], boolean>>();

/**
 * Whether rules allow a request. Answers are cached by the list of rules, because clusters with the same roles share
 * these lists.
 */
function allows(rules: readonly PolicyRule[], request: AccessRequest): boolean {
  const known = answers.get(request) ?? new Map<readonly PolicyRule[], boolean>();
  answers.set(request, known);
  const answer = known.get(rules) ?? rules.some((rule) => ruleAllows(rule, request));
  known.set(rules, answer);
  return answer;
}

const identity = ({ kind, metadata }: RbacObject) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

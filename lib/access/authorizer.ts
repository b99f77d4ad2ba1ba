import { ruleAllows } from './match';
import {
  type AccessRequest,
  type BindingObject,
  isBinding,
  isPathRequest,
  type PolicyRule,
  type RbacObject,
  type Requester,
  type SubjectRef,
} from './objects';
import { Roles } from './roles';

/** A role that a subject holds, with its binding and namespace. */
export interface Held {
  readonly binding: BindingObject;
  readonly subject: SubjectRef;
  /** Empty if the role does not exist. */
  readonly rules: readonly PolicyRule[];
  /** `undefined` for the whole cluster. */
  readonly namespace?: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Every binding that allows the request. Empty for members of `system:masters`, who need no binding. */
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
  private readonly bySubject = new Map<string, { binding: BindingObject; subject: SubjectRef }[]>();
  /** Cached by the list of groups, which people in the same groups share. */
  private readonly byGroups = new WeakMap<readonly string[], readonly Held[]>();

  /** @param objects the built-in ones included; others than RBAC's are to be left out */
  constructor(objects: Iterable<RbacObject>) {
    const bindings = new Map<string, BindingObject>();
    const roles = [];
    for (const object of objects) {
      if (isBinding(object)) bindings.set(identity(object), object);
      else roles.push(object);
    }
    this.roles = new Roles(roles);
    this.bindings = [...bindings.values()];
    for (const binding of this.bindings) {
      for (const subject of binding.subjects ?? []) {
        const id = subjectKey(subject, binding.metadata.namespace);
        const found = this.bySubject.get(id);
        if (found) found.push({ binding, subject });
        else this.bySubject.set(id, [{ binding, subject }]);
      }
    }
  }

  /**
   * Returns every role that a requester holds, in the order of the bindings. A role that one binding gives to two of
   * the requester's subjects is returned once.
   */
  held({ user, groups }: Requester): Held[] {
    const own = user === undefined ? [] : this.heldAs([`User\n${user}`]);
    let shared = this.byGroups.get(groups);
    if (!shared) {
      shared = this.heldAs(allGroups(groups).map((name) => `Group\n${name}`));
      this.byGroups.set(groups, shared);
    }
    const named = new Set(own.map(({ binding }) => binding));
    return [...own, ...shared.filter(({ binding }) => !named.has(binding))];
  }

  private heldAs(subjects: readonly string[]): Held[] {
    const seen = new Map<BindingObject, Held>();
    for (const { binding, subject } of subjects.flatMap((id) => this.bySubject.get(id) ?? [])) {
      if (!seen.has(binding)) seen.set(binding, this.hold(binding, subject));
    }
    return [...seen.values()];
  }

  /** Returns the role that a binding gives to one of its subjects. */
  hold(binding: BindingObject, subject: SubjectRef): Held {
    const { namespace } = binding.metadata;
    const wide = binding.kind === 'ClusterRoleBinding';
    // Only a RoleBinding can refer to a Role, and only to one in its own namespace.
    const rules = wide && binding.roleRef.kind === 'Role' ? [] : this.roles.rules(binding.roleRef, namespace);
    return { binding, subject, rules, ...(wide ? {} : { namespace }) };
  }

  can(who: Requester, request: AccessRequest): Decision {
    const through = this.held(who).filter((held) => heldAllows(held, request));
    return { allowed: through.length > 0 || who.groups.includes(superusers), through };
  }
}

/** Whether a held role allows a request. A role in a namespace does not allow cluster-wide requests or paths. */
export function heldAllows({ rules, namespace }: Held, request: AccessRequest): boolean {
  if (namespace !== undefined && (isPathRequest(request) || request.namespace !== namespace)) return false;
  return rules.some((rule) => ruleAllows(rule, request));
}

/** The API server adds the group system:authenticated to every authenticated user. */
const allGroups = (groups: readonly string[]): string[] => {
  const own = [...new Set(groups)];
  return own.includes('system:unauthenticated') || own.includes('system:authenticated')
    ? own
    : [...own, 'system:authenticated'];
};

/**
 * A ServiceAccount has the user name `system:serviceaccount:<namespace>:<name>`. If the subject has no namespace, that
 * of the binding is used.
 */
function subjectKey({ kind, name, namespace }: SubjectRef, bindingNamespace?: string): string {
  if (kind !== 'ServiceAccount') return `${kind}\n${name}`;
  return `User\nsystem:serviceaccount:${namespace ?? bindingNamespace ?? ''}:${name}`;
}

const identity = ({ kind, metadata }: RbacObject) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

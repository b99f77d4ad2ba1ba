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

/** A role that somebody holds: by which binding, as which subject, and where. */
export interface Held {
  readonly binding: BindingObject;
  readonly subject: SubjectRef;
  /** Empty where the role does not exist. */
  readonly rules: readonly PolicyRule[];
  /** `undefined`: on the whole cluster. */
  readonly namespace?: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Every binding that allows it. Empty for a member of `system:masters`, whom no rule has to allow anything. */
  readonly through: readonly Held[];
}

/** kube-apiserver lets members do everything before it asks RBAC. */
export const superusers = 'system:masters';

/**
 * RBAC as one API server evaluates it. Bindings are indexed by their subjects, so a question costs what the bindings
 * of the asker cost, whatever the size of the cluster.
 */
export class Authorizer {
  readonly roles: Roles;
  readonly bindings: readonly BindingObject[];
  private readonly bySubject = new Map<string, { binding: BindingObject; subject: SubjectRef }[]>();
  /** People in the same groups share the list of them. */
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

  /** Every role that somebody holds, in the order of the bindings; one that two subjects of a binding give, once. */
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

  /** What a binding gives to one of its subjects. */
  hold(binding: BindingObject, subject: SubjectRef): Held {
    const { namespace } = binding.metadata;
    const wide = binding.kind === 'ClusterRoleBinding';
    // Only a RoleBinding can refer to a Role, and only to one beside it.
    const rules = wide && binding.roleRef.kind === 'Role' ? [] : this.roles.rules(binding.roleRef, namespace);
    return { binding, subject, rules, ...(wide ? {} : { namespace }) };
  }

  can(who: Requester, request: AccessRequest): Decision {
    const through = this.held(who).filter((held) => heldAllows(held, request));
    return { allowed: through.length > 0 || who.groups.includes(superusers), through };
  }
}

/** Whether a held role allows a request: one in a namespace says nothing of the rest of the cluster, nor of paths. */
export function heldAllows({ rules, namespace }: Held, request: AccessRequest): boolean {
  if (namespace !== undefined && (isPathRequest(request) || request.namespace !== namespace)) return false;
  return rules.some((rule) => ruleAllows(rule, request));
}

/** The API server adds one group to everybody who is authenticated, and to nobody else. */
const allGroups = (groups: readonly string[]): string[] => {
  const own = [...new Set(groups)];
  return own.includes('system:unauthenticated') || own.includes('system:authenticated')
    ? own
    : [...own, 'system:authenticated'];
};

/** A ServiceAccount is a user with a name of its own; without a namespace it is looked for in the binding's. */
function subjectKey({ kind, name, namespace }: SubjectRef, bindingNamespace?: string): string {
  if (kind !== 'ServiceAccount') return `${kind}\n${name}`;
  return `User\nsystem:serviceaccount:${namespace ?? bindingNamespace ?? ''}:${name}`;
}

const identity = ({ kind, metadata }: RbacObject) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

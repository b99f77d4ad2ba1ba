import type { BindingObject, Requester, SubjectRef } from './objects';

export interface Bound {
  readonly binding: BindingObject;
  readonly subject: SubjectRef;
}

/** The bindings of each subject, in the order in which they were given. */
export type SubjectIndex = ReadonlyMap<string, readonly Bound[]>;

export function bySubject(bindings: Iterable<BindingObject>): SubjectIndex {
  const index = new Map<string, Bound[]>();
  for (const binding of bindings) {
    for (const subject of binding.subjects ?? []) {
      const key = subjectKey(subject, binding.metadata.namespace);
      const list = index.get(key);
      if (list) list.push({ binding, subject });
      else index.set(key, [{ binding, subject }]);
    }
  }
  return index;
}

export const userKey = (user: string): string => `User\n${user}`;

const keys = new WeakMap<readonly string[], readonly string[]>();

/**
 * The keys under which the groups of a requester are indexed. Computed once for each array of groups, because people in
 * the same groups share one array.
 */
export function groupKeys(groups: readonly string[]): readonly string[] {
  const known = keys.get(groups);
  if (known) return known;
  const made = allGroups(groups).map((name) => `Group\n${name}`);
  keys.set(groups, made);
  return made;
}

/**
 * Returns the bindings that name a requester: those that name the user first, then those that name one of the groups.
 * Each binding is returned once.
 */
export function boundTo(index: SubjectIndex, { user, groups }: Requester): Bound[] {
  const bound = new Map<BindingObject, Bound>();
  for (const key of user === undefined ? groupKeys(groups) : [userKey(user), ...groupKeys(groups)]) {
    for (const one of index.get(key) ?? []) if (!bound.has(one.binding)) bound.set(one.binding, one);
  }
  return [...bound.values()];
}

/** The API server adds the group system:authenticated to every authenticated user. */
const allGroups = (groups: readonly string[]): string[] => {
  const own = [...new Set(groups)];
  return own.includes('system:unauthenticated') || own.includes('system:authenticated')
    ? own
    : [...own, 'system:authenticated'];
};

/**
 * A ServiceAccount has the user name `system:serviceaccount:<namespace>:<name>`. If the subject has no namespace, the
 * namespace of the binding is used.
 */
function subjectKey({ kind, name, namespace }: SubjectRef, bindingNamespace?: string): string {
  if (kind !== 'ServiceAccount') return `${kind}\n${name}`;
  return userKey(`system:serviceaccount:${namespace ?? bindingNamespace ?? ''}:${name}`);
}

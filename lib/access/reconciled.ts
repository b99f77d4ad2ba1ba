import { isSameValue, own } from '../guards';
import { type BindingObject, isBinding, type RbacObject, type RoleObject, type SubjectRef } from './objects';

/**
 * Returns the objects, in which each role and binding has the content that it has on a cluster. If a role has the name
 * of a built-in role, the cluster has one role with the fields and rules of both: Flux and kubectl keep the fields that
 * a file does not set, such as `aggregationRule`, and each start of the API server adds the missing rules. If a binding
 * has the name and the role of a built-in binding, each start adds the missing subjects.
 * @param builtIn the objects that the API server creates
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#auto-reconciliation
 */
export function reconciled(objects: readonly RbacObject[], builtIn: readonly RbacObject[]): readonly RbacObject[] {
  const known = byIdentity(builtIn);
  return objects.map((object) => {
    const found = known.get(identity(object));
    if (found === undefined) return object;
    if (isBinding(object)) return isBinding(found) ? bound(object, found) : object;
    return isBinding(found) ? object : merged(object, found);
  });
}

const indexes = new WeakMap<readonly RbacObject[], ReadonlyMap<string, RbacObject>>();

function byIdentity(builtIn: readonly RbacObject[]): ReadonlyMap<string, RbacObject> {
  const index = indexes.get(builtIn) ?? new Map(builtIn.map((one) => [identity(one), one]));
  indexes.set(builtIn, index);
  return index;
}

const identity = ({ kind, metadata }: RbacObject): string => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

const isOffIn = ({ metadata }: RbacObject): boolean =>
  own(metadata.annotations, 'rbac.authorization.kubernetes.io/autoupdate') === 'false';

function bound(object: BindingObject, found: BindingObject): BindingObject {
  const { roleRef, subjects } = object;
  if (isOffIn(object) || roleRef.kind !== found.roleRef.kind || roleRef.name !== found.roleRef.name) return object;
  const there = new Set(subjects?.map(subjectKey));
  const missing = (found.subjects ?? []).filter((one) => !there.has(subjectKey(one)));
  return missing.length === 0 ? object : { ...object, subjects: [...(subjects ?? []), ...missing] };
}

const subjectKey = ({ kind, namespace, name }: SubjectRef): string => `${kind}/${namespace ?? ''}/${name}`;

function merged(object: RoleObject, found: RoleObject): RoleObject {
  const { kind, metadata, rules, aggregationRule } = object;
  const isOff = isOffIn(object);
  const selectors = union(aggregationRule?.clusterRoleSelectors, found.aggregationRule?.clusterRoleSelectors);
  return {
    kind,
    metadata: { ...metadata, labels: { ...found.metadata.labels, ...metadata.labels } },
    rules: isOff ? (rules ?? []) : union(rules, found.rules),
    ...(selectors.length > 0 ? { aggregationRule: { clusterRoleSelectors: selectors } } : {}),
  };
}

const union = <T>(a: readonly T[] | null | undefined, b: readonly T[] | null | undefined): T[] => {
  const all = [...(a ?? [])];
  return [...all, ...(b ?? []).filter((one) => !all.some((other) => isSameValue(one, other)))];
};

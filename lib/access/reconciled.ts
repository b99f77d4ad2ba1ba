import { isSameValue, own } from '../guards';
import { isBinding, type RbacObject, type RoleObject } from './objects';

/**
 * Returns the objects, in which each role has the content that it has on a cluster. If a role has the name of a
 * built-in role, the cluster has one role with the fields and rules of both: Flux and kubectl keep the fields that a
 * file does not set, such as `aggregationRule`, and each start of the API server adds the missing rules.
 * @param builtIn the objects that the API server creates
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#auto-reconciliation
 */
export function reconciled(objects: readonly RbacObject[], builtIn: readonly RbacObject[]): readonly RbacObject[] {
  const known = rolesByName(builtIn);
  return objects.map((object) => {
    const found = isBinding(object) ? undefined : known.get(identity(object));
    return found === undefined || isBinding(object) ? object : merged(object, found);
  });
}

const indexes = new WeakMap<readonly RbacObject[], ReadonlyMap<string, RoleObject>>();

function rolesByName(builtIn: readonly RbacObject[]): ReadonlyMap<string, RoleObject> {
  const index =
    indexes.get(builtIn) ?? new Map(builtIn.flatMap((one) => (isBinding(one) ? [] : [[identity(one), one] as const])));
  indexes.set(builtIn, index);
  return index;
}

const identity = ({ kind, metadata }: RoleObject): string => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

function merged(object: RoleObject, found: RoleObject): RoleObject {
  const { kind, metadata, rules, aggregationRule } = object;
  const isOff = own(metadata.annotations, 'rbac.authorization.kubernetes.io/autoupdate') === 'false';
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

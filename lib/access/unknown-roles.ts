import type { ClusterAccess } from './cluster';
import type { BindingObject } from './objects';

/**
 * Whether the role of a binding is neither built in nor among the objects that were read. If the cluster has the role,
 * for example because an operator creates it, the binding gives rights that Kaniflux does not know.
 */
export const isRoleUnknown = ({ authorizer }: ClusterAccess, { roleRef, metadata }: BindingObject): boolean =>
  authorizer.roles.find(roleRef, metadata.namespace) === undefined;

/** Returns the bindings that have subjects and an unknown role. */
export const ofUnknownRoles = (access: ClusterAccess): BindingObject[] =>
  access.authorizer.bindings.filter((binding) => (binding.subjects?.length ?? 0) > 0 && isRoleUnknown(access, binding));

/** Returns as text which rights are unknown: those that a binding to an unknown role gives. */
export const unknownRule = ({ roleRef, metadata }: BindingObject): string =>
  `the rights that the binding ${metadata.name}${
    metadata.namespace === undefined ? '' : ` in namespace ${metadata.namespace}`
  } gives; its ${roleRef.kind} ${roleRef.name} is neither built in nor in the config`;

import type { ClusterAccess } from './cluster';
import type { BindingObject } from './objects';

/**
 * Returns the bindings whose role is neither built in nor was read. If the cluster has the role, for example because an
 * operator creates it, the binding gives rights that Kaniflux does not know.
 */
export const ofUnknownRoles = ({ authorizer }: ClusterAccess): BindingObject[] =>
  authorizer.bindings.filter(
    ({ roleRef, metadata, subjects }) =>
      (subjects?.length ?? 0) > 0 && !authorizer.roles.find(roleRef, metadata.namespace),
  );

/** Returns what a binding of an unknown role leaves open. */
export const unknownRule = ({ roleRef, metadata }: BindingObject): string =>
  `what the ${roleRef.kind} ${roleRef.name} allows, which the binding ${metadata.name}${
    metadata.namespace === undefined ? '' : ` in namespace ${metadata.namespace}`
  } gives: the role is neither built in nor in the config`;

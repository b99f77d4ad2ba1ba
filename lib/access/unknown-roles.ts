import type { ClusterAccess } from './cluster';
import type { BindingObject } from './objects';

/** Returns the bindings that have subjects and an unknown role. */
export const ofUnknownRoles = ({ authorizer }: ClusterAccess): BindingObject[] =>
  authorizer.bindings.filter((binding) => (binding.subjects?.length ?? 0) > 0 && authorizer.isRoleUnknown(binding));

/** Returns as text which rights are unknown: those that a binding to an unknown role gives. */
export const unknownRule = ({ roleRef, metadata }: BindingObject): string =>
  `the rights that the binding ${metadata.name}${
    metadata.namespace === undefined ? '' : ` in namespace ${metadata.namespace}`
  } gives; its ${roleRef.kind} ${roleRef.name} is neither built in nor in the config`;

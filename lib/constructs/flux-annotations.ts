/*
 * What kustomize-controller reads from an object's annotations.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
 */

/** A `${NAME}` arrives as it is, also where the Kustomization substitutes variables. On every rendered object. */
export const noSubstitution = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } as const;

/** Taking the object out of Git leaves it in the cluster. On what holds the identity database, or leads to it. */
export const noPruning = { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } as const;

/** An immutable field that changed means delete and create under the same name. On bindings: `roleRef` is one. */
export const recreation = { 'kustomize.toolkit.fluxcd.io/force': 'enabled' } as const;

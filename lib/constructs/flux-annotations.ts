/*
 * Annotations that kustomize-controller reads.
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
 */

/** `${NAME}` is not substituted, even if the Kustomization substitutes variables. Set on every rendered object. */
export const noSubstitution = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } as const;

/**
 * The object stays in the cluster when it is removed from Git. Set on objects whose deletion could stop Kanidm or
 * delete its database.
 */
export const noPruning = { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } as const;

/**
 * If an immutable field changes, the object is deleted and created again. Set on bindings, whose `roleRef` is
 * immutable.
 */
export const recreation = { 'kustomize.toolkit.fluxcd.io/force': 'enabled' } as const;

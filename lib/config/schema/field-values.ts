/* The values of some fields of the schema. Like field-patterns.ts, this file does not import TypeBox. */

/** How the API server of a cluster is run. */
export const controlPlaneKinds = [
  'kubeadm',
  'k3s',
  'rke2',
  'k0s',
  'talos',
  'cluster-api',
  'flags',
  'eks',
  'gke',
  'aks',
] as const;

/** The kinds of control planes that the schema accepts only so that their error can say what to do instead. */
export const refusedControlPlanes: ReadonlySet<string> = new Set(['gke', 'aks']);

/** The levels of the Pod Security Standards, the most permissive first. */
export const podSecurityLevels = ['privileged', 'baseline', 'restricted'] as const;

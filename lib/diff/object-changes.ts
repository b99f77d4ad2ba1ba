import { identityOf, type KubernetesObject } from '../output/kubernetes-object';
import { type FieldChange, fieldChanges, type Scope } from './field-changes';
import type { Side } from './side';

export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly cluster: string;
  /** `ClusterRoleBinding.rbac.authorization.k8s.io oidc-cluster-admin`. */
  readonly object: string;
  readonly fields: readonly FieldChange[];
}

/** The objects that are on one side only, and the fields of those that are different, cluster by cluster. */
export function objectDiff(before: Side, after: Side, scope: Scope = 'both'): ObjectChange[] {
  const names = [...new Set([...before.config.clusters.keys(), ...after.config.clusters.keys()])];
  return names.flatMap((cluster) => objectChanges(cluster, before.objects(cluster), after.objects(cluster), scope));
}

export function objectChanges(
  cluster: string,
  before: readonly object[],
  after: readonly object[],
  scope: Scope = 'both',
): ObjectChange[] {
  const old = new Map(before.map((object) => [identityOf(object as KubernetesObject), object]));
  const now = new Map(after.map((object) => [identityOf(object as KubernetesObject), object]));
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort();
  return ids.flatMap((object): ObjectChange[] => {
    const [a, b] = [old.get(object), now.get(object)];
    if (!a) return [{ change: 'added', cluster, object, fields: [] }];
    if (!b) return [{ change: 'removed', cluster, object, fields: [] }];
    const fields = fieldChanges(a, b, scope);
    return fields.length > 0 ? [{ change: 'changed', cluster, object, fields }] : [];
  });
}

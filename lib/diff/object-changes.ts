import { isMap, isText } from '../guards';
import { identityOf, isObject, type KubernetesObject } from '../output/kubernetes-object';
import { type FieldChange, fieldChanges, type Scope } from './field-changes';
import type { Side } from './side';

export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly cluster: string;
  /** `ClusterRoleBinding.rbac.authorization.k8s.io oidc-cluster-admin`. */
  readonly object: string;
  readonly fields: readonly FieldChange[];
}

/** Returns the objects on one side only, and the changed fields of the others, cluster by cluster. */
export function objectDiff(before: Side, after: Side, scope: Scope = 'both'): ObjectChange[] {
  const names = [...new Set([...before.config.clusters.keys(), ...after.config.clusters.keys()])];
  return names
    .filter((cluster) => !(before.isSameOn?.(after, cluster) ?? false))
    .flatMap((cluster) => objectChanges(cluster, before.objects(cluster), after.objects(cluster), scope));
}

export function objectChanges(
  cluster: string,
  before: readonly object[],
  after: readonly object[],
  scope: Scope = 'both',
): ObjectChange[] {
  const [old, now] = [byIdentity(before), byIdentity(after)];
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort();
  return ids.flatMap((object): ObjectChange[] => {
    const [a, b] = [old.get(object), now.get(object)];
    if (!a) return [{ change: 'added', cluster, object, fields: [] }];
    if (!b) return [{ change: 'removed', cluster, object, fields: [] }];
    const fields = fieldChanges(withJson(a), withJson(b), scope).map((field) =>
      isSecret(object) ? hidden(field) : field,
    );
    return fields.length > 0 ? [{ change: 'changed', cluster, object, fields }] : [];
  });
}

const byIdentity = (objects: readonly object[]) =>
  new Map(objects.filter(isObject).map((object) => [identityOf(object), object]));

/** Returns a ConfigMap with the JSON text in its values parsed, such as migrations of Kanidm. */
function withJson(object: KubernetesObject): object {
  if (object.kind !== 'ConfigMap' || !isMap(object.data)) return object;
  const data = Object.entries(object.data).map(([key, value]) => [key, key.endsWith('.json') ? parsed(value) : value]);
  return { ...object, data: Object.fromEntries(data) };
}

function parsed(value: unknown): unknown {
  try {
    return isText(value) ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}

const isSecret = (object: string) => object.startsWith('Secret ');

/** The values of a Secret are hidden; only the fact that a value changed is shown. */
const hidden = ({ path, before, after }: FieldChange): FieldChange => ({
  path,
  ...(before === undefined ? {} : { before: 'a hidden value' }),
  ...(after === undefined ? {} : { after: 'another hidden value' }),
});

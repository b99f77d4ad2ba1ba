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

/** The objects that are on one side only, and the fields of those that are different, cluster by cluster. */
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

/** A ConfigMap with the JSON that is in it, as the migrations of Kanidm, taken apart. */
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

/** What is in a Secret is nobody's to read in a review; that it is another is. */
const hidden = ({ path, before, after }: FieldChange): FieldChange => ({
  path,
  ...(before === undefined ? {} : { before: 'a value that is not shown' }),
  ...(after === undefined ? {} : { after: 'another value that is not shown' }),
});

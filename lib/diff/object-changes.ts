import { isMap, isText } from '../guards';
import { identityOf, isObject, type KubernetesObject } from '../output/kubernetes-object';
import { type FieldChange, fieldChanges, type Scope } from './field-changes';
import { whyNotDeleted } from './not-applied-statements';
import type { Side } from './side';

export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly cluster: string;
  /** The identity, such as `ClusterRoleBinding.rbac.authorization.k8s.io oidc-cluster-admin`. */
  readonly object: string;
  readonly fields: readonly FieldChange[];
  /** Why the cluster keeps an object that was removed. @default - nothing keeps it */
  readonly kept?: string;
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
    if (!b) {
      const kept = whyNotDeleted(a);
      return [{ change: 'removed', cluster, object, fields: [], ...(kept === undefined ? {} : { kept }) }];
    }
    const renamed = renamedKeys(a, b);
    const fields = [
      ...renamed.map(([from, to]) => ({ path: `name of data."${to}"`, before: from, after: to })),
      ...fieldChanges(withJson(a, new Map(renamed)), withJson(b), scope),
    ].map((field) => (isSecret(object) ? hidden(field) : field));
    return fields.length > 0 ? [{ change: 'changed', cluster, object, fields }] : [];
  });
}

const byIdentity = (objects: readonly object[]) =>
  new Map(objects.filter(isObject).map((object) => [identityOf(object), object]));

/**
 * Returns the keys of a ConfigMap that differ only in the number at their start, so that their contents are compared.
 * For example, the keys of Kanidm's migrations begin with a number, which changes with their order.
 */
function renamedKeys(before: KubernetesObject, after: KubernetesObject): [string, string][] {
  if (before.kind !== 'ConfigMap' || !isMap(before.data) || !isMap(after.data)) return [];
  const { data: old } = before;
  const { data: now } = after;
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(now, key));
  const added = Object.keys(now).filter((key) => !Object.hasOwn(old, key));
  const named = (keys: readonly string[], name: string) => keys.filter((key) => withoutNumbers(key) === name);
  return gone.flatMap((from): [string, string][] => {
    const name = withoutNumbers(from);
    const [to] = named(added, name);
    return to !== undefined && named(gone, name).length === 1 && named(added, name).length === 1 ? [[from, to]] : [];
  });
}

const withoutNumbers = (key: string): string => key.replace(/^[\d-]+/, '');

/**
 * Returns a ConfigMap in which values that are JSON are parsed, such as migrations of Kanidm.
 * @param names new names of keys
 */
function withJson(object: KubernetesObject, names: ReadonlyMap<string, string> = new Map()): object {
  if (object.kind !== 'ConfigMap' || !isMap(object.data)) return object;
  const data = Object.entries(object.data).map(([key, value]) => [
    names.get(key) ?? key,
    key.endsWith('.json') ? parsed(value) : value,
  ]);
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

/** Hides the values of a Secret. Only the fact that a value changed is shown. */
const hidden = ({ path, before, after }: FieldChange): FieldChange => ({
  path,
  ...(before === undefined ? {} : { before: 'a hidden value' }),
  ...(after === undefined ? {} : { after: 'another hidden value' }),
});

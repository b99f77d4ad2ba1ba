import { isMap, isText, type Json } from '../guards';

/** A rendered Kubernetes object: plain JSON. */
export interface KubernetesObject {
  /** Group and version, such as `apps/v1`; only the version for the core group. */
  readonly apiVersion: string;
  /** The kind, such as `Service`. */
  readonly kind: string;
  /** Name, namespace, labels and annotations. */
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** Returns the identity of an object, which is the same in every API version: `Kind.group namespace/name`. */
export function identityOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind}${group} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/**
 * Returns the object with sorted keys at every level: apiVersion, kind and metadata first, then the other keys. cdk8s
 * sorts keys too, but an environment variable turns this off, and the output must not depend on the environment. An
 * object whose keys are sorted is returned itself, without a copy.
 */
export function inOrder(object: KubernetesObject): KubernetesObject {
  if (isInOrder(object)) return object;
  const { apiVersion, kind, metadata, ...rest } = object;
  return { apiVersion, kind, metadata: { ...sortedMap(metadata), name: metadata.name }, ...sortedMap(rest) };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  return isMap(value) ? sortedMap(value) : value;
}

const sortedMap = (map: Json): Json =>
  Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, sorted(map[key])]),
  );

/** Returns whether the keys are sorted already. Most objects are, and this check takes a fifth of the time of a copy. */
function isInOrder(object: KubernetesObject): boolean {
  const [first, second, third, ...rest] = Object.keys(object);
  const head = first === 'apiVersion' && second === 'kind' && third === 'metadata';
  return head && areSorted(rest) && Object.values(object).every(isSorted);
}

function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return (Array.isArray(value) || areSorted(Object.keys(value))) && Object.values(value).every(isSorted);
}

const areSorted = (keys: readonly string[]): boolean => keys.every((key, i) => (keys[i - 1] ?? '') <= key);

/** Returns whether a value has the fields of a Kubernetes object: an API version, a kind and a name. */
export const isObject = (value: unknown): value is KubernetesObject =>
  isMap(value) &&
  isText(value.apiVersion) &&
  isText(value.kind) &&
  isMap(value.metadata) &&
  isText(value.metadata.name) &&
  (value.metadata.namespace === undefined || isText(value.metadata.namespace));

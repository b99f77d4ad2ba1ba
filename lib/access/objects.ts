import { isMap, isText, type Json, mapAt, scalarText } from '../guards';
import type { Metadata, RbacObject } from '../upstream/rbac';
import { isEncrypted, whyRefused } from './refused-rbac';

export type * from '../upstream/rbac';
export { isBinding } from './refused-rbac';

/** The fields of a Kubernetes object that are read for every kind. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Partial<Metadata>;
  readonly [field: string]: unknown;
}

const kinds = new Set(['ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding']);

/**
 * Whether an object is of one of the four RBAC kinds, an API server accepts it, and SOPS did not encrypt it. Patches,
 * templates and drafts beside manifests are often incomplete.
 */
export const isRbac = (object: unknown): object is RbacObject =>
  hasRbacForm(object) && !lacksNamespace(object) && !isEncrypted(object) && whyRefused(object) === undefined;

/**
 * Whether an object is a Role or RoleBinding without a namespace. kubectl or kustomize adds one, so the namespace is
 * not known.
 */
export const lacksNamespace = ({ kind, metadata }: RbacObject): boolean =>
  !kind.startsWith('Cluster') && !metadata.namespace;

/** Whether an object is of one of the four RBAC kinds, complete or not. */
export const isOfRbac = ({ apiVersion, kind }: Json): boolean =>
  scalarText(apiVersion).startsWith('rbac.authorization.k8s.io/') && kinds.has(scalarText(kind));

/**
 * Whether an object is of one of the four RBAC kinds, its fields have the types that an API server accepts, and nothing
 * is missing except perhaps its namespace. An object with `$patch` is a patch of another object.
 */
export function hasRbacForm(object: unknown): object is RbacObject {
  if (!isMap(object)) return false;
  const { kind, metadata } = object;
  if (!isOfRbac(object) || '$patch' in object || !isMap(metadata) || !isText(metadata.name)) return false;
  if (!isTextOrNone(metadata.namespace)) return false;
  return scalarText(kind).endsWith('Role') ? isRole(object) : isWholeBinding(object);
}

function isRole({ rules, aggregationRule, metadata }: Json): boolean {
  const { labels } = isMap(metadata) ? metadata : {};
  const { clusterRoleSelectors } = isMap(aggregationRule) ? aggregationRule : {};
  return (
    isListOf(rules, isRule) &&
    (labels === undefined || labels === null || isMap(labels)) &&
    (aggregationRule === undefined || aggregationRule === null || isMap(aggregationRule)) &&
    isListOf(clusterRoleSelectors, isSelector)
  );
}

const isRule = (rule: unknown): boolean =>
  isMap(rule) &&
  Array.isArray(rule.verbs) &&
  (['verbs', 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'] as const).every((field) =>
    isListOf(rule[field], isText),
  );

const isSelector = (selector: unknown): boolean =>
  isMap(selector) &&
  (selector.matchLabels === undefined || isMap(selector.matchLabels)) &&
  isListOf(selector.matchExpressions, (one) => isMap(one) && isText(one.key) && isListOf(one.values, isText));

const isWholeBinding = ({ roleRef, subjects }: Json): boolean =>
  isMap(roleRef) &&
  isText(roleRef.kind) &&
  isText(roleRef.name) &&
  isTextOrNone(roleRef.apiGroup) &&
  isListOf(subjects, isSubject);

const isSubject = (subject: unknown): boolean =>
  isMap(subject) &&
  !('$patch' in subject) &&
  isText(subject.kind) &&
  isText(subject.name) &&
  isTextOrNone(subject.apiGroup) &&
  isTextOrNone(subject.namespace);

/** Whether an API server accepts the value of an optional string. It reads `null` as a missing value. */
const isTextOrNone = (value: unknown): boolean => value === undefined || value === null || isText(value);

/**
 * Returns an RBAC object as an API server stores it: without the namespace of a cluster-wide object, without namespaces
 * and API groups that are empty, and without an `aggregationRule` that is `null`. Any other object is returned
 * unchanged.
 */
export function asStored(object: Json): Json {
  if (!hasRbacForm(object)) return object;
  const { aggregationRule, ...fields }: Json = object;
  const { kind, metadata, roleRef, subjects } = fields;
  const { namespace: _, ...others } = mapAt(metadata);
  return {
    ...fields,
    ...(isMap(aggregationRule) ? { aggregationRule } : {}),
    metadata: scalarText(kind).startsWith('Cluster') ? others : withoutEmpty(mapAt(metadata)),
    ...(isMap(roleRef) ? { roleRef: withoutEmpty(roleRef) } : {}),
    ...(Array.isArray(subjects) ? { subjects: subjects.map((one) => withoutEmpty(mapAt(one))) } : {}),
  };
}

const withoutEmpty = (map: Json): Json =>
  Object.fromEntries(
    Object.entries(map).filter(
      ([field, value]) => !['apiGroup', 'namespace'].includes(field) || (value !== null && value !== ''),
    ),
  );

const isListOf = (value: unknown, holds: (one: unknown) => boolean): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.every(holds));

/** A user as the API server identifies them after authentication. */
export interface Requester {
  /** `undefined` if the config does not determine the user name. Bindings can then match only the groups. */
  readonly user?: string;
  /** Without the groups that the API server itself adds. */
  readonly groups: readonly string[];
}

export interface ResourceRequest {
  readonly verb: string;
  /** The API group; `''` for the core group. */
  readonly group: string;
  /** The plural name, as in a URL. */
  readonly resource: string;
  readonly subresource?: string;
  /** The name of the object. Requests such as `list` and `create` have none. */
  readonly name?: string;
  /** @default the whole cluster */
  readonly namespace?: string;
  /** What a CustomResourceDefinition says about the resource. @default what Kaniflux knows about it */
  readonly scope?: 'Cluster' | 'Namespaced';
}

/** A request for a path that is not a resource, such as `/metrics`. */
export interface PathRequest {
  readonly verb: string;
  readonly path: string;
}

export type AccessRequest = ResourceRequest | PathRequest;

export const isPathRequest = (request: AccessRequest): request is PathRequest => 'path' in request;

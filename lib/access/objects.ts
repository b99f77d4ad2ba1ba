import { isMap, isText, type Json, scalarText } from '../guards';
import type { BindingObject, Metadata, RbacObject } from '../upstream/rbac';

export type * from '../upstream/rbac';

/** Any Kubernetes object, as far as everything here looks at all of them. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Partial<Metadata>;
  readonly [field: string]: unknown;
}

const kinds = new Set(['ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding']);

/**
 * Whether an object is one of RBAC's four kinds, whole enough to be evaluated. What people keep beside their manifests
 * (patches, templates, drafts) often is not, and an API server would refuse it too.
 */
export function isRbac(object: unknown): object is RbacObject {
  if (!isMap(object)) return false;
  const { apiVersion, kind, metadata } = object;
  if (!scalarText(apiVersion).startsWith('rbac.authorization.k8s.io/') || !kinds.has(scalarText(kind))) return false;
  if (!isMap(metadata) || !isText(metadata.name)) return false;
  return scalarText(kind).endsWith('Role') ? isRole(object) : isWholeBinding(object);
}

function isRole({ rules, aggregationRule, metadata }: Json): boolean {
  const { labels } = isMap(metadata) ? metadata : {};
  const { clusterRoleSelectors } = isMap(aggregationRule) ? aggregationRule : {};
  return (
    isListOf(rules, isRule) &&
    (labels === undefined || labels === null || isMap(labels)) &&
    (aggregationRule === undefined || isMap(aggregationRule)) &&
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
  isListOf(subjects, (one) => isMap(one) && isText(one.kind) && isText(one.name));

const isListOf = (value: unknown, holds: (one: unknown) => boolean): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.every(holds));

export const isBinding = (object: RbacObject): object is BindingObject => object.kind.endsWith('Binding');

/** Somebody as an API server knows them, after authentication. */
export interface Requester {
  /** `undefined`: a user name that the config doesn't know, so that only groups can match. */
  readonly user?: string;
  /** Without those that the API server adds by itself. */
  readonly groups: readonly string[];
}

export interface ResourceRequest {
  readonly verb: string;
  /** API group, `''` for the core one. */
  readonly group: string;
  /** Plural, as in a URL. */
  readonly resource: string;
  readonly subresource?: string;
  /** Of the one object. @default all of the kind, or one that is still to be made */
  readonly name?: string;
  /** @default the whole cluster */
  readonly namespace?: string;
}

/** A path that is no resource, such as `/metrics`. */
export interface PathRequest {
  readonly verb: string;
  readonly path: string;
}

export type AccessRequest = ResourceRequest | PathRequest;

export const isPathRequest = (request: AccessRequest): request is PathRequest => 'path' in request;

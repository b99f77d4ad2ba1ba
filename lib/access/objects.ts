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

/** Whether an object is one of RBAC's four kinds, whole enough to be evaluated. */
export function isRbac(object: unknown): object is RbacObject {
  if (object === null || typeof object !== 'object') return false;
  const { apiVersion, kind, metadata, roleRef } = object as Partial<KubernetesObject>;
  if (!String(apiVersion).startsWith('rbac.authorization.k8s.io/') || !kinds.has(String(kind))) return false;
  return typeof metadata?.name === 'string' && (String(kind).endsWith('Role') || typeof roleRef === 'object');
}

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

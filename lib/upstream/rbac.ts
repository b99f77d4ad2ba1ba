/*
 * The types of RBAC objects, as rendered and as in a cluster.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface RoleObject {
  readonly kind: 'ClusterRole' | 'Role';
  readonly metadata: Metadata;
  readonly rules?: readonly PolicyRule[] | null;
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

export interface RoleRef {
  /** @default rbac.authorization.k8s.io */
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

export interface SubjectRef {
  /** @default the API group of the kind */
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface BindingObject {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly metadata: Metadata;
  readonly roleRef: RoleRef;
  readonly subjects?: readonly SubjectRef[] | null;
}

export type RbacObject = RoleObject | BindingObject;

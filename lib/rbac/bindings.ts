import { KubeClusterRoleBinding, KubeRoleBinding, type Subject } from 'cdk8s-plus-30/lib/imports/k8s';
import { Construct } from 'constructs';
import { noSubstitution, recreation } from '../flux/annotations';

const apiGroup = 'rbac.authorization.k8s.io';

export interface OidcBindingProps {
  /** `metadata.name` of the binding. */
  readonly name: string;
  /**
   * User names as the API server makes them of a token, prefix included (`personSubjects`).
   * @default - no users
   */
  readonly users?: readonly string[];
  /**
   * Group names as the API server makes them of a token, prefix included (`groupSubjects`).
   * @default - no groups
   */
  readonly groups?: readonly string[];
}

export interface OidcClusterRoleBindingProps extends OidcBindingProps {
  /** The ClusterRole that is granted on the whole cluster. */
  readonly clusterRole: string;
}

export interface OidcRoleBindingProps extends OidcBindingProps {
  /** The namespace in which the role is granted. */
  readonly namespace: string;
  /** The role that is granted. */
  readonly role: { readonly kind: 'ClusterRole' | 'Role'; readonly name: string };
}

/**
 * `roleRef` is immutable: with the annotation Flux deletes and recreates a binding whose role changed, under its name.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#clusterrolebinding-example
 */
const annotations = { ...recreation, ...noSubstitution };

/** A ClusterRoleBinding for people and groups who sign in with OIDC. */
export class OidcClusterRoleBinding extends Construct {
  readonly binding: KubeClusterRoleBinding;

  constructor(scope: Construct, id: string, props: OidcClusterRoleBindingProps) {
    super(scope, id);
    this.binding = new KubeClusterRoleBinding(this, 'binding', {
      metadata: { name: props.name, annotations },
      roleRef: { apiGroup, kind: 'ClusterRole', name: props.clusterRole },
      subjects: subjects(props),
    });
  }
}

/** A RoleBinding, in one namespace, for people and groups who sign in with OIDC. */
export class OidcRoleBinding extends Construct {
  readonly binding: KubeRoleBinding;

  constructor(scope: Construct, id: string, props: OidcRoleBindingProps) {
    super(scope, id);
    this.binding = new KubeRoleBinding(this, 'binding', {
      metadata: { name: props.name, namespace: props.namespace, annotations },
      roleRef: { apiGroup, kind: props.role.kind, name: props.role.name },
      subjects: subjects(props),
    });
  }
}

const subjects = ({ users = [], groups = [] }: OidcBindingProps): Subject[] => [
  ...users.map((name) => ({ apiGroup, kind: 'User', name })),
  ...groups.map((name) => ({ apiGroup, kind: 'Group', name })),
];

import { ApiObject } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { inOrder, type KubernetesObject } from '../output/kubernetes-object';
import { noSubstitution, recreation } from './flux-annotations';

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

/** What both have. */
abstract class OidcBinding extends Construct {
  /** What cdk8s renders of it, as long as nobody adds to `binding`: its keys are in the order of `inOrder`. */
  readonly manifest: KubernetesObject;
  readonly binding: ApiObject;

  protected constructor(
    scope: Construct,
    id: string,
    kind: string,
    namespace: object,
    role: Role,
    props: OidcBindingProps,
  ) {
    super(scope, id);
    this.manifest = {
      apiVersion: `${apiGroup}/v1`,
      kind,
      metadata: { annotations, name: props.name, ...namespace },
      roleRef: { apiGroup, ...role },
      subjects: subjects(props),
    };
    this.binding = new ApiObject(this, 'binding', this.manifest);
  }
}

interface Role {
  readonly kind: 'ClusterRole' | 'Role';
  readonly name: string;
}

/** A ClusterRoleBinding for people and groups who sign in with OIDC. */
export class OidcClusterRoleBinding extends OidcBinding {
  constructor(scope: Construct, id: string, props: OidcClusterRoleBindingProps) {
    super(scope, id, 'ClusterRoleBinding', {}, { kind: 'ClusterRole', name: props.clusterRole }, props);
  }
}

/** A RoleBinding, in one namespace, for people and groups who sign in with OIDC. */
export class OidcRoleBinding extends OidcBinding {
  constructor(scope: Construct, id: string, props: OidcRoleBindingProps) {
    const { kind, name } = props.role;
    super(scope, id, 'RoleBinding', { namespace: props.namespace }, { kind, name }, props);
  }
}

/**
 * What the constructs below a scope become, each object in order. For a binding of ours that is what it was made of: cdk8s would give the
 * same, in ten times the time.
 */
export const objectsBelow = (scope: IConstruct): KubernetesObject[] =>
  scope.node.children.flatMap((child): KubernetesObject[] => {
    if (child instanceof OidcBinding) return [child.manifest];
    return child instanceof ApiObject ? [inOrder(child.toJson() as KubernetesObject)] : objectsBelow(child);
  });

const subjects = ({ users = [], groups = [] }: OidcBindingProps) => [
  ...users.map((name) => ({ apiGroup, kind: 'User', name })),
  ...groups.map((name) => ({ apiGroup, kind: 'Group', name })),
];

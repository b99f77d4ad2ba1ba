import {
  ApiObject,
  ApiObjectMetadataDefinition,
  App,
  ImplicitTokenResolver,
  type JsonPatch,
  LazyResolver,
  NumberStringUnionResolver,
  type OwnerReference,
} from 'cdk8s';
import type { Construct } from 'constructs';
import { isText } from '../guards';
import { noSubstitution, recreation } from './flux-annotations';
import {
  checkHasNamespace,
  checkLabel,
  checkNotReserved,
  checkRbacName,
  expected,
  type PropProblem,
  reportProblems,
} from './props-check';
import { checkProps, type Shape } from './props-shape';

const apiGroup = 'rbac.authorization.k8s.io';

export interface OidcBindingProps {
  /** `metadata.name` of the binding. */
  readonly name: string;
  /**
   * User names as the API server sees them, including the prefix (`KanidmClient.user`).
   * @default - no users
   */
  readonly users?: readonly string[];
  /**
   * Group names as the API server sees them, including the prefix (`KanidmClient.group`).
   * @default - no groups
   */
  readonly groups?: readonly string[];
}

/** Props of {@link OidcClusterRoleBinding}. */
export interface OidcClusterRoleBindingProps extends OidcBindingProps {
  /** The ClusterRole that is granted on the whole cluster. */
  readonly clusterRole: string;
}

/** A role that a binding refers to. */
export interface RoleReference {
  readonly kind: 'ClusterRole' | 'Role';
  readonly name: string;
}

/** Props of {@link OidcRoleBinding}. */
export interface OidcRoleBindingProps extends OidcBindingProps {
  /** The namespace in which the role is granted. @default - the namespace of the chart */
  readonly namespace?: string;
  /** The role that is granted. */
  readonly role: RoleReference;
}

/**
 * `roleRef` is immutable. The annotation in `recreation` makes Flux delete and recreate a binding whose role changed.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#clusterrolebinding-example
 */
const annotations = { ...recreation, ...noSubstitution };

interface Binding extends OidcBindingProps {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly namespace?: string;
  readonly role: RoleReference;
}

/**
 * cdk8s takes about 10 µs to resolve and sort a binding, and a fleet has 100,000 of them. A binding is created as
 * sorted, plain JSON, so `toJson` returns it as it is, unless something was added that cdk8s has to process.
 */
abstract class OidcBinding extends ApiObject {
  override readonly metadata: BindingMetadata;
  private readonly made: Binding;
  private patched = false;

  protected constructor(scope: Construct, id: string, given: Binding) {
    const { kind, name, namespace, role, users = [], groups = [] } = given;
    // A copy, because the program can change its lists after they were checked.
    const made = { kind, name, namespace, role: { ...role }, users: [...users], groups: [...groups] };
    super(scope, id, manifestOf(made, { annotations, name, namespace }));
    this.made = made;
    this.metadata = new BindingMetadata(this, name, namespace);
    reportProblems(this, [
      ...problemsOf(made),
      checkNotReserved(this),
      kind === 'RoleBinding' ? checkHasNamespace(this) : undefined,
    ]);
  }

  override addJsonPatch(...operations: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...operations);
  }

  override toJson(): unknown {
    if (this.patched || hasOwnResolvers(this)) return super.toJson();
    return manifestOf(this.made, this.metadata.toJson());
  }
}

/**
 * Returns what is wrong with the props: values that Kubernetes would refuse, and subjects that are likely a mistake.
 */
function problemsOf({ kind, name, namespace, role, users = [], groups = [] }: Binding): PropProblem[] {
  const roleProp = kind === 'ClusterRoleBinding' ? 'clusterRole' : 'role.name';
  return [
    checkRbacName('name', name),
    checkLabel('namespace', namespace),
    checkRbacName(roleProp, role.name),
    role.kind === 'ClusterRole' || role.kind === 'Role'
      ? undefined
      : expected('role.kind', '`ClusterRole` or `Role`', role.kind),
    users.length + groups.length > 0 ? undefined : 'users, groups: expected at least one user or group, found none',
    ...users.map((user) => checkSubject('users', user)),
    ...groups.map((group) => checkSubject('groups', group)),
  ];
}

/**
 * Refuses names that begin with `system:`. Kubernetes reserves them, so no person or group of an identity provider has
 * such a name.
 */
function checkSubject(prop: string, name: string): PropProblem {
  if (name === '') return `${prop}: expected a name as the API server sees it, found an empty string`;
  if (!name.startsWith('system:')) return undefined;
  return `${prop}: \`${name}\` is reserved for Kubernetes; to bind it, use KubeClusterRoleBinding or KubeRoleBinding of cdk8s-plus-30`;
}

/** Returns the object with its keys in the order in which cdk8s writes them. */
const manifestOf = <T>({ kind, role, users = [], groups = [] }: Binding, metadata: T) => ({
  apiVersion: `${apiGroup}/v1`,
  kind,
  metadata,
  roleRef: { apiGroup, kind: role.kind, name: role.name },
  subjects: [
    ...users.map((name) => ({ apiGroup, kind: 'User', name })),
    ...groups.map((name) => ({ apiGroup, kind: 'Group', name })),
  ],
});

/** Metadata that tells whether anything was added to it. If not, cdk8s does not have to process it. */
class BindingMetadata extends ApiObjectMetadataDefinition {
  private changed = false;

  constructor(
    private readonly binding: ApiObject,
    override readonly name: string,
    namespace = binding.chart.namespace,
  ) {
    super({ apiObject: binding, name, namespace, labels: binding.chart.labels, annotations });
  }

  override addLabel(key: string, value: string): void {
    this.changed = true;
    super.addLabel(key, value);
  }

  override addAnnotation(key: string, value: string): void {
    this.changed = true;
    super.addAnnotation(key, value);
  }

  override addFinalizers(...finalizers: string[]): void {
    this.changed = true;
    super.addFinalizers(...finalizers);
  }

  override addOwnerReference(owner: OwnerReference): void {
    this.changed = true;
    super.addOwnerReference(owner);
  }

  override add(key: string, value: unknown): void {
    this.changed = true;
    super.add(key, value);
  }

  override toJson(): unknown {
    const labels = Object.entries(this.binding.chart.labels).sort(byKey);
    // The labels and the namespace of a chart can be tokens, which cdk8s resolves.
    const isPlain =
      (this.namespace === undefined || isText(this.namespace)) && labels.every(([, value]) => isText(value));
    if (this.changed || !isPlain) return super.toJson();
    return {
      annotations: { ...annotations },
      ...(labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}),
      name: this.name,
      ...(this.namespace === undefined ? {} : { namespace: this.namespace }),
    };
  }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

const builtIn = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/** Whether the app has resolvers of its own, which may change any value. */
const hasOwnResolvers = (object: ApiObject): boolean =>
  App.of(object).resolvers.some((resolver) => !builtIn.some((type) => resolver instanceof type));

/** The JSON of an OidcClusterRoleBinding to which nothing was added, and whose chart has no labels. */
export const clusterRoleBindingJson = ({ clusterRole, ...props }: OidcClusterRoleBindingProps): BindingJson =>
  plainJson({ ...props, kind: 'ClusterRoleBinding', role: { kind: 'ClusterRole', name: clusterRole } });

/** The JSON of an OidcRoleBinding to which nothing was added, and whose chart has neither labels nor a namespace. */
export const roleBindingJson = (props: OidcRoleBindingProps): BindingJson =>
  plainJson({ ...props, kind: 'RoleBinding' });

const plainJson = (binding: Binding): BindingJson => {
  const { name, namespace } = binding;
  return manifestOf(binding, { annotations, name, ...(namespace === undefined ? {} : { namespace }) });
};

type BindingJson = ReturnType<
  typeof manifestOf<{ readonly annotations: typeof annotations; readonly name: string; readonly namespace?: string }>
>;

const shape = { name: 'text', users: 'texts', groups: 'texts' } as const satisfies Shape<OidcBindingProps>;
const clusterShape = { ...shape, clusterRole: 'text' } as const satisfies Shape<OidcClusterRoleBindingProps>;
const namespacedShape = {
  ...shape,
  namespace: 'text',
  role: { kind: 'text', name: 'text' },
} as const satisfies Shape<OidcRoleBindingProps>;

/**
 * A ClusterRoleBinding for people and groups who sign in with OIDC. Synthesis fails for a binding without subjects, and
 * for names that Kubernetes does not accept or that it reserves.
 */
export class OidcClusterRoleBinding extends OidcBinding {
  constructor(scope: Construct, id: string, props: OidcClusterRoleBindingProps) {
    checkProps(`OidcClusterRoleBinding ${id}`, props, clusterShape);
    const { name, users, groups, clusterRole } = props;
    const role = { kind: 'ClusterRole', name: clusterRole } as const;
    super(scope, id, { kind: 'ClusterRoleBinding', name, role, users, groups });
  }
}

/**
 * A RoleBinding, in one namespace, for people and groups who sign in with OIDC. Synthesis fails for the same props as
 * with OidcClusterRoleBinding.
 */
export class OidcRoleBinding extends OidcBinding {
  constructor(scope: Construct, id: string, props: OidcRoleBindingProps) {
    checkProps(`OidcRoleBinding ${id}`, props, namespacedShape);
    // In JavaScript, the role can be missing.
    const { role = { kind: 'Role', name: '' } } = props;
    super(scope, id, { ...props, kind: 'RoleBinding', role });
  }
}

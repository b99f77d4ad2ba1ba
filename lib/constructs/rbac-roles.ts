import { KubeClusterRole, KubeRole, type PolicyRule } from 'cdk8s-plus-30/lib/imports/k8s';
import type { Construct } from 'constructs';
import { noSubstitution } from './flux-annotations';
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

/** What a role allows, spelled as in Kubernetes. */
export interface RoleRule {
  /** Verbs such as `get`, `list` and `watch`; `*` for all. */
  readonly verbs: readonly string[];
  /** Resources such as `pods` or `pods/log`. @default - none */
  readonly resources?: readonly string[];
  /** The API groups of the resources. @default - the core group, `['']` */
  readonly apiGroups?: readonly string[];
  /** Names of the objects that the rule is limited to. @default - all objects */
  readonly resourceNames?: readonly string[];
  /** Non-resource URLs; only in a ClusterRole. @default - none */
  readonly nonResourceURLs?: readonly string[];
}

export interface RoleProps {
  /** `metadata.name` of the role. */
  readonly name: string;
  /** What the role allows. */
  readonly rules: readonly RoleRule[];
}

/** A built-in ClusterRole to which the rules of other ClusterRoles can be added (aggregation). */
export type AggregatedRole = 'admin' | 'edit' | 'view';

/** Props of {@link ClusterRole}. */
export interface ClusterRoleProps extends RoleProps {
  /** The built-in roles to which the rules of this role are added. @default - none */
  readonly aggregateTo?: readonly AggregatedRole[];
}

/** Props of {@link Role}. */
export interface NamespacedRoleProps extends RoleProps {
  /** The namespace of the Role. @default - the namespace of the chart */
  readonly namespace?: string;
}

/**
 * A ClusterRole, to be granted by a binding. Synthesis fails for a name or a rule that an API server refuses, and for
 * the name of a role of Kubernetes or kubeadm.
 */
export class ClusterRole extends KubeClusterRole {
  constructor(scope: Construct, id: string, props: ClusterRoleProps) {
    checkProps(`ClusterRole ${id}`, props, { ...shape, aggregateTo: 'texts' } satisfies Shape<ClusterRoleProps>);
    const { name, rules = [], aggregateTo = [] } = props;
    const metadata = { name, annotations: noSubstitution, labels: aggregationLabels(aggregateTo) };
    super(scope, id, { metadata, rules: rules.map(policyRule) });
    reportProblems(this, [
      checkRbacName('name', name),
      checkNotReserved(this),
      checkHasRules(props),
      ...rules.flatMap(problemsOfRule),
      ...aggregateTo.map((role) =>
        aggregated.includes(role) ? undefined : expected('aggregateTo', '`admin`, `edit` or `view`', role),
      ),
    ]);
  }
}

/**
 * A Role, to be granted by a binding in its namespace. Synthesis fails for the same props as with ClusterRole.
 */
export class Role extends KubeRole {
  constructor(scope: Construct, id: string, props: NamespacedRoleProps) {
    checkProps(`Role ${id}`, props, { ...shape, namespace: 'text' } satisfies Shape<NamespacedRoleProps>);
    const { name, namespace, rules = [] } = props;
    super(scope, id, { metadata: { name, namespace, annotations: noSubstitution }, rules: rules.map(policyRule) });
    reportProblems(this, [
      checkRbacName('name', name),
      checkLabel('namespace', namespace),
      checkHasNamespace(this),
      checkNotReserved(this),
      checkHasRules(props),
      ...rules.flatMap(problemsOfRule),
      ...rules.map(({ nonResourceURLs }, i) =>
        nonResourceURLs ? `rules[${i}].nonResourceURLs: only a ClusterRole can have them` : undefined,
      ),
    ]);
  }
}

/** In JavaScript, `rules` can be missing. An empty list is a role that allows nothing. */
const checkHasRules = ({ rules }: Partial<RoleProps>): PropProblem =>
  rules ? undefined : 'rules: expected a list, found nothing';

const shape = { name: 'text', rules: 'list' } as const satisfies Shape<RoleProps>;

const aggregated: readonly string[] = ['admin', 'edit', 'view'] satisfies AggregatedRole[];

/** Returns the reasons why an API server would refuse a rule. */
function problemsOfRule(
  { verbs = [], resources, apiGroups, nonResourceURLs, resourceNames }: RoleRule,
  i: number,
): PropProblem[] {
  const rule = `rules[${i}]`;
  return [
    verbs.length > 0 ? undefined : `${rule}.verbs: expected at least one verb, found none`,
    resources?.length || nonResourceURLs?.length
      ? undefined
      : `${rule}: expected \`resources\` or \`nonResourceURLs\`, found neither`,
    resources && nonResourceURLs
      ? `${rule}: expected either \`resources\` or \`nonResourceURLs\`, found both`
      : undefined,
    resourceNames && nonResourceURLs ? `${rule}.resourceNames: \`nonResourceURLs\` have no names` : undefined,
    // The core group is also the default.
    nonResourceURLs && apiGroups?.some((group) => group !== '')
      ? `${rule}.apiGroups: \`nonResourceURLs\` are in no API group`
      : undefined,
    resources && apiGroups?.length === 0 ? `${rule}.apiGroups: expected at least one API group, found none` : undefined,
  ];
}

/**
 * Labels that make kube-controller-manager add a role's rules to a built-in role.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
const aggregationLabels = (targets: readonly string[]) =>
  Object.fromEntries(targets.map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']));

/**
 * Converts a rule for cdk8s-plus, which spells one field differently (`nonResourceUrLs`), and silently drops fields
 * that it does not know.
 */
function policyRule(rule: RoleRule, i: number): PolicyRule {
  checkProps(`rules[${i}]`, rule, ruleShape, true);
  // In JavaScript, `verbs` can be missing.
  const { verbs = [], resources, apiGroups, resourceNames, nonResourceURLs } = rule;
  return {
    verbs: [...verbs],
    ...(resources ? { resources: [...resources], apiGroups: [...(apiGroups ?? [''])] } : {}),
    ...(resourceNames ? { resourceNames: [...resourceNames] } : {}),
    ...(nonResourceURLs ? { nonResourceUrLs: [...nonResourceURLs] } : {}),
  };
}

const ruleShape = {
  verbs: 'texts',
  resources: 'texts',
  apiGroups: 'texts',
  resourceNames: 'texts',
  nonResourceURLs: 'texts',
} as const satisfies Shape<RoleRule>;

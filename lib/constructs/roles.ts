import type { Chart } from 'cdk8s';
import { KubeClusterRole, KubeRole, type PolicyRule } from 'cdk8s-plus-30/lib/imports/k8s';
import type { Cluster, Config, Role } from '../config/config';
import { noSubstitution } from './flux-annotations';

const metadataOf = ({ name, aggregateTo = [] }: Role) => ({
  name,
  annotations: noSubstitution,
  ...(aggregateTo.length > 0 ? { labels: aggregationLabels(aggregateTo) } : {}),
});

/**
 * What makes kube-controller-manager add a role's rules to a built-in one.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
const aggregationLabels = (targets: readonly string[]) =>
  Object.fromEntries([...targets].sort().map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']));

/** The typed API spells one field differently, and leaves out what it does not know without a word. */
const rulesOf = ({ rules }: Role): PolicyRule[] =>
  rules.map(({ verbs, resources, apiGroups, resourceNames, nonResourceURLs }) => ({
    verbs,
    ...(resources ? { resources, apiGroups } : {}),
    ...(resourceNames ? { resourceNames } : {}),
    ...(nonResourceURLs ? { nonResourceUrLs: nonResourceURLs } : {}),
  }));

/** The config's own ClusterRoles, in the folder of the cluster-wide bindings. */
export function clusterRoles(chart: Chart, _config: Config, cluster: Cluster): KubeClusterRole[] {
  return cluster.roles
    .filter(({ namespaces }) => namespaces.length === 0)
    .map(
      (role) => new KubeClusterRole(chart, `role ${role.name}`, { metadata: metadataOf(role), rules: rulesOf(role) }),
    );
}

/** The config's own Roles, one in each of their namespaces, in the folder of the bindings in namespaces. */
export function namespacedRoles(chart: Chart, _config: Config, cluster: Cluster): KubeRole[] {
  return cluster.roles.flatMap((role) =>
    role.namespaces.map(
      (namespace) =>
        new KubeRole(chart, `role ${namespace} ${role.name}`, {
          metadata: { ...metadataOf(role), namespace },
          rules: rulesOf(role),
        }),
    ),
  );
}

import type { Chart } from 'cdk8s';
import type { Cluster, Config, Grant } from '../config/config';
import { groupSubjects, personSubjects } from '../identity/subject';
import { OidcClusterRoleBinding, OidcRoleBinding } from './bindings';

/** The bindings of `dist/clusters/<cluster>/access/`: the grants that hold on the whole cluster. */
export function clusterWideAccess(chart: Chart, config: Config, cluster: Cluster): void {
  for (const grant of cluster.grants) {
    if (grant.namespaces.length > 0) continue;
    new OidcClusterRoleBinding(chart, `binding ${grant.name}`, {
      name: grant.name,
      clusterRole: grant.roleName,
      ...subjectsOf(config, cluster, grant),
    });
  }
}

/** The bindings of `dist/clusters/<cluster>/access-in-namespaces/`: the others, one for each of their namespaces. */
export function namespacedAccess(chart: Chart, config: Config, cluster: Cluster): void {
  for (const grant of cluster.grants) {
    for (const namespace of grant.namespaces) {
      new OidcRoleBinding(chart, `binding ${namespace} ${grant.name}`, {
        name: grant.name,
        namespace,
        role: { kind: grant.roleKind, name: grant.roleName },
        ...subjectsOf(config, cluster, grant),
      });
    }
  }
}

const subjectsOf = (config: Config, cluster: Cluster, { people, groups }: Grant) => ({
  users: people.flatMap((person) => personSubjects(config, cluster, person)),
  groups: groups.flatMap((group) => groupSubjects(config, cluster, group)),
});

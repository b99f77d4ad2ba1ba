import { furtherResources, resources } from '../upstream/resource-names';

/**
 * API groups with cluster-wide resources that have the same names as cluster-wide resources of other API groups. An
 * example is `nodes.metrics.k8s.io`.
 */
const groupsAlike: ReadonlySet<string> = new Set(['authentication.k8s.io', 'metrics.k8s.io']);

/** A kind of request. The resource may have a subresource: `nodes/proxy`. */
interface Kind {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}

/**
 * Whether a resource of Kubernetes is cluster-wide, so that only a role on the whole cluster can allow the request.
 * `namespaces` do not count, because a role in a namespace can allow reading that Namespace object. The verb `bind` on
 * ClusterRoles does not count either, because the API server checks it in the namespace of the new RoleBinding.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/rbac/escalation_check.go
 */
export function isClusterWide({ verb, group, resource }: Kind): boolean {
  const [plural = ''] = resource.split('/');
  if (plural === 'namespaces' || (plural === 'clusterroles' && (verb === 'bind' || verb === '*'))) return false;
  const known = resources.get(plural);
  if (known?.clusterWide) return known.group === group || groupsAlike.has(group);
  const further = furtherResources.get(plural);
  return further?.clusterWide === true && further.group === group;
}

const groups: ReadonlySet<string> = new Set(
  [...resources.values(), ...furtherResources.values()].map(({ group }) => group),
);

/**
 * Whether it is unknown if a resource is cluster-wide, because the resource belongs neither to Kubernetes nor to Flux.
 */
export const isScopeUnknown = ({ group }: Kind): boolean =>
  group !== '*' &&
  !groups.has(group) &&
  !groupsAlike.has(group) &&
  !/^((.+\.toolkit|source\.extensions)\.fluxcd\.io|fluxcd\.controlplane\.io)$/.test(group);

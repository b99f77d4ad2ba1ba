import { printable } from '../config/printable';
import { by } from '../diff/line-changes';
import { roleOf, whoIs } from '../diff/words';
import { holdingOf } from '../explain/person';
import { heldAllows, superusers } from './authorizer';
import type { ClusterAccess } from './cluster';
import { type AccessRequest, isPathRequest } from './objects';

/** Somebody who may, and by what. */
export interface Able {
  readonly who: string;
  readonly role: string;
  readonly binding: string;
  readonly way: readonly string[];
  /** Whether it is somebody of the config, or a subject that the config does not know. */
  readonly known: boolean;
}

/** Everybody who may do something on a cluster: people of the config, then other subjects of bindings. */
export function whoCan(access: ClusterAccess, request: AccessRequest): Able[] {
  const found: Able[] = [];
  const seen = new Set<string>();
  for (const who of access.principals) {
    const { allowed, through } = access.authorizer.can(who, request);
    if (!allowed || seen.has(`${who.kind} ${who.name}`)) continue;
    seen.add(`${who.kind} ${who.name}`);
    const [first] = through;
    if (!first) {
      found.push({ who: whoIs(who), role: superusers, binding: superusers, way: [], known: true });
      continue;
    }
    const { role, binding, way } = holdingOf(access, who.name, first);
    found.push({ who: whoIs(who), role, binding, way, known: true });
  }
  return [...found, ...others(access, request)];
}

/** Resources of Kubernetes that lie in no namespace, so that no role in one gives them. */
const clusterWide = new Set(
  `nodes persistentvolumes clusterroles clusterrolebindings storageclasses certificatesigningrequests users groups
  customresourcedefinitions mutatingwebhookconfigurations validatingwebhookconfigurations priorityclasses`.split(/\s+/),
);

/** Who may do something in some namespaces and not everywhere: what a question without a namespace would leave out. */
export function whoCanInside(
  access: ClusterAccess,
  request: AccessRequest,
  everywhere: readonly Able[],
): ReadonlyMap<string, readonly Able[]> {
  const found = new Map<string, Able[]>();
  if (isPathRequest(request) || request.namespace !== undefined || clusterWide.has(request.resource)) return found;
  const { authorizer } = access;
  const namespaces = authorizer.bindings.flatMap((binding) => {
    const [subject] = binding.subjects ?? [];
    const { name, namespace } = binding.metadata;
    if (!subject || namespace === undefined || name.startsWith('system:')) return [];
    return heldAllows(authorizer.hold(binding, subject), { ...request, namespace }) ? [namespace] : [];
  });
  const known = new Set(everywhere.map(({ who }) => who));
  for (const namespace of [...new Set(namespaces)].sort()) {
    const able = whoCan(access, { ...request, namespace }).filter(({ who }) => !known.has(who));
    if (able.length > 0) found.set(namespace, able);
  }
  return found;
}

/** Subjects of bindings that are nobody in the config. Kubernetes' own controllers are left out. */
function others({ authorizer, ownerOf }: ClusterAccess, request: AccessRequest): Able[] {
  const found = new Map<string, Able>();
  for (const binding of authorizer.bindings) {
    if (binding.metadata.name.startsWith('system:')) continue;
    for (const subject of binding.subjects ?? []) {
      const { kind, name, namespace } = subject;
      if (ownerOf(subject)) continue;
      const user =
        kind === 'ServiceAccount' ? `system:serviceaccount:${namespace ?? binding.metadata.namespace}:${name}` : name;
      const asker = kind === 'Group' ? { groups: [name] } : { user, groups: [] };
      const who = `${kind === 'Group' ? 'group ' : kind === 'User' ? 'user ' : ''}${user}`;
      const { allowed, through } = authorizer.can(asker, request);
      const by = through.find((held) => held.binding === binding);
      if (allowed && by && !found.has(who)) {
        found.set(who, { who, role: roleOf(by), binding: binding.metadata.name, way: [], known: false });
      }
    }
  }
  return [...found.values()];
}

/** For a terminal. */
export const ableLine = ({ who, role, binding, way }: Able): string =>
  printable(`${who} (${role}${by(way)}; binding ${binding})`);

/** What kubectl's short words for resources mean: enough of them to ask without thinking of API groups. */
const groups: Readonly<Record<string, string>> = {
  deployments: 'apps',
  statefulsets: 'apps',
  daemonsets: 'apps',
  replicasets: 'apps',
  jobs: 'batch',
  cronjobs: 'batch',
  ingresses: 'networking.k8s.io',
  networkpolicies: 'networking.k8s.io',
  roles: 'rbac.authorization.k8s.io',
  rolebindings: 'rbac.authorization.k8s.io',
  clusterroles: 'rbac.authorization.k8s.io',
  clusterrolebindings: 'rbac.authorization.k8s.io',
  storageclasses: 'storage.k8s.io',
  poddisruptionbudgets: 'policy',
  horizontalpodautoscalers: 'autoscaling',
  certificatesigningrequests: 'certificates.k8s.io',
  customresourcedefinitions: 'apiextensions.k8s.io',
  mutatingwebhookconfigurations: 'admissionregistration.k8s.io',
  validatingwebhookconfigurations: 'admissionregistration.k8s.io',
  leases: 'coordination.k8s.io',
  events: '',
  helmreleases: 'helm.toolkit.fluxcd.io',
  kustomizations: 'kustomize.toolkit.fluxcd.io',
};

/**
 * A request as it is written on the command line: `pods`, `pods/exec`, `deployments.apps`, `secrets/name` is not one
 * (kubectl's way of naming an object is `--name` here), and a path begins with `/`.
 */
export function requestOf(verb: string, what: string, namespace?: string, name?: string): AccessRequest {
  if (what.startsWith('/')) return { verb, path: what };
  const [full = '', subresource] = what.split('/');
  const at = full.indexOf('.');
  const resource = at < 0 ? full : full.slice(0, at);
  const group = at < 0 ? (groups[resource] ?? '') : full.slice(at + 1);
  return {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** Whether some role names the resource, or none can be missed: a misspelt one would look like one that nobody may use. */
export function isNamed(request: AccessRequest, clusters: readonly ClusterAccess[]): boolean {
  if (isPathRequest(request) || request.resource === '*') return true;
  const { group, resource } = request;
  return clusters.some(({ authorizer }) =>
    [...authorizer.roles.all].some(({ rules }) =>
      (rules ?? []).some(
        ({ apiGroups = [], resources = [] }) =>
          apiGroups.includes(group) && resources.some((one) => one.split('/')[0] === resource),
      ),
    ),
  );
}

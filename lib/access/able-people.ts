import { printable } from '../config/printable';
import { endOf } from '../expire/terms';
import { resources } from '../upstream/resource-names';

import { type Decision, heldAllows, superusers } from './authorizer';
import { type ClusterAccess, groupOf } from './cluster';
import { type AccessRequest, isPathRequest, type Requester } from './objects';
import { wayInto } from './principals';
import { by, roleOf, whoIs } from './rights-in-words';
import { strangers } from './strangers';

/** A subject that may make the request, and the role that allows it. */
export interface Able {
  readonly who: string;
  readonly role: string;
  readonly binding: string;
  readonly way: readonly string[];
  /** The last day, in UTC; `undefined` if nothing on the way ends. */
  readonly until?: string;
  /** Whether the subject is in the config. If not, it comes from a hand-written binding. */
  readonly known: boolean;
}

/**
 * Returns every subject that may make a request on a cluster: people in the config first, then other subjects of
 * bindings.
 */
export function whoCan(access: ClusterAccess, request: AccessRequest): Able[] {
  const found: Able[] = [];
  const seen = new Set<string>();
  const decide = decider(access, request);
  for (const who of access.principals) {
    const { allowed, through } = decide(who);
    if (!allowed || seen.has(`${who.kind} ${who.name}`)) continue;
    seen.add(`${who.kind} ${who.name}`);
    const [first] = through;
    if (!first) {
      found.push({ who: whoIs(who), role: superusers, binding: superusers, way: [], known: true });
      continue;
    }
    const group = groupOf(access, first.subject);
    const way = group === undefined ? [] : wayInto(access.config, who.name, group);
    const binding = first.binding.metadata.name;
    const until = through.length > 1 ? undefined : endOf(access, binding, who.name, way);
    const end = until === undefined ? {} : { until };
    found.push({ who: whoIs(who), role: roleOf(first), binding, way, ...end, known: true });
  }
  return [...found, ...others(access, request)];
}

/** Decides once for all principals in the same groups that no binding names. */
function decider({ authorizer }: ClusterAccess, request: AccessRequest): (who: Requester) => Decision {
  const byGroups = new Map<readonly string[], Decision>();
  return ({ user, groups }) => {
    if (user !== undefined && authorizer.names(user)) return authorizer.can({ user, groups }, request);
    const decision = byGroups.get(groups) ?? authorizer.can({ groups }, request);
    byGroups.set(groups, decision);
    return decision;
  };
}

/**
 * Returns the subjects that may make a request in some namespaces only. A question without a namespace does not include
 * them.
 */
export function whoCanInside(
  access: ClusterAccess,
  request: AccessRequest,
  everywhere: readonly Able[],
): ReadonlyMap<string, readonly Able[]> {
  const found = new Map<string, Able[]>();
  if (isPathRequest(request) || request.namespace !== undefined || resources.get(request.resource)?.clusterWide)
    return found;
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

/** Returns the subjects of bindings that are not in the config, without the controllers of Kubernetes. */
const others = (access: ClusterAccess, request: AccessRequest): Able[] =>
  strangers(access).flatMap((stranger): Able[] => {
    const { allowed, through } = access.authorizer.can(stranger, request);
    const [first] = through;
    if (!allowed || !first) return [];
    return [{ who: stranger.name, role: roleOf(first), binding: first.binding.metadata.name, way: [], known: false }];
  });

/** Returns a subject with its role and binding as a line for a terminal. */
export const ableLine = ({ who, role, binding, way, until }: Able): string =>
  printable(`${who} (${role}${by(way)}; binding ${binding}${until === undefined ? '' : `, until ${until}`})`);

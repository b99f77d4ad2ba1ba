import type { Held } from '../access/authorizer';
import type { AccessRequest, PolicyRule } from '../access/objects';
import { faultIn, hasNoNamespace, namespaceFault, requestOf, withScope } from '../access/resource-request';
import type { Fact } from './fact';
import { IdentityRights, type Source } from './identity-rights';
import type { Reached } from './reached';

/** What somebody could become able to do: everything that cluster-admin can do, or one request. */
export type Goal = 'everything' | AccessRequest;

export class GoalError extends Error {}

/**
 * Parses `cluster-admin`, or a right such as `delete secrets in prod`. Without a namespace, the right applies to the
 * whole cluster.
 * @param rules the rules of all roles, from which the API groups of custom resources are taken
 * @param objects objects of the cluster, among which CustomResourceDefinitions tell the scope of a custom resource
 * @throws GoalError for any other text
 */
export function goalOf(text: string, rules: Iterable<PolicyRule> = [], objects: Iterable<object> = []): Goal {
  const words = text.trim().split(/\s+/);
  if (text.trim() === 'cluster-admin' || text.trim() === 'everything') return 'everything';
  const [verb = '', resource = '', preposition, namespace, ...rest] = words;
  if (resource === '' || rest.length > 0 || (preposition !== undefined && (preposition !== 'in' || !namespace)))
    throw new GoalError(
      `\`${text}\` is not a right: write \`cluster-admin\`, or a right such as \`delete secrets in prod\``,
    );
  const noNamespace = namespace === undefined ? undefined : namespaceFault(namespace);
  if (noNamespace !== undefined) throw new GoalError(noNamespace);
  const all = [...rules];
  let request: AccessRequest;
  try {
    request = withScope(requestOf(verb, resource, namespace === undefined ? {} : { namespace }, all), objects);
  } catch (error) {
    throw new GoalError(error instanceof Error ? error.message : String(error));
  }
  const fault = faultIn(request, resource, all);
  if (fault !== undefined) throw new GoalError(fault);
  if (namespace !== undefined && hasNoNamespace(request))
    throw new GoalError(`a request to \`${verb} ${resource}\` has no namespace: remove \`in ${namespace}\``);
  return request;
}

/**
 * Returns the role that allows the goal to somebody who has gained a fact, such as an identity. Returns an empty object
 * for a member of `system:masters`, who needs no role, and `undefined` if the fact is not enough.
 */
export function reaches(reached: Reached, fact: Fact, goal: Goal): { readonly by?: Source } | undefined {
  if (fact.kind === 'role') return roleReaches(fact.held, goal);
  return fact.kind === 'identity' ? inRights(reached.ownRightsOf(fact), goal) : undefined;
}

export const roleReaches = (held: Held, goal: Goal) => inRights(new IdentityRights({ groups: [] }, [{ held }]), goal);

function inRights(rights: IdentityRights, goal: Goal) {
  if (rights.isSuperuser) return {};
  const by = goal === 'everything' ? rights.whole : rights.allows(goal);
  return by ? { by } : undefined;
}

import { isOfFlux } from '../access/consequences';
import { pathMatches } from '../access/match';
import {
  type AccessRequest,
  type BindingObject,
  isPathRequest,
  type PolicyRule,
  type ResourceRequest,
} from '../access/objects';
import { faultIn, hasNoNamespace, requestOf } from '../access/resource-request';
import { furtherResources, resources } from '../upstream/resource-names';

/**
 * The right of an expectation: everything, or one request for each verb. The requests are for all objects and have no
 * namespace.
 */
export type AskedRight = 'everything' | readonly AccessRequest[];

export class RightError extends Error {
  override readonly name = 'RightError';
}

/**
 * Parses `everything`, or verbs and a resource: `delete secrets`, `get,list deployments.apps`, `get /metrics`.
 * @param namespaces the namespaces of the expectation
 * @param rules the rules of all roles, from which the API groups of custom resources are taken
 * @throws RightError with the fix, for any other text
 */
export function askedRight(
  text: string,
  namespaces: readonly string[] | undefined,
  rules: readonly PolicyRule[],
): AskedRight {
  const words = text.trim().split(/\s+/);
  if (words.length === 1 && (words[0] === 'everything' || words[0] === 'cluster-admin')) return 'everything';
  const [list = '', resource, ...rest] = words;
  if (rest[0] === 'in' && rest.length === 2)
    throw new RightError(`the namespace is a field of its own: write \`${list} ${resource}\`, and \`in: ${rest[1]}\``);
  if (/^,|,,|,$/.test(list))
    throw new RightError(`\`${list}\` has an empty verb: write several verbs without spaces, such as \`get,list\``);
  if (resource === undefined || rest.length > 0)
    throw new RightError(
      `\`${text}\` is not a right: write \`everything\`, or a verb and a resource such as \`delete secrets\``,
    );
  return list.split(',').map((verb) => {
    const request = parsed(verb, resource, rules);
    const fault = faultIn(request, resource, rules);
    if (fault !== undefined) throw new RightError(fault);
    if (namespaces && isPathRequest(request))
      throw new RightError(`\`${resource}\` is a URL path, and URL paths have no namespace: remove \`in\``);
    if (namespaces && hasNoNamespace(request))
      throw new RightError(`a request to \`${verb} ${resource}\` has no namespace: remove \`in\``);
    return request;
  });
}

function parsed(verb: string, resource: string, rules: readonly PolicyRule[]): AccessRequest {
  try {
    return requestOf(verb, resource, {}, rules);
  } catch (error) {
    throw new RightError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Whether a rule allows a request at least in part: for certain objects only, or for some of the verbs or resources
 * that `*` in the request stands for. The expectation `never` fails even if a rule allows only a part of the request.
 */
export function allowsPart(rule: PolicyRule, request: AccessRequest): boolean {
  const { verb } = request;
  const isNamed = (rule.resourceNames ?? []).length > 0;
  // A collection has no name, so a rule that is limited to names never allows `deletecollection`.
  const isVerb = rule.verbs.some(
    (one) =>
      (one === '*' || verb === '*' || one === verb) && !(isNamed && (one === '*' ? verb : one) === 'deletecollection'),
  );
  if (!isVerb) return false;
  if (isPathRequest(request)) {
    const prefix = request.path.endsWith('*') ? request.path.replace(/\*+$/, '') : undefined;
    return (rule.nonResourceURLs ?? []).some(
      (url) => pathMatches(url, request.path) || (prefix !== undefined && url.startsWith(prefix)),
    );
  }
  const { group, resource, subresource } = request;
  const inGroup = rule.apiGroups?.some((one) => one === '*' || group === '*' || one === group) === true;
  return inGroup && (rule.resources ?? []).some((one) => isSameResource(one, { resource, subresource }));
}

/** Whether a resource in a rule is one of those in a request. `*` stands for all resources and subresources. */
function isSameResource(one: string, { resource, subresource }: Pick<ResourceRequest, 'resource' | 'subresource'>) {
  if (one === '*' || (resource === '*' && subresource === undefined)) return true;
  const [kind, part] = one.split('/');
  if ((part === undefined) !== (subresource === undefined)) return false;
  const isSubresource = part === subresource || subresource === '*';
  return isSubresource && (kind === resource || kind === '*' || resource === '*');
}

/** The API groups of Kubernetes itself. */
const builtIn = new Set([
  ...[...resources.values(), ...furtherResources.values()].map(({ group }) => group),
  'extensions',
]);
const reading = ['get', 'list', 'watch'];

/**
 * Returns a function that tells whether it is possible that a chart adds a right to the rules of an aggregated
 * ClusterRole. It is possible if the right is to a custom resource, and none of the rules names the API group of this
 * resource. To `view`, charts add only rights to read.
 */
export function isAddedByCharts(right: AskedRight): (binding: BindingObject, rules: readonly PolicyRule[]) => boolean {
  const custom = (right === 'everything' ? [] : right).flatMap((request) =>
    isPathRequest(request) || request.group === '*' || builtIn.has(request.group) || isOfFlux(request.group)
      ? []
      : [request],
  );
  return ({ roleRef }, rules) =>
    custom.some(
      ({ verb, group }) =>
        (roleRef.name !== 'view' || reading.includes(verb)) && !rules.some((rule) => rule.apiGroups?.includes(group)),
    );
}

/** Whether a rule allows every verb on every resource. */
export const allowsEverything = ({
  verbs,
  apiGroups = [],
  resources: kinds = [],
  resourceNames = [],
}: PolicyRule): boolean =>
  verbs.includes('*') && apiGroups.includes('*') && kinds.includes('*') && resourceNames.length === 0;

const everything: AccessRequest = { verb: '*', group: '*', resource: '*' };

/** Returns the requests that somebody must be able to make in order to have the whole right. */
export function requestsOf(right: AskedRight, namespaces: readonly string[] | undefined): AccessRequest[] {
  const requests = right === 'everything' ? [everything] : right;
  return requests.flatMap((request) =>
    namespaces === undefined || hasNoNamespace(request)
      ? [request]
      : namespaces.map((namespace) => ({ ...request, namespace })),
  );
}

/** A role, and the namespace in which it is held; `undefined` for the whole cluster. */
interface Scoped {
  readonly rules: readonly PolicyRule[];
  readonly namespace: string | undefined;
}

/**
 * Returns a function that tells whether a role allows at least one of the requests in a right. A role counts for the
 * right `everything` only if it allows every request.
 * @param namespaces the namespaces of the expectation
 */
export function isPart(right: AskedRight, namespaces: readonly string[] | undefined): (role: Scoped) => boolean {
  const asking = (asked: AskedRight) => {
    const isAsked =
      asked === 'everything' ? allowsEverything : (rule: PolicyRule) => asked.some((one) => allowsPart(rule, one));
    const known = new Map<readonly PolicyRule[], boolean>();
    return (rules: readonly PolicyRule[]) => {
      const found = known.get(rules) ?? rules.some(isAsked);
      known.set(rules, found);
      return found;
    };
  };
  const everywhere = asking(right);
  // A role in a namespace gives no right to what has no namespace.
  const inside = asking(right === 'everything' ? right : right.filter((one) => !hasNoNamespace(one)));
  return ({ rules, namespace }) =>
    isInScope(right, namespaces, namespace) && (namespace === undefined ? everywhere : inside)(rules);
}

/**
 * Whether a role that somebody holds in `namespace` (`undefined`: on the whole cluster) can give at least a part of a
 * right in `namespaces` (`undefined`: anywhere).
 */
export function isInScope(
  right: AskedRight,
  namespaces: readonly string[] | undefined,
  namespace: string | undefined,
): boolean {
  if (namespace === undefined) return true;
  if (right === 'everything' ? namespaces === undefined : right.every((one) => hasNoNamespace(one))) return false;
  return namespaces === undefined || namespaces.includes(namespace);
}

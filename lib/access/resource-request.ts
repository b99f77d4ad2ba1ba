import type { Cluster } from '../config/config';
import { nearest } from '../config/nearest';
import { dnsLabel, patternWords } from '../config/schema/field-patterns';
import { isMap, mapAt } from '../guards';
import { furtherResources, pluralOf, resources, subresources, verbs } from '../upstream/resource-names';
import { builtInRbac } from './cluster';
import { type AccessRequest, isBinding, isPathRequest, isRbac, type PolicyRule, type ResourceRequest } from './objects';
import { isClusterWide, isScopeUnknown } from './scope';

/** The object and namespace of a request. */
interface Place {
  /** @default the whole cluster */
  readonly namespace?: string;
  /** @default all objects of the kind */
  readonly name?: string;
}

/**
 * Parses a request from the command line: `pods`, `pod`, `pods/exec`, `deployments.apps`, or a path that begins with
 * `/`. In `pods/exec`, `exec` is the subresource. `name` gives the name of an object.
 * @param rules rules of the roles, from which the API groups of custom resources are taken
 * @throws Error for a resource that several API groups have
 */
export function requestOf(
  verb: string,
  what: string,
  { namespace, name }: Place = {},
  rules: Iterable<PolicyRule> = [],
): AccessRequest {
  const asked = verb.toLowerCase();
  if (what.startsWith('/')) return { verb: asked, path: what };
  const [full = '', subresource] = what.split('/');
  const at = full.indexOf('.');
  const resource = pluralOf(at < 0 ? full : full.slice(0, at));
  return {
    verb: asked,
    group: at < 0 ? groupOfResource(resource, rules) : full.slice(at + 1),
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function groupOfResource(resource: string, rules: Iterable<PolicyRule>): string {
  const known = resources.get(resource);
  if (known) return known.group;
  const groups = new Set<string>();
  for (const rule of rules) {
    if (!names(rule, resource)) continue;
    for (const group of rule.apiGroups ?? []) if (group !== '*') groups.add(group);
  }
  if (groups.size > 1) {
    const choices = [...groups].sort().map((group) => `\`${group === '' ? resource : `${resource}.${group}`}\``);
    throw new Error(`several API groups have \`${resource}\`: use one of ${choices.join(', ')}`);
  }
  return [...groups][0] ?? groupOfKubernetes(resource) ?? '';
}

const names = ({ resources: list = [] }: PolicyRule, resource: string) =>
  list.some((one) => one.split('/')[0] === resource);

/** Returns the rules of every role on some clusters: the built-in ones, and those of the config. */
export function rulesOn(clusters: readonly Cluster[]): PolicyRule[] {
  const roles = new Set(clusters.flatMap(({ roles }) => roles));
  const builtIn = new Set(clusters.map(builtInRbac));
  return [
    ...[...builtIn].flatMap((objects) => objects.flatMap((one) => (isBinding(one) ? [] : (one.rules ?? [])))),
    ...[...roles].flatMap(({ rules }) => rules),
  ];
}

/** Returns what to write in place of an unknown verb. */
export function verbInstead(verb: string): string {
  const near = nearest(verb, verbs);
  // The first letter must be the same. Otherwise, the answer to `read` would be `head`, which is the nearest verb but
  // is not what was meant.
  if (near !== undefined && near[0] === verb[0]?.toLowerCase()) return `\`${near}\``;
  const common = verbs.slice(0, 7).map((one) => `\`${one}\``);
  return `one of ${common.join(', ')}`;
}

/**
 * Returns a message if the verb or resource of a request is unknown; `undefined` if the request can be answered.
 * Without this check, a typing error would look like a resource that nobody may use.
 */
export function faultIn(request: AccessRequest, written: string, rules: Iterable<PolicyRule>): string | undefined {
  const all = [...rules];
  const isVerb = (verb: string) =>
    verb === '*' || verbs.includes(verb) || all.some((rule) => rule.verbs.includes(verb));
  if (!isVerb(request.verb)) {
    return `there is no verb \`${request.verb}\`: write ${verbInstead(request.verb)}`;
  }
  if (isPathRequest(request)) return undefined;
  const { resource, subresource } = request;
  if (subresource !== undefined && !isSubresource(request, all)) {
    return `there is no subresource \`${resource}/${subresource}\`: the text after \`/\` is a subresource, such as \`pods/exec\`, and not the name of an object; \`who-can\` takes a name as \`--name ${subresource}\``;
  }
  if (resource === '*' || written.includes('.')) return undefined;
  if (groupOfKubernetes(request.resource) !== undefined || all.some((rule) => names(rule, request.resource)))
    return undefined;
  const near = nearest(request.resource, resources.keys());
  const custom = `for a custom resource, add its API group, as in \`${request.resource}.example.com\``;
  return `there is no resource \`${request.resource}\`: ${near ? `write \`${near}\`; ` : ''}${custom}`;
}

const namespaceName = new RegExp(dnsLabel);

/** Returns why a text cannot be the name of a namespace; `undefined` if it can. */
export const namespaceFault = (text: string): string | undefined =>
  namespaceName.test(text)
    ? undefined
    : `\`${text}\` cannot be the name of a namespace, which consists of ${patternWords[dnsLabel]}`;

/**
 * Whether a subresource exists, as far as Kaniflux knows. If a resource is not in the table `resources`, any
 * subresource of it can exist.
 */
const isSubresource = ({ group, resource, subresource = '' }: ResourceRequest, rules: readonly PolicyRule[]): boolean =>
  resources.get(resource)?.group !== group ||
  subresource === '*' ||
  subresources.has(subresource) ||
  rules.some(({ resources: list = [] }) =>
    list.some((one) => one === `${resource}/${subresource}` || one === `*/${subresource}`),
  );

/**
 * Whether the API group of the request has the resource, according to the table `resources` or to a rule of some role.
 * If not, only roles with wildcards can allow the request.
 */
export const isNamed = (request: AccessRequest, rules: Iterable<PolicyRule>): boolean =>
  isPathRequest(request) ||
  request.resource === '*' ||
  // A resource in the table `resources` counts even if no role names it: a role can allow the resource by `*`, as the
  // roles of Flux do.
  groupOfKubernetes(request.resource.split('/')[0] ?? '') === request.group ||
  [...rules].some((rule) => rule.apiGroups?.includes(request.group) && names(rule, request.resource));

/**
 * Whether the API server evaluates the request without a namespace. A request for one Namespace object is evaluated in
 * that namespace. A request that lists or creates Namespace objects is evaluated without a namespace.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
 */
export function hasNoNamespace(request: AccessRequest): boolean {
  if (isPathRequest(request)) return true;
  const { group, resource, verb, scope } = request;
  if (scope !== undefined) return scope === 'Cluster';
  if (group === '' && resource === 'namespaces') return ['list', 'create', 'deletecollection'].includes(verb);
  // `nodes.*` stands for the nodes of each API group.
  return isClusterWide({ verb, resource, group: group === '*' ? (groupOfKubernetes(resource) ?? group) : group });
}

const groupOfKubernetes = (resource: string): string | undefined =>
  resources.get(resource)?.group ?? furtherResources.get(resource)?.group;

/**
 * Returns the request with the scope of its resource, as given by a CustomResourceDefinition among the objects. Without
 * such a CustomResourceDefinition, the scope of a custom resource is unknown.
 */
export function withScope(request: AccessRequest, objects: Iterable<object>): AccessRequest {
  if (isPathRequest(request) || !isScopeUnknown(request)) return request;
  const name = `${request.resource}.${request.group}`;
  for (const object of objects) {
    if (!isMap(object) || object.kind !== 'CustomResourceDefinition' || mapAt(object, 'metadata').name !== name)
      continue;
    const { scope } = mapAt(object, 'spec');
    if (scope === 'Cluster' || scope === 'Namespaced') return { ...request, scope };
  }
  return request;
}

/** Returns the rules of the roles among some objects. */
export const rulesIn = (objects: Iterable<object>): PolicyRule[] =>
  [...objects].flatMap((one) => (isRbac(one) && !isBinding(one) ? (one.rules ?? []) : []));

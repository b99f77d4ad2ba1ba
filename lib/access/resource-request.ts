import { nearest } from '../config/nearest';
import { pluralOf, resources, verbs } from '../upstream/resource-names';
import type { ClusterAccess } from './cluster';
import { type AccessRequest, isPathRequest, type PolicyRule } from './objects';

/** Where and to what a request is. */
interface Place {
  /** @default the whole cluster */
  readonly namespace?: string;
  /** @default all objects of the kind */
  readonly name?: string;
}

/**
 * A request as it is written on the command line: `pods`, `pod`, `pods/exec`, `deployments.apps`; a path begins with `/`.
 * What stands after the slash is a subresource: an object is named with `name`.
 * @param rules those of the roles, which know the groups of custom resources
 * @throws Error for a resource that several groups have
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
    throw new Error(`several groups have \`${resource}\`: write one of ${choices.join(', ')}`);
  }
  return [...groups][0] ?? '';
}

const names = ({ resources: list = [] }: PolicyRule, resource: string) =>
  list.some((one) => one.split('/')[0] === resource);

/** Every rule of every role on some clusters. */
export function* rulesOn(clusters: readonly ClusterAccess[]): Generator<PolicyRule> {
  for (const { authorizer } of clusters) for (const { rules } of authorizer.roles.all) yield* rules ?? [];
}

/**
 * What of a request nothing here knows, so that an answer would look like one about a thing that nobody may use;
 * `undefined` where it can be answered.
 */
export function faultIn(request: AccessRequest, written: string, rules: Iterable<PolicyRule>): string | undefined {
  const all = [...rules];
  const isVerb = (verb: string) =>
    verb === '*' || verbs.includes(verb) || all.some((rule) => rule.verbs.includes(verb));
  if (!isVerb(request.verb)) {
    const near = nearest(request.verb, verbs);
    return `there is no verb \`${request.verb}\`${near ? `: write \`${near}\`` : ''}`;
  }
  if (isPathRequest(request) || request.resource === '*' || written.includes('.')) return undefined;
  if (resources.has(request.resource) || all.some((rule) => names(rule, request.resource))) return undefined;
  const near = nearest(request.resource, resources.keys());
  const custom = `a custom resource is written with its group, as \`${request.resource}.example.com\``;
  return `there is no resource \`${request.resource}\`: ${near ? `write \`${near}\`; ` : ''}${custom}`;
}

/** Whether some role names the resource in its group: where none does, only what may do everything is listed. */
export const isNamed = (request: AccessRequest, rules: Iterable<PolicyRule>): boolean =>
  isPathRequest(request) ||
  request.resource === '*' ||
  [...rules].some((rule) => rule.apiGroups?.includes(request.group) && names(rule, request.resource));

import type { Held } from '../access/authorizer';
import type { PolicyRule } from '../access/objects';
import { type Right, rightsOf } from '../access/rights';
import type { Source } from './identity-rights';

/**
 * Limits roles to the requests that another list of roles allows, as constrained impersonation does: both lists have to
 * allow a request.
 */
export const onlyRequests = (sources: readonly Source[], only: readonly Held[]): Source[] =>
  sources.flatMap((source) =>
    only.flatMap((limit): Source[] => {
      const namespace = source.held.namespace ?? limit.namespace;
      if (limit.namespace !== undefined && limit.namespace !== namespace) return [];
      const limits = rightsOf({ rules: limit.rules });
      const rules = rightsOf({ rules: source.held.rules }).flatMap((right) =>
        limits.flatMap((other) => meet(right, other) ?? []),
      );
      if (rules.length === 0) return [];
      const { namespace: _own, ...rest } = source.held;
      return [{ ...source, held: { ...rest, rules, ...(namespace === undefined ? {} : { namespace }) } }];
    }),
  );

/** Returns the rule that allows what both rights allow. */
function meet(a: Right, b: Right): PolicyRule | undefined {
  const verb = narrower(a.verb, b.verb);
  if (verb === undefined) return undefined;
  if (a.path !== undefined || b.path !== undefined) {
    const path = a.path === b.path ? a.path : undefined;
    return path === undefined ? undefined : { verbs: [verb], nonResourceURLs: [path] };
  }
  const group = narrower(a.group, b.group);
  const resource = narrower(a.resource, b.resource);
  if (group === undefined || resource === undefined) return undefined;
  const name = a.name === undefined ? b.name : b.name === undefined || a.name === b.name ? a.name : false;
  if (name === false) return undefined;
  return {
    verbs: [verb],
    apiGroups: [group],
    resources: [resource],
    ...(name === undefined ? {} : { resourceNames: [name] }),
  };
}

/**
 * Returns the narrower of two texts with `*` as a wildcard; `undefined` if neither includes the other. A star before a
 * slash stands for any resource.
 */
function narrower(a: string | undefined, b: string | undefined): string | undefined {
  if (a === b || b === '*') return a;
  if (a === '*') return b;
  if (a === undefined || b === undefined) return undefined;
  if (a.startsWith('*/') && b.endsWith(a.slice(1))) return b;
  if (b.startsWith('*/') && a.endsWith(b.slice(1))) return a;
  return undefined;
}

import { ruleAllows } from './match';
import { type AccessRequest, isPathRequest, type PolicyRule } from './objects';

/**
 * Returns the names of the objects for which rules allow a request, if the rules do not allow the request for all
 * objects. Empty for paths, for a request that has a name, and for `deletecollection`, which an API server never allows
 * by a name.
 */
export function namesAllowed(rules: readonly PolicyRule[], request: AccessRequest): string[] {
  if (isPathRequest(request) || request.name !== undefined || request.verb === 'deletecollection') return [];
  if (rules.some((rule) => ruleAllows(rule, request))) return [];
  const names = rules.flatMap((rule) =>
    (rule.resourceNames ?? []).filter((name) => ruleAllows(rule, { ...request, name })),
  );
  return [...new Set(names)].sort();
}

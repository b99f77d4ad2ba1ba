import { own } from '../guards';
import type { AccessRequest, LabelSelector, PolicyRule, ResourceRequest } from './objects';
import { isPathRequest } from './objects';

const named = (list: readonly string[] | undefined, value: string) =>
  list !== undefined && (list.includes('*') || list.includes(value));

/**
 * Whether a rule allows a request, as kube-apiserver decides it.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/rbac/v1/evaluation_helpers.go
 */
export function ruleAllows(rule: PolicyRule, request: AccessRequest): boolean {
  if (!named(rule.verbs, request.verb)) return false;
  if (isPathRequest(request)) return (rule.nonResourceURLs ?? []).some((url) => pathMatches(url, request.path));
  return named(rule.apiGroups, request.group) && resourceMatches(rule, request) && nameMatches(rule, request);
}

// `*` matches subresources too, but `pods` does not match `pods/exec`. `*/exec` matches the subresource `exec` of every
// resource.
function resourceMatches({ resources = [] }: PolicyRule, { resource, subresource }: ResourceRequest): boolean {
  const wanted = subresource ? `${resource}/${subresource}` : resource;
  return resources.some(
    (one) => one === '*' || one === wanted || (subresource !== undefined && one === `*/${subresource}`),
  );
}

function nameMatches({ resourceNames = [] }: PolicyRule, { name = '' }: ResourceRequest): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name);
}

/** Whether a path in a rule, which may end in `*`, matches a URL path. */
export const pathMatches = (url: string, path: string): boolean =>
  url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')));

/** Whether a label selector matches; an empty one matches everything. */
export function selects(
  { matchLabels, matchExpressions }: LabelSelector,
  labels: Readonly<Record<string, string>> = {},
) {
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => own(labels, key) === value) &&
    (matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const value = own(labels, key);
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}

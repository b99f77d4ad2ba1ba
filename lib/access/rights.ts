import type { Held } from './authorizer';
import { pathMatches } from './match';
import type { PolicyRule } from './objects';
import { isClusterWide } from './scope';

/**
 * One verb on one resource or path. Rules are split into rights to compare them, as kube-apiserver does when it checks
 * whether some rules cover others.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/registry/rbac/validation/policy_comparator.go
 */
export interface Right {
  readonly verb: string;
  readonly group?: string;
  /** The resource with its subresource: `pods/exec`. */
  readonly resource?: string;
  /** @default every name */
  readonly name?: string;
  /** Set instead of group and resource for a non-resource URL. */
  readonly path?: string;
  /** @default the whole cluster */
  readonly namespace?: string;
  /**
   * Whether Flux applies the objects in a namespace as a service account of that namespace. @default as cluster-admin
   */
  readonly limitsFlux?: true;
  /**
   * Whether the API server requires the verb `create`, in addition to `get`, to run commands in pods.
   * @default false
   */
  readonly execNeedsCreate?: true;
  /** Whether the API server ignores the right, because it does not know the verb `impersonate:…`. @default false */
  readonly ignoresConstrained?: true;
}

/** Whether a resource in a rule matches no request, such as `pods/*`: RBAC compares it letter by letter. */
export const matchesNoResource = (resource: string): boolean => resource.endsWith('/*');

/**
 * Whether the API server never checks this right for an object with this name. It never allows `deletecollection` by
 * name. For the user name of a service account, it asks for the right to impersonate `serviceaccounts`.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation/impersonation.go
 */
const matchesNoName = ({ verb, group = '', resource }: Right, name: string): boolean =>
  verb === 'deletecollection' ||
  (resource === 'users' &&
    ['', 'authentication.k8s.io'].includes(group) &&
    /^system:serviceaccount:[^:]+:[^:]+$/.test(name));

/**
 * Returns the rights of a rule in a namespace or the whole cluster. In a namespace, rules for paths and for
 * cluster-wide resources have no effect.
 */
export function rightsOfRule(rule: PolicyRule, namespace?: string): Right[] {
  const where = namespace === undefined ? {} : { namespace };
  const rights: Right[] = [];
  for (const verb of rule.verbs) {
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        if (matchesNoResource(resource)) continue;
        if (namespace !== undefined && isClusterWide({ verb, group, resource })) continue;
        const names = rule.resourceNames?.length ? rule.resourceNames : [undefined];
        for (const name of names) {
          if (name !== undefined && matchesNoName({ verb, group, resource }, name)) continue;
          rights.push({ verb, group, resource, ...(name === undefined ? {} : { name }), ...where });
        }
      }
    }
    if (namespace === undefined) for (const path of rule.nonResourceURLs ?? []) rights.push({ verb, path });
  }
  return rights;
}

export function rightsOf({
  rules,
  namespace,
  limitsFlux,
  execNeedsCreate,
  ignoresConstrained,
}: Pick<Held, 'rules' | 'namespace' | 'limitsFlux' | 'execNeedsCreate' | 'ignoresConstrained'>): Right[] {
  const rights = rules.flatMap((rule) => rightsOfRule(rule, namespace));
  if (!limitsFlux && !execNeedsCreate && !ignoresConstrained) return rights;
  return rights.map((right) => {
    const needsCreate = execNeedsCreate && right.verb === 'get';
    const isIgnored = ignoresConstrained && right.verb.startsWith('impersonate:');
    if (!limitsFlux && !needsCreate && !isIgnored) return right;
    return {
      ...right,
      ...(limitsFlux ? { limitsFlux } : {}),
      ...(needsCreate ? { execNeedsCreate } : {}),
      ...(isIgnored ? { ignoresConstrained } : {}),
    };
  });
}

const wild = (owned: string | undefined, wanted: string | undefined) => owned === '*' || owned === wanted;

/** Whether the first right includes the second. */
export function covers(owned: Right, wanted: Right): boolean {
  if (!wild(owned.verb, wanted.verb)) return false;
  if (wanted.path !== undefined) return owned.path !== undefined && pathMatches(owned.path, wanted.path);
  if (owned.path !== undefined) return false;
  const subresource = wanted.resource?.includes('/') ? wanted.resource.replace(/^[^/]*/, '*') : undefined;
  return (
    (owned.namespace === undefined || owned.namespace === wanted.namespace) &&
    wild(owned.group, wanted.group) &&
    (wild(owned.resource, wanted.resource) || (subresource !== undefined && owned.resource === subresource)) &&
    (owned.name === undefined || owned.name === wanted.name)
  );
}

/** A set of rights indexed by resource, so that comparing two long lists is fast. */
export class RightSet {
  private readonly byKey = new Map<string, Right[]>();

  constructor(rights: Iterable<Right>) {
    for (const right of rights) {
      const key = this.key(right.path === undefined ? right.resource : '/');
      const found = this.byKey.get(key);
      if (found) found.push(right);
      else this.byKey.set(key, [right]);
    }
  }

  private key = (resource: string | undefined) => resource ?? '';

  /**
   * Whether one right in the set includes the given one. Rights are never combined: rights to single names never add up
   * to a right to all names.
   */
  covers(wanted: Right): boolean {
    const keys = wanted.path === undefined ? ['*', this.key(wanted.resource)] : ['/'];
    if (wanted.resource?.includes('/')) keys.push(wanted.resource.replace(/^[^/]*/, '*'));
    return keys.some((key) => this.byKey.get(key)?.some((owned) => covers(owned, wanted)));
  }

  /** Returns the rights of a list that the set does not cover. */
  missing(wanted: readonly Right[]): Right[] {
    return wanted.filter((right) => !this.covers(right));
  }
}

/** Returns the list without duplicates. */
export function distinctRights(rights: readonly Right[]): Right[] {
  const seen = new Map(rights.map((right) => [JSON.stringify(right), right]));
  return [...seen.values()];
}

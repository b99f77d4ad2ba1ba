import { type Held, heldAllows, superusers } from '../access/authorizer';
import { ruleAllows } from '../access/match';
import type { AccessRequest, PolicyRule, Requester } from '../access/objects';
import { type Right, RightSet, rightsOf } from '../access/rights';

/** A kind of request: the verb, the API group, and the resource with its subresource. */
export type Ask = readonly [verb: string, group: string, resource: string];

/** A role that one of a person's identities holds, or that the person can give to any of them. */
export interface Source {
  readonly held: Held;
  /** The key of the `RoleFact`, if an earlier step gives the role. */
  readonly from?: string;
}

/** A right that a step uses, and the role that gives it. */
export interface Use {
  readonly right: Right;
  readonly held: Held;
  /** The key of the `RoleFact`, if an earlier step gives the role. */
  readonly from?: string;
}

/** A right of an identity, with the namespace and the names that it is limited to. */
export interface Allowed extends Use {
  /** The namespace. @default every namespace, and the resources outside namespaces */
  readonly namespace?: string;
  /** The names of the objects. @default every name */
  readonly names?: readonly string[];
}

const everything: Right = { verb: '*', group: '*', resource: '*' };

/** Tells which requests an identity may make, by verb, API group and resource. */
export class IdentityRights {
  /** Caches the answers of `allowed`, because many steps ask for the same rights. */
  private readonly byRequest = new Map<string, readonly Allowed[]>();
  private readonly bySource = new Map<string, readonly Allowed[]>();
  private readonly scopes = new Map<string, RightSet>();
  private all?: Use | false;

  /**
   * @param requests the roles that decide which requests are allowed
   * @param sources the roles that count for further checks during a request, such as the check that the requester holds
   * all rights that a new binding gives
   */
  constructor(
    readonly who: Requester,
    readonly requests: readonly Source[],
    readonly sources: readonly Source[] = requests,
  ) {}

  /** Returns the rights to make requests of a kind. */
  allowed(ask: Ask, sources: readonly Source[] = this.requests): readonly Allowed[] {
    const key = ask.join('\n');
    const answers = sources === this.requests ? this.byRequest : this.bySource;
    const answer = answers.get(key) ?? this.decided(ask, key, sources);
    answers.set(key, answer);
    return answer;
  }

  private decided(ask: Ask, key: string, sources: readonly Source[]): Allowed[] {
    return sources.flatMap(({ held, from }): Allowed[] => {
      const names = namesIn(held.rules, ask, key);
      if (names === undefined) return [];
      const [verb, group, resource] = ask;
      const { namespace } = held;
      const where = namespace === undefined ? {} : { namespace };
      return [
        {
          held,
          right: { verb, group, resource, ...where },
          ...(from === undefined ? {} : { from }),
          ...where,
          ...(names === 'all' ? {} : { names }),
        },
      ];
    });
  }

  any(asks: readonly Ask[]): Allowed[] {
    return asks.flatMap((ask) => this.allowed(ask));
  }

  /**
   * Returns a right to make such a request in a namespace for the object with this name. Without a name, only a right
   * to all names counts.
   */
  can(ask: Ask, namespace: string | undefined, name?: string): Allowed | undefined {
    return this.allowed(ask).find((one) => applies(one, namespace, name));
  }

  /**
   * Like `can`, for a further check that the API server makes during a request, such as for the verb `bind`.
   * Constrained impersonation does not limit such a check.
   */
  passes(ask: Ask, namespace: string | undefined, name?: string): Allowed | undefined {
    return this.allowed(ask, this.sources).find((one) => applies(one, namespace, name));
  }

  /**
   * Returns the rights to create objects of a kind. A right that is limited to names counts only for names with both
   * `create` and `patch`, because server-side apply can create an object with a given name.
   */
  creates(group: string, resource: string): Allowed[] {
    return this.allowed(['create', group, resource]).flatMap((one) => {
      if (one.names === undefined) return [one];
      const names = one.names.filter((name) => this.can(['patch', group, resource], one.namespace, name));
      return names.length > 0 ? [{ ...one, names }] : [];
    });
  }

  /** The first role that gives every verb on every resource; `undefined` if there is none. */
  get whole(): Use | undefined {
    if (this.all === undefined) {
      const source = this.requests.find(({ held }) => isWhole(held.rules) && held.namespace === undefined);
      this.all = source ? { right: everything, ...source } : false;
    }
    return this.all || undefined;
  }

  /** Whether the API server allows this identity everything, without evaluating RBAC. */
  get isSuperuser(): boolean {
    return this.requests === this.sources && this.who.groups.includes(superusers);
  }

  /** Returns the role that allows a request. */
  allows(request: AccessRequest): Source | undefined {
    return this.requests.find(({ held }) => heldAllows(held, request));
  }

  /** Whether the API server lets the identity grant these rules to others, in a namespace or everywhere. */
  covers(rules: readonly PolicyRule[], namespace: string | undefined): boolean {
    if (this.who.groups.includes(superusers)) return true;
    let scope = this.scopes.get(namespace ?? '');
    if (!scope) {
      const inScope = this.sources.filter(({ held }) => held.namespace === undefined || held.namespace === namespace);
      scope = new RightSet(inScope.flatMap(({ held }) => rightsOf({ rules: held.rules })));
      this.scopes.set(namespace ?? '', scope);
    }
    return scope.missing(rightsOf({ rules })).length === 0;
  }
}

export const applies = (
  { namespace: own, names }: Allowed,
  namespace: string | undefined,
  name: string | undefined,
): boolean =>
  (own === undefined || own === namespace) && (names === undefined || (name !== undefined && names.includes(name)));

/** Caches the answer for each role, since many bindings share one. */
const answered = new WeakMap<readonly PolicyRule[], Map<string, 'all' | readonly string[] | undefined>>();

/**
 * Returns the names to which the rules limit a right; `'all'` if they do not limit it; `undefined` if the rules do not
 * give the right.
 * @param key the request as one text
 */
function namesIn(rules: readonly PolicyRule[], ask: Ask, key: string): 'all' | readonly string[] | undefined {
  let answers = answered.get(rules);
  if (!answers) {
    answers = new Map();
    answered.set(rules, answers);
  }
  const before = answers.get(key);
  if (before !== undefined || answers.has(key)) return before;
  const answer = decide(rules, ask);
  answers.set(key, answer);
  return answer;
}

function decide(rules: readonly PolicyRule[], [verb, group, full]: Ask): 'all' | readonly string[] | undefined {
  const [resource = '', subresource] = full.split('/');
  const request = { verb, group, resource, ...(subresource === undefined ? {} : { subresource }) };
  const names = new Set<string>();
  for (const rule of rules) {
    const { resourceNames = [], ...rest } = rule;
    if (!ruleAllows(rest, request)) continue;
    if (resourceNames.length === 0) return 'all';
    for (const name of resourceNames) names.add(name);
  }
  return names.size > 0 ? [...names] : undefined;
}

const wholes = new WeakMap<readonly PolicyRule[], boolean>();

/** Whether rules include every verb on every resource. */
export function isWhole(rules: readonly PolicyRule[]): boolean {
  let whole = wholes.get(rules);
  if (whole === undefined) {
    whole = rules.some(
      ({ verbs, apiGroups = [], resources = [], resourceNames = [] }) =>
        verbs.includes('*') && apiGroups.includes('*') && resources.includes('*') && resourceNames.length === 0,
    );
    wholes.set(rules, whole);
  }
  return whole;
}

import { type Held, heldAllows, superusers } from '../access/authorizer';
import { ruleAllows } from '../access/match';
import type { AccessRequest, PolicyRule, Requester } from '../access/objects';
import { type Right, RightSet, rightsOf } from '../access/rights';

/** The verb, the API group, and the resource with its subresource. */
export type Ask = readonly [verb: string, group: string, resource: string];

/** A role that an identity holds, or that any identity of a person can be given. */
export interface Source {
  readonly held: Held;
  /** The key of the fact that gave the role. */
  readonly from?: string;
}

/** A right that a step uses, and the role that gives it. */
export interface Use {
  readonly right: Right;
  readonly held: Held;
  /** The key of the role fact, if the role was got on the way. */
  readonly from?: string;
}

/** A right of an identity: where, and for which names. */
export interface Allowed extends Use {
  /** @default every namespace, and the resources outside namespaces */
  readonly namespace?: string;
  /** @default every name */
  readonly names?: readonly string[];
}

const everything: Right = { verb: '*', group: '*', resource: '*' };

/** Answers which requests of a kind an identity may make. */
export class IdentityRights {
  private readonly scopes = new Map<string, RightSet>();
  private all?: Use | false;

  /**
   * @param requests the roles that decide which requests are allowed
   * @param sources the roles that count for the checks inside a request, such as that of a new binding
   */
  constructor(
    readonly who: Requester,
    readonly requests: readonly Source[],
    readonly sources: readonly Source[] = requests,
  ) {}

  /** The rights of a kind. */
  allowed(ask: Ask, sources: readonly Source[] = this.requests): Allowed[] {
    const key = ask.join('\n');
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

  /** The rights of several kinds. */
  any(asks: readonly Ask[]): Allowed[] {
    return asks.flatMap((ask) => this.allowed(ask));
  }

  /** A right that applies in a place, to an object of a name. Without a name, only one to every name. */
  can(ask: Ask, namespace: string | undefined, name?: string): Allowed | undefined {
    return this.allowed(ask).find((one) => applies(one, namespace, name));
  }

  /** The same for an authorization inside a request, which constrained impersonation does not limit. */
  passes(ask: Ask, namespace: string | undefined, name?: string): Allowed | undefined {
    return this.allowed(ask, this.sources).find((one) => applies(one, namespace, name));
  }

  /**
   * The rights to create objects of a kind. Server-side apply creates an object of a given name, with the verbs `create`
   * and `patch`.
   */
  creates(group: string, resource: string): Allowed[] {
    const found = this.allowed(['create', group, resource]);
    return found.filter(
      ({ names, namespace }) =>
        names === undefined || names.some((name) => this.can(['patch', group, resource], namespace, name)),
    );
  }

  /** The first role that gives every right on every resource, if there is one. */
  get whole(): Use | undefined {
    if (this.all === undefined) {
      const source = this.requests.find(({ held }) => isWhole(held.rules) && held.namespace === undefined);
      this.all = source ? { right: everything, ...source } : false;
    }
    return this.all || undefined;
  }

  /** Whether the API server allows everything without a look at RBAC. */
  get isSuperuser(): boolean {
    return this.requests === this.sources && this.who.groups.includes(superusers);
  }

  /** The role that allows a request. */
  allows(request: AccessRequest): Source | undefined {
    return this.requests.find(({ held }) => heldAllows(held, request));
  }

  /** Whether the API server lets the identity give these rules to others in a namespace, or everywhere. */
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

/** Roles are shared by many bindings, so each question is answered once for each role. */
const answered = new WeakMap<readonly PolicyRule[], Map<string, 'all' | readonly string[] | undefined>>();

/**
 * Returns the names to which the rules give a right; `undefined` if they don't give it.
 * @param key of the question
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

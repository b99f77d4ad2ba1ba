import type { Held } from '../access/authorizer';
import type { Actor } from '../access/managers';
import type { BindingObject, PolicyRule, Requester } from '../access/objects';

/** Something that a person has, or has gained by a step. Facts with equal keys are the same fact. */
interface Base {
  readonly key: string;
  /** As a noun phrase: `the service account web/builder`. */
  readonly words: string;
}

/** A person, or the members of a group, as Kanidm knows them. */
export interface AccountFact extends Base {
  readonly kind: 'account';
  readonly actor: Actor;
}

/** A user that somebody can make requests as. */
export interface IdentityFact extends Base {
  readonly kind: 'identity';
  readonly who: Requester;
  /**
   * Whether the requests are made by impersonation: a header names the user, instead of a credential. The API server
   * does not let such a request impersonate again.
   */
  readonly impersonated: boolean;
  /** Constrained impersonation allows only requests that the rules of these roles allow. @default not limited */
  readonly only?: readonly Held[];
}

/**
 * A role that the person can bind to any of their identities, or rights that the person gains without a binding, such
 * as reading a Secret through a pod.
 */
export interface RoleFact extends Base {
  readonly kind: 'role';
  readonly held: Held;
}

/** A condition that a step requires, such as control of a node, or an object that was created. */
export interface ConditionFact extends Base {
  readonly kind: 'node' | 'token-secrets' | 'certificate-request' | 'privileged-pods';
  /** The namespace to which the condition is limited. @default the whole cluster */
  readonly namespace?: string;
  /** The names that a new object can have. @default every name */
  readonly names?: readonly string[];
}

/** Roles whose rules can be changed without the escalation check. */
export interface WrittenRolesFact extends Base {
  readonly kind: 'written-roles';
  readonly role: 'ClusterRole' | 'Role';
  /** The namespace, if these are Roles. @default every namespace */
  readonly namespace?: string;
  /** The names of the roles. @default every role */
  readonly names?: readonly string[];
  /** Whether these are roles that do not exist yet. */
  readonly isNew: boolean;
}

export type Fact = AccountFact | IdentityFact | RoleFact | ConditionFact | WrittenRolesFact;

export const accountFact = (actor: Actor): AccountFact => ({
  kind: 'account',
  key: `account\n${actor.kind}\n${actor.name}`,
  words: actor.name,
  actor,
});

export function identityFact(
  who: Requester,
  words: string,
  { impersonated = false, only }: { readonly impersonated?: boolean; readonly only?: readonly Held[] } = {},
): IdentityFact {
  const how = only ? `constrained ${JSON.stringify(only.map(({ rules, namespace }) => [namespace, rules]))}` : '';
  const key = `identity\n${impersonated}\n${who.user ?? ''}\n${[...who.groups].sort().join('\n')}\n${how}`;
  return { kind: 'identity', key, words, who, impersonated, ...(only ? { only } : {}) };
}

/** Returns a service account that makes requests with its own token. */
export const serviceAccountFact = (namespace: string, name: string): IdentityFact =>
  identityFact(serviceAccountRequester(namespace, name), `the service account ${namespace}/${name}`);

export const serviceAccountRequester = (namespace: string, name: string): Requester => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
});

/** Returns a member of `system:masters`. The API server allows such a member everything. */
export const superuserFact = (words: string): IdentityFact =>
  identityFact({ user: 'kubernetes-admin', groups: ['system:masters'] }, words);

/** The kubelet of a node, as the API server sees it. */
export const nodeFact: IdentityFact = identityFact({ user: 'system:node:NAME', groups: ['system:nodes'] }, 'a node');

export function roleFact(held: Held, words: string): RoleFact {
  const { rules, namespace } = held;
  return { kind: 'role', key: `role\n${namespace ?? ''}\n${JSON.stringify(rules)}`, words, held };
}

export const conditionFact = (kind: ConditionFact['kind'], words: string, namespace?: string): ConditionFact => ({
  kind,
  key: `${kind}\n${namespace ?? ''}`,
  words,
  ...(namespace === undefined ? {} : { namespace }),
});

/** Returns new token Secrets. @param names the names that they can have. @default every name */
export function tokenSecretsFact(namespace: string, names?: readonly string[]): ConditionFact {
  const fact = conditionFact('token-secrets', `token Secrets in namespace ${namespace}`, namespace);
  return names ? { ...fact, key: `${fact.key}\n${names.join('\n')}`, names } : fact;
}

export function writtenRolesFact({
  role,
  namespace,
  names,
  isNew,
}: Omit<WrittenRolesFact, keyof Base | 'kind'>): WrittenRolesFact {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return {
    kind: 'written-roles',
    key: `written-roles\n${role}\n${namespace ?? ''}\n${isNew}\n${names?.join('\n') ?? '*'}`,
    words: `${isNew ? 'a new role' : 'the rules of'} ${names ? `${role} ${names.join(', ')}` : `every ${role}`}${where}`,
    role,
    isNew,
    ...(namespace === undefined ? {} : { namespace }),
    ...(names ? { names } : {}),
  };
}

/** Returns rights that somebody has gained without a binding, in the form of a role. */
export function rightsFact(rules: readonly PolicyRule[], namespace: string | undefined, words: string): RoleFact {
  const where = namespace === undefined ? {} : { namespace };
  const binding: BindingObject = {
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: words, ...where },
    roleRef: { kind: 'ClusterRole', name: words },
  };
  return roleFact({ binding, subject: { kind: 'User', name: '' }, rules, ...where }, words);
}

export const everyRule: readonly PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];

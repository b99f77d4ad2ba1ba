import type { Held } from '../access/authorizer';
import type { Actor } from '../access/managers';
import type { BindingObject, PolicyRule, Requester } from '../access/objects';

/** Something that a person has, or has got by a step. Facts with the same key are the same. */
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

/** A user as which requests can be made. */
export interface IdentityFact extends Base {
  readonly kind: 'identity';
  readonly who: Requester;
  /**
   * Whether each request names the user in a header, in place of a credential. The API server does not allow such a
   * request to impersonate again.
   */
  readonly impersonated: boolean;
  /** Set if constrained impersonation allows only these requests. */
  readonly only?: readonly Held[];
}

/** A role that a binding can give to any of the identities, or rights without a binding. */
export interface RoleFact extends Base {
  readonly kind: 'role';
  readonly held: Held;
}

/** A condition that a step needs: control of a node, an object that was created. */
export interface ConditionFact extends Base {
  readonly kind: 'node' | 'token-secrets' | 'certificate-request' | 'privileged-pods';
  /** @default the whole cluster */
  readonly namespace?: string;
}

/** Roles whose rules can be changed without the escalation check. */
export interface WrittenRolesFact extends Base {
  readonly kind: 'written-roles';
  readonly role: 'ClusterRole' | 'Role';
  /** Of Roles. @default every namespace */
  readonly namespace?: string;
  /** @default every role */
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

/** A service account with a token of its own. */
export const serviceAccountFact = (namespace: string, name: string): IdentityFact =>
  identityFact(serviceAccountRequester(namespace, name), `the service account ${namespace}/${name}`);

export const serviceAccountRequester = (namespace: string, name: string): Requester => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
});

/** A member of `system:masters`, whom the API server allows everything. */
export const superuserFact = (words: string): IdentityFact =>
  identityFact({ user: 'kubernetes-admin', groups: ['system:masters'] }, words);

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

/** A role without a binding: rights that somebody has got in another way. */
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

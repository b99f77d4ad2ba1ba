import type { Held } from '../../access/authorizer';
import { superusers } from '../../access/authorizer';
import type { PolicyRule, Requester } from '../../access/objects';
import { type Right, rightsOf } from '../../access/rights';
import { has } from '../../upstream/kubernetes';
import type { Gain, Step } from '../become-step';
import { identityFact, serviceAccountFact, serviceAccountRequester, superuserFact } from '../fact';
import type { Allowed, IdentityRights, Use } from '../identity-rights';
import type { World } from '../world';
import { namespacesOf } from './rights-by-namespace';

/** A user whom somebody may impersonate. */
interface Named {
  readonly user: string;
  /** The groups of a service account, which the API server adds if the request names no groups. */
  readonly own: readonly string[];
  readonly use: Use;
  /** Whether the user is a service account with rights of its own. */
  readonly isKnown: boolean;
}

/** Stands for any user name, in a request whose groups alone give the rights. */
const anybody = 'anybody';

/** Yields the users that a verb allows somebody to impersonate. RBAC has a separate resource for service accounts. */
function* usersFor(rights: IdentityRights, world: World, verb: string): Iterable<Named> {
  const group = verb === 'impersonate' ? '' : 'authentication.k8s.io';
  if (verb !== 'impersonate:serviceaccount') {
    for (const use of rights.allowed([verb, group, 'users'])) {
      if (use.namespace !== undefined) continue;
      for (const user of use.names ?? [...world.users, anybody]) {
        if (user.startsWith('system:serviceaccount:') || (verb !== 'impersonate' && user.startsWith('system:node:')))
          continue;
        yield { user, own: [], use, isKnown: false };
      }
    }
  }
  if (verb === 'impersonate:user-info') return;
  for (const use of rights.allowed([verb, group, 'serviceaccounts'])) {
    for (const namespace of namespacesOf(use, world)) {
      const known = world.serviceAccounts.get(namespace) ?? [];
      const names = use.names ?? [...known.map(({ name }) => name), 'default'];
      for (const name of new Set(names)) {
        const { user = '', groups } = serviceAccountRequester(namespace, name);
        yield { user, own: groups, use, isKnown: known.some((one) => one.name === name) };
      }
    }
  }
}

/**
 * Returns the groups that a verb allows somebody to impersonate; `undefined` if it allows all groups. Constrained
 * impersonation never allows `system:masters`.
 */
function groupsFor(rights: IdentityRights, verb: string): { names: readonly string[] | undefined; uses: Use[] } {
  const group = verb === 'impersonate' ? '' : 'authentication.k8s.io';
  const found = rights.allowed([verb, group, 'groups']).filter(({ namespace }) => namespace === undefined);
  const every = found.find(({ names }) => names === undefined);
  if (every) return { names: undefined, uses: [every] };
  const names = [...new Set(found.flatMap((use) => use.names ?? []))].sort();
  return {
    names: verb === 'impersonate' ? names : names.filter((name) => name !== superusers),
    uses: found.slice(0, 1),
  };
}

const wordsOf = ({ user = '', groups }: Requester, own: readonly string[], isEvery = false): string => {
  const [, , namespace, name] = user.split(':');
  const who =
    user === anybody
      ? ''
      : user.startsWith('system:serviceaccount:')
        ? `the service account ${namespace}/${name}`
        : `the user ${user}`;
  const in_ =
    groups === own || groups.length === 0
      ? ''
      : `${who === '' ? 'a user' : ''} in ${isEvery ? 'every group' : groups.join(', ')}`;
  return `${who}${who && in_ ? ' ' : ''}${in_.trim()}`;
};

function* impersonated(
  rights: IdentityRights,
  world: World,
  verb: string,
): Iterable<{ who: Requester; words: string; uses: Use[] }> {
  const groups = verb === 'impersonate:serviceaccount' ? { names: [], uses: [] } : groupsFor(rights, verb);
  const namesGroups = groups.names === undefined || groups.names.length > 0;
  for (const { user, own, use, isKnown } of usersFor(rights, world, verb)) {
    const both = [use, ...groups.uses];
    if (groups.names === undefined && verb === 'impersonate') {
      yield { who: superuserFact('').who, words: `a member of ${superusers}`, uses: both };
      return;
    }
    // More groups give more rights, so one request with all of them is enough.
    const names = groups.names ?? world.groups.filter((name) => name !== superusers);
    if (namesGroups && (user === anybody || own.length === 0 || names.length > 0)) {
      const who = { user, groups: names };
      yield { who, words: wordsOf(who, [], groups.names === undefined), uses: both };
    } else if (user !== anybody && own.length === 0) {
      yield { who: { user, groups: [] }, words: wordsOf({ user, groups: [] }, []), uses: [use] };
    }
    if (isKnown) yield { who: { user, groups: own }, words: wordsOf({ user, groups: own }, own), uses: [use] };
  }
}

const impersonate: Step = {
  code: 'impersonate',
  title: 'Impersonate a user or service account, also with groups',
  allowedBy: 'impersonate users or serviceaccounts; to add groups, also impersonate groups',
  gives: 'the user or service account. Whoever may impersonate every group also gets `system:masters`',
  closedBy:
    'no right to impersonate, or only a right whose `resourceNames` leave out this user or service account. Whoever may impersonate only groups cannot take this step. Impersonating uids and userextras gives no rights',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation',
  apiServerOnly: true,
  *gains({ fact, rights }, world): Iterable<Gain> {
    // The API server evaluates the impersonation headers once, so an impersonated user cannot impersonate another one.
    if (fact.kind !== 'identity' || fact.impersonated) return;
    for (const { who, words, uses } of impersonated(rights, world, 'impersonate')) {
      yield { fact: identityFact(who, words, { impersonated: true }), does: `impersonate ${words}`, uses };
    }
  },
};

const constrained: Step = {
  code: 'constrained-impersonation',
  title: 'Impersonate for some requests (Kubernetes 1.36 and later)',
  allowedBy:
    'for a user: impersonate:user-info on users (to add groups, also on groups), and impersonate-on:user-info:VERB on the resource of the request. For a service account: impersonate:serviceaccount on serviceaccounts, and impersonate-on:serviceaccount:VERB on the resource of the request. The rights `impersonate:…` are in the API group authentication.k8s.io, and VERB is the verb of the request',
  gives: 'the user or service account, but only for requests that the right `impersonate-on:…` allows',
  closedBy: 'Kubernetes before 1.36, or no right `impersonate-on:…` for the request',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/#constrained-impersonation',
  apiServerOnly: true,
  *gains({ fact, rights }, world) {
    const isSupported = has(world.access.cluster.kubernetes, 'constrainedImpersonation');
    if (fact.kind !== 'identity' || fact.impersonated || !isSupported) return;
    for (const mode of ['user-info', 'serviceaccount'] as const) {
      const only = requestsOn(rights, mode);
      if (only.length === 0) continue;
      for (const { who, words, uses } of impersonated(rights, world, `impersonate:${mode}`)) {
        yield {
          fact: identityFact(who, `${words}, for some requests`, { impersonated: true, only }),
          does: `impersonate ${words} for some requests`,
          uses: [...uses, ...only.slice(0, 1).map((held) => ({ right: onRight(mode, held), held }))],
        };
      }
    }
  },
};

/** Returns the first right `impersonate-on:…` of a role that `requestsOn` returns. */
function onRight(mode: string, { rules, namespace }: Held): Right {
  const [right = { verb: '*', group: '*', resource: '*' }] = rightsOf({
    rules,
    ...(namespace === undefined ? {} : { namespace }),
  });
  return { ...right, verb: `impersonate-on:${mode}:${right.verb}` };
}

/** Returns the held roles with only those rules that a mode of constrained impersonation allows. */
function requestsOn({ requests }: IdentityRights, mode: string): Held[] {
  const start = `impersonate-on:${mode}:`;
  return requests.flatMap(({ held }) => {
    const rules = held.rules.flatMap((rule): PolicyRule[] => {
      const verbs = rule.verbs.flatMap((verb) =>
        verb === '*' ? ['*'] : verb.startsWith(start) ? [verb.slice(start.length)] : [],
      );
      return verbs.length > 0 ? [{ ...rule, verbs }] : [];
    });
    return rules.length > 0 ? [{ ...held, rules }] : [];
  });
}

const nodes = 'system:nodes';

/**
 * Yields what somebody gains by impersonating a node with the verb `impersonate`. A right to impersonate every group is
 * left out, because it gives everything.
 */
function* plainNode(rights: IdentityRights, world: World): Iterable<Gain> {
  const [user] = rights
    .allowed(['impersonate', '', 'users'])
    .filter((use) => isWide(use) && (use.names?.some((name) => name.startsWith('system:node:')) ?? true));
  const [group] = rights
    .allowed(['impersonate', '', 'groups'])
    .filter((use) => isWide(use) && use.names?.includes(nodes));
  if (!user || !group) return;
  for (const { namespace, name, isController } of [...world.serviceAccounts.values()].flat()) {
    if (isController) continue;
    yield {
      fact: serviceAccountFact(namespace, name),
      does: `impersonate a node, and request a token of ${namespace}/${name}`,
      uses: [user, group],
      assumes: [`a pod on the node mounts a token of ${namespace}/${name}`],
    };
  }
}

const impersonateNode: Step = {
  code: 'impersonate-node',
  title: 'Impersonate a node, to request tokens',
  allowedBy:
    'impersonate on users with the name of a node (`system:node:NAME`), and on groups with the name `system:nodes`. From Kubernetes 1.36, two other rights are enough: impersonate:arbitrary-node on nodes, and impersonate-on:arbitrary-node:create on serviceaccounts/token. If a service account takes this step, two other rights are enough: impersonate:associated-node on all nodes (without `resourceNames`, or with the name `*`), and impersonate-on:associated-node:create on serviceaccounts/token',
  gives:
    'the service accounts of the pods on the node. With impersonate:associated-node, a service account can impersonate only the node of its own pod',
  closedBy:
    'no right to impersonate a node. Before Kubernetes 1.36, the rights `impersonate:…` and `impersonate-on:…` have no effect',
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/node/',
  *gains({ fact, rights }, world) {
    if (fact.kind !== 'identity' || fact.impersonated) return;
    yield* plainNode(rights, world);
    if (!has(world.access.cluster.kubernetes, 'constrainedImpersonation')) return;
    const isAccount = fact.who.user?.startsWith('system:serviceaccount:') ?? false;
    for (const mode of ['arbitrary-node', ...(isAccount ? ['associated-node'] : [])]) {
      const isOwn = mode === 'associated-node';
      const [node] = rights
        .allowed([`impersonate:${mode}`, 'authentication.k8s.io', 'nodes'])
        // For the pod's own node, the API server checks the right for the name `*`, not for the name of the node.
        .filter((use) => isWide(use) && (!isOwn || (use.names?.includes('*') ?? true)));
      if (!node) continue;
      for (const use of rights.allowed([`impersonate-on:${mode}:create`, '', 'serviceaccounts/token'])) {
        for (const namespace of namespacesOf(use, world)) {
          for (const { name, isController } of world.serviceAccounts.get(namespace) ?? []) {
            if (isController || (use.names && !use.names.includes(name))) continue;
            yield {
              fact: serviceAccountFact(namespace, name),
              does: `impersonate ${isOwn ? 'their node' : 'a node'}, and request a token of ${namespace}/${name}`,
              uses: [node, use],
              assumes: [
                `a pod on the node mounts a token of ${namespace}/${name}`,
                ...(isOwn ? ['the impersonating service account has a pod on the node'] : []),
              ],
            };
          }
        }
      }
    }
  },
};

const isWide = ({ namespace }: Allowed) => namespace === undefined;

export const impersonationSteps: readonly Step[] = [impersonate, constrained, impersonateNode];

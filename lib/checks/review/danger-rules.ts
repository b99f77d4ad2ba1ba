import type { Held } from '../../access/authorizer';
import { isOfFlux } from '../../access/consequences';
import { type Danger, worst } from '../../access/danger';
import type { BindingObject } from '../../access/objects';
import { type Right, rightsOfRule } from '../../access/rights';
import { inWords, isOfNamedAccounts, listed } from '../../access/rights-in-words';
import { builtinClusterRoles } from '../../upstream/builtin-names';
import type { ReviewCode } from './review-codes';
import { type ClusterView, oncePerAccess, placeOf, type Rule, type RuleFinding } from './review-rule';

const rbac = 'rbac.authorization.k8s.io';

interface DangerWords {
  /** The consequence of the rights, in words. */
  readonly what: (rights: readonly Right[]) => string;
  readonly fix: string;
  /** The fix for a grant in namespaces. @default - `fix` */
  readonly inside?: string;
}

/** Returns a rule that reports grants with rights of the given danger. Full access is reported by other rules. */
function dangerRule(code: ReviewCode, danger: Danger, { what, fix, inside = fix }: DangerWords): Rule {
  const dangerous = oncePerAccess((view) =>
    byBinding(view, danger).map(({ held: { binding }, those, namespaces }) => ({
      binding,
      severity:
        (namespaces.length > 0 && danger !== 'takeover') || those.every((right) => bindsSmallRole(view, right))
          ? ('note' as const)
          : undefined,
      message: (cluster: string) => {
        const where =
          namespaces.length === 0
            ? `everywhere on ${cluster}`
            : `in namespace${namespaces.length === 1 ? '' : 's'} ${listed(namespaces)}`;
        return `${binding.metadata.name} gives ${binding.roleRef.name}, which can ${wordsFor(those)} ${where}: ${what(those)}`;
      },
      fix: danger === 'takeover' && isBuiltIn(binding) ? smaller : namespaces.length > 0 ? inside : fix,
    })),
  );
  return {
    code,
    readsManifests: true,
    onCluster: (view) =>
      dangerous(view).map(({ binding, severity, message, fix }): RuleFinding => {
        const { place, cluster, grant } = placeOf(view, binding);
        return { place, cluster, grant, severity, message, fix };
      }),
  };
}

/**
 * Returns the bindings that give rights of the given danger, but not full access. The bindings of one grant in many
 * namespaces are merged.
 */
function byBinding(view: ClusterView, danger: Danger) {
  const found = new Map<string, { held: Held; those: readonly Right[]; namespaces: string[] }>();
  for (const { held, rights } of view.given) {
    const { binding, namespace } = held;
    const all = rights.get(danger);
    const isReported = isBuiltIn(binding) && view.access.ownerOf(held.subject) !== undefined;
    const those = all && isReported ? withoutFlux(all) : all;
    if (rights.has('everything') || !those?.length) continue;
    const can = wordsFor(those);
    // The key contains the place of a hand-written binding, so that this binding is not merged with another binding of
    // the same name.
    const { manifest } = view.manifests.length > 0 ? placeOf(view, binding).place : {};
    const key = [manifest?.file, manifest?.line, binding.kind, binding.metadata.name, ...roleKey(binding), can].join(
      '\n',
    );
    const known = found.get(key);
    if (known) known.namespaces.push(...(namespace === undefined ? [] : [namespace]));
    else found.set(key, { held, those, namespaces: namespace === undefined ? [] : [namespace] });
  }
  return [...found.values()];
}

/** The fix for roles of Kubernetes, which nobody should change. */
const smaller = 'grant a smaller role, such as view';

const isBuiltIn = ({ roleRef: { kind, name } }: BindingObject) =>
  kind === 'ClusterRole' && builtinClusterRoles.includes(name);

const others = new WeakMap<readonly Right[], readonly Right[]>();

/**
 * Leaves out the rights that Flux aggregates to `edit` and `admin`, since nobody can remove them from these roles. The
 * finding `becomes-admin` reports the people in the config who can use them.
 */
function withoutFlux(rights: readonly Right[]): readonly Right[] {
  const rest = others.get(rights) ?? rights.filter(({ group }) => !isOfFlux(group));
  others.set(rights, rest);
  return rest;
}

const roleKey = ({ roleRef: { kind, name } }: BindingObject) => [kind, name];

const words = new WeakMap<readonly Right[], string>();

/** Caches the result of `inWords`, since many bindings have the same rights. */
function wordsFor(rights: readonly Right[]): string {
  const text = words.get(rights) ?? inWords(rights);
  words.set(rights, text);
  return text;
}

/**
 * Whether a right only allows its holder to bind one ClusterRole that Kaniflux knows, and the rights of this
 * ClusterRole cannot be used to get every other right.
 */
function bindsSmallRole({ access: { authorizer } }: ClusterView, { verb, resource, name, namespace }: Right): boolean {
  if (verb !== 'bind' || resource !== 'clusterroles' || name === undefined) return false;
  const ref = { kind: 'ClusterRole', name };
  if (!authorizer.roles.find(ref)) return false;
  const rules = authorizer.roles.rules(ref);
  const worstOfAll = worst(
    rules.flatMap((rule) => rightsOfRule(rule, namespace)).filter(({ group }) => !isOfFlux(group)),
  );
  return worstOfAll !== 'everything' && worstOfAll !== 'takeover';
}

const isOfRoles = ({ group, namespace }: Right): boolean => group === rbac && namespace !== undefined;

/**
 * Whether a right only lets its holder give roles to others: the API server accepts a binding only from a user who has
 * all rights of the role, or may `bind` it.
 */
const passesOn = ({ group, resource }: Right): boolean => group === rbac && resource === 'clusterrolebindings';

const isPlain = (verb: string): boolean => !verb.startsWith('impersonate:');

function takeoverWords(rights: readonly Right[]): string {
  const gaining = rights.filter((right) => !passesOn(right));
  if (gaining.length === 0) return 'the holder can give their own roles to anybody on the whole cluster';
  // A right to impersonate groups is of no use without a right to impersonate a user. Constrained impersonation is also
  // limited to certain requests.
  const actsAs = gaining.some(
    ({ verb, resource }) => isPlain(verb) && (resource === 'users' || resource === 'serviceaccounts'),
  );
  const isLimited = ({ verb, resource, name }: Right) =>
    name !== undefined || (resource === 'groups' && !(actsAs && isPlain(verb)));
  if (gaining.every(isLimited)) return 'these verbs can be used to get further rights';
  const where = rights.every(isOfRoles) ? ' in the namespace' : '';
  return `these verbs can be used to get every other right${where}`;
}

export const dangerRules: readonly Rule[] = [
  dangerRule('privilege-escalation', 'takeover', { what: takeoverWords, fix: 'remove these verbs from the role' }),
  dangerRule('reads-secrets', 'secrets', {
    what: () => 'Secrets hold service account tokens and passwords',
    fix: 'grant the role only in the namespaces that need it, or grant a role without Secrets, such as view',
    inside: 'grant a role without Secrets, such as view, if that is enough',
  }),
  dangerRule('pod-exec', 'exec', {
    what: () => 'a command in a pod can use the service account, the Secrets and the network of the pod',
    fix: 'grant the role only in the namespaces that need it, or grant a role without pods/exec',
    inside: 'grant a role without pods/exec, if that is enough',
  }),
  dangerRule('service-account-access', 'accounts', {
    what: (rights) =>
      isOfNamedAccounts(rights)
        ? 'the holder can do whatever the programs with these service accounts can do'
        : 'the holder can do whatever any program in the namespace can do',
    fix: 'grant a role without access to service accounts, such as view',
  }),
];

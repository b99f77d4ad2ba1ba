import { type BindingObject, isBinding, isRbac, type SubjectRef } from '../../access/objects';
import { listed } from '../../access/rights-in-words';
import { isDefaultBinding } from '../../access/strangers';
import type { Config } from '../../config/config';
import { nearest } from '../../config/nearest';
import { keyAt } from '../../findings/finding';
import { own } from '../../guards';
import { authenticators, issuerAuthenticators, type TokenMapping } from '../../identity/authenticator';
import { isUnknown, surelyUses } from '../../identity/claims';
import { memberships } from '../../identity/membership';
import { namePrefixes } from '../../identity/name-prefixes';
import { groupSubjects, groupsByName, personSubjects } from '../../identity/subject';
import { isKnown } from '../../identity/token-mapping';
import { uuidOf } from '../../identity/uuid';
import type { ClusterView, Rule, RuleFinding } from './review-rule';
import { oncePerAccess, placeOf } from './review-rule';

function* subjectsOf(view: ClusterView): Generator<{ binding: BindingObject; subject: SubjectRef; byHand: boolean }> {
  const byHand = new Set<unknown>(view.manifests.map(({ object }) => object));
  for (const binding of [...view.rendered, ...byHand].filter(isRbac).filter(isBinding)) {
    for (const subject of binding.subjects ?? []) yield { binding, subject, byHand: byHand.has(binding) };
  }
}

const nobody: Rule = {
  code: 'unknown-subject',
  readsManifests: true,
  onCluster: (view) => {
    if (view.manifests.length === 0) return [];
    const known = namesOf(view);
    const groups = groupsByName(view.config, view.cluster);
    const all = { User: new Set(known.User), Group: new Set(known.Group) };
    return [...subjectsOf(view)].flatMap(({ binding, subject, byHand }): RuleFinding[] => {
      const { kind, name } = subject;
      if (!byHand || (kind !== 'User' && kind !== 'Group') || name.startsWith('system:')) return [];
      if (all[kind].has(name) || mayBeGiven(view, kind, name)) return [];
      // The groups claim also contains names that Kaniflux does not render in bindings.
      if (kind === 'Group' && groups.has(name)) return [];
      const names = `${binding.kind} ${binding.metadata.name} names the ${kind.toLowerCase()} ${name}`;
      if (name.includes('${')) {
        return [
          {
            ...placeOf(view, binding),
            message: `${names}, which contains a variable that Flux replaces: whether a token for ${view.cluster.name} contains that name is unknown`,
            fix: 'compare the name with `kubectl auth whoami`, or grant the role in the config',
          },
        ];
      }
      // With the same prefix and domain, all names would be similar, so `bare` removes the prefix and the domain.
      const similar = nearest(bare(name), known[kind].map(bare));
      const near = known[kind].find((one) => bare(one) === similar);
      return [
        {
          ...placeOf(view, binding),
          message: `${names}, but according to the config, no token for ${view.cluster.name} contains this name`,
          fix: near === undefined ? stray : `write \`${near}\` if that is the intended ${kind.toLowerCase()}`,
        },
      ];
    });
  },
};

const stray =
  'remove the subject, or grant the role in the config; if the name comes from a client certificate, or from an account or group that is in Kanidm but not in the config, accept this finding under `checks.ignore`';

function namesOf({ config, cluster }: ClusterView): Record<'User' | 'Group', string[]> {
  return {
    User: [...config.people.keys(), ...config.serviceAccounts.keys()].flatMap((name) =>
      personSubjects(config, cluster, name),
    ),
    Group: [...config.groups.keys()].flatMap((name) => groupSubjects(config, cluster, name)),
  };
}

/** Whether another issuer or an expression might give a name. Kaniflux knows only the prefixes of their names. */
function mayBeGiven({ config, cluster }: ClusterView, kind: 'User' | 'Group', name: string): boolean {
  const isListed = ({ username, groups }: TokenMapping) => isKnown(kind === 'User' ? username : groups);
  const open = [...issuerAuthenticators(cluster), ...authenticators(config, cluster).filter((one) => !isListed(one))];
  const starts = open.flatMap((one) => namePrefixes(one, kind === 'User' ? 'username' : 'groups'));
  return cluster.jwt.length > 0 || starts.some(({ prefix }) => name.startsWith(prefix));
}

/** Returns a name without its prefix and its domain. Most mistakes are in the prefix or the domain. */
const bare = (name: string) =>
  name
    .replace(/^.*[#:/]/, '')
    .replace(/@.*$/, '')
    .toLowerCase();

const empty = new WeakMap<Config, Map<string, boolean>>();

/** Whether nobody is in a group, as far as the config says. Cached for each group. */
function isEmpty(config: Config, name: string): boolean {
  const groups = empty.get(config) ?? new Map<string, boolean>();
  empty.set(config, groups);
  let answer = groups.get(name);
  if (answer === undefined) {
    const { keptIn, peopleIn, groupsOf } = memberships(config);
    const accounts = () => [...config.serviceAccounts.keys()].some((one) => groupsOf.get(one)?.includes(name));
    answer = !keptIn.get(name)?.length && !peopleIn.get(name)?.length && !accounts();
    groups.set(name, answer);
  }
  return answer;
}

const emptyGroup: Rule = {
  code: 'empty-group',
  onCluster: ({ config, cluster }) =>
    cluster.grants.flatMap((grant) =>
      grant.written.groups.flatMap((name, i): RuleFinding[] => {
        if (!isEmpty(config, name)) return [];
        return [
          {
            place: { path: [...grant.path, 'groups', i] },
            cluster: cluster.name,
            grant: grant.name,
            group: name,
            message: `${name} has no members, so the grant ${grant.name} gives ${grant.roleName} to nobody`,
            fix: `add members to \`groups.${name}\`, or remove the grant: if an unused grant stays, whoever is added to the group later gets the role without a review`,
          },
        ];
      }),
    ),
};

const reachesNothing: Rule = {
  code: 'person-without-access',
  onConfig: ({ config, reaching }) => {
    const without = [...config.people.values()].filter(({ name, absent }) => !absent && !reaching.has(name));
    if (without.length === 0) return [];
    const used = new Set([...config.clusters.values()].flatMap(({ client, trust }) => [client, ...trust]));
    const others = [...config.clients.values()].filter(({ name }) => !used.has(name));
    const granted = new Set(
      [...config.clusters.values()].flatMap(({ grants }) => grants.flatMap((one) => one.written.people)),
    );
    const giving = [
      ...[...config.clusters.values()].flatMap(({ grants }) => grants.flatMap((one) => one.written.groups)),
      ...others.flatMap(({ scopes = {} }) => Object.keys(scopes).filter((group) => scopes[group]?.includes('openid'))),
    ];
    const unknown = [...new Set(giving)].filter((group) => isUnknown(config, group)).sort();
    return without.flatMap((person): RuleFinding[] => {
      const { name, path } = person;
      // person-uuid-unknown reports that no binding can name this person yet.
      if (granted.has(name) && uuidOf(config, 'person', person) === undefined) return [];
      if (others.some((client) => surelyUses(config, person, client))) return [];
      const fix = 'add a grant or a membership, or remove the person (`absent: true` removes them from Kanidm too)';
      const message = `${name} has no rights on any cluster, and cannot sign in to any other application`;
      return unknown.length === 0
        ? [{ place: keyAt(path), message, fix }]
        : [
            {
              place: keyAt(path),
              severity: 'note',
              message: `${message}, unless ${name} is in ${listed(unknown)}, whose members only Kanidm knows`,
              fix,
            },
          ];
    });
  },
};

/** Built-in subjects of Kubernetes to which no role should be bound, with their kind and the users that they include. */
const meanings: Readonly<Record<string, { readonly kind: 'User' | 'Group'; readonly who: string }>> = {
  'system:unauthenticated': { kind: 'Group', who: 'anybody on the network' },
  'system:anonymous': { kind: 'User', who: 'anybody on the network' },
  'system:authenticated': { kind: 'Group', who: 'everyone with valid credentials, including service accounts' },
  'system:serviceaccounts': { kind: 'Group', who: 'every service account in every namespace' },
  'system:masters': { kind: 'Group', who: 'its members have full access, regardless of bindings' },
};

/**
 * Whether a subject belongs to the RoleBinding of kubeadm that lets anybody read the ConfigMap `cluster-info`. Without
 * it, a node cannot join with a token.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/cmd/kubeadm/app/phases/bootstraptoken/clusterinfo/clusterinfo.go
 */
function isForJoining({ kind, metadata, roleRef }: BindingObject, subject: SubjectRef): boolean {
  const role = 'kubeadm:bootstrap-signer-clusterinfo';
  return (
    kind === 'RoleBinding' &&
    metadata.namespace === 'kube-public' &&
    metadata.name === role &&
    roleRef.kind === 'Role' &&
    roleRef.name === role &&
    subject.kind === 'User' &&
    subject.name === 'system:anonymous'
  );
}

const systemSubjectsOf = oncePerAccess((view) =>
  [...subjectsOf(view)].flatMap(({ binding, subject }) => {
    const meaning = subject.kind === 'ServiceAccount' ? undefined : own(meanings, subject.name);
    if (!meaning || isDefaultBinding(view.cluster, binding) || isForJoining(binding, subject)) return [];
    return [{ binding, subject, meaning }];
  }),
);

const systemSubject: Rule = {
  code: 'system-group-bound',
  readsManifests: true,
  onCluster: (view) =>
    systemSubjectsOf(view).map(({ binding, subject, meaning }): RuleFinding => {
      const named = `${binding.kind} ${binding.metadata.name}`;
      const finding = { ...placeOf(view, binding), fix: 'bind the role to one of your own groups' };
      if (subject.kind === meaning.kind)
        return { ...finding, message: `${named} gives ${binding.roleRef.name} to ${subject.name}: ${meaning.who}` };
      const message = `${named} names ${subject.name} as a ${subject.kind}, but in Kubernetes this is a ${meaning.kind}: the binding gives this subject nothing`;
      return { ...finding, severity: 'warning', message };
    }),
};

export const subjectRules: readonly Rule[] = [nobody, emptyGroup, reachesNothing, systemSubject];

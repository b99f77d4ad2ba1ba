import { type Actor as Account, chainTo, type Potential, potentialOf } from '../../access/managers';
import { whoIs } from '../../access/rights-in-words';
import { mayUse, mayUseThrough } from '../../identity/claims';
import { memberships, parentsOf } from '../../identity/membership';
import { groupSubjects, personSubjects } from '../../identity/subject';
import type { Gain, Step } from '../become-step';
import { identityFact, serviceAccountFact } from '../fact';
import type { World } from '../world';
import { adders, has, peopleAdmins, resetters, serviceAccountAdmins, signedIn, source } from './kanidm-administrators';

/** Returns the names of a group and its parent groups on the cluster. */
const withParents = ({ access: { config, cluster } }: World, group: string): string[] =>
  [group, ...parentsOf(config, group)].flatMap((one) =>
    config.groups.has(one) ? groupSubjects(config, cluster, one) : [],
  );

/** Whether a binding of the cluster names one of these groups. */
const leadsTo = ({ groups }: World, names: readonly string[]): boolean => names.some((name) => groups.includes(name));

const joinManaged: Step = {
  code: 'join-managed-group',
  title: 'Join a group that one manages in Kanidm',
  allowedBy: '`groups.NAME.managedBy`',
  gives: 'the roles of the group, and of the groups that it is in',
  closedBy: 'a `managedBy` that names only members of the group',
  source,
  begins: 'account',
  *gains({ fact }, world): Iterable<Gain> {
    if (fact.kind !== 'account') return;
    const potential = potentialOf(world.access.config, fact.actor);
    if (!potential) return;
    const groups = [...potential.joins.keys()];
    for (const chosen of [...groups.map((group) => [group]), ...(groups.length > 1 ? [groups] : [])]) {
      yield* joining(world, { actor: fact.actor, chosen, potential });
    }
  },
};

interface Joining {
  readonly actor: Account;
  readonly chosen: readonly string[];
  readonly potential: Potential;
}

function* joining(world: World, { actor, chosen, potential }: Joining): Iterable<Gain> {
  const { config, cluster } = world.access;
  const clients = [cluster.client, ...cluster.trust].flatMap((name) => config.clients.get(name) ?? []);
  const isIn = actor.kind === 'members' || clients.some((client) => mayUse(config, actor, client));
  if (!isIn && !chosen.some((group) => clients.some((client) => mayUseThrough(config, group, client)))) return;
  const names = chosen.flatMap((group) => withParents(world, group));
  if (isIn && !leadsTo(world, names)) return;
  const managed = new Set(chosen.flatMap((group) => potential.joins.get(group) ?? []));
  const chain = [...managed].flatMap((name) => chainTo(name, potential.givenBy));
  const setting = [...new Set(chain)]
    .map(({ kind, name, managedBy }) => `${kind} ${name} is managed by ${managedBy}`)
    .join(', and ');
  const does = `add themselves to ${[...managed].join(', ')} in Kanidm`;
  const own = isIn
    ? []
    : (memberships(config).groupsOf.get(actor.name) ?? []).flatMap((one) => withParents(world, one));
  const before = isIn
    ? signedIn(world, actor)
    : personSubjects(config, cluster, actor.name).map((user) => ({ user, groups: own }));
  for (const { user, groups } of before) {
    const who = { ...(user === undefined ? {} : { user }), groups: [...new Set([...groups, ...names])] };
    yield { fact: identityFact(who, `${whoIs(actor)}, also in ${chosen.join(', ')}`), does, uses: [], setting };
  }
}

const issueToken: Step = {
  code: 'issue-kanidm-token',
  title: 'Issue a token of a service account that one manages in Kanidm',
  allowedBy: '`serviceAccounts.NAME.managedBy`',
  gives: 'the service account',
  closedBy: 'a `managedBy` that names only those who may act as the service account',
  source,
  begins: 'account',
  *gains({ fact }, world) {
    if (fact.kind !== 'account') return;
    const potential = potentialOf(world.access.config, fact.actor);
    for (const name of potential?.actsAs ?? []) {
      const chain = chainTo(name, potential?.givenBy ?? new Map());
      for (const who of signedIn(world, { kind: 'service account', name })) {
        yield {
          fact: identityFact(who, `the service account ${name} of Kanidm`),
          does: `issue a token of the service account ${name} in Kanidm`,
          uses: [],
          setting: chain.map((one) => `${one.kind} ${one.name} is managed by ${one.managedBy}`).join(', and '),
        };
      }
    }
  },
};

const administerAccounts: Step = {
  code: 'administer-service-accounts',
  title: 'Become the manager of a service account, as an administrator of Kanidm, and issue its token',
  allowedBy: 'membership in idm_admins or idm_service_account_admins',
  gives: 'every service account of Kanidm',
  closedBy: 'nobody is in these groups, or the service account is in idm_high_privilege',
  source,
  begins: 'account',
  *gains({ fact }, world) {
    if (!has(fact, serviceAccountAdmins)) return;
    for (const who of world.access.principals) {
      if (who.kind !== 'service account') continue;
      yield {
        fact: identityFact(who, `the service account ${who.name} of Kanidm`),
        does: `become the manager of the service account ${who.name} in Kanidm, and issue its token`,
        uses: [],
        setting: `they are in ${fact.actor.name}`,
        assumes: [`${who.name} is not in idm_high_privilege`],
      };
    }
  },
};

const addMember: Step = {
  code: 'administer-groups',
  title: 'Add oneself to any group, as an administrator of Kanidm',
  allowedBy: 'membership in idm_admins or idm_group_admins',
  gives: 'the roles of every group',
  closedBy:
    'nobody is in these groups; or each group with roles is in idm_high_privilege; or roles are granted to people, and not to groups',
  source,
  begins: 'account',
  *gains({ fact }, world) {
    if (!has(fact, adders)) return;
    const { config } = world.access;
    for (const { name, absent } of config.groups.values()) {
      const groups = withParents(world, name);
      if (absent || !leadsTo(world, groups)) continue;
      yield {
        fact: identityFact({ groups }, `a member of ${name}`),
        does: `add themselves to ${name} in Kanidm`,
        uses: [],
        setting: `they are in ${fact.actor.name}`,
        assumes: [`${name} is not in idm_high_privilege`],
      };
    }
  },
};

const resetCredential: Step = {
  code: 'reset-credential',
  title: "Reset somebody's credential, as an administrator of Kanidm",
  allowedBy: 'membership in idm_admins, idm_people_admins, idm_people_on_boarding or idm_service_desk',
  gives: 'every person',
  closedBy:
    'nobody is in these groups. Membership in idm_high_privilege protects a person, such as an administrator of Kanidm, but only from members of idm_people_on_boarding and idm_service_desk',
  source,
  begins: 'account',
  *gains({ fact }, world) {
    if (!has(fact, resetters)) return;
    const isLimited = !peopleAdmins.includes(fact.actor.name);
    for (const who of world.access.principals) {
      if (who.kind !== 'person') continue;
      yield {
        fact: identityFact(who, who.name),
        does: `reset the credential of ${who.name} in Kanidm`,
        uses: [],
        setting: `they are in ${fact.actor.name}`,
        ...(isLimited ? { assumes: [`${who.name} is not in idm_high_privilege`] } : {}),
      };
    }
  },
};

const pushToSource: Step = {
  code: 'push-to-source',
  title: 'Push to the source that Flux applies',
  allowedBy: '`flux.writers`',
  gives:
    'the rights with which Flux applies the source: everything, unless each Kustomization with this source is applied as a service account with fewer rights. `flux.serviceAccountName` limits only the Kustomizations of Kaniflux, and the Kustomization of `flux bootstrap` usually has the same source',
  closedBy: 'a review by somebody else before each push. List in `flux.writers` only those who can push without it',
  source: 'https://fluxcd.io/flux/security/best-practices/',
  begins: 'account',
  *gains({ fact }, world) {
    if (fact.kind !== 'account') return;
    const { config, cluster } = world.access;
    const { writers } = cluster.flux;
    const { kind, name } = fact.actor;
    const groups =
      kind === 'members' ? [name, ...parentsOf(config, name)] : (memberships(config).groupsOf.get(name) ?? []);
    const list = kind === 'person' ? writers?.people : kind === 'service account' ? writers?.serviceAccounts : [];
    const by = list?.includes(name) ? name : groups.find((group) => writers?.groups?.includes(group));
    if (by === undefined) return;
    for (const { namespace, name: account, assumes } of world.sourceAppliers) {
      yield {
        fact: serviceAccountFact(namespace, account),
        does: `push to the source, which Flux applies as the service account ${namespace}/${account}`,
        uses: [],
        setting: `\`flux.writers\` names ${by}`,
        assumes,
      };
    }
  },
};

export const kanidmSteps: readonly Step[] = [
  joinManaged,
  issueToken,
  administerAccounts,
  addMember,
  resetCredential,
  pushToSource,
];

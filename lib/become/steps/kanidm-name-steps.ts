import type { Client } from '../../config/config';
import { authenticators } from '../../identity/authenticator';
import { mayUseThrough } from '../../identity/claims';
import { everyonesGroups } from '../../upstream/kanidm-builtin';
import type { Step } from '../become-step';
import { type Fact, identityFact } from '../fact';
import type { World } from '../world';
import { has, onBoarding, peopleAdmins, signedIn, source } from './kanidm-administrators';

/** The names that Kanidm accepts. */
const isKanidmName = /^[a-z][a-z0-9_.-]*$/;

interface FreeName {
  readonly user: string;
  readonly client: Client;
}

/**
 * Yields the user names in bindings that could be the value of a claim and that no account has. The names of accounts
 * with `absent` are free, because Kanidm has no such account.
 */
function* freeNames(world: World, claim: string): Iterable<FreeName> {
  const { config, cluster, ownerOf } = world.access;
  for (const { username, client } of authenticators(config, cluster)) {
    if (username.claim !== claim) continue;
    const end = claim === 'email' || client.preferShortUsername ? '' : `@${config.kanidm.domain}`;
    for (const user of world.users) {
      const isLike = user.startsWith(username.prefix) && user.endsWith(end) && !user.startsWith('system:');
      const value = user.slice(username.prefix.length, user.length - end.length);
      if (!(claim === 'email' ? value.includes('@') : isKanidmName.test(value))) continue;
      const owner = ownerOf({ kind: 'User', name: user });
      const account = owner && (config.people.get(owner.name) ?? config.serviceAccounts.get(owner.name));
      if (isLike && (!owner || account?.absent)) yield { user, client };
    }
  }
}

/**
 * Yields the names that administrators of Kanidm can give to an account which may use the client. Some administrators
 * can change an existing account. Members of idm_people_on_boarding can only create one. A new account may use the
 * client only if a group that contains everybody may use it.
 */
function* givenNames(fact: Fact, world: World, { claim, writers }: GivenNames): Iterable<FreeName> {
  const isNew = has(fact, [onBoarding]);
  if (!isNew && !has(fact, writers)) return;
  for (const free of freeNames(world, claim)) {
    const isOpen = everyonesGroups.some((group) => mayUseThrough(world.access.config, group, free.client));
    if (!isNew || isOpen) yield free;
  }
}

interface GivenNames {
  readonly claim: string;
  /** The groups whose members can change an existing account. */
  readonly writers: readonly string[];
}

const changeName: Step = {
  code: 'change-name',
  title: 'Get a user name that is in a binding and belongs to no account',
  allowedBy:
    "`authentication.claim` is `preferred_username`, and membership in one of these groups: idm_people_self_name_write, to change one's own name; idm_admins or idm_people_admins, to change the name of anybody; or idm_people_on_boarding, to create a person with the name from the binding. The created person can sign in only if the client has a scope map for idm_all_persons or idm_all_accounts",
  gives: 'a user whose name is in a binding and belongs to no account',
  closedBy:
    'a claim that never changes, such as `sub`; an account for every user name in a binding; or nobody in the groups that allow this step (on a new Kanidm, every person is in idm_people_self_name_write)',
  source,
  begins: 'account',
  *gains({ fact }, world) {
    if (fact.kind !== 'account') return;
    const assumes = (user: string) => [`no account in Kanidm has the name of ${user}`];
    for (const { user } of givenNames(fact, world, { claim: 'preferred_username', writers: peopleAdmins })) {
      yield {
        fact: identityFact({ user, groups: [] }, `the user ${user}`),
        does: `give an account in Kanidm the name of the user ${user}`,
        uses: [],
        setting: `the API server takes the user name from the claim preferred_username, and members of ${fact.actor.name} may set this name`,
        assumes: assumes(user),
      };
    }
    if (fact.actor.kind !== 'person') return;
    for (const { user, client } of freeNames(world, 'preferred_username')) {
      const own = signedIn(world, fact.actor).find((one) => one.client === client.name);
      if (!own) continue;
      yield {
        fact: identityFact({ user, groups: own.groups }, `the user ${user}`),
        does: `change their name in Kanidm to that of the user ${user}`,
        uses: [],
        setting: 'the API server takes the user name from the claim preferred_username, which people may change',
        assumes: [...assumes(user), 'every person is in idm_people_self_name_write, as on a new Kanidm'],
      };
    }
  },
};

const changeMail: Step = {
  code: 'change-mail',
  title: 'Get a mail address that is in a binding and belongs to no account',
  allowedBy:
    "`authentication.claim` is `email`, and membership in one of these groups: idm_people_self_mail_write, to change one's own address; idm_admins or idm_people_admins, to change the address of anybody; or idm_people_on_boarding, to create a person with the address from the binding. The created person can sign in only if the client has a scope map for idm_all_persons or idm_all_accounts",
  gives: 'a user whose name is in a binding and belongs to no account',
  closedBy:
    'a claim that never changes, such as `sub`; an account for every mail address in a binding; or nobody in the groups that allow this step',
  source,
  begins: 'account',
  *gains({ fact }, world) {
    if (fact.kind !== 'account') return;
    const writers = [...peopleAdmins, 'idm_people_self_mail_write'];
    for (const { user } of givenNames(fact, world, { claim: 'email', writers })) {
      yield {
        fact: identityFact({ user, groups: [] }, `the user ${user}`),
        does: `give an account in Kanidm the mail address of the user ${user}`,
        uses: [],
        setting: `the API server takes the user name from the claim email, and members of ${fact.actor.name} may set this address`,
        assumes: [`no account in Kanidm has the address of ${user}`],
      };
    }
  },
};

export const kanidmNameSteps: readonly Step[] = [changeName, changeMail];

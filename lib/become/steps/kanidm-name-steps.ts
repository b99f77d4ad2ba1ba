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

/** Yields the user names in bindings that could be the value of a claim and that no account of the config has. */
function* freeNames(world: World, claim: string): Iterable<FreeName> {
  const { config, cluster, ownerOf } = world.access;
  for (const { username, client } of authenticators(config, cluster)) {
    if (username.claim !== claim) continue;
    const end = claim === 'email' || client.preferShortUsername ? '' : `@${config.kanidm.domain}`;
    for (const user of world.users) {
      const isLike = user.startsWith(username.prefix) && user.endsWith(end) && !user.startsWith('system:');
      const value = user.slice(username.prefix.length, user.length - end.length);
      if (!(claim === 'email' ? value.includes('@') : isKanidmName.test(value))) continue;
      if (isLike && !ownerOf({ kind: 'User', name: user })) yield { user, client };
    }
  }
}

/**
 * Yields the names that administrators of Kanidm can give to an account which may use the client. Some administrators
 * can change an existing account. Members of idm_people_on_boarding can only create an account. The new account is in
 * no group except the groups of every person.
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
  title: 'Take a user name that is in a binding',
  allowedBy:
    '`authentication.claim` is `preferred_username`. Members of idm_people_self_name_write may change their own name, and members of idm_admins and idm_people_admins may change the name of anybody. Members of idm_people_on_boarding may create a person with the name; this person can sign in if the client has a scope map for idm_all_persons or idm_all_accounts',
  gives: 'a user whose name is in a binding and belongs to no account',
  closedBy:
    'a claim that never changes, such as `sub`; no binding that names a user without an account; or no members in these four groups (on a new Kanidm, every person is in idm_people_self_name_write)',
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
        setting: `the user name is the claim preferred_username, and they are in ${fact.actor.name}`,
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
        setting: 'the user name is the claim preferred_username, which people may change',
        assumes: [...assumes(user), 'every person is in idm_people_self_name_write, as on a new Kanidm'],
      };
    }
  },
};

const changeMail: Step = {
  code: 'change-mail',
  title: 'Take a mail address that is in a binding',
  allowedBy:
    '`authentication.claim` is `email`. Members of idm_people_self_mail_write may change their own address, and members of idm_admins and idm_people_admins may change the address of anybody. Members of idm_people_on_boarding may create a person with the address; this person can sign in if the client has a scope map for idm_all_persons or idm_all_accounts',
  gives: 'a user whose name is in a binding and belongs to no account',
  closedBy:
    'a claim that never changes, such as `sub`; no binding that names an address without an account; or no membership in these groups',
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
        setting: `the user name is the claim email, and they are in ${fact.actor.name}`,
        assumes: [`no account in Kanidm has the address of ${user}`],
      };
    }
  },
};

export const kanidmNameSteps: readonly Step[] = [changeName, changeMail];

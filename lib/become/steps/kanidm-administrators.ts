import type { Actor as Account } from '../../access/managers';
import type { Fact } from '../fact';
import type { World } from '../world';

/** Where Kanidm defines what the members of its built-in groups may do. */
export const source = 'https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/migration_data/dl15/access.rs';

/** The group whose members administer people and groups: it is a member of each built-in group that may do so. */
export const kanidmAdministrators = 'idm_admins';

export const peopleAdmins = [kanidmAdministrators, 'idm_people_admins'];
export const onBoarding = 'idm_people_on_boarding';
export const resetters = [...peopleAdmins, onBoarding, 'idm_service_desk'];
export const adders = [kanidmAdministrators, 'idm_group_admins'];
export const serviceAccountAdmins = [kanidmAdministrators, 'idm_service_account_admins'];

export const has = (fact: Fact, names: readonly string[]): fact is Fact & { readonly kind: 'account' } =>
  fact.kind === 'account' && fact.actor.kind === 'members' && names.includes(fact.actor.name);

/** Returns the Kubernetes users that an account can sign in as now. */
export const signedIn = (world: World, { kind, name }: Account) =>
  world.access.principals.filter((one) => one.kind === kind && one.name === name);

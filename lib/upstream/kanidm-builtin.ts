/**
 * Entries that every Kanidm server makes itself. They can be referred to and not defined.
 * @see https://github.com/kanidm/kanidm/blob/master/server/lib/src/constants/groups.rs
 */
const accounts = ['admin', 'idm_admin', 'anonymous', 'dyngroup'];

/** Built-in groups that every person is a member of. */
export const everyonesGroups: readonly string[] = ['idm_all_persons', 'idm_all_accounts'];

/** Whether Kanidm keeps this name for an entry of its own. */
export const isBuiltIn = (name: string): boolean =>
  accounts.includes(name) || name.startsWith('idm_') || name.startsWith('system_') || name.startsWith('domain_');

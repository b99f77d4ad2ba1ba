/*
 * The built-in entries of Kanidm, read from the database of a new server 1.11.1. A config can refer to the accounts and
 * groups among them, but cannot define any of them, because names are unique across entries of all kinds.
 * https://github.com/kanidm/kanidm/tree/v1.11.1/server/lib/src/migration_data
 */

const accounts = ['admin', 'anonymous', 'idm_admin'];

const groups = [
  'domain_admins',
  'idm_access_control_admins',
  'idm_account_mail_read',
  'idm_account_policy_admins',
  'idm_admins',
  'idm_all_accounts',
  'idm_all_persons',
  'idm_application_admins',
  'idm_client_certificate_admins',
  'idm_group_admins',
  'idm_high_privilege',
  'idm_mail_servers',
  'idm_mail_service_admins',
  'idm_message_admins',
  'idm_message_senders',
  'idm_oauth2_account_admins',
  'idm_oauth2_admins',
  'idm_oauth2_client_admins',
  'idm_people_admins',
  'idm_people_on_boarding',
  'idm_people_pii_read',
  'idm_people_self_mail_write',
  'idm_people_self_name_write',
  'idm_radius_servers',
  'idm_radius_service_admins',
  'idm_recycle_bin_admins',
  'idm_schema_admins',
  'idm_service_account_admins',
  'idm_service_desk',
  'idm_ui_enable_experimental_features',
  'idm_unix_admins',
  'idm_unix_authentication_read',
  'system_admins',
];

const others = ['domain_local', 'hmac_name_feature', 'key_provider_internal'];

/** Built-in groups that every person is a member of. */
export const everyonesGroups: readonly string[] = ['idm_all_persons', 'idm_all_accounts'];

/** The UUIDs of these groups, which tokens of Kanidm 1.11.1 contain. */
export const everyonesUuids: Readonly<Record<string, string>> = {
  idm_all_persons: '00000000-0000-0000-0000-000000000035',
  idm_all_accounts: '00000000-0000-0000-0000-000000000036',
};

const referable = new Set([...accounts, ...groups]);
const taken = new Set([...accounts, ...groups, ...others]);

/** The built-in groups, except those of everybody. */
export const builtInGroups: readonly string[] = groups.filter((name) => !everyonesGroups.includes(name));

/** Whether this is the name of a built-in account or group. */
export const isBuiltIn = (name: string): boolean => referable.has(name);

/** Whether Kanidm reserves this name for a built-in entry, or refuses it for every entry. */
export const isTaken = (name: string): boolean => taken.has(name) || name.startsWith('idm_acp_') || name === 'root';

/**
 * Whether this is idm_admin, or a built-in group that may include it. The groups of `system_admins` do not, and idm_admin
 * is no person.
 */
export const isOfIdmAdmin = (name: string): boolean =>
  name.startsWith('idm_') && isBuiltIn(name) && name !== 'idm_all_persons';

/**
 * The manager of service accounts in the examples of Kanidm's documentation. `kanidm service-account create` requires a
 * manager; a migration does not.
 */
export const defaultManager = 'idm_admins';

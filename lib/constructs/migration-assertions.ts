import type { Client, Config, Group, Person, ServiceAccount } from '../config/config';
import { joinChars } from '../identity/claims';
import type { KindOfEntry } from '../identity/entries';
import { provisionedUuid, reference } from '../identity/uuid';

/**
 * The desired state of one entry. Kanidm replaces each listed attribute, or clears it if its value is `null`.
 * Attributes that are not listed keep their values.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/book/src/entry_management.md
 */
export interface Assertion {
  readonly state: 'present' | 'absent';
  readonly id: string;
  readonly [attribute: string]: unknown;
}

export const absent = (id: string): Assertion => ({ state: 'absent', id });

/** Returns the assertion that an entry exists, with all attributes that the config sets. */
export function present(config: Config, item: KindOfEntry): Assertion {
  const { kind, entry } = item;
  const attributes = { ...attributesOf(config, item), description: entry.description };
  const listed = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return { state: 'present', id: provisionedUuid(config, kind, entry), ...Object.fromEntries(listed) };
}

function attributesOf(config: Config, { kind, entry }: KindOfEntry): object {
  switch (kind) {
    case 'person':
      return person(entry);
    case 'service account':
      return serviceAccount(entry);
    case 'group':
      return group(config, entry);
    case 'client':
      return client(config, entry);
  }
}

/*
 * `class` is always listed, because creating an entry needs it. Kanidm refuses an assertion if the entry would then
 * have an attribute, but not the class of this attribute. For this reason, the attributes of unused classes are cleared
 * with `null`. Kanidm accepts `null` even if the attribute has no value.
 */
const noPosixAccount = { gidnumber: null, loginshell: null, unix_password: null };
const noPosixGroup = { gidnumber: null };
const noPolicy = {
  authsession_expiry: null,
  privilege_expiry: null,
  auth_password_minimum_length: null,
  credential_type_minimum: null,
  webauthn_attestation_ca_list: null,
  limit_search_max_results: null,
  limit_search_max_filter_test: null,
  allow_primary_cred_fallback: null,
};

/** Kanidm refuses `[]` for some attributes, and accepts `null` for all. */
const orNull = <T>(list: readonly T[] | undefined) => (list?.length === 0 ? null : list);

const person = ({ name, displayName, legalName, mails, sshKeys, posix }: Person) => ({
  class: ['person', 'account', ...(posix ? ['posixaccount'] : [])],
  name,
  displayname: displayName,
  legalname: legalName,
  mail: orNull(mails?.map((value, i) => ({ value, primary: i === 0 }))),
  ssh_publickey: orNull(sshKeys && Object.entries(sshKeys).map(([label, value]) => ({ label, value }))),
  ...(posix ? { gidnumber: posix.gid, loginshell: posix.shell } : noPosixAccount),
});

const serviceAccount = ({ name, displayName }: ServiceAccount) => ({
  class: ['service_account', 'account'],
  name,
  displayname: displayName,
});

const group = (config: Config, { name, members, posix, policy }: Group) => ({
  class: ['group', ...(posix ? ['posixgroup'] : []), ...(policy ? ['account_policy'] : [])],
  name,
  member: orNull(members?.map((member) => reference(config, member))),
  ...(posix ? { gidnumber: posix.gid } : noPosixGroup),
  ...(policy
    ? {
        authsession_expiry: policy.sessionExpiry,
        privilege_expiry: policy.privilegeExpiry,
        auth_password_minimum_length: policy.passwordMinimumLength,
        credential_type_minimum: policy.credentialMinimum,
      }
    : noPolicy),
});

/**
 * `oauth2_prefer_short_username` and `oauth2_jwt_legacy_crypto_enable` are always written, because API server settings
 * and bindings depend on them.
 */
const client = (config: Config, client: Client) => ({
  class: ['account', 'oauth2_resource_server', `oauth2_resource_server_${client.type}`],
  name: client.name,
  displayname: client.displayName,
  oauth2_rs_origin_landing: client.landingUrl,
  oauth2_rs_origin: orNull(client.redirectUrls),
  oauth2_rs_scope_map: scopeMap(config, client.scopes),
  oauth2_rs_sup_scope_map: scopeMap(config, client.supplementaryScopes),
  oauth2_rs_claim_map: claimMap(config, client.claims),
  oauth2_prefer_short_username: client.preferShortUsername === true,
  oauth2_jwt_legacy_crypto_enable: client.legacyCrypto === true,
  oauth2_consent_prompt_enable: client.consentPrompt,
  ...(client.type === 'public'
    ? { oauth2_rs_basic_secret: null, oauth2_allow_insecure_client_disable_pkce: null }
    : { oauth2_allow_localhost_redirect: null }),
});

/**
 * Returns the assertion that turns PKCE of a basic client on or off. A migration can change this only on an existing
 * client: for a new client, Kanidm 1.11.1 answers `AccessDenied`.
 */
export const pkce = (config: Config, client: Client): Assertion => ({
  state: 'present',
  id: provisionedUuid(config, 'client', client),
  oauth2_allow_insecure_client_disable_pkce: client.disablePkce ? true : null,
});

/** A built-in group is referred to by name, a group of the config by UUID. */
function groupKey(config: Config, name: string): { group: string } | { groupUuid: string } {
  const id = reference(config, name);
  return id === name ? { group: name } : { groupUuid: id };
}

const scopeMap = (config: Config, map: Client['scopes']) =>
  orNull(map && Object.entries(map).map(([name, scopes]) => ({ ...groupKey(config, name), scopes })));

const claimMap = (config: Config, claims: Client['claims']) =>
  orNull(
    claims &&
      Object.entries(claims).flatMap(([claim, { join, values }]) =>
        Object.entries(values).map(([name, list]) => ({
          claim,
          ...groupKey(config, name),
          joinChar: joinChars[join],
          values: list,
        })),
      ),
  );

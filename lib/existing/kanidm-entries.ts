import type { ClientInput, GroupInput, PersonInput, ServiceAccountInput } from '../config/schema/config-schema';
import { isMap, type Json, listOf, scalarText } from '../guards';
import { address, claimMap, nameOf, otherManagers, scopeMap, sshKeys } from './kanidm-values';

/** A reference to a resource that describes a Kanidm server. The reference may lack the namespace. */
export interface ServerRef {
  readonly name: string;
  readonly namespace?: string;
}

/** A program that creates entries in Kanidm, and changes and deletes them. */
export type EntryManager = 'kaniop' | 'kanidm-provision';

interface Common {
  readonly source: string;
  readonly name: string;
  /** Whether the entry is a built-in one of Kanidm. */
  readonly isBuiltIn?: boolean;
  /** The names of attributes that a config has no field for. */
  readonly unread: readonly string[];
  /** How the fields differ from the entry that was read. */
  readonly differences?: readonly string[];
  readonly domain?: string;
  /** The Kanidm server that gets the entry, if the entry was read from a resource of kaniop. */
  readonly server?: ServerRef;
  /** The program that manages the entry, if the entry was read from a file of this program. */
  readonly manager?: EntryManager;
  /**
   * Whether the entry has a logo image. Kanidm returns only the hash of the logo image, but a config needs a file or an
   * address.
   */
  readonly hasImage?: boolean;
}

/** An entry of Kanidm as fields of a config. */
export type ReadEntry = Common &
  (
    | { readonly kind: 'person'; readonly fields: PersonInput }
    | { readonly kind: 'service account'; readonly fields: ServiceAccountInput }
    | { readonly kind: 'group'; readonly fields: GroupInput }
    | { readonly kind: 'client'; readonly fields: ClientInput }
    /** An entry that a config cannot have, with the reason. */
    | { readonly kind: 'other'; readonly why: string }
  );

/**
 * Attributes that are left out: they are derived, internal to Kanidm, or secret. Kanidm matches redirect URLs strictly,
 * whatever `oauth2_strict_redirect_uri` is set to
 * (https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs).
 */
const ofKanidm =
  /^(class|spn|memberof|directmemberof|dynmember|name|oauth2_rs_name|uuid|last_modified_cid|created_at_cid|.*_private_.*|.*_key_data|key_.*|.*_secret|oauth2_strict_redirect_uri|.*credential.*|.*session.*|(attested_)?passkeys|unix_password|es256_.*|rs256_.*|oauth2_rs_token_key|sudo.*|id_verification_.*|(hmac_)?name_history|password_changed_time|nsuniqueid|sync_.*)$/;

/** The attributes that a config has fields for, by the class of the entry. */
const taken = {
  person: [
    ...['displayname', 'legalname', 'description', 'mail', 'ssh_publickey', 'loginshell', 'gidnumber'],
    ...['account_valid_from', 'account_expire'],
  ],
  service_account: ['displayname', 'description', 'entry_managed_by', 'account_valid_from', 'account_expire'],
  oauth2_resource_server: [
    ...['displayname', 'description', 'oauth2_rs_origin', 'oauth2_rs_origin_landing', 'oauth2_rs_scope_map'],
    ...['oauth2_rs_sup_scope_map', 'oauth2_rs_claim_map', 'oauth2_allow_localhost_redirect'],
    ...['oauth2_prefer_short_username', 'oauth2_consent_prompt_enable', 'oauth2_jwt_legacy_crypto_enable'],
    ...['oauth2_allow_insecure_client_disable_pkce'],
  ],
  group: [
    ...['description', 'member', 'entry_managed_by', 'gidnumber'],
    ...['credential_type_minimum', 'authsession_expiry', 'privilege_expiry', 'auth_password_minimum_length'],
  ],
} as const;

/** The attributes of an entry, each with a list of texts. */
type Attributes = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * Returns the entry in a JSON document, as printed by the REST API (with the attributes in `attrs`) or by the client.
 */
export function kanidmEntry(source: string, document: Json): ReadEntry | undefined {
  const attributes = isMap(document.attrs) ? document.attrs : document;
  if (!Array.isArray(attributes.uuid) || !Array.isArray(attributes.class)) return undefined;
  return entryOf(
    source,
    Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, listOf(value).map(scalarText)])),
  );
}

/** Returns an entry as fields of a config. */
export function entryOf(source: string, attributes: Attributes): ReadEntry {
  const classes = attributes.class ?? [];
  const is = (what: string) => classes.includes(what);
  // Kanidm 1.2 and older have the name of a client in `oauth2_rs_name`.
  const name = attributes.name?.[0] ?? attributes.oauth2_rs_name?.[0] ?? attributes.uuid?.[0] ?? '';
  const domain = attributes.spn?.[0]?.split('@')[1];
  const withFields = (fields: readonly string[]): Common => ({
    source,
    name,
    unread: Object.keys(attributes).filter((attribute) => !fields.includes(attribute) && !ofKanidm.test(attribute)),
    ...(is('builtin') || attributes.uuid?.[0]?.startsWith('00000000-0000-0000-0000-') ? { isBuiltIn: true } : {}),
    ...(domain === undefined ? {} : { domain }),
    ...(attributes.image?.length ? { hasImage: true } : {}),
    ...withDifferences([...otherManagers(managers(attributes)), ...classDifferences(classes)]),
  });
  if (is('recycled')) return { ...withFields(Object.keys(attributes)), kind: 'other', why: deleted };
  if (is('person')) return { ...withFields(taken.person), kind: 'person', fields: person(attributes) };
  if (is('service_account'))
    return { ...withFields(taken.service_account), kind: 'service account', fields: serviceAccount(attributes) };
  if (is('oauth2_resource_server'))
    return { ...withFields(taken.oauth2_resource_server), kind: 'client', fields: client(attributes) };
  if (is('group')) return { ...withFields(taken.group), kind: 'group', fields: group(attributes) };
  return { ...withFields([]), kind: 'other', why: `a config cannot contain entries of class ${classes.join(', ')}` };
}

const deleted =
  'this entry was deleted, and is in the recycle bin of Kanidm; if the config contains its name because a binding names it, remove the name: otherwise the runbook creates a new entry with this name';

const withDifferences = (differences: readonly string[]) => (differences.length > 0 ? { differences } : {});

/** The classes that Kaniflux writes, and those that Kanidm adds itself. */
const knownClass =
  /^(object|memberof|builtin|system|recycled|account|person|orgperson|posixaccount|service_account|group|dyngroup|posixgroup|account_policy|oauth2_resource_server(_basic|_public)?|key_object(_.*)?)$/;

/** Returns a difference if an entry has a class that Kaniflux does not write. */
function classDifferences(classes: readonly string[]): string[] {
  const others = classes.filter((one) => !knownClass.test(one));
  if (others.length === 0 || !classes.some((one) => one in taken)) return [];
  const why = others.includes('sync_object')
    ? 'a synchronisation from another system manages this entry: Kanidm does not let the runbook delete the entry. The runbook can change only the attributes that the synchronisation leaves to Kanidm (`kanidm system sync set-yield-attributes`)'
    : 'a config cannot contain this class';
  return [
    `the entry has the class ${others.join(', ')}; ${why}. A migration would remove this class, or Kanidm would reject the migration, so do not write \`provision: migrations\``,
  ];
}

/** The entries as sections of a config, by name. */
export interface Identities {
  readonly people: Map<string, PersonInput>;
  readonly serviceAccounts: Map<string, ServiceAccountInput>;
  readonly groups: Map<string, GroupInput>;
  readonly clients: Map<string, ClientInput>;
}

/** Returns the entries that are not built in, as sections of a config. */
export function identitiesOf(entries: readonly ReadEntry[]): Identities {
  const identities: Identities = {
    people: new Map(),
    serviceAccounts: new Map(),
    groups: new Map(),
    clients: new Map(),
  };
  for (const entry of entries) {
    if (entry.isBuiltIn) continue;
    switch (entry.kind) {
      case 'person':
        identities.people.set(entry.name, entry.fields);
        break;
      case 'service account':
        identities.serviceAccounts.set(entry.name, entry.fields);
        break;
      case 'group':
        identities.groups.set(entry.name, entry.fields);
        break;
      case 'client':
        identities.clients.set(entry.name, entry.fields);
    }
  }
  return identities;
}

type OrUndefined<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Returns an object without the fields that are `undefined`. */
export function some<T extends object>(fields: OrUndefined<T>): T {
  const rest: OrUndefined<T> = { ...fields };
  removeUndefined<T>(rest);
  return rest;
}

function removeUndefined<T extends object>(fields: OrUndefined<T>): asserts fields is T {
  for (const [key, value] of Object.entries(fields)) if (value === undefined) Reflect.deleteProperty(fields, key);
}

export const filled = <T extends object>(map: T): T | undefined => (Object.keys(map).length > 0 ? map : undefined);

const number = (values: readonly string[] | undefined) => (values?.[0] === undefined ? undefined : Number(values[0]));

const managers = (attributes: Attributes) => attributes.entry_managed_by?.map(nameOf);

/** Returns the times between which an account is valid: RFC 3339, in UTC. */
const validity = ({ account_valid_from, account_expire }: Attributes) => ({
  validFrom: account_valid_from?.[0],
  expires: account_expire?.[0],
});

function person(attributes: Attributes): PersonInput {
  const { displayname, legalname, description, mail, ssh_publickey, loginshell, gidnumber } = attributes;
  const posix = some<NonNullable<PersonInput['posix']>>({ gid: number(gidnumber), shell: loginshell?.[0] });
  return some<PersonInput>({
    displayName: displayname?.[0] ?? attributes.name?.[0] ?? '',
    legalName: legalname?.[0],
    description: description?.[0],
    mail: mail?.length === 1 ? mail[0] : mail && [...mail],
    sshKeys: ssh_publickey && sshKeys(ssh_publickey),
    posix: attributes.class?.includes('posixaccount') ? posix : undefined,
    ...validity(attributes),
    id: attributes.uuid?.[0],
  });
}

const serviceAccount = (attributes: Attributes): ServiceAccountInput =>
  some<ServiceAccountInput>({
    displayName: attributes.displayname?.[0] ?? attributes.name?.[0] ?? '',
    description: attributes.description?.[0],
    managedBy: managers(attributes)?.[0],
    ...validity(attributes),
    id: attributes.uuid?.[0],
  });

const credentials = ['any', 'mfa', 'passkey', 'attested_passkey'] as const;

function group(attributes: Attributes): GroupInput {
  const policy = some<NonNullable<GroupInput['policy']>>({
    credentialMinimum: credentials.find((one) => one === attributes.credential_type_minimum?.[0]),
    sessionExpiry: number(attributes.authsession_expiry),
    privilegeExpiry: number(attributes.privilege_expiry),
    passwordMinimumLength: number(attributes.auth_password_minimum_length),
  });
  const isPosix = attributes.class?.includes('posixgroup');
  return some<GroupInput>({
    description: attributes.description?.[0],
    members: attributes.member?.map(nameOf),
    managedBy: managers(attributes)?.[0],
    posix: isPosix ? some<NonNullable<GroupInput['posix']>>({ gid: number(attributes.gidnumber) }) : undefined,
    // A group with the class `account_policy` always gets `policy`. Otherwise, a migration would remove the class, and
    // with it the attributes that a config has no field for.
    policy: attributes.class?.includes('account_policy') ? policy : filled(policy),
    id: attributes.uuid?.[0],
  });
}

function client(attributes: Attributes): ClientInput {
  const yes = (attribute: string) => (attributes[attribute]?.[0] === 'true' ? true : undefined);
  return some<ClientInput>({
    displayName: attributes.displayname?.[0],
    description: attributes.description?.[0],
    type: attributes.class?.includes('oauth2_resource_server_basic') ? 'basic' : undefined,
    landingUrl: address(attributes.oauth2_rs_origin_landing?.[0] ?? attributes.oauth2_rs_origin?.[0] ?? ''),
    // Kanidm returns the URLs in random order, but kubelogin tries the ports in the order of the config. Sorted by
    // length, the URL with port 8000 comes before the one with port 18000.
    redirectUrls: attributes.oauth2_rs_origin?.map(address).sort((a, b) => a.length - b.length || (a < b ? -1 : 1)),
    localhostRedirects: yes('oauth2_allow_localhost_redirect'),
    scopes: filled(scopeMap(attributes.oauth2_rs_scope_map ?? [])),
    supplementaryScopes: filled(scopeMap(attributes.oauth2_rs_sup_scope_map ?? [])),
    claims: filled(claimMap(attributes.oauth2_rs_claim_map ?? [])),
    preferShortUsername: yes('oauth2_prefer_short_username'),
    consentPrompt: attributes.oauth2_consent_prompt_enable?.[0] === 'false' ? false : undefined,
    legacyCrypto: yes('oauth2_jwt_legacy_crypto_enable'),
    disablePkce: yes('oauth2_allow_insecure_client_disable_pkce'),
    id: attributes.uuid?.[0],
  });
}

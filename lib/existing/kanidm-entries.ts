import type { ClientInput, GroupInput, PersonInput, ServiceAccountInput } from '../config/schema';
import type { KanidmEntry, Note } from '../existing/facts';
import { address, claimMap, nameOf, scopeMap, sshKeys } from './kanidm-values';

/** Kanidm's entries as parts of a config. */
export interface Identities {
  readonly people: Record<string, PersonInput>;
  readonly serviceAccounts: Record<string, ServiceAccountInput>;
  readonly groups: Record<string, GroupInput>;
  readonly clients: Record<string, ClientInput>;
  readonly notes: Note[];
  readonly domain?: string;
}

/**
 * Follow from others, belong to Kanidm itself, or are nobody's to write into a file. Redirect URLs are strict whatever
 * their attribute says (https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/oauth2.rs).
 */
const ofKanidm =
  /^(class|spn|memberof|directmemberof|dynmember|name|uuid|last_modified_cid|created_at_cid|.*_private_.*|.*_key_data|key_.*|.*_secret|oauth2_strict_redirect_uri|.*credential.*|.*session.*|passkeys|unix_password|es256_.*|rs256_.*|oauth2_rs_token_key|sudo.*|id_verification_.*|name_history|nsuniqueid|sync_.*)$/;

/** The attributes that a config has fields for, by what the entry is. */
const taken = {
  person: new Set(['displayname', 'legalname', 'description', 'mail', 'ssh_publickey', 'loginshell', 'gidnumber']),
  service_account: new Set(['displayname', 'description', 'entry_managed_by']),
  group: new Set([
    ...['description', 'member', 'entry_managed_by', 'gidnumber'],
    ...['credential_type_minimum', 'authsession_expiry', 'privilege_expiry', 'auth_password_minimum_length'],
  ]),
  oauth2_resource_server: new Set([
    ...['displayname', 'description', 'oauth2_rs_origin', 'oauth2_rs_origin_landing', 'oauth2_rs_scope_map'],
    ...['oauth2_rs_sup_scope_map', 'oauth2_rs_claim_map', 'oauth2_allow_localhost_redirect'],
    ...['oauth2_prefer_short_username', 'oauth2_consent_prompt_enable', 'oauth2_jwt_legacy_crypto_enable'],
  ]),
} as const;
const classes = Object.keys(taken) as (keyof typeof taken)[];

const isBuiltIn = ({ attributes }: KanidmEntry) =>
  attributes.class?.includes('builtin') === true ||
  attributes.uuid?.[0]?.startsWith('00000000-0000-0000-0000-') === true;

/** Takes over what people made; what comes with Kanidm stays Kanidm's. */
export function identitiesOf(entries: readonly KanidmEntry[]): Identities {
  const found: Identities = { people: {}, serviceAccounts: {}, groups: {}, clients: {}, notes: [] };
  const own = entries.filter((entry) => !isBuiltIn(entry));
  for (const entry of own) add(found, entry);
  keepKnown(found, own);
  const names = new Set(own.map(({ attributes }) => attributes.name?.[0]));
  for (const { source, attributes } of entries.filter(isBuiltIn)) {
    for (const member of attributes.member?.map(nameOf).filter((name) => names.has(name)) ?? []) {
      const text = `${member} is a member of Kanidm's own group ${attributes.name?.[0]}, which a config can't say`;
      found.notes.push({ source, text });
    }
  }
  const domain = entries.map(({ attributes }) => attributes.spn?.[0]?.split('@')[1]).find((one) => one !== undefined);
  return { ...found, ...(domain === undefined ? {} : { domain }) };
}

/** A reference to an entry that was not read would not stand: such members are left out, and said. */
function keepKnown({ people, serviceAccounts, groups, notes }: Identities, own: readonly KanidmEntry[]): void {
  const known = (name: string) => name in people || name in serviceAccounts || name in groups;
  for (const [name, group] of Object.entries(groups)) {
    const strangers = group.members?.filter((member) => !known(member)) ?? [];
    if (strangers.length === 0) continue;
    groups[name] = { ...group, members: group.members?.filter(known) ?? [] };
    const source = own.find(({ attributes }) => attributes.name?.[0] === name)?.source ?? '';
    notes.push({ source, text: `${name} has members that were not read and are left out: ${strangers.join(', ')}` });
  }
}

function add(found: Identities, { source, attributes }: KanidmEntry): void {
  const name = attributes.name?.[0];
  if (name === undefined) return;
  const is = (what: string) => attributes.class?.includes(what) === true;
  const kind = classes.find(is);
  const fields = kind ? taken[kind] : new Set<string>();
  const unknown = Object.keys(attributes).filter(
    (attribute) => !(fields as ReadonlySet<string>).has(attribute) && !ofKanidm.test(attribute),
  );
  for (const attribute of unknown) {
    found.notes.push({ source, text: `${name}: the attribute ${attribute} has no field in a config` });
  }
  if (is('person')) found.people[name] = person(attributes);
  else if (is('service_account')) found.serviceAccounts[name] = serviceAccount(attributes);
  else if (is('oauth2_resource_server')) found.clients[name] = client(attributes, is('oauth2_resource_server_basic'));
  else if (is('group')) found.groups[name] = group(attributes, is('posixgroup'));
  else
    found.notes.push({
      source,
      text: `${name}: an entry of class ${attributes.class?.join(', ')} has no place in a config`,
    });
}

type Attributes = KanidmEntry['attributes'];

/** An object with those of its fields that have a value. */
const some = <T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const number = (values: readonly string[] | undefined) => (values?.[0] === undefined ? undefined : Number(values[0]));

const filled = <T extends object>(map: T): T | undefined => (Object.keys(map).length > 0 ? map : undefined);

const id = (attributes: Attributes) => attributes.uuid?.[0];

const manager = (attributes: Attributes) => attributes.entry_managed_by?.map(nameOf)[0];

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
    id: id(attributes),
  });
}

const serviceAccount = (attributes: Attributes) =>
  some<ServiceAccountInput>({
    displayName: attributes.displayname?.[0] ?? attributes.name?.[0] ?? '',
    description: attributes.description?.[0],
    managedBy: manager(attributes),
    id: id(attributes),
  });

function group(attributes: Attributes, posix: boolean): GroupInput {
  type Policy = NonNullable<GroupInput['policy']>;
  const policy = some<Policy>({
    credentialMinimum: attributes.credential_type_minimum?.[0] as Policy['credentialMinimum'],
    sessionExpiry: number(attributes.authsession_expiry),
    privilegeExpiry: number(attributes.privilege_expiry),
    passwordMinimumLength: number(attributes.auth_password_minimum_length),
  });
  return some<GroupInput>({
    description: attributes.description?.[0],
    members: attributes.member?.map(nameOf),
    managedBy: manager(attributes),
    posix: posix ? some<NonNullable<GroupInput['posix']>>({ gid: number(attributes.gidnumber) }) : undefined,
    policy: filled(policy),
    id: id(attributes),
  });
}

function client(attributes: Attributes, basic: boolean): ClientInput {
  const yes = (attribute: string) => (attributes[attribute]?.[0] === 'true' ? true : undefined);
  return some<ClientInput>({
    displayName: attributes.displayname?.[0],
    description: attributes.description?.[0],
    type: basic ? 'basic' : undefined,
    landingUrl: address(attributes.oauth2_rs_origin_landing?.[0] ?? attributes.oauth2_rs_origin?.[0] ?? ''),
    // A set without an order: kubelogin tries the lower port first.
    redirectUrls: attributes.oauth2_rs_origin?.map(address).sort((a, b) => a.length - b.length || (a < b ? -1 : 1)),
    localhostRedirects: yes('oauth2_allow_localhost_redirect'),
    scopes: filled(scopeMap(attributes.oauth2_rs_scope_map ?? [])),
    supplementaryScopes: filled(scopeMap(attributes.oauth2_rs_sup_scope_map ?? [])),
    claims: filled(claimMap(attributes.oauth2_rs_claim_map ?? [])),
    preferShortUsername: yes('oauth2_prefer_short_username'),
    consentPrompt: attributes.oauth2_consent_prompt_enable?.[0] === 'false' ? false : undefined,
    legacyCrypto: yes('oauth2_jwt_legacy_crypto_enable'),
    id: id(attributes),
  });
}

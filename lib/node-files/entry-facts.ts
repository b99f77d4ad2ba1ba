import type { Config, Group, Person, ServiceAccount, Version } from '../config/config';
import { spn } from '../identity/issuer';
import { defaultManager } from '../upstream/kanidm-builtin';
import { has } from '../upstream/kanidm-versions';
import { exactly, kanidm, leave, only, want } from './fact-lines';
import { command } from './shell';

const update = (name: string, option: string) => ['kanidm', 'person', 'update', name, option];

/** Returns a time as Kanidm prints it: in the form of RFC 3339, in UTC, without a fraction. */
const instant = (text: string) => new Date(text).toISOString().replace(/\.\d{3}Z$/, 'Z');

/**
 * Returns the lines of the runbook for the times between which an account is valid. Migrations cannot set these times.
 */
export function validity(kind: 'person' | 'service-account', { name, validFrom, expires }: Person | ServiceAccount) {
  const one = (attribute: string, verb: string, time: string | null | undefined): string[] => {
    if (time === undefined) return [];
    const words = [kind, 'validity', verb];
    return time === null
      ? [command('cleared', attribute, ...kanidm(words, name, 'clear'))]
      : [want(`${attribute}: ${instant(time)}`, kanidm(words, name, instant(time)))];
  };
  const lines = [...one('account_valid_from', 'begin-from', validFrom), ...one('account_expire', 'expire-at', expires)];
  return [
    ...(kind === 'service-account' && lines.length > 0
      ? [`if ${command('managed', name)}; then`, ...lines.map((line) => `  ${line}`), 'fi']
      : lines),
    ...leave([validFrom === undefined && 'account_valid_from', expires === undefined && 'account_expire']),
  ];
}

export function personFacts(person: Person, version?: Version): string[] {
  const { name, displayName, legalName, description, mails, sshKeys, posix } = person;
  return [
    want(`displayname: ${displayName}`, update(name, `--displayname=${displayName}`)),
    ...(typeof legalName === 'string'
      ? [want(`legalname: ${legalName}`, update(name, `--legalname=${legalName}`))]
      : []),
    ...(legalName === null ? [command('cleared', 'legalname', ...clearedLegalName(name, version))] : []),
    ...descriptionFacts(description),
    ...mailFacts(name, mails),
    ...sshFacts(name, sshKeys, version),
    ...(posix ? posixFacts(['person', 'posix', 'set'], name, posix) : []),
    ...validity('person', person),
    ...leave([
      legalName === undefined && 'legalname',
      description === undefined && 'description',
      mails === undefined && 'mail',
      sshKeys === undefined && 'ssh_publickey',
      posix === undefined && 'gidnumber',
      posix?.shell === undefined && 'loginshell',
    ]),
  ];
}

/**
 * Returns the line for a description. The line only reports a difference, because idm_admin can read the description of
 * an account in Kanidm, but not write it.
 */
function descriptionFacts(description: string | null | undefined): string[] {
  if (description === undefined) return [];
  return description === null ? [command('lacks', 'description')] : [command('holds', `description: ${description}`)];
}

/** Whether the `kanidm` client can clear a legal name without `kanidm raw`. */
export const clearsLegalName = (version: Version | undefined): boolean =>
  version === undefined || has(version, 'the command that clears a legal name');

const clearedLegalName = (name: string, version: Version | undefined) =>
  clearsLegalName(version) ? update(name, '--legalname=') : ['write', '{"legalname":null}'];

/**
 * Returns the lines for mail addresses. Kanidm prints the primary address first and the others in the order of their
 * bytes.
 */
function mailFacts(name: string, mails: readonly string[] | undefined): string[] {
  if (mails === undefined) return [];
  const [primary, ...others] = mails;
  if (primary === undefined) return [command('cleared', 'mail', 'write', '{"mail":null}')];
  const words = ['kanidm', 'person', 'update', name, ...mails.map((mail) => `--mail=${mail}`)];
  return [exactly('mail', [primary, ...others.sort()], words)];
}

/**
 * Returns a label as newer versions of the `kanidm` client encode it: RFC 3986 escapes more characters than JavaScript
 * does.
 */
export const encoded = (label: string) =>
  encodeURIComponent(label).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Returns a key as Kanidm stores it: with one space between the type, the data and the comment. The comment can contain
 * spaces.
 */
function stored(key: string, version: Version | undefined): string {
  const whole = key.replace(/^(\S+)\s+(\S+)\s*/, '$1 $2 ').trimEnd();
  const isCut = version !== undefined && !has(version, 'comments of SSH keys with several words');
  return isCut ? whole.split(/\s+/, 3).join(' ') : whole;
}

function sshFacts(name: string, keys: Person['sshKeys'], version: Version | undefined): string[] {
  if (keys === undefined) return [];
  return [
    ...Object.entries(keys).map(([label, key]) =>
      command('ssh_key', name, label, encoded(label), stored(key, version)),
    ),
    only(
      'ssh_publickey',
      [...new Set(Object.keys(keys).flatMap((label) => [label, encoded(label)]))],
      ['kanidm', 'person', 'ssh', 'delete-publickey', '--', name],
    ),
  ];
}

function posixFacts(words: readonly string[], name: string, { gid, shell }: { gid?: number; shell?: string }) {
  const set = [
    'kanidm',
    ...words,
    name,
    ...(gid === undefined ? [] : [`--gidnumber=${gid}`]),
    ...(shell === undefined ? [] : [`--shell=${shell}`]),
  ];
  const kind = words[0] === 'group' ? 'posixgroup' : 'posixaccount';
  return [
    want(`class: ${kind}`, set),
    ...(gid === undefined ? [] : [want(`gidnumber: ${gid}`, set)]),
    ...(shell === undefined ? [] : [want(`loginshell: ${shell}`, set)]),
  ];
}

export function serviceAccountFacts(config: Config, account: ServiceAccount): string[] {
  const { name, displayName, description, managedBy } = account;
  const set = (option: string) => ['kanidm', 'service-account', 'update', name, option];
  const manager = managerFacts(config, managedBy, set(`--entry-managed-by=${managedBy}`));
  const times = validity('service-account', account);
  return [
    command('shown', `displayname: ${displayName}`, ...set(`--displayname=${displayName}`)),
    ...descriptionFacts(description),
    // Only a manager can set the times, so they are set while idm_admin is one.
    ...(managedBy === defaultManager ? [...manager, ...times] : [...times, ...manager]),
    ...leave([description === undefined && 'description', managedBy === undefined && 'entry_managed_by']),
  ];
}

function managerFacts({ kanidm }: Config, managedBy: string | null | undefined, set: readonly string[]): string[] {
  if (managedBy === undefined) return [];
  if (managedBy === null) return [command('cleared', 'entry_managed_by', 'write', '{"entry_managed_by":null}')];
  return [want(`entry_managed_by: ${spn(kanidm, managedBy)}`, set)];
}

const policyFields = [
  ['credentialMinimum', 'credential_type_minimum', 'credential-type-minimum'],
  ['sessionExpiry', 'authsession_expiry', 'auth-expiry'],
  ['privilegeExpiry', 'privilege_expiry', 'privilege-expiry'],
  ['passwordMinimumLength', 'auth_password_minimum_length', 'password-minimum-length'],
] as const;

export function groupFacts(config: Config, group: Group): string[] {
  const { name, description, members, managedBy, posix, policy } = group;
  const set = (...words: readonly string[]) => ['kanidm', 'group', ...words];
  return [
    ...(typeof description === 'string'
      ? [want(`description: ${description}`, kanidm(['group', 'set-description'], name, description))]
      : []),
    ...(description === null ? [command('cleared', 'description', ...set('set-description', name))] : []),
    ...(members
      ? [
          exactly(
            'member',
            members.map((member) => spn(config.kanidm, member)),
            members.length > 0 ? set('set-members', name, ...members) : set('purge-members', name),
          ),
        ]
      : []),
    ...managerFacts(config, managedBy, set('set-entry-manager', name, String(managedBy))),
    ...(posix ? posixFacts(['group', 'posix', 'set'], name, posix) : []),
    ...(policy ? [want('class: account_policy', set('account-policy', 'enable', name))] : []),
    ...policyFields.flatMap(([field, attribute, verb]) => {
      const value = policy?.[field];
      if (value === undefined) return [];
      if (value !== null) return [want(`${attribute}: ${value}`, set('account-policy', verb, name, String(value)))];
      return field === 'credentialMinimum'
        ? [command('cleared', attribute, 'write', `{"${attribute}":null}`)]
        : [command('cleared', attribute, ...set('account-policy', `reset-${verb}`, name))];
    }),
    ...leave([
      description === undefined && 'description',
      members === undefined && 'member',
      managedBy === undefined && 'entry_managed_by',
      posix === undefined && 'gidnumber',
      ...policyFields.map(([field, attribute]) => policy?.[field] === undefined && attribute),
    ]),
  ];
}

export const createCommands = {
  person: ({ name, displayName }: Person) => kanidm(['person', 'create'], name, displayName),
  /**
   * The service account is created with the default manager. The manager in the config may not exist yet, so the
   * runbook sets this manager later, with the other attributes.
   */
  serviceAccount: ({ name, displayName }: ServiceAccount) =>
    kanidm(['service-account', 'create'], name, displayName, defaultManager),
  group: ({ name }: Group) => kanidm(['group', 'create'], name),
};

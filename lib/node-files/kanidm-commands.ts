import type { Client, Config, Group, Person, ServiceAccount, Version } from '../config/config';
import { has } from '../upstream/kanidm-versions';
import { command } from './shell';

/** `--` where a value could be taken for an option. */
const kanidm = (words: readonly string[], ...values: readonly string[]): string =>
  command('kanidm', ...words, ...(values.some((value) => value.startsWith('-')) ? ['--'] : []), ...values);

/**
 * The commands that bring one entry to what the config says, for the client of a server version: an unknown one gets
 * what every client since 1.5 parses. All of them succeed again when repeated.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/tools/cli/src/opt/kanidm.rs
 */
export function personCommands(person: Person, version?: Version): string[] {
  const { name, legalName, mails, sshKeys, posix, displayName } = person;
  const clearable = version !== undefined && has(version, 'the command that clears a legal name');
  const options = [
    `--displayname=${displayName}`,
    ...(legalName ? [`--legalname=${legalName}`] : legalName === null && clearable ? ['--legalname='] : []),
    ...(mails?.map((mail) => `--mail=${mail}`) ?? []),
  ];
  return [
    command('kanidm', 'person', 'update', name, ...options),
    ...Object.entries(sshKeys ?? {}).map(([label, key]) =>
      kanidm(['person', 'ssh', 'add-publickey'], name, label, key),
    ),
    ...(posix ? [command('kanidm', 'person', 'posix', 'set', name, ...gid(posix.gid), ...shell(posix.shell))] : []),
  ];
}

export const serviceAccountCommands = ({ name, displayName, managedBy }: ServiceAccount): string[] => [
  command('kanidm', 'service-account', 'update', name, `--displayname=${displayName}`),
  ...(managedBy ? [command('kanidm', 'service-account', 'update', name, `--entry-managed-by=${managedBy}`)] : []),
];

export function groupCommands({ name, description, members, managedBy, posix, policy }: Group, version?: Version) {
  const policyOf = (verb: string, value: string | number | null | undefined, reset?: string): string[] => {
    if (value === undefined || (value === null && !reset)) return [];
    const words = value === null ? [reset as string, name] : [verb, name, String(value)];
    return [command('kanidm', 'group', 'account-policy', ...words)];
  };
  const describable = version !== undefined && has(version, 'the command for the description of a group');
  return [
    ...(describable && description !== undefined
      ? [kanidm(['group', 'set-description'], name, ...(description === null ? [] : [description]))]
      : []),
    ...(members?.length ? [command('kanidm', 'group', 'add-members', name, ...members)] : []),
    ...(managedBy ? [command('kanidm', 'group', 'set-entry-manager', name, managedBy)] : []),
    ...(posix ? [command('kanidm', 'group', 'posix', 'set', name, ...gid(posix.gid))] : []),
    ...(policy ? [command('kanidm', 'group', 'account-policy', 'enable', name)] : []),
    ...policyOf('credential-type-minimum', policy?.credentialMinimum),
    ...policyOf('auth-expiry', policy?.sessionExpiry, 'reset-auth-expiry'),
    ...policyOf('privilege-expiry', policy?.privilegeExpiry, 'reset-privilege-expiry'),
    ...policyOf('password-minimum-length', policy?.passwordMinimumLength, 'reset-password-minimum-length'),
  ];
}

const oauth2 = (verb: string, name: string, ...values: readonly string[]) =>
  kanidm(['system', 'oauth2', verb], name, ...values);

/** What can be said of a client at any time. */
export function clientCommands(client: Client, version?: Version): string[] {
  const { name } = client;
  const flag = (value: boolean | undefined, on: string, off: string) =>
    value === undefined ? [] : [oauth2(value ? on : off, name)];
  const consent = version !== undefined && has(version, 'the command for the consent prompt');
  return [
    oauth2('set-displayname', name, client.displayName),
    oauth2('set-landing-url', name, client.landingUrl),
    ...(client.redirectUrls ?? []).map((url) => oauth2('add-redirect-url', name, url)),
    ...maps(client.scopes).map(([group, scopes]) => oauth2('update-scope-map', name, group, ...scopes)),
    ...maps(client.supplementaryScopes).map(([group, scopes]) =>
      oauth2('update-sup-scope-map', name, group, ...scopes),
    ),
    ...maps(client.claims).flatMap(([claim, { join, values }]) => [
      ...maps(values).map(([group, list]) => oauth2('update-claim-map', name, claim, group, ...list)),
      oauth2('update-claim-map-join', name, claim, join),
    ]),
    ...flag(client.preferShortUsername, 'prefer-short-username', 'prefer-spn-username'),
    ...flag(client.legacyCrypto, 'warning-enable-legacy-crypto', 'disable-legacy-crypto'),
    ...(consent ? flag(client.consentPrompt, 'enable-consent-prompt', 'disable-consent-prompt') : []),
  ];
}

/** What no migration can set: the flag for loopback addresses, and the image. */
export function clientExtras({ name, type, localhostRedirects, image }: Client): string[] {
  const redirects = localhostRedirects ? 'enable-localhost-redirects' : 'disable-localhost-redirects';
  return [
    ...(type === 'public' && localhostRedirects !== undefined ? [oauth2(redirects, name)] : []),
    ...(image === undefined ? [] : [oauth2('set-image', name, imagePath(image), imageType(image) ?? '')]),
  ];
}

export const createCommands = {
  person: ({ name, displayName }: Person) => kanidm(['person', 'create'], name, displayName),
  serviceAccount: ({ name, displayName, managedBy }: ServiceAccount) =>
    kanidm(['service-account', 'create'], name, displayName, managedBy ?? 'idm_admins'),
  group: ({ name }: Group) => kanidm(['group', 'create'], name),
  client: ({ name, displayName, type, landingUrl }: Client) =>
    oauth2(type === 'public' ? 'create-public' : 'create', name, displayName, landingUrl),
};

const gid = (number: number | undefined): string[] => (number === undefined ? [] : [`--gidnumber=${number}`]);
const shell = (path: string | undefined): string[] => (path === undefined ? [] : [`--shell=${path}`]);
const maps = <T>(map: Readonly<Record<string, T>> | undefined): [string, T][] => Object.entries(map ?? {});

/** A path that no command takes for an option. */
const imagePath = (path: string): string => (/^(\.{0,2}\/)/.test(path) ? path : `./${path}`);

const imageTypes: Readonly<Record<string, string>> = {
  png: 'png',
  jpg: 'jpg',
  jpeg: 'jpg',
  gif: 'gif',
  svg: 'svg',
  webp: 'webp',
};

/** What Kanidm calls the type of an image, by the file's name; `undefined` for one that it doesn't take. */
export const imageType = (path: string): string | undefined =>
  imageTypes[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];

export const removeCommands = (config: Config): { get: string[]; remove: string[] }[] => [
  ...gone(config.people, ['person']),
  ...gone(config.serviceAccounts, ['service-account']),
  ...gone(config.groups, ['group']),
  ...gone(config.clients, ['system', 'oauth2']),
];

const gone = (map: ReadonlyMap<string, { name: string; absent?: boolean }>, words: string[]) =>
  [...map.values()]
    .filter(({ absent }) => absent)
    .map(({ name }) => ({ get: [...words, 'get', name], remove: ['kanidm', ...words, 'delete', name] }));

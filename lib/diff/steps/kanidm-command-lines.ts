import type { Client, Group, Person, ServiceAccount, Version } from '../../config/config';
import { own } from '../../guards';
import { imagePath, imageType } from '../../node-files/client-facts';
import { clearsLegalName, encoded } from '../../node-files/entry-facts';
import { command, comment } from '../../node-files/shell';
import { isOfIdmAdmin } from '../../upstream/kanidm-builtin';
import { isSame, listDifference } from '../values';

/*
 * Commands of the kanidm client that change one entry from its old to its new fields. Each command was checked against
 * the source of the client.
 * https://github.com/kanidm/kanidm/blob/v1.11.1/tools/cli/src/opt/kanidm.rs
 */

/** Returns a command line, with `--` before the values if one of them could be mistaken for an option. */
export const kanidm = (words: readonly string[], ...values: readonly string[]): string =>
  command('kanidm', ...words, ...(values.some((value) => value.startsWith('-')) ? ['--'] : []), ...values);

const oauth2 = (verb: string, ...values: readonly string[]): string => kanidm(['system', 'oauth2', verb], ...values);

/** Returns a comment for a change for which the client has no command. */
export const byRunbook = (what: string): string =>
  comment(`${what}: the kanidm client has no command for this; run the runbook`);

/**
 * Returns a comment about a changed description of an account. The runbook does not write the description, and only
 * compares it with the one in Kanidm.
 */
export function descriptionLines(
  sides: readonly [Before<Person | ServiceAccount>, Person | ServiceAccount],
  what: string,
) {
  const lines = [
    comment(
      `idm_admin is not allowed to write the description of ${what}: the runbook only reports if Kanidm has a different description`,
    ),
  ];
  return changed(sides, 'description', () => lines, lines);
}

/** The old fields of an entry, without those that were not set; `undefined` for a new entry. */
export type Before<T> = Partial<T> | undefined;

const isSet = <V>(value: V): value is NonNullable<V> => value !== null && value !== undefined;

/**
 * Returns the commands for a changed field. A field that was removed from the config keeps its value in Kanidm.
 * @param cleared the commands if the value is `null`. Most fields cannot be `null`.
 */
export function changed<T, K extends keyof T>(
  [before, after]: readonly [Before<T>, T],
  field: K,
  commands: (value: NonNullable<T[K]>, was: T[K] | undefined) => readonly string[],
  cleared: readonly string[] = [],
): string[] {
  const [was, is] = [before?.[field], after[field]];
  if (isSame(was, is) || is === undefined) return [];
  return isSet(is) ? [...commands(is, was)] : [...cleared];
}

/** Returns the removed keys of a map, and the keys with a new or changed value. */
function mapDifference<T>(before: Readonly<Record<string, T>> | undefined, after: Readonly<Record<string, T>>) {
  const at = (key: string) => own(before, key);
  return {
    gone: Object.keys(before ?? {}).filter((key) => !Object.hasOwn(after, key)),
    set: Object.entries(after).filter(([key, value]) => !isSame(at(key), value)),
    changed: Object.keys(after).filter((key) => at(key) !== undefined && !isSame(at(key), own(after, key))),
  };
}

export function personLines(before: Before<Person>, after: Person, version?: Version): string[] {
  const { name } = after;
  const update = (option: string) => command('kanidm', 'person', 'update', name, option);
  return [
    ...(before ? [] : [kanidm(['person', 'create'], name, after.displayName)]),
    ...(before ? changed([before, after], 'displayName', (value) => [update(`--displayname=${value}`)]) : []),
    ...descriptionLines([before, after], `person ${name}`),
    ...changed([before, after], 'legalName', (value) => [update(`--legalname=${value}`)], [
      clearsLegalName(version) ? update('--legalname=') : byRunbook(`clear the legal name of ${name}`),
    ]),
    ...changed([before, after], 'mails', (mails) =>
      mails.length === 0
        ? [byRunbook(`clear the mail of ${name}`)]
        : [command('kanidm', 'person', 'update', name, ...mails.map((mail) => `--mail=${mail}`))],
    ),
    ...changed([before, after], 'sshKeys', (keys, was) => {
      const { gone, set, changed: others } = mapDifference(was, keys);
      return [
        // From 1.10 on, the client stores an encoded label, but deletes a label as it is written. It is no error if
        // there is no such key.
        ...[...gone, ...others]
          .flatMap((label) => [...new Set([label, encoded(label)])])
          .map((label) => kanidm(['person', 'ssh', 'delete-publickey'], name, label)),
        ...set.map(([label, key]) => kanidm(['person', 'ssh', 'add-publickey'], name, label, key)),
      ];
    }),
    ...posixLines('person', name, before?.posix, after.posix),
    ...validityLines('person', before, after),
    ...(before ? [] : [kanidm(['person', 'credential', 'create-reset-token'], name)]),
  ];
}

type Posix = Person['posix'] | Group['posix'];

function posixLines(kind: 'person' | 'group', name: string, before: Posix, after: Posix): string[] {
  if (after === undefined || isSame(before, after)) return [];
  const options = [
    ...(after.gid === undefined ? [] : [`--gidnumber=${after.gid}`]),
    ...('shell' in after && after.shell !== undefined ? [`--shell=${after.shell}`] : []),
  ];
  return [command('kanidm', kind, 'posix', 'set', name, ...options)];
}

/**
 * Returns the commands for the times between which an account is valid. Migrations cannot set these times.
 * @param manager the manager of a service account when the commands run: only a manager may set the times
 */
export function validityLines(
  kind: 'person' | 'service-account',
  before: Before<Person | ServiceAccount>,
  after: Person | ServiceAccount,
  manager?: string | null,
): string[] {
  const line = (verb: string, time: string) => kanidm([kind, 'validity', verb], after.name, time);
  const cleared = (verb: string, was: unknown) => (typeof was === 'string' ? [line(verb, 'clear')] : []);
  const lines = [
    ...changed(
      [before, after],
      'validFrom',
      (time) => [line('begin-from', time)],
      cleared('begin-from', before?.validFrom),
    ),
    ...changed([before, after], 'expires', (time) => [line('expire-at', time)], cleared('expire-at', before?.expires)),
  ];
  if (lines.length === 0 || manager === undefined || (manager !== null && isOfIdmAdmin(manager))) return lines;
  const why =
    manager === null
      ? `service account ${after.name} has no manager, and only a manager may set its times: Kanidm refuses this`
      : `only its manager may set the times of service account ${after.name}: Kanidm refuses this unless idm_admin belongs to ${manager}`;
  return [comment(why), ...lines];
}

const policies = [
  ['credentialMinimum', 'credential-type-minimum', undefined],
  ['sessionExpiry', 'auth-expiry', 'reset-auth-expiry'],
  ['privilegeExpiry', 'privilege-expiry', 'reset-privilege-expiry'],
  ['passwordMinimumLength', 'password-minimum-length', 'reset-password-minimum-length'],
] as const;

export function groupLines(before: Before<Group>, after: Group): string[] {
  const { name, policy } = after;
  const group = (verb: string, ...values: readonly string[]) => kanidm(['group', verb], name, ...values);
  const account = (verb: string, ...values: readonly string[]) =>
    kanidm(['group', 'account-policy', verb], name, ...values);
  return [
    ...(before ? [] : [kanidm(['group', 'create'], name)]),
    ...changed([before, after], 'description', (value) => [group('set-description', value)], [
      group('set-description'),
    ]),
    ...changed([before, after], 'members', (members, was) => memberLines(group, was ?? undefined, members)),
    ...changed([before, after], 'managedBy', (value) => [group('set-entry-manager', value)], [
      byRunbook(`remove the manager of group ${name}`),
    ]),
    ...posixLines('group', name, before?.posix, after.posix),
    ...(policy && !before?.policy ? [account('enable')] : []),
    ...policies.flatMap(([field, verb, reset]) =>
      changed([before?.policy, policy ?? {}], field, (value) => [account(verb, String(value))], [
        reset === undefined ? byRunbook(`clear ${field} of group ${name}`) : account(reset),
      ]),
    ),
  ];
}

type GroupCommand = (verb: string, ...values: readonly string[]) => string;

function memberLines(group: GroupCommand, before: readonly string[] | undefined, after: readonly string[]): string[] {
  // The config did not list the members before, so the old members are unknown, and all members are set.
  if (before === undefined) return [after.length > 0 ? group('set-members', ...after) : group('purge-members')];
  const { added, removed } = listDifference(before, after);
  return [
    ...(removed.length > 0 ? [group('remove-members', ...removed.map(String))] : []),
    ...(added.length > 0 ? [group('add-members', ...added.map(String))] : []),
  ];
}

const flags = [
  ['preferShortUsername', 'prefer-short-username', 'prefer-spn-username'],
  ['legacyCrypto', 'warning-enable-legacy-crypto', 'disable-legacy-crypto'],
  ['disablePkce', 'warning-insecure-client-disable-pkce', 'enable-pkce'],
  ['consentPrompt', 'enable-consent-prompt', 'disable-consent-prompt'],
] as const;

/** Whether Kanidm turns a flag on when it creates a client. */
const isOnAtFirst = (field: (typeof flags)[number][0]): boolean => field === 'consentPrompt';

export function clientLines(before: Before<Client>, after: Client): string[] {
  const { name, displayName, type, landingUrl } = after;
  return [
    ...(before ? [] : [oauth2(type === 'public' ? 'create-public' : 'create', name, displayName, landingUrl)]),
    ...(before && before.type !== type
      ? [comment(`the type of client ${name} cannot be changed: delete the client and create it again`)]
      : []),
    ...(before ? changed([before, after], 'displayName', (value) => [oauth2('set-displayname', name, value)]) : []),
    ...changed([before, after], 'description', () => [byRunbook(`set the description of client ${name}`)], [
      byRunbook(`clear the description of client ${name}`),
    ]),
    ...(before ? changed([before, after], 'landingUrl', (value) => [oauth2('set-landing-url', name, value)]) : []),
    ...changed([before, after], 'redirectUrls', (urls, was) => {
      const { added, removed } = listDifference(was, urls);
      return [
        ...removed.map((url) => oauth2('remove-redirect-url', name, String(url))),
        ...added.map((url) => oauth2('add-redirect-url', name, String(url))),
      ];
    }),
    ...scopeLines(name, 'scope-map', before?.scopes, after.scopes),
    ...scopeLines(name, 'sup-scope-map', before?.supplementaryScopes, after.supplementaryScopes),
    ...claimLines(name, before?.claims, after.claims),
    ...flags.flatMap(([field, on, off]) =>
      changed(
        [before, after],
        field,
        (value) => (!before && value === isOnAtFirst(field) ? [] : [oauth2(value ? on : off, name)]),
        [],
      ),
    ),
    // A flag that is not set is turned off. The consent prompt, however, keeps its value in Kanidm.
    ...flags
      .filter(([field]) => !isOnAtFirst(field))
      .filter(([field]) => before?.[field] === true && after[field] === undefined)
      .map(([, , off]) => oauth2(off, name)),
  ];
}

function scopeLines(
  name: string,
  map: 'scope-map' | 'sup-scope-map',
  before: Client['scopes'],
  after: Client['scopes'],
): string[] {
  if (after === undefined) return [];
  const { gone, set } = mapDifference(before, after);
  return [
    ...gone.map((group) => oauth2(`delete-${map}`, name, group)),
    ...set.map(([group, scopes]) => oauth2(`update-${map}`, name, group, ...scopes)),
  ];
}

function claimLines(name: string, before: Client['claims'], after: Client['claims']): string[] {
  if (after === undefined) return [];
  const claims = new Set([...Object.keys(before ?? {}), ...Object.keys(after)]);
  return [...claims].flatMap((claim) => {
    const was = own(before, claim);
    const is = own(after, claim);
    const { gone, set } = mapDifference(was?.values, is?.values ?? {});
    const join = is && (!isSame(was?.join, is.join) || set.length > 0) ? (is.join ?? 'array') : undefined;
    return [
      ...gone.map((group) => oauth2('delete-claim-map', name, claim, group)),
      ...set.map(([group, values]) => oauth2('update-claim-map', name, claim, group, ...values)),
      ...(join === undefined ? [] : [oauth2('update-claim-map-join', name, claim, join)]),
    ];
  });
}

/** Returns the commands for fields that migrations cannot set: loopback redirects and the logo image. */
export function extraLines(before: Before<Client>, after: Client): string[] {
  const { name, type } = after;
  return [
    ...(type === 'public'
      ? changed(
          [before, after],
          'localhostRedirects',
          (value) =>
            !before && !value
              ? []
              : [oauth2(value ? 'enable-localhost-redirects' : 'disable-localhost-redirects', name)],
          [],
        )
      : []),
    ...changed([before, after], 'image', (image) => [
      typeof image === 'string'
        ? oauth2('set-image', name, imagePath(image), imageType(image) ?? '')
        : comment(`set the logo image of client ${name}: run the runbook, which downloads it`),
    ]),
  ];
}

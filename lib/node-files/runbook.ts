import type { Config } from '../config/config';
import { type Entry, type EntryKind, entriesOf, kinds } from '../identity/entries';
import { serverVersion } from '../identity/server-version';
import { uuidOf } from '../identity/uuid';
import { has } from '../upstream/kanidm-versions';
import { clientExtras, clientFacts, createClient } from './client-facts';
import { createCommands, groupFacts, personFacts, serviceAccountFacts, validity } from './entry-facts';
import { attributeFunctions } from './runbook-attributes';
import { entryFunctions } from './runbook-entries';
import { recovery } from './runbook-recovery';
import { summaryFunctions } from './runbook-summary';
import { command, comment, quote } from './shell';

/**
 * Returns a POSIX shell script that makes Kanidm match the config. An administrator can run it as often as they like.
 * With `provision: migrations` it only creates reset tokens and sets what migrations cannot set: logo images, the times
 * between which accounts are valid, and the flag for loopback redirects.
 */
export function runbook(config: Config): string {
  const parts = [
    head(config),
    entryFunctions.trimEnd(),
    attributeFunctions.trimEnd(),
    summaryFunctions.trimEnd(),
    named(config),
    start(config),
    login,
    comparison(config),
    ...(config.kanidm.provision === 'migrations' ? [] : [changes(config)]),
    facts(config),
    end(config),
  ];
  return parts.map((part) => `${part}\n`).join('\n');
}

const head = ({ kanidm }: Config) => `#!/bin/sh
${comment(`Makes Kanidm at ${kanidm.origin} match kaniflux.yaml. Kaniflux generates this file: change kaniflux.yaml instead.
Run it in the folder of kaniflux.yaml, as often as you like. It needs the \`kanidm\` client in the version of the server.

  sh runbook.sh               changes what differs from the config, and lists what it did not change
  sh runbook.sh NAME...       also prints a reset token for each of these people, to set a first or a new credential
  RECOVER=yes sh runbook.sh   first sets new passwords for admin and idm_admin, the break-glass accounts of Kanidm

Exit codes: 0 Kanidm matches the config, 1 something failed (see the list at the end), 2 the run was stopped.`)}
set -u
umask 077
export KANIDM_URL=${quote(kanidm.origin)} KANIDM_NAME=idm_admin KANIDM_OUTPUT=text NO_COLOR=1
looking=no last=`;

const present = (config: Config): { kind: EntryKind; entry: Entry }[] =>
  [...entriesOf(config)].filter(({ entry }) => !entry.absent);

/**
 * The name of each kind of entry in the functions of the runbook. The name is also the subcommand of `kanidm`, if
 * `kanidm` has one for this kind.
 */
const word: Readonly<Record<EntryKind, string>> = {
  person: 'person',
  'service account': 'service-account',
  group: 'group',
  client: 'client',
};

const section = Object.fromEntries(kinds.map(({ kind, map }) => [kind, map]));

/** Renders a check of the arguments. Without the check, a misspelt name would silently get no token. */
function named({ people }: Config): string {
  const names = [...people.values()].filter(({ absent }) => !absent).map(({ name }) => name);
  return [
    comment('The arguments are the people who get a reset token.'),
    `people=${quote(` ${names.join(' ')} `)}`,
    'for name in "$@"; do',
    '  case $people in',
    '    *" $name "*) ;;',
    '    *) stop "the config has no person $name" ;;',
    '  esac',
    'done',
  ].join('\n');
}

function start(config: Config): string {
  return [
    comment('A folder for the entries that are read from Kanidm.'),
    'work=$(mktemp -d) || exit 2',
    `trap 'rm -rf "$work"' EXIT`,
    `trap 'exit 2' HUP INT TERM`,
    'touch "$work/left" "$work/failed" "$work/ids"',
    ...certificateAuthority(config),
    ...recovery(config),
  ].join('\n');
}

/**
 * Renders the lines that write the CA certificate from the config to a file, which the command `kanidm` reads. If the
 * user has set KANIDM_CA_PATH, `kanidm` reads the file of the user instead, because `kanidm` reads only one CA file.
 */
function certificateAuthority({ clusters }: Config): string[] {
  const pem = [...clusters.values()].map(({ authentication }) => authentication.ca?.pem).find((text) => text);
  const paths = [...clusters.values()].some(({ authentication }) => authentication.ca);
  if (pem === undefined) {
    return paths
      ? [
          '',
          comment(
            'Kanidm uses a private CA. If this machine does not trust it, set KANIDM_CA_PATH to its certificate.',
          ),
        ]
      : [];
  }
  return [
    '',
    comment('The CA of Kanidm, from the config.'),
    `if [ -z "\${KANIDM_CA_PATH:-}" ]; then`,
    `  cat >"$work/ca.pem" <<'END OF CERTIFICATE'`,
    pem.trim(),
    'END OF CERTIFICATE',
    '  export KANIDM_CA_PATH="$work/ca.pem"',
    'fi',
  ];
}

const login = `${comment('Asks for the password of idm_admin.')}
kanidm login || stop "idm_admin could not sign in$hint"`;

/** The classes of the entries that can be created with a given UUID: Kanidm allows this for people and groups only. */
const classes: Readonly<Partial<Record<EntryKind, readonly string[]>>> = {
  person: ['person', 'account'],
  group: ['group'],
};

const canGiveUuid = (config: Config, kind: EntryKind): boolean => {
  const version = serverVersion(config.kanidm);
  return classes[kind] !== undefined && (version === undefined || has(version, '`kanidm raw` with SCIM entries'));
};

function comparison(config: Config): string {
  const migrated = config.kanidm.provision === 'migrations';
  const lines = present(config).map(({ kind, entry }) => {
    const id = uuidOf(config, kind, entry);
    const makes = migrated || canGiveUuid(config, kind);
    return command(
      'entry',
      word[kind],
      entry.name,
      section[kind] ?? '',
      id ?? '-',
      (migrated ? undefined : entry.formerly) ?? '-',
      ...(id !== undefined && makes ? ['made-with-it'] : []),
    );
  });
  const made = migrated ? present(config).map(({ kind, entry }) => command('there', word[kind], entry.name)) : [];
  return [comment('All UUIDs are compared before anything is changed.'), ...lines, 'compared', ...made].join('\n');
}

/**
 * Renders the commands that delete, rename and create entries, in this order: a name must be free before another entry
 * takes it. Attributes are set later, because members and groups must exist by then.
 */
function changes(config: Config): string {
  const gone = [...entriesOf(config)].filter(({ entry }) => entry.absent);
  return [
    comment(
      'Delete the entries that are `absent` in the config, rename those with another name in Kanidm, and create those that are missing.',
    ),
    ...gone.map(({ kind, entry }) => removal(config, kind, entry)),
    'renamed',
    ...present(config).map(({ kind, entry }) =>
      command('new', word[kind], entry.name, ...creation(config, kind, entry)),
    ),
    ...present(config).flatMap(({ entry }) =>
      'mails' in entry && entry.mails?.length ? [command('mails', entry.name, ...entry.mails)] : [],
    ),
    'free_mails',
  ].join('\n');
}

function removal(config: Config, kind: EntryKind, entry: Entry): string {
  const id = uuidOf(config, kind, entry);
  const isTaken = [...entriesOf(config)].some((one) => one.kind === kind && one.entry.name === entry.formerly);
  const former = id === undefined && entry.formerly !== undefined && !isTaken ? [entry.formerly] : [];
  return command('remove', word[kind], entry.name, id ?? '-', ...former);
}

function creation(config: Config, kind: EntryKind, entry: Entry): readonly string[] {
  const id = uuidOf(config, kind, entry);
  if (id !== undefined && classes[kind] && canGiveUuid(config, kind)) {
    const { name } = entry;
    const shown = 'displayName' in entry ? { displayname: entry.displayName } : {};
    return ['make', JSON.stringify({ class: classes[kind], uuid: id, name, ...shown })];
  }
  const { people, serviceAccounts, groups, clients } = config;
  const [person, account] = [people.get(entry.name), serviceAccounts.get(entry.name)];
  const [group, client] = [groups.get(entry.name), clients.get(entry.name)];
  if (kind === 'person' && person) return createCommands.person(person);
  if (kind === 'service account' && account) return createCommands.serviceAccount(account);
  if (kind === 'group' && group) return createCommands.group(group);
  if (kind === 'client' && client) return createClient(client);
  throw new Error(`internal error: ${kind} ${entry.name} is not in the config`);
}

interface About {
  readonly kind: EntryKind;
  readonly name: string;
  readonly lines: readonly string[];
}

function facts(config: Config): string {
  const about = config.kanidm.provision === 'migrations' ? besideMigrations(config) : everything(config);
  return [
    comment(
      'Set the attributes of each entry, in two passes. The second pass checks the entries that the first pass changed.',
    ),
    'entries() {',
    '  :',
    ...about.flatMap(({ kind, name, lines }) => [
      '',
      `  if ${command('about', word[kind], name)}; then`,
      ...lines.map((line) => `    ${line}`),
      '  fi',
    ]),
    '}',
    'entries',
    'looking=yes',
    'entries',
  ].join('\n');
}

function everything(config: Config): About[] {
  const version = serverVersion(config.kanidm);
  const here = <T extends Entry>(map: ReadonlyMap<string, T>) => [...map.values()].filter(({ absent }) => !absent);
  const about = (kind: EntryKind, { name }: Entry, lines: readonly string[]): About => ({ kind, name, lines });
  return [
    ...here(config.people).map((person) => about('person', person, personFacts(person, version))),
    ...here(config.serviceAccounts).map((one) => about('service account', one, serviceAccountFacts(config, one))),
    ...here(config.groups).map((group) => about('group', group, groupFacts(config, group))),
    ...here(config.clients).map((client) =>
      about('client', client, [...clientFacts(config, client), ...clientExtras(client)]),
    ),
  ];
}

/** Returns the lines that set what a migration cannot set. No line creates an entry: the migrations do. */
function besideMigrations(config: Config): About[] {
  const here = <T extends Entry>(map: ReadonlyMap<string, T>) => [...map.values()].filter(({ absent }) => !absent);
  const set = (lines: readonly string[]) => lines.some((line) => !line.startsWith('leave '));
  return [
    ...here(config.people).map((one) => ({ kind: 'person', name: one.name, lines: validity('person', one) }) as const),
    ...here(config.serviceAccounts).map(
      (one) => ({ kind: 'service account', name: one.name, lines: validity('service-account', one) }) as const,
    ),
    ...here(config.clients).map((one) => ({ kind: 'client', name: one.name, lines: clientExtras(one) }) as const),
  ].filter(({ lines }) => set(lines));
}

/** Renders the end of the script: entries that are not in the config, reset tokens, and the summary. */
function end(config: Config): string {
  const own = (kind: EntryKind) =>
    [...entriesOf(config)].filter((one) => one.kind === kind).map(({ entry }) => entry.name);
  const unknown = present(config).filter(
    ({ kind, entry }) => (kind === 'person' || kind === 'service account') && uuidOf(config, kind, entry) === undefined,
  );
  const secrets = [...config.clients.values()]
    .filter(({ absent, type }) => !absent && type === 'basic')
    .map(({ name }) =>
      comment(`To print the secret of ${name}: ${command('kanidm', 'system', 'oauth2', 'show-basic-secret', name)}`),
    );
  return [
    comment('Entries of Kanidm that are not in the config.'),
    ...kinds.map(({ kind }) => command('others', word[kind], ...own(kind))),
    ...unknown.map(({ kind, entry }) => command('known_as', word[kind], entry.name, section[kind] ?? '')),
    '',
    comment('Reset tokens. Whoever has the token can sign in as the person. Each is printed once.'),
    'for name in "$@"; do',
    '  kanidm person credential create-reset-token "$name" || failed "a reset token for $name"',
    'done',
    ...secrets,
    'finish "$@"',
  ].join('\n');
}

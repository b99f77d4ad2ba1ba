import type { Config } from '../config/config';
import { type Entry, type EntryKind, entriesOf, kinds } from '../identity/entries';
import { serverVersion } from '../identity/server-version';
import { uuidOf } from '../identity/uuid';
import { chartFacts } from '../upstream/kanidm-chart';
import { has } from '../upstream/kanidm-versions';
import { clientExtras, clientFacts, createClient } from './client-facts';
import { createCommands, groupFacts, personFacts, serviceAccountFacts, validity } from './entry-facts';
import { runbookFunctions } from './runbook-functions';
import { command, comment, quote } from './shell';

/**
 * What a person does in Kanidm by hand, as a POSIX shell script that brings it to what the config says, however often
 * it is run: with `provision: runbook` all of it, with `migrations` what those can't do (reset tokens, images, when an
 * account is valid, the flag for loopback redirects).
 */
export function runbook(config: Config): string {
  const parts = [
    head(config),
    runbookFunctions.trimEnd(),
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
${comment(`The Kanidm side of ${kanidm.origin}, by hand. Kaniflux makes this file from kaniflux.yaml: change that one.
Run it in the folder of kaniflux.yaml, as often as you like; it needs the \`kanidm\` client, as old as the server.

  RECOVER=yes sh runbook.sh   the first time: new passwords for Kanidm's two break-glass accounts
  sh runbook.sh               brings Kanidm to what the config says, and lists what it left alone
  sh runbook.sh NAME...         the same, and a reset token for these people, to set a first or a new credential

Exit codes: 0 all is as the config says, 1 something failed and is named at the end, 2 nothing was changed.`)}
set -u
umask 077
export KANIDM_URL=${quote(kanidm.origin)} KANIDM_NAME=idm_admin KANIDM_OUTPUT=text NO_COLOR=1
looking=no last=`;

const present = (config: Config): { kind: EntryKind; entry: Entry }[] =>
  [...entriesOf(config)].filter(({ entry }) => !entry.absent);

/** What the runbook's functions call a kind: the word of the client where there is one. */
const word: Readonly<Record<EntryKind, string>> = {
  person: 'person',
  'service account': 'service-account',
  group: 'group',
  client: 'client',
};

const section = Object.fromEntries(kinds.map(({ kind, map }) => [kind, map]));

/** A misspelt name would be a token that nobody gets. */
function named({ people }: Config): string {
  const names = [...people.values()].filter(({ absent }) => !absent).map(({ name }) => name);
  return [
    comment('Who gets a reset token.'),
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
    comment('What is read from Kanidm lies here until the end.'),
    'work=$(mktemp -d) || exit 2',
    `trap 'rm -rf "$work"' EXIT`,
    `trap 'exit 2' HUP INT TERM`,
    'touch "$work/left" "$work/failed" "$work/ids"',
    ...certificateAuthority(config),
    ...recovery(config),
  ].join('\n');
}

/** The CA that the clusters are told of, unless the environment names one: the client takes one certificate. */
function certificateAuthority({ clusters }: Config): string[] {
  const pem = [...clusters.values()].map(({ authentication }) => authentication.ca?.pem).find((text) => text);
  const paths = [...clusters.values()].some(({ authentication }) => authentication.ca);
  if (pem === undefined) {
    return paths
      ? [
          '',
          comment(
            "Kanidm has a CA of its own: set KANIDM_CA_PATH to its certificate where this machine doesn't trust it.",
          ),
        ]
      : [];
  }
  return [
    '',
    comment("Kanidm's CA, from the config."),
    `if [ -z "\${KANIDM_CA_PATH:-}" ]; then`,
    `  cat >"$work/ca.pem" <<'END OF CERTIFICATE'`,
    pem.trim(),
    'END OF CERTIFICATE',
    '  export KANIDM_CA_PATH="$work/ca.pem"',
    'fi',
  ];
}

/** Sets new passwords, so it runs only where it is asked for. */
function recovery({ kanidm }: Config): string[] {
  const server = inPod(kanidm);
  return [
    '',
    comment('Break-glass accounts: each password is printed once. Keep them where you keep such things.'),
    ...(server.length === 0
      ? [comment('`kanidmd` is in the pod of Kanidm, or on its host: run these two there.')]
      : []),
    `if [ "\${RECOVER:-no}" = yes ]; then`,
    ...['admin', 'idm_admin'].map(
      (account) =>
        `  ${command(...server, 'kanidmd', 'recover-account', account)} || stop ${quote(`no new password for ${account}`)}`,
    ),
    'fi',
  ];
}

/** The way into the pod, where Kaniflux knows what it is called. */
function inPod({ helm, manifests, namespace }: Config['kanidm']): string[] {
  const kind = manifests ? 'StatefulSet' : helm && chartFacts(helm)?.workload;
  if (!kind) return [];
  return ['kubectl', 'exec', '--stdin', '--tty', `--namespace=${namespace}`, `${kind.toLowerCase()}/kanidm`, '--'];
}

const login = `${comment('Asks for the password of idm_admin.')}
kanidm login || stop 'idm_admin could not sign in'`;

/** The classes of what the client can make with a UUID that is given: Kanidm lets it be set for these two only. */
const classes: Readonly<Partial<Record<EntryKind, readonly string[]>>> = {
  person: ['person', 'account'],
  group: ['group'],
};

const canGiveUuid = (config: Config, kind: EntryKind): boolean => {
  const version = serverVersion(config.kanidm);
  return classes[kind] !== undefined && (version === undefined || has(version, 'kanidm raw in the form of SCIM'));
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
  return [comment('Nothing is changed before every UUID was compared.'), ...lines, 'compared', ...made].join('\n');
}

/** What comes and goes, before what each entry holds: a name has to be free, and members and groups there. */
function changes(config: Config): string {
  const gone = [...entriesOf(config)].filter(({ entry }) => entry.absent);
  return [
    comment('What is absent goes, what has another name gets it, and what is not there is made.'),
    ...gone.map(({ kind, entry }) => command('remove', word[kind], entry.name, uuidOf(config, kind, entry) ?? '-')),
    'renamed',
    ...present(config).map(({ kind, entry }) =>
      command('new', word[kind], entry.name, ...creation(config, kind, entry)),
    ),
  ].join('\n');
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
    comment('What each entry holds: set where it differs, then looked at again where something was set.'),
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

/** What a migration can't set. Its entries are there once Kanidm has started with it. */
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

/** What the config doesn't say, the tokens, and what failed. */
function end(config: Config): string {
  const own = (kind: EntryKind) =>
    [...entriesOf(config)].filter((one) => one.kind === kind).map(({ entry }) => entry.name);
  const unknown = present(config).filter(
    ({ kind, entry }) => (kind === 'person' || kind === 'service account') && uuidOf(config, kind, entry) === undefined,
  );
  const secrets = [...config.clients.values()]
    .filter(({ absent, type }) => !absent && type === 'basic')
    .map(({ name }) =>
      comment(`The secret of ${name}: ${command('kanidm', 'system', 'oauth2', 'show-basic-secret', name)}`),
    );
  return [
    comment('What Kanidm has beside the config.'),
    ...kinds.map(({ kind }) => command('others', word[kind], ...own(kind))),
    ...unknown.map(({ kind, entry }) => command('known_as', word[kind], entry.name, section[kind] ?? '')),
    '',
    comment('Reset tokens: each is a way into the account, and is printed once.'),
    'for name in "$@"; do',
    '  kanidm person credential create-reset-token "$name" || failed "a reset token for $name"',
    'done',
    ...secrets,
    'finish',
  ].join('\n');
}

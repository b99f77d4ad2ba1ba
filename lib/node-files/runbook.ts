import type { Config } from '../config/config';
import { type Entry, type EntryKind, entriesOf, kinds } from '../identity/entries';
import { serverVersion } from '../identity/server-version';
import { uuidOf } from '../identity/uuid';
import { clientExtras, clientFacts } from './client-facts';
import { groupFacts, personFacts, serviceAccountFacts, validity } from './entry-facts';
import { attributeFunctions } from './runbook-attributes';
import { entryFunctions } from './runbook-entries';
import { changes, comparison, isMigrated, present, section, word } from './runbook-entry-lines';
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
    ...(isMigrated(config) ? [] : [changes(config)]),
    facts(config),
    end(config),
  ];
  return parts.map((part) => `${part}\n`).join('\n');
}

/** What the runbook does, what holds after a run without a failure, and what the last line says besides. */
const texts = (config: Config) =>
  isMigrated(config)
    ? {
        aim: `Sets in Kanidm at ${config.kanidm.origin} those values of kaniflux.yaml that migrations cannot set.`,
        result: 'Kanidm has the entries of the config',
        limit: '; the attributes that migrations set were not compared',
      }
    : {
        aim: `Makes Kanidm at ${config.kanidm.origin} match kaniflux.yaml.`,
        result: 'Kanidm matches the config',
        limit: '',
      };

const head = (config: Config, { aim, result, limit } = texts(config)) => `#!/bin/sh
${comment(`${aim} Kaniflux generates this file: change kaniflux.yaml instead.
Run it in the folder of kaniflux.yaml, as often as you like. It needs the \`kanidm\` client in the version of the server.

  sh runbook.sh               changes what differs from the config, and lists what it did not change
  sh runbook.sh NAME...       also prints a reset token for each of these people, to set a first or a new credential
  RECOVER=yes sh runbook.sh   first sets new passwords for admin and idm_admin, the break-glass accounts of Kanidm

Exit codes: 0 ${result}, 1 something failed (see the list at the end), 2 the run was stopped.`)}
set -u
umask 077
export KANIDM_URL=${quote(config.kanidm.origin)} KANIDM_NAME=idm_admin KANIDM_OUTPUT=text NO_COLOR=1
looking=no last= outcome=${quote(result + limit)}`;

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

interface About {
  readonly kind: EntryKind;
  readonly name: string;
  readonly lines: readonly string[];
}

function facts(config: Config): string {
  const about = isMigrated(config) ? besideMigrations(config) : everything(config);
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
    comment(
      'Reset tokens. Whoever has a token can sign in as the person. Each token is printed once.\nThe client exits with 0 even if Kanidm refuses the token, so its output is checked.',
    ),
    'for name in "$@"; do',
    '  kanidm person credential create-reset-token "$name" | tee "$work/out"',
    `  grep -q use-reset-token "$work/out" || failed "a reset token for $name"`,
    'done',
    ...secrets,
    'finish "$@"',
  ].join('\n');
}

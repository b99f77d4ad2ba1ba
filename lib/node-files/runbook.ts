import type { Config } from '../config/config';
import { serverVersion } from '../identity/server-version';
import { chartFacts } from '../upstream/kanidm-chart';
import {
  clientCommands,
  clientExtras,
  createCommands,
  groupCommands,
  personCommands,
  removeCommands,
  serviceAccountCommands,
} from './kanidm-commands';
import { command, comment, quote } from './shell';

/**
 * What a person does in Kanidm by hand, as a POSIX shell script that can be run again: with `provision: runbook` all of
 * it, with `migrations` what those can't do (credentials, images, the flag for loopback redirects).
 */
export function runbook(config: Config): string {
  const sections = config.kanidm.provision === 'migrations' ? rest(config) : everything(config);
  return [head(config), ...recovery(config), login, ...sections, tokens(config)].map((part) => `${part}\n`).join('\n');
}

const head = ({ kanidm }: Config) => `#!/bin/sh
${comment(`The Kanidm side of ${kanidm.origin}, by hand. Kaniflux makes this file from kaniflux.yaml: change that one.
Run it in the folder of kaniflux.yaml, as often as you like; it needs the \`kanidm\` client, as old as the server.

  RECOVER=yes sh runbook.sh   the first time: new passwords for Kanidm's two break-glass accounts
${usage(kanidm)}

A client before 1.8 exits 0 on most errors: read what it prints.`)}
set -eu
export KANIDM_URL=${quote(kanidm.origin)} KANIDM_NAME=idm_admin KANIDM_OUTPUT=text
recover=\${RECOVER:-no}
people=" $* "

say() { printf '%s\\n' "$*"; }
fail() { printf 'runbook: %s\\n' "$*" >&2; exit 1; }
${comment('Whether there is such an entry: `get` of a missing one exits 0 too.')}
found() { "$@" 2>/dev/null | grep -q '^uuid: '; }`;

/** Migrations create people without the runbook, so that it can't tell who is new. */
const usage = ({ provision }: Config['kanidm']) =>
  provision === 'migrations'
    ? '  sh runbook.sh NAME…         a reset token for these people: to set their first credential, or a new one'
    : `  sh runbook.sh               again: what is there already is brought up to date
  sh runbook.sh NAME…         with a new reset token for these people`;

/** Sets new passwords, so it runs only where it is asked for. */
function recovery({ kanidm }: Config): string[] {
  const server = inPod(kanidm);
  return [
    [
      comment('Break-glass accounts: each password is printed once. Keep them where you keep such things.'),
      ...(server.length === 0
        ? [comment('`kanidmd` is in the pod of Kanidm, or on its host: run these two there.')]
        : []),
      'if [ "$recover" = yes ]; then',
      ...['admin', 'idm_admin'].map((account) => `  ${command(...server, 'kanidmd', 'recover-account', account)}`),
      'fi',
    ].join('\n'),
  ];
}

/** The way into the pod, where Kaniflux knows what it is called. */
function inPod({ helm, manifests, namespace }: Config['kanidm']): string[] {
  const kind = manifests ? 'StatefulSet' : helm && chartFacts(helm)?.workload;
  if (!kind) return [];
  return ['kubectl', 'exec', '--stdin', '--tty', `--namespace=${namespace}`, `${kind.toLowerCase()}/kanidm`, '--'];
}

const login = `${comment('Asks for the password of idm_admin.')}\nkanidm login`;

function everything(config: Config): string[] {
  const version = serverVersion(config.kanidm);
  const here = <T extends { absent?: boolean }>(map: ReadonlyMap<string, T>) =>
    [...map.values()].filter((e) => !e.absent);
  return [
    ...here(config.people).map((person) =>
      section(
        `person ${person.name}`,
        ['person'],
        person.name,
        createCommands.person(person),
        personCommands(person, version),
        true,
      ),
    ),
    ...here(config.serviceAccounts).map((account) =>
      section(
        `service account ${account.name}`,
        ['service-account'],
        account.name,
        createCommands.serviceAccount(account),
        serviceAccountCommands(account),
      ),
    ),
    // All groups before the first member: groups can be members of groups that stand above them.
    ...here(config.groups).map((group) =>
      section(`group ${group.name}`, ['group'], group.name, createCommands.group(group), []),
    ),
    ...here(config.groups)
      .map((group) => ({ group, commands: groupCommands(group, version) }))
      .filter(({ commands }) => commands.length > 0)
      .map(({ group, commands }) => [comment(`What group ${group.name} holds and may.`), ...commands].join('\n')),
    ...here(config.clients).map((client) =>
      section(`client ${client.name}`, ['system', 'oauth2'], client.name, createCommands.client(client), [
        ...clientCommands(client, version),
        ...clientExtras(client),
      ]),
    ),
    ...removeCommands(config).map(({ get, remove }) =>
      [`if found ${command('kanidm', ...get)}; then`, `  ${command(...remove)}`, 'fi'].join('\n'),
    ),
  ];
}

function section(
  title: string,
  words: readonly string[],
  name: string,
  create: string,
  commands: readonly string[],
  person = false,
): string {
  const get = command('kanidm', ...words, 'get', name);
  return [
    comment(`The ${title}.`),
    `if found ${get}; then`,
    `  say ${quote(`${title} is there`)}`,
    'else',
    `  ${create}`,
    `  found ${get} || fail ${quote(`${title} was not created`)}`,
    ...(person ? [`  people="\${people}${name} "`] : []),
    'fi',
    ...commands,
  ].join('\n');
}

/** With migrations the clients are there once Kanidm has started with them. */
const rest = (config: Config): string[] =>
  [...config.clients.values()]
    .filter(({ absent }) => !absent)
    .map((client) => ({ client, commands: clientExtras(client) }))
    .filter(({ commands }) => commands.length > 0)
    .map(({ client: { name }, commands }) =>
      [
        comment(`What a migration can't set of the client ${name}.`),
        `found ${command('kanidm', 'system', 'oauth2', 'get', name)} || fail ${quote(`client ${name} is not there: has Kanidm started with the migrations?`)}`,
        ...commands,
      ].join('\n'),
    );

/** A reset token is how a person sets the first credential; each call makes a new one. */
function tokens({ kanidm, people, clients }: Config): string {
  const lines = [...people.values()]
    .filter(({ absent }) => !absent)
    .map(
      ({ name }) =>
        `case $people in *' ${name} '*) ${command('kanidm', 'person', 'credential', 'create-reset-token', name)} ;; esac`,
    );
  const secrets = [...clients.values()]
    .filter(({ absent, type }) => !absent && type === 'basic')
    .map(({ name }) =>
      comment(`The secret of ${name}: ${command('kanidm', 'system', 'oauth2', 'show-basic-secret', name)}`),
    );
  return [
    comment(
      `Reset tokens: for ${kanidm.provision === 'migrations' ? 'people' : 'people who are new, and those'} who were named.`,
    ),
    ...lines,
    ...secrets,
    'say done',
  ].join('\n');
}

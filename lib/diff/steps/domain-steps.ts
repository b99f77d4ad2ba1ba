import type { Config } from '../../config/config';
import { entriesOf } from '../../identity/entries';
import { isWithin } from '../../identity/issuer';
import { uuidOf } from '../../identity/uuid';
import { command, comment } from '../../node-files/shell';
import { predecessors } from '../predecessors';
import type { Step } from './manual-step';

interface Changed {
  readonly before: Config;
  readonly after: Config;
}

/**
 * Returns the steps to rename the domain of Kanidm. kanidmd 1.11.1 was tried with a new domain and origin in its
 * settings and the old domain in its database. If the new origin is below the old domain, kanidmd starts and keeps the
 * old domain. Otherwise it exits.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/book/src/domain_rename.md
 */
export function domainSteps({ before, after }: Changed): Step[] {
  const [from, to] = [before.kanidm.domain, after.kanidm.domain];
  if (from === '') return [];
  if (from === to) return originSteps(before, after);
  const isElsewhere = !after.kanidm.helm && !after.kanidm.manifests;
  const host = hostOf(after.kanidm.origin);
  const isBelow = isWithin(host, from);
  return [
    {
      title: `Rename the domain of Kanidm from ${from} to ${to}. ${isBelow ? 'Until then, the server keeps the old domain' : 'With the new settings, the server does not start until the domain is renamed'}. All passkeys stop working, so each person needs a reset token (kanidm person credential create-reset-token NAME)${isElsewhere ? `. If ${to} is another Kanidm server, skip this step, and run the runbook there` : ''}`,
      commands: after.kanidm.manifests ? inCluster(after) : onHost(after),
    },
  ];
}

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).hostname : '');

/**
 * Returns what to do before migrations replace the runbook: Kanidm chose the UUIDs of the entries that the runbook
 * created, and refuses a migration that has other UUIDs for them.
 */
export function takeoverPreparation({ before, after }: Changed): Step[] {
  const isTakenOver =
    before.kanidm.domain === after.kanidm.domain && before.kanidm.provision !== after.kanidm.provision;
  const commands = isTakenOver ? givenIds({ before, after }) : [];
  return commands.length > 0
    ? [{ title: 'write the UUIDs of the existing entries into the config', isBefore: true, commands }]
    : [];
}

/** Returns what to do before a change of the domain is merged. */
export function domainPreparation({ before, after }: Changed): Step[] {
  if (before.kanidm.domain === '' || before.kanidm.domain === after.kanidm.domain) return [];
  const { cluster = '', namespace, manifests } = after.kanidm;
  const backup = manifests
    ? `${command('kubectl', `--context=${cluster}`, `--namespace=${namespace}`, 'exec', 'kanidm-0', '--', '/sbin/kanidmd', 'scripting', 'backup')} > kanidm-backup.json.gz`
    : comment('take a backup of Kanidm');
  const password = comment('give idm_admin a password, because the passkeys of idm_admin stop working as well');
  return [
    {
      title: 'prepare the new domain of Kanidm',
      isBefore: true,
      commands: [...givenIds({ before, after }), password, backup],
    },
  ];
}

/**
 * Returns the step to change the origin. If Kaniflux deploys Kanidm, the origin is in a rendered file, and there is no
 * step.
 */
function originSteps(before: Config, after: Config): Step[] {
  const { origin, helm, manifests } = after.kanidm;
  if (before.kanidm.origin === origin || helm || manifests) return [];
  const commands = [comment(`set origin = "${origin}" in server.toml, on the host of Kanidm, and restart the server`)];
  return [{ title: 'Change the origin of Kanidm', commands }];
}

/**
 * Returns a reminder to write the UUIDs of the entries into the config as `id`. Without `id`, the migrations would have
 * UUIDs that are derived from the domain and differ from those in Kanidm.
 */
function givenIds({ before, after }: Changed): string[] {
  if (after.kanidm.provision !== 'migrations') return [];
  const former = predecessors(before, after);
  const derived = [...entriesOf(after)].filter(
    ({ kind, entry }) =>
      !entry.absent &&
      entry.id === undefined &&
      uuidOf(after, kind, entry) !== undefined &&
      former({ kind, name: entry.name }) !== undefined,
  );
  if (derived.length === 0) return [];
  return [
    comment(
      `for each existing entry without an \`id\` (${derived.length}), look up the UUID in Kanidm and write the UUID into the config as \`id\`. Without an \`id\`, Kaniflux derives a UUID that differs from the UUID in Kanidm, and Kanidm refuses the migrations`,
    ),
  ];
}

function inCluster({ kanidm: { cluster = '', namespace }, clusters }: Config): string[] {
  const flux = clusters.get(cluster)?.flux.namespace ?? 'flux-system';
  const kubectl = (place: string, ...words: string[]) =>
    command('kubectl', `--context=${cluster}`, `--namespace=${place}`, ...words);
  const suspended = (suspend: boolean) =>
    kubectl(
      flux,
      'patch',
      'kustomization',
      'kaniflux-kanidm',
      '--type=merge',
      `--patch={"spec":{"suspend":${suspend}}}`,
    );
  return [
    comment('after Flux has applied the change: stop the server'),
    suspended(true),
    kubectl(namespace, 'scale', 'statefulset', 'kanidm', '--replicas=0'),
    kubectl(namespace, 'wait', '--for=delete', 'pod/kanidm-0', '--timeout=180s'),
    comment('run `kanidmd domain rename` in a Job with the volumes of the server: docs/kanidm.md, "Change the domain"'),
    comment('then start the server again'),
    kubectl(namespace, 'scale', 'statefulset', 'kanidm', '--replicas=1'),
    suspended(false),
  ];
}

/**
 * Returns the commands on the machine that runs Kanidm. If a Helm chart deploys Kanidm, the commands only outline a
 * Job, because the volumes of the chart are unknown.
 */
function onHost({ kanidm: { domain, origin, helm } }: Config): string[] {
  return helm
    ? [
        comment(
          'after Flux has applied the change: stop the server, and run this in a Job with the volumes of the server',
        ),
        'kanidmd domain rename',
        comment('then start the server again'),
      ]
    : [
        comment('on the host of Kanidm: stop the server'),
        comment(`set domain = "${domain}" and origin = "${origin}" in server.toml`),
        'kanidmd domain rename',
        comment('then start the server again'),
      ];
}

import type { Client, Config, Person, ServiceAccount } from '../../config/config';
import { isDay } from '../../expire/terms';
import { type Finding, keyAt } from '../../findings/finding';
import { memberships } from '../../identity/membership';
import { serverVersion } from '../../identity/server-version';
import { isOfIdmAdmin } from '../../upstream/kanidm-builtin';
import { has, since } from '../../upstream/kanidm-versions';
import { configFinding } from './config-codes';

/**
 * Reports times that do not exist, accounts that are never valid, missing PKCE, and fields that the runbook cannot set.
 * The runbook runs as idm_admin, with the command-line client of the server's version.
 */
export function provisionRules(config: Config): Finding[] {
  const accounts = [...config.people.values(), ...config.serviceAccounts.values()].filter(({ absent }) => !absent);
  const clients = [...config.clients.values()].filter(({ absent }) => !absent);
  return [
    ...accounts.flatMap(times),
    ...clients.flatMap(pkce),
    ...[...config.serviceAccounts.values()].flatMap((account) => managedTimes(config, account)),
    ...(config.kanidm.provision === 'runbook' ? [...accounts.flatMap(describedAccount), ...clearing(config)] : []),
  ];
}

/** V8 reads 31 April as 1 May, and 24:00 as the next day. */
const isTime = (text: string): boolean =>
  isDay(text.slice(0, 10)) && !text.includes('T24') && !Number.isNaN(Date.parse(text));

function times({ path, validFrom, expires }: Person | ServiceAccount): Finding[] {
  const wrong = Object.entries({ validFrom, expires }).filter(([, text]) => text && !isTime(text));
  if (wrong.length > 0) {
    return wrong.map(([field, text]) =>
      configFinding(
        'no-such-time',
        [...path, field],
        `there is no time \`${text}\``,
        'write an existing date and time',
      ),
    );
  }
  if (!validFrom || !expires || Date.parse(validFrom) < Date.parse(expires)) return [];
  const message = 'the account expires before it becomes valid';
  return [configFinding('never-valid', [...path, 'expires'], message, 'write a later time')];
}

function pkce({ type, disablePkce, name, path }: Client): Finding[] {
  if (!disablePkce) return [];
  const place = keyAt([...path, 'disablePkce']);
  if (type === 'public') {
    const message =
      'a public client has no secret, so only PKCE protects its authorization codes: Kanidm requires PKCE';
    return [configFinding('pkce-public', place, message, 'remove `disablePkce`')];
  }
  const message = `without PKCE, anyone who intercepts an authorization code of ${name} can use it`;
  const fix = 'turn on PKCE in the application, and remove `disablePkce`';
  return [configFinding('pkce-disabled', place, message, fix)];
}

/** Warns about the description of an account. A migration can set it in Kanidm, but idm_admin cannot. */
function describedAccount({ path, description }: Person | ServiceAccount): Finding[] {
  if (description === undefined) return [];
  const message =
    'the runbook cannot write this description, because Kanidm does not let idm_admin do so: if Kanidm has a different description, the runbook only reports this';
  const fix = 'remove the description, or write `kanidm.provision: migrations`';
  return [configFinding('runbook-description', keyAt([...path, 'description']), message, fix)];
}

/** Warns about times that the runbook cannot set, because idm_admin is not the manager of the account. */
function managedTimes(config: Config, { absent, managedBy, path, validFrom, expires }: ServiceAccount): Finding[] {
  const fields = Object.entries({ validFrom, expires }).filter(([, time]) => time !== undefined);
  if (absent || managedBy === undefined || fields.length === 0) return [];
  if (managedBy !== null && (isOfIdmAdmin(managedBy) || includesAdmin(config, managedBy))) return [];
  const later = config.kanidm.provision === 'runbook' ? ' after it has created the account' : '';
  const unless = managedBy === null ? '' : ` unless \`${managedBy}\` includes idm_admin`;
  const message = `only the manager of a service account may read and set this time, and the runbook signs in as idm_admin: it cannot set the time${later}${unless}`;
  const fix = 'write `managedBy: idm_admins`, or remove the time from the config, and let the manager set it';
  return fields.map(([field]) => configFinding('runbook-validity', keyAt([...path, field]), message, fix));
}

/** Whether the config says that a group includes idm_admin. Kanidm can have more members. */
function includesAdmin(config: Config, group: string): boolean {
  const { directly, parentsOf } = memberships(config);
  const groups = ['idm_admin', 'idm_admins'].flatMap((name) => directly.get(name) ?? []);
  return groups.some((name) => name === group || parentsOf.get(name)?.includes(group));
}

/**
 * Reports values that older command-line clients cannot write, because their `kanidm raw update` has another format.
 * These are the description of a client, and values that clear a field (`null` or an empty list).
 */
function clearing(config: Config): Finding[] {
  const version = serverVersion(config.kanidm);
  if (!version || has(version, '`kanidm raw` with SCIM entries')) return [];
  const { people, serviceAccounts, groups, clients } = config;
  const fields = [
    ...[...people.values()].filter(({ mails }) => mails?.length === 0).map(({ path }) => [...path, 'mail']),
    ...[...people.values()].filter(({ legalName }) => legalName === null).map(({ path }) => [...path, 'legalName']),
    ...[...serviceAccounts.values(), ...groups.values()]
      .filter(({ managedBy }) => managedBy === null)
      .map(({ path }) => [...path, 'managedBy']),
    ...[...groups.values()]
      .filter(({ policy }) => policy?.credentialMinimum === null)
      .map(({ path }) => [...path, 'policy', 'credentialMinimum']),
    ...[...clients.values()]
      .filter(({ description }) => description !== undefined)
      .map(({ path }) => [...path, 'description']),
  ];
  return fields.map((path) => {
    const message = `the command-line client of Kanidm ${version.text} cannot set this field, which needs Kanidm ${since('`kanidm raw` with SCIM entries')}`;
    return configFinding('field-version', path, message, 'remove this field, or use a newer Kanidm');
  });
}

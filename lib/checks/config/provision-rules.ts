import type { Client, Config, Person, ServiceAccount } from '../../config/config';
import { type Finding, keyAt } from '../../findings/finding';
import { serverVersion } from '../../identity/server-version';
import { has, since } from '../../upstream/kanidm-versions';
import { configFinding } from './config-codes';

/** What the runbook cannot set in Kanidm: it runs as idm_admin, with the command-line client of the server's version. */
export function provisionRules(config: Config): Finding[] {
  const accounts = [...config.people.values(), ...config.serviceAccounts.values()].filter(({ absent }) => !absent);
  const clients = [...config.clients.values()].filter(({ absent }) => !absent);
  return [
    ...accounts.flatMap(times),
    ...clients.flatMap(pkce),
    ...(config.kanidm.provision === 'runbook' ? [...accounts.flatMap(describedAccount), ...clearing(config)] : []),
  ];
}

function times({ path, validFrom, expires }: Person | ServiceAccount): Finding[] {
  const wrong = Object.entries({ validFrom, expires }).filter(([, text]) => text && Number.isNaN(Date.parse(text)));
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
    const message = 'a public client has no secret, so PKCE is all that protects its codes: Kanidm requires it';
    return [configFinding('pkce-public', place, message, 'remove it')];
  }
  const message = `anybody who sees a code of ${name} on its way to the application can use it`;
  const fix = 'turn on PKCE in the application, and remove `disablePkce`';
  return [configFinding('pkce-disabled', place, message, fix)];
}

/** In Kanidm, idm_admin may not write the description of an account. A migration may. */
function describedAccount({ path, description }: Person | ServiceAccount): Finding[] {
  if (description === undefined) return [];
  const message =
    'idm_admin may not write the description of an account: the runbook only says where Kanidm has another';
  const fix = 'remove it, or write `kanidm.provision: migrations`';
  return [configFinding('runbook-description', keyAt([...path, 'description']), message, fix)];
}

/** Fields that older command-line clients cannot set: the runbook uses `kanidm raw update`, which differs there. */
function clearing(config: Config): Finding[] {
  const version = serverVersion(config.kanidm);
  if (!version || has(version, 'kanidm raw in the form of SCIM')) return [];
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
    const message = `the command-line client of Kanidm ${version.text} cannot set this; it can from Kanidm ${since('kanidm raw in the form of SCIM')}`;
    return configFinding('field-version', path, message, 'remove it');
  });
}

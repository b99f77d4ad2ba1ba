import { clientExtras, clientFacts } from '../../lib/node-files/client-facts';
import { groupFacts, personFacts, serviceAccountFacts } from '../../lib/node-files/entry-facts';
import { configOf } from '../config';

/** Returns the lines of the runbook for entries of a config, one text for each kind. */
function linesOf({ person = {}, account = {}, group = {}, client = {} }: Record<string, Record<string, unknown>> = {}) {
  const config = configOf({
    kanidm: { version: '1.11.1' },
    people: { jane: { displayName: 'Jane', ...person } },
    serviceAccounts: { robot: { displayName: 'Robot', ...account } },
    groups: { team: { ...group } },
    clients: { app: { displayName: 'App', landingUrl: 'https://app.example.com', ...client } },
  });
  const [jane, robot] = [config.people.get('jane'), config.serviceAccounts.get('robot')];
  const [team, app] = [config.groups.get('team'), config.clients.get('app')];
  if (!jane || !robot || !team || !app) throw new Error('an entry is missing');
  return {
    person: personFacts(jane, config.kanidm.version).join('\n'),
    account: serviceAccountFacts(config, robot).join('\n'),
    group: groupFacts(config, team).join('\n'),
    client: [...clientFacts(config, app), ...clientExtras(app)].join('\n'),
  };
}

test('a field that is not set is left as Kanidm has it', () => {
  const { person, group, client } = linesOf();
  expect(person).toMatch(/^leave .*legalname.* description .*mail .*ssh_publickey.* loginshell/m);
  expect(person).not.toMatch(/^cleared/m);
  expect(group).toMatch(/^leave .*description member .*credential_type_minimum/m);
  expect(client).not.toContain('consent-prompt');
});

describe('null takes a value away', () => {
  test('of a person', () => {
    const { person } = linesOf({ person: { legalName: null, description: null, mail: [], expires: null } });
    expect(person).toMatch(/^cleared legalname /m);
    expect(person).toMatch(/^lacks description$/m);
    expect(person).toMatch(/^cleared mail write /m);
    expect(person).toMatch(/^cleared account_expire kanidm person validity expire-at jane clear$/m);
  });

  test('of a service account', () => {
    expect(linesOf({ account: { managedBy: null } }).account).toMatch(/^cleared entry_managed_by write /m);
  });

  test('of a group and its policy', () => {
    const policy = { credentialMinimum: null, sessionExpiry: null };
    const { group } = linesOf({ group: { description: null, managedBy: null, members: [], policy } });
    expect(group).toMatch(/^cleared description kanidm group set-description team$/m);
    expect(group).toMatch(/^exactly member 0 kanidm group purge-members team$/m);
    expect(group).toMatch(/^cleared credential_type_minimum write /m);
    expect(group).toMatch(/^cleared authsession_expiry kanidm group account-policy reset-auth-expiry team$/m);
  });
});

describe('a value is set by its command', () => {
  test('of a group and its policy', () => {
    const { group } = linesOf({
      group: { description: 'Team', members: ['jane'], posix: { gid: 3000 }, policy: { credentialMinimum: 'passkey' } },
    });
    expect(group).toMatch(/^want 'description: Team' kanidm group set-description team Team$/m);
    expect(group).toMatch(/^exactly member 1 jane@\S+ kanidm group set-members team jane$/m);
    expect(group).toMatch(/^want 'gidnumber: 3000' kanidm group posix set team --gidnumber=3000$/m);
    expect(group).toMatch(
      /^want 'credential_type_minimum: passkey' kanidm group account-policy credential-type-minimum /m,
    );
  });

  test.each([
    [true, "lack 'oauth2_consent_prompt_enable: false' kanidm system oauth2 enable-consent-prompt app"],
    [false, "want 'oauth2_consent_prompt_enable: false' kanidm system oauth2 disable-consent-prompt app"],
  ])('consentPrompt: %s', (consentPrompt, line) => {
    expect(linesOf({ client: { consentPrompt } }).client.split('\n')).toContain(line);
  });

  test.each([
    [true, "want 'oauth2_allow_localhost_redirect: true' kanidm system oauth2 enable-localhost-redirects app"],
    [false, "lack 'oauth2_allow_localhost_redirect: true' kanidm system oauth2 disable-localhost-redirects app"],
  ])('localhostRedirects: %s', (localhostRedirects, line) => {
    expect(linesOf({ client: { type: 'public', localhostRedirects } }).client.split('\n')).toContain(line);
  });
});

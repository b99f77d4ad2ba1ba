import type { Client, Group, Person, ServiceAccount } from '../../../lib/config/config';
import { parseVersion } from '../../../lib/config/version';
import {
  clientLines,
  extraLines,
  groupLines,
  personLines,
  validityLines,
} from '../../../lib/diff/steps/kanidm-command-lines';

const byRunbook = 'the kanidm client has no command for this; run the runbook';

/** The title, the fields before, the fields after, and the commands. */
type Row<T> = readonly [string, Partial<T>, Partial<T>, readonly string[]];

describe('a person', () => {
  const jane = (fields: Partial<Person> = {}): Person => ({
    name: 'jane',
    path: ['people', 'jane'],
    displayName: 'Jane',
    absent: false,
    ...fields,
  });

  test('new, with only a name, is created and gets a reset token', () => {
    expect(personLines(undefined, jane())).toEqual([
      'kanidm person create jane Jane',
      'kanidm person credential create-reset-token jane',
    ]);
  });
  test('new, with all fields, gets each of them between the two', () => {
    const all = jane({
      displayName: 'Jane Doe',
      legalName: 'Jane A. Doe',
      mails: ['jane@example.com', 'j@example.com'],
      sshKeys: { laptop: 'ssh-ed25519 AAAA' },
      posix: { gid: 70001, shell: '/bin/zsh' },
      validFrom: '2026-01-01T00:00:00Z',
      expires: '2027-01-01T00:00:00Z',
    });
    expect(personLines(undefined, all)).toEqual([
      "kanidm person create jane 'Jane Doe'",
      "kanidm person update jane --legalname='Jane A. Doe'",
      'kanidm person update jane --mail=jane@example.com --mail=j@example.com',
      "kanidm person ssh add-publickey jane laptop 'ssh-ed25519 AAAA'",
      'kanidm person posix set jane --gidnumber=70001 --shell=/bin/zsh',
      'kanidm person validity begin-from jane 2026-01-01T00:00:00Z',
      'kanidm person validity expire-at jane 2027-01-01T00:00:00Z',
      'kanidm person credential create-reset-token jane',
    ]);
  });
  test('whose name looks like an option is not mistaken for one', () => {
    expect(personLines(undefined, jane({ displayName: '-Jane' }))).toEqual([
      'kanidm person create -- jane -Jane',
      'kanidm person credential create-reset-token jane',
    ]);
  });
  test.each<Row<Person>>([
    ['unchanged', { mails: ['a@example.com'] }, { mails: ['a@example.com'] }, []],
    [
      'another description',
      {},
      { description: 'Boss' },
      [
        '# idm_admin is not allowed to write the description of person jane: the runbook only reports if Kanidm has a different description',
      ],
    ],
    ['a description that is no longer in the config', { description: 'Boss' }, {}, []],
    ['another display name', {}, { displayName: 'Jane Doe' }, ["kanidm person update jane --displayname='Jane Doe'"]],
    [
      'another legal name',
      { legalName: 'Jane' },
      { legalName: 'Janet' },
      ['kanidm person update jane --legalname=Janet'],
    ],
    ['a removed legal name', { legalName: 'Jane' }, { legalName: null }, ["kanidm person update jane --legalname=''"]],
    [
      'SSH keys with special labels: one gone, one changed, one new',
      { sshKeys: { 'a b': 'k1', 'jane@laptop': 'k2' } },
      { sshKeys: { 'jane@laptop': 'k3', 'x@y': 'k4' } },
      [
        "kanidm person ssh delete-publickey jane 'a b'",
        'kanidm person ssh delete-publickey jane a%20b',
        'kanidm person ssh delete-publickey jane jane@laptop',
        'kanidm person ssh delete-publickey jane jane%40laptop',
        'kanidm person ssh add-publickey jane jane@laptop k3',
        'kanidm person ssh add-publickey jane x@y k4',
      ],
    ],
    ['a legal name that is no longer in the config', { legalName: 'Jane' }, {}, []],
    [
      'another mail address',
      { mails: ['a@example.com'] },
      { mails: ['b@example.com'] },
      ['kanidm person update jane --mail=b@example.com'],
    ],
    ['no mail address', { mails: ['a@example.com'] }, { mails: [] }, [`# clear the mail of jane: ${byRunbook}`]],
    ['mail addresses that are no longer in the config', { mails: ['a@example.com'] }, {}, []],
    [
      'SSH keys: one gone, one changed, one new, one as before',
      { sshKeys: { gone: 'k1', other: 'k2', same: 'k3' } },
      { sshKeys: { other: 'k4', same: 'k3', new: 'k5' } },
      [
        'kanidm person ssh delete-publickey jane gone',
        'kanidm person ssh delete-publickey jane other',
        'kanidm person ssh add-publickey jane other k4',
        'kanidm person ssh add-publickey jane new k5',
      ],
    ],
    ['SSH keys that are no longer in the config', { sshKeys: { laptop: 'k1' } }, {}, []],
    ['POSIX without values', {}, { posix: {} }, ['kanidm person posix set jane']],
    [
      'another shell',
      { posix: { gid: 70001 } },
      { posix: { gid: 70001, shell: '/bin/sh' } },
      ['kanidm person posix set jane --gidnumber=70001 --shell=/bin/sh'],
    ],
    ['the same POSIX fields', { posix: { gid: 70001 } }, { posix: { gid: 70001 } }, []],
    ['POSIX fields that are no longer in the config', { posix: { gid: 70001 } }, {}, []],
    [
      'a first day',
      {},
      { validFrom: '2026-01-01T00:00:00Z' },
      ['kanidm person validity begin-from jane 2026-01-01T00:00:00Z'],
    ],
  ])('%s', (_, before, after, lines) => {
    expect(personLines(jane(before), jane(after))).toEqual(lines);
  });
});

test.each([
  ['1.9.4', `# clear the legal name of jane: ${byRunbook}`],
  ['1.10.0', "kanidm person update jane --legalname=''"],
])('a legal name is cleared by a client %s', (version, line) => {
  const jane = { name: 'jane', path: ['people', 'jane'], displayName: 'Jane', absent: false };
  const lines = personLines({ ...jane, legalName: 'J' }, { ...jane, legalName: null }, parseVersion(version));
  expect(lines).toEqual([line]);
});

describe('the times between which an account is valid', () => {
  const ci = (fields: Partial<ServiceAccount>): ServiceAccount => ({
    name: 'ci',
    path: ['serviceAccounts', 'ci'],
    displayName: 'CI',
    absent: false,
    ...fields,
  });
  const [from, until] = ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'];

  test.each<Row<ServiceAccount>>([
    ['set', {}, { expires: until }, [`kanidm service-account validity expire-at ci ${until}`]],
    [
      'both changed',
      { validFrom: until, expires: from },
      { validFrom: from, expires: until },
      [
        `kanidm service-account validity begin-from ci ${from}`,
        `kanidm service-account validity expire-at ci ${until}`,
      ],
    ],
    [
      'both cleared',
      { validFrom: from, expires: until },
      { validFrom: null, expires: null },
      ['kanidm service-account validity begin-from ci clear', 'kanidm service-account validity expire-at ci clear'],
    ],
    ['cleared where the config did not set them', {}, { validFrom: null, expires: null }, []],
    ['no longer in the config', { validFrom: from, expires: until }, {}, []],
    ['the same', { expires: until }, { expires: until }, []],
  ])('%s', (_, before, after, lines) => {
    expect(validityLines('service-account', ci(before), ci(after))).toEqual(lines);
  });

  const expiry = `kanidm service-account validity expire-at ci ${until}`;
  test.each([
    [undefined, [expiry]],
    ['idm_admins', [expiry]],
    [
      'ops',
      [
        '# only its manager may set the times of service account ci: Kanidm refuses this unless idm_admin belongs to ops',
        expiry,
      ],
    ],
    [null, ['# service account ci has no manager, and only a manager may set its times: Kanidm refuses this', expiry]],
  ])('set while %s manages the account', (manager, lines) => {
    expect(validityLines('service-account', ci({}), ci({ expires: until }), manager)).toEqual(lines);
    expect(validityLines('service-account', ci({}), ci({}), manager)).toEqual([]);
  });
});

describe('a group', () => {
  const ops = (fields: Partial<Group>): Group => ({ name: 'ops', path: ['groups', 'ops'], absent: false, ...fields });
  const policy = {
    credentialMinimum: 'mfa',
    sessionExpiry: 3600,
    privilegeExpiry: 600,
    passwordMinimumLength: 14,
  } as const;

  test.each<Row<Group>>([
    ['unchanged', { members: ['jane'], policy }, { members: ['jane'], policy }, []],
    ['a description', {}, { description: 'On call' }, ["kanidm group set-description ops 'On call'"]],
    ['a description like an option', {}, { description: '-x' }, ['kanidm group set-description -- ops -x']],
    ['no description', { description: 'On call' }, { description: null }, ['kanidm group set-description ops']],
    [
      'members that join and leave',
      { members: ['jane', 'joe', 'ann'] },
      { members: ['ann', 'eve', 'bob'] },
      ['kanidm group remove-members ops jane joe', 'kanidm group add-members ops eve bob'],
    ],
    ['a member that joins', { members: ['jane'] }, { members: ['jane', 'joe'] }, ['kanidm group add-members ops joe']],
    [
      'a member that leaves',
      { members: ['jane', 'joe'] },
      { members: ['joe'] },
      ['kanidm group remove-members ops jane'],
    ],
    ['members in another order', { members: ['jane', 'joe'] }, { members: ['joe', 'jane'] }, []],
    ['members that only Kanidm knew', {}, { members: ['jane', 'joe'] }, ['kanidm group set-members ops jane joe']],
    ['no members in place of those that only Kanidm knew', {}, { members: [] }, ['kanidm group purge-members ops']],
    ['members that are no longer in the config', { members: ['jane'] }, {}, []],
    ['another manager', { managedBy: 'ann' }, { managedBy: 'joe' }, ['kanidm group set-entry-manager ops joe']],
    ['no manager', { managedBy: 'ann' }, { managedBy: null }, [`# remove the manager of group ops: ${byRunbook}`]],
    ['a gid number', {}, { posix: { gid: 70001 } }, ['kanidm group posix set ops --gidnumber=70001']],
    [
      'a policy',
      {},
      { policy },
      [
        'kanidm group account-policy enable ops',
        'kanidm group account-policy credential-type-minimum ops mfa',
        'kanidm group account-policy auth-expiry ops 3600',
        'kanidm group account-policy privilege-expiry ops 600',
        'kanidm group account-policy password-minimum-length ops 14',
      ],
    ],
    [
      'another value of a policy',
      { policy },
      { policy: { ...policy, sessionExpiry: 60 } },
      ['kanidm group account-policy auth-expiry ops 60'],
    ],
    [
      'no values of a policy',
      { policy },
      { policy: { credentialMinimum: null, sessionExpiry: null, privilegeExpiry: null, passwordMinimumLength: null } },
      [
        `# clear credentialMinimum of group ops: ${byRunbook}`,
        'kanidm group account-policy reset-auth-expiry ops',
        'kanidm group account-policy reset-privilege-expiry ops',
        'kanidm group account-policy reset-password-minimum-length ops',
      ],
    ],
    ['a policy that is no longer in the config', { policy }, {}, []],
  ])('%s', (_, before, after, lines) => {
    expect(groupLines(ops(before), ops(after))).toEqual(lines);
  });
});

describe('a client', () => {
  const web = (fields: Partial<Client> = {}): Client => ({
    name: 'web',
    path: ['clients', 'web'],
    displayName: 'Web',
    absent: false,
    type: 'basic',
    landingUrl: 'https://web.example.com',
    ...fields,
  });
  const flags = { preferShortUsername: true, legacyCrypto: true, disablePkce: true, consentPrompt: true };

  test.each([
    ['basic', 'kanidm system oauth2 create web Web https://web.example.com'],
    ['public', 'kanidm system oauth2 create-public web Web https://web.example.com'],
  ] as const)('new, of the type %s', (type, line) => {
    expect(clientLines(undefined, web({ type }))).toEqual([line]);
  });
  test('new, with all fields; Kanidm turns the consent prompt on', () => {
    const all = web({
      redirectUrls: ['https://web.example.com/cb'],
      scopes: { staff: ['openid', 'groups'] },
      supplementaryScopes: { ops: ['admin'] },
      claims: { team: { join: 'csv', values: { ops: ['a', 'b'] } } },
      ...flags,
    });
    expect(clientLines(undefined, all)).toEqual([
      'kanidm system oauth2 create web Web https://web.example.com',
      'kanidm system oauth2 add-redirect-url web https://web.example.com/cb',
      'kanidm system oauth2 update-scope-map web staff openid groups',
      'kanidm system oauth2 update-sup-scope-map web ops admin',
      'kanidm system oauth2 update-claim-map web team ops a b',
      'kanidm system oauth2 update-claim-map-join web team csv',
      'kanidm system oauth2 prefer-short-username web',
      'kanidm system oauth2 warning-enable-legacy-crypto web',
      'kanidm system oauth2 warning-insecure-client-disable-pkce web',
    ]);
  });
  test('new, with all flags off: three are off anyway', () => {
    const off = { preferShortUsername: false, legacyCrypto: false, disablePkce: false, consentPrompt: false };
    expect(clientLines(undefined, web(off))).toEqual([
      'kanidm system oauth2 create web Web https://web.example.com',
      'kanidm system oauth2 disable-consent-prompt web',
    ]);
  });
  test.each<Row<Client>>([
    ['unchanged', flags, flags, []],
    ['another description', {}, { description: 'Notes' }, [`# set the description of client web: ${byRunbook}`]],
    [
      'no description',
      { description: 'x' },
      { description: null },
      [`# clear the description of client web: ${byRunbook}`],
    ],
    ['another display name', {}, { displayName: 'Wiki' }, ['kanidm system oauth2 set-displayname web Wiki']],
    [
      'another landing URL',
      {},
      { landingUrl: 'https://wiki.example.com' },
      ['kanidm system oauth2 set-landing-url web https://wiki.example.com'],
    ],
    [
      'another type',
      {},
      { type: 'public' },
      ['# the type of client web cannot be changed: delete the client and create it again'],
    ],
    [
      'redirect URLs',
      { redirectUrls: ['https://a.example.com', 'https://b.example.com'] },
      { redirectUrls: ['https://b.example.com', 'https://c.example.com'] },
      [
        'kanidm system oauth2 remove-redirect-url web https://a.example.com',
        'kanidm system oauth2 add-redirect-url web https://c.example.com',
      ],
    ],
    ['redirect URLs that are no longer in the config', { redirectUrls: ['https://a.example.com'] }, {}, []],
    [
      'scopes',
      { scopes: { gone: ['openid'], other: ['openid'], same: ['openid'] } },
      { scopes: { other: ['openid', 'email'], same: ['openid'], new: ['groups'] } },
      [
        'kanidm system oauth2 delete-scope-map web gone',
        'kanidm system oauth2 update-scope-map web other openid email',
        'kanidm system oauth2 update-scope-map web new groups',
      ],
    ],
    ['scopes that are no longer in the config', { scopes: { staff: ['openid'] } }, {}, []],
    [
      'supplementary scopes',
      { supplementaryScopes: { gone: ['admin'] } },
      { supplementaryScopes: { new: ['admin'] } },
      ['kanidm system oauth2 delete-sup-scope-map web gone', 'kanidm system oauth2 update-sup-scope-map web new admin'],
    ],
    [
      'claims: values gone, changed and as before',
      { claims: { team: { join: 'array', values: { gone: ['x'], other: ['x'], same: ['x'] } } } },
      { claims: { team: { join: 'array', values: { other: ['y'], same: ['x'] } } } },
      [
        'kanidm system oauth2 delete-claim-map web team gone',
        'kanidm system oauth2 update-claim-map web team other y',
        'kanidm system oauth2 update-claim-map-join web team array',
      ],
    ],
    [
      'a claim with fewer groups is joined as before',
      { claims: { team: { join: 'ssv', values: { gone: ['x'], same: ['x'] } } } },
      { claims: { team: { join: 'ssv', values: { same: ['x'] } } } },
      ['kanidm system oauth2 delete-claim-map web team gone'],
    ],
    [
      'a claim that is joined in another way',
      { claims: { team: { join: 'array', values: { ops: ['x'] } } } },
      { claims: { team: { join: 'ssv', values: { ops: ['x'] } } } },
      ['kanidm system oauth2 update-claim-map-join web team ssv'],
    ],
    [
      'a claim gone and a claim new',
      { claims: { old: { join: 'array', values: { ops: ['x'] } } } },
      { claims: { team: { join: 'csv', values: { ops: ['x'] } } } },
      [
        'kanidm system oauth2 delete-claim-map web old ops',
        'kanidm system oauth2 update-claim-map web team ops x',
        'kanidm system oauth2 update-claim-map-join web team csv',
      ],
    ],
    ['claims that are no longer in the config', { claims: { team: { join: 'csv', values: { ops: ['x'] } } } }, {}, []],
    [
      'flags turned on',
      {},
      flags,
      [
        'kanidm system oauth2 prefer-short-username web',
        'kanidm system oauth2 warning-enable-legacy-crypto web',
        'kanidm system oauth2 warning-insecure-client-disable-pkce web',
        'kanidm system oauth2 enable-consent-prompt web',
      ],
    ],
    [
      'flags turned off',
      flags,
      { preferShortUsername: false, legacyCrypto: false, disablePkce: false, consentPrompt: false },
      [
        'kanidm system oauth2 prefer-spn-username web',
        'kanidm system oauth2 disable-legacy-crypto web',
        'kanidm system oauth2 enable-pkce web',
        'kanidm system oauth2 disable-consent-prompt web',
      ],
    ],
    [
      'flags that are no longer in the config: only the consent prompt keeps its value',
      flags,
      {},
      [
        'kanidm system oauth2 prefer-spn-username web',
        'kanidm system oauth2 disable-legacy-crypto web',
        'kanidm system oauth2 enable-pkce web',
      ],
    ],
    ['flags that were off are no longer in the config', { legacyCrypto: false }, {}, []],
  ])('%s', (_, before, after, lines) => {
    expect(clientLines(web(before), web(after))).toEqual(lines);
  });

  const image = '# set the logo image of client web: run the runbook, which downloads it';

  test.each<Row<Client>>([
    ['unchanged', { image: 'a.svg', localhostRedirects: true }, { image: 'a.svg', localhostRedirects: true }, []],
    ['loopback redirects', {}, { localhostRedirects: true }, ['kanidm system oauth2 enable-localhost-redirects web']],
    [
      'no loopback redirects',
      { localhostRedirects: true },
      { localhostRedirects: false },
      ['kanidm system oauth2 disable-localhost-redirects web'],
    ],
    ['loopback redirects of a basic client', {}, { type: 'basic', localhostRedirects: true }, []],
    ['another image', { image: 'a.svg' }, { image: '-b.jpeg' }, ['kanidm system oauth2 set-image web ./-b.jpeg jpg']],
    ['another image, by its address', {}, { image: { url: 'https://www.example.com/a.svg', sha256: 'ab' } }, [image]],
    ['an image that is no longer in the config', { image: 'a.svg' }, {}, []],
  ])('without a command for migrations: %s', (_, before, after, lines) => {
    const kubectl = web({ type: 'public' });
    expect(extraLines({ ...kubectl, ...before }, { ...kubectl, ...after })).toEqual(lines);
  });
  test.each([
    [false, []],
    [true, ['kanidm system oauth2 enable-localhost-redirects web']],
  ])('new, with loopback redirects %s, which are off at first', (localhostRedirects, lines) => {
    expect(extraLines(undefined, web({ type: 'public', localhostRedirects }))).toEqual(lines);
  });
});

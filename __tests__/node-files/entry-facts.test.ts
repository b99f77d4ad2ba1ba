import { entry } from '../../lib/config/config';
import { parseVersion } from '../../lib/config/version';
import { clientExtras, clientFacts, createClient, imageType } from '../../lib/node-files/client-facts';
import { createCommands, groupFacts, personFacts, serviceAccountFacts } from '../../lib/node-files/entry-facts';
import { configOf } from '../config';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIu3Z1oVuFyVsSMPzHI6mqs8sJcgvbJ3iFW/O2mbOlIO';
const at = 'sso.kammel.dev';

/** The runbook's lines for entries with all fields, with `null` or empty values, and without optional fields. */
const config = configOf(
  {
    kanidm: { version: '1.11.1' },
    people: {
      all: {
        displayName: 'All',
        legalName: 'All R',
        description: 'd',
        mail: ['z@example.com', 'b@example.com', 'a@example.com'],
        sshKeys: { "it's (a)!*": key, x: `${key}  me at  home` },
        posix: { gid: 3001, shell: '/bin/zsh' },
        validFrom: '2026-01-02T03:04:05.678+01:00',
        expires: '2027-01-01T00:00:00Z',
      },
      none: {
        displayName: '-None',
        legalName: null,
        description: null,
        mail: [],
        sshKeys: {},
        posix: {},
        validFrom: null,
        expires: null,
      },
      bare: { displayName: 'Bare' },
    },
    serviceAccounts: {
      'all-robot': { displayName: 'All', description: 'd', managedBy: 'all-team', expires: '2027-01-01T00:00:00Z' },
      'no-robot': { displayName: '-None', description: null, managedBy: null, validFrom: null },
      'bare-robot': { displayName: 'Bare' },
    },
    groups: {
      'all-team': {
        description: '-d',
        members: ['all', 'none'],
        managedBy: 'bare-team',
        posix: { gid: 3000 },
        policy: { credentialMinimum: 'mfa', sessionExpiry: 60, privilegeExpiry: null, passwordMinimumLength: null },
      },
      'no-team': { description: null, members: [], managedBy: null, posix: {}, policy: { credentialMinimum: null } },
      'bare-team': {},
    },
    clients: {
      app: {
        displayName: 'App',
        type: 'basic',
        landingUrl: 'https://app.example.com',
        redirectUrls: ['https://app.example.com/cb?x=1', 'https://APP.example.com'],
        description: 'd',
        scopes: { 'all-team': ['openid', 'email'], 'no-team': ['openid'] },
        supplementaryScopes: { 'all-team': ['b', 'a'] },
        claims: {
          role: { join: 'csv', values: { 'all-team': ['b', 'a'], 'no-team': ['c'] } },
          plain: { values: { 'all-team': ['x'] } },
        },
        preferShortUsername: true,
        legacyCrypto: true,
        consentPrompt: true,
        disablePkce: true,
        image: 'logo.svg',
      },
      'no-app': {
        displayName: 'None',
        type: 'public',
        landingUrl: 'https://none.example.com/',
        description: null,
        redirectUrls: [],
        scopes: {},
        supplementaryScopes: {},
        claims: {},
        consentPrompt: false,
        localhostRedirects: false,
        image: { url: 'https://none.example.com/a/logo.JPEG?x=1', sha256: 'a'.repeat(64) },
      },
      'bare-app': { displayName: 'Bare', type: 'basic', landingUrl: 'https://bare.example.com' },
      cli: { displayName: '-c', type: 'public', landingUrl: 'https://cli.example.com', localhostRedirects: true },
    },
  },
  { 'logo.svg': '<svg/>' },
);
const person = (name: string, version = config.kanidm.version) => personFacts(entry(config.people, name), version);
const account = (name: string) => serviceAccountFacts(config, entry(config.serviceAccounts, name));
const group = (name: string) => groupFacts(config, entry(config.groups, name));
const client = (name: string) => clientFacts(config, entry(config.clients, name));
const extras = (name: string) => clientExtras(entry(config.clients, name));

const posix = 'kanidm person posix set all --gidnumber=3001 --shell=/bin/zsh';

test.each<[string, readonly string[], readonly string[]]>([
  [
    'a person with all fields',
    person('all'),
    [
      "want 'displayname: All' kanidm person update all --displayname=All",
      "want 'legalname: All R' kanidm person update all --legalname='All R'",
      "holds 'description: d'",
      'exactly mail 3 z@example.com a@example.com b@example.com ' +
        'kanidm person update all --mail=z@example.com --mail=b@example.com --mail=a@example.com',
      `ssh_key all 'it'\\''s (a)!*' it%27s%20%28a%29%21%2A '${key}'`,
      `ssh_key all x x '${key} me at  home'`,
      "only ssh_publickey 3 'it'\\''s (a)!*' it%27s%20%28a%29%21%2A x kanidm person ssh delete-publickey -- all",
      `want 'class: posixaccount' ${posix}`,
      `want 'gidnumber: 3001' ${posix}`,
      `want 'loginshell: /bin/zsh' ${posix}`,
      "want 'account_valid_from: 2026-01-02T02:04:05Z' kanidm person validity begin-from all 2026-01-02T02:04:05Z",
      "want 'account_expire: 2027-01-01T00:00:00Z' kanidm person validity expire-at all 2027-01-01T00:00:00Z",
    ],
  ],
  [
    'a person whose fields are cleared',
    person('none'),
    [
      "want 'displayname: -None' kanidm person update none --displayname=-None",
      "cleared legalname kanidm person update none --legalname=''",
      'lacks description',
      `cleared mail write '{"mail":null}'`,
      'only ssh_publickey 0 kanidm person ssh delete-publickey -- none',
      "want 'class: posixaccount' kanidm person posix set none",
      'cleared account_valid_from kanidm person validity begin-from none clear',
      'cleared account_expire kanidm person validity expire-at none clear',
      'leave loginshell',
    ],
  ],
  [
    'a person with a display name only',
    person('bare'),
    [
      "want 'displayname: Bare' kanidm person update bare --displayname=Bare",
      'leave account_valid_from account_expire',
      'leave legalname description mail ssh_publickey gidnumber loginshell',
    ],
  ],
  [
    'a service account with all fields',
    account('all-robot'),
    [
      "shown 'displayname: All' kanidm service-account update all-robot --displayname=All",
      "holds 'description: d'",
      'if managed all-robot; then',
      "  want 'account_expire: 2027-01-01T00:00:00Z' kanidm service-account validity expire-at all-robot 2027-01-01T00:00:00Z",
      'fi',
      'leave account_valid_from',
      `want 'entry_managed_by: all-team@${at}' kanidm service-account update all-robot --entry-managed-by=all-team`,
    ],
  ],
  [
    'a service account whose fields are cleared',
    account('no-robot'),
    [
      "shown 'displayname: -None' kanidm service-account update no-robot --displayname=-None",
      'lacks description',
      'if managed no-robot; then',
      '  cleared account_valid_from kanidm service-account validity begin-from no-robot clear',
      'fi',
      'leave account_expire',
      `cleared entry_managed_by write '{"entry_managed_by":null}'`,
    ],
  ],
  [
    'a service account with a display name only',
    account('bare-robot'),
    [
      "shown 'displayname: Bare' kanidm service-account update bare-robot --displayname=Bare",
      'leave account_valid_from account_expire',
      'leave description entry_managed_by',
    ],
  ],
  [
    'a group with all fields',
    group('all-team'),
    [
      "want 'description: -d' kanidm group set-description -- all-team -d",
      `exactly member 2 all@${at} none@${at} kanidm group set-members all-team all none`,
      `want 'entry_managed_by: bare-team@${at}' kanidm group set-entry-manager all-team bare-team`,
      "want 'class: posixgroup' kanidm group posix set all-team --gidnumber=3000",
      "want 'gidnumber: 3000' kanidm group posix set all-team --gidnumber=3000",
      "want 'class: account_policy' kanidm group account-policy enable all-team",
      "want 'credential_type_minimum: mfa' kanidm group account-policy credential-type-minimum all-team mfa",
      "want 'authsession_expiry: 60' kanidm group account-policy auth-expiry all-team 60",
      'cleared privilege_expiry kanidm group account-policy reset-privilege-expiry all-team',
      'cleared auth_password_minimum_length kanidm group account-policy reset-password-minimum-length all-team',
    ],
  ],
  [
    'a group whose fields are cleared',
    group('no-team'),
    [
      'cleared description kanidm group set-description no-team',
      'exactly member 0 kanidm group purge-members no-team',
      `cleared entry_managed_by write '{"entry_managed_by":null}'`,
      "want 'class: posixgroup' kanidm group posix set no-team",
      "want 'class: account_policy' kanidm group account-policy enable no-team",
      `cleared credential_type_minimum write '{"credential_type_minimum":null}'`,
      'leave authsession_expiry privilege_expiry auth_password_minimum_length',
    ],
  ],
  [
    'a group without fields',
    group('bare-team'),
    [
      'leave description member entry_managed_by gidnumber credential_type_minimum authsession_expiry privilege_expiry auth_password_minimum_length',
    ],
  ],
  [
    'a client with all fields',
    [...client('app'), ...extras('app')],
    [
      'typed app public',
      "want 'displayname: App' kanidm system oauth2 set-displayname app App",
      `want 'description: d' write '{"description":"d"}'`,
      "want 'oauth2_rs_origin_landing: https://app.example.com/' kanidm system oauth2 set-landing-url app https://app.example.com",
      "want 'oauth2_rs_origin: https://app.example.com/cb?x=1' kanidm system oauth2 add-redirect-url app 'https://app.example.com/cb?x=1'",
      "want 'oauth2_rs_origin: https://app.example.com/' kanidm system oauth2 add-redirect-url app https://APP.example.com",
      "only oauth2_rs_origin 2 'https://app.example.com/cb?x=1' https://app.example.com/ kanidm system oauth2 remove-redirect-url app",
      `want 'oauth2_rs_scope_map: all-team@${at}: {"email", "openid"}' kanidm system oauth2 update-scope-map app all-team openid email`,
      `want 'oauth2_rs_scope_map: no-team@${at}: {"openid"}' kanidm system oauth2 update-scope-map app no-team openid`,
      `only oauth2_rs_scope_map 2 all-team@${at} no-team@${at} kanidm system oauth2 delete-scope-map app`,
      `want 'oauth2_rs_sup_scope_map: all-team@${at}: {"a", "b"}' kanidm system oauth2 update-sup-scope-map app all-team b a`,
      `only oauth2_rs_sup_scope_map 1 all-team@${at} kanidm system oauth2 delete-sup-scope-map app`,
      ...[
        [`role:all-team@${at}:,:"a,b"`, 'role all-team b a', 'role csv'],
        [`role:no-team@${at}:,:"c"`, 'role no-team c', 'role csv'],
        [`plain:all-team@${at}:;:"x"`, 'plain all-team x', 'plain array'],
      ].flatMap(([line, values, join]) => [
        `want 'oauth2_rs_claim_map: ${line}' kanidm system oauth2 update-claim-map app ${values}`,
        `want 'oauth2_rs_claim_map: ${line}' kanidm system oauth2 update-claim-map-join app ${join}`,
      ]),
      `only oauth2_rs_claim_map 3 'role all-team@${at}' 'role no-team@${at}' 'plain all-team@${at}' kanidm system oauth2 delete-claim-map app`,
      "want 'oauth2_prefer_short_username: true' kanidm system oauth2 prefer-short-username app",
      "want 'oauth2_jwt_legacy_crypto_enable: true' kanidm system oauth2 warning-enable-legacy-crypto app",
      "lack 'oauth2_consent_prompt_enable: false' kanidm system oauth2 enable-consent-prompt app",
      "want 'oauth2_allow_insecure_client_disable_pkce: true' kanidm system oauth2 warning-insecure-client-disable-pkce app",
      'image app ./logo.svg svg 3',
    ],
  ],
  [
    'a client whose fields are cleared',
    [...client('no-app'), ...extras('no-app')],
    [
      'typed no-app basic',
      "want 'displayname: None' kanidm system oauth2 set-displayname no-app None",
      `cleared description write '{"description":null}'`,
      "want 'oauth2_rs_origin_landing: https://none.example.com/' kanidm system oauth2 set-landing-url no-app https://none.example.com/",
      'only oauth2_rs_origin 0 kanidm system oauth2 remove-redirect-url no-app',
      'only oauth2_rs_scope_map 0 kanidm system oauth2 delete-scope-map no-app',
      'only oauth2_rs_sup_scope_map 0 kanidm system oauth2 delete-sup-scope-map no-app',
      'only oauth2_rs_claim_map 0 kanidm system oauth2 delete-claim-map no-app',
      "lack 'oauth2_prefer_short_username: true' kanidm system oauth2 prefer-spn-username no-app",
      "lack 'oauth2_jwt_legacy_crypto_enable: true' kanidm system oauth2 disable-legacy-crypto no-app",
      "want 'oauth2_consent_prompt_enable: false' kanidm system oauth2 disable-consent-prompt no-app",
      "lack 'oauth2_allow_localhost_redirect: true' kanidm system oauth2 disable-localhost-redirects no-app",
      `downloaded no-app 'https://none.example.com/a/logo.JPEG?x=1' ${'a'.repeat(64)} jpg 1`,
    ],
  ],
  [
    'a client without optional fields',
    [...client('bare-app'), ...extras('bare-app')],
    [
      'typed bare-app public',
      "want 'displayname: Bare' kanidm system oauth2 set-displayname bare-app Bare",
      "want 'oauth2_rs_origin_landing: https://bare.example.com/' kanidm system oauth2 set-landing-url bare-app https://bare.example.com",
      "lack 'oauth2_prefer_short_username: true' kanidm system oauth2 prefer-spn-username bare-app",
      "lack 'oauth2_jwt_legacy_crypto_enable: true' kanidm system oauth2 disable-legacy-crypto bare-app",
      "lack 'oauth2_allow_insecure_client_disable_pkce: true' kanidm system oauth2 enable-pkce bare-app",
      'leave description oauth2_rs_origin oauth2_rs_scope_map oauth2_rs_sup_scope_map oauth2_rs_claim_map',
    ],
  ],
  [
    'a public client that may redirect to localhost',
    extras('cli'),
    ["want 'oauth2_allow_localhost_redirect: true' kanidm system oauth2 enable-localhost-redirects cli"],
  ],
])('%s', (_, lines, expected) => expect(lines).toEqual(expected));

test('idm_admins becomes the manager before the times are set', () => {
  const robot = { ...entry(config.serviceAccounts, 'all-robot'), managedBy: 'idm_admins' };
  const [, , manager, ...times] = serviceAccountFacts(config, robot);
  expect(manager).toMatch(/^want 'entry_managed_by: idm_admins@/);
  expect(times[0]).toBe('if managed all-robot; then');
});

test.each([
  ['1.5.0', `'${key} me'`],
  ['1.6.0', `'${key} me at  home'`],
])('Kanidm %s stores the SSH key %s', (version, stored) => {
  expect(person('all', parseVersion(version))).toContain(`ssh_key all x x ${stored}`);
});

test('clients before 1.10 clear a legal name in the form of SCIM', () => {
  const version = { text: '1.9.3', major: 1, minor: 9, patch: 3 };
  expect(person('none', version)).toContain(`cleared legalname write '{"legalname":null}'`);
});

test.each([
  [createCommands.person(entry(config.people, 'all')), 'kanidm person create all All'],
  [createCommands.person(entry(config.people, 'none')), 'kanidm person create -- none -None'],
  [
    createCommands.serviceAccount(entry(config.serviceAccounts, 'all-robot')),
    'kanidm service-account create all-robot All idm_admins',
  ],
  [
    createCommands.serviceAccount(entry(config.serviceAccounts, 'no-robot')),
    'kanidm service-account create -- no-robot -None idm_admins',
  ],
  [createCommands.group(entry(config.groups, 'all-team')), 'kanidm group create all-team'],
  [createClient(entry(config.clients, 'app')), 'kanidm system oauth2 create app App https://app.example.com'],
  [createClient(entry(config.clients, 'cli')), 'kanidm system oauth2 create-public -- cli -c https://cli.example.com'],
])('an entry is created by its command: %j', (words, line) => expect(words.join(' ')).toBe(line));

test.each([
  ['a/logo.png', 'png'],
  ['logo.JPG', 'jpg'],
  ['x.y.jpeg', 'jpg'],
  ['logo.gif', 'gif'],
  ['logo.svg', 'svg'],
  ['logo.webp', 'webp'],
  ['logo.bmp', undefined],
  ['logo.png.txt', undefined],
])('the type of the image %s is %s', (path, type) => expect(imageType(path)).toBe(type));

test.each(['/srv/logo.png', './logo.png', '../logo.png'])('the path %s of an image is no option', (image) => {
  expect(clientExtras({ ...entry(config.clients, 'bare-app'), image })).toEqual([`image bare-app ${image} png 0`]);
});

test('a path of an image that looks like an option, or like a hidden file, gets a folder', () => {
  const line = (image: string) => clientExtras({ ...entry(config.clients, 'bare-app'), image });
  expect(line('-logo.gif')).toEqual(['image bare-app ./-logo.gif gif 2']);
  expect(line('.logo.webp')).toEqual(['image bare-app ./.logo.webp webp 4']);
});

import { entryOf, filled, identitiesOf, kanidmEntry, some } from '../../lib/existing/kanidm-entries';
import { areLists, byGroup, Fields, isMapOfTexts } from '../../lib/existing/resource-fields';

const uuid = ['a39bd23b-9919-4ae2-b299-fc6223227c5b'];
const [id] = uuid;
const spn = ['jane@idm.example.com'];
const source = 'file';

test('a person with every attribute', () => {
  const attributes = {
    class: ['account', 'person', 'posixaccount'],
    name: ['jane'],
    spn,
    uuid,
    displayname: ['Jane'],
    legalname: ['Jane D.'],
    description: ['x'],
    mail: ['a@example.com', 'b@example.com'],
    ssh_publickey: ['laptop: ssh-ed25519 AAAA'],
    loginshell: ['/bin/sh'],
    gidnumber: ['1000'],
    account_valid_from: ['2026-01-01T00:00:00Z'],
    account_expire: ['2027-01-01T00:00:00Z'],
    passkeys: ['secret'],
    primary_credential: ['secret'],
    memberof: ['x'],
    image: ['hash'],
    other: ['y'],
  };
  expect(entryOf(source, attributes)).toEqual({
    source,
    name: 'jane',
    kind: 'person',
    domain: 'idm.example.com',
    hasImage: true,
    unread: ['image', 'other'],
    fields: {
      displayName: 'Jane',
      legalName: 'Jane D.',
      description: 'x',
      mail: ['a@example.com', 'b@example.com'],
      sshKeys: { laptop: 'ssh-ed25519 AAAA' },
      posix: { gid: 1000, shell: '/bin/sh' },
      validFrom: '2026-01-01T00:00:00Z',
      expires: '2027-01-01T00:00:00Z',
      id,
    },
  });
});

test('a person with the least', () => {
  const least = { class: ['person'], uuid, name: ['jane'], mail: ['a@example.com'], gidnumber: ['1'], image: [] };
  expect(entryOf(source, least)).toEqual({
    source,
    name: 'jane',
    kind: 'person',
    unread: ['image'],
    fields: { displayName: 'jane', mail: 'a@example.com', id },
  });
  expect(entryOf(source, { class: ['person'], uuid })).toMatchObject({ name: id, fields: { displayName: '' } });
  expect(entryOf(source, { class: ['person'] })).toEqual({
    source,
    name: '',
    kind: 'person',
    unread: [],
    fields: { displayName: '' },
  });
});

test('a service account', () => {
  const attributes = {
    class: ['account', 'service_account'],
    name: ['ci'],
    uuid,
    displayname: ['CI'],
    description: ['x'],
    entry_managed_by: ['ops@b', 'devs@b'],
    account_valid_from: ['2026-01-01T00:00:00Z'],
    account_expire: ['2027-01-01T00:00:00Z'],
    mail: ['a@example.com'],
    api_token_session: ['secret'],
  };
  expect(entryOf(source, attributes)).toEqual({
    source,
    name: 'ci',
    kind: 'service account',
    unread: ['mail'],
    differences: [
      'the entry has several managers, but a config has only one for each entry: ops stays, and the runbook and the migrations remove devs',
    ],
    fields: {
      displayName: 'CI',
      description: 'x',
      managedBy: 'ops',
      validFrom: '2026-01-01T00:00:00Z',
      expires: '2027-01-01T00:00:00Z',
      id,
    },
  });
  expect(entryOf(source, { class: ['service_account'], name: ['ci'] })).toEqual({
    source,
    name: 'ci',
    kind: 'service account',
    unread: [],
    fields: { displayName: 'ci' },
  });
  expect(entryOf(source, { class: ['service_account'] })).toMatchObject({ fields: { displayName: '' } });
});

test('a group', () => {
  const attributes = {
    class: ['group', 'posixgroup', 'account_policy'],
    name: ['devs'],
    uuid,
    description: ['x'],
    member: ['jane@b', 'joe@b'],
    entry_managed_by: ['ops@b'],
    gidnumber: ['2000'],
    credential_type_minimum: ['mfa'],
    authsession_expiry: ['3600'],
    privilege_expiry: ['900'],
    auth_password_minimum_length: ['12'],
    limit_search_max_results: ['1'],
  };
  const fields = {
    description: 'x',
    members: ['jane', 'joe'],
    managedBy: 'ops',
    posix: { gid: 2000 },
    policy: { credentialMinimum: 'mfa', sessionExpiry: 3600, privilegeExpiry: 900, passwordMinimumLength: 12 },
    id,
  };
  const group = { source, name: 'devs', kind: 'group', unread: ['limit_search_max_results'], fields };
  expect(entryOf(source, attributes)).toEqual(group);
  expect(entryOf(source, { class: ['group'], name: ['devs'], uuid, gidnumber: ['1'] })).toEqual({
    ...group,
    unread: [],
    fields: { id },
  });
  expect(entryOf(source, { class: ['group', 'posixgroup'] })).toMatchObject({ fields: { posix: {} } });
  const minimum = (one: string) => entryOf(source, { class: ['group'], credential_type_minimum: [one] });
  for (const one of ['any', 'mfa', 'passkey', 'attested_passkey'])
    expect(minimum(one)).toMatchObject({ fields: { policy: { credentialMinimum: one } } });
  expect(minimum('other')).toMatchObject({ fields: {} });
});

test('a group keeps its account policy, also if a config has no field for any of its settings', () => {
  const of = (...classes: string[]) =>
    entryOf(source, { class: ['group', ...classes], uuid, limit_search_max_results: ['1'] });
  expect(of('account_policy')).toMatchObject({ fields: { policy: {} }, unread: ['limit_search_max_results'] });
  expect(of()).toMatchObject({ fields: { id } });
  expect(of()).not.toHaveProperty('fields.policy');
});

test('a deleted entry is none of the config', () => {
  const attributes = { class: ['account', 'person'], name: ['bob'], uuid, recycled_directmemberof: ['a@b'] };
  expect(entryOf(source, attributes)).toMatchObject({ kind: 'person', unread: ['recycled_directmemberof'] });
  expect(entryOf(source, { ...attributes, class: ['account', 'person', 'recycled'] })).toEqual({
    source,
    name: 'bob',
    kind: 'other',
    unread: [],
    why: expect.stringContaining('recycle bin'),
  });
});

test('an entry with a class that Kaniflux does not write has a difference', () => {
  const of = (...classes: string[]) => entryOf(source, { class: classes, uuid }).differences;
  expect(of('person', 'account', 'memberof', 'object', 'posixaccount', 'orgperson')).toBeUndefined();
  expect(of('oauth2_resource_server', 'key_object', 'key_object_jwt_es256', 'account')).toBeUndefined();
  expect(of('group', 'dyngroup', 'builtin', 'system')).toBeUndefined();
  expect(of('domain_info')).toBeUndefined();
  expect(of('person', 'sync_object')).toEqual([expect.stringMatching(/sync_object; a synchronisation from another/)]);
  expect(of('service_account', 'application')).toEqual([expect.stringMatching(/application; a config cannot contain/)]);
});

test('a client', () => {
  const attributes = {
    class: ['oauth2_resource_server', 'oauth2_resource_server_basic', 'account'],
    name: ['k8s'],
    uuid,
    displayname: ['K8s'],
    description: ['x'],
    oauth2_rs_origin: ['http://localhost:18000/', 'http://localhost:8000/', 'http://localhost:7000/'],
    oauth2_rs_origin_landing: ['https://app.example.com/'],
    oauth2_rs_scope_map: ['devs@b: {"openid"}'],
    oauth2_rs_sup_scope_map: ['ops@b: {"admin"}'],
    oauth2_rs_claim_map: ['role:devs@b:,:"a,b"'],
    oauth2_allow_localhost_redirect: ['true'],
    oauth2_prefer_short_username: ['true'],
    oauth2_consent_prompt_enable: ['false'],
    oauth2_jwt_legacy_crypto_enable: ['true'],
    oauth2_allow_insecure_client_disable_pkce: ['true'],
    oauth2_strict_redirect_uri: ['true'],
    oauth2_rs_basic_secret: ['secret'],
    es256_private_key_der: ['secret'],
    oauth2_refresh_token_expiry: ['1'],
  };
  expect(entryOf(source, attributes)).toEqual({
    source,
    name: 'k8s',
    kind: 'client',
    unread: ['oauth2_refresh_token_expiry'],
    fields: {
      displayName: 'K8s',
      description: 'x',
      type: 'basic',
      landingUrl: 'https://app.example.com',
      redirectUrls: ['http://localhost:7000', 'http://localhost:8000', 'http://localhost:18000'],
      localhostRedirects: true,
      scopes: { devs: ['openid'] },
      supplementaryScopes: { ops: ['admin'] },
      claims: { role: { join: 'csv', values: { devs: ['a', 'b'] } } },
      preferShortUsername: true,
      consentPrompt: false,
      legacyCrypto: true,
      disablePkce: true,
      id,
    },
  });
  const off = Object.fromEntries(Object.entries(attributes).filter(([, [value]]) => value === 'true'));
  const plain = { class: ['oauth2_resource_server'], name: ['k8s'], oauth2_rs_origin: ['http://a/'] };
  expect(
    entryOf(source, {
      ...plain,
      ...Object.fromEntries(Object.keys(off).map((key) => [key, ['false']])),
      oauth2_consent_prompt_enable: ['true'],
    }),
  ).toMatchObject({ unread: [], fields: { landingUrl: 'http://a', redirectUrls: ['http://a'] } });
  expect(entryOf(source, plain)).toEqual({
    source,
    name: 'k8s',
    kind: 'client',
    unread: [],
    fields: { landingUrl: 'http://a', redirectUrls: ['http://a'] },
  });
  expect(entryOf(source, { class: ['oauth2_resource_server'] })).toMatchObject({ fields: { landingUrl: '' } });
  const old = { class: ['oauth2_resource_server'], uuid, oauth2_rs_name: ['k8s'] };
  expect(entryOf(source, old)).toMatchObject({ name: 'k8s', unread: [] });
  expect(entryOf(source, { ...old, name: ['a'] })).toMatchObject({ name: 'a' });
});

test('other entries, and those that Kanidm creates itself', () => {
  expect(entryOf(source, { class: ['object', 'domain_info'], name: ['d'], x: ['y'] })).toEqual({
    source,
    name: 'd',
    kind: 'other',
    unread: ['x'],
    why: 'a config cannot contain entries of class object, domain_info',
  });
  expect(entryOf(source, { class: ['group', 'builtin'] })).toHaveProperty('isBuiltIn', true);
  const system = ['00000000-0000-0000-0000-000000000001'];
  expect(entryOf(source, { class: ['group'], uuid: system })).toHaveProperty('isBuiltIn', true);
  expect(entryOf(source, { class: ['group'], uuid })).not.toHaveProperty('isBuiltIn');
});

test.each([
  ...['class', 'spn', 'memberof', 'directmemberof', 'dynmember', 'name', 'uuid', 'last_modified_cid', 'created_at_cid'],
  ...['a_private_b', 'a_key_data', 'key_a', 'a_secret', 'oauth2_strict_redirect_uri', 'a_credential_b', 'a_session_b'],
  ...[
    'passkeys',
    'attested_passkeys',
    'unix_password',
    'es256_a',
    'rs256_a',
    'oauth2_rs_token_key',
    'sudo_a',
    'id_verification_a',
  ],
  ...['name_history', 'hmac_name_history', 'password_changed_time', 'nsuniqueid', 'sync_a'],
])('the attribute %s is left out, and a similar one is not', (name) => {
  const unreadOf = (attribute: string) => entryOf(source, { class: ['domain_info'], [attribute]: ['x'] }).unread;
  expect(unreadOf(name)).toEqual([]);
  const similar = `x ${name} x`;
  expect(unreadOf(similar)).toEqual(/credential|session|private/.test(name) ? [] : [similar]);
});

test('an entry in a document, as the REST API and the client print it', () => {
  const attrs = { class: ['group'], uuid, name: 'devs', member: ['a@b', 7] };
  const devs = { source, name: 'devs', kind: 'group', unread: [], fields: { members: ['a', '7'], id } };
  expect(kanidmEntry(source, { attrs })).toEqual(devs);
  expect(kanidmEntry(source, attrs)).toEqual(devs);
  expect(kanidmEntry(source, { attrs: { ...attrs, uuid: id } })).toBeUndefined();
  expect(kanidmEntry(source, { attrs: { ...attrs, class: 'group' } })).toBeUndefined();
  expect(kanidmEntry(source, { attrs: [], ...attrs })).toMatchObject({ unread: ['attrs'] });
});

test('the sections of a config', () => {
  const entry = (name: string, ...classes: string[]) => entryOf(source, { class: classes, name: [name] });
  const all = [
    ...[entry('p', 'person'), entry('s', 'service_account'), entry('g', 'group'), entry('o', 'other')],
    ...[entry('c', 'oauth2_resource_server'), entry('b', 'group', 'builtin')],
  ];
  const { people, serviceAccounts, groups, clients } = identitiesOf(all);
  expect([people, serviceAccounts, groups, clients].map((one) => [...one.entries()])).toEqual([
    [['p', { displayName: 'p' }]],
    [['s', { displayName: 's' }]],
    [['g', {}]],
    [['c', { landingUrl: '' }]],
  ]);
});

test('fields without values, and maps without fields', () => {
  expect(Object.keys(some<object>({ a: 1, b: undefined, c: null } as object))).toEqual(['a', 'c']);
  expect([filled({}), filled({ a: 1 })]).toEqual([undefined, { a: 1 }]);
});

test('fields of a resource are read once they have the right type', () => {
  const map = { a: 'x', b: { c: 1, d: true, e: {} }, f: ['x'], g: 'x', h: [1], i: {}, j: 'y' };
  const fields = new Fields(map);
  expect([fields.text('a'), fields.text('b.c'), fields.text('toString')]).toEqual(['x', undefined, undefined]);
  expect([fields.number('b.c'), fields.number('a')]).toEqual([1, undefined]);
  expect([fields.flag('b.d'), fields.flag('b.c')]).toEqual([true, undefined]);
  expect([fields.texts('f'), fields.texts('g'), fields.texts('h')]).toEqual([['x'], ['x'], undefined]);
  expect([fields.oneOf('j', ['y', 'z']), fields.oneOf('a', ['y'])]).toEqual(['y', undefined]);
  expect([fields.has('b'), fields.has('b.e'), fields.has('f'), fields.has('x')]).toEqual([true, true, false, false]);
  expect(fields.unread).toEqual(['h (1)', 'i']);
});

test('lists of groups', () => {
  const areScopes = areLists('scopes');
  expect(areScopes([{ group: 'a', scopes: ['b'] }])).toBe(true);
  for (const wrong of [{}, [7], [{ group: 'a' }], [{ group: 7, scopes: [] }], [{ group: 'a', scopes: [7] }]])
    expect(areScopes(wrong)).toBe(false);
  expect(areScopes([{ group: 'a', scopes: [], more: 1 }])).toBe(false);
  expect([isMapOfTexts({ a: ['b'] }), isMapOfTexts({ a: 'b' }), isMapOfTexts([['b']])]).toEqual([true, false, false]);
  const lists = [
    ['a@x', ['b']],
    ['c', ['d']],
    ['a', ['e', 'b']],
  ] as const;
  expect(byGroup(lists)).toEqual({ a: ['b', 'e'], c: ['d'] });
});

import { stringify } from 'yaml';
import { provisionFacts } from '../../lib/existing/provision-state';
import { adoptFiles, allSaid, binding, type Files, grantsIn, jwt, structured, treatmentOf } from '../adopt/adopted';

const named = (kind: string, name: string, spec: object, metadata: object = {}) => ({
  apiVersion: 'kaniop.rs/v1beta1',
  kind,
  metadata: { name, ...metadata },
  spec,
});
const kanidmRef = { name: 'idm' };
const server = named('Kanidm', 'idm', { domain: 'idm.example.org', replicaGroups: [{ name: 'default', replicas: 1 }] });
const byUuid = { username: { claim: 'sub', prefix: 'kanidm:' }, groups: { claim: 'groups', prefix: 'kanidm:' } };
const auth = structured(jwt(byUuid));
const configOf = (files: Files) => JSON.parse(JSON.stringify(adoptFiles(files).config));

/** The same field of an entry in several spellings, with the field of a config. */
const kaniop: readonly [string, ReturnType<typeof named>, string, object][] = [
  [
    'a person with one address, as text and from another namespace',
    named('KanidmPersonAccount', 'jane', {
      kanidmRef: { name: 'idm', namespace: 'kanidm' },
      personAttributes: { displayname: 'Jane', mail: ['jane@example.com'] },
    }),
    'people',
    { jane: { displayName: 'Jane', mail: 'jane@example.com' } },
  ],
  [
    'a person whose name no resource can have',
    named('KanidmPersonAccount', 'jane-doe', {
      kanidmRef,
      kanidmName: 'jane_doe',
      personAttributes: { displayname: 'Jane', legalname: 'Jane Doe', accountValidFrom: '2026-01-01T00:00:00Z' },
      posixAttributes: {},
    }),
    'people',
    { jane_doe: { displayName: 'Jane', legalName: 'Jane Doe', validFrom: '2026-01-01T00:00:00Z', posix: {} } },
  ],
  [
    'a group by SPNs, with a policy',
    named('KanidmGroup', 'ops', {
      kanidmRef,
      entryManagedBy: 'idm_admins@idm.example.org',
      members: [],
      posixAttributes: { gidnumber: 70000 },
      accountPolicy: { credentialTypeMinimum: 'attested_passkey', authSessionExpiry: 3600, privilegeExpiry: 60 },
    }),
    'groups',
    {
      ops: {
        managedBy: 'idm_admins',
        members: [],
        posix: { gid: 70000 },
        policy: { credentialMinimum: 'attested_passkey', sessionExpiry: 3600, privilegeExpiry: 60 },
      },
    },
  ],
  ['a group whose members are managed in Kanidm', named('KanidmGroup', 'ops', { kanidmRef }), 'groups', { ops: {} }],
  [
    'a client with one scope map by name and one by SPN',
    named('KanidmOAuth2Client', 'web', {
      kanidmRef,
      displayname: 'Web',
      origin: 'https://web.example.org/',
      redirectUrl: ['https://web.example.org/cb'],
      scopeMap: [
        { group: 'ops', scopes: ['openid', 'email'] },
        { group: 'ops@idm.example.org', scopes: ['groups', 'email'] },
      ],
    }),
    'clients',
    {
      web: {
        displayName: 'Web',
        type: 'basic',
        landingUrl: 'https://web.example.org',
        redirectUrls: ['https://web.example.org/cb'],
        scopes: { ops: ['openid', 'email', 'groups'] },
      },
    },
  ],
  [
    'a client with a claim that is there twice, as kaniop merges it',
    named('KanidmOAuth2Client', 'web', {
      kanidmRef,
      displayname: 'Web',
      origin: 'http://localhost:8000',
      redirectUrl: ['http://localhost:8000/'],
      public: true,
      allowLocalhostRedirect: true,
      claimMap: [
        { name: 'role', joinStrategy: 'ssv', valuesMap: [{ group: 'ops', values: ['a', 'b'] }] },
        { name: 'role', valuesMap: [{ group: 'Dev@idm.example.org', values: ['c'] }] },
        { name: 'team', valuesMap: [{ group: 'dev', values: ['d'] }] },
      ],
      jwtLegacyCryptoEnable: true,
      disableConsentPrompt: true,
    }),
    'clients',
    {
      web: {
        displayName: 'Web',
        landingUrl: 'http://localhost:8000',
        redirectUrls: ['http://localhost:8000'],
        localhostRedirects: true,
        claims: {
          role: { join: 'ssv', values: { ops: ['a', 'b'], dev: ['c'] } },
          team: { values: { dev: ['d'] } },
        },
        legacyCrypto: true,
        consentPrompt: false,
      },
    },
  ],
];
const groups = ['ops', 'dev'].map((name) => named('KanidmGroup', name, { kanidmRef }));

test.each(kaniop)('kaniop: %s', (_, resource, section, expected) => {
  const others = groups.filter(({ metadata }) => metadata.name !== resource.metadata.name);
  const files = { 'kaniop.yaml': [server, resource, ...others].map((one) => stringify(one)).join('---\n') };
  const config = configOf(files);
  expect(config[section]).toEqual(section === 'groups' ? { ...expected, dev: {} } : expected);
  // kubectl prints a list, and a repository can contain JSON.
  const list = { apiVersion: 'v1', kind: 'List', items: [server, resource, ...others] };
  expect(configOf({ 'list.json': JSON.stringify(list) })).toEqual(config);
});

test('kaniop: every field of its resources is taken, or named', () => {
  const files = {
    'kaniop.json': JSON.stringify(
      [
        server,
        named('KanidmPersonAccount', 'jane', {
          kanidmRef,
          personAttributes: { displayname: 'Jane', mail: [7], legalname: { a: 1 }, accountExpire: 5 },
          posixAttributes: { gidnumber: '70000', loginshell: '/bin/sh' },
          credentialsTokenTtl: 60,
        }),
        named('KanidmGroup', 'ops', {
          kanidmRef,
          mail: ['ops@example.org'],
          accountPolicy: { credentialTypeMinimum: 'strong', authSessionExpiry: '3600', limitSearchMaxResults: 1 },
        }),
        named('KanidmServiceAccount', 'ci', {
          kanidmRef,
          serviceAccountAttributes: { displayname: 'CI', entryManagedBy: 'ops', mail: ['ci@example.org'] },
          apiTokens: [{ label: 'a', purpose: 'readwrite' }],
          generateCredentials: true,
          posixAttributes: {},
        }),
        named('KanidmOAuth2Client', 'web', {
          kanidmRef,
          displayname: 'Web',
          origin: 'https://web.example.org',
          redirectUrl: ['https://web.example.org/cb'],
          scopeMap: [{ group: 'ops', scopes: 'openid' }],
          claimMap: [{ name: 'role', joinStrategy: 'lines', valuesMap: [{ group: 'ops', values: ['a'] }] }],
          strictRedirectUrl: false,
          secretRotation: { enabled: true, periodDays: 30 },
          secretTemplate: { labels: { a: 'b' } },
          secretKeyAliases: { clientId: ['ID'] },
          image: { url: 'https://example.org/web.svg' },
        }),
      ],
      null,
      1,
    ),
  };
  const { items } = adoptFiles(files);
  // Without `policy`, a migration removes the whole account policy.
  expect(configOf(files).groups.ops).toEqual({ policy: {} });
  const not = items.filter(({ treatment, isUnrelated }) => treatment === 'not taken' && !isUnrelated);
  expect(not.map(({ what }) => what)).toEqual([
    'jane: personAttributes.mail (1)',
    'jane: personAttributes.legalname (1)',
    'jane: personAttributes.accountExpire',
    'jane: posixAttributes.gidnumber',
    'jane: credentialsTokenTtl',
    'ops: mail (1)',
    'ops: accountPolicy (3)',
    'ci: serviceAccountAttributes.mail (1)',
    'ci: apiTokens (2)',
    'ci: generateCredentials',
    'ci: posixAttributes',
    'web: scopeMap (2)',
    'web: claimMap (4)',
    'web: strictRedirectUrl',
    'web: secretRotation (2)',
    'web: secretTemplate (1)',
    'web: secretKeyAliases (1)',
    'web: image (1)',
  ]);
});

describe('several Kanidms in one cluster', () => {
  const at = (name: string, domain: string, more: object = {}) =>
    named('Kanidm', name, { domain, replicaGroups: [], ...more }, { namespace: name });
  const ops = (name: string, member: string, namespace?: string) =>
    named('KanidmGroup', 'ops', { kanidmRef: { name, ...(namespace ? { namespace } : {}) }, members: [member] });
  const person = (name: string, of: string) =>
    named('KanidmPersonAccount', name, { kanidmRef: { name: of }, personAttributes: { displayname: name } });
  const [people, entries] = [
    [person('jane', 'prod'), person('mallory', 'test')],
    [ops('test', 'mallory', 'test'), ops('prod', 'jane', 'prod')],
  ];
  const rbac = binding('admins', 'cluster-admin', 'Group kanidm:ops@idm.example.org');
  const adopted = (...resources: readonly object[]) =>
    adoptFiles({ 'kaniop.json': JSON.stringify(resources), 'auth.yaml': auth, 'rbac.yaml': rbac });

  test.each([
    ['by its domain', [at('test', 'test.example.org'), at('prod', 'idm.example.org'), ...people, ...entries]],
    ['in another order', [...entries.toReversed(), ...people, at('prod', 'idm.example.org'), at('test', 'a.test')]],
    [
      'by its address',
      [
        at('prod', 'example.org', { origin: 'https://idm.example.org/' }),
        at('test', 'example.org', { origin: 'https://test.example.org' }),
        ...people,
        ...entries,
      ],
    ],
    ['that alone was read', [at('prod', 'idm.example.org'), ...people, ...entries]],
    ['of which the other was read', [at('test', 'test.example.org'), ...people, ...entries]],
  ])('the entries of the one %s are taken', (_, resources) => {
    const one = adopted(...resources);
    expect(one.config).toMatchObject({ groups: { ops: { members: ['jane'] } }, people: { jane: {} } });
    expect(JSON.stringify(one.config)).not.toContain('mallory');
    expect(treatmentOf(one, 'person mallory')).toMatchObject({
      treatment: 'not taken',
      text: expect.stringMatching(/^the entry belongs to Kanidm test/),
    });
  });

  test('without the resources of the servers nothing tells which, so that none is taken', () => {
    const one = adopted(...people, ...entries);
    expect(JSON.stringify(one.config)).not.toMatch(/mallory|jane/);
    expect(treatmentOf(one, 'person jane')?.text).toMatch(
      /adopt cannot tell which .* run adopt with the resources of kind Kanidm/,
    );
  });

  test('the domain is that of the issuer', () => {
    const one = adopted(at('prod', 'idm.example.org'), at('test', 'test.example.org'), ...people, ...entries);
    expect(one.config.kanidm).toEqual({ domain: 'idm.example.org' });
    expect(treatmentOf(one, 'Kanidm test/test (test.example.org)')).toMatchObject({
      treatment: 'not taken',
      text: 'people sign in at https://idm.example.org, which is another Kanidm',
    });
    expect(grantsIn(one)).toMatchObject([{ groups: ['ops'] }]);
  });

  const recorded = (domain: string, member: string): object[] => [
    {
      attrs: {
        class: ['group'],
        name: ['ops'],
        uuid: [`b39bd23b-9919-4ae2-b299-fc622322${domain.length}5b`],
        spn: [`ops@${domain}`],
        member: [`${member}@${domain}`],
      },
    },
    {
      attrs: {
        class: ['person', 'account'],
        name: [member],
        uuid: [`a39bd23b-9919-4ae2-b299-fc622322${domain.length}5b`],
        spn: [`${member}@${domain}`],
        displayname: [member],
      },
    },
  ];

  test('what the kanidm client prints of another Kanidm is not taken', () => {
    const one = adopted(...recorded('test.example.com', 'mallory'), ...recorded('idm.example.org', 'jane'));
    expect(one.config).toMatchObject({ kanidm: { domain: 'idm.example.org' }, groups: { ops: { members: ['jane'] } } });
    expect(treatmentOf(one, 'person mallory')?.text).toMatch(/the name of the entry ends in @test\.example\.com/);
  });

  test('of two HelmReleases the one of the domain is taken', () => {
    const release = (name: string, domain: string) => ({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name, namespace: name },
      spec: {
        chart: { spec: { chart: 'kanidm', version: '0.1.2', sourceRef: { kind: 'HelmRepository', name: 'k' } } },
        values: { domain },
      },
    });
    const one = adopted(release('test', 'test.example.org'), release('kanidm', 'idm.example.org'));
    expect(one.config.kanidm).toMatchObject({ domain: 'idm.example.org', helm: { chart: 'kanidm' } });
    expect(one.config.kanidm).not.toHaveProperty('namespace');
    const alone = adopted(release('test', 'test.example.org'));
    expect(alone.config.kanidm).toEqual({ domain: 'idm.example.org' });
    expect(treatmentOf(alone, 'HelmRelease of the chart kanidm')?.text).toBe(
      'the domain of this HelmRelease is test.example.org, but the Kanidm of the cluster has the domain idm.example.org',
    );
  });
});

/** States of kanidm-provision in other spellings. */
const client = { displayName: 'Web', originLanding: 'https://web.example.org/' };
const states: readonly [string, object, object][] = [
  [
    'one address as text, and nothing else',
    { systems: { oauth2: { web: { ...client, originUrl: 'https://web.example.org/cb' } } } },
    {
      clients: {
        web: {
          displayName: 'Web',
          type: 'basic',
          landingUrl: 'https://web.example.org',
          redirectUrls: ['https://web.example.org/cb'],
        },
      },
    },
  ],
  [
    'POSIX, with and without the switch',
    {
      persons: {
        jane: { displayName: 'Jane', enableUnix: true, gidNumber: 70001, loginShell: '/bin/zsh' },
        sam: { displayName: 'Sam', enableUnix: false },
      },
      groups: { ops: { members: ['jane', 'sam'], enableUnix: true } },
      systems: { oauth2: {} },
    },
    {
      people: {
        jane: { displayName: 'Jane', posix: { gid: 70001, shell: '/bin/zsh' } },
        sam: { displayName: 'Sam' },
      },
      groups: { ops: { members: ['jane', 'sam'], posix: {} } },
    },
  ],
  [
    'maps of each kind',
    {
      groups: { ops: { members: [] }, dev: { members: ['ops'], overwriteMembers: true } },
      systems: {
        oauth2: {
          web: {
            ...client,
            originUrl: ['https://web.example.org/a', 'https://web.example.org/b'],
            scopeMaps: { ops: ['openid'], dev: ['openid', 'email'] },
            supplementaryScopeMaps: { dev: ['admin'] },
            claimMaps: {
              roles: { joinType: 'array', valuesByGroup: { ops: ['a'], dev: ['b', 'c'] } },
              teams: { joinType: 'csv', valuesByGroup: { dev: ['d'] } },
            },
            allowInsecureClientDisablePkce: true,
            enableLegacyCrypto: true,
          },
        },
      },
    },
    {
      groups: { ops: { members: [] }, dev: { members: ['ops'] } },
      clients: {
        web: {
          scopes: { ops: ['openid'], dev: ['openid', 'email'] },
          supplementaryScopes: { dev: ['admin'] },
          claims: {
            roles: { values: { ops: ['a'], dev: ['b', 'c'] } },
            teams: { join: 'csv', values: { dev: ['d'] } },
          },
          disablePkce: true,
          legacyCrypto: true,
        },
      },
    },
  ],
];
test.each(states)('kanidm-provision: %s', (_, state, expected) => {
  const config = configOf({ 'state.json': JSON.stringify(state) });
  expect(config).toMatchObject(expected);
  expect(configOf({ 'state.yaml': state })).toEqual(config);
});

test('kanidm-provision: what it has and a config has not is named, and no secret is printed', () => {
  const state = {
    persons: { jane: { displayName: 'Jane', gidNumber: 70001 } },
    groups: { idm_people_admins: { members: ['jane'] }, old: { present: false, members: ['jane'] } },
    systems: {
      oauth2: {
        web: {
          ...client,
          originUrl: 'https://web.example.org/',
          basicSecretFile: '/run/secrets/web',
          imageFile: './web.svg',
          removeOrphanedClaimMaps: false,
          scopeMaps: { ops: 'openid' },
        },
      },
      radius: {},
    },
  };
  const files = { 'state.json': JSON.stringify(state) };
  const not = adoptFiles(files).items.filter(({ treatment }) => treatment === 'not taken');
  expect(not.map(({ what, text }) => `${what}: ${text?.split(/[;,(]/)[0]}`)).toEqual([
    'jane: gidNumber: a config has no such field',
    'group idm_people_admins: this is a built-in group of Kanidm',
    'entry old: kanidm-provision removes this entry ',
    'web: basicSecretFile: a config has no such field',
    'web: imageFile: adopt does not take over the logo image',
    'web: scopeMaps (1): a config has no such field',
    'systems.radius: adopt does not understand this item',
  ]);
  expect(allSaid(files)).not.toContain('/run/secrets');
});

test('a state of kanidm-provision keeps values that it does not list, if it says so', () => {
  const claimMaps = { role: { joinType: 'array', valuesByGroup: { ops: ['a'] } } };
  const web = { ...client, originUrl: 'https://web.example.org', removeOrphanedClaimMaps: false };
  const read = (members: readonly string[] | undefined, claims: object, more: object = {}) => {
    const state = {
      groups: { ops: { members, ...more } },
      persons: {},
      systems: { oauth2: { web: { ...web, ...claims } } },
    };
    const entries = provisionFacts('state.json', state)?.entries ?? [];
    return entries.map((entry) => [entry.kind === 'group' && entry.fields, entry.differences?.length]);
  };
  const keeps = { overwriteMembers: false };
  expect(read(['jane'], { claimMaps }, keeps)).toEqual([
    [{ members: ['jane'] }, 1],
    [false, 1],
  ]);
  // Without a list in the config, Kanidm keeps the values.
  expect(read([], {}, keeps)).toEqual([
    [{}, 0],
    [false, 0],
  ]);
  expect(read(undefined, {}, keeps)).toEqual([
    [{}, 0],
    [false, 0],
  ]);
  expect(read([], {})).toEqual([
    [{ members: [] }, 0],
    [false, 0],
  ]);
});

test('an entry with a variable in a state of kanidm-provision is not read, and the others are', () => {
  const [name, value] = ['$' + '{APP}', 'https://$' + '{DOMAIN}/cb'];
  const state = {
    groups: { [`${name}-users`]: { members: ['jane'] }, ops: { members: ['jane'] } },
    persons: { jane: { displayName: 'costs $5' } },
    systems: { oauth2: { web: { ...client, originUrl: [value] }, app: { ...client, originUrl: '{{ url }}' } } },
  };
  const facts = provisionFacts('state.json', state);
  expect(facts?.entries.map((entry) => entry.name)).toEqual(['jane', 'ops']);
  const instead =
    'the entry contains a variable: run adopt with a copy of the file that has the value in place of the variable';
  expect(facts?.passedOver).toEqual(
    [`groups.${name}-users`, 'systems.oauth2.web', 'systems.oauth2.app'].map((what) => ({
      ...{ source: 'state.json', what, why: 'not understood', instead },
    })),
  );
  const data = { 'state.json': JSON.stringify(state) };
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'state' }, data };
  expect(configOf({ 'map.yaml': map }).clients).toBeUndefined();
});

test('braces in the display names of a state file are taken, and said', () => {
  const state = {
    persons: { jane: { displayName: '$' + '{JANE}', legalName: 'Jane {{x}}' }, bob: { displayName: 'Bob' } },
    systems: { oauth2: { web: { ...client, displayName: 'K8s <<prod>>' } } },
  };
  const facts = provisionFacts('state.json', state);
  expect(facts?.passedOver).toEqual([]);
  const said = (field: string) =>
    `the ${field} is taken as it is written: if it contains a variable, write the value in place of the variable`;
  expect(facts?.entries.map(({ name, differences }) => [name, differences])).toEqual([
    ['jane', [said('displayName'), said('legalName')]],
    ['bob', []],
    ['web', [said('displayName')]],
  ]);
  const absent = provisionFacts('state.json', { persons: { a: { present: false, displayName: '{{ a }}' } } });
  expect(absent?.entries).toMatchObject([{ kind: 'other', differences: [] }]);
});

test('Kanidm has the names of a state file in lower case', () => {
  const state = {
    persons: { Jane: { displayName: 'Jane', groups: ['ops'] } },
    groups: { Ops: { members: ['Jane'] }, ops: { members: ['Jane'] } },
    systems: { oauth2: {} },
  };
  const entries = provisionFacts('state.json', state)?.entries ?? [];
  expect(entries.map(({ name }) => name)).toEqual(['jane', 'ops', 'ops']);
  expect(entries[0]?.differences).toEqual([]);
});

test('a state of NixOS has settings that are not set, and the groups of people twice', () => {
  const alice = { displayName: 'Alice', groups: ['ops'], legalName: null, mailAddresses: null, present: true };
  const web = {
    ...{ displayName: 'Web', originUrl: 'https://web.example.org', originLanding: 'https://web.example.org' },
    ...{ basicSecretFile: null, imageFile: null },
  };
  const read = (members: readonly string[], removeOrphanedClaimMaps: boolean) =>
    (
      provisionFacts('state.json', {
        groups: { ops: { members } },
        persons: { alice },
        systems: { oauth2: { web: { ...web, removeOrphanedClaimMaps } } },
      })?.entries ?? []
    ).map(({ name, unread, differences = [] }) => [name, unread, differences]);
  expect(read(['alice'], true)).toEqual([
    ['alice', [], []],
    ['ops', [], []],
    ['web', [], []],
  ]);
  expect(read(['sam'], false)).toEqual([
    ['alice', [], ['kanidm-provision reads only the members of a group, and ops does not list alice']],
    ['ops', [], []],
    ['web', [], []],
  ]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Migration, mapBytes, migrationMaps } from '../../lib/constructs/migration-maps';
import { migrations } from '../../lib/constructs/migrations';
import { personSubjects } from '../../lib/identity/subject';
import { configOf } from '../config';

const folder = join(__dirname, '..', 'fixtures', 'kanidm');
const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const everyField = configOf(readFileSync(join(folder, 'every-field.yaml'), 'utf8'));

type Assertion = Record<string, unknown> & { id: string; name?: string };
const assertionsOf = (files: readonly Migration[]): Assertion[] =>
  files.flatMap(({ text }) => JSON.parse(text).assertions);

const migrating = (change: Record<string, unknown> = {}) =>
  configOf({ kanidm: { version: '1.11.1', provision: 'migrations' }, ...change });
const names = (change?: Record<string, unknown>) => migrations(migrating(change)).map(({ name }) => name);
const byId = (change: Record<string, unknown>, name: string) =>
  assertionsOf(migrations(migrating(change))).find((assertion) => assertion.name === name);

describe('what a real Kanidm 1.11.1 accepted', () => {
  const accepted: Assertion[] = readdirSync(join(folder, 'migrations')).flatMap(
    (name) => json(`migrations/${name}`).assertions,
  );
  const ours = assertionsOf(migrations(everyField));
  const nameOf = new Map(ours.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]])));

  /** Replaces UUIDs by names. Our migrations refer to entries by UUID, which Kanidm also accepts. */
  const named = (value: unknown): unknown => {
    if (typeof value === 'string') return nameOf.get(value) ?? value;
    if (Array.isArray(value)) return value.map(named);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key === 'groupUuid' ? 'group' : key, named(inner)]),
    );
  };

  test.each(accepted.map((assertion) => [String(assertion.name), assertion] as const))(
    '%s',
    (_, { id, ...attributes }) => {
      // The manager is in a separate file.
      const { id: _id, ...own } = Object.assign({ id: '' }, ...ours.filter((assertion) => assertion.id === id));
      expect(named(own)).toMatchObject(attributes);
      const more = Object.keys(own).filter((key) => !(key in attributes));
      // The other attributes are cleared (`null`), or are defaults on which API servers depend.
      for (const key of more) expect([null, false]).toContain(own[key as keyof typeof own]);
    },
  );

  test('and the ID token that it issued names the person as the binding does', () => {
    const { header, claims } = json('id-token.json');
    const [cluster] = everyField.clusters.values();
    if (!cluster) throw new Error('no cluster');
    expect(personSubjects(everyField, cluster, 'datosh')).toEqual([`${claims.iss}#${claims.sub}`]);
    expect(header.alg).toBe('ES256');
    expect(claims.aud).toBe(cluster.client);
  });
});

test.each([
  ['a person', 'datosh'],
  ['a built-in group', 'idm_admins'],
  ['a group', 'inner'],
  ['a service account', 'bot'],
])('%s that manages a group is named in a file of its own, after all that may manage', (_kind, manager) => {
  const change = {
    groups: { team: { managedBy: manager }, inner: {} },
    serviceAccounts: { bot: { displayName: 'Bot' } },
  };
  const all = migrations(migrating(change));
  const [created, managed, ...more] = assertionsOf(all.filter(({ name }) => name.includes('group-team')));
  expect([created?.entry_managed_by, more]).toEqual([undefined, []]);
  expect(managed).toEqual({
    state: 'present',
    id: created?.id,
    entry_managed_by: [byId(change, manager)?.id ?? manager],
  });
});

test('one file an entry, in the order in which Kanidm has to learn of them', () => {
  const groups = { k8s_users: { members: ['inner'] }, inner: { members: ['datosh'] }, gone: { absent: true } };
  expect(names({ groups, serviceAccounts: { bot: { displayName: 'Bot', managedBy: 'inner' } } })).toEqual([
    '00-absent-group-gone.json',
    '10-0000-person-datosh.json',
    '15-0000-service-account-bot.json',
    '20-0000-group-inner.json',
    '20-0001-group-k8s_users.json',
    '30-manager-service-account-bot.json',
    '40-0000-client-k8s.json',
  ]);
});

test('a manager that is cleared keeps its file, since Kanidm skips one that it has applied before', () => {
  const filesWith = (team: string) =>
    migrations(
      configOf(`
kanidm: { domain: idm.example.com, version: "1.11.1", provision: migrations }
groups: { inner: {}, team: ${team} }
clusters: {}
`),
    ).filter(({ name }) => name === '30-manager-group-team.json');
  const managers = (managedBy: string) =>
    assertionsOf(filesWith(`{ managedBy: ${managedBy} }`)).map((assertion) => assertion.entry_managed_by);
  expect(managers('inner')).toEqual([[expect.stringMatching(/^[0-9a-f-]{36}$/)]]);
  expect(managers('null')).toEqual([null]);
  expect(managers('idm_admins')).toEqual([['idm_admins']]);
  expect(filesWith('{}')).toEqual([]);
});

test('a service account without a manager in the config gets one, or nobody could generate its API tokens', () => {
  const manager = (fields: Record<string, unknown>) =>
    assertionsOf(
      migrations(migrating({ serviceAccounts: { bot: { displayName: 'Bot', ...fields } } })).filter(
        ({ name }) => name === '30-manager-service-account-bot.json',
      ),
    ).map((assertion) => assertion.entry_managed_by);
  expect(manager({})).toEqual([['idm_admins']]);
  expect(manager({ managedBy: 'k8s_users' })).toEqual([[byId({}, 'k8s_users')?.id]]);
});

test('derived UUIDs are what they were', () => {
  expect(byId({}, 'k8s_users')?.id).toBe('21408405-6559-5bf1-b85f-c48ad9853785');
});

test('a renamed key keeps its UUID, and one that comes back gets another', () => {
  const id = (people: Record<string, unknown>, name: string) => byId({ people }, name)?.id;
  const jane = { displayName: 'Jane' };
  expect(id({ janet: { ...jane, formerly: 'jane' } }, 'janet')).toBe(id({ jane }, 'jane'));
  expect(id({ jane: { ...jane, incarnation: 2 } }, 'jane')).not.toBe(id({ jane }, 'jane'));
  const [absent] = migrations(migrating({ people: { jane: { ...jane, incarnation: 2 } } }));
  expect(JSON.parse(absent?.text ?? '').assertions).toEqual([{ state: 'absent', id: id({ jane }, 'jane') }]);
});

test('an earlier incarnation that is now another entry is not removed', () => {
  const person = (fields: Record<string, unknown>) => ({ displayName: 'Jane', ...fields });
  const gone = (people: Record<string, unknown>) =>
    assertionsOf(migrations(migrating({ people }))).flatMap(({ state, id }) => (state === 'absent' ? [id] : []));
  const first = byId({ people: { jane: person({}) } }, 'jane')?.id;
  const renamed = { janet: person({ formerly: 'jane' }), jane: person({ incarnation: 2 }) };
  expect(gone(renamed)).toEqual([]);
  expect(gone({ ...renamed, janet: { absent: true, formerly: 'jane' } })).toEqual([first]);
  expect(gone({ jane: person({ incarnation: 2 }), janet: person({}) })).toEqual([first]);
});

test('two entries that remove the same earlier incarnation have files with different ids', () => {
  const person = (fields: Record<string, unknown>) => ({ displayName: 'Jane', ...fields });
  const files = migrations(
    migrating({
      people: { jane: person({ incarnation: 3 }), janet: person({ formerly: 'jane', incarnation: 2 }) },
    }),
  ).map(({ text }) => JSON.parse(text).id);
  expect(new Set(files).size).toBe(files.length);
});

test('every file has an id of its own, which no entry has', () => {
  const files = migrations(everyField).map(({ text }) => JSON.parse(text));
  const ids = files.map(({ id }) => id);
  expect(new Set(ids).size).toBe(files.length);
  for (const { id } of assertionsOf(migrations(everyField))) expect(ids).not.toContain(id);
});

describe('an attribute', () => {
  const person = (fields: Record<string, unknown>) =>
    byId({ people: { jane: { displayName: 'Jane', ...fields } } }, 'jane');

  test('that the config gives is owned, and emptied by an empty list or null', () => {
    expect(person({ mail: [], sshKeys: {}, legalName: null, description: null })).toMatchObject({
      mail: null,
      ssh_publickey: null,
      legalname: null,
      description: null,
    });
  });

  test('that it does not give stays the person’s own', () => {
    const own = Object.keys(person({}) ?? {});
    for (const attribute of ['mail', 'ssh_publickey', 'legalname', 'description']) expect(own).not.toContain(attribute);
  });

  test('of a class that it does not give is cleared, or Kanidm would refuse the file', () => {
    expect(person({})).toMatchObject({ class: ['person', 'account'], gidnumber: null, loginshell: null });
    expect(byId({}, 'k8s_users')).toMatchObject({ class: ['group'], credential_type_minimum: null });
  });
});

describe('the ConfigMaps', () => {
  const large = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`p${i}`, { displayName: 'P', description: 'x'.repeat(50_000) }]),
  );

  test('are as many as the size asks for, each below 1 MiB, with every file once', () => {
    const config = migrating({ people: large });
    const { maps } = migrationMaps(migrations(config));
    expect(maps.map(({ name }) => name)).toEqual(['kanidm-migrations', 'kanidm-migrations-2']);
    for (const { data } of maps) expect(Buffer.byteLength(Object.values(data).join(''))).toBeLessThan(mapBytes);
    expect(maps.flatMap(({ data }) => Object.keys(data))).toEqual(migrations(config).map(({ name }) => name));
  });

  test('have a hash that changes with any of the content and with nothing else', () => {
    const hash = (change?: Record<string, unknown>) => migrationMaps(migrations(migrating(change))).hash;
    expect(hash()).toBe(hash({ clusters: { homelab: { grants: [] } } }));
    expect(hash()).not.toBe(hash({ people: { datosh: { displayName: 'Other' } } }));
  });
});

test('files that Kanidm or a ConfigMap would not have are refused', () => {
  const named =
    (...names: string[]) =>
    () =>
      migrationMaps(names.map((name) => ({ name, text: '{}' })));
  expect(named('10-a.json', '20-b.hjson')).not.toThrow();
  expect(named('10-a.json', '10-a.json')).toThrow('two migrations have the name `10-a.json`');
  for (const name of ['a.json', '1-a.json', '10-a/b.json', '10-a b.json', '10-a.yaml', `10-${'a'.repeat(250)}.json`]) {
    expect(named(name)).toThrow(`expected a name such as \`10-groups.json\` for a migration, found \`${name}\``);
  }
});

test('PKCE is turned off after the client was made, which a migration may not do at once', () => {
  const files = (client: object) =>
    migrations(migrating({ clients: { wiki: { landingUrl: 'https://wiki.example.com', ...client } } })).filter(
      ({ name }) => name.endsWith('-client-wiki.json'),
    );
  const parts = (client: object) => files(client).map((file) => [file.name, assertionsOf([file])[0]]);
  const attribute = 'oauth2_allow_insecure_client_disable_pkce';
  const [made, pkce] = parts({ type: 'basic', disablePkce: true });
  expect(made).toEqual(['40-0000-client-wiki.json', expect.not.objectContaining({ [attribute]: expect.anything() })]);
  expect(pkce).toEqual(['50-pkce-client-wiki.json', { state: 'present', id: Object(made?.[1]).id, [attribute]: true }]);
  expect(parts({ type: 'basic' })[1]?.[1]).toMatchObject({ [attribute]: null });
  expect(parts({})).toHaveLength(1);
});

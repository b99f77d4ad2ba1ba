import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adopt } from '../../lib/adopt/adopt-config';
import { adoptedText, lacking } from '../../lib/adopt/config-yaml';
import { type Facts, together } from '../../lib/existing/facts';
import { factsOf } from '../../lib/existing/read-documents';
import { codesOf, load } from '../config';

const fixture = (name: string) => readFileSync(join(__dirname, '../fixtures', name), 'utf8');
const read = (source: string, text: string): Facts => {
  const facts = factsOf(source, text);
  if (!facts) throw new Error(`${source} was not recognised`);
  return facts;
};
const lists = ['person', 'service_account', 'group', 'oauth2'];

/** Recorded from a Kanidm 1.11.1 that was filled by hand with its client. */
const recorded = lists.map((name) => read(name, fixture(`adopt/${name}.json`)));

const binding = (name: string, subjects: [string, string][], more: object = {}) =>
  JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: subjects.map(([kind, subject]) => ({ kind, name: subject })),
    ...more,
  });
const issuer = 'https://localhost:18620/oauth2/openid/k8s';
const apiServer = (more = '') =>
  read('pod', `--oidc-issuer-url=${issuer} --oidc-client-id=k8s --oidc-signing-algs=ES256 ${more}`);
const server: Facts = {
  ...together([]),
  apiServers: [
    {
      source: 'me',
      carrier: 'me',
      issuers: [],
      server: 'https://192.0.2.1',
      kubernetes: '1.34',
      controlPlane: 'kubeadm',
    },
  ],
};
const jane = 'a39bd23b-9919-4ae2-b299-fc6223227c5b';
const bot = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d17';

test('a recorded Kanidm becomes a config that stands, every UUID in it', () => {
  const { config, files, notes } = adopt(together([...recorded, server, apiServer()]), 'homelab');
  expect(notes).toEqual([]);
  const text = adoptedText(config);
  expect(text).toMatchSnapshot();
  const loaded = load(text, files);
  expect(loaded.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const uuids = lists.flatMap((name) => fixture(`adopt/${name}.json`).match(/"[0-9a-f]{8}-[0-9a-f-]{27}"/g) ?? []);
  for (const uuid of uuids.map((one) => one.slice(1, -1)).filter((one) => !one.startsWith('00000000'))) {
    expect(text).toContain(`id: ${uuid}`);
  }
});

test("what Kanidm's client prints is the same as what its REST API answers", () => {
  const bare = lists.map((name) => {
    const entries = JSON.parse(fixture(`adopt/${name}.json`)) as { attrs: object }[];
    return read(name, JSON.stringify(entries.map(({ attrs }) => attrs)));
  });
  expect(adopt(together(bare), 'a').config).toEqual(adopt(together(recorded), 'a').config);
});

test("the client's text is read where it prints no JSON, as it does of service accounts", () => {
  const entries = JSON.parse(fixture('adopt/service_account.json')) as { attrs: Record<string, string[]> }[];
  const lines = entries.map(({ attrs }) =>
    Object.entries(attrs).flatMap(([name, values]) => values.map((value) => `${name}: ${value}\n`)),
  );
  const text = lines.map((part) => `---\n${part.join('')}\n`).join('');
  const accounts = (facts: Facts) => adopt(facts, 'a').config.serviceAccounts;
  expect(accounts(read('text', text))).toEqual(accounts(recorded[1] as Facts));
  expect(accounts(read('text', text))).toMatchObject({ ci_bot: { displayName: 'CI' } });
  expect(factsOf('other', '---\nkind: Pod\nuuid: x\n')?.entries).toEqual([]);
});

test('what a config cannot say of Kanidm is listed', () => {
  const { items } = adopt(together(recorded), 'a');
  const not = items.filter(({ treatment, isUnrelated }) => treatment === 'not taken' && !isUnrelated);
  expect(not).toMatchObject([
    { what: 'group idm_people_admins', text: expect.stringContaining('whose members a config cannot list: jane') },
  ]);
});

// In the recording, the client is open to a group that contains none of these people.
const openToTeam = read(
  'oauth2',
  fixture('adopt/oauth2.json').replaceAll('k8s_users@localhost: {', 'team@localhost: {'),
);

const openToRobots = read(
  'oauth2',
  fixture('adopt/oauth2.json').replaceAll('k8s_users@localhost: {', 'idm_all_accounts@localhost: {'),
);

test('a binding of people whom Kanidm does not let in stays as it is, and why is said', () => {
  const facts = together([...recorded, server, apiServer(), read('b', binding('a', [['User', `${issuer}#${jane}`]]))]);
  const { config, items, findings } = adopt(facts, 'a');
  expect(JSON.stringify(config)).not.toContain('grants');
  expect(items.find(({ id }) => id === 'binding 0')).toMatchObject({
    treatment: 'not taken',
    text: expect.stringMatching(/cannot use client k8s.*Kanidm rejects the login with 403; fix: /),
  });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

describe('bindings', () => {
  const grants = (bindings: string[], flags = '', client: Facts = openToTeam) => {
    const facts = together([
      ...recorded.slice(0, 3),
      client,
      server,
      apiServer(flags),
      ...bindings.map((one, i) => read(`binding ${i}`, one)),
    ]);
    const { config, items, changes } = adopt(facts, 'a');
    const { clusters } = config as { clusters: { a: { grants?: object[] } } };
    return { grants: clusters.a.grants ?? [], items, changes };
  };
  const groups = '--oidc-groups-claim=groups --oidc-groups-prefix=kanidm:';

  test('a UUID behind the default prefix is the person of that UUID', () => {
    expect(grants([binding('a', [['User', `${issuer}#${jane}`]])]).grants).toEqual([
      { name: 'a', clusterRole: 'view', people: ['jane'] },
    ]);
  });

  test.each([
    ['email', '--oidc-username-claim=email', 'jane@example.com'],
    ['preferred_username', '--oidc-username-claim=preferred_username --oidc-username-prefix=-', 'jane@localhost'],
    ['a prefix', '--oidc-username-prefix=kanidm:', `kanidm:${jane}`],
  ])('a user known by %s', (_, flags, name) => {
    expect(grants([binding('a', [['User', name]])], flags).grants).toEqual([
      { name: 'a', clusterRole: 'view', people: ['jane'] },
    ]);
  });

  test.each([
    ['its UUID', '', `${issuer}#${bot}`],
    ['its name', '--oidc-username-claim=preferred_username --oidc-username-prefix=-', 'ci_bot@localhost'],
  ])('a service account of Kanidm known by %s is no person', (_, flags, name) => {
    const found = grants([binding('a', [['User', name]])], flags, openToRobots);
    expect(found.grants).toEqual([{ name: 'a', clusterRole: 'view', serviceAccounts: ['ci_bot'] }]);
    expect(found.changes).toEqual([]);
  });

  test('a person and a service account in one binding stay one grant', () => {
    const both = binding('a', [
      ['User', `${issuer}#${bot}`],
      ['User', `${issuer}#${jane}`],
    ]);
    expect(grants([both], '', openToRobots).grants).toEqual([
      { name: 'a', clusterRole: 'view', people: ['jane'], serviceAccounts: ['ci_bot'] },
    ]);
  });

  test('a group is known by its name at the domain', () => {
    expect(grants([binding('a', [['Group', 'kanidm:team@localhost']])], groups).grants).toEqual([
      { name: 'a', clusterRole: 'view', groups: ['team'] },
    ]);
  });

  test('a group bound by its UUID is taken over, and that Kaniflux binds its name is said', () => {
    const entries = JSON.parse(fixture('adopt/group.json')) as { attrs: { name: string[]; uuid: string[] } }[];
    const id = entries.find(({ attrs }) => attrs.name[0] === 'team')?.attrs.uuid[0];
    const found = grants([binding('a', [['Group', `kanidm:${id}`]])], groups);
    expect(found.grants).toMatchObject([{ groups: ['team'] }]);
    expect(found.changes.map(({ text }) => text)).toEqual([
      `Group kanidm:${id} (group team) is called kanidm:team@localhost with the new config, and has view by ClusterRoleBinding a only under that name`,
    ]);
  });

  test('one RoleBinding in several namespaces is one grant', () => {
    const role = (namespace: string) =>
      binding('dev', [['User', `${issuer}#${jane}`]], {
        kind: 'RoleBinding',
        metadata: { name: 'dev', namespace },
        roleRef: { kind: 'Role', name: 'dev' },
      });
    expect(grants([role('b'), role('a')]).grants).toEqual([
      { name: 'dev', role: 'dev', namespaces: ['a', 'b'], people: ['jane'] },
    ]);
  });

  test("Kubernetes' own bindings and certificates are left alone, mixed ones are said", () => {
    const found = grants([
      binding('system:basic-user', [['Group', 'system:authenticated']]),
      binding('kubeadm:cluster-admins', [['Group', 'kubeadm:cluster-admins']]),
      binding('cert', [['User', 'kubernetes-admin']]),
      binding('mixed', [
        ['User', `${issuer}#${jane}`],
        ['ServiceAccount', 'robot'],
      ]),
    ]);
    expect(found.grants).toEqual([]);
    expect(found.items).toContainEqual({
      id: 'binding 3',
      source: 'binding 3',
      what: 'ClusterRoleBinding mixed',
      treatment: 'not taken',
      text: 'the binding also names ServiceAccount robot, but a grant would remove these subjects: first split the binding in two; Kaniflux does not change the binding',
    });
  });

  test('without Kanidm a person is named after the UUID, and that is said', () => {
    const facts = together([server, apiServer(), read('b', binding('a', [['User', `${issuer}#${jane}`]]))]);
    const { config, files, notes } = adopt(facts, 'a');
    expect(config).toMatchObject({ people: { 'person-a39bd23b': { id: jane } } });
    expect(load(adoptedText(config), files).config).toBeDefined();
    expect(notes.map(({ text }) => text).join()).toContain(
      'the data read from Kanidm does not contain person-a39bd23b',
    );
  });
});

test('what nothing told is left empty, with a word on what belongs there', () => {
  const text = adoptedText(adopt(together([apiServer()]), 'a').config);
  expect(text).toContain('    server: # address of the API server, for example https://192.0.2.10:6443\n');
  expect(text).toContain('    controlPlane: # what runs the API server: kubeadm, k3s');
  expect(codesOf(text).filter((code) => code === 'wrong-type')).toHaveLength(3);
});

test('to a config that exists only what it lacks is added', () => {
  const { config } = adopt(
    together([
      ...recorded.slice(0, 3),
      openToTeam,
      server,
      apiServer(),
      read('b', binding('b', [['User', `${issuer}#${jane}`]])),
    ]),
    'a',
  );
  const existing = {
    kanidm: { domain: 'localhost' },
    people: { datosh: { displayName: 'me' } },
    clients: config.clients,
    clusters: { a: { grants: [{ name: 'other' }] } },
  };
  const lines = lacking(config, existing);
  expect(Object.keys(lines)).toEqual(['people', 'serviceAccounts', 'groups', 'clusters']);
  expect(Object.keys(lines.people as object)).toEqual(['jane']);
  expect(lines.clusters).toEqual({ a: { grants: [{ name: 'b', clusterRole: 'view', people: ['jane'] }] } });
});

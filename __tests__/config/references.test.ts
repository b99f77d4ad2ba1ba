import { referenceProblems } from '../../lib/config/references';
import type { WholeInput } from '../../lib/config/schema/config-schema';

/** A config with references to `x`, which does not exist, in each place. Required fields may be missing. */
const input = (x: string, cluster: string) =>
  ({
    kanidm: { cluster },
    people: { jane: {}, left: { absent: true } },
    serviceAccounts: { ci: { managedBy: x }, other: { managedBy: null } },
    groups: { team: { members: ['jane', { name: x, until: '2030-01-01' }], managedBy: x }, none: {} },
    clients: {
      k8s: { scopes: { team: [], [x]: [] }, supplementaryScopes: { [x]: [] }, claims: { c: { values: { [x]: [] } } } },
    },
    flux: { writers: { people: [x] } },
    clusters: {
      main: {
        client: x,
        trust: ['k8s', 'headlamp', x],
        apps: { headlamp: { client: 'headlamp', groups: ['team', x] } },
        authentication: { clients: { [x]: {} } },
        flux: { writers: { serviceAccounts: [x] } },
        grants: [{ people: ['jane', x], groups: ['team', x], serviceAccounts: ['ci', x] }],
      },
      other: { client: 'k8s' },
    },
    grants: [
      { clusters: '*', people: ['jane'] },
      { clusters: ['main', cluster], groups: [x] },
    ],
    roles: { reader: { clusters: [cluster] }, everywhere: { clusters: '*' } },
    expect: [{ except: ['jane', x], who: ['ci', x], clusters: [cluster] }],
    checks: { ignore: [{ cluster: 'main' }, { cluster }] },
  }) as unknown as WholeInput;

const found = (x: string, cluster: string, nameless?: boolean) =>
  referenceProblems(input(x, cluster), undefined, nameless).map(({ place, message }) => [
    `${place.path.join('.')}${place.at ? ` (${place.at})` : ''}`,
    message,
  ]);

const principal = 'there is no person or group or service account `lost`';
const ofPeople = [
  ['groups.team.members.1', principal],
  ['groups.team.managedBy', principal],
  ['serviceAccounts.ci.managedBy', principal],
  ['clients.k8s.scopes.lost (key)', 'there is no group `lost`'],
  ['clients.k8s.supplementaryScopes.lost (key)', 'there is no group `lost`'],
  ['clients.k8s.claims.c.values.lost (key)', 'there is no group `lost`'],
  ['flux.writers.people.0', 'there is no person `lost`'],
  ['clusters.main.flux.writers.serviceAccounts.0', 'there is no service account `lost`'],
  ['clusters.main.client', 'there is no client `lost`'],
  ['clusters.main.trust.2', 'there is no client `lost`'],
  ['clusters.main.apps.headlamp.groups.1', 'there is no group `lost`'],
  ['clusters.main.authentication.clients.lost (key)', 'there is no client `lost`'],
  ['clusters.main.grants.0.people.1', 'there is no person `lost`'],
  ['clusters.main.grants.0.groups.1', 'there is no group `lost`'],
  ['clusters.main.grants.0.serviceAccounts.1', 'there is no service account `lost`'],
  ['grants.1.groups.0', 'there is no group `lost`'],
  ['expect.0.except.1', principal],
  ['expect.0.who.1', principal],
];
const ofClusters = [
  ['kanidm.cluster', 'there is no cluster `gone`'],
  ['grants.1.clusters.1', 'there is no cluster `gone`'],
  ['roles.reader.clusters.0', 'there is no cluster `gone`'],
  ['expect.0.clusters.0', 'there is no cluster `gone`'],
  ['checks.ignore.1.cluster', 'there is no cluster `gone`'],
];

test('an entry that does not exist is reported wherever it is referred to', () => {
  expect(found('lost', 'gone').sort()).toEqual([...ofPeople, ...ofClusters].sort());
});

test('if the name of a cluster is not readable, an unknown cluster may be that one', () => {
  expect(found('lost', 'gone', true).sort()).toEqual([...ofPeople].sort());
});

test('a built-in group can be referred to, but is no client and has no grant', () => {
  expect(found('idm_admins', 'main').map(([place]) => place)).toEqual([
    'flux.writers.people.0',
    'clusters.main.flux.writers.serviceAccounts.0',
    'clusters.main.client',
    'clusters.main.trust.2',
    'clusters.main.authentication.clients.idm_admins (key)',
    'clusters.main.grants.0.people.1',
    'clusters.main.grants.0.groups.1',
    'clusters.main.grants.0.serviceAccounts.1',
    'grants.1.groups.0',
  ]);
});

test('an absent entry is reported where it has the right kind', () => {
  expect(found('left', 'main').filter(([, message]) => message === 'the person `left` has `absent: true`')).toEqual(
    [
      'groups.team.members.1',
      'groups.team.managedBy',
      'serviceAccounts.ci.managedBy',
      'flux.writers.people.0',
      'clusters.main.grants.0.people.1',
      'expect.0.except.1',
      'expect.0.who.1',
    ].map((place) => [place, 'the person `left` has `absent: true`']),
  );
});

test('a reference to an entry with errors is valid, and a config without entries has no references', () => {
  const named = { ...input('lost', 'gone'), people: { jane: null, lost: null } };
  const unknown = referenceProblems(input('lost', 'gone'), named).filter(({ message }) => message.includes('person'));
  expect(unknown).toEqual([]);
  expect(referenceProblems({ clusters: {} } as unknown as WholeInput)).toEqual([]);
  const lists = { people: [], groups: null, clients: 'x' } as never;
  expect(referenceProblems({ clusters: {} } as unknown as WholeInput, lists)).toEqual([]);
});

test('a reference that may be to an entry with a wrong name, or in a section of the wrong type, is not reported', () => {
  const config = { groups: { team: { members: ['jane', 'zoe'] } }, clusters: {} } as unknown as WholeInput;
  const unknown = (people: object) =>
    referenceProblems(config, { ...config, people }).map(({ message, fix }) => [message.split('`')[1], fix]);
  expect(unknown([{ name: 'jane' }])).toEqual([]);
  expect(unknown({ Jane: {} })).toEqual([['zoe', 'add `zoe` under `people`']]);
  expect(unknown({ jane: {}, zoee: {} })).toEqual([['zoe', 'write `zoee`']]);
});

test('the fix of an unknown or absent entry can be typed', () => {
  const fixes = (config: object) =>
    referenceProblems(config as unknown as WholeInput).map(({ code, message, fix }) => [code, message, fix]);
  expect(
    fixes({
      people: { jane: {}, left: { absent: true } },
      groups: { team: { members: ['jnae', 'left', 'unlike'] } },
      clusters: { main: { client: 'web' } },
    }),
  ).toEqual([
    ['unknown-reference', 'there is no person or group or service account `jnae`', 'write `jane`'],
    [
      'absent-reference',
      'the person `left` has `absent: true`',
      'remove `left` here, or remove `absent: true` from `people.left`',
    ],
    ['unknown-reference', 'there is no person or group or service account `unlike`', 'choose one of `jane`, `left`'],
    ['unknown-reference', 'there is no client `web`', 'add `web` under `clients`'],
  ]);
  const gone = { absent: true };
  expect(
    fixes({
      serviceAccounts: { s: gone },
      groups: { g: gone },
      clients: { c: gone },
      clusters: { main: { client: 'c', trust: ['c'], grants: [{ groups: ['g'], serviceAccounts: ['s'] }] } },
    }).map(([, message]) => message),
  ).toEqual([
    'the client `c` has `absent: true`',
    'the client `c` has `absent: true`',
    'the group `g` has `absent: true`',
    'the service account `s` has `absent: true`',
  ]);
});

test('a star in a list of clusters means all clusters', () => {
  const fixes = referenceProblems(input('jane', '*')).map(({ place, fix }) => [place.path.join('.'), fix]);
  expect(fixes).toContainEqual(['grants.1.clusters.1', 'write `clusters: "*"`, without a list']);
  expect(fixes).toContainEqual(['roles.reader.clusters.0', 'write `clusters: "*"`, without a list']);
  expect(fixes).toContainEqual(['checks.ignore.1.cluster', expect.stringContaining('choose one of')]);
});

import type { AdoptedIssuers } from '../../lib/adopt/adopt-issuers';
import type { KanidmIssuer } from '../../lib/adopt/kanidm-issuer';
import type { Dropped } from '../../lib/adopt/settle';
import { type Item, Treatments } from '../../lib/adopt/treatments';
import { keepRejected, refusedAt, withdraw, withdrawGrants } from '../../lib/adopt/withdraw';
import type { SettingName } from '../../lib/existing/api-server-issuers';
import { type Facts, type Note, nothing } from '../../lib/existing/facts';
import type { ReadEntry } from '../../lib/existing/kanidm-entries';
import { issuer } from './worlds';

const dropped = (...path: Dropped['path']): Dropped => ({
  path,
  finding: {
    code: 'x',
    severity: 'error',
    file: 'f',
    line: 1,
    column: 1,
    excerpt: '',
    path,
    message: 'it is wrong',
    fix: 'mend it',
  },
});
const why = 'the config would have an error if it contained this: it is wrong; fix: mend it';

const mappings = ['claimMappings.uid', 'claimMappings.extra[0]', 'claimValidationRules[0]', 'userValidationRules[1]'];
const names = ['username', 'groups', 'required', 'ca', ...mappings] as const;
const nameAt = (i: number): SettingName => (['username', 'groups', 'required', 'ca'] as const)[i] ?? 'mapping';
const at = (id: string, url: string, client = 'k8s'): KanidmIssuer => ({
  issuer: {
    ...issuer(undefined, undefined, client),
    url,
    settings: names.map((place, i) => ({ name: nameAt(i), place, value: 'x' })),
  },
  items: [id, ...names.map((name) => `${id} ${name}`)],
  origin: 'https://idm.example.org',
  client,
});
const issuers: AdoptedIssuers = {
  own: at('own', 'https://idm.example.org/oauth2/openid/k8s'),
  trust: [at('web', 'https://w', 'web'), at('argo', 'https://g', 'argo')],
  others: [
    at('one', 'https://one'),
    at('two', 'https://two'),
    at('three', 'https://three'),
    at('four', 'https://four'),
  ],
  left: [],
  lacking: [],
  fields: { issuers: { one: {}, two: {} } as never },
  authentication: {},
};
const entry = (kind: ReadEntry['kind'], name: string) => ({ source: 'e', kind, name, unread: [], fields: {} }) as never;
const release = { source: 'r', name: 'kanidm', helm: {} };
const facts: Facts = {
  ...nothing,
  apiServers: [{ source: 'auth.yaml', carrier: 'x', issuers: [] }],
  entries: [entry('person', 'jane'), entry('person', 'jane'), entry('group', 'jane'), entry('client', 'k8s')],
  releases: [{ ...release, name: 'test' }, release],
};
const ids = [
  ...[issuers.own, ...issuers.trust, ...issuers.others].flatMap((one) => one?.items ?? []),
  ...['entry 0', 'entry 1', 'entry 2', 'entry 3', 'release 0', 'release 1'],
];
const items: Item[] = ids.map((id) => ({ id, source: 's', what: id }));
const told = (treatments: Treatments) =>
  treatments.all
    .filter(({ text }) => !text?.startsWith('internal'))
    .map(({ id, treatment, text }) => `${id} ${treatment}: ${text}`);

function withdrawn(one: Dropped, change: typeof withdraw = withdraw, given: Facts = facts) {
  const treatments = new Treatments(items);
  const notes: Note[] = [];
  const kanidm = { others: new Map(), foreign: new Map([[0, 'of the test']]), release };
  change(one, { kanidm, treatments, facts: given, issuers, notes });
  return [...told(treatments), ...notes.map(({ source, text }) => `note ${source}: ${text}`)];
}

describe('a part of the config that is left out', () => {
  test('is an entry, or a part of one, of this Kanidm', () => {
    expect(withdrawn(dropped('people', 'jane'))).toEqual([`entry 1 not taken: ${why}`]);
    expect(withdrawn(dropped('people', 'jane', 'mail', 0))).toEqual([`entry 1 different: mail.0 is left out: ${why}`]);
    expect(withdrawn(dropped('groups', 'jane', 'members', 1))).toEqual([
      `entry 2 different: members.1 is left out: ${why}`,
    ]);
    expect(withdrawn(dropped('clients', 'k8s'))).toEqual([`entry 3 not taken: ${why}`]);
  });

  test('is a note if it was made from no fact', () => {
    expect(withdrawn(dropped('serviceAccounts', 'jane'))).toEqual([
      `note auth.yaml: serviceAccounts.jane is left out: ${why}`,
    ]);
    expect(withdrawn(dropped('people', 'sam'), withdraw, nothing)).toEqual([
      `note people: people.sam is left out: ${why}`,
    ]);
    expect(withdrawn(dropped('clusters', 'a', 'controlPlaneVersion'))).toEqual([
      `note auth.yaml: clusters.a.controlPlaneVersion is left out: ${why}`,
    ]);
    expect(withdrawn(dropped('kanidm', 'version'))).toEqual([`note auth.yaml: kanidm.version is left out: ${why}`]);
  });

  test('is the HelmRelease', () => {
    expect(withdrawn(dropped('kanidm', 'helm'))).toEqual([`release 1 not taken: ${why}`]);
  });

  test('is not a grant', () => {
    expect(withdrawn(dropped('clusters', 'a', 'grants', 0))).toEqual([]);
  });

  test.each([
    ['claim', 'username'],
    ['prefix', 'username'],
    ['username', 'username'],
    ['groups', 'groups'],
    ['requiredClaims', 'required'],
    ['ca', 'ca'],
    ['uid', 'claimMappings.uid'],
    ['extra', 'claimMappings.extra[0]'],
    ['claimValidationRules', 'claimValidationRules[0]'],
    ['userValidationRules', 'userValidationRules[1]'],
  ])('is the setting %s', (field, setting) => {
    expect(withdrawn(dropped('clusters', 'a', 'authentication', field))).toEqual([`own ${setting} not taken: ${why}`]);
    expect(withdrawn(dropped('clusters', 'a', 'authentication', 'clients', 'argo', field))).toEqual([
      `argo ${setting} not taken: ${why}`,
    ]);
  });

  test('is another setting, which no fact has', () => {
    expect(withdrawn(dropped('clusters', 'a', 'authentication', 'anonymous'))).toEqual([
      `note auth.yaml: clusters.a.authentication.anonymous is left out: ${why}`,
    ]);
  });

  test('is an issuer with all its settings', () => {
    const whole = (id: string) =>
      [id, ...names.map((name) => `${id} ${name}`)].map((one) => `${one} not taken: ${why}`);
    expect(withdrawn(dropped('clusters', 'a', 'issuers', 'two'))).toEqual(whole('two'));
    expect(withdrawn(dropped('clusters', 'a', 'jwt', 1))).toEqual(whole('four'));
    expect(withdrawn(dropped('clusters', 'a', 'jwt'))).toEqual([...whole('three'), ...whole('four')]);
    expect(withdrawn(dropped('clusters', 'a', 'trust', 1))).toEqual(whole('argo'));
    expect(withdrawn(dropped('clusters', 'a', 'trust'))).toEqual([...whole('web'), ...whole('argo')]);
    expect(withdrawn(dropped('clusters', 'a', 'authentication', 'clients', 'argo'))).toEqual(whole('argo'));
  });
});

test('a field that restricts sign-in is taken with the error', () => {
  expect(withdrawn(dropped('clusters', 'a', 'authentication', 'requiredClaims'), keepRejected)).toEqual([
    'own required different: this is an error in the config: it is wrong; fix: mend it; the field stays in the config nevertheless, because without this field, more people could sign in',
  ]);
});

test('the issuers at the paths that are left out are refused, with the reason', () => {
  const paths = [
    dropped('clusters', 'a', 'issuers', 'one'),
    dropped('clusters', 'a', 'jwt', 0),
    dropped('clusters', 'a', 'trust', 0),
    dropped('clusters', 'a', 'grants', 0),
    dropped('people', 'a', 'issuers', 'two'),
    dropped('clusters', 'a', 'authentication', 'ca'),
  ];
  expect([...refusedAt(paths, issuers)].map(([{ url }, reason]) => [url, reason])).toEqual([
    ['https://one', why],
    ['https://three', why],
    ['https://w', why],
  ]);
});

describe('a grant that is left out', () => {
  const grant = (name: string, ...bindings: readonly number[]) => ({ bindings, grant: { name, clusterRole: 'view' } });
  const object = (subjects?: { kind: string; name: string }[]) => ({
    source: 'b',
    object: {
      kind: 'ClusterRoleBinding' as const,
      metadata: { name: 'x' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      ...(subjects ? { subjects } : {}),
    },
  });
  const one = { kind: 'User', name: 'jane' };
  const bound: Facts = { ...nothing, bindings: [object([one, one]), object([one]), object()] };
  const all = [
    'binding 0',
    'binding 0 subject 0',
    'binding 0 subject 1',
    'binding 1',
    'binding 1 subject 0',
    'binding 2',
  ];

  test('leaves its bindings as they are', () => {
    const treatments = new Treatments(all.map((id) => ({ id, source: 's', what: id })));
    const grants = [grant('a', 1), grant('b', 0, 2), grant('c', 5)];
    const kept = withdrawGrants(grants, [dropped('clusters', 'a', 'grants', 1), dropped('people', 'x', 'y', 0)], {
      facts: bound,
      treatments,
    });
    expect(kept.map(({ grant }) => grant.name)).toEqual(['a', 'c']);
    expect(told(treatments)).toEqual([
      `binding 0 not taken: ${why}; the binding stays as it is`,
      `binding 0 subject 0 not taken: ${why}`,
      `binding 0 subject 1 not taken: ${why}`,
      `binding 2 not taken: ${why}; the binding stays as it is`,
    ]);
  });

  test('is found at the index that it has after those before it were removed', () => {
    const treatments = new Treatments(all.map((id) => ({ id, source: 's', what: id })));
    const grants = [grant('a', 0), grant('b', 1), grant('c', 2)];
    const kept = withdrawGrants(
      grants,
      [
        dropped('clusters', 'a', 'grants', 0),
        dropped('clusters', 'a', 'grants', 1),
        dropped('clusters', 'a', 'grants'),
      ],
      { facts: bound, treatments },
    );
    expect(kept.map(({ grant }) => grant.name)).toEqual(['b']);
  });
});

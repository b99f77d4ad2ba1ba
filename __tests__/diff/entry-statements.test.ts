import { fieldStatements } from '../../lib/diff/field-statements';
import { noConfig } from '../../lib/diff/plain-config';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { type Change, teamWith, uuid } from './steps/configs';

const said = (before: Change, after: Change, both: Change = {}) =>
  fieldStatements(teamWith(both, before), teamWith(both, after)).map((one) => {
    const { say, level, part, change, clusters, details } = one;
    return [`${level} ${part} ${change}: ${say(clusters.join())}`, ...details];
  });
const edge = { server: 'https://192.0.2.11:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
const stays = (what: string) => `Kanidm keeps ${what} until somebody deletes the entry (see After merging)`;

test.each<[string, Change, string, readonly string[] | undefined, string]>([
  [
    'person',
    { people: { joe: { displayName: 'Joe', mail: 'joe@example.com' } } },
    'none kanidm added: person joe is new',
    ['displayName: Joe', 'mails: joe@example.com'],
    `none kanidm removed: person joe is gone from the config: ${stays('the account and its credentials')}`,
  ],
  [
    'service account',
    { serviceAccounts: { ci: { displayName: 'CI' } } },
    'none kanidm added: service account ci is new',
    ['displayName: CI'],
    `none kanidm removed: service account ci is gone from the config: ${stays('the account and its tokens')}`,
  ],
  [
    'group',
    { groups: { ops: { members: ['jane'] } } },
    'none kanidm added: group ops is new',
    ['members: jane'],
    `none kanidm removed: group ops is gone from the config: ${stays('the group and its members')}`,
  ],
  [
    'client',
    { clients: { web: { landingUrl: 'https://web.example.com' } } },
    'low trust added: client web is new',
    ['landingUrl: https://web.example.com', 'type: public', 'displayName: web'],
    `low trust removed: client web is gone from the config: ${stays('the client')}; after the deletion, nobody can sign in to web at https://web.example.com any more`,
  ],
  [
    'cluster',
    { clusters: { edge } },
    'high trust added: cluster edge is new: kubectl sends tokens of client k8s to https://192.0.2.11:6443, and whoever runs the server there can use these tokens on lab',
    [
      'server: https://192.0.2.11:6443',
      'client: k8s',
      'controlPlane: kubeadm',
      'authentication.claim: sub',
      'authentication.method: flags',
      'kubeconfig.plugin: oidc-login',
      'kubeconfig.signIn: browser',
      'kubeconfig.tokenCache: disk',
      'kubeconfig.user: oidc-edge',
      'flux.source.kind: GitRepository',
      'flux.source.name: flux-system',
      'flux.source.namespace: flux-system',
      'flux.namespace: flux-system',
      'flux.path: ./dist',
      'flux.interval: 10m',
      'flux.retryInterval: 1m',
      'flux.timeout: 10m',
      'kubernetes: 1.34',
    ],
    'low trust removed: cluster edge is gone from the config: the API server keeps its settings, and the objects in the cluster stay, until somebody removes them',
  ],
  [
    'grant',
    { clusters: { lab: { grants: [{ name: 'look', clusterRole: 'view', people: ['jane'] }] } } },
    'none settings added: lab: the grant look is new',
    [
      'roleKind: ClusterRole',
      'roleName: view',
      'namespaces: none, so the grant applies to the whole cluster',
      'people: jane',
    ],
    'none settings removed: lab: the grant look is gone from the config',
  ],
  [
    'role',
    { roles: { see: { rules: [{ resources: ['pods'], verbs: ['get'] }] } } },
    'none settings added: lab: the role see is new',
    undefined,
    'none settings removed: lab: the role see is gone from the config',
  ],
  [
    'finding that is ignored',
    { checks: { ignore: [{ code: 'no-break-glass', reason: 'a test' }] } },
    'low settings added: the entry of `checks.ignore` for no-break-glass (everywhere) is new: the findings that this entry matches are no longer reported',
    ['reason: "a test"'],
    'none settings removed: the entry of `checks.ignore` for no-break-glass (everywhere) is gone from the config: the findings that this entry matched are reported again',
  ],
  [
    'expectation that may fail',
    { checks: { ignore: [{ code: 'expectation-failed', reason: 'a test' }] }, expect: [] },
    'medium settings added: the entry of `checks.ignore` for expectation-failed (everywhere) is new: the findings that this entry matches are no longer reported',
    undefined,
    'none settings removed: the entry of `checks.ignore` for expectation-failed (everywhere) is gone from the config: the findings that this entry matched are reported again',
  ],
  [
    'expectation',
    { expect: [{ never: 'get secrets' }] },
    'none settings added: the expectation that nobody may get secrets is new',
    undefined,
    'medium settings removed: the expectation that nobody may get secrets is gone from the config: `kaniflux check` no longer tests this expectation',
  ],
])('a %s that is new, and one that is gone', (_, entry, isNew, details, isGone) => {
  const [[line, ...below] = [], ...others] = said({}, entry);
  expect(line).toBe(isNew);
  if (details) expect(below).toEqual(details);
  expect(others).toEqual([]);
  expect(said(entry, {})).toEqual([[isGone]]);
});

test('an expectation that still applies to all clusters that are left is not narrower', () => {
  const one = (clusters?: readonly string[]) => ({ expect: [{ never: 'get secrets', ...(clusters && { clusters }) }] });
  const all = [...teamWith({}).clusters.keys()];
  const levels = said(one(), one(all)).flat();
  expect(levels).toEqual([expect.stringMatching(/^none settings changed: the clusters of the expectation/)]);
});

test('if an expression gives the user name, no claim is said to contain it', () => {
  const edge = (authentication: Change) => ({
    clusters: { lab: { authentication: { method: 'structured', ...authentication } } },
  });
  const username = { expression: "'k:' + claims.sub" };
  const lines = said(edge({ claim: 'sub' }), edge({ username })).map(([line]) => line);
  expect(lines).toContainEqual(expect.stringContaining('the expression for the user names of people changed'));
  expect(lines).not.toContainEqual(expect.stringContaining('the UUID, which never changes'));
  expect(lines).toContainEqual(expect.stringContaining('an expression gives the user name instead'));
});

describe('in an API server', () => {
  const lab = (more: Change) => ({
    clusters: {
      lab: {
        authentication: { method: 'structured', groups: { prefix: 'k:' }, ...(more.authentication as Change) },
        ...(more.lab as Change),
      },
    },
  });

  test('an issuer that is new can give full control, and one that is gone cannot', () => {
    const issuers = { ci: { url: 'https://ci.example.com', audiences: ['k8s'], claim: 'sub', prefix: 'ci:' } };
    const [[line] = []] = said(lab({}), lab({ lab: { issuers } }));
    expect(line).toBe(
      'high trust added: lab: the issuer ci, whose tokens the API server accepts, is new: whoever runs the issuer decides who its users are',
    );
    expect(said(lab({ lab: { issuers } }), lab({}))).toEqual([
      ['low trust removed: lab: the issuer ci, whose tokens the API server accepts, is gone from the config'],
    ]);
  });

  test.each([
    [
      'without a prefix',
      '',
      'high',
      ': without a prefix, a name from a token can equal a name that Kubernetes itself uses',
    ],
    ['with a prefix', 'd:', 'medium', ''],
  ])('a separate mapping %s', (_, prefix, level, means) => {
    const both = { clients: { dash: { landingUrl: 'https://dash.example.com', scopes: { users: ['openid'] } } } };
    const mapping = lab({ lab: { trust: ['dash'] }, authentication: { clients: { dash: { claim: 'sub', prefix } } } });
    const without = lab({ lab: { trust: ['dash'] } });
    const what = 'lab: the mapping of token claims to users that applies only to client dash is';
    expect(said(without, mapping, both).map(([line]) => line)).toEqual([`${level} trust added: ${what} new${means}`]);
    expect(said(mapping, without, both)).toEqual([[`medium trust removed: ${what} gone from the config`]]);
  });

  test('an application that is new gets tokens, and one that is gone stays on the cluster', () => {
    const apps = { headlamp: { url: 'https://headlamp.example.com', client: 'head', groups: ['users'] } };
    const of = (before: Change, after: Change) =>
      said(before, after).flatMap(([line = '']) => (line.includes('the application headlamp') ? [line] : []));
    expect(of(lab({}), lab({ lab: { apps } }))).toEqual([
      'high trust added: lab: the application headlamp is new: Kanidm redirects people to https://headlamp.example.com, and whoever runs that server gets their tokens',
    ]);
    expect(of(lab({ lab: { apps } }), lab({}))).toEqual([
      'low trust removed: lab: the application headlamp is gone from the config: it stays on the cluster until somebody uninstalls it, but people can no longer use it with their tokens',
    ]);
  });
});

test.each([
  [['a', 'b'], ['(2)']],
  [
    ['a', 'b', 'c'],
    ['(2)', '(3)'],
  ],
])('entries of `checks.ignore` that differ only in the reasons %j have one statement each', (reasons, numbers) => {
  const checks = (of: readonly string[]) => ({
    checks: { ignore: of.map((reason) => ({ code: 'no-break-glass', reason })) },
  });
  const entry = 'low settings added: the entry of `checks.ignore` for no-break-glass (everywhere)';
  expect(said(checks(['a']), checks(reasons)).map(([line]) => line?.replace(/ is new.*/, ''))).toEqual(
    numbers.map((number) => `${entry} ${number}`),
  );
});

test('in the first review, everything is new', () => {
  const { statements } = reviewDiff({ before: rendered(noConfig), after: rendered(teamWith()) });
  const trust = statements.filter(({ part }) => part === 'trust').map(({ say, level }) => `${level} ${say('')}`);
  expect(trust).toEqual(['low Kanidm is new', 'low client k8s is new', 'low cluster lab is new']);
});

describe('an entry that is absent', () => {
  const absent = { people: { joe: { absent: true } } };

  test('is deleted from Kanidm', () => {
    expect(said({}, absent)).toEqual([
      [
        'low kanidm removed: person joe is `absent` in the config: if Kanidm has this entry, the entry is deleted from Kanidm',
      ],
    ]);
  });
  test('is no longer deleted after it is gone from the config', () => {
    expect(said(absent, {})).toEqual([
      [
        'none kanidm removed: person joe was `absent`, and is gone from the config: if Kanidm still has this entry, nothing deletes it any more',
      ],
    ]);
  });
});

describe('an entry that the runbook renames', () => {
  const gone = (entry: Change, after: Change) =>
    said(entry, after).flatMap(([line = '']) => (line.includes('is gone') ? [line] : []));
  const text = (kind: string, from: string, to: string, what: string) =>
    `the runbook renames this ${kind} to ${to}, and ${to} is ${what}. If Kanidm already has a ${kind} ${to}, the runbook does not rename ${from}, and the existing ${to} gets the access`;

  test.each<[string, Change, Change, string]>([
    [
      'person',
      { people: { joe: { displayName: 'Joe' } } },
      { people: { joseph: { displayName: 'Joe', formerly: 'joe' } } },
      text('person', 'joe', 'joseph', 'the same account, with its credentials and its UUID'),
    ],
    [
      'group',
      { groups: { ops: { members: [] } } },
      { groups: { crew: { members: [], formerly: 'ops' } } },
      text('group', 'ops', 'crew', 'the same group, with its UUID'),
    ],
    [
      'client',
      { clients: { web: { landingUrl: 'https://web.example.com' } } },
      { clients: { wiki: { landingUrl: 'https://web.example.com', formerly: 'web' } } },
      text('client', 'web', 'wiki', 'the same client, with its UUID'),
    ],
  ])('a %s', (_, before, after, means) => {
    expect(gone(before, after).map((line) => line.replace(/^.* is gone from the config: /, ''))).toEqual([means]);
  });
  test('an entry whose name a new entry gets', () => {
    const after = { people: { joseph: { displayName: 'Joe', formerly: 'joe' }, joe: { displayName: 'Another' } } };
    expect(said({ people: { joe: { displayName: 'Joe' } } }, after)).toEqual([
      ['none kanidm added: person joseph is new', 'displayName: Joe', 'formerly: joe'],
      ['none kanidm added: person joe is new', 'displayName: Another'],
      [
        `none kanidm removed: the present person joe is gone from the config: ${text('person', 'joe', 'joseph', 'the same account, with its credentials and its UUID')}`,
      ],
    ]);
  });
  test('entries that take the name of the next one, and a new entry with the name of the first', () => {
    const people = (...names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, { displayName: name }]));
    const after = {
      people: {
        jane: { displayName: 'Another' },
        joan: { displayName: 'jane', formerly: 'jane' },
        joy: { displayName: 'joan', formerly: 'joan' },
      },
    };
    const lines = said({ people: people('jane', 'joan') }, after).flatMap(([line = '']) => line);
    expect(lines.filter((line) => line.includes('the present person')).map((line) => line.slice(0, 90))).toEqual([
      expect.stringContaining('the present person jane is gone from the config'),
      expect.stringContaining('the present person joan is gone from the config'),
    ]);
    expect(lines.filter((line) => line.includes('display name'))).toEqual([]);
  });
  test('an entry that keeps its name, because the new entry is not new', () => {
    const joseph = { displayName: 'Joe', formerly: 'joe' };
    const joe = (displayName: string) => ({ people: { joseph, joe: { displayName } } });
    expect(said(joe('Joe'), joe('Another'))).toEqual([
      ['none kanidm changed: the display name of joe changed from Joe to Another'],
    ]);
  });
  test('is not one of another kind with the same name', () => {
    const before = { people: { ops: { displayName: 'Ops' } } };
    expect(gone(before, { groups: { crew: { members: [], formerly: 'ops' } } })).toEqual([
      `none kanidm removed: person ops is gone from the config: ${stays('the account and its credentials')}`,
    ]);
  });
});

test('a person who swaps the name with another one has one statement', () => {
  const people = (joe: number, ann: number) => ({
    people: { joe: { displayName: 'X', id: uuid(joe) }, ann: { displayName: 'X', id: uuid(ann) } },
  });
  expect(said(people(1, 2), people(2, 1))).toEqual([
    [
      'medium kanidm changed: person ann and person joe swap their names: ann becomes joe, and joe becomes ann. Each remains the same account, with its credentials and its UUID',
    ],
  ]);
});

test.each<[string, Change, Change, string]>([
  [
    'person',
    { people: { joe: { displayName: 'X', id: uuid(1) } } },
    { people: { joseph: { displayName: 'X', id: uuid(1) } } },
    'person joe is renamed to joseph: the same account, with its credentials and its UUID',
  ],
  [
    'service account',
    { serviceAccounts: { ci: { displayName: 'X', id: uuid(1) } } },
    { serviceAccounts: { build: { displayName: 'X', id: uuid(1) } } },
    'service account ci is renamed to build: the same account, with its tokens and its UUID',
  ],
  [
    'group',
    { groups: { ops: { id: uuid(1), members: [] } } },
    { groups: { crew: { id: uuid(1), members: [] } } },
    'group ops is renamed to crew: the same group, with its members and its UUID',
  ],
  [
    'client',
    { clients: { web: { id: uuid(1), displayName: 'X', landingUrl: 'https://web.example.com' } } },
    { clients: { wiki: { id: uuid(1), displayName: 'X', landingUrl: 'https://web.example.com' } } },
    'client web is renamed to wiki: the same client, with its settings and its UUID, but with another issuer URL, because the URL contains the name',
  ],
])('a %s that is renamed', (_, before, after, text) => {
  expect(said(before, after)).toEqual([[`medium kanidm changed: ${text}`]]);
});

describe('an accepted finding', () => {
  const grant = (name: string) => ({ name, clusterRole: 'view', groups: ['users'] });
  const expectations = [{ never: 'delete secrets' }, { never: 'get nodes/proxy' }];
  const side = (path: string, expect: readonly object[], grants: readonly object[]) => ({
    checks: {
      ignore: [{ code: path.startsWith('expect') ? 'expectation-failed' : 'reads-secrets', path, reason: 'x' }],
    },
    expect,
    clients: { k8s: { scopes: { users: ['openid', 'groups'] } } },
    clusters: { lab: { grants } },
  });
  const moved = (path: string) => {
    const grants = [grant('look'), grant('see')];
    const [before, after] = [
      side(path, expectations, grants),
      side(path, [...expectations].reverse(), [...grants].reverse()),
    ];
    return said(before, after).flatMap(([line = '']) => /accepts with the entry (.*)/.exec(line)?.[1] ?? []);
  };

  test('moves to another expectation if the expectations change places', () => {
    expect(moved('expect.1')).toEqual([
      'expectation-failed (path expect.1) changed from "nobody may get nodes/proxy" to "nobody may delete secrets": the path of the entry contains a number in a list',
    ]);
  });
  test.each(['', '.groups.0'])('moves to another grant if the grants change places', (below) => {
    const path = `clusters.lab.grants.1${below}`;
    expect(moved(path)).toEqual([
      `reads-secrets (path ${path}) changed from "grant see" to "grant look": the path of the entry contains a number in a list`,
    ]);
  });
  test('stays where it is if its path has no number', () => {
    expect(moved('clusters.lab')).toEqual([]);
  });
});

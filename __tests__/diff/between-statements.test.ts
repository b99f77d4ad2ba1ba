import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { failsOn } from '../../lib/diff/statement';
import { configOf } from '../config';

const client = {
  displayName: 'Kubernetes',
  landingUrl: 'http://localhost:8000',
  redirectUrls: ['http://localhost:8000'],
  scopes: { users: ['openid', 'email', 'groups'] },
};

const config = (change: {
  readonly kanidm?: object;
  readonly jane?: object;
  readonly ann?: object;
  readonly groups?: object;
  readonly client?: string;
  readonly trust?: readonly string[];
  readonly clients?: Readonly<Record<string, object | null>>;
  readonly grants?: readonly object[];
  readonly authentication?: object;
  readonly grant?: object;
}) =>
  configOf(
    JSON.stringify({
      kanidm: { domain: 'idm.example.com', version: '1.11.1', ...change.kanidm },
      people: {
        jane: { displayName: 'Jane', mail: 'jane@example.com', ...change.jane },
        ann: { displayName: 'Ann', mail: 'ann@example.com', ...change.ann },
      },
      groups: { ops: { members: ['jane'] }, users: { members: ['jane', 'ann'] }, ...change.groups },
      clients: Object.fromEntries(
        Object.entries({ k8s: {}, other: {}, ...change.clients }).flatMap(([name, more]) =>
          more === null ? [] : [[name, 'absent' in more ? more : { ...client, ...more }]],
        ),
      ),
      clusters: {
        lab: {
          server: 'https://lab.example.com:6443',
          kubernetes: '1.34',
          controlPlane: 'kubeadm',
          client: change.client ?? 'k8s',
          trust: change.trust,
          authentication: { method: 'structured', groups: { prefix: 'kanidm:' }, ...change.authentication },
          grants: change.grants ?? [{ name: 'ops', clusterRole: 'view', groups: ['ops'], ...change.grant }],
        },
      },
    }),
  );

type Change = Parameters<typeof config>[0];

const between = (before: Change, after: Change) =>
  asText(reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) }))
    .split('\n')
    .filter((line) => line.includes(' temporarily loses ') || line.includes(' temporarily gains '));

const migrations = { provision: 'migrations', cluster: 'lab', manifests: { tlsSecretName: 'kanidm-tls' } };
const byMail = { claim: 'email' };
const people = { groups: [], people: ['jane'] };

const mails = { jane: { mail: 'ann@example.com' }, ann: { mail: 'jane@example.com' } };
const mark = '  🟠 ~ ';
const view = 'read bindings, configmaps, controllerrevisions.apps and 62 more on lab';
const until = ', until somebody has done the manual steps: Flux applies the changed bindings earlier';

test.each<[string, Change, Change]>([
  ['the domain', {}, { kanidm: { domain: 'idm.example.net' } }],
  ['the domain, with migrations', { kanidm: migrations }, { kanidm: { ...migrations, domain: 'idm.example.net' } }],
  ['a prefix', {}, { authentication: { groups: { prefix: 'sso:' } } }],
  [
    'a prefix, with migrations',
    { kanidm: migrations },
    { kanidm: migrations, authentication: { groups: { prefix: 'sso:' } } },
  ],
  [
    'a mail',
    { authentication: byMail, grant: people },
    { authentication: byMail, grant: people, jane: { mail: 'j@example.com' } },
  ],
  ['the group of a grant', {}, { groups: { team: { members: ['jane'] } }, grant: { groups: ['team'] } }],
])('after a change of %s, people lose access until somebody does the steps', (_, before, after) => {
  expect(between(before, after)).toEqual([`${mark}jane temporarily loses the right to ${view}${until}`]);
});

test('after a change of the group of a grant, also with migrations that somebody installs on the host', () => {
  const team = { groups: { team: { members: ['jane'] } }, grant: { groups: ['team'] } };
  const kanidm = { provision: 'migrations' };
  expect(between({ kanidm }, { kanidm, ...team })).toEqual([
    `${mark}jane temporarily loses the right to ${view}${until}`,
  ]);
  expect(between({ kanidm: migrations }, { kanidm: migrations, ...team })).toEqual([
    `  🟡 ~ jane temporarily loses the right to ${view}, until Kanidm has applied the migrations and the present ID tokens have expired, which takes up to 15 more minutes: Flux can apply the changed bindings earlier`,
  ]);
  // The members change, and the grant does not.
  const grown = { groups: { ops: { members: ['jane', 'ann'] } } };
  expect(between({ kanidm: migrations }, { kanidm: migrations, ...grown })).toEqual([]);
});

test('after a change of the client and a prefix, people lose access until somebody does the steps', () => {
  const after = { client: 'other', authentication: { groups: { prefix: 'sso:' } } };
  expect(between({}, after)).toEqual([`${mark}jane temporarily loses the right to ${view}${until}`]);
});

test('a right that is a part of another one before the change', () => {
  const all = { name: 'all', clusterRole: 'cluster-admin', groups: ['ops'] };
  const look = { name: 'look', clusterRole: 'view', groups: ['ops'] };
  const kanidm = { domain: 'idm.example.net' };
  const lost = [`${mark}jane temporarily loses the right to ${view}${until}`];
  expect(between({ grants: [all, look] }, { kanidm, grants: [look] })).toEqual(lost);
  expect(between({ grants: [all] }, { kanidm, grants: [look] })).toEqual(lost);
  expect(between({ grants: [look] }, { kanidm, grants: [all] })).toEqual(lost);
  expect(between({ grants: [look] }, { kanidm, grants: [] })).toEqual([]);
});

test('only the namespaces count in which it is lost', () => {
  const grants = (web: string) => ({
    groups: { team: { members: ['jane'] }, web: { members: ['jane'] }, crew: { members: ['jane'] } },
    grants: [
      { name: 'web', clusterRole: 'view', groups: [web], namespaces: ['web', 'shop'] },
      { name: 'api', clusterRole: 'view', groups: ['ops'], namespaces: ['api', 'shop'] },
    ],
  });
  expect(
    between(grants('team'), { ...grants('new'), groups: { ...grants('team').groups, new: { members: ['jane'] } } }),
  ).toEqual([
    `${mark}jane temporarily loses the right to ${view.replace(' on lab', '')} in namespace web on lab${until}`,
  ]);
});

test('who has the old name of somebody else, has their access until then', () => {
  const old = { authentication: byMail, grant: people };
  expect(between(old, { ...old, ...mails })).toEqual([
    `${mark}jane temporarily loses the right to ${view}${until}`,
    `  ~ ann temporarily gains the right to ${view}${until}`,
  ]);
});

test('with migrations, two people who swap their mails keep the old ones until their ID tokens have expired', () => {
  const both = { kanidm: migrations, authentication: byMail, grant: people };
  const expired =
    ', until Kanidm has applied the migrations and the present ID tokens have expired, which takes up to 15 more minutes: Flux can apply the changed bindings earlier';
  expect(between(both, { ...both, ...mails })).toEqual([
    `  🟡 ~ jane temporarily loses the right to ${view}${expired}`,
    `  ~ ann temporarily gains the right to ${view}${expired}`,
  ]);
});

test.each<[string, Change, Change]>([
  ['a mail that names nobody', {}, { jane: { mail: 'j@example.com' } }],
  [
    'a mail, where another binding gives the same',
    { authentication: byMail, grant: { people: ['jane'] } },
    { authentication: byMail, grant: { people: ['jane'] }, jane: { mail: 'j@example.com' } },
  ],
  [
    'the group of a grant, where the group exists',
    { groups: { team: { members: ['jane'] } } },
    { groups: { team: { members: ['jane'] } }, grant: { groups: ['team'] } },
  ],
  [
    'another UUID of a person',
    { jane: { id: '11111111-1111-4111-8111-111111111111' }, grant: people },
    { jane: { id: '22222222-2222-4222-8222-222222222222' }, grant: people },
  ],
  ['another role', {}, { grant: { clusterRole: 'edit' } }],
  ['a person who gets a binding', {}, { grant: { people: ['jane'] } }],
])('%s leaves none', (_, before, after) => {
  expect(between(before, after)).toEqual([]);
});

describe('until the control planes and the kubeconfigs are updated, people cannot sign in if Kanidm', () => {
  const gaps = (before: Change, after: Change) =>
    asText(reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) }))
      .split('\n')
      .filter((line) => line.includes('temporarily cannot sign in'))
      .map((line) => /~ (.*) temporarily .*: (.*)$/.exec(line)?.slice(1));
  const k8s = (more: object) => ({ clients: { k8s: more } });
  const flags = { authentication: { method: 'flags' } };
  const still = 'kubectl still';

  test.each<[string, Change, Change, string]>([
    [
      'has another address',
      {},
      { kanidm: { origin: 'https://login.idm.example.com' } },
      'the address of Kanidm changes, and with it the issuer in tokens',
    ],
    ['deletes the client', {}, { client: 'other', ...k8s({ absent: true }) }, 'Kanidm deletes this client'],
    [
      'renames the client',
      k8s({ id: '00000000-0000-4000-8000-000000000001' }),
      { client: 'kube', clients: { k8s: null, kube: { id: '00000000-0000-4000-8000-000000000001' } } },
      'Kanidm renames this client to kube',
    ],
    [
      'renames the client by the runbook',
      {},
      { client: 'kube', clients: { k8s: null, kube: { formerly: 'k8s' } } },
      'Kanidm renames this client to kube',
    ],
    [
      'renames an application, which becomes the client of the cluster',
      { trust: ['k9'], clients: { k9: { id: '00000000-0000-4000-8000-000000000002' } } },
      { client: 'kube', clients: { kube: { id: '00000000-0000-4000-8000-000000000002' } } },
      'Kanidm renames this client to kube',
    ],
    [
      'signs in another way',
      flags,
      { ...flags, ...k8s({ legacyCrypto: true }) },
      'Kanidm signs tokens with RS256, and the API server still accepts only ES256',
    ],
    [
      'redirects elsewhere',
      {},
      k8s({ redirectUrls: ['http://localhost:18000'], landingUrl: 'http://localhost:18000' }),
      `${still} uses the redirect URL http://localhost:8000, which Kanidm no longer accepts`,
    ],
  ])('%s', (_, before, after, why) => {
    expect(gaps(before, after)).toEqual([['people', expect.stringContaining(why)]]);
  });
  test('no longer offers a scope that kubectl requests', () => {
    const after = k8s({ scopes: { users: ['openid', 'email', 'groups_name'] } });
    expect(gaps({}, after)).toEqual([['jane and ann', expect.stringContaining(`${still} requests the scope groups,`)]]);
  });
  test('no longer gives somebody a scope that kubectl will request too: then the loss is no temporary one', () => {
    const after = k8s({ scopes: { users: ['openid', 'email'], ops: ['openid', 'groups'] } });
    const diff = reviewDiff({ before: rendered(config({})), after: rendered(config(after)) });
    expect(gaps({}, after)).toEqual([]);
    expect(asText(diff)).toContain(
      '- ann can no longer sign in to lab with client k8s: kubectl requests the scope groups, and Kanidm refuses a sign-in with a scope that the scope map does not give',
    );
    expect(diff.statements.some((one) => failsOn(one, 'loss') && /^ann can no longer/.test(one.say('lab')))).toBe(true);
  });
  test('no longer gives somebody a scope, unless only Kanidm knows who has it', () => {
    const scopes = { users: ['openid', 'email'], ops: ['openid', 'groups'] };
    const withOps = (ops: object) => ({ ...k8s({ scopes }), groups: { ops } });
    const text = (change: Change) =>
      asText(reviewDiff({ before: rendered(config({})), after: rendered(config(change)) }));
    expect(text(withOps({ members: ['jane'] }))).toContain('ann can no longer sign in');
    expect(text(withOps({}))).not.toContain('can no longer sign in');
  });
  test.each<[string, Change, Change]>([
    ['the client stays, and the cluster has another one', {}, { client: 'other' }],
    ['only an application loses its client', {}, { clients: { other: { absent: true } } }],
    ['the API server accepts both algorithms', {}, k8s({ legacyCrypto: true })],
    ['a redirect URL is new', {}, k8s({ redirectUrls: ['http://localhost:8000', 'http://localhost:18000'] })],
    ['a scope is new', {}, k8s({ scopes: { users: ['openid', 'email', 'groups', 'profile'] } })],
    [
      'the client accepts each port',
      k8s({ localhostRedirects: true }),
      k8s({ redirectUrls: [], localhostRedirects: true }),
    ],
    ['a new person cannot have signed in', {}, { groups: { users: { members: ['jane'] } } }],
  ])('but not if %s', (_, before, after) => {
    expect(gaps(before, after)).toEqual([]);
  });
});

describe('until they have the new kubeconfig, people cannot sign in if the API server', () => {
  const gaps = (before: Change, after: Change) =>
    asText(reviewDiff({ before: rendered(config(before)), after: rendered(config(after)) }))
      .split('\n')
      .filter((line) => line.includes('from the change of the API server'));
  const byMail = { authentication: { claim: 'email', prefix: 'kanidm:' } };

  test.each<[string, Change]>([
    ['now reads the user name from the mail address', byMail],
    [
      'now gets it from an expression',
      {
        authentication: {
          username: { expression: "'kanidm:' + claims.email" },
          claimValidationRules: [{ expression: 'claims.email_verified == true' }],
        },
      },
    ],
  ])('%s', (_, after) => {
    expect(gaps({}, after)).toEqual([
      '  🟠 ~ people temporarily cannot sign in to lab with client k8s, from the change of the API server until they have the new kubeconfig: kubectl does not request the scope email yet, so the token lacks the claim email, which contains the user name',
    ]);
  });
  test.each<[string, Change, Change]>([
    ['did so before', byMail, { authentication: { ...byMail.authentication, prefix: 'k:' } }],
    [
      'already read this claim',
      { authentication: { requiredClaims: { email: 'jane@example.com' } } },
      { authentication: { ...byMail.authentication, requiredClaims: { email: 'jane@example.com' } } },
    ],
    [
      'reads a claim that Kanidm adds without a request',
      {},
      { ...byMail, clients: { k8s: { supplementaryScopes: { users: ['email'] } } } },
    ],
    ['reads the claim only for groups', {}, { authentication: { uid: { claim: 'email' } } }],
    ['accepts another client', {}, { ...byMail, client: 'other' }],
  ])('but not if it %s', (_, before, after) => {
    expect(gaps(before, after)).toEqual([]);
  });
});

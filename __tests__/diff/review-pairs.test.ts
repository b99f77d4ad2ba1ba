import { stringify } from 'yaml';
import { asText } from '../../lib/diff/diff-format';
import { asMarkdown } from '../../lib/diff/diff-markdown';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf, merge } from '../config';

/*
 * Changes by which somebody else gets control of a cluster or a part of it, and what a reviewer must read about each.
 * Those that give control of the whole cluster come first, whatever else changes.
 */

const uuid = (i: number) => `${String(i).repeat(8)}-1111-4111-8111-111111111111`;
const scopes = ['openid', 'email', 'profile', 'groups'];

const team = {
  kanidm: { domain: 'idm.example.com', version: '1.11.1' },
  people: {
    jane: { displayName: 'Jane', mail: 'jane@example.com', id: uuid(1) },
    ann: { displayName: 'Ann', mail: 'ann@example.com', id: uuid(2) },
    mallory: { displayName: 'Mallory', mail: 'mallory@example.com', id: uuid(3) },
  },
  groups: {
    staff: { members: ['jane', 'ann', 'mallory'] },
    admins: { members: ['ann'] },
    night: { members: ['jane'] },
  },
  clients: {
    k8s: { landingUrl: 'http://localhost:8000', redirectUrls: ['http://localhost:8000'], scopes: { staff: scopes } },
    wiki: { landingUrl: 'https://wiki.example.com', scopes: { staff: scopes } },
  },
  clusters: {
    lab: {
      server: 'https://192.0.2.10:6443',
      kubernetes: '1.34',
      client: 'k8s',
      controlPlane: 'kubeadm',
      breakGlass: 'the safe',
      authentication: { method: 'structured', groups: { claim: 'groups', prefix: 'kanidm:' } },
      grants: [
        { name: 'admins', clusterRole: 'cluster-admin', groups: ['admins'] },
        { name: 'viewers', clusterRole: 'view', groups: ['staff'] },
      ],
    },
  },
};

const migrated = {
  kanidm: {
    provision: 'migrations',
    cluster: 'lab',
    manifests: { certificate: { issuer: 'le' }, gateway: { name: 'gw' } },
  },
};

type Change = Record<string, unknown>;

const config = (...changes: Change[]) =>
  configOf(
    stringify(
      changes.reduce<unknown>((sum, change) => merge(sum, change), team),
      { aliasDuplicateObjects: false },
    ),
  );

function review(after: Change, both: Change = {}, before: Change = {}) {
  const diff = reviewDiff({ before: rendered(config(both, before)), after: rendered(config(both, before, after)) });
  const [first = ''] = asMarkdown(diff)
    .split('\n')
    .filter((line) => line.startsWith('- '));
  return { diff, text: asText(diff), first };
}

const lab = (change: Change): Change => ({ clusters: { lab: change } });
const byMail = lab({ authentication: { claim: 'email' } });
const withRole = (role: string, rules: object[]): Change => ({
  roles: { [role]: { rules } },
  ...lab({
    grants: [
      { name: 'admins', clusterRole: 'cluster-admin', groups: ['admins'] },
      { name: 'viewers', clusterRole: role, groups: ['staff'] },
    ],
  }),
});
const pods = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const flux = (...verbs: string[]) => ({
  apiGroups: ['kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io'],
  resources: ['kustomizations', 'helmreleases'],
  verbs,
});
const renamed = {
  people: { ann: null, eve: { displayName: 'Eve', mail: 'eve@example.net', formerly: 'ann' } },
  groups: { staff: { members: ['jane', 'eve', 'mallory'] }, admins: { members: ['eve'] } },
};

const everything = 'may do everything on lab';

/**
 * The title, the change, the expected statement, what both sides have in addition, and what only the first side has.
 */
type Pair = readonly [string, Change, string, Change, Change];

const pair = (title: string, change: Change, says: string, both: Change = {}, before: Change = {}): Pair => [
  title,
  change,
  says,
  both,
  before,
];

test.each<Pair>([
  pair(
    'kubeconfigs send tokens elsewhere',
    lab({ server: 'https://api.example.net:6443' }),
    '~ lab: the address of the API server changed from https://192.0.2.10:6443 to https://api.example.net:6443: kubectl sends tokens of people to this address, and whoever runs the server there can use these tokens',
  ),
  pair(
    'another identity provider',
    { kanidm: { domain: 'idm.example.net' } },
    '~ the origin of Kanidm changed from https://idm.example.com to https://idm.example.net',
  ),
  pair(
    'tokens of another application are accepted',
    lab({ trust: ['wiki'] }),
    '~ lab: the API server now accepts tokens of client wiki too: jane, ann and mallory may use this client',
  ),
  pair(
    'tokens of another client are accepted',
    lab({ client: 'wiki' }),
    '~ lab: the client whose tokens the API server accepts changed from k8s to wiki',
    { clients: { wiki: { redirectUrls: ['http://localhost:8000'] } } },
  ),
  pair(
    'everybody is admin',
    { groups: { admins: { members: ['ann', 'idm_all_persons'] } } },
    `+ every person in Kanidm (idm_all_persons) ${everything} (cluster-admin, by admins): idm_all_persons is now a member of admins; affected people in the config: jane, mallory`,
  ),
  pair(
    'everybody is admin, with migrations',
    { groups: { admins: { members: ['ann', 'idm_all_accounts'] } } },
    `+ everybody in Kanidm, service accounts too (idm_all_accounts) ${everything}`,
    migrated,
  ),
  pair(
    'everybody is admin by a nested group',
    { groups: { night: { members: ['idm_all_persons'] } } },
    `+ every person in Kanidm (idm_all_persons) ${everything} (cluster-admin, by admins through night)`,
    { groups: { admins: { members: ['ann', 'night'] } } },
  ),
  pair(
    'another built-in group is admin',
    { groups: { admins: { members: ['ann', 'idm_service_desk'] } } },
    `+ every member of idm_service_desk (only Kanidm knows the members) ${everything}`,
  ),
  pair(
    'mallory can add members to the admin group',
    { groups: { admins: { managedBy: 'mallory' } } },
    '+ mallory can now add members to admins, and thereby get the right to do everything on lab (cluster-admin, by admins): group admins is managed by mallory',
  ),
  pair(
    'and so can a group',
    { groups: { admins: { managedBy: 'night' } } },
    '+ jane can now add members to admins, and thereby get the right to do everything on lab',
    migrated,
  ),
  pair(
    'and so can whoever manages the managers',
    { groups: { night: { managedBy: 'mallory' } } },
    '+ mallory can now add members to night, and thereby get the right to',
    { groups: { admins: { members: ['ann', 'night'] } } },
  ),
  pair(
    'mallory can issue tokens of an admin account',
    { serviceAccounts: { ci: { managedBy: 'mallory' } } },
    '+ mallory can now issue tokens of service account ci, and thereby get the right to do everything on lab',
    {
      serviceAccounts: { ci: { displayName: 'CI', id: uuid(4) } },
      groups: { admins: { members: ['ann', 'ci'] }, staff: { members: ['jane', 'ann', 'mallory', 'ci'] } },
    },
  ),
  pair(
    "an admin's mail",
    { people: { ann: { mail: 'mallory@example.net' } } },
    '~ lab: the user name of ann changed from ann@example.com to mallory@example.net (claim email); ann may do everything there',
    byMail,
  ),
  pair(
    'a stranger as a rename, by the runbook',
    renamed,
    `+ eve ${everything} (cluster-admin, by admins): eve is new in the config`,
  ),
  pair(
    'a foreign redirect URL',
    { clients: { k8s: { redirectUrls: ['http://localhost:8000', 'https://wiki.example.net/cb'] } } },
    '~ the redirect URLs of client k8s changed (added https://wiki.example.net/cb): after sign-in, Kanidm redirects to https://wiki.example.net/cb if the request asks for it, and whoever runs that site can get tokens of the people who sign in, and can use these tokens to sign in to lab as these people',
  ),
  pair(
    'a stranger with the UUID of an admin',
    { ...renamed, people: { ann: null, eve: { displayName: 'Eve', id: uuid(2) } } },
    '~ lab: the account ann is renamed to eve, with its UUID and credentials; whoever has the credentials of this account may do everything there',
  ),
  pair(
    'UUIDs that are swapped',
    { people: { ann: { id: uuid(3) }, mallory: { id: uuid(2) } } },
    `+ the account mallory (which becomes ann) ${everything} (cluster-admin, by admins): ann is in admins`,
  ),
  pair(
    'a role that only looks like view',
    withRole('vi\u0435w', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
    `+ jane and mallory ${everything} (vi\\u0435w, by staff): the grant viewers gives vi\\u0435w in place of view\n      vi\\u0435w looks like view, but it is another name: it contains other characters, printed here as codes`,
  ),
  pair(
    'what Flux applies as cluster-admin',
    withRole('ops', [pods, flux('create', 'patch')]),
    '+ jane and mallory may create and patch helmreleases.helm.toolkit.fluxcd.io (to have Flux apply anything as cluster-admin) and create and patch kustomizations.kustomize.toolkit.fluxcd.io (to have Flux apply anything as cluster-admin) on lab (ops, by staff)',
    {},
    withRole('ops', [pods]),
  ),
  pair(
    'another chart repository',
    { kanidm: { helm: { repository: 'https://charts.example.net' } } },
    '~ the repository of the chart of Kanidm changed from https://charts.example.com to https://charts.example.net',
    {
      kanidm: { cluster: 'lab', helm: { repository: 'https://charts.example.com', chart: 'kanidm', version: '1.0.0' } },
    },
  ),
  pair(
    'another image',
    { kanidm: { manifests: { image: 'registry.example.net/kanidm' } } },
    '~ the container image of Kanidm changed from',
    migrated,
  ),
  pair(
    'another Flux source',
    lab({ flux: { source: { name: 'theirs' } } }),
    '~ lab: the Flux source that is applied to the cluster changed from flux-system to theirs',
  ),
  pair(
    'a prefix that goes',
    lab({ authentication: { prefix: '' } }),
    '~ lab: the prefix of the names of people changed from not set to "": without a prefix, a name from a token can equal a name that Kubernetes itself uses',
  ),
])('hands over the cluster: %s', (_, after, says, both, before) => {
  const { text, first } = review(after, both, before);
  expect(text).toContain(`🔴 ${says}`);
  expect(text.indexOf('Can give full control of a cluster\n')).toBe(0);
  expect(first).toMatch(/^- 🔴 /);
});

const ssh = (middle: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${middle}`;

test.each<Pair>([
  pair(
    'a required claim goes',
    lab({ authentication: { requiredClaims: { name: null } } }),
    '🟠 ~ lab: the value of claim name that a token must carry changed from ops to not set: tokens without this claim are accepted',
    {},
    lab({ authentication: { requiredClaims: { name: 'ops' } } }),
  ),
  pair(
    'any port of localhost',
    { clients: { k8s: { localhostRedirects: true } } },
    '🟠 ~ the setting that accepts any port and path of localhost as a redirect URL of client k8s changed from not set to true',
  ),
  pair(
    'a weaker signature',
    { clients: { k8s: { legacyCrypto: true } } },
    '🟠 ~ the setting that signs tokens of client k8s with RS256 instead of ES256 changed from not set to true',
  ),
  pair(
    'anonymous requests',
    lab({ authentication: { anonymous: { enabled: true } } }),
    '🟠 ~ lab: the setting that allows requests without credentials changed from not set to true',
  ),
  pair(
    'a weaker credential',
    { groups: { admins: { policy: { credentialMinimum: 'any' } } } },
    '🟠 ~ the weakest credential that members of admins may sign in with changed from passkey to any',
    migrated,
    { groups: { admins: { policy: { credentialMinimum: 'passkey' } } } },
  ),
  pair(
    'an SSH key of another',
    { people: { ann: { sshKeys: { x: `${ssh('GmgRFZDZbpR1GFDrN5DfwlvU6Zs6zR7xHJ5n6Z8lWQd')} b` } } } },
    `🟠 ~ the SSH key x of ann changed from "${ssh('PwIgShT8rP1y2eFvDrI1m8bDk3pGyUhQ2GExgpCGbLK')} a" to "${ssh('GmgRFZDZbpR1GFDrN5DfwlvU6Zs6zR7xHJ5n6Z8lWQd')} b"`,
    migrated,
    { people: { ann: { sshKeys: { x: `${ssh('PwIgShT8rP1y2eFvDrI1m8bDk3pGyUhQ2GExgpCGbLK')} a` } } } },
  ),
  pair(
    'a client that everybody may use',
    { clients: { wiki: { scopes: { staff: null, idm_all_persons: scopes } } } },
    '🟠 ~ the scopes that members of idm_all_persons get at client wiki changed from not set to openid, email, profile, groups: everybody in Kanidm may use the client',
  ),
  pair(
    'a finding that is left out from now on',
    { checks: { ignore: [{ code: 'no-break-glass', reason: 'a lab' }] } },
    '🟡 + the entry of `checks.ignore` for no-break-glass (everywhere) is new',
  ),
])('is said with its mark: %s', (_, after, says, both, before) => {
  const { text } = review(after, both, before);
  expect(text).toContain(`  ${says}`);
});

test('who is taken out of a group is taken out by a command', () => {
  const { text } = review(
    { groups: { admins: { members: ['ann'] } } },
    {},
    { groups: { admins: { members: ['ann', 'mallory'] } } },
  );
  expect(text).toContain(
    '- mallory may no longer do everything on lab (cluster-admin, by admins): mallory is no longer in admins',
  );
  expect(text).toContain('     kanidm group remove-members admins mallory\n');
});

test('and so is a redirect URL', () => {
  const urls = ['http://localhost:8000', 'https://wiki.example.net/cb'];
  const { text } = review(
    { clients: { k8s: { redirectUrls: urls.slice(0, 1) } } },
    {},
    { clients: { k8s: { redirectUrls: urls } } },
  );
  expect(text).toContain('     kanidm system oauth2 remove-redirect-url k8s https://wiki.example.net/cb\n');
});

test('a manager who is replaced loses what they could have become', () => {
  const before = { groups: { admins: { managedBy: 'mallory' } } };
  const lost =
    '- mallory can no longer add members to admins, and thereby can no longer get the right to do everything on lab';
  expect(review({ groups: { admins: { managedBy: 'ann' } } }, {}, before).text).toContain(lost);
  // The config no longer sets the manager, so Kanidm keeps it.
  const { text } = review({ groups: { admins: { managedBy: null } } }, {}, before);
  expect(text).not.toContain('can no longer');
  expect(text).toContain('Kanidm keeps the manager. To remove the manager, write `managedBy: null`');
});

test('Kanidm keeps a manager whose entry leaves the config too, but not one that it deletes', () => {
  const before = { groups: { admins: { managedBy: 'watch' }, watch: { members: ['mallory'] } } };
  const after = (watch: object | null) => ({ groups: { admins: { managedBy: null }, watch } });
  expect(review(after(null), {}, before).text).not.toContain('mallory can no longer');
  expect(review(after({ absent: true, members: null }), {}, before).text).toContain(
    '- mallory can no longer add members to admins',
  );
});

test('a manager stays when the runbook renames the group', () => {
  const grants = (group: string) => lab({ grants: [{ name: 'a', clusterRole: 'cluster-admin', groups: [group] }] });
  const group = { members: ['ann'] };
  const before = { groups: { admins: { ...group, managedBy: 'mallory' } }, ...grants('admins') };
  const after = (managedBy?: string) => ({
    groups: { admins: null, admins2: { ...group, formerly: 'admins', managedBy } },
    ...grants('admins2'),
  });
  expect(review(after(), {}, before).text).not.toContain('mallory can no longer');
  expect(review(after('ann'), {}, before).text).toContain('mallory can no longer');
});

test('a redirect URL of this machine stays accepted while Kanidm keeps `localhostRedirects`', () => {
  const local = (port: number) => ({
    redirectUrls: [`http://localhost:${port}`],
    landingUrl: `http://localhost:${port}`,
  });
  const after = { clients: { k8s: local(9000) } };
  const gone = 'nobody can sign in there any more';
  expect(review(after, {}, { clients: { k8s: local(8000) } }).text).toContain(gone);
  const before = { clients: { k8s: { ...local(8000), localhostRedirects: true } } };
  expect(review(after, {}, before).text).not.toContain(gone);
});

test('a manager whom only Kanidm still knows gets what a new grant gives to the group', () => {
  const grants = [{ name: 'crew', clusterRole: 'cluster-admin', groups: ['crew'] }];
  const { text } = review(
    { groups: { crew: { managedBy: null } }, ...lab({ grants }) },
    {},
    { groups: { crew: { members: ['jane'], managedBy: 'mallory' } }, ...lab({ grants: [] }) },
  );
  expect(text).toContain('mallory can now add members to crew, and thereby get the right to do everything on lab');
});

test('a renamed cluster is compared with itself', () => {
  const cellar = (change: Change) => ({ clusters: { lab: null, cellar: { ...team.clusters.lab, ...change } } });
  const { text, diff } = review(cellar({ grants: [{ name: 'all', clusterRole: 'cluster-admin', groups: ['night'] }] }));
  expect(diff.access.map(({ change, cluster, who }) => [change, cluster, who.name])).toEqual([
    ['gained', 'cellar', 'jane'],
    ['lost', 'cellar', 'ann'],
    ...['ann', 'mallory'].map((name) => ['lost', 'cellar', name]),
  ]);
  expect(text).toContain('cluster lab is renamed to cellar: both have the same API server.');
  // Another API server is another cluster.
  const other = review(cellar({ server: 'https://192.0.2.99:6443' }));
  expect(other.text).toContain('+ ann may do everything on cellar');
  expect(other.text).toContain('cluster lab is gone from the config');
});

test('who is an admin anyway gains nothing by managing the group', () => {
  expect(review({ groups: { admins: { managedBy: 'ann' } } }).diff.access).toEqual([]);
});

test('the same mail under a claim that names by UUID is no other name', () => {
  expect(review({ people: { ann: { mail: 'mallory@example.net' } } }).text).not.toContain('the user name of');
});

test('another order of the same people is said, and is no other access', () => {
  const { people } = team;
  const sides = [people, Object.fromEntries(Object.entries(people).reverse())].map((one) =>
    rendered(configOf(stringify({ ...team, people: one }, { aliasDuplicateObjects: false }))),
  );
  const [before, after] = sides;
  if (!before || !after) throw new Error('two sides');
  const text = asText(reviewDiff({ before, after }));
  expect(text).toContain(
    'Settings\n  ~ the order of entries in the config changed, and with it the order of lines in files\n',
  );
  expect(text).toContain('kanidm/runbook.sh');
});

test('who is renamed is renamed by a command, before the groups', () => {
  const { text } = review({
    ...renamed,
    people: { ann: null, eve: { displayName: 'Ann', mail: 'ann@example.com', id: uuid(2) } },
  });
  expect(text).toMatch(/kanidm login\n {5}kanidm person update ann --newname=eve\n/);
  expect(text).not.toContain('kanidm person create');
});

test('a rename by `formerly` without a UUID is left to the runbook, with the reset tokens of new people', () => {
  const { text } = review({
    ...renamed,
    people: { ...renamed.people, kim: { displayName: 'Kim' } },
  });
  expect(text).toContain('     # person ann becomes eve\n     sh dist/kanidm/runbook.sh kim\n');
  expect(text).not.toContain('kanidm person create');
  expect(text).not.toContain('kanidm person delete');
});

test('`formerly` that names nobody of the base is no rename: the person is created by a command', () => {
  const { text } = review({ people: { eve: { displayName: 'Eve', formerly: 'eva' } } });
  expect(text).toContain('kanidm person create eve Eve');
  expect(text).not.toContain('becomes eve');
});

describe('hand-written objects', () => {
  const team_ = config();
  const byHand = (...objects: object[]) =>
    asText(
      reviewDiff({
        before: rendered(team_, () => []),
        after: rendered(team_, (name) => (name === 'lab' ? objects : [])),
      }),
    );
  const binding = (name: string, subjects: object[], role = 'cluster-admin') => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects,
  });
  const group = (name: string) => ({ kind: 'Group', name });

  test('every signed-in user is admin: one line, with the people', () => {
    expect(byHand(binding('all', [group('system:authenticated')]))).toContain(
      '🔴 + every signed-in user (group system:authenticated) may do everything on lab (cluster-admin): the binding all is new; affected people in the config: jane, mallory\n',
    );
  });

  test('so is everybody on the network', () => {
    expect(byHand(binding('all', [group('system:unauthenticated')]))).toContain(
      '🔴 + everybody on the network, without signing in (group system:unauthenticated) may do everything on lab',
    );
  });

  test.each(['system:authenticated', 'eve'])('a binding that is called like one of Kubernetes is seen: %s', (name) => {
    expect(byHand(binding('system:basic-user', [group(name)]))).toMatch(
      /^Can give full control of a cluster\n {2}🔴 \+ .* may do everything on lab/,
    );
    expect(byHand(binding('system:mine', [{ kind: 'User', name: 'system:anonymous' }]))).toContain(
      '🔴 + user system:anonymous',
    );
  });

  test('nobody gains or loses what every signed-in user may do before or after', () => {
    const byHandOn = (before: object[], after: object[]) =>
      asText(reviewDiff({ before: rendered(team_, () => before), after: rendered(team_, () => after) }));
    const one = [binding('look', [{ kind: 'User', name: 'admin' }], 'view')];
    const all = [binding('look', [group('system:authenticated')], 'view')];
    expect(byHandOn(one, all)).not.toContain('user admin may');
    expect(byHandOn(all, one)).not.toContain('user admin may');
    const anonymous = binding('anybody', [{ kind: 'User', name: 'system:anonymous' }], 'view');
    expect(byHandOn(all, [...all, anonymous])).toContain('+ user system:anonymous may read');
    expect(byHandOn([binding('open', [group('system:unauthenticated')], 'view')], [anonymous])).not.toContain(
      'user system:anonymous may',
    );
  });

  test('a service account is the same as a user and in its groups', () => {
    const account = { kind: 'ServiceAccount', name: 'ci', namespace: 'web' };
    const forms = [account, { kind: 'User', name: 'system:serviceaccount:web:ci' }];
    const texts = (before: object, after: object, role = 'view') =>
      asText(
        reviewDiff({
          before: rendered(team_, () => [binding('ci', [before], role)]),
          after: rendered(team_, () => [binding('ci', [after], role)]),
        }),
      );
    for (const form of forms) {
      for (const other of [...forms, group('system:serviceaccounts:web')])
        expect(texts(form, other)).not.toContain('serviceaccount:web:ci may');
      for (const gone of ['may no longer', 'can no longer'])
        expect(texts(form, group('system:serviceaccounts:web'), 'edit')).not.toContain(`serviceaccount:web:ci ${gone}`);
      expect(texts(form, group('system:serviceaccounts:shop'), 'edit')).toContain(
        'serviceaccount:web:ci can no longer',
      );
      expect(texts(form, group('system:serviceaccounts:shop'))).toContain(
        '- system:serviceaccount:web:ci may no longer read',
      );
    }
  });

  test('so is a binding of an add-on in kube-system', () => {
    const subject = { kind: 'ServiceAccount', name: 'cloud-controller-manager', namespace: 'kube-system' };
    expect(byHand(binding('system:cloud-controller-manager', [subject]))).toContain(
      '🔴 + system:serviceaccount:kube-system:cloud-controller-manager may do everything on lab',
    );
  });

  test('a default binding of Kubernetes is no news', () => {
    expect(byHand(binding('system:basic-user', [group('system:authenticated')], 'system:basic-user'))).not.toContain(
      '🔴',
    );
  });

  const source = (spec: object) => ({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'fleet', namespace: 'flux-system' },
    spec,
  });
  const moved = (before: object, after: object) =>
    asText(
      reviewDiff({ before: rendered(team_, () => [source(before)]), after: rendered(team_, () => [source(after)]) }),
    );
  const spec = {
    url: 'https://git.example.com/fleet',
    ref: { branch: 'main' },
    interval: '1m',
    verify: { mode: 'HEAD' },
  };

  test.each([
    [
      'another address',
      { url: 'https://git.example.net/fleet' },
      '~ spec.url: https://git.example.com/fleet -> https://git.example.net/fleet',
    ],
    ['another branch', { ref: { branch: 'dev' } }, '~ spec.ref.branch: main -> dev'],
    ['no signatures', { verify: undefined }, '- spec.verify: {"mode":"HEAD"}'],
  ])('a Flux source with %s', (_, change, line) => {
    expect(moved(spec, { ...spec, ...change })).toContain(
      `🔴 ~ lab: the GitRepository flux-system/fleet changed: whoever controls this source decides what Flux applies, as cluster-admin by default\n      ${line}\n`,
    );
  });

  test('a Flux source with another interval', () => {
    expect(moved(spec, { ...spec, interval: '2m' })).not.toContain('🔴');
  });
});

test('a manager of managers: each step is named', () => {
  const { text } = review(
    { groups: { night: { managedBy: 'mallory' } } },
    { groups: { admins: { managedBy: 'night' } } },
  );
  expect(text).toContain(
    'mallory can now add members to admins, and thereby get the right to do everything on lab (cluster-admin, by admins): group night is managed by mallory, and group admins is managed by night\n',
  );
});

test('a scope map for everybody at a client of a cluster lets everybody sign in', () => {
  expect(review({ clients: { k8s: { scopes: { idm_all_persons: scopes } } } }).text).toContain(
    'everybody in Kanidm may use the client and can sign in to lab\n',
  );
});

test('who is deleted is not removed from groups as well', () => {
  const { text } = review({
    people: { mallory: { absent: true } },
    groups: { staff: { members: ['jane', 'ann'] } },
  });
  expect(text).toContain('person mallory is deleted from Kanidm (absent)');
  expect(text).toContain('     kanidm person delete mallory\n');
  expect(text).not.toContain('remove-members');
});

test('a value that is no longer in the config stays in Kanidm: a policy, with the runbook', () => {
  const policy = { credentialMinimum: 'passkey', sessionExpiry: 60 };
  const { text } = review(
    { groups: { admins: { policy: { sessionExpiry: null } } } },
    {},
    { groups: { admins: { policy } } },
  );
  expect(text).toContain('# groups.admins.policy.sessionExpiry is no longer in the config: Kanidm keeps its value\n');
});

test('a change of the domain has its step', () => {
  const change = { kanidm: { domain: 'idm.example.net' } };
  expect(review(change).text).toContain('     kanidmd domain rename\n');
  const { text } = review(change, migrated);
  expect(text).toContain('     kubectl --context=lab --namespace=kanidm scale statefulset kanidm --replicas=0\n');
  expect(text).toMatch(
    /\nBefore and after merging\n[^\n]*\n {2}1\. Before merging: prepare the new domain of Kanidm\n/,
  );
  expect(text).toContain('look up the UUID in Kanidm and write the UUID into the config as `id`');
  expect(review({ people: { mallory: { displayName: 'M' } } }).text).toContain('\nAfter merging\n');
});

test('a command with characters that are printed as codes has a note', () => {
  expect(review({ people: { mallory: { displayName: '\u0410nn' } } }).text).toContain(
    "     # in the next line, codes such as \\u0435 stand for characters: copy the characters from the config\n     kanidm person update mallory --displayname='\\u0410nn'\n",
  );
});

test('a grant that moves from a namespace to the cluster', () => {
  const grant = (more: Change) => lab({ grants: [{ name: 'm', clusterRole: 'edit', people: ['mallory'], ...more }] });
  expect(review(grant({}), {}, grant({ namespaces: ['web'] })).text).toContain(
    'on lab (edit): the grant m now applies to the whole cluster',
  );
});

test('an account that migrations remove and create again is not deleted by hand: that would be the new one', () => {
  const derived = { people: { ann: { id: null } } };
  const { text } = review({ people: { ann: { incarnation: 2 } } }, migrated, derived);
  expect(text).toContain(
    '🔴 + ann may do everything on lab (cluster-admin, by admins): ann is another account than before',
  );
  expect(text).not.toContain('person delete');
});

import { isOfFlux } from '../../lib/access/consequences';
import type { BindingObject } from '../../lib/access/objects';
import type { Right } from '../../lib/access/rights';
import { by, inWords, listed, roleOf, where, whoIs } from '../../lib/access/rights-in-words';

const rbac = 'rbac.authorization.k8s.io';
const right = (verb: string, group: string, resource: string, more: Partial<Right> = {}): Right => ({
  verb,
  group,
  resource,
  ...more,
});

test.each<[string[], number | undefined, string]>([
  [[], undefined, ''],
  [['a'], undefined, 'a'],
  [['a', 'b'], undefined, 'a and b'],
  [['a', 'b', 'c', 'd'], undefined, 'a, b, c and d'],
  [['a', 'b', 'c', 'd', 'e'], undefined, 'a, b, c and 2 more'],
  [['a', 'b', 'c'], 2, 'a and 2 more'],
])('%j, at most %p: %s', (items, most, text) => expect(listed(items, most)).toBe(text));

describe('combinations of one rule that name no resource of Kubernetes', () => {
  const helm = right('get', 'helm.toolkit.fluxcd.io', 'helmreleases');
  test.each<[string, Right[], string]>([
    ['are left out', [helm, { ...helm, resource: 'kustomizations' }], 'read helmreleases.helm.toolkit.fluxcd.io'],
    ['with a subresource, too', [right('get', '', 'pods/log'), right('get', 'apps', 'pods/log')], 'read pods/log'],
    ['are named if there is nothing else', [right('get', 'apps', 'pods')], 'read pods.apps'],
    [
      'are possible in a group that is not known',
      [right('get', 'apps', 'deployments'), right('get', 'example.com', 'pods')],
      'read deployments.apps and pods.example.com',
    ],
    [
      'are possible for a resource that is not known',
      [right('get', '', 'pods'), right('get', 'apps', 'widgets')],
      'read pods and widgets.apps',
    ],
    [
      'are possible in every group at once',
      [right('get', 'apps', 'deployments'), right('get', '*', 'pods')],
      'read deployments.apps and pods',
    ],
    ['do not include paths', [right('get', '', 'pods'), { verb: 'get', path: '/metrics' }], 'read /metrics and pods'],
    [
      'include constrained impersonation, which has a group of its own',
      [right('impersonate:user-info', 'authentication.k8s.io', 'users'), right('get', '', 'pods')],
      'impersonate:user-info users.authentication.k8s.io (to act as anybody) and read pods',
    ],
    [
      'leave out constrained impersonation in another group',
      [right('impersonate:user-info', '', 'users'), right('get', '', 'pods')],
      'read pods',
    ],
  ])('%s', (_name, rights, text) => expect(inWords(rights)).toBe(text));
});

const inWeb = { namespace: 'web' };
const reading = (group: string, resource: string) => ['get', 'list'].map((verb) => right(verb, group, resource, inWeb));
describe('rights that include more than their worst part', () => {
  test.each<[string, Right[], string]>([
    [
      'every resource of a group',
      [right('*', '', '*', inWeb)],
      'read and change Secrets and do anything with every resource of the core group',
    ],
    [
      'every resource of several groups',
      ['', 'apps', 'batch'].map((group) => right('*', group, '*', inWeb)),
      'read and change Secrets, act as service accounts and do anything with every resource of apps, every resource of batch and every resource of the core group',
    ],
    ['reading everything', reading('*', '*'), 'read Secrets and read every resource of every group'],
    [
      'creating everything',
      [right('create', '', '*', inWeb)],
      'act as service accounts and create every resource of the core group',
    ],
    [
      'different verbs on a group',
      [...reading('apps', '*'), right('delete', 'apps', '*', inWeb)],
      'delete and read every resource of apps',
    ],
    [
      'a group beside many resources',
      ['a', 'b', 'c', 'd', 'e', '*'].flatMap((one) => reading('apps', one)),
      'read every resource of apps and read a.apps, b.apps, c.apps and 2 more',
    ],
    ['every verb on pods', [right('*', '', 'pods', inWeb)], 'act as service accounts and do anything with pods'],
    ['not every verb on tokens', [right('*', '', 'serviceaccounts/token', inWeb)], 'act as service accounts'],
    ['not every verb on commands', [right('*', '', 'pods/exec')], 'run commands in pods'],
    ['not every verb on Secrets', [right('*', '', 'secrets', inWeb)], 'read and change Secrets'],
    [
      'not the groups of Flux',
      ['pods', 'events', 'endpoints', 'a', '*'].map((one) => right('get', 'source.extensions.fluxcd.io', one)),
      'read a.source.extensions.fluxcd.io, endpoints.source.extensions.fluxcd.io, events.source.extensions.fluxcd.io and 2 more',
    ],
  ])('%s', (_name, rights, text) => expect(inWords(rights)).toBe(text));
});

test.each<[Right[], string]>([
  [[], 'do nothing'],
  [[right('get', '', 'pods'), right('*', '*', '*')], 'do everything'],
  [[right('list', '', 'pods'), right('get', '', 'configmaps')], 'read configmaps and pods'],
  [[{ verb: 'get', path: '*' }], 'read every path'],
  [[{ verb: 'post', path: '/metrics' }], 'post /metrics'],
  [[right('delete', '', '*')], 'delete Secrets (to read the contents) and delete every resource of the core group'],
  [[right('delete', 'apps', '*')], 'delete every resource of apps'],
  [[right('delete', '*', '*')], 'delete Secrets (to read the contents) and delete every resource of every group'],
  [[right('delete', '*', 'pods')], 'delete pods'],
  [[right('delete', '', 'pods', { name: 'a' })], 'delete pods a'],
  [[right('*', '', 'configmaps')], 'do anything with configmaps'],
  [[right('update', '', 'configmaps'), right('delete', '', 'configmaps')], 'delete and update configmaps'],
  [[right('delete', '', 'pods'), right('create', '', 'events')], 'delete pods and create events'],
  [['pods', 'events', 'endpoints'].map((one) => right('delete', '', one)), 'change endpoints, events and pods'],
  [[right('*', '', 'secrets'), right('get', '', 'secrets')], 'read and change Secrets'],
  [['b', 'a'].map((name) => right('get', '', 'secrets', { name })), 'read Secret a and Secret b'],
  [[right('get', '', 'secrets', { name: 'a' }), right('get', '', 'secrets')], 'read Secrets'],
  [[right('patch', '', 'secrets')], 'patch Secrets (to read the contents)'],
  [[right('patch', '', 'secrets', { name: 'a' })], 'patch Secret a (to read the contents)'],
  [[right('delete', '', 'secrets', { name: 'a' })], 'delete Secret a (to read the contents)'],
  [[right('deletecollection', '', 'secrets')], 'deletecollection Secrets (to read the contents)'],
  [
    [right('get', '', 'secrets', { name: 'a' }), right('patch', '', 'secrets')],
    'read Secret a and patch Secrets (to read the contents)',
  ],
  [[right('get', '', 'secrets'), right('patch', '', 'secrets')], 'read Secrets and patch secrets'],
  [[right('get', '', 'secrets'), right('delete', '', 'secrets')], 'read Secrets and delete secrets'],
  [[right('update', '', 'secrets'), right('create', '', 'secrets')], 'create and update secrets'],
  [[right('impersonate', '', 'serviceaccounts', inWeb)], 'act as service accounts'],
  [
    [right('impersonate', '', 'serviceaccounts', inWeb), right('patch', 'apps', 'deployments', inWeb)],
    'act as service accounts',
  ],
  [
    [right('update', 'apps', 'deployments', inWeb), right('patch', 'apps', 'deployments', inWeb)],
    'patch and update deployments.apps (to act as service accounts)',
  ],
])('%j: %s', (rights, text) => expect(inWords(rights)).toBe(text));

const ofX = { name: 'x' };
test.each<[Right[], string]>([
  [[right('impersonate', '', 'users', ofX)], 'impersonate users x (to act as that user)'],
  [
    [right('impersonate', '', 'groups', ofX)],
    'impersonate groups x (to act as a member of that group, together with a right to impersonate a user)',
  ],
  [
    [right('impersonate', '', 'serviceaccounts', ofX)],
    'impersonate serviceaccounts x (to act as that service account)',
  ],
  [[right('bind', rbac, 'clusterroles', ofX)], `bind clusterroles.${rbac} x (to give that role)`],
  [[right('escalate', rbac, 'roles', ofX)], `escalate roles.${rbac} x (to add any right to that role)`],
  [
    [right('bind', rbac, 'clusterroles', ofX), right('escalate', rbac, 'clusterroles', ofX)],
    `bind and escalate clusterroles.${rbac} x (to add any right to that role)`,
  ],
  [[right('get', '', 'nodes/proxy', ofX)], 'get nodes/proxy x (to run commands in the pods of that node)'],
  // With these rights, one name is enough to get further.
  [
    [right('patch', rbac, 'clusterrolebindings', ofX)],
    `patch clusterrolebindings.${rbac} x (to give their own roles to others)`,
  ],
  [
    ['b', 'a'].map((name) => right('create', '', 'serviceaccounts/token', { name, ...inWeb })),
    'act as service account a and service account b',
  ],
  [
    [right('create', '', 'serviceaccounts/token', { ...ofX, ...inWeb }), right('create', '', 'pods', inWeb)],
    'act as service accounts',
  ],
  [
    [right('patch', 'apps', 'deployments', { ...ofX, ...inWeb })],
    'patch deployments.apps x (to act as service accounts)',
  ],
])('%j, limited to names: %s', (rights, text) => expect(inWords(rights)).toBe(text));

test.each<[string, string, string, string]>([
  ['impersonate', '', 'users', 'impersonate users (to act as anybody)'],
  [
    'impersonate',
    '',
    'groups',
    'impersonate groups (to act as a member of any group, together with a right to impersonate a user)',
  ],
  ['impersonate', '', 'serviceaccounts', 'impersonate serviceaccounts (to act as any service account)'],
  ['create', '', 'serviceaccounts/token', 'create serviceaccounts/token (to act as any service account)'],
  ['bind', rbac, 'roles', `bind roles.${rbac} (to get any role)`],
  ['escalate', rbac, 'clusterroles', `escalate clusterroles.${rbac} (to get any role)`],
  ['patch', rbac, 'clusterrolebindings', `patch clusterrolebindings.${rbac} (to give their own roles to others)`],
  ['create', '', 'persistentvolumes', 'create persistentvolumes (to use the files of a node)'],
  ['get', '', 'nodes/proxy', 'get nodes/proxy (to run commands in the pods of every node)'],
  [
    'create',
    'certificates.k8s.io',
    'certificatesigningrequests/nodeclient',
    'create certificatesigningrequests/nodeclient.certificates.k8s.io (to get a certificate of a node)',
  ],
  [
    'patch',
    'certificates.k8s.io',
    'certificatesigningrequests/approval',
    'patch certificatesigningrequests/approval.certificates.k8s.io (to get a certificate for any user)',
  ],
  [
    'create',
    'apiregistration.k8s.io',
    'apiservices',
    'create apiservices.apiregistration.k8s.io (to answer in place of the API server)',
  ],
  ...(
    [
      ['mutatingadmissionpolicies', 'change what others create'],
      ['mutatingadmissionpolicybindings', 'change what others create'],
      ['mutatingwebhookconfigurations', 'read and change what others create'],
      ['validatingwebhookconfigurations', 'read what others create'],
    ] as const
  ).map(([resource, consequence]): [string, string, string, string] => [
    'create',
    'admissionregistration.k8s.io',
    resource,
    `create ${resource}.admissionregistration.k8s.io (to ${consequence})`,
  ]),
  [
    'create',
    'fluxcd.controlplane.io',
    'resourcesets',
    'create resourcesets.fluxcd.controlplane.io (to have the Flux Operator apply anything as cluster-admin)',
  ],
])('%s %s/%s says what it leads to', (verb, group, resource, text) => {
  expect(inWords([right(verb, group, resource)])).toBe(text);
});

describe('the right to run pods', () => {
  const pods = right('create', '', 'pods');
  const running = 'run pods (as any service account)';
  test.each<[string, Right[], string]>([
    ['includes the right to change their templates', [right('update', 'apps', 'deployments')], running],
    [
      'does not include other changes',
      [right('patch', 'certificates.k8s.io', 'certificatesigningrequests/approval')],
      `patch certificatesigningrequests/approval.certificates.k8s.io (to get a certificate for any user) and ${running}`,
    ],
    [
      'does not include every verb on a template',
      [right('*', 'apps', 'deployments')],
      `do anything with deployments.apps (to act as service accounts) and ${running}`,
    ],
    [
      'does not include templates of every group',
      [right('patch', '*', 'deployments')],
      `patch deployments (to act as service accounts) and ${running}`,
    ],
    [
      'does not include volumes',
      [right('create', '', 'persistentvolumes')],
      `create persistentvolumes (to use the files of a node) and ${running}`,
    ],
  ])('%s', (_name, rights, text) => expect(inWords([pods, ...rights])).toBe(text));

  test('is not the right to create a pod of one name', () => {
    expect(inWords([{ ...pods, name: 'a' }])).toBe('create pods a');
  });
});

test('more than six rights that lead to others are counted', () => {
  const seven = [
    right('bind', rbac, 'clusterroles'),
    right('bind', rbac, 'roles'),
    right('create', '', 'persistentvolumes'),
    right('get', '', 'nodes/proxy'),
    right('impersonate', '', 'groups'),
    right('impersonate', '', 'serviceaccounts'),
    right('impersonate', '', 'users'),
  ];
  const phrases = [
    `bind clusterroles.${rbac} (to get any role)`,
    `bind roles.${rbac} (to get any role)`,
    'create persistentvolumes (to use the files of a node)',
    'get nodes/proxy (to run commands in the pods of every node)',
    'impersonate groups (to act as a member of any group, together with a right to impersonate a user)',
    'impersonate serviceaccounts (to act as any service account)',
  ];
  expect(inWords(seven)).toBe(`${phrases.join(', ')} and 1 more of this kind`);
  expect(inWords(seven.slice(0, 6))).toBe(`${phrases.slice(0, 5).join(', ')} and ${phrases[5]}`);
});

test.each([
  ['kustomize.toolkit.fluxcd.io', true],
  ['fluxcd.controlplane.io', true],
  ['kustomize.toolkit.fluxcd.io.example.com', false],
  ['example.fluxcd.controlplane.io', false],
  ['apps', false],
  [undefined, false],
])('the group %s is of Flux: %p', (group, expected) => expect(isOfFlux(group)).toBe(expected));

test.each<[(string | undefined)[], string]>([
  [[], ' on homelab'],
  [[undefined], ' on homelab'],
  [['web'], ' in namespace web on homelab'],
  [['a', 'b', 'c', 'd', 'e'], ' in namespaces a, b, c, d and e on homelab'],
])('the place %j', (namespaces, text) => expect(where('homelab', ...namespaces)).toBe(text));

test.each([
  ['Role', 'Role seer'],
  ['ClusterRole', 'seer'],
])('a %s is named %s', (kind, text) => {
  const binding: BindingObject = { kind: 'RoleBinding', metadata: { name: 'b' }, roleRef: { kind, name: 'seer' } };
  expect(roleOf({ binding })).toBe(text);
});

test.each<[Parameters<typeof whoIs>[0]['kind'], string, string]>([
  ['person', 'jane', 'jane'],
  ['service account', 'ci', 'service account ci'],
  ['members', 'devs', 'every member of devs (only Kanidm knows the members)'],
  ['members', 'idm_all_persons', 'every person in Kanidm (idm_all_persons)'],
  ['members', 'idm_all_accounts', 'everybody in Kanidm, service accounts too (idm_all_accounts)'],
  ['stranger', 'user root', 'user root'],
  ['stranger', 'group system:authenticated', 'every signed-in user (group system:authenticated)'],
  [
    'stranger',
    'group system:unauthenticated',
    'everybody on the network, without signing in (group system:unauthenticated)',
  ],
  ['stranger', 'group system:serviceaccounts', 'every service account (group system:serviceaccounts)'],
])('%s %s: %s', (kind, name, text) => expect(whoIs({ kind, name })).toBe(text));

test.each<[string[], string]>([
  [[], ''],
  [['k8s_admins'], ', by k8s_admins'],
  [['devs', 'k8s_admins'], ', by k8s_admins through devs'],
  [['web', 'devs', 'k8s_admins'], ', by k8s_admins through devs, web'],
])('the way %j', (way, text) => expect(by(way)).toBe(text));

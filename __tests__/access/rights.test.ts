import { dangerOf, worst } from '../../lib/access/danger';
import { ruleAllows } from '../../lib/access/match';
import type { PolicyRule } from '../../lib/access/objects';
import { covers, distinctRights, type Right, RightSet, rightsOf, rightsOfRule } from '../../lib/access/rights';
import { inWords } from '../../lib/access/rights-in-words';
import { workloadKinds } from '../../lib/upstream/workload-kinds';
import fc from '../fast-check';

test('a rule is taken apart into one right for each combination', () => {
  const rule = { verbs: ['get', 'list'], apiGroups: ['', 'apps'], resources: ['a'], resourceNames: ['x', 'y'] };
  expect(rightsOfRule(rule)).toHaveLength(8);
  expect(rightsOfRule(rule, 'web')[0]).toEqual({ verb: 'get', group: '', resource: 'a', name: 'x', namespace: 'web' });
});

test.each<[string, PolicyRule, Right[]]>([
  [
    'for every name and the whole cluster',
    { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: [] },
    [{ verb: 'get', group: '', resource: 'pods' }],
  ],
  [
    'for paths',
    { verbs: ['get'], nonResourceURLs: ['/a', '/b'] },
    [
      { verb: 'get', path: '/a' },
      { verb: 'get', path: '/b' },
    ],
  ],
  [
    'without the names that no request has',
    {
      verbs: ['impersonate'],
      apiGroups: [''],
      resources: ['users'],
      resourceNames: ['system:serviceaccount:web:ci', 'system:serviceaccount:web', 'jane'],
    },
    ['system:serviceaccount:web', 'jane'].map((name) => ({ verb: 'impersonate', group: '', resource: 'users', name })),
  ],
  [
    'of another resource with such a name',
    { verbs: ['get'], apiGroups: ['example.com'], resources: ['users'], resourceNames: ['system:serviceaccount:a:b'] },
    [{ verb: 'get', group: 'example.com', resource: 'users', name: 'system:serviceaccount:a:b' }],
  ],
  [
    'without deletecollection by name',
    { verbs: ['deletecollection'], apiGroups: [''], resources: ['secrets'], resourceNames: ['a'] },
    [],
  ],
  ['without groups', { verbs: ['get'], resources: ['pods'] }, []],
  ['without resources', { verbs: ['get'], apiGroups: [''] }, []],
])('a rule %s', (_name, rule, rights) => expect(rightsOfRule(rule)).toStrictEqual(rights));

test('the rights of a held role are limited as those of Flux are', () => {
  const held = { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }], namespace: 'web' };
  const one: Right = { verb: 'get', group: '', resource: 'pods', namespace: 'web' };
  expect(rightsOf(held)).toStrictEqual([one]);
  expect(rightsOf({ ...held, limitsFlux: true })).toStrictEqual([{ ...one, limitsFlux: true }]);
});

test('only the rights to get are marked if the API server asks for create too', () => {
  const held = { rules: [{ verbs: ['get', 'create'], apiGroups: [''], resources: ['pods/exec'] }] };
  const one = { group: '', resource: 'pods/exec' };
  expect(rightsOf({ ...held, execNeedsCreate: true })).toStrictEqual([
    { ...one, verb: 'get', execNeedsCreate: true },
    { ...one, verb: 'create' },
  ]);
});

test.each([
  [{}, 'takeover', 'impersonate:user-info users.authentication.k8s.io (to act as anybody)'],
  [{ ignoresConstrained: true }, 'write', 'impersonate:user-info users.authentication.k8s.io'],
])('constrained impersonation, with %j: %s', (limits, danger, words) => {
  const rule = { verbs: ['impersonate:user-info'], apiGroups: ['authentication.k8s.io'], resources: ['users'] };
  const rights = rightsOf({ rules: [rule], ...limits });
  expect(worst(rights)).toBe(danger);
  expect(inWords(rights)).toBe(words);
  const plain = { verbs: ['impersonate'], apiGroups: [''], resources: ['users'] };
  expect(worst(rightsOf({ rules: [plain], ...limits }))).toBe('takeover');
});

test('rights without duplicates, in their order', () => {
  const a: Right = { verb: 'get', group: '', resource: 'pods' };
  const b: Right = { ...a, name: 'a' };
  expect(distinctRights([b, a, { ...b }])).toStrictEqual([b, a]);
});

test('paths are no rights in a namespace', () => {
  expect(rightsOfRule({ verbs: ['get'], nonResourceURLs: ['/metrics'] }, 'web')).toEqual([]);
});

test.each([
  ['get', '', 'nodes/proxy', false],
  ['approve', 'certificates.k8s.io', 'signers', false],
  ['impersonate:arbitrary-node', 'authentication.k8s.io', 'nodes', false],
  ['get', 'rbac.authorization.k8s.io', 'clusterroles', false],
  // The API server asks for `bind` in the namespace of the new RoleBinding.
  ['bind', 'rbac.authorization.k8s.io', 'clusterroles', true],
  ['*', 'rbac.authorization.k8s.io', 'clusterroles', true],
  ['patch', '', 'namespaces', true],
  ['get', 'example.com', 'nodes', true],
  ['get', '*', 'nodes', true],
  ['get', '', 'pods', true],
])('%s on %s %s is a right in a namespace: %p', (verb, group, resource, expected) => {
  const rule = { verbs: [verb], apiGroups: [group], resources: [resource] };
  expect(rightsOfRule(rule, 'web')).toHaveLength(expected ? 1 : 0);
  expect(rightsOfRule(rule)).toHaveLength(1);
});

const pods: Right = { verb: 'get', group: '', resource: 'pods' };
test.each<[Right, Right, boolean]>([
  [pods, { ...pods, namespace: 'web' }, true],
  [{ ...pods, namespace: 'web' }, pods, false],
  [pods, { ...pods, name: 'a' }, true],
  [{ ...pods, name: 'a' }, pods, false],
  [{ ...pods, namespace: 'web' }, { ...pods, namespace: 'web' }, true],
  [{ ...pods, namespace: 'web' }, { ...pods, namespace: 'db' }, false],
  [{ ...pods, name: 'a' }, { ...pods, name: 'a' }, true],
  [{ ...pods, name: 'a' }, { ...pods, name: 'b' }, false],
  [{ ...pods, resource: '*' }, { ...pods, resource: 'pods/exec' }, true],
  [{ ...pods, resource: '*/exec' }, { ...pods, resource: 'pods/exec' }, true],
  [{ ...pods, resource: '*/exec' }, { ...pods, resource: 'exec' }, false],
  [{ verb: 'get', path: '/a*' }, { verb: 'get', path: '/ab*' }, true],
  [{ verb: 'get', path: '/ab*' }, { verb: 'get', path: '/a*' }, false],
  [{ verb: '*', group: '*', resource: '*' }, { verb: 'get', path: '/a' }, false],
])('%j covers %j: %p', (owned, wanted, expected) => {
  expect(covers(owned, wanted)).toBe(expected);
});

test('a set of rights covers what one of its rights covers', () => {
  const set = new RightSet([
    { ...pods, resource: '*/exec' },
    { verb: 'list', group: '', resource: '*' },
    { verb: 'get', path: '/a*' },
    { verb: 'get', group: '', resource: 'pods', name: 'a' },
    { verb: 'get', group: '', resource: 'pods', name: 'b' },
  ]);
  const covered: Right[] = [
    { ...pods, resource: 'pods/exec' },
    { ...pods, verb: 'list' },
    { verb: 'get', path: '/ab' },
    { ...pods, name: 'a' },
  ];
  const others: Right[] = [
    { ...pods, name: 'c' },
    pods,
    { ...pods, resource: 'pods/log' },
    { verb: 'get', path: '/b' },
  ];
  expect(covered.map((one) => set.covers(one))).toEqual([true, true, true, true]);
  expect(set.missing([...covered, ...others])).toEqual(others);
});

const right = fc.oneof(
  fc.record(
    {
      verb: fc.constantFrom('*', 'get', 'create'),
      group: fc.constantFrom('*', '', 'apps'),
      resource: fc.constantFrom('*', 'pods', 'pods/exec', '*/exec'),
      name: fc.constantFrom('a', 'b'),
      namespace: fc.constantFrom('web', 'db'),
    },
    { requiredKeys: ['verb', 'group', 'resource'] },
  ),
  fc.record({ verb: fc.constantFrom('*', 'get'), path: fc.constantFrom('*', '/a', '/a*', '/ab*') }),
);

test('the index finds what looking at each would find', () => {
  fc.assert(
    fc.property(fc.array(right, { maxLength: 8 }), right, (owned, wanted) => {
      expect(new RightSet(owned).covers(wanted)).toBe(owned.some((one) => covers(one, wanted)));
    }),
  );
});

test.each<[Right, string]>([
  [{ verb: '*', group: '*', resource: '*' }, 'everything'],
  [{ verb: '*', group: '*', resource: '*', namespace: 'web' }, 'everything'],
  [{ verb: '*', group: '*', resource: '*', name: 'web' }, 'takeover'],
  [{ verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles' }, 'takeover'],
  [{ verb: 'impersonate', group: '', resource: 'users' }, 'takeover'],
  [{ verb: 'impersonate', group: '*', resource: 'users', name: 'root' }, 'takeover'],
  [{ verb: 'get', group: '', resource: 'secrets', namespace: 'web' }, 'secrets'],
  [{ verb: '*', group: '', resource: '*' }, 'takeover'],
  [{ verb: 'impersonate:user-info', group: 'authentication.k8s.io', resource: 'users' }, 'takeover'],
  [{ verb: 'impersonate', group: '', resource: 'serviceaccounts' }, 'takeover'],
  [{ verb: 'impersonate', group: '', resource: 'serviceaccounts', namespace: 'web' }, 'accounts'],
  [{ verb: 'create', group: '', resource: 'serviceaccounts/token', namespace: 'web' }, 'accounts'],
  [{ verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles', namespace: 'web' }, 'takeover'],
  [{ verb: 'impersonate', group: '', resource: 'users', namespace: 'web' }, 'write'],
  [{ verb: 'create', group: '', resource: 'pods/exec' }, 'exec'],
  [{ verb: 'delete', group: 'apps', resource: 'deployments' }, 'write'],
  ...['update', 'patch'].flatMap((verb): [Right, string][] => [
    [{ verb, group: 'apps', resource: 'deployments' }, 'takeover'],
    [{ verb, group: 'batch', resource: 'cronjobs', namespace: 'web' }, 'accounts'],
    [{ verb, group: '', resource: 'replicationcontrollers', namespace: 'web' }, 'accounts'],
    [{ verb, group: 'apps', resource: 'statefulsets', name: 'db', namespace: 'web' }, 'accounts'],
    [{ verb, group: 'apps', resource: 'deployments/scale', namespace: 'web' }, 'write'],
    [{ verb, group: 'apps', resource: 'deployments/status', namespace: 'web' }, 'write'],
    [{ verb, group: 'batch', resource: 'jobs', namespace: 'web' }, 'write'],
    [{ verb, group: '', resource: 'podtemplates', namespace: 'web' }, 'write'],
    [{ verb, group: '', resource: 'pods', namespace: 'web' }, 'exec'],
    [{ verb, group: '', resource: 'pods/ephemeralcontainers', namespace: 'web' }, 'exec'],
    [{ verb, group: '', resource: 'pods/status', namespace: 'web' }, 'write'],
  ]),
  [{ verb: 'list', group: '', resource: 'pods' }, 'read'],
  [{ verb: 'watch', group: '', resource: 'pods' }, 'read'],
  [{ verb: '*', path: '*' }, 'write'],
  [{ verb: 'get', path: '/metrics' }, 'read'],
])('%j is %s', (one, danger) => {
  expect(dangerOf(one)).toBe(danger);
});

const rbac = 'rbac.authorization.k8s.io';
const writing = (group: string, resource: string): Right[] =>
  ['create', 'update', 'patch'].map((verb) => ({ verb, group, resource }));

test.each<Right>([
  { verb: 'escalate', group: rbac, resource: 'roles' },
  { verb: 'escalate', group: rbac, resource: 'clusterroles' },
  { verb: 'bind', group: rbac, resource: 'roles' },
  { verb: 'bind', group: rbac, resource: 'clusterroles' },
  ...writing(rbac, 'clusterrolebindings'),
  { verb: 'impersonate', group: '', resource: 'users' },
  { verb: 'impersonate', group: '', resource: 'groups' },
  { verb: 'impersonate', group: '', resource: 'serviceaccounts' },
  { verb: 'impersonate:user-info', group: 'authentication.k8s.io', resource: 'users' },
  { verb: 'impersonate:user-info', group: 'authentication.k8s.io', resource: 'groups' },
  { verb: 'impersonate:serviceaccount', group: 'authentication.k8s.io', resource: 'serviceaccounts' },
  { verb: 'create', group: '', resource: 'serviceaccounts/token' },
  { verb: 'get', group: '', resource: 'nodes/proxy' },
  { verb: 'create', group: '', resource: 'nodes/proxy' },
  { verb: 'update', group: 'certificates.k8s.io', resource: 'certificatesigningrequests/approval' },
  { verb: 'patch', group: 'certificates.k8s.io', resource: 'certificatesigningrequests/approval' },
  ...writing('admissionregistration.k8s.io', 'mutatingwebhookconfigurations'),
  ...writing('admissionregistration.k8s.io', 'validatingwebhookconfigurations'),
  ...writing('admissionregistration.k8s.io', 'mutatingadmissionpolicies'),
  ...writing('admissionregistration.k8s.io', 'mutatingadmissionpolicybindings'),
])('$verb $resource of $group on the whole cluster is a takeover', (one) => {
  expect(dangerOf(one)).toBe('takeover');
});

test.each<Right>([
  ...writing('kustomize.toolkit.fluxcd.io', 'kustomizations'),
  ...writing('helm.toolkit.fluxcd.io', 'helmreleases'),
  ...['buckets', 'gitrepositories', 'helmcharts', 'helmrepositories', 'ocirepositories'].flatMap((resource) =>
    writing('source.toolkit.fluxcd.io', resource),
  ),
  ...['buckets', 'externalartifacts', 'gitrepositories', 'helmcharts', 'ocirepositories'].map((resource) => ({
    verb: 'patch',
    group: 'source.toolkit.fluxcd.io',
    resource: `${resource}/status`,
  })),
])('$verb $resource of $group is a takeover, in a namespace too: Flux applies it as cluster-admin', (one) => {
  expect(dangerOf(one)).toBe('takeover');
  expect(dangerOf({ ...one, namespace: 'web' })).toBe('takeover');
  expect(dangerOf({ ...one, namespace: 'web', limitsFlux: true })).toBe('accounts');
});

test.each(['externalartifacts', 'helmrepositories/status', 'gitrepositories/finalizers'])(
  'patch %s is not: it does not change what Flux applies',
  (resource) => {
    expect(dangerOf({ verb: 'patch', group: 'source.toolkit.fluxcd.io', resource })).toBe('write');
  },
);

test.each<Right>(['fluxinstances', 'resourcesets'].flatMap((resource) => writing('fluxcd.controlplane.io', resource)))(
  '$verb $resource is a takeover, also if Flux is locked down: the Flux Operator has a flag of its own',
  (one) => {
    for (const where of [{}, { namespace: 'web' }, { namespace: 'web', limitsFlux: true } as const])
      expect(dangerOf({ ...one, ...where })).toBe('takeover');
    expect(dangerOf({ ...one, verb: 'delete', namespace: 'web', limitsFlux: true })).toBe('write');
  },
);

test('a lockdown of Flux limits Kustomizations, and not ResourceSets', () => {
  const inWeb = { verb: 'create', namespace: 'web', limitsFlux: true } as const;
  const words = (group: string, resource: string) => inWords([{ ...inWeb, group, resource }]);
  expect(words('kustomize.toolkit.fluxcd.io', 'kustomizations')).not.toContain('as cluster-admin');
  expect(words('fluxcd.controlplane.io', 'resourcesets')).toContain(
    'to have the Flux Operator apply anything as cluster-admin',
  );
});

test.each<[Right, string, string]>([
  ...workloadKinds.map(([group, resource]): [Right, string, string] => [
    { verb: 'create', group, resource },
    'takeover',
    'accounts',
  ]),
  [{ verb: 'create', group: 'apps', resource: 'controllerrevisions' }, 'write', 'write'],
  [{ verb: 'create', group: '', resource: 'podtemplates' }, 'write', 'write'],
  [{ verb: 'create', group: 'example.com', resource: 'pods' }, 'write', 'write'],
  [{ verb: 'delete', group: '', resource: 'pods' }, 'write', 'write'],
  [{ verb: 'get', group: 'apps', resource: 'deployments' }, 'read', 'read'],
  [{ verb: 'create', group: '', resource: 'persistentvolumes' }, 'takeover', 'write'],
  [{ verb: 'create', group: '', resource: 'persistentvolumeclaims' }, 'write', 'write'],
  [{ verb: 'update', group: '', resource: 'persistentvolumes' }, 'write', 'write'],
  [
    { verb: 'create', group: 'certificates.k8s.io', resource: 'certificatesigningrequests/nodeclient' },
    'takeover',
    'write',
  ],
  [
    { verb: 'create', group: 'certificates.k8s.io', resource: 'certificatesigningrequests/selfnodeclient' },
    'write',
    'write',
  ],
  [{ verb: 'patch', group: 'apiregistration.k8s.io', resource: 'apiservices' }, 'takeover', 'write'],
  [{ verb: 'patch', group: 'apiregistration.k8s.io', resource: 'apiservices/status' }, 'write', 'write'],
  [
    { verb: 'create', group: 'admissionregistration.k8s.io', resource: 'mutatingadmissionpolicies' },
    'takeover',
    'write',
  ],
  [
    { verb: 'create', group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicies' },
    'write',
    'write',
  ],
])('%j is %s, and %s in a namespace', (one, wide, inside) => {
  expect([dangerOf(one), dangerOf({ ...one, namespace: 'web' })]).toEqual([wide, inside]);
});

test.each<[Right, string]>([
  [{ verb: 'get', group: 'kustomize.toolkit.fluxcd.io', resource: 'kustomizations' }, 'read'],
  [{ verb: 'delete', group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' }, 'write'],
  [{ verb: 'create', group: 'certificates.k8s.io', resource: 'certificatesigningrequests' }, 'write'],
  [{ verb: 'create', group: rbac, resource: 'rolebindings', namespace: 'web' }, 'write'],
  [{ verb: 'get', group: rbac, resource: 'clusterrolebindings' }, 'read'],
  [{ verb: 'delete', group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations' }, 'write'],
  [{ verb: 'list', group: '', resource: 'nodes/proxy' }, 'read'],
  [{ verb: 'get', group: '', resource: 'nodes' }, 'read'],
  [{ verb: 'create', group: '', resource: 'serviceaccounts' }, 'write'],
])('%j beside it is %s', (one, danger) => {
  expect(dangerOf(one)).toBe(danger);
});

test.each<[Right, string]>([
  [{ verb: 'list', group: '', resource: 'secrets' }, 'secrets'],
  [{ verb: 'watch', group: '', resource: 'secrets' }, 'secrets'],
  [{ verb: 'create', group: '', resource: 'secrets' }, 'write'],
  [{ verb: 'get', group: '', resource: 'pods/exec' }, 'exec'],
  [{ verb: 'create', group: '', resource: 'pods/attach' }, 'exec'],
  [{ verb: 'get', group: '', resource: 'pods/attach' }, 'exec'],
  [{ verb: 'update', group: '', resource: 'pods/ephemeralcontainers' }, 'exec'],
  [{ verb: 'patch', group: '', resource: 'pods/ephemeralcontainers' }, 'exec'],
  [{ verb: 'get', group: '', resource: 'pods/ephemeralcontainers' }, 'read'],
  [{ verb: 'get', group: '', resource: 'pods/log' }, 'read'],
  [{ verb: 'post', path: '/metrics' }, 'write'],
])('%j is %s', (one, danger) => {
  expect(dangerOf(one)).toBe(danger);
});

test.each<[string, string, string, string]>([
  ['get', 'pods/exec', 'read', 'read pods/exec'],
  ['get', 'pods/attach', 'read', 'read pods/attach'],
  ['create', 'pods/exec', 'exec', 'run commands in pods'],
  ['*', 'pods/exec', 'exec', 'run commands in pods'],
  ['patch', 'pods', 'exec', 'change the images of pods'],
])('if the API server asks for create too, %s %s is %s', (verb, resource, danger, words) => {
  const rights = rightsOf({
    rules: [{ verbs: [verb], apiGroups: [''], resources: [resource] }],
    execNeedsCreate: true,
  });
  expect(worst(rights)).toBe(danger);
  expect(inWords(rights)).toBe(words);
});

test.each<[string, boolean]>([
  ['pods/*', false],
  ['*/*', false],
  ['*', true],
  ['*/exec', true],
  ['pods/exec', true],
])('a rule for %s gives a right: %s', (resource, gives) => {
  const rule = { verbs: ['create'], apiGroups: [''], resources: [resource] };
  expect(rightsOf({ rules: [rule] }).length > 0).toBe(gives);
  expect(ruleAllows(rule, { verb: 'create', group: '', resource: 'pods', subresource: 'exec' })).toBe(gives);
});

test('the right to get an exec is a part of the right to run commands', () => {
  const rule = { verbs: ['get', 'create'], apiGroups: [''], resources: ['pods/exec'] };
  const words = (...verbs: string[]) => inWords(rightsOf({ rules: [{ ...rule, verbs }], execNeedsCreate: true }));
  expect(words('get', 'create')).toBe('run commands in pods');
  expect(words('list', 'create')).toBe('run commands in pods and read pods/exec');
});

test('the worst of several', () => {
  expect(worst([pods, { verb: 'get', group: '', resource: 'secrets' }])).toBe('secrets');
  expect(worst([])).toBeUndefined();
});

describe('rights to the objects of Flux', () => {
  const right = (group: string, limitsFlux = false) => ({
    verb: 'create',
    group: `${group}.toolkit.fluxcd.io`,
    resource: '*',
    ...(limitsFlux ? { limitsFlux } : {}),
  });
  test('of several groups are one phrase', () => {
    expect(inWords([right('kustomize'), right('helm'), right('source')])).toBe(
      'write the objects of Flux (to have Flux apply anything as cluster-admin)',
    );
  });
  test('of one group, or of one kind, are named', () => {
    expect(inWords([right('helm')])).toBe(
      'create every resource of helm.toolkit.fluxcd.io (to have Flux apply anything as cluster-admin)',
    );
    expect(inWords([{ ...right('helm'), resource: 'helmreleases' }, right('source')])).toContain(
      'create helmreleases.helm.toolkit.fluxcd.io',
    );
    expect(inWords([right('helm'), { ...right('source'), name: 'only' }])).toContain('only');
  });
});

test('every verb on Secrets is more than reading them', () => {
  const secrets = (verb: string) => [{ verb, group: '', resource: 'secrets' }];
  expect(inWords(secrets('*'))).toBe('read and change Secrets');
  expect(inWords(secrets('get'))).toBe('read Secrets');
});

describe('rights to change what runs in pods', () => {
  const patch = (group: string, resource: string, more: Partial<Right> = {}): Right => ({
    verb: 'patch',
    group,
    resource,
    ...more,
  });
  test('a pod template is chosen with its service account, by its name too', () => {
    expect(inWords([patch('apps', 'deployments')])).toBe('patch deployments.apps (to act as service accounts)');
    expect(inWords([patch('apps', 'deployments'), { verb: 'create', group: '', resource: 'pods' }])).toBe(
      'run pods (as any service account)',
    );
    expect(inWords([patch('apps', 'deployments', { name: 'web' })])).toBe(
      'patch deployments.apps web (to act as service accounts)',
    );
    expect(inWords([patch('apps', 'deployments', { namespace: 'web' })])).toBe(
      'patch deployments.apps (to act as service accounts)',
    );
    expect(inWords([patch('batch', 'jobs', { namespace: 'web' })])).toBe('patch jobs.batch');
  });
  test('the image of a pod is named only where commands cannot be run anyway', () => {
    const image = patch('', 'pods');
    expect(inWords([image])).toBe('change the images of pods');
    expect(inWords([image, { ...image, verb: 'create', resource: 'pods/exec' }])).toBe('run commands in pods');
  });
});

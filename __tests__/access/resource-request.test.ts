import type { AccessRequest, PolicyRule } from '../../lib/access/objects';
import { faultIn, hasNoNamespace, isNamed, requestOf, rulesOn, withScope } from '../../lib/access/resource-request';
import { isScopeUnknown } from '../../lib/access/scope';
import { configOf } from '../config';

const widgets = { verbs: ['get', 'spin'], apiGroups: ['example.com'], resources: ['widgets', 'widgets/scale'] };

test.each([
  ['secret', { group: '', resource: 'secrets' }],
  ['Secrets', { group: '', resource: 'secrets' }],
  ['po', { group: '', resource: 'pods' }],
  ['deploy', { group: 'apps', resource: 'deployments' }],
  ['ingress', { group: 'networking.k8s.io', resource: 'ingresses' }],
  ['pod/exec', { group: '', resource: 'pods', subresource: 'exec' }],
  ['deployment.apps', { group: 'apps', resource: 'deployments' }],
  ['widgets', { group: 'example.com', resource: 'widgets' }],
  ['gadgets.example.com', { group: 'example.com', resource: 'gadgets' }],
])('%s means what kubectl takes it for', (text, expected) => {
  const request = requestOf('get', text, {}, [widgets]);
  expect(request).toStrictEqual({ verb: 'get', ...expected });
  expect(faultIn(request, text, [widgets])).toBeUndefined();
});

test.each(['secrets/db', 'pods/web-0', 'deploy.apps/web', 'secret/db'])('%s names no subresource', (text) => {
  const [plural, name] = [
    text.startsWith('secret') ? 'secrets' : text.split(/[./]/)[0]?.replace('deploy', 'deployments'),
    text.split('/')[1],
  ];
  expect(faultIn(requestOf('get', text), text, [])).toContain(
    `there is no subresource \`${plural}/${name}\`: the text after \`/\` is a subresource`,
  );
});

test.each([
  'pods/log',
  'nodes/proxy',
  'nodes/stats',
  'pods/*',
  'deployments.apps/scale',
  'csr/approval',
  '*/scale',
  'gadgets.example.com/any',
])('%s can be a subresource', (text) => expect(faultIn(requestOf('get', text, {}, []), text, [])).toBeUndefined());

test('a subresource that a role names exists', () => {
  const rule = (resource: string) => [{ verbs: ['get'], apiGroups: [''], resources: [resource] }];
  for (const resource of ['secrets/db', '*/db'])
    expect(faultIn(requestOf('get', 'secrets/db'), 'secrets/db', rule(resource))).toBeUndefined();
  expect(faultIn(requestOf('get', 'secrets/db'), 'secrets/db', rule('pods/db'))).toBeDefined();
});

test('a request has the place that was given, and its verb in lower case', () => {
  expect(requestOf('GET', 'pods', { namespace: 'web', name: 'a' })).toStrictEqual({
    verb: 'get',
    group: '',
    resource: 'pods',
    namespace: 'web',
    name: 'a',
  });
  expect(requestOf('GET', '/metrics')).toStrictEqual({ verb: 'get', path: '/metrics' });
});

test.each<[string, PolicyRule[], string]>([
  ['no rule', [], ''],
  ['rules for others', [{ verbs: ['get'], apiGroups: ['example.org'], resources: ['gizmos'] }], ''],
  [
    'a rule for several',
    [{ verbs: ['get'], apiGroups: ['example.org'], resources: ['gizmos', 'gadgets'] }],
    'example.org',
  ],
  [
    'a rule for its subresource',
    [{ verbs: ['get'], apiGroups: ['example.org'], resources: ['gadgets/scale'] }],
    'example.org',
  ],
  ['a rule for every group', [{ verbs: ['get'], apiGroups: ['*'], resources: ['gadgets'] }], ''],
  ['a rule without groups', [{ verbs: ['get'], resources: ['gadgets'] }], ''],
  ['a rule for paths', [{ verbs: ['get'], nonResourceURLs: ['/gadgets'] }], ''],
])('the group of a custom resource, with %s', (_name, rules, group) => {
  expect(requestOf('get', 'gadgets', {}, [widgets, ...rules])).toStrictEqual({
    verb: 'get',
    group,
    resource: 'gadgets',
  });
});

test('a resource of several groups is asked for by its group', () => {
  const other = { ...widgets, apiGroups: ['example.org', '*'] };
  expect(() => requestOf('get', 'widgets', {}, [other, widgets, { ...widgets, apiGroups: [''] }])).toThrow(
    'several API groups have `widgets`: use one of `widgets`, `widgets.example.com`, `widgets.example.org`',
  );
  expect(() => requestOf('get', 'widgets', {}, [widgets, other])).toThrow(
    'several API groups have `widgets`: use one of `widgets.example.com`, `widgets.example.org`',
  );
});

test.each([
  [
    'get',
    'secrt',
    'there is no resource `secrt`: write `secrets`; for a custom resource, add its API group, as in `secrt.example.com`',
  ],
  [
    'get',
    'gadgets',
    'there is no resource `gadgets`: for a custom resource, add its API group, as in `gadgets.example.com`',
  ],
  ['lst', 'pods', 'there is no verb `lst`: write `list`'],
  [
    'metamorphose',
    'pods',
    'there is no verb `metamorphose`: write one of `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`',
  ],
  [
    'read',
    'pods',
    'there is no verb `read`: write one of `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`',
  ],
])('%s %s is answered by nothing', (verb, what, message) => {
  expect(faultIn(requestOf(verb, what), what, [])).toBe(message);
});

test.each([
  ['spin', 'widgets'],
  ['*', '*.*'],
  ['get', '*'],
  ['get', '/metrics'],
  ['use', 'x.example.com'],
])('%s %s can be asked', (verb, what) => {
  expect(faultIn(requestOf(verb, what), what, [widgets])).toBeUndefined();
});

test.each<[AccessRequest, boolean]>([
  [{ verb: 'get', path: '/metrics' }, true],
  [{ verb: 'get', group: 'example.org', resource: '*' }, true],
  [{ verb: 'get', group: '', resource: 'pods' }, true],
  [{ verb: 'get', group: '', resource: 'pods/log' }, true],
  [{ verb: 'get', group: 'apps', resource: 'pods' }, false],
  [{ verb: 'get', group: 'example.com', resource: 'widgets' }, true],
  [{ verb: 'get', group: 'example.org', resource: 'widgets' }, false],
  [{ verb: 'get', group: 'example.com', resource: 'gadgets' }, false],
  [{ verb: 'get', group: '', resource: 'gadgets' }, false],
])('%j is known to Kubernetes or a role: %p', (request, expected) => {
  expect(isNamed(request, [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }, widgets])).toBe(expected);
});

test('the rules on clusters are those of Kubernetes and of the roles in the config, each once', () => {
  const rule = { verbs: ['spin'], apiGroups: ['example.com'], resources: ['widgets'] };
  const roles = { spinner: { clusters: '*', rules: [rule] } };
  const cluster = { server: 'https://192.0.2.10:6443', kubernetes: '1.32', client: 'k8s', controlPlane: 'kubeadm' };
  const config = configOf({ clusters: { other: { ...cluster, grants: [] } }, roles });
  const rules = rulesOn([...config.clusters.values()]);
  expect(rules.filter(({ verbs }) => verbs.includes('spin'))).toEqual([rule]);
  expect(rules.filter(({ resources }) => resources?.includes('selfsubjectrulesreviews'))).toHaveLength(1);
  expect(rules.every(({ verbs }) => Array.isArray(verbs))).toBe(true);
});

test.each<[string, string, boolean]>([
  ['get', 'nodes', true],
  ['get', 'nodes/proxy', true],
  ['get', 'nodes.metrics.k8s.io', true],
  ['get', 'nodes.example.com', false],
  ['list', 'namespaces', true],
  ['create', 'namespaces', true],
  ['deletecollection', 'namespaces', true],
  ['get', 'namespaces', false],
  ['delete', 'namespaces', false],
  ['list', 'pods', false],
  ['approve', 'signers', true],
  ['create', 'apiservices', true],
  ['impersonate', 'uids', true],
  ['get', 'resourceclaims', false],
  ['get', 'clusterroles', true],
  ['bind', 'clusterroles', false],
  ['create', 'subjectaccessreviews', true],
  ['create', 'localsubjectaccessreviews', false],
  ['get', '/metrics', true],
])('a request to %s %s has no namespace: %p', (verb, what, expected) => {
  expect(hasNoNamespace(requestOf(verb, what))).toBe(expected);
});

test('a CustomResourceDefinition tells whether a custom resource is cluster-wide', () => {
  const definition = (name: string, scope: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: { scope },
  });
  const objects = [definition('gizmos.example.com', 'Cluster'), definition('widgets.example.com', 'Namespaced')];
  const asked = (what: string) => withScope(requestOf('create', what), objects);
  expect(hasNoNamespace(asked('gizmos.example.com'))).toBe(true);
  expect(asked('widgets.example.com')).toMatchObject({ scope: 'Namespaced' });
  for (const what of ['gizmos.example.org', 'gadgets.example.com', 'pods', '/metrics', 'events.events.k8s.io']) {
    expect(asked(what)).not.toHaveProperty('scope');
    expect(hasNoNamespace(asked(what))).toBe(what === '/metrics');
  }
});

test('only the scope of a resource outside Kubernetes and Flux is unknown', () => {
  const groups = [
    '',
    '*',
    'events.k8s.io',
    'metrics.k8s.io',
    'certificates.k8s.io',
    'image.toolkit.fluxcd.io',
    'fluxcd.controlplane.io',
  ];
  const isUnknown = (group: string) => isScopeUnknown({ verb: 'get', group, resource: 'events' });
  expect(groups.filter(isUnknown)).toEqual([]);
  expect(['example.com', 'fluxcd.io.example.com'].filter(isUnknown)).toHaveLength(2);
});

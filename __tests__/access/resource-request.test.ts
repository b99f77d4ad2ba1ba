import { faultIn, requestOf } from '../../lib/access/resource-request';

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
  expect(request).toEqual({ verb: 'get', ...expected });
  expect(faultIn(request, text, [widgets])).toBeUndefined();
});

test('a resource of several groups is asked for by its group', () => {
  const other = { ...widgets, apiGroups: ['example.org'] };
  expect(() => requestOf('get', 'widgets', {}, [widgets, other])).toThrow(
    'several API groups have `widgets`: use one of `widgets.example.com`, `widgets.example.org`',
  );
});

test.each([
  [
    'get',
    'secrt',
    'there is no resource `secrt`: write `secrets`; write a custom resource with its API group, such as `secrt.example.com`',
  ],
  [
    'get',
    'gadgets',
    'there is no resource `gadgets`: write a custom resource with its API group, such as `gadgets.example.com`',
  ],
  ['lst', 'pods', 'there is no verb `lst`: write `list`'],
])('%s %s is answered by nothing', (verb, what, message) => {
  expect(faultIn(requestOf(verb, what), what, [])).toBe(message);
});

test.each([
  ['spin', 'widgets'],
  ['*', '*.*'],
  ['get', '/metrics'],
  ['use', 'x.example.com'],
])('%s %s can be asked', (verb, what) => {
  expect(faultIn(requestOf(verb, what), what, [widgets])).toBeUndefined();
});

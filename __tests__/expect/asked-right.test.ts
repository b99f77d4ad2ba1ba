import type { AccessRequest, PolicyRule } from '../../lib/access/objects';
import { allowsEverything, allowsPart, askedRight, isInScope, isPart, requestsOf } from '../../lib/expect/asked-right';

/** Returns a request for `create apps/deployments/scale` or `get /metrics`; the first part is the API group. */
const request = (text: string): AccessRequest => {
  const [verb = '', path = ''] = text.split(' ');
  if (path.startsWith('/')) return { verb, path };
  const [group = '', resource = '', subresource] = path.split('/');
  return {
    verb,
    group: group === 'core' ? '' : group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
  };
};

const rule = (verbs: string[], apiGroups: string[], resources: string[], resourceNames: string[] = []): PolicyRule => ({
  verbs,
  apiGroups,
  resources,
  ...(resourceNames.length > 0 ? { resourceNames } : {}),
});

describe('a rule allows a part of a request', () => {
  const getSecrets = rule(['get'], [''], ['secrets']);
  test.each([
    ['get core/secrets', getSecrets, true],
    ['* core/secrets', getSecrets, true],
    ['get */secrets', getSecrets, true],
    ['get core/*', getSecrets, true],
    ['* */*', getSecrets, true],
    ['list core/secrets', getSecrets, false],
    ['get apps/secrets', getSecrets, false],
    ['get core/pods', getSecrets, false],
    ['get core/secrets/status', getSecrets, false],
    ['get core/secrets', rule(['*'], [''], ['secrets']), true],
    ['get core/secrets', rule(['get'], ['*'], ['secrets']), true],
    ['get core/secrets', rule(['get'], [''], ['*']), true],
    ['get core/secrets', rule(['list', 'get'], ['apps', ''], ['pods', 'secrets']), true],
    ['get core/secrets', { verbs: ['get'], nonResourceURLs: ['*'] }, false],
    ['get core/secrets', { verbs: ['get'], apiGroups: [''] }, false],
    ['get core/secrets', { verbs: ['get'], resources: ['secrets'] }, false],
    ['create core/pods/exec', rule(['create'], [''], ['pods/exec']), true],
    ['create core/pods/exec', rule(['create'], [''], ['*']), true],
    ['create core/pods/exec', rule(['create'], [''], ['*/exec']), true],
    ['create core/pods/exec', rule(['create'], [''], ['*/attach']), false],
    ['create core/pods/exec', rule(['create'], [''], ['pods/attach']), false],
    ['create core/pods/exec', rule(['create'], [''], ['pods']), false],
    ['create core/pods', rule(['create'], [''], ['pods/exec']), false],
    ['create core/pods', rule(['create'], [''], ['*/exec']), false],
    ['create core/*', rule(['create'], [''], ['pods/exec']), true],
    ['create core/*/exec', rule(['create'], [''], ['pods/exec']), true],
    ['create core/*/exec', rule(['create'], [''], ['pods/attach']), false],
    ['create core/*/exec', rule(['create'], [''], ['pods']), false],
    ['create core/pods/*', rule(['create'], [''], ['pods/exec']), true],
    ['create core/pods/*', rule(['create'], [''], ['services/proxy']), false],
    ['create core/pods/*', rule(['create'], [''], ['pods']), false],
    // A rule for named objects never allows deleting a collection.
    ['deletecollection core/secrets', rule(['deletecollection'], [''], ['secrets']), true],
    ['deletecollection core/secrets', rule(['deletecollection'], [''], ['secrets'], ['db']), false],
    ['deletecollection core/secrets', rule(['*'], [''], ['secrets'], ['db']), false],
    ['* core/secrets', rule(['deletecollection'], [''], ['secrets'], ['db']), false],
    ['* core/secrets', rule(['*'], [''], ['secrets'], ['db']), true],
    ['delete core/secrets', rule(['*'], [''], ['secrets'], ['db']), true],
    ['get /metrics', { verbs: ['get'], nonResourceURLs: ['/metrics'] }, true],
    ['get /metrics', { verbs: ['post'], nonResourceURLs: ['/metrics'] }, false],
    ['get /metrics', { verbs: ['get'], nonResourceURLs: ['/healthz', '*'] }, true],
    ['get /metrics', { verbs: ['get'], nonResourceURLs: ['/healthz'] }, false],
    ['get /metrics', rule(['get'], ['*'], ['*']), false],
    ['get /healthz/etcd', { verbs: ['get'], nonResourceURLs: ['/healthz/*'] }, true],
    ['get /healthz/*', { verbs: ['get'], nonResourceURLs: ['/healthz/etcd'] }, true],
    ['get /healthz/**', { verbs: ['get'], nonResourceURLs: ['/healthz/etcd'] }, true],
    ['get /healthz/*', { verbs: ['get'], nonResourceURLs: ['/livez/etcd'] }, false],
    ['get /healthz', { verbs: ['get'], nonResourceURLs: ['/healthz/etcd'] }, false],
  ])('%s by %j: %s', (text, one, isAllowed) => expect(allowsPart(one, request(text))).toBe(isAllowed));

  test.each([
    [rule(['*'], ['*'], ['*']), true],
    [rule(['get', '*'], ['', '*'], ['pods', '*']), true],
    [rule(['get'], ['*'], ['*']), false],
    [rule(['*'], [''], ['*']), false],
    [rule(['*'], ['*'], ['pods']), false],
    [rule(['*'], ['*'], ['*'], ['db']), false],
    [{ verbs: ['*'], resources: ['*'] }, false],
    [{ verbs: ['*'], apiGroups: ['*'] }, false],
  ])('%j allows everything: %s', (one, isAllowed) => expect(allowsEverything(one)).toBe(isAllowed));
});

describe('where a role is held', () => {
  const secrets = [request('get core/secrets')];
  const nodes = [request('get core/nodes')];
  test.each([
    ['everything', undefined, undefined, true],
    ['everything', undefined, 'web', false],
    ['everything', ['web'], 'web', true],
    ['everything', ['web'], 'db', false],
    [secrets, undefined, undefined, true],
    [secrets, undefined, 'web', true],
    [secrets, ['db', 'web'], 'web', true],
    [secrets, ['db'], 'web', false],
    [secrets, ['db'], undefined, true],
    [nodes, undefined, 'web', false],
    [nodes, undefined, undefined, true],
    [[...nodes, ...secrets], undefined, 'web', true],
  ] as const)('%j in %j by a role in %s: %s', (right, namespaces, namespace, isIn) => {
    expect(isInScope(right, namespaces, namespace)).toBe(isIn);
    const part = isPart(right, namespaces);
    expect(part({ rules: [rule(['get'], ['apps'], ['x']), rule(['*'], ['*'], ['*'])], namespace })).toBe(isIn);
    expect(part({ rules: [rule(['get'], ['apps'], ['x'])], namespace })).toBe(false);
  });

  test('one of several requests is a part of the right, but not everything', () => {
    const get = { rules: [rule(['get'], [''], ['secrets'])], namespace: undefined };
    expect(isPart([request('list core/secrets'), ...secrets], undefined)(get)).toBe(true);
    expect(isPart('everything', undefined)(get)).toBe(false);
  });

  test('the whole right is one request for each verb and namespace', () => {
    expect(requestsOf('everything', undefined)).toEqual([{ verb: '*', group: '*', resource: '*' }]);
    expect(requestsOf('everything', ['a', 'b'])).toEqual([
      { verb: '*', group: '*', resource: '*', namespace: 'a' },
      { verb: '*', group: '*', resource: '*', namespace: 'b' },
    ]);
    expect(requestsOf([...secrets, request('get /metrics')], ['a'])).toEqual([
      { verb: 'get', group: '', resource: 'secrets', namespace: 'a' },
      { verb: 'get', path: '/metrics' },
    ]);
    expect(requestsOf(secrets, undefined)).toEqual(secrets);
  });
});

describe('the text of a right', () => {
  const widgets: PolicyRule[] = [
    rule(['get'], ['a.example.com', 'b.example.com'], ['widgets']),
    rule(['get'], ['c.example.com'], ['gadgets']),
  ];
  test.each([
    ['everything', 'everything'],
    [' cluster-admin ', 'everything'],
    ['get secrets', [{ verb: 'get', group: '', resource: 'secrets' }]],
    [
      'get,list  deployments.apps',
      [
        { verb: 'get', group: 'apps', resource: 'deployments' },
        { verb: 'list', group: 'apps', resource: 'deployments' },
      ],
    ],
    ['create pods/exec', [{ verb: 'create', group: '', resource: 'pods', subresource: 'exec' }]],
    ['get /metrics', [{ verb: 'get', path: '/metrics' }]],
    ['get gadgets', [{ verb: 'get', group: 'c.example.com', resource: 'gadgets' }]],
  ])('%s', (text, right) => expect(askedRight(text, undefined, widgets)).toEqual(right));

  test.each([
    [
      'secrets',
      undefined,
      '`secrets` is not a right: write `everything`, or a verb and a resource such as `delete secrets`',
    ],
    [
      'everything please now',
      undefined,
      '`everything please now` is not a right: write `everything`, or a verb and a resource such as `delete secrets`',
    ],
    [
      'get secrets of web',
      undefined,
      '`get secrets of web` is not a right: write `everything`, or a verb and a resource such as `delete secrets`',
    ],
    [
      'get secrets in web db',
      undefined,
      '`get secrets in web db` is not a right: write `everything`, or a verb and a resource such as `delete secrets`',
    ],
    ['get secrets in web', undefined, 'the namespace is a field of its own: write `get secrets`, and `in: web`'],
    [
      'get,,list secrets',
      undefined,
      '`get,,list` has an empty verb: write several verbs without spaces, such as `get,list`',
    ],
    [
      'get, list secrets',
      undefined,
      '`get,` has an empty verb: write several verbs without spaces, such as `get,list`',
    ],
    ['delte secrets', undefined, 'there is no verb `delte`: write `delete`'],
    ['get /metrics', ['web'], '`/metrics` is a URL path, and URL paths have no namespace: remove `in`'],
    ['get nodes', ['web'], 'a request to `get nodes` has no namespace: remove `in`'],
    [
      'get widgets',
      undefined,
      'several API groups have `widgets`: use one of `widgets.a.example.com`, `widgets.b.example.com`',
    ],
  ])('%s in %j: %s', (text, namespaces, message) => {
    expect(() => askedRight(text, namespaces, widgets)).toThrow(
      expect.objectContaining({ name: 'RightError', message }),
    );
  });
});

import fc from 'fast-check';
import { dangerOf, worst } from '../../lib/access/danger';
import { covers, type Right, RightSet, rightsOfRule } from '../../lib/access/rights';

test('a rule is taken apart into one right for each combination', () => {
  const rule = { verbs: ['get', 'list'], apiGroups: ['', 'apps'], resources: ['a'], resourceNames: ['x', 'y'] };
  expect(rightsOfRule(rule)).toHaveLength(8);
  expect(rightsOfRule(rule, 'web')[0]).toEqual({ verb: 'get', group: '', resource: 'a', name: 'x', namespace: 'web' });
});

test('paths are no rights in a namespace', () => {
  expect(rightsOfRule({ verbs: ['get'], nonResourceURLs: ['/metrics'] }, 'web')).toEqual([]);
});

const pods: Right = { verb: 'get', group: '', resource: 'pods' };
test.each<[Right, Right, boolean]>([
  [pods, { ...pods, namespace: 'web' }, true],
  [{ ...pods, namespace: 'web' }, pods, false],
  [pods, { ...pods, name: 'a' }, true],
  [{ ...pods, name: 'a' }, pods, false],
  [{ ...pods, resource: '*' }, { ...pods, resource: 'pods/exec' }, true],
  [{ ...pods, resource: '*/exec' }, { ...pods, resource: 'pods/exec' }, true],
  [{ ...pods, resource: '*/exec' }, { ...pods, resource: 'exec' }, false],
  [{ verb: 'get', path: '/a*' }, { verb: 'get', path: '/ab*' }, true],
  [{ verb: 'get', path: '/ab*' }, { verb: 'get', path: '/a*' }, false],
  [{ verb: '*', group: '*', resource: '*' }, { verb: 'get', path: '/a' }, false],
])('%j covers %j: %p', (owned, wanted, expected) => {
  expect(covers(owned, wanted)).toBe(expected);
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
  [{ verb: 'list', group: '', resource: 'pods' }, 'read'],
  [{ verb: 'get', path: '/metrics' }, 'read'],
])('%j is %s', (one, danger) => {
  expect(dangerOf(one)).toBe(danger);
});

test('the worst of several', () => {
  expect(worst([pods, { verb: 'get', group: '', resource: 'secrets' }])).toBe('secrets');
  expect(worst([])).toBeUndefined();
});

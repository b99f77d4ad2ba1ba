import { identityOf, inOrder, isObject } from '../../lib/output/kubernetes-object';

test.each([
  [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'b' } }, 'Service b/a'],
  [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', namespace: 'b' } }, 'Deployment.apps b/a'],
  [{ apiVersion: 'a.example/v1beta1', kind: 'Role', metadata: { name: 'a' } }, 'Role.a.example a'],
])('the identity has the kind, the group without the version, the namespace and the name: %j', (object, identity) => {
  expect(identityOf(object)).toBe(identity);
});

const metadata = { name: 'a' };
const head = '{"apiVersion":"v1","kind":"K","metadata":{"name":"a"}';

test.each<[Parameters<typeof inOrder>[0], string]>([
  [{ apiVersion: 'v1', kind: 'K', metadata }, `${head}}`],
  [{ kind: 'K', apiVersion: 'v1', metadata }, `${head}}`],
  [{ apiVersion: 'v1', metadata, kind: 'K' }, `${head}}`],
  [{ apiVersion: 'v1', kind: 'K', a: 1, metadata }, `${head},"a":1}`],
  [{ a: 1, apiVersion: 'v1', kind: 'K', metadata }, `${head},"a":1}`],
  [{ apiVersion: 'v1', kind: 'K', metadata, b: 1, a: 2 }, `${head},"a":2,"b":1}`],
  [{ apiVersion: 'v1', kind: 'K', metadata, a: 1, c: 2, b: 3 }, `${head},"a":1,"b":3,"c":2}`],
  [{ apiVersion: 'v1', kind: 'K', metadata, a: { y: 1, x: null } }, `${head},"a":{"x":null,"y":1}}`],
  [{ apiVersion: 'v1', kind: 'K', metadata, a: [2, 'z', { y: 1, x: [] }] }, `${head},"a":[2,"z",{"x":[],"y":1}]}`],
  [
    { apiVersion: 'v1', kind: 'K', metadata: { namespace: 'b', name: 'a', labels: { y: '1', x: '2' } } },
    '{"apiVersion":"v1","kind":"K","metadata":{"labels":{"x":"2","y":"1"},"name":"a","namespace":"b"}}',
  ],
])('keys are sorted at every level, after the API version, the kind and the metadata: %j', (object, text) => {
  expect(JSON.stringify(inOrder(object))).toBe(text);
});

test.each<Parameters<typeof inOrder>>([
  [{ apiVersion: 'v1', kind: 'K', metadata }],
  [{ apiVersion: 'v1', kind: 'K', metadata: { labels: {}, name: 'a' }, '': null, A: [2, 1, { a: 1, b: [] }], b: 1 }],
])('an object in this order is not copied: %j', (object) => expect(inOrder(object)).toBe(object));

test.each([
  [{ apiVersion: 'v1', kind: 'K', metadata }, true],
  [{ apiVersion: 'v1', kind: 'K', metadata: { name: 'a', namespace: 'b' } }, true],
  [{ apiVersion: 'v1', kind: 'K', metadata: { name: 'a', namespace: 1 } }, false],
  [{ apiVersion: 'v1', kind: 'K', metadata: { namespace: 'b' } }, false],
  [{ apiVersion: 'v1', kind: 'K', metadata: 'a' }, false],
  [{ apiVersion: 'v1', kind: 'K' }, false],
  [{ apiVersion: 'v1', metadata }, false],
  [{ kind: 'K', metadata }, false],
  [{ apiVersion: 1, kind: 'K', metadata }, false],
  [[], false],
  [null, false],
])('an object has an API version, a kind, a name and at most a text as namespace: %j is one: %s', (value, expected) => {
  expect(isObject(value)).toBe(expected);
});

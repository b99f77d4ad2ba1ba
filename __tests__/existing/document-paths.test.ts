import { leftOver, partName, unreadParts, valuesAt } from '../../lib/existing/document-paths';
import { jsonPatch } from '../../lib/existing/json-patch';
import { isTextAboutSignIn, passedOverIn, wholeDocument, whyTextUnread } from '../../lib/existing/passed-over';

const document = { a: { b: [1, { c: 'x' }], d: null }, e: [], f: {}, g: 'y' };

test('values at a path', () => {
  expect(valuesAt(document, '')).toEqual([{ place: '', value: document }]);
  expect(valuesAt(document, 'g')).toEqual([{ place: 'g', value: 'y' }]);
  expect(valuesAt(document, 'a.b.1.c')).toEqual([{ place: 'a.b.1.c', value: 'x' }]);
  expect(valuesAt(document, 'a.d')).toEqual([{ place: 'a.d', value: null }]);
  expect(valuesAt(document, 'a.b.*')).toEqual([
    { place: 'a.b.0', value: 1 },
    { place: 'a.b.1', value: { c: 'x' } },
  ]);
  expect(valuesAt(document, 'a.*.1.c')).toEqual([{ place: 'a.b.1.c', value: 'x' }]);
  for (const path of ['x', 'a.x', 'a.b.2', 'a.b.x', 'g.*', 'g.length', 'a.d.x', 'toString', 'a.b.length'])
    expect([path, valuesAt(document, path)]).toEqual([path, []]);
  expect(valuesAt(undefined, 'a')).toEqual([]);
});

test('parts that were not read', () => {
  expect(unreadParts(document, ['a.b.1.c', 'e'])).toEqual([
    { place: 'a.b.0', value: 1 },
    { place: 'a.d', value: null },
    { place: 'f', value: {} },
    { place: 'g', value: 'y' },
  ]);
  expect(leftOver(document, [])).toEqual(['a (2)', 'e', 'f', 'g']);
  expect(leftOver(document, ['a'])).toEqual(['e', 'f', 'g']);
  expect(leftOver(document, ['aa.b', 'g'])).toEqual(['a (2)', 'e', 'f']);
  expect(leftOver({ a: { b: { c: 1, d: [1, 2], e: {}, f: null } } }, ['a.x'])).toEqual(['a.b (4)']);
  expect(leftOver('x', [])).toEqual(['']);
  expect(leftOver({}, [])).toEqual(['']);
  expect(partName({ place: 'a', value: [null] })).toBe('a (0)');
  expect(partName({ place: 'a', value: [[]] })).toBe('a (1)');
  expect(partName({ place: 'a', value: [] })).toBe('a');
});

describe('a JSON Patch', () => {
  const operation = (op: string, path: string, value: unknown = 1) => ({ op, path, value });
  const variable = (name: string) => `\${${name}}`;
  test.each<[string, unknown[], unknown]>([
    ['a new map', [operation('add', '/a/b', 1), operation('replace', '/a/c', 2)], { a: { b: 1, c: 2 } }],
    ['the same key again', [operation('add', '/a', 1), operation('add', '/a', 2)], { a: 2 }],
    ['maps are merged', [operation('add', '/a', { b: 1 }), operation('add', '/a', { c: 2 })], { a: { b: 1, c: 2 } }],
    ['a map in place of a value', [operation('add', '/a', 1), operation('add', '/a', { c: 2 })], { a: { c: 2 } }],
    ['a value in place of a map', [operation('add', '/a', { c: 2 }), operation('add', '/a', [3])], { a: [3] }],
    ['a map below a value', [operation('add', '/a', 1), operation('add', '/a/b', 2)], { a: { b: 2 } }],
    ['the end of a list', [operation('add', '/a/-', 1), operation('add', '/a/-', 2)], { a: [1, 2] }],
    ['a list by numbers', [operation('add', '/a/0', 1), operation('add', '/a/0', 2)], { a: [1, 2] }],
    ['an item of a list', [operation('add', '/a/0/b', 1), operation('add', '/a/0/c', 2)], { a: [{ b: 1, c: 2 }] }],
    [
      'an item far behind',
      [operation('add', '/a/7/b', 1), operation('add', '/a/-/c', 2), operation('add', '/a/1/d', 3)],
      { a: [{ b: 1 }, { c: 2, d: 3 }] },
    ],
    ['escaped keys', [operation('add', '/a~1b/c~0d~1~01', 1)], { 'a/b': { 'c~d/~1': 1 } }],
    ['a key with digits', [operation('add', '/1a/a1', 1)], { '1a': { a1: 1 } }],
    ['an inherited key', [operation('add', '/constructor/x', 1)], { constructor: { x: 1 } }],
    ['the root', [operation('add', '/', 1)], { '': 1 }],
  ])('%s', (_, operations, expected) => {
    expect(jsonPatch(operations)).toEqual({ document: expected, others: [] });
  });

  test('other operations create nothing', () => {
    const operations = [operation('remove', '/a/b'), operation('add', '/c'), { op: 'move', path: '/d', from: '/e' }];
    expect(jsonPatch(operations)).toEqual({ document: { c: 1 }, others: ['remove /a/b', 'move /d'] });
  });

  test.each<[string, object, unknown]>([
    ['a variable', { variable: 'oidc.issuer' }, variable('oidc.issuer')],
    ['a template', { template: 'https://{{ .host }}/x' }, `https://${variable('.host')}/x`],
    ['a template of YAML', { template: 'name: a\nvalue: {{ .x }}\n' }, { name: 'a', value: variable('.x') }],
    [
      'a template with a condition',
      { template: '{{- if .on }}\nname: a\nvalue: {{ .x }}\n{{- else }}\nother: b\n{{- end }}\n' },
      { name: 'a', value: variable('.x'), other: 'b' },
    ],
    ['nothing that is known', {}, variable('…')],
  ])('a value from %s, in a ClusterClass', (_, valueFrom, expected) => {
    expect(jsonPatch([{ op: 'add', path: '/a', valueFrom }])?.document).toEqual({ a: expected });
    expect(jsonPatch([{ op: 'add', path: '/a', value: 'b', valueFrom }])?.document).toEqual({ a: 'b' });
  });

  test('a condition in a template is reported', () => {
    const others = (template: string) => jsonPatch([{ op: 'add', path: '/a', valueFrom: { template } }])?.others;
    expect(others('{{ if .on }}\nb: c\n{{ end }}\n')).toEqual([
      'the conditions in the template of /a; their lines were read as if all were true',
    ]);
    expect(others('b: {{ .c }}\n')).toEqual([]);
  });

  test.each([
    [[]],
    [['a']],
    [[operation('add', '/a'), 'b']],
    [[operation('add', 'a')]],
    [[operation('add', '/a'), { op: 'add' }]],
    [[{ op: 1, path: '/a' }]],
    [[{ path: '/a' }]],
  ])('%j is none', (operations) => {
    expect(jsonPatch(operations)).toBeUndefined();
  });
});

const instead =
  'if it has the sign-in settings of the API server, write these settings into a file as flags of kube-apiserver, such as `--oidc-issuer-url=…`, one flag on each line, and run adopt with this file';
const notUnderstood = { why: 'not understood', instead };

describe('parts that were passed over', () => {
  test.each([
    ['oidc-issuer', true],
    ['OIDC_CLIENT_ID', true],
    ['oidcUsernameClaim', true],
    ['x oidc_groups', true],
    ['xoidc-issuer', false],
    ['oidc--issuer', false],
    ['oidc-ca', false],
    ['oidc-ca-file', true],
    ['oidc-required-claim', true],
    ['oidc_signing_algs', true],
    ['authentication-config', true],
    ['authentication-configs', false],
    ['the AuthenticationConfiguration', true],
    ['https://a/oauth2/openid/k8s', true],
    ['/oauth2/token', false],
  ])('%s is about sign-in: %s', (text, isAbout) => {
    expect(isTextAboutSignIn(text)).toBe(isAbout);
    expect(whyTextUnread(text)).toEqual(isAbout ? notUnderstood : { why: 'not understood' });
    const [source, why] = ['file', 'not about sign-in'];
    expect(passedOverIn(source, { a: text, [text]: 1, c: 2 }, ['b'])).toEqual([
      { source, what: 'a', ...(isAbout ? notUnderstood : { why }) },
      { source, what: text, ...(isAbout ? notUnderstood : { why }) },
      { source, what: 'c', why },
    ]);
  });

  test.each<[string, unknown]>([
    ['a binding', [{ contents: 'a: b\nkind: ClusterRoleBinding\nsubjects: []\n' }]],
    ['a binding as JSON', { x: { kind: 'RoleBinding', roleRef: 1 } }],
    ['a binding as JSON in a text', '{"roleRef": {}, "kind": "RoleBinding"}'],
    ['a binding of Terraform', 'resource "kubernetes_cluster_role_binding" "a" {}'],
    ['a binding in values', { admins: { type: 'ClusterRoleBinding', roleRef: { kind: 'ClusterRole', name: 'a' } } }],
    ['a JSON Patch of a binding', { patch: '- op: add\n  path: /subjects/-\n  value: {kind: User, name: a}\n' }],
    ['a command', ['a # b', 'kubectl create clusterrolebinding a']],
    ['a client of Kanidm', 'resource "kanidm_oauth2_public" "k8s" {}'],
  ])('%s is not unrelated', (_, value) => {
    const part = { source: 'file', what: expect.any(String), why: 'not understood', instead: expect.any(String) };
    expect(passedOverIn('file', { a: value }, [])).toEqual([part]);
  });

  test.each<[string, unknown]>([
    ['a role', { kind: 'Role' }],
    ['a kind that is allowed', { allowed: [{ group: 'rbac.authorization.k8s.io', kind: 'RoleBinding' }] }],
    ['a comment', 'a: b\n# kind: ClusterRoleBinding\n'],
    ['a schema with a field of a binding', { properties: { roleRef: { type: 'object', properties: { name: {} } } } }],
    ['a name of a field', { roleRef: 'a', path: '/subjects/b', others: '/a/subjects/0' }],
    ['a name', { 'create-clusterrolebinding': 'kanidm_user' }],
  ])('%s is unrelated', (_, value) => {
    expect(passedOverIn('file', { a: value }, [])).toMatchObject([{ why: 'not about sign-in' }]);
  });

  test('parts below oidc are about sign-in', () => {
    const whys = (document: object) =>
      passedOverIn('file', document, ['read']).map(({ what, why }) => `${what} ${why}`);
    expect(whys({ oidc: { users: [{ role: 'admin' }] }, spec: { OIDC: 1 }, oidcx: { a: 1 }, read: 1 })).toEqual([
      'oidc (1) not understood',
      'spec (1) not understood',
      'oidcx (1) not about sign-in',
    ]);
  });

  test.each([
    ...['ClusterRole', 'Role', 'HelmRepository', 'OCIRepository', 'GitRepository', 'Namespace', 'ServiceAccount'],
    ...['InitConfiguration', 'JoinConfiguration', 'KubeletConfiguration', 'KubeProxyConfiguration'],
  ])('a %s is not about sign-in', (kind) => {
    const about = (more: object) => wholeDocument('file', { kind, ...more });
    const note = 'oidc-issuer';
    const what = `${kind} a (5)`;
    expect(about({ apiVersion: 'v1', metadata: { name: 'a' }, note, more: [1] })).toEqual({
      source: 'file',
      what,
      why: 'not about sign-in',
    });
    expect(about({ metadata: { name: 'a' }, note, more: [1], x: 1 })).toEqual({
      source: 'file',
      what,
      ...notUnderstood,
    });
    expect(wholeDocument('file', { kind: `x${kind}`, apiVersion: 'v1' })).toHaveProperty('why', 'not understood');
    expect(wholeDocument('file', { kind: `${kind}x`, apiVersion: 'v1' })).toHaveProperty('why', 'not understood');
  });

  test('the name of a document', () => {
    const named = (one: object) => wholeDocument('file', { ...one });
    expect(named({ kind: 'A', metadata: { name: 'b', namespace: 'c' } }).what).toBe('A c/b (2)');
    expect(named({ kind: 'A', metadata: { namespace: 'c' } }).what).toBe('A (2)');
    expect(named({ kind: 7, metadata: { name: 'b', namespace: 7 } }).what).toBe('b (2)');
    expect(named({ a: 1, b: { c: 1, d: 2 }, e: 1, f: 1, g: 1, h: 1 })).toEqual({
      source: 'file',
      what: 'a map with a, b (2), e, f, g',
      why: 'not understood',
    });
    expect(named({ kind: 'Anything', apiVersion: 'v1alpha1' }).why).toBe('not about sign-in');
    expect(named({ apiVersion: 'v1alpha1' }).why).toBe('not understood');
    expect(named({ kind: 'Anything', apiVersion: 'v1' }).why).toBe('not understood');
  });
});

test('a file for K3s or RKE2 whose content is elsewhere is not understood', () => {
  const path = '/etc/rancher/k3s/config.yaml.d/a.yaml';
  const why = (value: unknown) =>
    passedOverIn('file', { a: value }, []).map(({ why: reason, instead }) => [reason, instead]);
  expect(why({ path, contents: { local: 'a.yaml' } })).toEqual([
    ['not understood', `adopt did not read the content of ${path}: run adopt with it too`],
  ]);
  expect(why(path)).toEqual([['not about sign-in', undefined]]);
  expect(why({ path: '/etc/rancher/k3s/registries.yaml' })).toEqual([['not about sign-in', undefined]]);
});

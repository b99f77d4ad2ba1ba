import { memoryReader } from '../../lib/config/reader';
import { kustomizations } from '../../lib/existing/kustomizations';
import { readManifests, type Unread, unreadName } from '../../lib/existing/manifests';

const binding = (subject = 'User jane', namespace = 'web') => {
  const [kind, name] = subject.split(' ');
  const subjects = [{ kind, name, ...(kind === 'ServiceAccount' ? { namespace: 'web' } : {}) }];
  return JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'a', namespace },
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects,
  });
};

const read = (files: Readonly<Record<string, string>>, root = '/repo') => {
  const reader = memoryReader(files);
  const { found, paths } = readManifests(reader);
  return kustomizations({ reader, paths, found, root });
};
const reasons = (files: Readonly<Record<string, string>>, root?: string) =>
  read(files, root).map((one) => `${unreadName(one)}: ${one.reason}`);
const beside = (text: string, files: Readonly<Record<string, string>> = { 'base/a.yaml': binding() }) =>
  reasons({ 'base/kustomization.yaml': `resources: [a.yaml]\n${text}`, ...files });

test.each([
  ['a prefix', 'namePrefix: x-', 'namePrefix'],
  ['another namespace', 'namespace: db', 'namespace'],
  ['a patch with a target of RBAC', 'patches: [{ target: { kind: RoleBinding }, patch: "[]" }]', 'patches'],
  ['a patch with several kinds', 'patches: [{ target: { kind: ".*" }, patch: "[]" }]', 'patches'],
  ['a patch with a target without a kind', 'patches: [{ target: { name: a }, patch: "[]" }]', 'patches'],
  ['a patch with a kind of RBAC', 'patches: [{ patch: "kind: RoleBinding" }]', 'patches'],
  ['a patch in a missing file', 'patches: [{ path: p.yaml }]', 'patches'],
  ['a strategic merge patch outside the folder', 'patchesStrategicMerge: [../../p.yaml]', 'patchesStrategicMerge'],
  ['a strategic merge patch in the list', 'patchesStrategicMerge: ["kind: Role"]', 'patchesStrategicMerge'],
  ['components', 'components: [a.yaml]', 'components'],
  ['a label for aggregation', 'labels: [{ pairs: { rbac.authorization.k8s.io/aggregate-to-view: "true" } }]', 'labels'],
  [
    'a common label for aggregation',
    'commonLabels: { rbac.authorization.k8s.io/aggregate-to-view: "true" }',
    'commonLabels',
  ],
])('%s can change what the objects allow', (_, text, field) => {
  expect(beside(text)).toEqual([`base/kustomization.yaml: \`${field}\` can change or add RBAC objects`]);
  // Without RBAC objects, nothing is reported, because there is no RBAC object to change.
  expect(beside(text.replace('components: [a.yaml]', ''), { 'base/a.yaml': 'kind: Namespace\n' })).toEqual([]);
});

test.each([
  ['the namespace that the objects have', 'namespace: web'],
  ['a patch of another kind', 'patches: [{ target: { kind: Deployment }, patch: "[]" }]'],
  ['a patch of one of two other kinds', 'patches: [{ target: { kind: Deployment|Job }, patch: "[]" }]'],
  ['a patch that names another kind', 'patches: [{ patch: "kind: Deployment" }]'],
  ['a strategic merge patch of another kind', 'patchesStrategicMerge: ["kind: Job", \'{"kind":"Job"}\']'],
  ['other labels', 'commonLabels: { app: web }'],
  ['an empty prefix', 'namePrefix: ""'],
  [
    'a patch of another kind that says nothing about kinds',
    'patches: [{ target: { kind: Job }, patch: "- path: /kinds" }]',
  ],
  [
    'a patch that may not change the kind',
    'patches: [{ target: { kind: Job }, options: { allowKindChange: false }, patch: "kind: Role" }]',
  ],
  ['nothing', ''],
])('%s changes nothing', (_, text) => expect(beside(text)).toEqual([]));

test('a namespace also changes the service accounts of bindings', () => {
  const files = { 'base/a.yaml': binding('ServiceAccount ci', 'db') };
  expect(beside('namespace: db', files)).toEqual([
    'base/kustomization.yaml: `namespace` can change or add RBAC objects',
  ]);
});

test('the objects of listed folders count', () => {
  const files = {
    'base/kustomization.yml': 'resources: [a.yaml]\n',
    'base/a.yaml': binding(),
    'over/Kustomization': 'resources: [../base, ../base/]\nnamespace: db\n',
    'loop/kustomization.yaml': 'resources: [.]\n',
  };
  expect(reasons(files)).toEqual(['over/Kustomization: `namespace` can change or add RBAC objects']);
});

test('a change of the file of a patch changes the content', () => {
  const content = (patch: string) =>
    read({
      'kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: p.yaml, target: { kind: RoleBinding } }]\n',
      'a.yaml': binding(),
      'p.yaml': patch,
    })[0]?.content;
  expect(content('- op: add')).toBe(content('- op: add'));
  expect(content('- op: add')).not.toBe(content('- op: remove'));
});

test('a change of a common label changes the content', () => {
  const content = (value: string) =>
    read({
      'kustomization.yaml': `resources: [a.yaml]\ncommonLabels: { rbac.authorization.k8s.io/aggregate-to-view: "${value}" }\n`,
      'a.yaml': binding(),
    })[0]?.content;
  expect(content('true')).toBe(content('true'));
  expect(content('true')).not.toBe(content('false'));
});

test('what a patch in a broken symbolic link changes is not known', () => {
  const files = {
    'kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: p.yaml }]\n',
    'a.yaml': binding(),
    'p.yaml': 'kind: Job\n',
  };
  expect(read(files)).toEqual([]);
  const disk = memoryReader(files);
  const reader = {
    ...disk,
    read: (path: string) => {
      if (path === 'p.yaml') throw new Error('ENOENT');
      return disk.read(path);
    },
  };
  const { found, paths } = readManifests(reader);
  expect(kustomizations({ reader, paths, found, root: '/repo' }).map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^`patches` can change/),
  ]);
});

test('what it lists elsewhere is not read, and what it does not list is read all the same', () => {
  const files = {
    'base/kustomization.yaml':
      'resources: [https://example.com/x.yaml, ../../other, sub]\npatches: [{ path: p.yaml }]\n',
    'base/sub/b.yaml': binding(),
    'base/a.yaml': binding(),
    'base/p.yaml': binding(),
    'base/folder/c.yaml': binding(),
  };
  expect(reasons(files)).toEqual([
    'base/kustomization.yaml: `patches` can change or add RBAC objects; it lists https://example.com/x.yaml, ../../other, which Kaniflux does not read; it does not list a.yaml, which Kaniflux reads all the same',
  ]);
});

test('a kustomization.yaml that cannot be read lists nothing', () => {
  expect(reasons({ 'kustomization.yaml': 'a: [\n', 'a.yaml': binding() })).toEqual([
    'kustomization.yaml: it does not list a.yaml, which Kaniflux reads all the same',
  ]);
});

describe('a Kustomization of Flux', () => {
  const flux = (spec: object) =>
    JSON.stringify({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'web' },
      spec,
    });
  const around = (spec: object, root?: string) => reasons({ 'k.yaml': flux(spec), 'apps/a.yaml': binding() }, root);

  test('can move the objects below its path', () => {
    expect(around({ path: './apps', targetNamespace: 'db' })).toEqual([
      'the Kustomization web in k.yaml, line 1: `targetNamespace` can change or add RBAC objects',
    ]);
    expect(around({ path: './infra/apps', targetNamespace: 'db' }, '/repo/infra')).toHaveLength(1);
    expect(around({ targetNamespace: 'db' })).toHaveLength(1);
  });

  test('can replace variables in the objects', () => {
    const variable = '$' + '{who}';
    const postBuild = { substitute: { who: 'jane' } };
    const k = flux({ path: './apps', postBuild });
    const found = (subject: string) => reasons({ 'k.yaml': k, 'apps/a.yaml': binding(subject) });
    expect(found(`User ${variable}`)).toEqual([
      'the Kustomization web in k.yaml, line 1: `postBuild` can change or add RBAC objects',
    ]);
    expect(found('User $who')).toEqual([]);
    expect(reasons({ 'k.yaml': flux({ path: './apps' }), 'apps/a.yaml': binding(`User ${variable}`) })).toEqual([]);
    expect(reasons({ 'k.yaml': k, 'db/a.yaml': binding(`User ${variable}`) })).toEqual([]);
  });

  test('is the same one on another line and with another interval', () => {
    const [one, other] = ['1m', '5m'].map((interval) =>
      read({
        'k.yaml': `${interval === '1m' ? '' : '# a comment\n'}${flux({ path: './apps', interval, targetNamespace: 'db' })}`,
        'apps/a.yaml': binding(),
      }),
    );
    expect(one).toHaveLength(1);
    // A comparison ignores the line.
    const compared = (all: Unread[] = []) =>
      all.map(({ file, object, content }) => ({ file, name: object?.name, content }));
    expect(compared(other)).toEqual(compared(one));
  });

  test('does not change other objects', () => {
    expect(around({ path: './app', targetNamespace: 'db' })).toEqual([]);
    expect(around({ path: './apps', targetNamespace: 'web' })).toEqual([]);
    expect(around({ path: './apps' })).toEqual([]);
  });
});

test('an Application of Argo CD can change the objects below its path', () => {
  const argo = (kind: string, spec: object) =>
    JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name: 'web', namespace: 'argocd' }, spec });
  const told = (kind: string, spec: object) => reasons({ 'k.yaml': argo(kind, spec), 'apps/a.yaml': binding() });
  const source = { path: 'apps', kustomize: { nameSuffix: '-x', namespace: 'db', images: ['a=b'] } };
  expect(told('Application', { source })).toEqual([
    'the Application argocd/web in k.yaml, line 1: `kustomize.namespace`, `kustomize.nameSuffix` can change or add RBAC objects',
  ]);
  expect(told('Application', { sources: [{ path: 'db' }, source] })).toHaveLength(1);
  expect(told('ApplicationSet', { template: { spec: { source: { ...source, path: '{{ .path }}' } } } })).toHaveLength(
    1,
  );
  const path = '{{ .x }}-apps/rbac';
  expect(told('ApplicationSet', { template: { spec: { source: { ...source, path } } } })).toHaveLength(1);
  expect(told('ApplicationSet', { template: { spec: { source: { ...source, path: `db/${path}` } } } })).toEqual([]);
  expect(told('Application', { source: { ...source, path: 'db' } })).toEqual([]);
  expect(told('Application', { source: { path: 'apps', kustomize: { images: ['a=b'] } } })).toEqual([]);
  expect(told('AppProject', { source })).toEqual([]);
});

// Tried with kustomize 5.8.
test.each([
  [
    'a strategic merge patch',
    'patches: [{ target: { kind: Job }, options: { allowKindChange: true }, patch: "kind: Role" }]',
    'patches',
  ],
  [
    'a JSON patch',
    'patches: [{ target: { kind: Job }, patch: "- { op: replace, path: /kind, value: Role }" }]',
    'patches',
  ],
  ['a chart', 'helmCharts: [{ name: web }]', 'helmCharts'],
  ['a generator', 'generators: [a.yaml]', 'generators'],
])('%s can make an RBAC object where there is none', (_, text, field) => {
  const says = [`base/kustomization.yaml: \`${field}\` can change or add RBAC objects`];
  expect(beside(text)).toEqual(says);
  expect(beside(text, { 'base/a.yaml': 'kind: Namespace\n' })).toEqual(says);
});

describe('the content differs if the change is in another file', () => {
  const files = (inner: string) => ({
    'base/a.yaml': binding(),
    'base/kustomization.yaml': 'resources: [a.yaml]\ntransformers: [t.yaml]\nreplacements: [{ path: t.yaml }]\n',
    'base/t.yaml': inner,
  });
  test('a transformer or a replacement', () => {
    const [one, same, other] = ['a: 1', 'a: 1', 'a: 2'].map((text) => read(files(text)).map(({ content }) => content));
    expect(one).toHaveLength(1);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
  test('a component that lists no file of its own', () => {
    const component = (name: string) =>
      `kind: Component\npatches: [{ target: { kind: RoleBinding }, patch: ${name} }]\n`;
    const of = (text: string) =>
      read({
        'base/a.yaml': binding(),
        'base/kustomization.yaml': 'resources: [a.yaml]\ncomponents: [../part]\n',
        'part/kustomization.yaml': text,
      }).map((one) => [one.file, one.content]);
    expect(of(component('x')).map(([file]) => file)).toEqual(['base/kustomization.yaml', 'part/kustomization.yaml']);
    expect(of(component('x'))).not.toEqual(of(component('y')));
  });
  test('a component without RBAC around it says nothing', () => {
    const text = 'kind: Component\npatches: [{ target: { kind: RoleBinding }, patch: x }]\n';
    expect(
      read({
        'a/kustomization.yaml': 'resources: [b.yaml]\n',
        'a/b.yaml': 'kind: Job\n',
        'part/kustomization.yaml': text,
      }),
    ).toEqual([]);
  });
});

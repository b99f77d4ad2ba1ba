import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { diskReader } from '../../lib/existing/disk-reader';
import { kustomizations } from '../../lib/existing/kustomizations';
import { objectsIn, readManifests } from '../../lib/existing/manifests';
import { type Apiserver, Lab, startApiserver, startEtcd } from '../harness';
import { ensurePart } from '../parts/build';

const api = 'rbac.authorization.k8s.io/v1';
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }];
const binding = { apiVersion: api, kind: 'RoleBinding', metadata: { name: 'a', namespace: 'web' }, roleRef, subjects };
const merged = `apiVersion: ${api}
kind: ClusterRole
metadata: { name: merged }
rules:
  - &pods { apiGroups: [""], resources: [pods], verbs: [get] }
  - { <<: *pods, resources: [secrets] }
`;
const list = (items: readonly object[]) => JSON.stringify({ apiVersion: api, kind: 'RoleBindingList', items });

let lab: Lab;
let apiserver: Apiserver;
beforeAll(async () => {
  lab = await Lab.open('manifests');
  apiserver = await startApiserver(lab, { etcd: await startEtcd(lab) });
  await apiserver.kubectl(['create', 'namespace', 'web']);
});
afterAll(() => lab?.close());

const ours = (text: string) => objectsIn('a.yaml', text).map(({ object }) => object);

/** Applies a text with kubectl, and returns the objects that the API server then has. */
async function applied(text: string) {
  const names = (await apiserver.kubectl(['apply', '-f', '-', '-o', 'name'], text)).trim().split('\n');
  return Promise.all(
    names.map(async (name) => {
      const found = JSON.parse(await apiserver.kubectl(['get', '--namespace', 'web', name, '-o', 'json']));
      const { kind, rules, roleRef, subjects } = found;
      return { kind, rules, roleRef, subjects };
    }),
  );
}

async function built(files: Readonly<Record<string, string>>, folder: string) {
  for (const [name, text] of Object.entries(files)) await lab.write(name, text);
  const { stdout } = await promisify(execFile)(await ensurePart('kustomize'), ['build', lab.path(folder)]);
  return ours(stdout);
}

const left = (folder: string) => {
  const reader = diskReader(lab.path(folder));
  const { found, paths } = readManifests(reader);
  return kustomizations({ reader, paths, found, root: lab.path(folder) }).map(({ file }) => file);
};

test.each([
  ['keys of <<', merged],
  ['a typed list', list([binding])],
  ['a typed list whose items omit their kind', list([{ metadata: binding.metadata, roleRef, subjects }])],
])('%s: Kaniflux reads what kubectl applies', async (_, text) => {
  const found = ours(text).map(({ kind, rules, roleRef, subjects }) => ({ kind, rules, roleRef, subjects }));
  expect(await applied(text)).toEqual(found);
});

test('keys of << and typed lists: Kaniflux reads what kustomize builds', async () => {
  const files = { 'plain/merged.yaml': merged, 'plain/list.yaml': list([binding]) };
  const objects = await built(
    { ...files, 'plain/kustomization.yaml': 'resources: [merged.yaml, list.yaml]\n' },
    'plain',
  );
  const sorted = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).sort();
  expect(sorted(objects)).toEqual(sorted(Object.values(files).flatMap(ours)));
  expect(left('plain')).toEqual([]);
});

test('nothing applies a list of objects that is no List, or a RoleBinding in no namespace', async () => {
  await expect(apiserver.kubectl(['create', '-f', '-'], JSON.stringify([binding]))).rejects.toThrow();
  await expect(
    built({ 'array/a.json': JSON.stringify([binding]), 'array/kustomization.yaml': 'resources: [a.json]\n' }, 'array'),
  ).rejects.toThrow();
  const { metadata, ...rest } = binding;
  const text = JSON.stringify({ ...rest, metadata: { name: metadata.name } });
  // kubectl takes the namespace of its context.
  const found = JSON.parse(await apiserver.kubectl(['create', '--dry-run=server', '-o', 'json', '-f', '-'], text));
  expect(found.metadata.namespace).toBe('default');
});

test.each([
  ['namespace', 'namespace: db', { metadata: { namespace: 'db' } }],
  ['namePrefix', 'namePrefix: x-', { metadata: { name: 'x-a' } }],
  [
    'patches',
    'patches: [{ target: { kind: RoleBinding }, patch: "- { op: replace, path: /subjects/0/name, value: ann }" }]',
    { subjects: [{ name: 'ann' }] },
  ],
])('%s of a kustomization.yaml changes a binding, and Kaniflux says so', async (name, field, change) => {
  const files = {
    [`${name}/a.yaml`]: JSON.stringify(binding),
    [`${name}/kustomization.yaml`]: `resources: [a.yaml]\n${field}\n`,
  };
  const [object] = await built(files, name);
  expect(object).toMatchObject(change);
  expect(binding).not.toMatchObject(change);
  expect(left(name)).toEqual(['kustomization.yaml']);
});

test.each([
  ['strategic', 'options: { allowKindChange: true }, patch: "{ kind: ClusterRoleBinding, metadata: { name: a } }"'],
  ['json', 'patch: "- { op: replace, path: /kind, value: ClusterRoleBinding }"'],
])('a patch (%s) changes the kind of an object, and Kaniflux says so', async (name, patch) => {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'web' } };
  const files = {
    [`${name}/a.yaml`]: JSON.stringify(config),
    [`${name}/kustomization.yaml`]: `resources: [a.yaml]\npatches: [{ target: { kind: ConfigMap }, ${patch} }]\n`,
  };
  expect(await built(files, name)).toMatchObject([{ kind: 'ClusterRoleBinding' }]);
  expect(left(name)).toEqual(['kustomization.yaml']);
});

test('kustomize builds a listed file whatever its name is', async () => {
  const files = { 'named/a.txt': JSON.stringify(binding), 'named/kustomization.yaml': 'resources: [a.txt]\n' };
  expect(await built(files, 'named')).toMatchObject([{ kind: binding.kind }]);
  expect(left('named')).toEqual([]);
});

test('kustomize builds only what is listed, and nothing with one broken or missing file, as diff assumes of dist/', async () => {
  const [file, list] = ['a.yaml', 'resources: [a.yaml]\n'];
  const build = (name: string, files: Readonly<Record<string, string>>) =>
    built(
      Object.fromEntries(
        Object.entries({ 'kustomization.yaml': list, ...files }).map(([path, text]) => [`${name}/${path}`, text]),
      ),
      name,
    );
  const text = JSON.stringify(binding);
  expect(await build('unlisted', { [file]: text, 'b.yaml': merged, 'c.yaml': '{' })).toHaveLength(1);
  await expect(build('missing', {})).rejects.toThrow('a.yaml');
  await expect(build('broken', { [file]: `${merged}<<<<<<< HEAD\n` })).rejects.toThrow('a.yaml');
  await expect(build('empty', { [file]: text, 'kustomization.yaml': '' })).rejects.toThrow(
    'kustomization.yaml is empty',
  );
});

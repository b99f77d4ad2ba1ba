import { memoryReader, SourceError } from '../../lib/config/reader';
import { isAbout, readManifests, twiceWritten } from '../../lib/existing/manifests';

const role = 'kind: Role\nmetadata: { name: a }\n';
const object = { kind: 'Role', metadata: { name: 'a' } };

test('every object of the YAML and JSON files is found, with its file and line', () => {
  const files = {
    'web/a.yaml': `# two documents\n---\n${role}---\n\nkind: Other\n`,
    'web/b.yml': 'kind: List\nitems:\n- kind: One\n- kind: List\n  items: [{ kind: Two }]\n- a text\n',
    'web/c.json': '{"kind":"List","items":"none"}',
    'web/d.txt': role,
    'web/yaml': role,
    'web/e.yaml.bak': role,
    'web/empty.yaml': '',
    'web/text.yaml': 'only text',
    'db/f.yaml': role,
  };
  expect(readManifests(memoryReader(files), 'web')).toEqual({
    found: [
      { file: 'web/a.yaml', line: 3, object },
      { file: 'web/a.yaml', line: 7, object: { kind: 'Other' } },
      { file: 'web/b.yml', line: 1, object: { kind: 'One' } },
      { file: 'web/b.yml', line: 1, object: { kind: 'Two' } },
      { file: 'web/c.json', line: 1, object: { kind: 'List', items: 'none' } },
    ],
    unreadable: [],
    paths: Object.keys(files)
      .filter((file) => file.startsWith('web/'))
      .sort(),
  });
  expect(readManifests(memoryReader(files)).found.map(({ file }) => file)).toEqual([
    'db/f.yaml',
    'web/a.yaml',
    'web/a.yaml',
    'web/b.yml',
    'web/b.yml',
    'web/c.json',
  ]);
});

test('a file that a kustomization.yaml lists is read, whatever its name is', () => {
  const files = { 'a/kustomization.yaml': 'resources: [./b.txt, ../c]\n', 'a/b.txt': role, c: role, 'a/d.txt': role };
  const found = readManifests(memoryReader(files)).found.map(({ file }) => file);
  expect(found.filter((file) => !file.endsWith('.yaml')).sort()).toEqual(['a/b.txt', 'c']);
  const broken = { 'a/kustomization.yaml': 'resources: [b.txt]\n', 'a/b.txt': 'a: [' };
  expect(readManifests(memoryReader(broken)).unreadable).toMatchObject([{ file: 'a/b.txt' }]);
});

test('the keys of << are merged, as kubectl and kustomize do it', () => {
  const text = '- &a { apiGroups: [""], verbs: [get] }\n- { <<: *a, resources: [secrets], verbs: [list] }\n';
  const [one] = readManifests(memoryReader({ 'a.yaml': `kind: x\nrules:\n${text}` })).found;
  expect(one?.object).toMatchObject({ rules: [{}, { apiGroups: [''], resources: ['secrets'], verbs: ['list'] }] });
});

test('the items of a typed list are found; they may omit their kind', () => {
  const bindings = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBindingList',
    items: [{ metadata: { name: 'a' } }, { kind: 'Other' }, 'text'],
  };
  const other = { kind: 'AllowList', spec: { items: [] } };
  const files = { 'a.json': JSON.stringify(bindings), 'b.json': JSON.stringify(other) };
  const { apiVersion } = bindings;
  expect(readManifests(memoryReader(files)).found.map(({ object }) => object)).toEqual([
    { apiVersion, kind: 'RoleBinding', metadata: { name: 'a' } },
    { apiVersion, kind: 'Other' },
    other,
  ]);
});

test('a folder that only claims to be rendered is skipped with a report', () => {
  const files = { 'dist/.kaniflux.json': '{}', 'dist/a.yaml': role, 'b/.kaniflux.json': '{}', 'b/c.yaml': role };
  const read = (output?: string) => readManifests(memoryReader(files), '', output).unreadable;
  const reason = 'it has the file .kaniflux.json, so its files are taken for rendered ones';
  const content = '[["b/.kaniflux.json","{}"],["b/c.yaml","kind: Role\\nmetadata: { name: a }\\n"]]';
  expect(read()).toEqual([
    { file: 'b', isFolder: true, reason, fix: expect.stringContaining('remove .kaniflux.json'), content },
  ]);
  expect(read('b').map(({ file }) => file)).toEqual(['dist']);
  expect(read('../out').map(({ file }) => file)).toEqual(['b', 'dist']);
});

test('a folder that claims to be rendered can contain a file that cannot be read', () => {
  const disk = memoryReader({ 'b/.kaniflux.json': '{}' });
  const reader = { ...disk, list: () => ['b/.kaniflux.json', 'b/broken.yaml'] };
  expect(readManifests(reader).unreadable.map(({ file, content }) => [file, content])).toEqual([
    ['b', '[["b/.kaniflux.json","{}"],["b/broken.yaml",""]]'],
  ]);
});

test('an RBAC object that two files of one cluster write differently is twice written', () => {
  const at = (file: string, role: string) => ({
    file,
    line: 1,
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'ops' },
      roleRef: { kind: 'ClusterRole', name: role },
    },
  });
  const twice = (...files: [string, string][]) =>
    twiceWritten(
      files.map(([file, role]) => at(file, role)),
      ['lab', 'edge'],
    ).map(({ identity, first, last }) => [identity, first.file, last.file]);
  expect(twice(['base/a.yaml', 'view'], ['prod/a.yaml', 'edit'])).toEqual([
    ['ClusterRoleBinding.rbac.authorization.k8s.io ops', 'base/a.yaml', 'prod/a.yaml'],
  ]);
  expect(twice(['base/a.yaml', 'view'], ['prod/a.yaml', 'view'])).toEqual([]);
  expect(twice(['lab/a.yaml', 'view'], ['edge/a.yaml', 'edit'])).toEqual([]);
  expect(twice(['lab/a.yaml', 'view'], ['all/a.yaml', 'edit'])).toHaveLength(1);
});

test('a rendered folder is skipped, and so are node_modules and .git', () => {
  const files = {
    'a.yaml': role,
    'out/.kaniflux.json': '{}',
    'out/b.yaml': role,
    'out/deep/c.yaml': role,
    'outside/d.yaml': role,
    'node_modules/e.yaml': role,
    'web/node_modules/f.yaml': role,
    'web/.git/g.yaml': role,
    'web/my_node_modules/h.yaml': role,
    'web/.github/i.yaml': role,
  };
  const { found } = readManifests(memoryReader(files));
  expect(found.map(({ file }) => file)).toEqual([
    'a.yaml',
    'outside/d.yaml',
    'web/.github/i.yaml',
    'web/my_node_modules/h.yaml',
  ]);
  // The index file of the folder itself does not hide everything.
  const own = { '.kaniflux.json': '{"kind":"x"}', 'a.yaml': role };
  expect(readManifests(memoryReader(own)).found.map(({ file }) => file)).toEqual(['.kaniflux.json', 'a.yaml']);
});

test('a file that cannot be read is reported with the first line of the reason and its content', () => {
  const fix = expect.stringMatching(/^correct the file; if it is a template/);
  const access = 'make the file readable, or remove it';
  const reader = memoryReader({
    'a.yaml': 'kind: [x\n',
    'b.yaml': new Uint8Array([0x61, 0x3a, 0x20, 0xff]),
    'c.yaml': role,
  });
  expect(readManifests({ ...reader, list: () => ['a.yaml', 'b.yaml', 'c.yaml', 'missing.yaml'] })).toEqual({
    found: [{ file: 'c.yaml', line: 1, object }],
    unreadable: [
      {
        file: 'a.yaml',
        reason: 'Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1',
        fix,
        content: 'kind: [x\n',
      },
      { file: 'b.yaml', reason: 'The encoded data was not valid for encoding utf-8', fix, content: 'a: ÿ' },
      { file: 'missing.yaml', reason: "ENOENT: no such file, open 'missing.yaml'", fix: access, content: '' },
    ],
    paths: ['a.yaml', 'b.yaml', 'c.yaml', 'missing.yaml'],
  });
  const failing = {
    list: () => ['d.yaml'],
    read: () => {
      throw 'first\nsecond';
    },
  };
  expect(readManifests(failing).unreadable).toEqual([{ file: 'd.yaml', reason: 'first', fix: access, content: '' }]);
});

test('a file in whose place Git wrote something else is reported', () => {
  const lfs = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';
  const files = {
    'lfs.yaml': lfs,
    'crypt.yaml': Buffer.concat([Buffer.from('\0GITCRYPT\0'), Buffer.from([0xff])]),
    'link.yaml': '../base/rbac.yaml',
    'map.yaml': 'version: https://git-lfs.github.com/spec/v1\n',
    'name.yaml': 'rbac.yaml\n',
  };
  const { found, unreadable } = readManifests(memoryReader(files));
  expect(unreadable.map(({ file, reason }) => [file, reason])).toEqual([
    ['crypt.yaml', 'it is encrypted by git-crypt'],
    ['lfs.yaml', 'Git LFS stores its content elsewhere'],
    ['link.yaml', 'it contains only the path of another file, as if Git had written a symbolic link as a text'],
  ]);
  expect(found.map(({ file }) => file)).toEqual(['map.yaml']);
});

test('the files that a sparse checkout lacks are reported once, and other files that it lacks are not', () => {
  const sparse = (missing: string[]) =>
    readManifests({ ...memoryReader({ 'c.yaml': role }), notCheckedOut: () => missing }).unreadable;
  expect(sparse(['a/README.md'])).toEqual([]);
  expect(sparse(['a/1.yaml', 'a/README.md', 'a/2.json', 'b/Kustomization', 'b/3.yml', 'b/4.yml'])).toEqual([
    expect.objectContaining({
      file: '',
      isFolder: true,
      reason: 'the checkout is sparse, and lacks a/1.yaml, a/2.json, b/Kustomization and 2 more',
    }),
  ]);
});

test('if the source itself cannot be read, no file is taken for a faulty one', () => {
  const read = () => {
    throw new SourceError('damaged');
  };
  expect(() => readManifests({ list: () => ['a.yaml'], read })).toThrow(new SourceError('damaged'));
});

test('a Kustomization is read without an extension too, but no other file is', () => {
  const { found, unreadable } = readManifests(
    memoryReader({ 'a/Kustomization': 'kind: [x\n', 'b/Other': 'kind: [x\n' }),
  );
  expect(found).toEqual([]);
  expect(unreadable.map(({ file }) => file)).toEqual(['a/Kustomization']);
});

test('a file below the folder of a cluster is about that cluster only', () => {
  const clusters = ['lab', 'edge'];
  const about = (file: string) => clusters.filter((one) => isAbout(file, one, clusters));
  expect(about('clusters/lab/a.yaml')).toEqual(['lab']);
  expect(about('edge/deep/a.yaml')).toEqual(['edge']);
  expect(about('lab/edge/a.yaml')).toEqual(['lab', 'edge']);
  expect(about('labs/a.yaml')).toEqual(['lab', 'edge']);
  // The name of the file itself does not count.
  expect(about('clusters/lab')).toEqual(['lab', 'edge']);
  expect(about('lab.yaml')).toEqual(['lab', 'edge']);
});

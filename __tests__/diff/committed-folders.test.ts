import { built } from '../../lib/diff/committed-folders';

const folder = 'clusters/lab/access';
const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const yaml = (name: string) => JSON.stringify(object(name));
const list = (...resources: string[]) => JSON.stringify({ resources });

test.each<[string, Record<string, string>]>([
  ['kustomize accepts only one of kustomization.yaml and kustomization.yml', { 'kustomization.yml': list() }],
  ['kustomization.yaml is not valid YAML', { 'kustomization.yaml': '{' }],
  ['kustomization.yaml is empty or no Kustomization', { 'kustomization.yaml': '' }],
  ['kustomization.yaml has `resources` that are no list', { 'kustomization.yaml': 'resources: a.yaml' }],
  ['there is no b.yaml', { 'kustomization.yaml': list('a.yaml', 'b.yaml') }],
  ['b.yaml is not valid YAML', { 'kustomization.yaml': list('a.yaml', 'b.yaml'), 'b.yaml': '{' }],
])('of a folder that Flux cannot build, nothing is known: %s', (broken, more) => {
  const files = { 'kustomization.yaml': list('a.yaml'), 'a.yaml': yaml('a'), ...more };
  expect(
    built(new Map(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text])), folder),
  ).toMatchObject({ objects: [], broken });
});

test('files of other folders, and those that are no YAML, are not evaluated', () => {
  const files = new Map([
    [`${folder}/kustomization.yaml`, list('a.yaml', '../kanidm/k.yaml', 'a.json')],
    [`${folder}/a.yaml`, yaml('a')],
    [`${folder}/a.json`, yaml('json')],
    ['clusters/lab/kanidm/k.yaml', yaml('k')],
  ]);
  expect(built(files, folder)).toEqual({
    objects: [object('a')],
    kustomization: `${folder}/kustomization.yaml`,
    unread: { elsewhere: ['../kanidm/k.yaml', 'a.json'] },
  });
});

test.each([
  'https://example.net/evil.yaml',
  'HTTP://example.net/evil.yaml',
  'git@example.net:org/evil.yaml',
  'ssh://git@example.net/evil.yaml',
  'github.com/org/evil?ref=a.yaml',
])('kustomize fetches %s, so the folder is not broken', (entry) => {
  const files = new Map([
    [`${folder}/kustomization.yaml`, list('a.yaml', entry)],
    [`${folder}/a.yaml`, yaml('a')],
  ]);
  expect(built(files, folder)).toMatchObject({ objects: [object('a')], unread: { elsewhere: [entry] } });
});

test('kustomize reads a file with a colon in its name, but never a file in place of a URL', () => {
  const [named, url] = ['a:b.yaml', 'https:/a.yaml'];
  const files = new Map([
    [`${folder}/kustomization.yaml`, list(named, url)],
    [`${folder}/${named}`, yaml('named')],
    [`${folder}/${url}`, yaml('url')],
  ]);
  expect(built(files, folder)).toMatchObject({ objects: [object('named')], unread: { elsewhere: [url] } });
});

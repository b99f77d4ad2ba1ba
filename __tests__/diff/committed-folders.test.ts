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

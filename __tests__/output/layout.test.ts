import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasNoHash, isRenderedPath } from '../../lib/output/layout';
import { writeArtifacts } from '../../lib/output/write';
import { render } from '../../lib/render';
import { configOf, homeLabText } from '../config';
import { contents, files, removeTemporary, temporary, write } from './folder';

afterEach(removeTemporary);

const valid = join(__dirname, '..', 'fixtures', 'valid');
const configs = [homeLabText, ...readdirSync(valid).map((file) => readFileSync(join(valid, file), 'utf8'))];

test('everything that is rendered is in the layout, and what has no hash is in every run', () => {
  for (const text of configs) {
    const paths = [...render(configOf(text))].map(({ path }) => path);
    expect(paths.filter((path) => !isRenderedPath(path))).toEqual([]);
    expect(paths.filter(hasNoHash)).toEqual(['kanidm/runbook.sh', 'ACCESS.md']);
  }
});

test.each([
  'clusters/a/access-in-namespaces/access-in-namespaces.k8s.yaml',
  'kanidm/migrations.d/10-0000-person-a.json',
  'kubeconfigs/a.yaml',
  'control-planes/a/patches/kube-apiserver1+json.yaml',
])('%s is in the layout', (path) => expect(isRenderedPath(path)).toBe(true));

test.each([
  '.env',
  '.git/config',
  'kaniflux.yaml',
  'package.json',
  'clusters/a/own/kustomization.yaml',
  'clusters/a/access/own.yaml',
  'clusters/a/access/kanidm.k8s.yaml',
  'clusters/../access/access.k8s.yaml',
  'control-planes/a',
  'control-planes/a/.ssh/id',
  'control-planes/.git/config',
  'kubeconfigs/a/b.yaml',
  'flux/a.yaml/b',
  'kanidm/own.sh',
  'kanidm/migrations.d/10-0000-person-a.json5',
  'kanidm/migrations.d/.own.json',
  'ACCESS.md/x',
])('%s is not', (path) => expect(isRenderedPath(path)).toBe(false));

test.each(['.env', '.git/config', 'kaniflux.yaml'])('an index that names %s removes nothing', async (path) => {
  const dist = temporary();
  await write(dist, files({ [path]: 'precious' }));
  const before = contents(dist);
  await expect(writeArtifacts(dist, [], { shown: '.' })).rejects.toThrow(
    `./.kaniflux.json names '${path}', which Kaniflux does not write; fix: restore the index from Git`,
  );
  expect(contents(dist)).toEqual(before);
});

test('an index with another hash, or none, removes nothing', async () => {
  const dist = temporary();
  mkdirSync(join(dist, 'kanidm'));
  writeFileSync(join(dist, 'kubeconfig.yaml'), 'precious');
  writeFileSync(join(dist, 'kanidm', 'runbook.sh'), 'precious');
  const forged = { version: 2, files: { 'kubeconfig.yaml': '0'.repeat(64), 'kanidm/runbook.sh': null } };
  writeFileSync(join(dist, '.kaniflux.json'), JSON.stringify(forged));
  expect(await writeArtifacts(dist, [])).toMatchObject({
    removed: [],
    left: ['kanidm/runbook.sh', 'kubeconfig.yaml'],
  });
  expect(contents(dist)).toMatchObject({ 'kubeconfig.yaml': 'precious', 'kanidm/runbook.sh': 'precious' });
});

test('a rendered file outside of the layout is an error of ours', async () => {
  await expect(writeArtifacts(temporary(), files({ own: 'x' }))).rejects.toThrow("'own' is not in the layout");
});

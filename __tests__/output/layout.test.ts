import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { clusterCharts } from '../../lib/cluster-charts';
import { hasNoHash, isRenderedPath } from '../../lib/output/layout';
import { writeArtifacts } from '../../lib/output/write';
import { render } from '../../lib/render';
import { configOf, homeLabText } from '../config';
import { run } from '../run';
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
  expect(await writeArtifacts(dist, files({ 'ACCESS.md': '' }))).toMatchObject({
    removed: [],
    left: ['kanidm/runbook.sh', 'kubeconfig.yaml'],
  });
  expect(contents(dist)).toMatchObject({ 'kubeconfig.yaml': 'precious', 'kanidm/runbook.sh': 'precious' });
});

test('a file outside of the layout is refused, unless an app accepts it', async () => {
  const dist = temporary();
  await expect(writeArtifacts(dist, files({ own: 'x' }))).rejects.toThrow(
    "'own' is not a path that Kaniflux writes; fix: accept it with the option `layout`",
  );
  expect(contents(dist)).toEqual({});
  await writeArtifacts(dist, files({ own: 'x' }), { layout: (path) => path === 'own' });
  expect(contents(dist)).toMatchObject({ own: 'x' });
});

describe('a chart that an app adds', () => {
  const charts: typeof clusterCharts = (config, cluster) => {
    const { folders, sync } = clusterCharts(config, cluster);
    const mine = new Chart(new App(), 'mine');
    new ApiObject(mine, 'shop', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    return { folders: [...folders, mine], sync };
  };
  const mine = ['clusters/homelab/mine/kustomization.yaml', 'clusters/homelab/mine/mine.k8s.yaml'];
  const paths = (folder: string) => Object.keys(contents(folder)).filter((path) => path.includes('mine'));

  test('is written, is up to date in the next run, and is removed with the chart', async () => {
    const dist = temporary();
    await writeArtifacts(dist, render(configOf(), charts));
    expect(paths(dist)).toEqual(mine);
    expect(await writeArtifacts(dist, render(configOf(), charts))).toMatchObject({ created: [], changed: [] });
    expect((await writeArtifacts(dist, render(configOf()))).removed).toEqual(mine);
    expect(paths(dist)).toEqual([]);
  });

  test('is not removed by a run of the command line', async () => {
    const folder = temporary();
    const dist = join(folder, 'dist');
    await writeArtifacts(dist, render(configOf(), charts));
    const before = contents(dist);
    writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
    for (const args of [['synth'], ['synth', '--check']]) {
      const { code, stderr } = await run(args, { cwd: folder });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringContaining(
          `names '${mine[0]}', which a cdk8s app with charts of its own wrote; fix: write this folder with that app only`,
        ),
      });
    }
    expect(contents(dist)).toEqual(before);
  });
});

test('a generator that was read before removes nothing', async () => {
  const dist = temporary();
  const rendered = render(configOf());
  await writeArtifacts(dist, rendered);
  const before = contents(dist);
  await expect(writeArtifacts(dist, rendered)).rejects.toThrow('there are no files to write');
  expect(contents(dist)).toEqual(before);
});

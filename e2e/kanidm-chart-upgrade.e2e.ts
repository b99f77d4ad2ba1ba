import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { configOf } from '../__tests__/config';
import { entry } from '../lib/config/config';
import { isMap, mapAt } from '../lib/guards';
import { clusterFolders } from '../lib/render';
import { type Apiserver, Lab, startApiserver, startEtcd } from './harness';
import { ensurePart } from './parts/build';
import { capture } from './parts/exec';

/*
 * helm on a real API server: first the chart's own Deployment is installed, for which the server sets a rolling update.
 * Then it is upgraded to the Deployment as Kaniflux changes it. An object with fields of both strategies is refused
 * ("rollingUpdate: Forbidden").
 */
let lab: Lab;
let apiserver: Apiserver;
beforeAll(async () => {
  lab = await Lab.open('chart-upgrade');
  apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), version: '1.34' });
}, 600_000);
afterAll(() => lab?.close());

/** Writes the HelmRelease of a config into a folder: the values, and a program that runs the post-renderers. */
async function release(name: string, kanidm: Record<string, unknown>): Promise<string> {
  const config = configOf({ kanidm });
  const objects = clusterFolders(config, entry(config.clusters, 'homelab')).flatMap((folder) => folder.objects);
  const spec = mapAt(
    objects.find(({ kind }) => kind === 'HelmRelease'),
    'spec',
  );
  const folder = lab.path(name);
  await mkdir(folder);
  await writeFile(join(folder, 'values.yaml'), stringify(spec.values));
  const renderers = Array.isArray(spec.postRenderers) ? spec.postRenderers.filter(isMap) : [];
  const kustomize = await ensurePart('kustomize');
  let script = `#!/bin/bash\nset -e\ncat > ${folder}/0.yaml\n`;
  for (const [i, renderer] of renderers.entries()) {
    const work = join(folder, `step-${i}`);
    await mkdir(work);
    await writeFile(
      join(work, 'kustomization.yaml'),
      stringify({ resources: ['all.yaml'], ...mapAt(renderer, 'kustomize') }),
    );
    script += `cp ${folder}/${i}.yaml ${work}/all.yaml\n${kustomize} build ${work} > ${folder}/${i + 1}.yaml\n`;
  }
  script += `cat ${folder}/${renderers.length}.yaml\n`;
  await writeFile(join(folder, 'post-render'), script);
  await chmod(join(folder, 'post-render'), 0o755);
  return folder;
}

const chart = join(__dirname, 'chart', 'kanidm');
const helm = async (...args: string[]) =>
  capture(await ensurePart('helm'), args, {
    cwd: lab.folder,
    env: { KUBECONFIG: apiserver.kubeconfig, HOME: lab.folder, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
  });
const inFolder = (folder: string) => [
  '-f',
  join(folder, 'values.yaml'),
  '--post-renderer',
  join(folder, 'post-render'),
];
const strategy = async () =>
  JSON.parse(await apiserver.kubectl(['get', 'deployment', 'kanidm', '-n=kanidm', '-o=json'])).spec.strategy;
const other = { version: '1.11.1', provision: 'migrations' };

test('helm upgrades the chart of a rolling update to a pod that is recreated', async () => {
  const target = ['kanidm', chart, '--namespace=kanidm', '--take-ownership'];
  await apiserver.kubectl(['create', 'namespace', 'kanidm']);
  await helm('install', ...target, ...inFolder(await release('own', {})));
  expect(await strategy()).toMatchObject({ type: 'RollingUpdate', rollingUpdate: {} });
  await helm('upgrade', ...target, ...inFolder(await release('other', other)));
  expect(await strategy()).toEqual({ type: 'Recreate' });
}, 300_000);

test('server-side apply, which Helm 4 uses, needs the command of docs/kanidm.md first', async () => {
  await apiserver.kubectl(['delete', 'deployment', 'kanidm', '-n=kanidm']);
  const apply = async (name: string, kanidm: Record<string, unknown>) => {
    const folder = await release(name, kanidm);
    const text = await helm('template', 'kanidm', chart, '--namespace=kanidm', ...inFolder(folder));
    const args = ['apply', '--server-side', '--force-conflicts', '--field-manager=helm', '-n=kanidm', '-f', '-'];
    await apiserver.kubectl(args, text);
  };
  await apply('own-again', {});
  expect(await strategy()).toMatchObject({ type: 'RollingUpdate' });
  await expect(apply('refused', other)).rejects.toThrow('spec.strategy.rollingUpdate: Forbidden');

  const page = readFileSync(join(__dirname, '..', 'docs', 'kanidm.md'), 'utf8');
  const [, command = ''] = /^kubectl (-n kanidm patch deployment .*)$/m.exec(page) ?? [];
  await capture('bash', ['-c', `${await ensurePart('kubectl-1.34')} --kubeconfig=${apiserver.kubeconfig} ${command}`]);
  await apply('taken', other);
  expect(await strategy()).toEqual({ type: 'Recreate' });
}, 300_000);

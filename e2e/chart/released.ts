import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { type Config, entry } from '../../lib/config/config';
import type { KubernetesObject } from '../../lib/output/kubernetes-object';
import { clusterFolders } from '../../lib/render';
import { ensurePart } from '../parts/build';

const run = promisify(execFile);

/**
 * Returns the objects of the HelmRelease on the cluster `homelab`: runs `helm template` with the values of the
 * HelmRelease, and then its post-renderers, as helm-controller does.
 * @param folder a folder for temporary files
 */
export async function releasedObjects(config: Config, folder: string): Promise<KubernetesObject[]> {
  const folders = clusterFolders(config, entry(config.clusters, 'homelab'));
  const { spec } = folders.flatMap(({ objects }) => objects).find(({ kind }) => kind === 'HelmRelease') as unknown as {
    spec: { values: object; postRenderers: { kustomize: object }[] };
  };
  const values = join(folder, 'values.yaml');
  await writeFile(values, stringify(spec.values));
  const chart = join(__dirname, 'kanidm');
  const args = ['template', 'kanidm', chart, '--namespace', config.kanidm.namespace, '-f', values];
  let { stdout } = await run(await ensurePart('helm'), args);
  for (const { kustomize } of spec.postRenderers) {
    await writeFile(join(folder, 'all.yaml'), stdout);
    await writeFile(join(folder, 'kustomization.yaml'), stringify({ resources: ['all.yaml'], ...kustomize }));
    ({ stdout } = await run(await ensurePart('kustomize'), ['build', folder]));
  }
  return parseAllDocuments(stdout).map((document) => document.toJS());
}

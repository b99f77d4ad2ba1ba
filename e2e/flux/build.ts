import { join } from 'node:path';
import type { KubernetesObject } from '../../lib/output/kubernetes-object';
import type { Lab } from '../harness';
import { ensurePart } from '../parts/build';
import { capture } from '../parts/exec';
import { objectsIn } from './rendered';

/**
 * Returns what `flux build kustomization` renders from a folder, without a cluster. Rejects if Flux refuses the folder.
 * @param root the root of the source, with the folder `path` and the file with the Flux Kustomization
 */
export async function fluxBuild(
  lab: Lab,
  { name, root, path, file }: { name: string; root: string; path: string; file: string },
): Promise<KubernetesObject[]> {
  const args = [name, `--path=${join(root, path)}`, `--kustomization-file=${join(root, file)}`];
  const options = ['--dry-run', '--strict-substitute'];
  return objectsIn(
    await capture(await ensurePart('flux'), ['build', 'kustomization', ...args, ...options], { cwd: lab.folder }),
  ).filter(Boolean);
}

/** Returns a rendered object as a Flux Kustomization applies it: with the labels that name the Kustomization. */
export const owned = (object: KubernetesObject, name: string): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: {
      ...(object.metadata.labels as object | undefined),
      'kustomize.toolkit.fluxcd.io/name': name,
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    },
  },
});

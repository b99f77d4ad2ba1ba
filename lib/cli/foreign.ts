import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Foreign } from '../checks/review/review-rule';
import { notAppliable } from '../constructs/appliable';
import { hasCode } from '../output/output-error';

/**
 * Returns the files that contain an object that Flux cannot apply, such as a kubeadm configuration, but that are in a
 * folder that Flux applies. Each has the line of the object and the reason. Rendered files are skipped, since rendering
 * checks them.
 *
 * @param outdir the output folder, which need not exist
 * @param scope whether a path of the output is to be examined
 */
export function foreignToFlux(outdir: string, scope: (path: string) => boolean = () => true): Foreign[] {
  return list(outdir, 'clusters').flatMap((cluster) =>
    scope(`${cluster}/`) ? list(outdir, cluster).flatMap((folder) => inFolder(outdir, folder)) : [],
  );
}

/** Returns the folders in a folder. */
const list = (outdir: string, folder: string): string[] =>
  entries(join(outdir, folder)).flatMap((entry) => (entry.isDirectory() ? [`${folder}/${entry.name}`] : []));

function inFolder(outdir: string, folder: string): Foreign[] {
  const ours = ['kustomization.yaml', `${folder.split('/').at(-1)}.k8s.yaml`];
  return entries(join(outdir, folder)).flatMap((entry): Foreign[] => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return inFolder(outdir, path);
    if (!entry.isFile() || !/\.(ya?ml|json)$/.test(entry.name) || ours.includes(entry.name)) return [];
    const problem = reasonAgainst(readFileSync(join(outdir, path), 'utf8'));
    return problem === undefined ? [] : [{ file: path, ...problem }];
  });
}

/**
 * Returns the first object that Flux cannot apply. Documents without `apiVersion` and `kind` are ignored: they are not
 * meant for Flux, and the rendered kustomization.yaml does not name their file.
 */
function reasonAgainst(text: string): Pick<Foreign, 'line' | 'reason'> | undefined {
  // Loaded only for a file that Kaniflux did not write, since loading it takes a twentieth of a short run.
  const { LineCounter, parseAllDocuments } = require('yaml') as typeof import('yaml');
  const lineCounter = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter })) {
    const object: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
    if (typeof object !== 'object' || object === null || !('apiVersion' in object && 'kind' in object)) continue;
    const reason = notAppliable(object);
    if (reason === undefined) continue;
    return { line: lineCounter.linePos(document.contents?.range?.[0] ?? 0).line, reason };
  }
  return undefined;
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    // The writer reports these errors with more details.
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}

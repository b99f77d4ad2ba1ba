import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { printable } from '../config/printable';
import { notAppliable } from '../flux/appliable';

/**
 * What lies in the folders that Flux applies and is an object for some other program, a line for each file with the
 * reason. Files of ours are not among them: rendering sees to those.
 *
 * @param outdir the output folder; where there is none, nothing lies in it
 * @param scope which paths of it this is about
 */
export function foreignToFlux(outdir: string, scope: (path: string) => boolean = () => true): string[] {
  return list(outdir, 'clusters').flatMap((cluster) =>
    scope(`${cluster}/`) ? list(outdir, cluster).flatMap((folder) => inFolder(outdir, folder)) : [],
  );
}

/** The folders in a folder. */
const list = (outdir: string, folder: string): string[] =>
  entries(join(outdir, folder)).flatMap((found) => (found.isDirectory() ? [`${folder}/${found.name}`] : []));

function inFolder(outdir: string, folder: string): string[] {
  const ours = ['kustomization.yaml', `${folder.split('/').at(-1)}.k8s.yaml`];
  return entries(join(outdir, folder)).flatMap((found): string[] => {
    const path = `${folder}/${found.name}`;
    if (found.isDirectory()) return inFolder(outdir, path);
    if (!found.isFile() || !/\.(ya?ml|json)$/.test(found.name) || ours.includes(found.name)) return [];
    const reason = reasonAgainst(readFileSync(join(outdir, path), 'utf8'));
    return reason === undefined ? [] : [`${printable(path)}: ${printable(reason)}`];
  });
}

/** Only of what calls itself an object: a kustomization.yaml of ours names no other file, so notes do no harm. */
function reasonAgainst(text: string): string | undefined {
  for (const document of parseAllDocuments(text)) {
    const object: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
    if (typeof object !== 'object' || object === null || !('apiVersion' in object && 'kind' in object)) continue;
    const reason = notAppliable(object);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What else is wrong with the folder, the writer says better.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw error;
  }
}

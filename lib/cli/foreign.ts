import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { Foreign } from '../checks/review/review-rule';
import { notAppliable } from '../constructs/appliable';

/**
 * What lies in the folders that Flux applies and is an object for some other program: each file, with the line of the
 * object and the reason. Files of ours are not among them: rendering sees to those.
 *
 * @param outdir the output folder; where there is none, nothing lies in it
 * @param scope which paths of it this is about
 */
export function foreignToFlux(outdir: string, scope: (path: string) => boolean = () => true): Foreign[] {
  return list(outdir, 'clusters').flatMap((cluster) =>
    scope(`${cluster}/`) ? list(outdir, cluster).flatMap((folder) => inFolder(outdir, folder)) : [],
  );
}

/** The folders in a folder. */
const list = (outdir: string, folder: string): string[] =>
  entries(join(outdir, folder)).flatMap((found) => (found.isDirectory() ? [`${folder}/${found.name}`] : []));

function inFolder(outdir: string, folder: string): Foreign[] {
  const ours = ['kustomization.yaml', `${folder.split('/').at(-1)}.k8s.yaml`];
  return entries(join(outdir, folder)).flatMap((found): Foreign[] => {
    const path = `${folder}/${found.name}`;
    if (found.isDirectory()) return inFolder(outdir, path);
    if (!found.isFile() || !/\.(ya?ml|json)$/.test(found.name) || ours.includes(found.name)) return [];
    const against = reasonAgainst(readFileSync(join(outdir, path), 'utf8'));
    return against === undefined ? [] : [{ file: path, ...against }];
  });
}

/** Only of what calls itself an object: a kustomization.yaml of ours names no other file, so notes do no harm. */
function reasonAgainst(text: string): Pick<Foreign, 'line' | 'reason'> | undefined {
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
    const { code } = error as NodeJS.ErrnoException;
    // What else is wrong with the folder, the writer says better.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw error;
  }
}

import { type Dirent, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Document } from 'yaml';
import type { Foreign } from '../checks/review/review-rule';
import { nestsTooDeep, plainValue } from '../config/yaml-nesting';
import { notAppliable } from '../constructs/appliable';
import { isText, listOf, mapAt } from '../guards';
import { hasCode } from '../output/output-error';

/**
 * Searches the folders that Flux reads, and returns the files with something that Flux cannot apply, such as a kubeadm
 * configuration. Each result has the line, the reason, and whether Flux applies the file. Rendered files are skipped,
 * since rendering checks them.
 *
 * @param outdir the output folder, which need not exist
 * @param scope whether a path of the output is to be examined
 */
export function foreignToFlux(outdir: string, scope: (path: string) => boolean = () => true): Foreign[] {
  return foldersIn(outdir, 'clusters').flatMap((cluster) =>
    scope(`${cluster}/`) ? foldersIn(outdir, cluster).flatMap((folder) => inFolder(outdir, folder)) : [],
  );
}

const foldersIn = (outdir: string, folder: string): string[] =>
  entries(join(outdir, folder)).flatMap((entry) => (entry.isDirectory() ? [`${folder}/${entry.name}`] : []));

function inFolder(outdir: string, folder: string): Foreign[] {
  const ours = ['kustomization.yaml', `${posix.basename(folder)}.k8s.yaml`].map((name) => `${folder}/${name}`);
  const others = filesBelow(outdir, folder).filter((path) => /\.(ya?ml|json)$/.test(path) && !ours.includes(path));
  if (others.length === 0) return [];
  const applied = appliedIn(outdir, folder);
  // The kustomization.yaml of a rendered folder is left out, because `synth` replaces it.
  const unreadable = [...applied.keys()].filter((path) => applied.get(path) === 'reads' && !ours.includes(path));
  return others.flatMap((file): Foreign[] => {
    if (kustomizations.includes(posix.basename(file)))
      return unreadable.includes(file) ? [{ file, flux: 'reads', line: 1, reason: notYaml }] : [];
    // Which files Flux applies is unknown until somebody corrects the kustomization.yaml.
    if (unreadable.some((path) => file.startsWith(`${posix.dirname(path)}/`))) return [];
    const flux = applied.get(file) ?? 'ignores';
    const problem = reasonAgainst(readFileSync(join(outdir, file), 'utf8'), flux !== 'ignores');
    return problem === undefined ? [] : [{ file, flux, ...problem }];
  });
}

function filesBelow(outdir: string, folder: string): string[] {
  return entries(join(outdir, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === '.git' ? [] : filesBelow(outdir, path);
    return entry.isFile() ? [path] : [];
  });
}

const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * Returns the files that Flux applies from a folder, and why. If the folder has a kustomization.yaml, Flux applies the
 * files that the kustomization.yaml lists. Otherwise, Flux applies all YAML files, and does the same in each folder
 * below. This is also what `flux build kustomization` 2.9.5 does.
 */
function appliedIn(outdir: string, folder: string, seen = new Map<string, Applied>()): Map<string, Applied> {
  const own = kustomizations.map((name) => `${folder}/${name}`).find((path) => statOf(join(outdir, path))?.isFile());
  if (own === undefined) {
    for (const entry of entries(join(outdir, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== '.git') appliedIn(outdir, path, seen);
      else if (/\.ya?ml$/.test(entry.name)) seen.set(path, 'applies all');
    }
    return seen;
  }
  if (seen.has(own)) return seen;
  const resources = resourcesOf(readFileSync(join(outdir, own), 'utf8'));
  seen.set(own, resources ? 'lists' : 'reads');
  for (const name of resources ?? []) {
    const path = posix.join(folder, name);
    if (statOf(join(outdir, path))?.isDirectory()) appliedIn(outdir, path, seen);
    else seen.set(path, 'lists');
  }
  return seen;
}

/**
 * Returns `undefined` if there is no such file, if the text is an address instead of a path, and for a symbolic link to
 * itself.
 */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

type Applied = Exclude<Foreign['flux'], 'ignores'>;

const notYaml = 'the file is not valid YAML; correct the file, or move it out of the folder';

/** Returns the files and folders that a kustomization.yaml lists; `undefined` if Flux cannot read it. */
function resourcesOf(text: string): string[] | undefined {
  if (nestsTooDeep(text)) return undefined;
  const { parseDocument } = require('yaml') as typeof import('yaml');
  const read = valueIn(parseDocument(text));
  const kustomization = mapAt(read?.value);
  return read && ['resources', 'bases', 'components'].flatMap((field) => listOf(kustomization[field]).filter(isText));
}

/** Returns the value of a document; `undefined` if the document has errors, or if its aliases expand to too much. */
function valueIn(document: Document): { readonly value: unknown } | undefined {
  if (document.errors.length > 0) return undefined;
  try {
    return { value: plainValue(document) };
  } catch {
    return undefined;
  }
}

/**
 * Returns the first document that Flux cannot apply.
 * @param isApplied whether Flux applies the file. If not, documents without `apiVersion` and `kind` are not meant for
 * Flux, and are ignored.
 */
function reasonAgainst(text: string, isApplied: boolean): Pick<Foreign, 'line' | 'reason'> | undefined {
  // The library `yaml` is loaded only for a file that Kaniflux did not write, since loading it takes a twentieth of the
  // time of a short run.
  const { LineCounter, parseAllDocuments } = require('yaml') as typeof import('yaml');
  if (nestsTooDeep(text)) return isApplied ? { line: 1, reason: notYaml } : undefined;
  const lineCounter = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter })) {
    const line = lineCounter.linePos(document.contents?.range?.[0] ?? 0).line;
    const read = valueIn(document);
    if (!read) {
      if (isApplied) return { line, reason: notYaml };
      continue;
    }
    const object = read.value;
    if (object === null || object === undefined) continue;
    const isObject = typeof object === 'object' && 'apiVersion' in object && 'kind' in object;
    const reason = isApplied || isObject ? notAppliable(object) : undefined;
    if (reason !== undefined) return { line, reason };
  }
  return undefined;
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

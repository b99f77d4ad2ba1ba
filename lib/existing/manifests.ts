import { LineCounter, parseAllDocuments } from 'yaml';
import { asStored, isRbac } from '../access/objects';
import { inToolFolder, type Reader, SourceError } from '../config/reader';
import { nestsTooDeep, plainValue, tooDeep } from '../config/yaml-nesting';
import { firstLineOf, isMap, isSameValue, isText, type Json, listOf, yamlFaultOf } from '../guards';
import { identityOf, isObject } from '../output/kubernetes-object';

/** A hand-written object, read with `--manifests`. */
export interface Manifest {
  readonly file: string;
  /** The line at which its document begins. */
  readonly line: number;
  readonly object: Json;
}

export interface Manifests {
  readonly found: readonly Manifest[];
  /** The skipped folders, and the files that are not valid YAML, so that a command can report that it left them out. */
  readonly unreadable: readonly Unread[];
  /** All files below the folder, without those in skipped folders. */
  readonly paths: readonly string[];
}

/** A file, a folder or an object that was skipped. */
export interface Unread {
  /** The path of the file, or of the folder. */
  readonly file: string;
  /** The object and its line. @default - the whole file, or the whole folder */
  readonly object?: { readonly name: string; readonly line: number };
  /** @default false */
  readonly isFolder?: boolean;
  readonly reason: string;
  /** What to do so that it is read. @default - the reason says it, or nothing can be done */
  readonly fix?: string;
  /** The content, with which two versions can be compared. It can be secret, so it is never printed. */
  readonly content: string;
  /** Whether only a comparison reports it, and only if the content differs. @default false */
  readonly isQuiet?: boolean;
}

/** Returns a text that names what was skipped. A sentence can begin with this text. */
export const unreadName = ({ file, object }: Unread): string =>
  object ? `the ${object.name} in ${file}, line ${object.line}` : file;

/** The index file of a Kaniflux output folder. Such a folder is skipped, because its files are rendered. */
const index = '.kaniflux.json';

/**
 * Returns every object in the YAML and JSON files below a folder.
 * @param output the output folder of the config, which is skipped without a report
 */
export function readManifests(reader: Reader, folder = '', output = 'dist'): Manifests {
  const all = reader.list(folder).filter((path) => !inToolFolder.test(path));
  const links = (reader.linksToFolders?.(folder) ?? []).filter((path) => !inToolFolder.test(`${path}/`));
  const rendered = all.flatMap((path) => (path.endsWith(`/${index}`) ? [path.slice(0, -index.length)] : []));
  const paths = all.filter((path) => !rendered.some((one) => path.startsWith(one)));
  const found: Manifest[] = [];
  const unreadable: Unread[] = [];
  const read = (file: string) => {
    let bytes: Uint8Array | undefined;
    try {
      bytes = new Uint8Array(reader.read(file));
      const content = latin1(bytes);
      const elsewhere = elsewhereOf(content);
      if (elsewhere) unreadable.push({ file, ...elsewhere, content });
      else found.push(...objectsIn(file, new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const fix = bytes ? correct : 'make the file readable, or remove it';
      unreadable.push({ file, reason: firstLineOf(error), fix, content: latin1(bytes) });
    }
  };
  paths.filter(isManifest).forEach(read);
  // kustomize reads the files that a kustomization.yaml lists, whatever their names are.
  const listed = new Set(found.flatMap(resourcesOf));
  paths.filter((file) => listed.has(file) && !isManifest(file)).forEach(read);
  // Anybody can add an index of Kaniflux to a folder, so that its files look rendered. Such a folder is reported.
  const others = rendered.filter((one) => !one.startsWith(`${output}/`));
  const folders = others.map((one) => ({
    file: one.slice(0, -1),
    isFolder: true,
    reason: `it has the file ${index}, so its files are taken for rendered ones`,
    fix: `if Kaniflux did not write this folder, remove ${index} from it; otherwise, run the command with the config from which this folder was rendered`,
    content: JSON.stringify(all.filter((path) => path.startsWith(one)).map((path) => [path, textOf(reader, path)])),
  }));
  const linked = links
    .filter((path) => !rendered.some((one) => path.startsWith(one)))
    .map((file) => ({
      file,
      isFolder: true,
      reason: 'it is a symbolic link to a folder',
      fix: 'pass that folder to --manifests too',
      content: '',
    }));
  const missing = (reader.notCheckedOut?.(folder) ?? []).filter(isManifest);
  const sparse = missing.length === 0 ? [] : [sparseCheckout(folder, missing)];
  return { found, unreadable: [...unreadable, ...folders, ...linked, ...sparse], paths };
}

/** Returns the paths that a kustomization.yaml lists as resources. */
const resourcesOf = ({ file, object }: Manifest): string[] =>
  isKustomization(file)
    ? [...listOf(object.resources), ...listOf(object.bases)].filter(isText).map((entry) => besides(file, entry))
    : [];

/** Resolves an entry of a kustomization.yaml, which is relative to the folder of this file. */
function besides(file: string, entry: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of entry.split('/')) {
    if (part === '..' && parts.length > 0) parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const correct = 'correct the file; if it is a template, give --manifests a folder with what is rendered from it';

/** Whether a file is the kustomization.yaml of its folder. */
export const isKustomization = (path: string): boolean => /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(path);

const isManifest = (path: string): boolean => /\.(ya?ml|json)$/.test(path) || isKustomization(path);

const latin1 = (bytes: Uint8Array | undefined): string => new TextDecoder('latin1').decode(bytes);

/**
 * Returns why a file does not contain the manifest itself, if Git or one of its filters wrote something in its place.
 */
function elsewhereOf(content: string): { readonly reason: string; readonly fix: string } | undefined {
  if (content.startsWith('version https://git-lfs.github.com/spec/'))
    return { reason: 'Git LFS stores its content elsewhere', fix: 'run `git lfs pull`' };
  if (content.startsWith('\0GITCRYPT\0'))
    return { reason: 'it is encrypted by git-crypt', fix: 'run `git-crypt unlock`' };
  if (/^[^\s:{}]+\.(ya?ml|json)$/.test(content))
    return {
      reason: 'it contains only the path of another file, as if Git had written a symbolic link as a text',
      fix: 'set `core.symlinks` of Git to `true`, and check the file out again',
    };
  return undefined;
}

/** Returns one entry for all files that a sparse checkout lacks, because most of a repository can be missing. */
function sparseCheckout(file: string, missing: readonly string[]): Unread {
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
  return {
    file,
    isFolder: true,
    reason: `the checkout is sparse, and lacks ${missing.slice(0, 3).join(', ')}${more}`,
    fix: 'check these files out, for example with `git sparse-checkout disable`',
    content: '',
  };
}

/** Returns a file as text; an empty text if it can't be read, for example because it is a broken symbolic link. */
function textOf(reader: Reader, path: string): string {
  try {
    return latin1(reader.read(path));
  } catch {
    return '';
  }
}

/** @throws Error if the text is not valid YAML */
export function objectsIn(file: string, text: string): Manifest[] {
  if (nestsTooDeep(text)) throw new Error(tooDeep);
  const lines = new LineCounter();
  // kubectl and Flux merge the keys of `<<`.
  return parseAllDocuments(text, { lineCounter: lines, merge: true, logLevel: 'error' }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(yamlFaultOf(error));
    const value = plainValue(document);
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    return unlisted(value).map((object) => ({ file, line, object: asStored(object) }));
  });
}

/** Returns the items of a list, such as a `List` or a `RoleBindingList`. Items of the latter may omit their kind. */
function unlisted(value: unknown): Json[] {
  if (!isMap(value)) return [];
  const { apiVersion, kind, items } = value;
  if (!isText(kind) || !kind.endsWith('List') || !Array.isArray(items)) return [value];
  const typed = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.filter(isMap).flatMap((item) => unlisted({ ...typed, ...item }));
}

/**
 * Whether a file is about a cluster. A file below a folder with the name of a cluster is about that cluster only; any
 * other file is about all clusters.
 */
export function isAbout(file: string, cluster: string, clusters: readonly string[]): boolean {
  const parts = file.split('/').slice(0, -1);
  const named = clusters.filter((name) => parts.includes(name));
  return named.length === 0 || named.includes(cluster);
}

/** An RBAC object that the manifests of a cluster contain twice, with different contents. */
export interface Twice {
  readonly identity: string;
  readonly first: Manifest;
  readonly last: Manifest;
}

/**
 * Returns each RBAC object that has the same kind and name as an earlier object with other contents, together with the
 * earlier object. Only the last one counts.
 */
export function twiceWritten(manifests: readonly Manifest[], clusters: readonly string[]): Twice[] {
  const found = new Map<string, Twice>();
  for (const cluster of clusters) {
    const seen = new Map<string, Manifest>();
    for (const one of manifests) {
      if (!isRbac(one.object) || !isObject(one.object) || !isAbout(one.file, cluster, clusters)) continue;
      const identity = identityOf(one.object);
      const first = seen.get(identity);
      if (first && !isSameValue(first.object, one.object)) found.set(identity, { identity, first, last: one });
      seen.set(identity, one);
    }
  }
  return [...found.values()];
}

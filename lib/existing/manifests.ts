import { LineCounter, parseAllDocuments } from 'yaml';
import { isRbac } from '../access/objects';
import { inToolFolder, type Reader } from '../config/reader';
import { firstLineOf, isMap, isSameValue, isText, type Json, yamlFaultOf } from '../guards';
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
  /** Files that are not valid YAML and skipped folders, so that a command can report that it left them out. */
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

/** Returns what was skipped, for a sentence that begins with it. */
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
  for (const file of paths) {
    if (!/\.(ya?ml|json)$/.test(file) && !isKustomization(file)) continue;
    let bytes = new Uint8Array();
    try {
      bytes = new Uint8Array(reader.read(file));
      found.push(...objectsIn(file, new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    } catch (error) {
      const content = new TextDecoder('latin1').decode(bytes);
      unreadable.push({ file, reason: firstLineOf(error), fix: correct, content });
    }
  }
  // Anybody can add an index file to a folder.
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
  return { found, unreadable: [...unreadable, ...folders, ...linked], paths };
}

const correct = 'correct the file; if it is a template, give --manifests a folder with what is rendered from it';

/** Whether a file is the kustomization.yaml of its folder. */
export const isKustomization = (path: string): boolean => /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(path);

/** Returns a file as text; an empty text if it can't be read, for example because it is a broken symbolic link. */
function textOf(reader: Reader, path: string): string {
  try {
    return new TextDecoder('latin1').decode(reader.read(path));
  } catch {
    return '';
  }
}

/** @throws Error if the text is not valid YAML */
export function objectsIn(file: string, text: string): Manifest[] {
  const lines = new LineCounter();
  // kubectl and Flux merge the keys of `<<`.
  return parseAllDocuments(text, { lineCounter: lines, merge: true, logLevel: 'error' }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(yamlFaultOf(error));
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    return unlisted(value).map((object) => ({ file, line, object }));
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

/** An RBAC object that is in two files of a cluster with different contents. */
export interface Twice {
  readonly identity: string;
  readonly first: Manifest;
  readonly last: Manifest;
}

/** Returns the RBAC objects of which only the last counts, because an earlier one has the same kind and name. */
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

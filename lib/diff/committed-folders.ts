import { posix } from 'node:path';
import { isKustomization, type Manifest, objectsIn } from '../existing/manifests';
import { isText, type Json, listOf } from '../guards';
import { isObject, type KubernetesObject } from '../output/kubernetes-object';

/** The committed output files by path. */
export type Files = ReadonlyMap<string, string>;

/** What Flux builds from a folder of a cluster. */
export interface Built {
  readonly objects: readonly KubernetesObject[];
  /** Why Flux cannot build the folder. @default - it can */
  readonly broken?: string;
  /** The path of the kustomization.yaml. @default - Flux generates one */
  readonly kustomization?: string;
  /**
   * What is not evaluated in the kustomization.yaml: all fields but `resources`, and the entries of `resources` that
   * are not YAML files of this folder.
   */
  readonly unread: Json;
}

/** Returns the folder of a file, such as `clusters/lab/access`; `undefined` if the file belongs to no cluster. */
export const folderOf = (path: string): string | undefined => /^clusters\/[^/]+(\/[^/]+)?(?=\/)/.exec(path)?.[0];

/** Returns the folders of a cluster. */
export const foldersIn = (files: Files, cluster: string): string[] => [
  ...new Set(
    [...files.keys()].filter((path) => path.startsWith(`clusters/${cluster}/`)).flatMap((path) => folderOf(path) ?? []),
  ),
];

/**
 * Returns what Flux builds from a folder: the files that its kustomization.yaml lists, or every file if it has none.
 * One file that cannot be read keeps Flux from applying the folder.
 */
export function built(files: Files, folder: string): Built {
  const own = [...files.keys()].filter((path) => folderOf(path) === folder);
  const [file, another] = own.filter((path) => posix.dirname(path) === folder && isKustomization(path));
  if (file === undefined) return { ...objectsOf(files, own.filter(isYaml)), unread: {} };
  if (another !== undefined) {
    const names = [file, another].map((path) => posix.basename(path)).join(' and ');
    return { objects: [], broken: `kustomize accepts only one of ${names}`, unread: {} };
  }
  const documents = readable(file, files.get(file) ?? '');
  if (!documents) return { objects: [], broken: broken(file), unread: {} };
  // kustomize reads only the first document.
  const { apiVersion: _apiVersion, kind: _kind, resources = null, ...others } = documents[0]?.object ?? {};
  if (!Array.isArray(resources) && (resources !== null || Object.keys(others).length === 0)) {
    const what = resources === null ? 'is empty or no Kustomization' : 'has `resources` that are no list';
    return { objects: [], broken: `${posix.basename(file)} ${what}`, unread: {} };
  }
  const listed = listOf(resources)
    .filter(isText)
    .map((entry) => ({ entry, path: posix.join(folder, entry) }));
  const isOwn = ({ entry, path }: { readonly entry: string; readonly path: string }) =>
    folderOf(path) === folder && isYaml(path) && !isRemote(entry, files.has(path));
  const elsewhere = listed.filter((one) => !isOwn(one)).map(({ entry }) => entry);
  const paths = listed.filter(isOwn).map(({ path }) => path);
  return {
    ...objectsOf(files, paths),
    kustomization: file,
    unread: { ...others, ...(elsewhere.length > 0 ? { elsewhere } : {}) },
  };
}

/**
 * Whether kustomize fetches an entry of `resources`. If the entry is not a URL with `http` or `https`, kustomize first
 * looks for a file with this name.
 * @see https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.8.1/api/internal/loader/fileloader.go
 */
const isRemote = (entry: string, isThere: boolean): boolean =>
  /^https?:/i.test(entry) || (!isThere && /^([^/]*:|github\.com\/)/i.test(entry));

const isYaml = (path: string): boolean => /\.ya?ml$/.test(path);

const broken = (path: string): string => `${posix.basename(path)} is not valid YAML`;

function objectsOf(files: Files, paths: readonly string[]): Pick<Built, 'objects' | 'broken'> {
  const objects: KubernetesObject[] = [];
  for (const path of paths) {
    const text = files.get(path);
    if (text === undefined) return { objects: [], broken: `there is no ${posix.basename(path)}` };
    const found = readable(path, text);
    if (!found) return { objects: [], broken: broken(path) };
    objects.push(...found.map(({ object }) => object).filter(isObject));
  }
  return { objects };
}

function readable(path: string, text: string): readonly Manifest[] | undefined {
  try {
    return objectsIn(path, text);
  } catch {
    return undefined;
  }
}

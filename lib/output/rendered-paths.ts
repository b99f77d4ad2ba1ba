import { OutputError } from './output-error';

/** Names in the output folder that are reserved for the writer. */
export const indexName = '.kaniflux.json';
export const stagingName = '.kaniflux.tmp';
export const lockName = '.kaniflux.lock';

const reserved = /^\.kaniflux\b/i;
/** Control characters, and characters that are not allowed in file names on Windows. */
const illegal = /[\\:*?"<>|\p{Cc}]/u;

/** Returns the same text for paths that are the same file on a file system which ignores case or normalises Unicode. */
const fold = (path: string): string => path.normalize('NFC').toLowerCase();

/** The folders above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    above.push(path.slice(0, slash));
  }
  return above;
}

/** The paths of one run. Refuses a path that is invalid or conflicts with another. */
export class Paths {
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, string>();

  /** @throws OutputError if the path leaves the folder, is reserved, or conflicts with an earlier one */
  add(path: string): void {
    if (illegal.test(path) || path.split('/').some((name) => name === '' || name === '.' || name === '..')) {
      throw new OutputError(`'${path}' can't be the path of a rendered file`);
    }
    if (reserved.test(path)) throw new OutputError(`'${path}' is a reserved name`);
    const folded = fold(path);
    const [twin, folderTwin] = [this.#files.get(folded), this.#folders.get(folded)];
    if (twin !== undefined) throw clash(path, twin);
    if (folderTwin !== undefined) throw clash(path, `${folderTwin}/`);
    this.#files.set(folded, path);
    for (const folder of foldersAbove(path)) {
      const foldedFolder = fold(folder);
      const file = this.#files.get(foldedFolder);
      if (file !== undefined) throw clash(path, file);
      const spelt = this.#folders.get(foldedFolder);
      if (spelt !== undefined && spelt !== folder) throw clash(path, `${spelt}/`);
      this.#folders.set(foldedFolder, folder);
    }
  }

  has(path: string): boolean {
    return this.#files.get(fold(path)) === path;
  }
}

const clash = (path: string, other: string): OutputError =>
  new OutputError(`two rendered files would be the same on some file systems: '${other}' and '${path}'`);

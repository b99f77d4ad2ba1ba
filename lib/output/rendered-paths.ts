import { OutputError } from './output-error';

/** Names at the top of the output folder that the writer keeps to itself. */
export const indexName = '.kaniflux.json';
export const stagingName = '.kaniflux.tmp';
export const lockName = '.kaniflux.lock';

const reserved = /^\.kaniflux\b/i;
/** Separators, control characters, and what a Windows checkout can't hold. */
const illegal = /[\\:*?"<>|\p{Cc}]/u;

/** Two paths that some file system takes for one fold to the same text. */
const fold = (path: string): string => path.normalize('NFC').toLowerCase();

/** The folders above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    above.push(path.slice(0, slash));
  }
  return above;
}

/** The paths of one run; refuses those that can't be a file of their own in the output folder. */
export class Paths {
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, string>();

  /** @throws OutputError where the path leaves the folder, is reserved, or clashes with one that was added before */
  add(path: string): void {
    if (illegal.test(path) || path.split('/').some((name) => name === '' || name === '.' || name === '..')) {
      throw new OutputError(`'${path}' can't be the path of a rendered file`);
    }
    if (reserved.test(path)) throw new OutputError(`'${path}' is a name that the writer keeps to itself`);
    const folded = fold(path);
    const twin = this.#files.get(folded) ?? this.#folders.get(folded);
    if (twin !== undefined) throw clash(path, twin);
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
  new OutputError(`two rendered files would be one on some file systems: '${other}' and '${path}'`);

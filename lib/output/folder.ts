import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { explain, hasCode, OutputError } from './output-error';
import { foldersAbove } from './rendered-paths';

/** `lstat`, `undefined` where there is nothing. */
export function lookAt(file: string): Stats | undefined {
  return lstatSync(file, { throwIfNoEntry: false });
}

/** An output folder as it stands on the disk; symbolic links inside are never followed. */
export class Folder {
  /** The folder itself, links resolved: a link to another disk is the owner's choice. */
  readonly root: string;
  readonly exists: boolean;
  readonly #folders = new Map<string, boolean>();

  /**
   * @param shown the folder as a person named it
   * @throws OutputError where it is not a folder
   */
  constructor(
    root: string,
    readonly shown: string,
  ) {
    try {
      const stat = statSync(root, { throwIfNoEntry: false });
      if (stat && !stat.isDirectory()) throw new OutputError(`${shown} is not a folder: give another with -o`);
      this.exists = stat !== undefined;
      this.root = this.exists ? realpathSync(root) : root;
    } catch (error) {
      throw explain(error, shown);
    }
  }

  /** A path in it, as its file system writes it. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** A path in it, for a message. */
  show(path: string): string {
    return `${this.shown.replace(/\/+$/, '')}/${path}`;
  }

  /**
   * The bytes and mode of the file at `path`; `undefined` where there is none.
   * @param isOurs which files are ours, and with a `/` at the end, which folders had such: what of ours stands where
   * something of the other kind is to be will be gone by then
   * @throws OutputError where it, or a folder above it, is something else
   */
  read(path: string, isOurs: (path: string) => boolean): { readonly bytes: Buffer; readonly mode: number } | undefined {
    try {
      if (!this.#canHold(path, isOurs)) return undefined;
      const stat = lookAt(this.at(path));
      if (stat === undefined) return undefined;
      if (stat.isDirectory() && isOurs(`${path}/`) && this.#holdsOnlyFiles(path, isOurs)) return undefined;
      if (!stat.isFile()) {
        const kind = stat.isDirectory() ? 'a folder' : stat.isSymbolicLink() ? 'a symbolic link' : 'not a plain file';
        throw new OutputError(`${this.show(path)} is ${kind}, and Kaniflux writes a file there: move it away`);
      }
      return { bytes: readFileSync(this.at(path)), mode: stat.mode };
    } catch (error) {
      throw hasCode(error, 'EACCES', 'EPERM')
        ? new OutputError(`${this.show(path)} can't be read: change its permissions`, { cause: error })
        : explain(error, this.show(path));
    }
  }

  #holdsOnlyFiles(path: string, isOurs: (path: string) => boolean): boolean {
    return readdirSync(this.at(path), { withFileTypes: true }).every((found) => {
      const below = `${path}/${found.name}`;
      return found.isDirectory() ? this.#holdsOnlyFiles(below, isOurs) : found.isFile() && isOurs(below);
    });
  }

  /** Whether all folders above `path` are there. */
  #canHold(path: string, isOurs: (path: string) => boolean): boolean {
    return this.exists && foldersAbove(path).every((folder) => this.#isFolder(folder, isOurs));
  }

  #isFolder(folder: string, isOurs: (path: string) => boolean): boolean {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const stat = lookAt(this.at(folder));
    const is = stat?.isDirectory() ?? false;
    if (stat && !is && !(stat.isFile() && isOurs(folder))) {
      throw new OutputError(
        stat.isSymbolicLink()
          ? `${this.show(folder)} is a symbolic link, and Kaniflux does not write through it: put a folder there`
          : `${this.show(folder)} is a file, and Kaniflux needs a folder there: move it away`,
      );
    }
    this.#folders.set(folder, is);
    return is;
  }
}

import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { explain, hasCode, OutputError } from './output-error';
import { foldersAbove } from './rendered-paths';

/** Returns the `lstat` of a file; `undefined` if the file does not exist. */
export function lookAt(file: string): Stats | undefined {
  return lstatSync(file, { throwIfNoEntry: false });
}

/** An output folder on disk. Symbolic links inside it are never followed. */
export class Folder {
  /** The real path of the folder, since the folder itself may be a symbolic link, for example to another disk. */
  readonly root: string;
  readonly exists: boolean;
  readonly #folders = new Map<string, boolean>();

  /**
   * @param shown the name of the folder in messages
   * @throws OutputError if it is not a folder
   */
  constructor(
    root: string,
    readonly shown: string,
  ) {
    try {
      const stat = statSync(root, { throwIfNoEntry: false });
      if (stat && !stat.isDirectory()) throw new OutputError(`${shown} is not a folder; name a folder with -o`);
      this.exists = stat !== undefined;
      this.root = this.exists ? realpathSync(root) : root;
    } catch (error) {
      throw explain(error, shown);
    }
  }

  /** Returns the full path of a file in the folder. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** Returns the path of a file in the folder, for a message. */
  show(path: string): string {
    return `${this.shown.replace(/\/+$/, '')}/${path}`;
  }

  /**
   * The bytes and mode of the file at `path`; `undefined` if it does not exist. The file counts as missing in two
   * cases: an earlier run wrote a folder at `path`, or it wrote a file where a folder above `path` must be. This run
   * removes that folder or file.
   * @param isOurs whether Kaniflux wrote the file at a path or, if the path ends in `/`, files in this folder
   * @throws OutputError if something that Kaniflux did not write is in the way
   */
  read(path: string, isOurs: (path: string) => boolean): { readonly bytes: Buffer; readonly mode: number } | undefined {
    try {
      if (!this.#canHold(path, isOurs)) return undefined;
      const stat = lookAt(this.at(path));
      if (stat === undefined) return undefined;
      if (stat.isDirectory() && isOurs(`${path}/`) && this.#holdsOnlyFiles(path, isOurs)) return undefined;
      if (!stat.isFile()) {
        const kind = stat.isDirectory() ? 'a folder' : stat.isSymbolicLink() ? 'a symbolic link' : 'not a plain file';
        throw new OutputError(`${this.show(path)} is ${kind}, but Kaniflux writes a file with this name; move it`);
      }
      return { bytes: readFileSync(this.at(path)), mode: stat.mode };
    } catch (error) {
      throw hasCode(error, 'EACCES', 'EPERM')
        ? new OutputError(`${this.show(path)} can't be read; change its permissions`, { cause: error })
        : explain(error, this.show(path));
    }
  }

  #holdsOnlyFiles(path: string, isOurs: (path: string) => boolean): boolean {
    return readdirSync(this.at(path), { withFileTypes: true }).every((entry) => {
      const below = `${path}/${entry.name}`;
      return entry.isDirectory() ? this.#holdsOnlyFiles(below, isOurs) : entry.isFile() && isOurs(below);
    });
  }

  /** Whether all folders above `path` exist. */
  #canHold(path: string, isOurs: (path: string) => boolean): boolean {
    return this.exists && foldersAbove(path).every((folder) => this.#isFolder(folder, isOurs));
  }

  #isFolder(folder: string, isOurs: (path: string) => boolean): boolean {
    const cached = this.#folders.get(folder);
    if (cached !== undefined) return cached;
    const stat = lookAt(this.at(folder));
    const is = stat?.isDirectory() ?? false;
    if (stat && !is && !(stat.isFile() && isOurs(folder))) {
      throw new OutputError(
        stat.isSymbolicLink()
          ? `${this.show(folder)} is a symbolic link, which Kaniflux does not follow; replace it with a folder`
          : `${this.show(folder)} is a file, but Kaniflux needs a folder with this name; move it`,
      );
    }
    this.#folders.set(folder, is);
    return is;
  }
}

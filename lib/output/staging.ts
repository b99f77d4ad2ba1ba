import { mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Folder, lookAt } from './folder';
import { explain, hasCode } from './output-error';
import { foldersAbove, stagingName } from './rendered-paths';

/** A new file under another name, and the path that it is for. */
export interface Staged {
  readonly path: string;
  readonly name: string;
}

/**
 * New files beside the ones that they replace: all are there, whole, before the first takes its place. Only the run
 * that holds the folder's lock has one.
 */
export class Staging {
  readonly #folder: Folder;
  #count = 0;

  /** @throws OutputError where the folder can't be written */
  constructor(folder: Folder) {
    this.#folder = folder;
    try {
      rmSync(folder.at(stagingName), { recursive: true, force: true });
      mkdirSync(folder.at(stagingName));
    } catch (error) {
      throw explain(error, folder.shown);
    }
  }

  /** Whether a run that was killed left its staged files. */
  static isLeftIn = (folder: Folder): boolean => lookAt(folder.at(stagingName)) !== undefined;

  /** @throws OutputError where the disk takes no more */
  add(path: string, bytes: Uint8Array | string, executable = false): Staged {
    const name = `${stagingName}/${this.#count++}`;
    try {
      writeFileSync(this.#folder.at(name), bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
      return { path, name };
    } catch (error) {
      throw explain(error, this.#folder.show(path));
    }
  }

  /** Puts a staged file in its place. */
  place({ path, name }: Staged): void {
    try {
      const target = this.#folder.at(path);
      try {
        renameSync(this.#folder.at(name), target);
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
        mkdirSync(dirname(target), { recursive: true });
        renameSync(this.#folder.at(name), target);
      }
    } catch (error) {
      throw explain(error, this.#folder.show(path));
    }
  }

  /** Removes a file if it is there, and the folders above it that are empty then. */
  remove(path: string): void {
    try {
      const target = this.#folder.at(path);
      if (!lookAt(target)?.isDirectory()) rmSync(target, { force: true });
      for (const folder of [...foldersAbove(path), path].reverse()) if (!removeIfEmpty(this.#folder.at(folder))) break;
    } catch (error) {
      // Below a file there is nothing to remove.
      if (!hasCode(error, 'ENOTDIR')) throw explain(error, this.#folder.show(path));
    }
  }

  /** Removes what is staged and was not placed. */
  end(): void {
    rmSync(this.#folder.at(stagingName), { recursive: true, force: true });
  }
}

/** Returns whether it is gone. */
export function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return false;
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return true;
}

import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Folder, lookAt } from './folder';
import { explain, hasCode, OutputError } from './output-error';
import { foldersAbove, stagingName } from './rendered-paths';

/** A new file with a temporary name, and its final path. */
export interface Staged {
  readonly path: string;
  readonly name: string;
}

/**
 * A temporary folder for new files. The run writes all files here before it moves the first file to its final path.
 * Only the run that holds the lock uses this folder.
 */
export class Staging {
  readonly #folder: Folder;
  #count = 0;

  /** @throws OutputError if the folder can't be written */
  constructor(folder: Folder) {
    this.#folder = folder;
    try {
      removeLeftovers(folder);
      mkdirSync(folder.at(stagingName));
    } catch (error) {
      throw explain(error, folder.shown);
    }
  }

  /** Whether a killed run left its temporary folder. */
  static isLeftIn = (folder: Folder): boolean => lookAt(folder.at(stagingName)) !== undefined;

  /** @throws OutputError if the file can't be written, for example on a full disk */
  add(path: string, bytes: Uint8Array | string, executable = false): Staged {
    const name = `${stagingName}/${this.#count++}`;
    try {
      writeFileSync(this.#folder.at(name), bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
      return { path, name };
    } catch (error) {
      throw explain(error, this.#folder.show(path));
    }
  }

  /** Moves a staged file to its final path. */
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

  /** Removes a file if it exists, and then the folders above it that are empty. */
  remove(path: string): void {
    try {
      const target = this.#folder.at(path);
      if (!lookAt(target)?.isDirectory()) rmSync(target, { force: true });
      for (const folder of [...foldersAbove(path), path].reverse()) removeIfEmpty(this.#folder.at(folder));
    } catch (error) {
      // A path below a file does not exist, so there is nothing to remove.
      if (!hasCode(error, 'ENOTDIR')) throw explain(error, this.#folder.show(path));
    }
  }

  /** Removes the temporary folder. */
  end(): void {
    rmSync(this.#folder.at(stagingName), { recursive: true, force: true });
  }
}

/** Removes the temporary folder of a killed run. @throws OutputError if the folder has a file of somebody else */
function removeLeftovers(folder: Folder): void {
  const stat = lookAt(folder.at(stagingName));
  if (stat === undefined) return;
  const names = stat.isDirectory() ? readdirSync(folder.at(stagingName), { withFileTypes: true }) : undefined;
  const other = names?.find((entry) => !entry.isFile() || !/^\d+$/.test(entry.name));
  if (names === undefined || other !== undefined) {
    const shown = folder.show(other === undefined ? stagingName : `${stagingName}/${other.name}`);
    throw new OutputError(`Kaniflux did not write ${shown}, and needs this name for its temporary files; move it`);
  }
  rmSync(folder.at(stagingName), { recursive: true });
}

/** Removes a folder if it exists and is empty. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
  }
}

import {
  closeSync,
  fsync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { type Folder, lookAt } from './folder';
import { isAbandoned, lock } from './lock';
import { explain, hasCode } from './output-error';
import { foldersAbove, lockName, stagingName } from './paths';

const flush = promisify(fsync);
/** How many files are flushed to the disk at once, beside rendering. */
const batchSize = 32;

/** A new file that is on the disk, under another name, and the path that it is for. */
export interface Staged {
  readonly path: string;
  readonly name: string;
}

/**
 * New files beside the ones that they replace: all are on the disk, whole, before the first takes its place.
 * Holds the folder's lock from its making until `end`.
 */
export class Staging {
  readonly #folder: Folder;
  readonly #unlock: () => void;
  #count = 0;
  #unflushed: number[] = [];
  #flushing: Promise<unknown> = Promise.resolve();

  /** @throws OutputError where another run holds the folder, or it can't be written */
  constructor(folder: Folder) {
    this.#folder = folder;
    try {
      mkdirSync(folder.root, { recursive: true });
      this.#unlock = lock(folder.at(lockName), folder.show(lockName));
    } catch (error) {
      throw explain(error, folder.shown);
    }
    try {
      for (const name of locksIn(folder)) if (isAbandoned(folder.at(name))) rmSync(folder.at(name), { force: true });
      rmSync(folder.at(stagingName), { recursive: true, force: true });
      mkdirSync(folder.at(stagingName));
    } catch (error) {
      this.#unlock();
      throw explain(error, folder.shown);
    }
  }

  /** Whether a run that was killed left its staged files or its lock. */
  static isLeftIn(folder: Folder): boolean {
    if (!folder.exists) return false;
    return lookAt(folder.at(stagingName)) !== undefined || locksIn(folder).some((name) => isAbandoned(folder.at(name)));
  }

  /** @throws OutputError where the disk takes no more */
  async add(path: string, bytes: Uint8Array | string, executable = false): Promise<Staged> {
    const name = `${stagingName}/${this.#count++}`;
    try {
      const file = openSync(this.#folder.at(name), 'wx', executable ? 0o755 : 0o644);
      this.#unflushed.push(file);
      writeFileSync(file, bytes);
      if (this.#unflushed.length >= batchSize) await this.#flushBatch();
      return { path, name };
    } catch (error) {
      throw explain(error, this.#folder.show(path));
    }
  }

  /** Waits for the batch before and starts this one, so that the disk works while the next is rendered. */
  async #flushBatch(): Promise<void> {
    await this.#flushing;
    const batch = this.#unflushed;
    this.#unflushed = [];
    this.#flushing = Promise.all(batch.map((file) => flush(file).finally(() => closeSync(file))));
    // Awaited with the next batch: until then its failure has nobody listening.
    this.#flushing.catch(() => undefined);
  }

  /** @throws OutputError where a staged file did not reach the disk */
  async flushed(): Promise<void> {
    try {
      await this.#flushBatch();
      await this.#flushing;
    } catch (error) {
      throw explain(error, this.#folder.shown);
    }
  }

  /** Puts a staged file in its place; call `flushed` before the first. */
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

  /** Removes what is staged and gives the lock back. */
  async end(): Promise<void> {
    await this.#flushing.catch(() => undefined);
    try {
      for (const file of this.#unflushed) closeSync(file);
      rmSync(this.#folder.at(stagingName), { recursive: true, force: true });
    } finally {
      this.#unlock();
    }
    if (!this.#folder.exists) removeIfEmpty(this.#folder.root);
  }
}

/** The lock, and those that were moved aside. */
const locksIn = ({ root }: Folder): string[] => readdirSync(root).filter((name) => name.startsWith(lockName));

/** Returns whether it is gone. */
function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) return false;
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  return true;
}

import { mkdirSync } from 'node:fs';
import { Folder } from './folder';
import { type Lock, takeLock } from './lock';
import { explain, hasCode } from './output-error';
import { removeIfEmpty, Staging } from './staging';

/**
 * The output folder while a run holds its lock. The run takes the lock before it reads anything, and releases it when
 * it ends.
 */
export class HeldFolder {
  /** Whether a killed run left its lock or its temporary files. */
  readonly wasLeft: boolean;
  #staging: Staging | undefined;

  private constructor(
    readonly folder: Folder,
    readonly lock: Lock | undefined,
    /** The error if the folder can't be written. */
    readonly refusal: unknown,
    readonly isNew: boolean,
  ) {
    this.wasLeft = lock !== undefined && (lock.tookOver || Staging.isLeftIn(folder));
  }

  /**
   * Locks the folder, and creates it if it does not exist. If the folder can't be written, returns it without a lock:
   * the run can compare it, but not change it.
   * @param shown the name of the folder in messages
   * @throws OutputError if another run holds the lock, or the folder can't be created
   */
  static async hold(outdir: string, shown: string): Promise<HeldFolder> {
    const isNew = !new Folder(outdir, shown).exists;
    try {
      mkdirSync(outdir, { recursive: true });
    } catch (error) {
      throw explain(hasCode(error, 'ENOENT') ? whyNotMade(outdir, error) : error, shown);
    }
    const folder = new Folder(outdir, shown);
    try {
      return new HeldFolder(folder, await takeLock(folder.root, shown), undefined, isNew);
    } catch (error) {
      if (isNew) removeIfEmpty(folder.root);
      if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw explain(error, shown);
      return new HeldFolder(folder, undefined, explain(error, shown), isNew);
    }
  }

  /**
   * Returns the temporary folder for new files.
   * @throws OutputError if the output folder can't be written
   */
  staging(): Staging {
    if (this.refusal !== undefined) throw this.refusal;
    this.#staging ??= new Staging(this.folder);
    return this.#staging;
  }

  /** Removes temporary files, and releases the lock. */
  release(): void {
    try {
      this.#staging?.end();
    } finally {
      this.lock?.release();
    }
    if (this.isNew) removeIfEmpty(this.folder.root);
  }
}

/** With `recursive`, Node.js reports ENOENT also for a read-only file system and for a broken symbolic link. */
function whyNotMade(folder: string, error: unknown): unknown {
  try {
    mkdirSync(folder);
    return error;
  } catch (reason) {
    return reason;
  }
}

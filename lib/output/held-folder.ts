import { mkdirSync } from 'node:fs';
import { Folder } from './folder';
import { type Lock, takeLock } from './lock';
import { explain, hasCode } from './output-error';
import { removeIfEmpty, Staging } from './staging';

/** The output folder in the hands of one run, from before its first look to its end. */
export class HeldFolder {
  /** Whether a run that was killed left something of its own. */
  readonly wasLeft: boolean;
  #staging: Staging | undefined;

  private constructor(
    readonly folder: Folder,
    readonly lock: Lock | undefined,
    /** Why the folder can't be written, where it can't. */
    readonly refusal: unknown,
    readonly isNew: boolean,
  ) {
    this.wasLeft = lock !== undefined && (lock.tookOver || Staging.isLeftIn(folder));
  }

  /**
   * Makes the folder where there is none. One that may not be written is given without a lock: it can be compared, and
   * nothing is changed in it.
   * @param shown the folder as a person named it
   * @throws OutputError where another run holds the folder, or it is none and can't be made
   */
  static async hold(outdir: string, shown: string): Promise<HeldFolder> {
    const isNew = !new Folder(outdir, shown).exists;
    try {
      mkdirSync(outdir, { recursive: true });
    } catch (error) {
      throw explain(error, shown);
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
   * Where new files are put.
   * @throws OutputError where the folder can't be written
   */
  staging(): Staging {
    if (this.refusal !== undefined) throw this.refusal;
    this.#staging ??= new Staging(this.folder);
    return this.#staging;
  }

  /** Removes what is staged, and gives the folder back. */
  release(): void {
    try {
      this.#staging?.end();
    } finally {
      this.lock?.release();
    }
    if (this.isNew) removeIfEmpty(this.folder.root);
  }
}

import type { Artifact } from './artifact';
import { type CompareOptions, Comparison } from './compare';
import { formatIndex } from './file-index';
import { HeldFolder } from './held-folder';
import { Interrupted, OutputError } from './output-error';
import { indexName } from './rendered-paths';
import type { Staged } from './staging';

/** Options of {@link writeArtifacts}. */
export interface WriteOptions extends CompareOptions {
  /** Interrupts the run, which then changes nothing. */
  readonly signal?: AbortSignal;
}

/** The result of a run. `removed` and `left` are sorted by path, and the other lists are in the order of rendering. */
export interface Written {
  /** New files. */
  readonly created: readonly string[];
  /** Files that an earlier run wrote with other content. */
  readonly changed: readonly string[];
  /** Files that were edited by hand since the last run. This run overwrote them. */
  readonly repaired: readonly string[];
  /** Files that an earlier run wrote and this run removed, since they are no longer rendered. */
  readonly removed: readonly string[];
  /** Files that are no longer rendered, but were edited by hand. They stay, and the index no longer lists them. */
  readonly left: readonly string[];
  /** The number of files that were up to date. */
  readonly unchanged: number;
  /** Whether an earlier run was killed. This run removed its temporary files. */
  readonly recovered: boolean;
}

/** The number of files after which the run checks again whether it was interrupted. */
const filesBetweenSignals = 16;

/**
 * Writes rendered files into a folder, and removes files of an earlier run that are no longer rendered.
 *
 * The run locks the folder before it reads the folder; a second run at the same time fails. It writes all new files to
 * a temporary folder before it renames the first file to its final path. If it fails or is killed before this rename,
 * the output is unchanged. If it fails or is killed later, each file is complete, old or new, and the index lists the
 * old and the new files. Files are not flushed to the disk, so after a power failure the output must be written again.
 *
 * @throws OutputError if the run failed; `outdir` is unchanged unless the message reports a change
 * @throws OutputError if there are no artifacts, for example because a generator was read before
 * @throws Interrupted if `signal` was aborted before the first change
 */
export async function writeArtifacts(
  outdir: string,
  artifacts: Iterable<Artifact> | AsyncIterable<Artifact>,
  options: WriteOptions = {},
): Promise<Written> {
  const held = await HeldFolder.hold(outdir, options.shown ?? outdir);
  try {
    const run = new Run(held, options);
    for await (const artifact of artifacts) await run.add(artifact);
    return await run.finish();
  } finally {
    held.release();
  }
}

class Run {
  readonly #held: HeldFolder;
  readonly #comparison: Comparison;
  readonly #signal: AbortSignal | undefined;
  readonly #created: string[] = [];
  readonly #changed: string[] = [];
  readonly #repaired: string[] = [];
  readonly #staged: Staged[] = [];
  #unchanged = 0;
  #compared = 0;

  constructor(held: HeldFolder, options: WriteOptions) {
    this.#held = held;
    this.#comparison = new Comparison(held.folder, options);
    this.#signal = options.signal;
  }

  async add(artifact: Artifact): Promise<void> {
    if (this.#compared++ % filesBetweenSignals === 0) await this.#checkInterrupted();
    const { path, bytes, state, executable } = this.#comparison.add(artifact);
    if (state === 'same') this.#unchanged++;
    if (state === 'same' || state === 'foreign') return;
    const list = { missing: this.#created, changed: this.#changed, converted: this.#changed, edited: this.#repaired }[
      state
    ];
    list.push(path);
    this.#staged.push(this.#held.staging().add(path, bytes, executable));
  }

  async #checkInterrupted(): Promise<void> {
    await new Promise(setImmediate);
    if (this.#signal?.aborted) throw new Interrupted('interrupted: nothing was changed');
  }

  async finish(): Promise<Written> {
    const comparison = this.#comparison;
    if (this.#compared === 0) {
      throw new OutputError(
        'there are no files to write; a generator, such as that of `render`, can be read only once',
      );
    }
    comparison.refuseForeign();
    const { toRemove, edited } = comparison.stale();
    const next = comparison.nextIndexText();
    await this.#checkInterrupted();
    if (this.#staged.length > 0 || next !== comparison.indexText || this.#held.wasLeft) {
      this.#replace([...toRemove, ...comparison.gone()], next);
    }
    return {
      created: this.#created,
      changed: this.#changed,
      repaired: this.#repaired,
      removed: toRemove,
      left: edited,
      unchanged: this.#unchanged,
      recovered: comparison.wasInterrupted || this.#held.wasLeft,
    };
  }

  /** Renames and removes files without `await`, so that a signal is handled before the first rename or after the last. */
  #replace(toRemove: readonly string[], next: string): void {
    const staging = this.#held.staging();
    const before = this.#comparison.earlier;
    const bothIndex = staging.add(indexName, formatIndex({ files: this.#comparison.files(), before }));
    const nextIndex = staging.add(indexName, next);
    staging.place(bothIndex);
    try {
      for (const path of toRemove) staging.remove(path);
      for (const staged of this.#staged) staging.place(staged);
      staging.place(nextIndex);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      throw new OutputError(
        `${error.message}\nsome files are new and others old, but each file is complete; run again`,
        {
          cause: error,
        },
      );
    }
  }
}

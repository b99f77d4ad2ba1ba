import type { Artifact } from './artifact';
import { type CompareOptions, Comparison } from './compare';
import { formatIndex } from './file-index';
import { HeldFolder } from './held-folder';
import { Interrupted, OutputError } from './output-error';
import { indexName } from './rendered-paths';
import type { Staged } from './staging';

export interface WriteOptions extends CompareOptions {
  /** Interrupts the run, which then changes nothing. */
  readonly signal?: AbortSignal;
}

/** The result of a run. All lists are in the order of rendering. */
export interface Written {
  /** New files. */
  readonly created: readonly string[];
  /** Written by an earlier run, with other content. */
  readonly changed: readonly string[];
  /** Edited by hand since the last run, and overwritten. */
  readonly repaired: readonly string[];
  /** Written by an earlier run and no longer rendered. */
  readonly removed: readonly string[];
  /** Written by an earlier run and no longer rendered, but edited by hand since. They are left, and no longer listed in the index. */
  readonly left: readonly string[];
  readonly unchanged: number;
  /** Whether an earlier run had been killed. Its leftovers are cleaned up. */
  readonly recovered: boolean;
}

/** After how many files the run checks whether it was interrupted. */
const filesBetweenSignals = 16;

/**
 * Writes rendered files into a folder, and removes files of an earlier run that are no longer rendered.
 *
 * The folder is locked from before it is read until the end; of two runs at once, one is refused. All new files are
 * written to a temporary folder before the first is renamed to its place. Until then the output is unchanged; a run that
 * fails or is killed later leaves complete files only, each old or new, and an index that lists both. Nothing else is
 * changed. Files are not flushed to the disk: after a power cut, run it again.
 *
 * @throws OutputError if it failed; `outdir` is unchanged unless the message says that it is not
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
    const list = { missing: this.#created, changed: this.#changed, edited: this.#repaired }[state];
    list.push(path);
    this.#staged.push(this.#held.staging().add(path, bytes, executable));
  }

  async #checkInterrupted(): Promise<void> {
    await new Promise(setImmediate);
    if (this.#signal?.aborted) throw new Interrupted('interrupted: nothing was changed');
  }

  async finish(): Promise<Written> {
    const comparison = this.#comparison;
    comparison.refuseForeign();
    const { toRemove, edited } = comparison.stale();
    const unfinished = comparison.unfinished();
    const next = comparison.nextIndexText();
    await this.#checkInterrupted();
    if (this.#staged.length > 0 || toRemove.length > 0 || next !== comparison.indexText || this.#held.wasLeft) {
      this.#replace([...toRemove, ...unfinished], next);
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

  /** Runs without `await`, so that a signal is handled before the first rename or after the last. */
  #replace(toRemove: readonly string[], next: string): void {
    const staging = this.#held.staging();
    const { earlier, indexText } = this.#comparison;
    const bothIndex = staging.add(indexName, formatIndex({ files: this.#comparison.files(), before: earlier }));
    const nextIndex = staging.add(indexName, next);
    if (this.#staged.length === 0 && toRemove.length === 0) {
      if (next !== indexText) staging.place(nextIndex);
      return;
    }
    staging.place(bothIndex);
    try {
      for (const path of toRemove) staging.remove(path);
      for (const staged of this.#staged) staging.place(staged);
      staging.place(nextIndex);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      throw new OutputError(`${error.message}\nsome files are new and some are old, and each is complete; run again`, {
        cause: error,
      });
    }
  }
}

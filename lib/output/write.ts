import type { Artifact } from './artifact';
import { type CompareOptions, Comparison } from './compare';
import { formatIndex } from './file-index';
import { HeldFolder } from './held-folder';
import { Interrupted, OutputError } from './output-error';
import { indexName } from './rendered-paths';
import type { Staged } from './staging';

export interface WriteOptions extends CompareOptions {
  /** Asks the run to stop; nothing is changed then. */
  readonly signal?: AbortSignal;
}

/** What a run did. All lists are in the order in which the files were rendered. */
export interface Written {
  /** New files. */
  readonly created: readonly string[];
  /** Ours, with other contents than before. */
  readonly changed: readonly string[];
  /** Edited by hand since the last run, and written again. */
  readonly repaired: readonly string[];
  /** Written by an earlier run, and not rendered by this one. */
  readonly removed: readonly string[];
  /** Written by an earlier run, not rendered by this one, and left because it was edited by hand; not Kaniflux's any more. */
  readonly left: readonly string[];
  readonly unchanged: number;
  /** Whether an earlier run had been killed; what it left is put right. */
  readonly recovered: boolean;
}

/** How many files are compared before pending signals are heard. */
const filesBetweenSignals = 16;

/**
 * Writes rendered files into a folder, and removes what an earlier run wrote and this one does not.
 *
 * The folder is locked from before the first look to the end, so of two runs at once one is refused. All new files are
 * put into a folder of their own before the first of them takes its place, by a rename: up to then the output is as it
 * was, and a run that fails or is killed later leaves only whole files, old or new. The index then names both, so that
 * the next run knows which are Kaniflux's. Nothing else is touched. Files are not flushed to the disk: after a power
 * cut, run again.
 *
 * @throws OutputError where that is not possible, with `outdir` as it was unless the message says otherwise
 * @throws Interrupted where `signal` asked for it in time
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
    if (this.#compared++ % filesBetweenSignals === 0) await this.#hearSignals();
    const { path, bytes, state, executable } = this.#comparison.add(artifact);
    if (state === 'same') this.#unchanged++;
    if (state === 'same' || state === 'foreign') return;
    const list = { missing: this.#created, changed: this.#changed, edited: this.#repaired }[state];
    list.push(path);
    this.#staged.push(this.#held.staging().add(path, bytes, executable));
  }

  async #hearSignals(): Promise<void> {
    await new Promise(setImmediate);
    if (this.#signal?.aborted) throw new Interrupted('interrupted: nothing was changed');
  }

  async finish(): Promise<Written> {
    const comparison = this.#comparison;
    comparison.refuseForeign();
    const { toRemove, edited } = comparison.stale();
    const unfinished = comparison.unfinished();
    const next = comparison.nextIndexText();
    await this.#hearSignals();
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

  /** From the first rename to the last this never waits, so that a signal finds all of it done or nothing. */
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
      throw new OutputError(`${error.message}\nsome files are new and some old, each of them whole: run again`, {
        cause: error,
      });
    }
  }
}

import type { Artifact } from './artifact';
import { type CompareOptions, Comparison } from './compare';
import { formatIndex } from './file-index';
import { Interrupted, OutputError } from './output-error';
import { indexName } from './paths';
import { type Staged, Staging } from './staging';

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
  /** Edited by hand since the last run, and written again or, where no longer rendered, removed. */
  readonly repaired: readonly string[];
  /** Written by an earlier run, and not rendered by this one. */
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Whether an earlier run had been killed; what it left is put right. */
  readonly recovered: boolean;
}

/** How many files are compared before pending signals are heard. */
const breath = 16;

/**
 * Writes rendered files into a folder, and removes what an earlier run wrote and this one does not.
 *
 * All new files are flushed to the disk in a folder of their own before the first of them takes its place, by a rename:
 * up to then the output is as it was, and a run that fails or is killed later leaves only whole files, old or new.
 * The index then names both, so that the next run knows which are Kaniflux's. Nothing else is touched.
 *
 * @throws OutputError where that is not possible, with `outdir` as it was unless the message says otherwise
 * @throws Interrupted where `signal` asked for it in time
 */
export async function writeArtifacts(
  outdir: string,
  artifacts: Iterable<Artifact> | AsyncIterable<Artifact>,
  options: WriteOptions = {},
): Promise<Written> {
  const run = new Run(outdir, options);
  try {
    for await (const artifact of artifacts) await run.add(artifact);
    return await run.finish();
  } finally {
    await run.end();
  }
}

class Run {
  readonly #comparison: Comparison;
  readonly #signal: AbortSignal | undefined;
  readonly #created: string[] = [];
  readonly #changed: string[] = [];
  readonly #repaired: string[] = [];
  readonly #staged: Staged[] = [];
  readonly #wasLeft: boolean;
  #unchanged = 0;
  #seen = 0;
  #staging: Staging | undefined;

  constructor(outdir: string, options: WriteOptions) {
    this.#comparison = new Comparison(outdir, options);
    this.#signal = options.signal;
    this.#wasLeft = Staging.isLeftIn(this.#comparison.folder);
  }

  async add(artifact: Artifact): Promise<void> {
    if (this.#seen++ % breath === 0) await this.#yieldToEvents();
    const { path, bytes, state, executable } = this.#comparison.add(artifact);
    if (state === 'same') this.#unchanged++;
    if (state === 'same' || state === 'foreign') return;
    const list = { missing: this.#created, changed: this.#changed, edited: this.#repaired }[state];
    list.push(path);
    this.#staged.push(await this.#begin().add(path, bytes, executable));
  }

  async #yieldToEvents(): Promise<void> {
    await new Promise(setImmediate);
    if (this.#signal?.aborted) throw new Interrupted('interrupted: nothing was changed');
  }

  /** Takes the folder at the first change, so that a run without one needs no right to write. */
  #begin(): Staging {
    if (this.#staging) return this.#staging;
    const { folder, indexText } = this.#comparison;
    this.#staging = new Staging(folder);
    const now = folder.exists ? folder.read(indexName, () => false)?.bytes.toString('utf8') : undefined;
    if (now !== indexText) throw new OutputError(`another run has just written ${folder.shown}: run again`);
    return this.#staging;
  }

  async finish(): Promise<Written> {
    const comparison = this.#comparison;
    comparison.refuseForeign();
    const stale = comparison.stale();
    const unfinished = comparison.unfinished();
    const next = comparison.nextIndexText();
    if (this.#staged.length > 0 || stale.length > 0 || next !== comparison.indexText || this.#wasLeft) {
      await this.#replace([...stale.map(({ path }) => path), ...unfinished], next);
    }
    return {
      created: this.#created,
      changed: this.#changed,
      repaired: [...this.#repaired, ...stale.filter(({ edited }) => edited).map(({ path }) => path)],
      removed: stale.map(({ path }) => path),
      unchanged: this.#unchanged,
      recovered: comparison.wasInterrupted || this.#wasLeft,
    };
  }

  /** From the first rename to the last this never waits, so that a signal finds all of it done or nothing. */
  async #replace(stale: readonly string[], next: string): Promise<void> {
    const staging = this.#begin();
    const { earlier, indexText } = this.#comparison;
    const both = formatIndex({ files: this.#comparison.files(), before: earlier });
    const bothIndex = await staging.add(indexName, both);
    const nextIndex = await staging.add(indexName, next);
    await staging.flushed();
    await this.#yieldToEvents();
    if (this.#staged.length === 0 && stale.length === 0) {
      if (next !== indexText) staging.place(nextIndex);
      return;
    }
    staging.place(bothIndex);
    try {
      for (const path of stale) staging.remove(path);
      for (const staged of this.#staged) staging.place(staged);
      staging.place(nextIndex);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      throw new OutputError(`${error.message}\nsome files are new and some old, each of them whole: run again`, {
        cause: error,
      });
    }
  }

  async end(): Promise<void> {
    await this.#staging?.end();
  }
}

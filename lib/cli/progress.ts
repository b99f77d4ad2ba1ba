import type { Io } from './command';

/** The time in milliseconds for which nothing is printed, so that short work prints nothing. */
const quietMs = 1000;
const width = 30;

/** Shows the progress of long work: a bar on a terminal, otherwise a line for each tenth. */
export class Progress {
  readonly #io: Pick<Io, 'stderr' | 'isTTY'>;
  readonly #total: number;
  readonly #now: () => number;
  readonly #begin: number;
  #done = 0;
  #shown = -1;

  /** @param now a clock, in milliseconds */
  constructor(io: Pick<Io, 'stderr' | 'isTTY'>, total: number, now: () => number = Date.now) {
    this.#io = io;
    this.#total = total;
    this.#now = now;
    this.#begin = now();
  }

  /** Counts one more of `total` as done. */
  step(): void {
    this.#done++;
    const share = this.#done / this.#total;
    const step = Math.floor(share * (this.#io.isTTY ? 100 : 10));
    if (step === this.#shown || this.#now() - this.#begin < quietMs) return;
    this.#shown = step;
    const text = `${this.#done} of ${this.#total} clusters`;
    if (this.#io.isTTY) {
      const bar = '#'.repeat(Math.floor(share * width)).padEnd(width, '.');
      this.#io.stderr(`\r\u001b[K[${bar}] ${text}`);
    } else {
      this.#io.stderr(`${text}\n`);
    }
  }

  /** Removes the bar. */
  end(): void {
    if (this.#io.isTTY && this.#shown >= 0) this.#io.stderr('\r\u001b[K');
  }
}

import type { Io } from './command';

/** Shorter work passes without a word. */
const quietMs = 1000;
const width = 30;

/** Tells how far long work is: a bar that is drawn over on a terminal, a line for each tenth elsewhere. */
export class Progress {
  readonly #io: Pick<Io, 'stderr' | 'isTTY'>;
  readonly #total: number;
  readonly #now: () => number;
  readonly #begin: number;
  #done = 0;
  #shown = -1;

  /** @param now milliseconds of any clock */
  constructor(io: Pick<Io, 'stderr' | 'isTTY'>, total: number, now: () => number = Date.now) {
    this.#io = io;
    this.#total = total;
    this.#now = now;
    this.#begin = now();
  }

  /** One more of `total` is done. */
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

  /** Wipes the bar. */
  end(): void {
    if (this.#io.isTTY && this.#shown >= 0) this.#io.stderr('\r\u001b[K');
  }
}

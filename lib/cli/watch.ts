import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { diskReader } from '../config/disk-reader';
import type { Reader } from '../config/reader';
import { type Io, UserError } from './command';
import { type SynthOptions, synth } from './synth-artifacts';

/** Milliseconds to wait after a change, because editors write a file in several steps. */
const settleMs = 100;

/** The files and folders that a run read. */
class Seen {
  readonly files = new Set<string>();
  readonly lists = new Set<string>();

  readonly reader = (base: string): Reader => {
    const disk = diskReader(base);
    return {
      read: (path) => {
        this.files.add(resolve(base, path));
        return disk.read(path);
      },
      list: (folder) => {
        this.lists.add(resolve(base, folder));
        return disk.list(folder);
      },
    };
  };

  /** Whether a changed path is one of them. Folders are watched, not files, because editors replace files. */
  concerns(path: string): boolean {
    return this.files.has(path) || [...this.lists].some((folder) => !relative(folder, path).startsWith('..'));
  }
}

/** Renders now, and after each change of a file that was read, until `signal` is aborted. */
export async function watch(options: SynthOptions, io: Io, signal?: AbortSignal): Promise<0> {
  const output = resolve(io.cwd, options.output);
  while (!signal?.aborted) {
    const seen = new Seen();
    const change = new Change((path) => seen.concerns(path) && relative(output, path).startsWith('..'), signal);
    // Watched before the first read, so that no change is missed.
    change.watch(dirname(resolve(io.cwd, options.config)), false);
    await once(options, io, seen);
    for (const file of seen.files) change.watch(dirname(file), false);
    for (const folder of seen.lists) change.watch(folder, true);
    if (!options.quiet) io.stderr('waiting for changes\n');
    await change.happened;
    change.end();
  }
  return 0;
}

/** Errors do not end the watch, because a config may be invalid while it is edited. */
async function once(options: SynthOptions, io: Io, seen: Seen): Promise<void> {
  try {
    await synth(options, io, seen.reader);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.stderr(`kaniflux: ${error.message}\n`);
  }
}

class Change {
  readonly happened: Promise<void>;
  readonly #concerns: (path: string) => boolean;
  readonly #watchers = new Map<string, FSWatcher>();
  #settle: NodeJS.Timeout | undefined;
  #resolve: () => void = () => undefined;

  constructor(concerns: (path: string) => boolean, signal?: AbortSignal) {
    this.#concerns = concerns;
    this.happened = new Promise((done) => {
      this.#resolve = done;
    });
    signal?.addEventListener('abort', () => this.#resolve(), { once: true });
  }

  watch(folder: string, recursive: boolean): void {
    if (this.#watchers.has(folder)) return;
    const watcher = watchFolder(folder, { recursive }, (_event, name) => {
      if (name === null || !this.#concerns(join(folder, name))) return;
      clearTimeout(this.#settle);
      this.#settle = setTimeout(this.#resolve, settleMs);
    });
    // Removing a watched folder counts as a change.
    watcher.on('error', () => this.#resolve());
    this.#watchers.set(folder, watcher);
  }

  end(): void {
    clearTimeout(this.#settle);
    for (const watcher of this.#watchers.values()) watcher.close();
  }
}

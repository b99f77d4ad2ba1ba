import { existsSync, type FSWatcher, watch as watchFolder } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Reader } from '../config/reader';
import { diskReader } from '../existing/disk-reader';
import { isRenderedPath } from '../output/layout';
import { type Io, UserError } from './command';
import { type SynthOptions, synth } from './synth-artifacts';

/** The time to wait after a change, in milliseconds, because editors write a file in several steps. */
const settleMs = 100;

/** The files and folders that a run reads. Each is watched before it is read, so that no change is missed. */
class Seen {
  private readonly files = new Set<string>();
  private readonly lists = new Set<string>();
  readonly change: Change;

  constructor(output: string, signal?: AbortSignal) {
    this.change = new Change((path) => this.concerns(path, relative(output, path)), signal);
  }

  readonly reader = (base: string): Reader => {
    const disk = diskReader(base);
    return {
      ...disk,
      read: (path) => {
        const file = resolve(base, path);
        this.files.add(file);
        this.change.watch(dirname(file), false);
        return disk.read(path);
      },
      list: (path) => {
        const folder = resolve(base, path);
        this.lists.add(folder);
        this.change.watch(folder, true);
        return disk.list(path);
      },
    };
  };

  /**
   * Whether a changed path is a file that was read, or is in a folder that was listed. A folder above one of these
   * counts too, because it may have been missing. In the output, only YAML files that are not rendered count.
   * @param inOutput the path relative to the output
   */
  private concerns(path: string, inOutput: string): boolean {
    if (this.files.has(path)) return true;
    const isOutside = inOutput.startsWith('..') || isAbsolute(inOutput);
    if (!isOutside && (!/\.ya?ml$/.test(path) || isRenderedPath(inOutput.replaceAll(sep, '/')))) return false;
    return (
      [...this.lists].some((folder) => !relative(folder, path).startsWith('..')) ||
      [...this.files, ...this.lists].some((one) => one.startsWith(path + sep))
    );
  }
}

/** Renders now, and after each change of a file that was read, until `signal` is aborted. */
export async function watch(options: SynthOptions, io: Io, signal?: AbortSignal): Promise<0> {
  const output = resolve(io.cwd, options.output);
  while (!signal?.aborted) {
    const seen = new Seen(output, signal);
    try {
      await once(options, io, seen);
      if (!options.quiet) io.stderr('waiting for changes\n');
      await seen.change.happened;
    } finally {
      seen.change.end();
    }
  }
  return 0;
}

/** Renders once. An error does not end the watch, because a config may be invalid while it is edited. */
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

  /**
   * Watches a folder or, while it is missing, its parent. Folders are watched instead of files, because editors replace
   * files.
   */
  watch(folder: string, recursive: boolean): void {
    const key = `${recursive} ${folder}`;
    if (this.#watchers.has(key)) return;
    if (!existsSync(folder)) {
      if (dirname(folder) !== folder) this.watch(dirname(folder), false);
      return;
    }
    const watcher = watchFolder(folder, { recursive }, (_event, name) => {
      if (name === null || !this.#concerns(join(folder, name))) return;
      clearTimeout(this.#settle);
      this.#settle = setTimeout(this.#resolve, settleMs);
    });
    // If a watched folder is removed, this counts as a change.
    watcher.on('error', () => this.#resolve());
    this.#watchers.set(key, watcher);
  }

  end(): void {
    clearTimeout(this.#settle);
    for (const watcher of this.#watchers.values()) watcher.close();
  }
}

import { createHash } from 'node:crypto';
import type { Artifact } from './artifact';
import { type FileIndex, type Files, formatIndex, parseIndex } from './file-index';
import type { Folder } from './folder';
import { hasNoHash, isLibraryPath } from './layout';
import { OutputError } from './output-error';
import { indexName, Paths } from './rendered-paths';

/**
 * `converted`: only the line ends differ, which Git can change when it checks out a file. `edited`: written by
 * Kaniflux, then changed by somebody else. `foreign`: not written by Kaniflux, and with other content.
 */
export type State = 'same' | 'missing' | 'changed' | 'converted' | 'edited' | 'foreign';

export interface Compared {
  readonly path: string;
  readonly bytes: Buffer;
  readonly hash: string;
  readonly executable: boolean;
  readonly state: State;
}

export interface CompareOptions {
  /** Whether this run renders a path. Files at other paths do not change. @default all paths */
  readonly scope?: (path: string) => boolean;
  /**
   * Whether Kaniflux may write or remove a path. Anybody can edit the index (`.kaniflux.json`), so each path in the
   * index is checked.
   * @default the paths that `render` renders, with the folders of charts that an app adds
   */
  readonly layout?: (path: string) => boolean;
  /** Name of the folder in messages. @default the folder itself */
  readonly shown?: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const nothing: Files = new Map();
const mostShown = 20;

/** Compares rendered files, one by one, with the output folder. Keeps their paths and hashes only. */
export class Comparison {
  readonly folder: Folder;
  /** The current bytes of `.kaniflux.json`; `undefined` if it does not exist. */
  readonly indexText: string | undefined;
  readonly #index: FileIndex;
  readonly #paths = new Paths();
  readonly #hashes = new Map<string, readonly [string]>();
  readonly #foreign: string[] = [];
  readonly #scope: (path: string) => boolean;
  readonly #layout: (path: string) => boolean;

  /** @throws OutputError if the folder or its index can't be used */
  constructor(folder: Folder, options: CompareOptions = {}) {
    this.folder = folder;
    this.#layout = options.layout ?? isLibraryPath;
    this.indexText = this.folder.read(indexName, () => false)?.bytes.toString('utf8');
    this.#index = this.indexText === undefined ? { files: nothing } : this.#parse(this.indexText);
    this.#scope = options.scope ?? (() => true);
    if (options.scope && (this.wasInterrupted || this.#index.merged)) {
      throw new OutputError(
        `${this.folder.show(indexName)} comes from an interrupted run or a Git merge, so --cluster cannot be used yet; fix: run synth for all clusters first, without --cluster`,
      );
    }
  }

  #parse(text: string): FileIndex {
    const shown = this.folder.show(indexName);
    const index = parseIndex(text, shown);
    for (const files of [index.files, index.before ?? nothing]) {
      const paths = new Paths();
      for (const path of files.keys()) {
        paths.add(path);
        if (this.#layout(path)) continue;
        throw new OutputError(
          `${shown} names '${path}', which ${
            isLibraryPath(path)
              ? 'a cdk8s app with charts of its own wrote; fix: write this folder with that app only'
              : 'Kaniflux does not write; fix: restore the index from Git, or remove that entry'
          }`,
        );
      }
    }
    return index;
  }

  /** Whether an earlier run was killed while it replaced files. */
  get wasInterrupted(): boolean {
    return this.#index.before !== undefined;
  }

  /** The files that Kaniflux wrote earlier, including those of a run that was killed. */
  get earlier(): Files {
    return this.#index.before ? new Map([...this.#index.files, ...this.#index.before]) : this.#index.files;
  }

  /** @throws OutputError if the path is invalid, or conflicts with another rendered file */
  add(artifact: Artifact): Compared {
    const { path, executable = false } = artifact;
    this.#paths.add(path);
    if (!this.#layout(path)) {
      throw new OutputError(`'${path}' is not a path that Kaniflux writes; fix: accept it with the option \`layout\``);
    }
    const bytes = Buffer.from(artifact.text);
    const hash = sha256(bytes);
    this.#hashes.set(path, [hash]);
    const state = this.#stateOf(path, bytes, executable);
    if (state === 'foreign') this.#foreign.push(path);
    return { path, bytes, hash, executable, state };
  }

  #stateOf(path: string, bytes: Buffer, executable: boolean): State {
    const existing = this.folder.read(path, (other) => this.#isOurs(other));
    if (existing === undefined) return 'missing';
    if (existing.bytes.equals(bytes)) return isExecutable(existing.mode) === executable ? 'same' : 'changed';
    if (!this.#isOurs(path)) return 'foreign';
    if (unixLines(existing.bytes).equals(bytes)) return 'converted';
    if (this.#index.merged || hasNoHash(path) || this.#isAsWritten(path, existing.bytes)) return 'changed';
    // A run lists a file in the index before it writes the file. If the run was killed in between, somebody else may
    // have written the file.
    return this.#index.before && !this.#index.before.has(path) ? 'foreign' : 'edited';
  }

  #isOurs(path: string): boolean {
    if (path.endsWith('/')) return [...this.earlier.keys()].some((file) => file.startsWith(path));
    return this.#index.files.has(path) || (this.#index.before?.has(path) ?? false);
  }

  #isAsWritten(path: string, bytes: Uint8Array): boolean {
    const known = [this.#index.files, this.#index.before].flatMap((files) => files?.get(path) ?? []);
    return known.includes(sha256(bytes)) || known.includes(sha256(unixLines(bytes)));
  }

  /**
   * Call this after the last file is added.
   * @throws OutputError if rendered paths have files that Kaniflux did not write; the error lists these files
   */
  refuseForeign(): void {
    const { length } = this.#foreign;
    if (length === 0) return;
    const names = this.#foreign.slice(0, mostShown).map((path) => `\n  ${this.folder.show(path)}`);
    const more = length > mostShown ? `\n  and ${length - mostShown} more` : '';
    throw new OutputError(
      `Kaniflux did not write ${length === 1 ? 'this file' : 'these files'} and does not overwrite ${length === 1 ? 'it' : 'them'}; move or delete:${names.join('')}${more}`,
    );
  }

  /**
   * Returns the files that an earlier run wrote and this run does not render, sorted by path: the files to remove, and
   * the files that stay because somebody has edited them.
   */
  stale(): { readonly toRemove: readonly string[]; readonly edited: readonly string[] } {
    const [toRemove, edited]: [string[], string[]] = [[], []];
    for (const path of [...this.earlier.keys()].sort()) {
      if (this.#paths.has(path) || !this.#scope(path)) continue;
      const bytes = this.#ownFile(path);
      if (bytes) (this.#isAsWritten(path, bytes) ? toRemove : edited).push(path);
    }
    return { toRemove, edited };
  }

  /**
   * Returns the files that an earlier run wrote, but that this run does not render and that no longer exist. A killed
   * run may have left their empty folders.
   */
  gone(): string[] {
    return [...this.earlier.keys()].filter(
      (path) => !this.#paths.has(path) && this.#scope(path) && this.#ownFile(path) === undefined,
    );
  }

  /**
   * Returns the bytes of a file that Kaniflux wrote; `undefined` if it does not exist, and `null` if something else is
   * at its path.
   */
  #ownFile(path: string): Buffer | undefined | null {
    try {
      return this.folder.read(path, (other) => this.#isOurs(other))?.bytes;
    } catch (error) {
      if (error instanceof OutputError) return null;
      throw error;
    }
  }

  /**
   * Returns the files of the next index: all added files, and the files of the old index that are not in the scope of
   * this run.
   */
  files(): Files {
    const files = new Map<string, readonly string[]>(this.#hashes);
    for (const [path, hashes] of this.#index.files) {
      if (!this.#scope(path) && !files.has(path)) files.set(path, hashes);
    }
    return files;
  }

  /** The text of the next `.kaniflux.json`. */
  nextIndexText(): string {
    return formatIndex({ files: this.files() });
  }
}

const isExecutable = (mode: number): boolean => (mode & 0o100) !== 0;

/** Returns the bytes of a text with line feeds in place of Windows line ends. */
const unixLines = (bytes: Uint8Array): Buffer =>
  Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

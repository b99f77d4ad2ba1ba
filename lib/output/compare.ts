import { createHash } from 'node:crypto';
import type { Artifact } from './artifact';
import { type FileIndex, type Files, formatIndex, parseIndex } from './file-index';
import type { Folder } from './folder';
import { hasNoHash, isRenderedPath } from './layout';
import { OutputError } from './output-error';
import { indexName, Paths } from './rendered-paths';

/** `edited`: ours, but neither what we wrote nor what we would write. `foreign`: not ours, and other bytes. */
export type State = 'same' | 'missing' | 'changed' | 'edited' | 'foreign';

export interface Compared {
  readonly path: string;
  readonly bytes: Buffer;
  readonly hash: string;
  readonly executable: boolean;
  readonly state: State;
}

export interface CompareOptions {
  /** Which paths this run is about; the others stay as they are. @default all */
  readonly scope?: (path: string) => boolean;
  /**
   * Which paths may be written and removed: an index can be anybody's text, and must not lead to other files.
   * @default those that Kaniflux renders
   */
  readonly layout?: (path: string) => boolean;
  /** How the folder is called in messages. @default the folder itself */
  readonly shown?: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const nothing: Files = new Map();
const mayShow = 20;

/** Rendered files, one by one, against what is in the output folder. Nothing is held but their paths and hashes. */
export class Comparison {
  readonly folder: Folder;
  /** `.kaniflux.json` as it stands; `undefined` where there is none. */
  readonly indexText: string | undefined;
  readonly #index: FileIndex;
  readonly #paths = new Paths();
  readonly #hashes = new Map<string, readonly [string]>();
  readonly #foreign: string[] = [];
  readonly #scope: (path: string) => boolean;
  readonly #layout: (path: string) => boolean;

  /** @throws OutputError where the folder or its index is not what it should be */
  constructor(folder: Folder, options: CompareOptions = {}) {
    this.folder = folder;
    this.#layout = options.layout ?? isRenderedPath;
    this.indexText = this.folder.read(indexName, () => false)?.bytes.toString('utf8');
    this.#index = this.indexText === undefined ? { files: nothing } : this.#parse(this.indexText);
    this.#scope = options.scope ?? (() => true);
    if (options.scope && (this.wasInterrupted || this.#index.merged)) {
      throw new OutputError(
        `${this.folder.show(indexName)} is of a run that was interrupted or of a merge; fix: write all clusters first, without --cluster`,
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
          `${shown} names '${path}', which is no file that Kaniflux writes; fix: restore it from git, or take that entry out`,
        );
      }
    }
    return index;
  }

  /** Whether an earlier run was killed while it replaced files. */
  get wasInterrupted(): boolean {
    return this.#index.before !== undefined;
  }

  /** What Kaniflux wrote earlier, also where it was killed over it. */
  get earlier(): Files {
    return this.#index.before ? new Map([...this.#index.files, ...this.#index.before]) : this.#index.files;
  }

  /** @throws OutputError where the path is none, or is taken by another rendered file */
  add(artifact: Artifact): Compared {
    const { path, executable = false } = artifact;
    this.#paths.add(path);
    if (!this.#layout(path)) throw new Error(`'${path}' is not in the layout of the output folder`);
    const bytes = Buffer.from(artifact.text, 'utf8');
    const hash = sha256(bytes);
    this.#hashes.set(path, [hash]);
    const state = this.#stateOf(path, bytes, executable);
    if (state === 'foreign') this.#foreign.push(path);
    return { path, bytes, hash, executable, state };
  }

  #stateOf(path: string, bytes: Buffer, executable: boolean): State {
    const found = this.folder.read(path, (other) => this.#isOurs(other));
    if (found === undefined) return 'missing';
    if (found.bytes.equals(bytes)) return isExecutable(found.mode) === executable ? 'same' : 'changed';
    if (!this.#isOurs(path)) return 'foreign';
    if (this.#index.merged || hasNoHash(path) || this.#isAsWritten(path, found.bytes)) return 'changed';
    // Named by a killed run before it was there, and now something else: not ours.
    return this.#index.before && !this.#index.before.has(path) ? 'foreign' : 'edited';
  }

  #isOurs(path: string): boolean {
    if (path.endsWith('/')) return [...this.earlier.keys()].some((file) => file.startsWith(path));
    return this.#index.files.has(path) || (this.#index.before?.has(path) ?? false);
  }

  #isAsWritten(path: string, bytes: Uint8Array): boolean {
    const hash = sha256(bytes);
    return [this.#index.files, this.#index.before].some((files) => files?.get(path)?.includes(hash));
  }

  /**
   * To be asked when all rendered files were added.
   * @throws OutputError where a file that is not ours stands in the way, naming each
   */
  refuseForeign(): void {
    const { length } = this.#foreign;
    if (length === 0) return;
    const names = this.#foreign.slice(0, mayShow).map((path) => `\n  ${this.folder.show(path)}`);
    const more = length > mayShow ? `\n  and ${length - mayShow} more` : '';
    throw new OutputError(
      `Kaniflux did not write ${length === 1 ? 'this file' : 'these files'} and does not overwrite ${length === 1 ? 'it' : 'them'}; move or delete what is in the way:${names.join('')}${more}`,
    );
  }

  /**
   * What an earlier run wrote and this one does not, in the order of the paths: what is to be removed, and what is not
   * as it was written, and so is left.
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

  /** What a killed run had removed or not yet made: the folders around it may be there still, and empty. */
  unfinished(): string[] {
    if (!this.wasInterrupted) return [];
    return [...this.earlier.keys()].filter(
      (path) => !this.#paths.has(path) && this.#scope(path) && this.#isNothing(path),
    );
  }

  #isNothing(path: string): boolean {
    try {
      return this.folder.read(path, (other) => this.#isOurs(other)) === undefined;
    } catch (error) {
      if (error instanceof OutputError) return false;
      throw error;
    }
  }

  /** The bytes of a file of ours; `undefined` where something else stands there by now, which is not ours to remove. */
  #ownFile(path: string): Buffer | undefined {
    try {
      return this.folder.read(path, (other) => this.#isOurs(other))?.bytes;
    } catch (error) {
      if (error instanceof OutputError) return undefined;
      throw error;
    }
  }

  /** Which files are Kaniflux's once all that was added is written. */
  files(): Files {
    const files = new Map<string, readonly string[]>(this.#hashes);
    for (const [path, hashes] of this.#index.files) {
      if (!this.#scope(path) && !files.has(path)) files.set(path, hashes);
    }
    return files;
  }

  /** `.kaniflux.json` once all that was added is written. */
  nextIndexText(): string {
    return formatIndex({ files: this.files() });
  }
}

const isExecutable = (mode: number): boolean => (mode & 0o100) !== 0;

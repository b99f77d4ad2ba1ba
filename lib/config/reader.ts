import { own } from '../guards';

/** Matches the paths in folders that npm and git fill. They have many links, and nobody writes files there. */
export const inToolFolder = /(^|\/)(node_modules|\.git)\//;

/**
 * The error if the source itself cannot be read, such as a damaged Git repository. The caller must not treat this error
 * as a faulty or missing file.
 */
export class SourceError extends Error {
  override readonly name: string = 'SourceError';
}

/** Where a config and the files that it names are read from: the disk, a git revision, or memory in tests. */
export interface Reader {
  /**
   * Returns the content of a file.
   * @param path relative to the folder of the config
   * @throws Error with the reason if the file can't be read
   */
  read(path: string): Uint8Array;
  /** Returns the paths of all files below a folder, relative to the folder of the config, with `/` as the separator. */
  list(folder: string): string[];
  /**
   * Returns the paths of symbolic links to folders below a folder; at a revision, also the link that contains the folder.
   * `list` does not follow them.
   * @default - no links
   */
  linksToFolders?(folder: string): string[];
  /**
   * Returns the paths of files below a folder that are missing only because the checkout of Git is sparse.
   * @default - no files
   */
  notCheckedOut?(folder: string): string[];
}

/**
 * Reads files from memory.
 * @param files content by path, relative to the folder of the config
 * @throws Error from `read` if there is no such file
 */
export const memoryReader = (files: Readonly<Record<string, string | Uint8Array>>): Reader => ({
  read(path) {
    const content = own(files, path.replace(/^\.\//, ''));
    if (content === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  },
  list: (folder) =>
    Object.keys(files)
      .filter((path) => folder === '' || folder === '.' || path.startsWith(`${folder}/`))
      .sort(),
});

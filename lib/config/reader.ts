import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { own } from '../guards';

/** The source of a config and the files that it names: the disk, a git revision, or memory in tests. */
export interface Reader {
  /**
   * The content of a file.
   * @param path relative to the folder of the config
   * @throws Error with the reason if the file can't be read
   */
  read(path: string): Uint8Array;
  /** Every file below a folder, relative to the folder of the config, with `/`. */
  list(folder: string): string[];
}

/** Reads files from the disk, below a folder. */
export const diskReader = (base: string): Reader => ({
  read: (path) => readFileSync(join(base, path)),
  list: (folder) =>
    readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .map((path) => path.slice(join(base, '.').replace(/\.$/, '').length).replaceAll('\\', '/').replace(/^\//, ''))
      .sort(),
});

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

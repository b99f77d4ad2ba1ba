import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from './reader';

/**
 * A reader for files on the disk. It lists symbolic links to files, also if the file does not exist, so that reading them
 * reports this.
 * @param base the folder of the config
 */
export const diskReader = (base: string): Reader => {
  const listed = (folder: string, wanted: (entry: Dirent) => boolean) =>
    readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
      .filter(wanted)
      .map(pathOf)
      .map((path) => path.slice(join(base, '.').replace(/\.$/, '').length).replaceAll('\\', '/').replace(/^\//, ''))
      .sort();
  return {
    read: (path) => readFileSync(join(base, path)),
    list: (folder) => listed(folder, (entry) => entry.isFile() || (entry.isSymbolicLink() && !isFolder(entry))),
    linksToFolders: (folder) => listed(folder, (entry) => entry.isSymbolicLink() && isFolder(entry)),
  };
};

const pathOf = (entry: Dirent): string => join(entry.parentPath ?? entry.path, entry.name);

/** Whether something is a folder, or a link to one. A link to itself, for example, is neither. */
function isFolder(entry: Dirent): boolean {
  try {
    return statSync(pathOf(entry)).isDirectory();
  } catch {
    return false;
  }
}

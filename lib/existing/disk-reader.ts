import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from '../config/reader';
import { leftOutBySparseCheckout } from './sparse-checkout';

/**
 * A reader for files on the disk. It lists symbolic links to files. It also lists a link to a file that does not exist,
 * so that reading the link reports this.
 * @param base the folder of the config
 */
export const diskReader = (base: string): Reader => {
  const listedFiles = new Set<string>();
  const listed = (folder: string, wanted: (entry: Dirent) => boolean) =>
    readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
      .filter(wanted)
      .map(pathOf)
      .map((path) => path.slice(join(base, '.').replace(/\.$/, '').length).replaceAll('\\', '/').replace(/^\//, ''))
      .sort();
  return {
    read(path) {
      const file = join(base, path);
      // The config itself can be a pipe, so it is not checked. Files that were found in a folder are checked, because a
      // link can lead to /dev/zero, which has no end.
      if (listedFiles.has(path)) refuseDevice(file);
      return readFileSync(file);
    },
    list(folder) {
      const files = listed(folder, (entry) => entry.isFile() || (entry.isSymbolicLink() && !isFolder(entry)));
      for (const path of files) listedFiles.add(path);
      return files;
    },
    linksToFolders: (folder) => listed(folder, (entry) => entry.isSymbolicLink() && isFolder(entry)),
    notCheckedOut: (folder) => leftOutBySparseCheckout(base, folder),
  };
};

const pathOf = (entry: Dirent): string => join(entry.parentPath ?? entry.path, entry.name);

function refuseDevice(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false)
    throw new Error('it is a link to a device or a pipe');
}

/** Whether something is a folder, or a link to one. A link to itself, for example, is neither. */
function isFolder(entry: Dirent): boolean {
  try {
    return statSync(pathOf(entry)).isDirectory();
  } catch {
    return false;
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from './reader';

/**
 * A reader for files on the disk.
 * @param base the folder of the config
 */
export const diskReader = (base: string): Reader => ({
  read: (path) => readFileSync(join(base, path)),
  list: (folder) =>
    readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .map((path) => path.slice(join(base, '.').replace(/\.$/, '').length).replaceAll('\\', '/').replace(/^\//, ''))
      .sort(),
});

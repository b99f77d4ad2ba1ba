import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from './reader';

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

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { version } from '../../package.json';

/** Returns the `docs` folder of this package; `undefined` if it does not exist. Its pages may be missing. */
export function packageDocs(start = __dirname): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const docs = join(folder, 'docs');
    if (existsSync(join(docs, 'completion'))) return docs;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The documentation of this version on the web. */
const address = `https://github.com/kaniflux/kaniflux/blob/v${version}/docs`;

/** Where npm and pnpm install this package. pnpm makes a link to a folder with a long name. */
const installed = 'node_modules/kaniflux/docs';

/**
 * Returns the path from the current folder to the `docs` folder of this package. Returns an address if a person cannot
 * open the pages: the single binary and the container image have none, and Yarn's Plug'n'Play keeps them in an archive.
 */
export function docsFolder(cwd: string, start = __dirname): string {
  const docs = packageDocs(start);
  const hasPages = docs !== undefined && existsSync(join(docs, 'findings', 'README.md'));
  if (!hasPages || /\.zip[\\/]/.test(docs)) return address;
  const link = join(cwd, installed);
  if (existsSync(link) && realpathSync(link) === realpathSync(docs)) return installed;
  const path = relative(cwd, docs);
  return (path.startsWith('..') ? docs : path).replaceAll('\\', '/');
}

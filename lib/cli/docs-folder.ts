import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Returns the `docs` folder of this package; `undefined` if it does not exist. */
export function packageDocs(start = __dirname): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const docs = join(folder, 'docs');
    if (existsSync(join(docs, 'findings', 'README.md'))) return docs;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * Returns the path from the current folder to the `docs` folder of this package; `docs` if the folder does not exist.
 */
export function docsFolder(cwd: string, start = __dirname): string {
  const docs = packageDocs(start);
  if (docs === undefined) return 'docs';
  const path = relative(cwd, docs);
  return (path.startsWith('..') ? docs : path).replaceAll('\\', '/');
}

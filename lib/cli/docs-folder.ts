import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Where the pages of this package lie, as a person in a folder can open them; `docs` where they can't be found. */
export function docsFolder(cwd: string, start = __dirname): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const docs = join(folder, 'docs');
    if (existsSync(join(docs, 'findings', 'README.md'))) {
      const path = relative(cwd, docs);
      return (path.startsWith('..') ? docs : path).replaceAll('\\', '/');
    }
    if (dirname(folder) === folder) return 'docs';
  }
}

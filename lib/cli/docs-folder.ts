import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Where the pages of this package lie; `undefined` where they can't be found. */
export function packageDocs(start = __dirname): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const docs = join(folder, 'docs');
    if (existsSync(join(docs, 'findings', 'README.md'))) return docs;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The pages of this package as a person in a folder can open them; `docs` where they can't be found. */
export function docsFolder(cwd: string, start = __dirname): string {
  const docs = packageDocs(start);
  if (docs === undefined) return 'docs';
  const path = relative(cwd, docs);
  return (path.startsWith('..') ? docs : path).replaceAll('\\', '/');
}

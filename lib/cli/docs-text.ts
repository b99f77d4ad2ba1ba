import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageDocs } from './docs-folder';

/** Returns a file of `docs/` in this package. For the single binary, the build replaces this module by the texts. */
export const docsText = (path: string): string => readFileSync(join(packageDocs() ?? 'docs', path), 'utf8');

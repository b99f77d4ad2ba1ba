import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** What runs in the page and how it looks, each as one text. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

let made: Assets | undefined;

/**
 * Bundled from `client/` at run time; the built command line has the result in place of this module, see
 * scripts/bundle/report.ts.
 */
export function assets(): Assets {
  made ??= { script: bundled('page-script.ts'), style: bundled('style.css') };
  return made;
}

function bundled(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'client', entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  return (outputFiles[0]?.text ?? '').trim();
}

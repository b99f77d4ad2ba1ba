import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The script and the style of the page. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

let made: Assets | undefined;

/**
 * Bundles `client/` at run time. In the built command line, scripts/bundle/report.ts replaces this module by the result.
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

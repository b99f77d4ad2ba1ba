import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** A part of the page, with its hash for the Content-Security-Policy. */
export interface Asset {
  readonly text: string;
  readonly hash: string;
}

/** The script and the style of the page. */
export interface Assets {
  readonly script: Asset;
  readonly style: Asset;
}

let made: Assets | undefined;

/**
 * Bundles `client/` at run time. The build of the command line replaces this module by the finished bundle
 * (scripts/bundle/report.ts).
 */
export function assets(): Assets {
  made ??= { script: bundled('page-script.ts'), style: bundled('style.css') };
  return made;
}

function bundled(entry: string): Asset {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'client', entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  const text = (outputFiles[0]?.text ?? '').trim();
  return { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` };
}
